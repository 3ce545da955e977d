"""The audit trail watches every table of this room."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("contributions", "0001_begin"), ("registry", "0002_audit")]
    operations = [
        migrations.RunSQL(
            "select lindung_watch(name) from unnest(array['contributions_calculation', 'contributions_line', 'contributions_bill', 'contributions_payment', 'contributions_budget']) as name",
            migrations.RunSQL.noop,
        )
    ]

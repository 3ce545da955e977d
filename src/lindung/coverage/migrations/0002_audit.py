"""The audit trail watches every table of this room."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("coverage", "0001_begin"), ("registry", "0002_audit")]
    operations = [
        migrations.RunSQL(
            "select lindung_watch(name) from unnest(array['coverage_target', 'coverage_apart']) as name",
            migrations.RunSQL.noop,
        )
    ]

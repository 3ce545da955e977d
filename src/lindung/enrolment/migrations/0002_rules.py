"""No overlapping cover within a scheme; the audit trail watches every table of this room."""

from pathlib import Path

from django.db import migrations

RULES = Path(__file__).parents[1] / "overlap.sql"


class Migration(migrations.Migration):
    dependencies = [("enrolment", "0001_begin"), ("registry", "0002_audit")]
    operations = [migrations.RunSQL(RULES.read_text(encoding="utf-8"), migrations.RunSQL.noop)]

"""The audit trail watches movements and amendments."""

from pathlib import Path

from django.db import migrations

RULES = Path(__file__).parents[1] / "watch_movements.sql"


class Migration(migrations.Migration):
    dependencies = [("enrolment", "0003_movements")]
    operations = [migrations.RunSQL(RULES.read_text(encoding="utf-8"), migrations.RunSQL.noop)]

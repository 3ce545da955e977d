"""The audit trail: its functions and triggers, and the search index over names."""

from pathlib import Path

from django.db import migrations

AUDIT = Path(__file__).parents[1] / "audit.sql"


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_begin")]
    operations = [
        migrations.RunSQL(AUDIT.read_text(encoding="utf-8"), migrations.RunSQL.noop),
        migrations.RunSQL(
            "create index person_name_words on registry_person using gin (to_tsvector('simple', name))",
            "drop index person_name_words",
        ),
    ]

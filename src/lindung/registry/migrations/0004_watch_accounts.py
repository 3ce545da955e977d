"""The trail watches invitations; results of its verification are only ever added; indexes for reading the trail.

Not watched: authenticators, whose secrets would stand in the history for ever, and devices and counters, which are no records.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_accounts")]
    operations = [
        migrations.RunSQL(
            "select lindung_watch('registry_invitation'), lindung_close('registry_auditcheck')",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "create index history_inserts on registry_history (table_name) where operation = 'I';"
            "create index entry_subjects on registry_auditentry using gin (subjects jsonb_path_ops);"
            "create index entry_at on registry_auditentry (at)",
            "drop index history_inserts, entry_subjects, entry_at",
        ),
    ]

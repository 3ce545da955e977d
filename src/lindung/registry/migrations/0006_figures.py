"""Which entry changed a table last, and the table in which all serving processes keep reckoned figures."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0005_documents")]
    operations = [
        migrations.CreateModel(
            name="Touched",
            fields=[
                ("table", models.CharField(max_length=63, primary_key=True, serialize=False)),
                ("position", models.BigIntegerField()),
            ],
        ),
        migrations.RunSQL(
            """insert into registry_touched ("table", position)
               select h.table_name, max(e.position) from registry_history h join registry_auditentry e on e.id = h.entry_id group by 1""",
            migrations.RunSQL.noop,
        ),
        # the table of Django's cache in the database; what it holds can be reckoned again, so it is not logged
        migrations.RunSQL(
            """create unlogged table lindung_figures (cache_key varchar(255) primary key, value text not null, expires timestamptz not null);
               create index lindung_figures_expires on lindung_figures (expires)""",
            "drop table lindung_figures",
        ),
    ]

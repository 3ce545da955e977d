"""Kept figures in a table of their own, found by the page with one query."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_figures")]
    operations = [
        migrations.RunSQL("drop table lindung_figures", migrations.RunSQL.noop),
        migrations.AddField(
            "touched", "hash", models.CharField(max_length=64, default=""), preserve_default=False
        ),
        migrations.RunSQL(
            "update registry_touched t set hash = e.hash from registry_auditentry e where e.position = t.position",
            migrations.RunSQL.noop,
        ),
        migrations.CreateModel(
            name="Figure",
            fields=[
                ("key", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("position", models.BigIntegerField()),
                ("hash", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("seconds", models.FloatField()),
                ("value", models.BinaryField()),
            ],
        ),
        # what it holds can be reckoned again
        migrations.RunSQL(
            "alter table registry_figure set unlogged", "alter table registry_figure set logged"
        ),
    ]

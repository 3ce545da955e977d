"""What headers mean per sender, cells corrected on screen, this month's list against an earlier one."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

RULES = Path(__file__).parents[1] / "watch_mending.sql"


class Migration(migrations.Migration):
    dependencies = [
        ("enrolment", "0006_whole_of_line"),
        ("registry", "0004_watch_accounts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="roster",
            name="columns",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="roster",
            name="first_clean",
            field=models.IntegerField(default=-1),
        ),
        migrations.AddField(
            model_name="roster",
            name="first_doubtful",
            field=models.IntegerField(default=-1),
        ),
        migrations.AddField(
            model_name="roster",
            name="mapped_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="roster",
            name="mapped_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="roster",
            name="replaces",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrected_by",
                to="enrolment.roster",
            ),
        ),
        migrations.AddField(
            model_name="roster",
            name="revision",
            field=models.IntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="candidate",
            name="review",
            field=models.CharField(
                choices=[
                    ("pending", "Waiting for review"),
                    ("accepted", "Accepted"),
                    ("rejected", "Rejected"),
                    ("returned", "Sent back"),
                    ("waiting", "Waiting list"),
                    ("member", "A member already"),
                ],
                default="pending",
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="Comparison",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("last_day", models.DateField()),
                ("joined", models.IntegerField()),
                ("left", models.IntegerField()),
                ("changed", models.IntegerField()),
                ("stayed", models.IntegerField()),
                ("made_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "before",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="enrolment.roster"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "roster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comparisons",
                        to="enrolment.roster",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ComparisonLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("joined", "Joined"), ("left", "Left"), ("changed", "Changed")], max_length=8
                    ),
                ),
                ("changes", models.JSONField(default=dict)),
                (
                    "candidate",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="enrolment.candidate",
                    ),
                ),
                (
                    "comparison",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="enrolment.comparison",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="enrolment.membership",
                    ),
                ),
                (
                    "movement",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comparison_lines",
                        to="enrolment.movement",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sheet", models.CharField(max_length=120, null=True)),
                ("row", models.IntegerField()),
                ("column", models.CharField(max_length=20)),
                ("old", models.TextField(null=True)),
                ("new", models.TextField(null=True)),
                (
                    "source",
                    models.CharField(
                        choices=[("typed", "Typed in"), ("proposal", "Proposal accepted")], max_length=8
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "roster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="enrolment.roster",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HeaderMeaning",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("header", models.CharField(max_length=200)),
                ("column", models.CharField(blank=True, max_length=20)),
                ("confirmed_at", models.DateTimeField()),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="headers",
                        to="registry.unit",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="comparison",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at__isnull", True)), fields=("roster",), name="comparison_once"
            ),
        ),
        migrations.AddIndex(
            model_name="correction",
            index=models.Index(fields=["roster", "made_at"], name="correction_of_roster"),
        ),
        migrations.AddConstraint(
            model_name="headermeaning",
            constraint=models.UniqueConstraint(fields=("sender", "header"), name="header_meaning_once"),
        ),
        migrations.RunSQL(RULES.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]

"""Probable doubles and what was decided, comments, levels of approval, the yearly confirmation."""

from pathlib import Path

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

RULES = Path(__file__).parents[1] / "watch_doubles.sql"


class Migration(migrations.Migration):
    dependencies = [
        ("enrolment", "0009_acts_and_answers"),
        ("registry", "0004_watch_accounts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Approval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("level", models.SmallIntegerField()),
                ("approved_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="ApprovalLevels",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "levels",
                    models.SmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(3),
                        ]
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=1000)),
                ("written_at", models.DateTimeField(auto_now_add=True)),
                ("taken_back_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Double",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        choices=[
                            ("list", "Same list"),
                            ("other_list", "Another list"),
                            ("member", "A participant here"),
                            ("payer", "Another payer"),
                            ("deaths", "List of the dead"),
                        ],
                        max_length=10,
                    ),
                ),
                ("facts", models.JSONField()),
                ("probability", models.FloatField()),
                ("certain", models.BooleanField()),
                ("why", models.JSONField()),
                ("key", models.CharField(max_length=64)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("open", "To be decided"),
                            ("same", "Same person"),
                            ("different", "Different people"),
                            ("unsure", "Not known yet"),
                        ],
                        default="open",
                        max_length=9,
                    ),
                ),
                ("found_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="DoubleDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("same", "Same person"),
                            ("different", "Different people"),
                            ("unsure", "Not known yet"),
                        ],
                        max_length=9,
                    ),
                ),
                ("reason", models.CharField(max_length=240)),
                ("decided_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.SmallIntegerField()),
                ("as_of", models.DateField()),
                ("due_on", models.DateField()),
                ("opened_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="RoundAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stays", models.BooleanField()),
                ("on_paper", models.BooleanField(default=False)),
                ("answered_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="RoundReminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reminded_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="SecondOffice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("noted_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.AddField(
            model_name="approval",
            name="approved_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="approval",
            name="determination",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="approvals",
                to="enrolment.determination",
            ),
        ),
        migrations.AddField(
            model_name="approvallevels",
            name="scheme",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="approval_levels",
                to="registry.scheme",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="candidate",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="comments",
                to="enrolment.candidate",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="roster",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="comments", to="enrolment.roster"
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="written_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="double",
            name="candidate",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="doubles", to="enrolment.candidate"
            ),
        ),
        migrations.AddField(
            model_name="double",
            name="other",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="enrolment.candidate",
            ),
        ),
        migrations.AddField(
            model_name="double",
            name="person",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.person"
            ),
        ),
        migrations.AddField(
            model_name="double",
            name="scheme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="doubles", to="registry.scheme"
            ),
        ),
        migrations.AddField(
            model_name="doubledecision",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="doubledecision",
            name="locality",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.region",
            ),
        ),
        migrations.AddField(
            model_name="doubledecision",
            name="undone_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="round",
            name="opened_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="round",
            name="scheme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="rounds", to="registry.scheme"
            ),
        ),
        migrations.AddField(
            model_name="roundanswer",
            name="answered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="roundanswer",
            name="membership",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="round_answers",
                to="enrolment.membership",
            ),
        ),
        migrations.AddField(
            model_name="roundanswer",
            name="movement",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="round_answers",
                to="enrolment.movement",
            ),
        ),
        migrations.AddField(
            model_name="roundanswer",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="enrolment.round"
            ),
        ),
        migrations.AddField(
            model_name="roundanswer",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.unit"
            ),
        ),
        migrations.AddField(
            model_name="roundreminder",
            name="reminded_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="roundreminder",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reminders", to="enrolment.round"
            ),
        ),
        migrations.AddField(
            model_name="roundreminder",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.unit"
            ),
        ),
        migrations.AddField(
            model_name="secondoffice",
            name="candidate",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="second_office",
                to="enrolment.candidate",
            ),
        ),
        migrations.AddField(
            model_name="secondoffice",
            name="through",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="other_offices",
                to="enrolment.candidate",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(fields=("determination", "level"), name="approval_level_once"),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(
                fields=("determination", "approved_by"), name="approval_person_once"
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["roster", "written_at"], name="comment_of_roster"),
        ),
        migrations.AddIndex(
            model_name="double",
            index=models.Index(fields=["scheme", "verdict", "-probability"], name="double_of_scheme"),
        ),
        migrations.AddConstraint(
            model_name="double",
            constraint=models.UniqueConstraint(fields=("candidate", "place", "key"), name="double_once"),
        ),
        migrations.AddConstraint(
            model_name="doubledecision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at__isnull", True)),
                fields=("locality", "key"),
                name="double_decision_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(fields=("scheme", "year"), name="round_once"),
        ),
        migrations.AddIndex(
            model_name="roundanswer",
            index=models.Index(fields=["round", "unit"], name="answer_of_unit"),
        ),
        migrations.AddConstraint(
            model_name="roundanswer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at__isnull", True)),
                fields=("round", "membership"),
                name="round_answer_once",
            ),
        ),
        migrations.RunSQL(RULES.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]

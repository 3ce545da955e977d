"""Signed scans of acts; of each row's answer the day, officer and file; until when rejected rows are mended."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("enrolment", "0008_take_back"),
        ("registry", "0005_documents"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="mend_by",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="check",
            name="sent_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="checkanswer",
            name="answered_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="checkanswer",
            name="file",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.storedfile",
            ),
        ),
        migrations.AddField(
            model_name="checkanswer",
            name="officer",
            field=models.CharField(max_length=160, null=True),
        ),
        migrations.CreateModel(
            name="ActFile",
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
                        choices=[("signed", "Signed scan"), ("corrected", "Corrected text")], max_length=10
                    ),
                ),
                ("name", models.CharField(max_length=240)),
                ("added_at", models.DateTimeField(auto_now_add=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "amendment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="act_files",
                        to="enrolment.amendment",
                    ),
                ),
                (
                    "determination",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="act_files",
                        to="enrolment.determination",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.storedfile",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amendment__isnull", True), ("determination__isnull", False)),
                            models.Q(("amendment__isnull", False), ("determination__isnull", True)),
                            _connector="OR",
                        ),
                        name="act_file_of_one_act",
                        violation_error_message="A file belongs to one act.",
                    ),
                    models.UniqueConstraint(
                        fields=("determination", "amendment", "file"),
                        name="act_file_once",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.RunSQL("select lindung_watch('enrolment_actfile')", migrations.RunSQL.noop),
    ]

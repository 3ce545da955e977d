# A confirmed movement keeps what stood before it, and a file that has not left can be withdrawn.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("enrolment", "0007_mending")]

    operations = [
        migrations.AddField(model_name="movement", name="before", field=models.JSONField(null=True)),
        migrations.AlterField(
            model_name="batch",
            name="state",
            field=models.CharField(
                choices=[
                    ("prepared", "Prepared"),
                    ("sent", "Sent"),
                    ("answered", "Answered"),
                    ("withdrawn", "Withdrawn"),
                ],
                default="prepared",
                max_length=10,
            ),
        ),
    ]

# Who holds two offices waits as "second": neither accepted nor rejected.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("enrolment", "0011_find_ended")]

    operations = [
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
                    ("second", "Covered through another office"),
                    ("member", "A member already"),
                ],
                default="pending",
                max_length=10,
            ),
        )
    ]

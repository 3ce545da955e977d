# A line keeps what the budget pays for its whole period, each month by its own law.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("enrolment", "0005_find_rejections")]

    operations = [
        migrations.AddField(
            model_name="determinationline", name="whole", field=models.BigIntegerField(null=True)
        ),
    ]

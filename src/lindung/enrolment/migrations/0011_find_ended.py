"""An index for those whose membership has ended."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("enrolment", "0010_doubles")]
    operations = [
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(fields=["scheme", "ends_on"], name="membership_end"),
        ),
    ]

"""Tokens that may only look."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_the_school")]

    operations = [
        migrations.AddField(
            model_name="apitoken",
            name="reads_only",
            field=models.BooleanField(default=False, editable=False),
        ),
    ]

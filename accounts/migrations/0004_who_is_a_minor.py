"""Minors are marked by staff: they are on no leaderboard."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_end_sessions_and_one_owner_per_email")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="is_minor",
            field=models.BooleanField(default=False, verbose_name="minor"),
        ),
    ]

"""A row for each time that somebody's badges are to be looked at: nobody waits to note it."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import accounts.keys


class Migration(migrations.Migration):
    dependencies = [
        ("gamification", "0007_seasons_and_challenges"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.DeleteModel(name="AchievementsDue"),
        migrations.CreateModel(
            name="AchievementsDue",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=accounts.keys.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
    ]

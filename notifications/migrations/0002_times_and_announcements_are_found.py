"""Indexes: the weeks of weekly mails, and how many an announcement has reached."""

from django.contrib.postgres.indexes import BrinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("notifications", "0001_what_people_are_told")]

    operations = [
        AddIndexConcurrently(
            "notification",
            BrinIndex(autosummarize=True, fields=["created_at"], name="notification_by_time"),
        ),
        AddIndexConcurrently(
            "notification",
            models.Index(
                condition=models.Q(kind__in=("ANNOUNCEMENT", "NEWS")),
                fields=["subject"],
                name="notification_announced",
            ),
        ),
    ]

"""Lessons that count on no board, and the ledger by time: what staff look at is not a scan."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gamification", "0008_who_brought_whom"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="xptransaction",
            index=models.Index(
                condition=models.Q(("board_points", 0), ("source_type", "LESSON")),
                fields=["-created_at", "-id"],
                name="xp_uncounted",
            ),
        ),
        migrations.AddIndex(
            model_name="xptransaction",
            index=BrinIndex(autosummarize=True, fields=["created_at"], name="xp_by_time"),
        ),
    ]

"""What brought a review here stays known once a reply has reopened it."""

from typing import ClassVar

from django.db import migrations, models
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("assessments", "0013_decisions_are_chosen"),
    ]

    operations: ClassVar[list[Operation]] = [
        migrations.AddField(
            "review",
            "first_reason",
            models.CharField(
                blank=True,
                choices=[
                    ("HELP", "Asks for help"),
                    ("DRAFT", "A draft to read"),
                    ("HELD", "A draft was held back"),
                    ("NO_DRAFT", "No draft came"),
                    ("REPLY", "Replied to feedback"),
                    ("STAFF", "Taken up by a reviewer"),
                ],
                db_default="",
                max_length=8,
            ),
        ),
    ]

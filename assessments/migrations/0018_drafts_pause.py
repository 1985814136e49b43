"""Drafts pause by themselves, and say so of what they leave out."""

import uuid6
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0017_questions_of_late_are_found"),
    ]

    operations = [
        migrations.AlterField(
            model_name="modelrun",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("DRAFTED", "Drafted"),
                    ("HELD", "Held back"),
                    ("REFUSED", "The model refused"),
                    ("UNREADABLE", "The answer could not be read"),
                    ("TOO_LONG", "The answer was too long"),
                    ("TIMED_OUT", "No answer in time"),
                    ("BUSY", "Too many requests"),
                    ("AWAY", "Not reachable"),
                    ("FAULT", "The endpoint reported a fault"),
                    ("SPENT", "A limit of ours is used up"),
                    ("REPLACED", "A newer one was handed in"),
                    ("PERSON", "A person was first"),
                    ("OFF", "Drafts were turned off"),
                    ("PAUSED", "Drafts were paused"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="DraftPause",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("suggested", models.PositiveSmallIntegerField()),
                ("overridden", models.PositiveSmallIntegerField()),
                (
                    "began_at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="clock_timestamp", output_field=models.DateTimeField()
                        )
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("ended_at",), name="draft_pause_open_once", nulls_distinct=False
                    )
                ],
            },
        ),
    ]

"""Courses that somebody brings in by the site: uploaded, planned, then applied."""

import django.db.models.deletion
import django.db.models.functions.datetime
import uuid6
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0007_every_node_has_a_key"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CourseImport",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid6.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("slug", models.CharField(blank=True, max_length=80)),
                ("title", models.CharField(blank=True, max_length=120)),
                ("overwrite", models.BooleanField(default=False)),
                ("publish", models.BooleanField(default=False)),
                ("regrade", models.BooleanField(default=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("PLANNING", "Being worked out"),
                            ("READY", "Ready to import"),
                            ("REFUSED", "Refused"),
                            ("APPLYING", "Being imported"),
                            ("DONE", "Imported"),
                            ("FAILED", "Not imported"),
                        ],
                        default="PLANNING",
                        max_length=8,
                    ),
                ),
                ("plan", models.JSONField(default=dict)),
                ("report", models.JSONField(default=dict)),
                ("is_changed", models.BooleanField(default=False)),
                ("marks_due", models.BooleanField(default=False)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("fault", models.TextField(blank=True)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "changed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("status__in", ["PLANNING", "APPLYING"]),
                            ("marks_due", True),
                            _connector="OR",
                        ),
                        fields=["changed_at"],
                        name="course_import_open",
                    ),
                    models.Index(fields=["-created_at", "-id"], name="course_import_newest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["PLANNING", "READY", "REFUSED", "APPLYING", "DONE", "FAILED"],
                            )
                        ),
                        name="course_import_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status__in", ["READY", "REFUSED", "APPLYING", "DONE"]),
                                _negated=True,
                            ),
                            models.Q(("plan", {}), _negated=True),
                            _connector="OR",
                        ),
                        name="course_import_has_a_plan",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "DONE"), models.Q(("report", {}), _negated=True)),
                            models.Q(
                                models.Q(("status", "DONE"), _negated=True),
                                ("marks_due", False),
                                ("report", {}),
                            ),
                            _connector="OR",
                        ),
                        name="course_import_done_is_reported",
                    ),
                ],
            },
        ),
    ]

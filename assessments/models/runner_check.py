"""The runner of learners' code on trial: attacked by itself, in the queue that it works in."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from assessments.models.work import OPEN, Work, WorkQuerySet


class RunnerCheck(Work):
    """One self-test of the runner. FAILED: a wall does not hold, or the runner does not run.

    `walls` are `{"name", "holds", "detail"}`; `languages` are those it offered then.
    """

    runner = models.CharField(max_length=40)
    languages = ArrayField(models.CharField(max_length=20), default=list)
    walls: Any = models.JSONField(default=list)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = models.Manager.from_queryset(WorkQuerySet)()

    class Meta(Work.Meta):
        ordering = ["-created_at"]
        constraints = [
            *Work.Meta.constraints,
            models.UniqueConstraint(
                fields=["runner"], condition=Q(status__in=OPEN), name="runner_check_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"Check of {self.runner}"

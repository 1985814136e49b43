"""Work that authors ask for: an assignment on trial, and submissions judged again."""

from typing import Any

from django.conf import settings
from django.db import models

from assessments.models.assignment import Assignment
from assessments.models.work import Work, WorkQuerySet


class TrialQuerySet(WorkQuerySet["Trial"]):
    pass


class Trial(Work):
    """An author's assignment on trial: do its cases tell right from wrong?

    One for each revision. `findings` are `{"code", "text", "case", "is_error"}`. FAILED: the
    reference solution does not pass, or the starter does.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="trials")
    revision = models.PositiveIntegerField()
    findings: Any = models.JSONField(default=list)

    objects = TrialQuerySet.as_manager()

    class Meta(Work.Meta):
        ordering = ["-revision"]
        constraints = [
            *Work.Meta.constraints,
            models.UniqueConstraint(fields=["assignment", "revision"], name="trial_once"),
        ]

    def __str__(self) -> str:
        return f"Trial of {self.assignment}"


class RejudgingQuerySet(WorkQuerySet["Rejudging"]):
    pass


class Rejudging(Work):
    """Submissions of an assignment judged again by its cases as they stand: shown first, then done.

    `changes` are `{"submission", "before", "after"}` in percent, of those whose verdict differs.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="rejudgings")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    revision = models.PositiveIntegerField()
    is_preview = models.BooleanField(default=True)
    lower = models.BooleanField(default=False)
    reason = models.CharField(max_length=400, blank=True)
    looked_at = models.PositiveIntegerField(default=0)
    changes: Any = models.JSONField(default=list)

    objects = RejudgingQuerySet.as_manager()

    class Meta(Work.Meta):
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"Judging {self.assignment} again"

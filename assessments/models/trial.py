"""Work that authors ask for: an assignment on trial, and submissions judged again."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.models.assignment import Assignment
from assessments.models.submission import Submission, SubmissionQuerySet
from assessments.models.work import OPEN, Work, WorkQuerySet


class Trial(Work):
    """An author's assignment on trial: do its cases tell right from wrong?

    One for each revision. `findings` are `{"code", "text", "case", "is_error"}`. FAILED: the
    reference solution does not pass, or the starter does.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="trials")
    revision = models.PositiveIntegerField()
    findings: Any = models.JSONField(default=list)

    objects = models.Manager.from_queryset(WorkQuerySet)()

    class Meta(Work.Meta):
        ordering = ["-revision"]
        constraints = [
            *Work.Meta.constraints,
            models.UniqueConstraint(fields=["assignment", "revision"], name="trial_once"),
        ]

    def __str__(self) -> str:
        return f"Trial of {self.assignment}"


class Staying(models.Func):
    """Of `changes`: the keys of submissions that would be lower and stay as they are."""

    template = (
        "(jsonb_path_query(%(expressions)s, '$[*] ? (@.stays == true).submission') #>> '{}')::uuid"
    )
    output_field = models.UUIDField()
    set_returning = True


class Rejudging(Work):
    """Submissions of an assignment judged again by its cases as they stand: shown first, then done.

    They are looked at in the order of their keys: `looked_at` is how many were, `reached` the last
    of them. `changes` are `{"submission", "number", "before", "after", "stays", "fault"}`, scores
    in percent, of those whose verdict differs; `stays`: it would be lower, and is kept. One that
    could not be judged has no `after`, and `fault` says why, for staff.
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
    reached = models.UUIDField(null=True)
    changes: Any = models.JSONField(default=list)

    objects = models.Manager.from_queryset(WorkQuerySet)()

    class Meta(Work.Meta):
        ordering = ["-created_at"]
        constraints = [
            *Work.Meta.constraints,
            models.UniqueConstraint(
                fields=["assignment", "is_preview"],
                condition=Q(status__in=OPEN),
                name="rejudging_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"Judging {self.assignment} again"

    def left(self) -> SubmissionQuerySet:
        """Graded ones it has still to look at: those that were judged by earlier cases or rules.

        What would be lower is looked at once for each revision, unless it is to be lowered. Of
        people who were erased there is no code to judge.
        """
        judged = Submission.objects.graded().filter(
            assignment=self.assignment_id, percent__isnull=False, revision__lt=self.revision,
            user__deleted_at=None,
        )  # fmt: skip
        if self.reached:
            judged = judged.filter(pk__gt=self.reached)
        if not self.lower:
            done = Rejudging.objects.filter(
                assignment=self.assignment_id, revision=self.revision, is_preview=False
            )
            judged = judged.exclude(pk__in=done.values_list(Staying("changes"), flat=True))
        return judged.order_by("pk")

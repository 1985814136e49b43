"""Asking for submissions to be judged again, and what came of it."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F

from accounts import audit
from accounts.models import User
from assessments import tasks
from assessments.errors import ReasonNeeded
from assessments.models import Assignment, Rejudging, Submission
from assessments.models.trial import Staying
from assessments.models.work import OPEN


@transaction.atomic
def ask(
    assignment: Assignment,
    by: User | None,
    *,
    preview: bool = True,
    lower: bool = False,
    reason: str = "",
    wake: bool = True,
) -> Rejudging:
    """Note that it is to be done, or to be shown first. Raises ReasonNeeded.

    While one is due, asking again changes nothing: what was asked for first is returned. Without
    `wake` no worker is told, because whoever asks does it.
    """
    reason = reason.strip()
    if lower and not preview and not reason:
        raise ReasonNeeded
    row, is_new = Rejudging.objects.get_or_create(
        assignment=assignment,
        is_preview=preview,
        status__in=OPEN,
        defaults={
            "asked_by": by, "revision": assignment.revision, "lower": lower, "reason": reason,
        },
    )  # fmt: skip
    if is_new and not preview:
        audit.note("REJUDGED", assignment, by=by, reason=reason)
    if is_new and wake:
        tasks.judge_again.delay_on_commit(str(row.pk))
    return row


def waiting_for(assignment: Assignment) -> int:
    """How many graded submissions were judged by other cases than those of today.

    Not counted are those that today's would lower, and that stay as they are: see `staying_of`.
    """
    return Rejudging(assignment=assignment, revision=assignment.revision).left().count()


def waiting_for_each(assignments: Collection[Assignment]) -> dict[UUID, int]:
    """The same for many, by their keys, in one query; those for which none waits are left out."""
    today = F("assignment__revision")
    done = Rejudging.objects.filter(assignment__in=assignments, revision=today, is_preview=False)
    rows = Submission.objects.graded().filter(
        assignment__in=assignments, percent__isnull=False, revision__lt=today,
        user__deleted_at=None,
    )  # fmt: skip
    rows = rows.exclude(pk__in=done.values_list(Staying("changes"), flat=True)).order_by()
    counted = rows.values("assignment").annotate(number=Count("pk"))
    return dict(counted.values_list("assignment", "number"))


def staying_of(assignment: Assignment) -> int:
    """How many were judged again by the cases of today, would be lower and stay as they are."""
    every = Rejudging(assignment=assignment, revision=assignment.revision, lower=True)
    return every.left().count() - waiting_for(assignment)


def people_of(changes: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Whose the submissions are that changes speak of. One query."""
    keys = [one["submission"] for one in changes]
    rows = Submission.objects.filter(pk__in=keys).values_list("pk", "user__email")
    return {str(key): email for key, email in rows}

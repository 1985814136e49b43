"""Asking for submissions to be judged again."""

from django.db import transaction

from accounts.models import User
from assessments import tasks
from assessments.errors import ReasonNeeded
from assessments.models import Assignment, Rejudging, Submission


def ask(
    assignment: Assignment,
    by: User | None,
    *,
    preview: bool = True,
    lower: bool = False,
    reason: str = "",
) -> Rejudging:
    """Note that it is to be done, or to be shown first. Raises ReasonNeeded."""
    if lower and not preview and not reason.strip():
        raise ReasonNeeded
    with transaction.atomic():
        row = Rejudging.objects.create(
            assignment=assignment,
            asked_by=by,
            revision=assignment.revision,
            is_preview=preview,
            lower=lower,
            reason=reason.strip(),
        )
        tasks.judge_again.delay_on_commit(str(row.pk))
    return row


def waiting_for(assignment: Assignment) -> int:
    """How many graded submissions were judged by other cases than those of today."""
    return (
        Submission.objects.graded()
        .filter(assignment=assignment, percent__isnull=False, revision__lt=assignment.revision)
        .count()
    )

"""Asking for an assignment to be tried out: once for each revision."""

from assessments import tasks
from assessments.models import Assignment, Trial


def ask(assignment: Assignment) -> Trial:
    """Note that the assignment, as it stands, is to be tried out. Again changes nothing."""
    trial, is_new = Trial.objects.get_or_create(assignment=assignment, revision=assignment.revision)
    if is_new:
        tasks.try_assignment.delay_on_commit(str(trial.pk))
    return trial


def latest(assignment: Assignment) -> Trial | None:
    """What came of trying out the assignment as it stands; None if nobody asked."""
    return Trial.objects.filter(assignment=assignment, revision=assignment.revision).first()

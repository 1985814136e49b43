"""What authors do to an assignment as a whole: save it with its cases, try it out again."""

from collections.abc import Sequence

from django.db import transaction

from assessments import trials
from assessments.assignments import RULES, changing, lock_assignment, refuse
from assessments.fairness import faults_of_cases, faults_of_rules
from assessments.models import Assignment, TestCase, Trial
from assessments.models.work import OPEN
from assessments.rejudgings import waiting_for

SAVED = [*RULES, "hints"]


def save_assignment(assignment: Assignment, cases: Sequence[TestCase]) -> int:
    """Save rules, texts and these cases in this order, archived ones last.

    Returns how many graded submissions were judged by others. Raises AssignmentRefused.
    """
    with changing(assignment):
        written = {case.pk for case in cases}
        others = assignment.cases.live().exclude(pk__in=written)
        live = [*others, *(case for case in cases if not case.deleted_at)]
        refuse([*faults_of_rules(assignment), *faults_of_cases(assignment, live)])
        assignment.save(update_fields=SAVED)
        for position, case in enumerate(sorted(cases, key=is_archived), start=1):
            case.assignment, case.position = assignment, position
            case.key = case.key or str(case.pk)
            case.save()
    return waiting_for(assignment)


def is_archived(case: TestCase) -> bool:
    return case.deleted_at is not None


@transaction.atomic
def try_again(assignment: Assignment) -> Trial:
    """Try the assignment out as it stands, also if that was done before; once while it is due."""
    locked = lock_assignment(assignment.pk)
    done = Trial.objects.filter(assignment=locked, revision=locked.revision)
    done.exclude(status__in=OPEN).delete()
    return trials.ask(locked)

"""What authors do to an assignment as a whole: save it with its cases, try it out again.

A case that is taken out is archived, never deleted: the results of submissions show it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from assessments import trials
from assessments.assignments import WRITTEN, as_text, essence, refuse
from assessments.fairness import faults_of_cases, faults_of_no_case, faults_of_rules
from assessments.models import Assignment, TestCase, Trial
from assessments.models.assignment import COMPARED
from assessments.models.work import OPEN
from assessments.rejudgings import waiting_for

FIELDS = (*WRITTEN, "revision")
CASE_FIELDS = (*COMPARED, "key", "position", "deleted_at")
AT_ONCE = 50


def save_assignment(assignment: Assignment, cases: Sequence[TestCase]) -> int:
    """Save rules, hints and these cases in this order, archived ones last.

    Returns how many graded submissions were judged by others. Raises AssignmentRefused.
    """
    save_assignments({assignment: cases})
    return waiting_for(assignment)


@transaction.atomic
def save_assignments(wanted: Mapping[Assignment, Sequence[TestCase]]) -> list[Assignment]:
    """Save several, each with its cases. Nothing is written that is as it was.

    Returns those on which verdicts hang otherwise than before: they were put on trial, and have a
    new revision unless they are new themselves. Raises AssignmentRefused.
    """
    before = {row.pk: row for row in locked([one.pk for one in wanted])}
    revised = [one for one, cases in wanted.items() if settle(one, cases, before.get(one.pk))]
    write(Assignment, wanted, before, FIELDS)
    standing = {case.pk: case for row in before.values() for case in row.cases.all()}
    write(TestCase, [case for cases in wanted.values() for case in cases], standing, CASE_FIELDS)
    for assignment in revised:
        trials.ask(assignment)
    return revised


def locked(keys: Sequence[UUID]) -> QuerySet[Assignment]:
    """The assignments as they stand, with all their cases, locked in the order of their keys."""
    rows = Assignment.objects.select_for_update(no_key=True).filter(pk__in=keys)
    return rows.order_by("pk").prefetch_related("cases")


def settle(assignment: Assignment, cases: Sequence[TestCase], row: Assignment | None) -> bool:
    """Number the cases, refuse what cannot be judged, and say whether verdicts hang on all this.

    `row` is the assignment as it stands; it gets a new revision if they do.
    """
    for position, case in enumerate(sorted(cases, key=is_archived), start=1):
        case.assignment, case.position = assignment, position
    standing = list(row.cases.all()) if row else []
    written = {case.pk for case in cases}
    whole = [*(case for case in standing if case.pk not in written), *cases]
    live = [case for case in whole if not is_archived(case)]
    faults = faults_of_rules(assignment) + faults_of_cases(assignment, live)
    refuse(faults + faults_of_no_case(row or assignment, live))
    is_other = essence(assignment, whole) != essence(row or Assignment(), standing)
    if row:
        assignment.revision = row.revision + is_other
    return is_other


def is_archived(case: TestCase) -> bool:
    return case.deleted_at is not None


def write(
    model: Any, rows: Iterable[Any], before: Mapping[UUID, Any], fields: Sequence[str]
) -> None:
    """Write new rows whole, and these fields of rows that are other than before."""
    new, changed = [], []
    for row in rows:
        if row.pk not in before:
            new.append(row)
        elif as_text(row, fields) != as_text(before[row.pk], fields):
            changed.append(row)
    model.objects.bulk_create(new)
    model.objects.bulk_update(changed, fields, batch_size=AT_ONCE)


@transaction.atomic
def try_again(assignment: Assignment) -> Trial:
    """Try the assignment out as it stands, also if that was done before; once while it is due."""
    (row,) = locked([assignment.pk])
    done = Trial.objects.filter(assignment=row, revision=row.revision)
    done.exclude(status__in=OPEN).delete()
    return trials.ask(row)

"""Judging submissions again by the cases as they stand: shown first, then done.

Nothing is lowered unless somebody says so and why, and a completion is never taken away.
"""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from activity.actions import record
from activity.models import Event
from assessments import work
from assessments.grading import verdict_of, write
from assessments.judging import Verdict
from assessments.models import Assignment, Rejudging, Submission, TestCase, Work
from assessments.outputs import storable
from assessments.running import RunnerAway, run_cases
from enrollments.access import lock_place
from progress.actions import complete_by_passing
from sandbox.verdict import Result

logger = logging.getLogger(__name__)

# So many sources are in memory at a time.
CHUNK = 100
LONGEST_FAULT = 300


def judge_again(key: UUID, tell: Callable[[], object] = lambda: None) -> Rejudging | None:
    """Take up a rejudging; None if it is not due, or could not be run now.

    One that was broken off goes on where it was. `tell` is called after each submission.
    """
    row = work.claim(Rejudging, key)
    if row is None:
        return None
    in_place = Assignment.objects.select_related("lesson__module", "lesson__course")
    row.assignment = in_place.get(pk=row.assignment_id)
    cases = list(row.assignment.cases.live().in_order())
    if not cases:
        work.give_up(row, "The assignment has no tests any more.")
        return None
    is_through = work.carry_out(row, lambda: look_at_all(row, cases, tell))
    return finish(row) if is_through else None


def look_at_all(row: Rejudging, cases: Sequence[TestCase], tell: Callable[[], object]) -> bool:
    """Go through all that is left; False if the row is somebody else's by now."""
    while submissions := list(row.left().select_related("user")[:CHUNK]):
        for submission in submissions:
            submission.assignment = row.assignment
            if not look_at(row, submission, cases):
                return False
            # What gets on may be broken off as often as it must.
            row.tries = 1
            tell()
    return True


def look_at(row: Rejudging, submission: Submission, cases: Sequence[TestCase]) -> bool:
    """Run one submission again and keep what comes of it; False if the row is no longer ours.

    One that cannot be judged does not stand in the way of those behind it. Raises RunnerAway.
    """
    change = {
        "submission": str(submission.pk), "number": submission.number,
        "before": submission.percent, "after": None, "stays": False, "fault": "",
    }  # fmt: skip
    try:
        result = run_cases(row.assignment, submission.source, cases)
        verdict = verdict_of(submission, cases, result)
    except RunnerAway:
        raise
    except Exception as error:
        logger.exception("Submission %s could not be judged again", submission.pk)
        fault = storable(str(error) or type(error).__name__, LONGEST_FAULT)
        return keep(row, submission, {**change, "fault": fault})
    before, passed_before = submission.percent or 0, submission.is_passed
    is_lower = verdict.percent < before or (passed_before and not verdict.passed)
    stays = is_lower and not row.lower
    is_same = verdict.percent == before and verdict.passed == passed_before
    found = None if is_same else {**change, "after": verdict.percent, "stays": stays}
    if row.is_preview or stays:
        return keep(row, submission, found)
    return keep(row, submission, found, partial(rewrite, row, submission, verdict, result))


@transaction.atomic
def keep(
    row: Rejudging,
    submission: Submission,
    change: dict[str, Any] | None,
    write_verdict: Callable[[], bool] = lambda: True,
) -> bool:
    """Note that it was looked at, and what changes, with the verdict itself; False if not ours."""
    row.looked_at, row.reached = row.looked_at + 1, submission.pk
    # This holds the row, too: nobody takes it up while the verdict is written.
    if not work.held(row).update(looked_at=row.looked_at, reached=row.reached, tries=1):
        return False
    if write_verdict() and change:
        row.changes.append(change)
        work.held(row).update(changes=row.changes)
    return True


@transaction.atomic
def rewrite(row: Rejudging, submission: Submission, verdict: Verdict, result: Result) -> bool:
    """Write the new verdict; False if somebody was faster."""
    lock_place(submission.user, row.assignment.lesson.course)
    rows = Submission.objects.filter(pk=submission.pk, revision=submission.revision)
    if rows.select_for_update(of=("self",), no_key=True).first() is None:
        return False
    before, passed_before = submission.percent, submission.is_passed
    write(submission, verdict, result, row.revision, at=submission.finished_at)
    if (submission.percent, submission.is_passed) != (before, passed_before):
        record_change(row, submission, before, newly_passed=not passed_before)
    return True


def record_change(
    row: Rejudging, submission: Submission, before: int | None, *, newly_passed: bool
) -> None:
    """Record what became of a submission, and what passing brings. What it completed stays."""
    user, lesson, moment = submission.user, row.assignment.lesson, submission.finished_at
    data = {
        "title": lesson.title,
        "url": submission.get_absolute_url(),
        "passed": submission.is_passed,
        "handed_in": submission.created_at.isoformat(),
        "assignment": str(submission.assignment_id),
        "lesson": str(lesson.pk),
        "language": row.assignment.language,
        "course": str(lesson.course_id),
        "course_title": lesson.course.title,
    }
    again = {**data, "before": before, "after": submission.percent, "reason": row.reason}
    subject = f"rejudged:{submission.pk}:{row.revision}"
    record(user, Event.Kind.SUBMISSION_REJUDGED, subject, again)
    if newly_passed and submission.is_passed:
        passed = {**data, "percent": submission.percent}
        subject = f"assignment:{submission.assignment_id}"
        record(user, Event.Kind.ASSIGNMENT_PASSED, subject, passed, at=moment)
        complete_by_passing(user, lesson, submission.created_at, moment)


@transaction.atomic
def finish(row: Rejudging) -> Rejudging | None:
    if work.lock_held(row) is None:
        return None
    row.save(update_fields=work.end(row, Work.Status.PASSED))
    return row

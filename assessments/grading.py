"""Judging a submission: run outside any transaction, written once by whoever holds the claim.

Locks are taken in one order: enrolment, then submission, then what completing a lesson locks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from activity.actions import record
from activity.models import Event
from assessments import judging, work
from assessments.explained import words_of_own
from assessments.judging import Judged, Verdict
from assessments.models import Outcome, Submission, TestCase, TestResult, Work
from assessments.outputs import KEPT, KEPT_OF_PASSED, seconds_of, storable
from assessments.running import run_cases
from enrollments.access import lock_place, may_learn
from enrollments.models import Enrollment
from progress.actions import mark_complete
from sandbox.verdict import Result

SCORED = [
    "outcome", "points", "out_of", "percent", "revision", "compile_output", "engine", "runtime",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Graded:
    """A judged submission. `completed`: its lesson is complete by it for the first time ever."""

    submission: Submission
    completed: bool = False


def grade(key: UUID) -> Graded | None:
    """Take up a submission and judge it; None if it is not due, or could not be run now."""
    submission = work.claim(Submission, key)
    if submission is None:
        return None
    cases = cases_for(submission)
    if not cases:
        work.give_up(submission, _("The assignment has no tests any more."))
        return None
    revision = submission.assignment.revision

    def run() -> tuple[Verdict, Result]:
        result = run_cases(submission.assignment, submission.source, cases)
        return verdict_of(submission, cases, result), result

    judged = work.carry_out(submission, run)
    return finish(submission, *judged, revision) if judged else None


def cases_for(submission: Submission) -> list[TestCase]:
    """All cases for a grade, the visible ones for a run."""
    cases = submission.assignment.cases.live().in_order()
    return list(cases if submission.is_graded else cases.visible())


def verdict_of(submission: Submission, cases: Sequence[TestCase], result: Result) -> Verdict:
    return judging.verdict(submission.assignment, cases, result)


@transaction.atomic
def finish(
    submission: Submission, verdict: Verdict, result: Result, revision: int
) -> Graded | None:
    """Write the verdict, unless the submission is somebody else's by now."""
    user, lesson = submission.user, submission.assignment.lesson
    place = lock_place(user, lesson.course)
    if work.lock_held(submission) is None:
        return None
    write(submission, verdict, result, revision)
    if not submission.is_graded or submission.finished_at is None:
        return Graded(submission)
    return tell(submission, place, submission.finished_at)


def write(
    submission: Submission,
    verdict: Verdict,
    result: Result,
    revision: int,
    at: datetime | None = None,
) -> None:
    """Set outcome, score and the results of the cases on a row that is locked."""
    status = Work.Status.PASSED if verdict.passed else Work.Status.FAILED
    if submission.is_judged:
        submission.results.all().delete()
    ended = work.end(submission, status, at)
    submission.outcome, submission.revision = verdict.outcome, revision
    submission.points, submission.out_of = verdict.points, verdict.out_of
    submission.percent = verdict.percent
    submission.compile_output = storable(why_not_started(verdict, result), KEPT)
    submission.engine, submission.runtime = result.engine[:200], result.runtime[:100]
    submission.save(update_fields=[*SCORED, *ended])
    TestResult.objects.bulk_create(
        result_row(submission, place, one) for place, one in enumerate(verdict.cases, start=1)
    )


def why_not_started(verdict: Verdict, result: Result) -> str:
    """What the compiler said, unless a hidden case made it say so: `exec(input())` reads one."""
    failing = (one for one in verdict.cases if one.outcome == Outcome.COMPILE_ERROR)
    first = next(failing, None)
    return result.compile_output if first and first.case.is_visible else ""


def result_row(submission: Submission, position: int, judged: Judged) -> TestResult:
    passed, ran = judged.outcome == Outcome.PASSED, judged.result
    most = KEPT_OF_PASSED if passed else KEPT
    return TestResult(
        submission=submission,
        case=judged.case,
        outcome=judged.outcome,
        points=judged.points,
        was_visible=judged.case.is_visible,
        position=position,
        expected=storable(judged.expected, most),
        got=storable(judged.got, most),
        where=judged.where,
        stdout=storable(ran.stdout, most),
        stderr=storable(ran.stderr, most),
        is_cut=ran.cut or max(len(ran.stdout), len(ran.stderr), len(judged.got)) > most,
        seconds=seconds_of(ran.cpu_seconds),
        memory=ran.memory,
        fuel=ran.fuel,
    )


def tell(submission: Submission, place: Enrollment | None, moment: datetime) -> Graded:
    """Record that code was judged, and what passing it brings, once for ever."""
    user, lesson = submission.user, submission.assignment.lesson
    data = {
        "title": lesson.title,
        "url": submission.get_absolute_url(),
        "percent": submission.percent,
        "passed": submission.is_passed,
        "handed_in": submission.created_at.isoformat(),
        "assignment": str(submission.assignment_id),
        "lesson": str(lesson.pk),
        "language": submission.assignment.language,
        "words": words_of_own(submission.assignment, submission.source),
        "course": str(lesson.course_id),
        "course_title": lesson.course.title,
    }
    subject = f"submission:{submission.pk}"
    record(user, Event.Kind.SUBMISSION_JUDGED, subject, data, at=moment)
    if not submission.is_passed:
        return Graded(submission)
    passed = f"assignment:{submission.assignment_id}"
    tried = {**data, "failed": failed_before(submission)}
    record(user, Event.Kind.ASSIGNMENT_PASSED, passed, tried, at=moment)
    completed = False
    # A door that is closed just now waits: the sweep tries again.
    if place and lesson.is_live and may_learn(user, place, lesson.course):
        completed = mark_complete(user, place, lesson, moment, submission.created_at).first
    return Graded(submission, completed)


def failed_before(submission: Submission) -> int:
    """How many tries of this person failed here, runs among them as long as they are kept."""
    tries = Submission.objects.filter(user=submission.user_id, assignment=submission.assignment_id)
    return tries.filter(status=Work.Status.FAILED).count()

"""Judging submissions again by the cases as they stand: shown first, then done.

Nothing is lowered unless somebody says so and why, and a completion is never taken away.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction

from activity.actions import record
from activity.models import Event
from assessments import work
from assessments.grading import cases_for, verdict_of, write
from assessments.judging import Verdict
from assessments.models import Rejudging, Submission, Work
from assessments.running import run_cases
from enrollments.access import lock_place, may_learn
from progress.actions import mark_complete
from sandbox.verdict import Result


def judge_again(key: UUID, tell: Callable[[int], None] = lambda _: None) -> Rejudging | None:
    """Take up a rejudging; None if it is not due, or could not be run now.

    Each submission is written by itself, so one that was broken off goes on where it was.
    """
    row = work.claim(Rejudging, key)
    if row is None:
        return None
    changes = {change["submission"]: change for change in row.changes}

    def look_at_all() -> int:
        submissions = due(row)
        for number, submission in enumerate(submissions, start=1):
            if change := look_at(row, submission):
                changes[change["submission"]] = change
                # What was written is told, also if the rest is left to another worker.
                work.held(row).update(changes=list(changes.values()))
            tell(number)
        return len(submissions)

    looked_at = work.carry_out(row, look_at_all)
    return None if looked_at is None else finish(row, list(changes.values()), looked_at)


def due(row: Rejudging) -> list[Submission]:
    """Graded ones that were judged by other cases than those of today."""
    judged = Submission.objects.graded().filter(
        assignment=row.assignment, percent__isnull=False, revision__lt=row.revision
    )
    return list(judged.with_assignment().order_by("pk"))


def look_at(row: Rejudging, submission: Submission) -> dict[str, Any] | None:
    """Run one submission again; write it, if this is no preview. What changes is returned."""
    cases = cases_for(submission)
    result = run_cases(submission.assignment, submission.source, cases)
    verdict = verdict_of(submission, cases, result)
    before = submission.percent or 0
    is_lower = verdict.percent < before or (submission.is_passed and not verdict.passed)
    stays = is_lower and not row.lower
    change = {
        "submission": str(submission.pk),
        "person": submission.user.email,
        "number": submission.number,
        "before": before,
        "after": verdict.percent,
        "stays": stays,
    }
    if not row.is_preview and not stays:
        rewrite(row, submission, verdict, result)
    same = verdict.percent == before and verdict.passed == submission.is_passed
    return None if same else change


@transaction.atomic
def rewrite(row: Rejudging, submission: Submission, verdict: Verdict, result: Result) -> None:
    """Write the new verdict, unless somebody was faster. What it completed stays complete."""
    user, lesson = submission.user, submission.assignment.lesson
    place = lock_place(user, lesson.course)
    rows = Submission.objects.filter(pk=submission.pk, revision=submission.revision)
    if rows.select_for_update(of=("self",), no_key=True).first() is None:
        return
    before, passed_before = submission.percent, submission.is_passed
    write(submission, verdict, result, row.revision, at=submission.finished_at)
    if verdict.passed == passed_before and verdict.percent == before:
        return
    data = {
        "title": lesson.title, "url": submission.get_absolute_url(), "before": before,
        "after": verdict.percent, "reason": row.reason, "course_title": lesson.course.title,
    }  # fmt: skip
    subject = f"rejudged:{submission.pk}:{row.revision}"
    record(user, Event.Kind.SUBMISSION_REJUDGED, subject, data)
    if verdict.passed and place and lesson.is_live and may_learn(user, place, lesson.course):
        moment = submission.finished_at
        assert moment is not None  # noqa: S101 - it was just written
        mark_complete(user, place, lesson, moment)


@transaction.atomic
def finish(row: Rejudging, changes: list[dict[str, Any]], looked_at: int) -> Rejudging | None:
    if work.lock_held(row) is None:
        return None
    row.changes, row.looked_at = changes, row.looked_at + looked_at
    ended = work.end(row, Work.Status.PASSED)
    row.save(update_fields=["changes", "looked_at", *ended])
    return row

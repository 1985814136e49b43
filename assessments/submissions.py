"""Handing in code, or trying it out: a row that waits for a worker."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments import tasks
from assessments.errors import NothingToRun, TooOften
from assessments.limits import RUNS, SUBMISSIONS
from assessments.models import Assignment, Run, Submission
from enrollments.access import require_enrollment
from progress.actions import live_lesson
from sandbox.job import clean_source

# So many may wait at once: whoever presses again gets no faster.
MOST_WAITING = 2
WAITING = _("Two of yours are waiting to be run. Ready again when one of them is done.")
A_MOMENT = 5  # seconds


def submit(user: User, assignment: Assignment, source: str | bytes, *, graded: bool) -> Submission:
    """Hand in code for all cases, or try it against the visible ones, which leaves no grade.

    Raises SourceRefused, TooOften, NothingToRun, LessonGone, NotEnrolled, Paused, PlanRequired.
    """
    text = clean_source(source)
    spend(user, graded=graded)
    return keep(user, assignment, text, graded=graded)


def spend(user: User, *, graded: bool) -> None:
    wait = (SUBMISSIONS if graded else RUNS).spend(str(user.pk))
    if wait:
        raise TooOften(wait)


@transaction.atomic
def keep(user: User, assignment: Assignment, source: str, *, graded: bool) -> Submission:
    lock_queue_of(user)
    lesson = live_lesson(assignment.lesson)
    require_enrollment(user, lesson.course, lock=True)
    cases = assignment.cases.live()
    if not (cases if graded else cases.visible()).exists():
        raise NothingToRun
    submission = Submission(user=user, assignment=assignment, is_graded=graded, source=source)
    if graded:
        earlier = Submission.objects.of(user).filter(assignment=assignment)
        submission.number = (earlier.aggregate(last=Max("number"))["last"] or 0) + 1
    submission.save(force_insert=True)
    tasks.grade_submission.delay_on_commit(str(submission.pk))
    return submission


def lock_queue_of(user: User) -> None:
    """Hold what this person has in the queue. Raises TooOften if that is enough."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    waiting = Submission.objects.of(user).open().count() + Run.objects.of(user).open().count()
    if waiting >= MOST_WAITING:
        raise TooOften(A_MOMENT, str(WAITING))

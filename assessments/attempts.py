"""Beginning an attempt and closing it.

Locks are taken in one order: enrolment, then attempt, then what completing a lesson locks. Every
change of an attempt holds its row, so what is read after the lock is what stands.
"""

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from random import SystemRandom
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.models import User
from activity.actions import record
from activity.models import Event
from assessments.clock import GRACE, deadline_for, is_overdue, read_clock
from assessments.drawing import Candidate, draw
from assessments.errors import AlreadySubmitted, NothingToAsk
from assessments.history import history_of
from assessments.marking import answers_of, mark_answers, set_score, write_marks
from assessments.models import Answer, Attempt, Bank, Option, Question, Quiz
from enrollments.access import lock_place, may_learn, require_enrollment, require_place
from enrollments.models import Enrollment
from progress.actions import live_lesson, mark_complete

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Finished:
    """A closed attempt. `completed`: its lesson is complete by it for the first time ever."""

    attempt: Attempt
    completed: bool = False


def start_attempt(
    user: User, quiz: Quiz, *, practice: bool = False, at: datetime | None = None
) -> tuple[Attempt, bool]:
    """Begin an attempt, or return the one that is open; the flag says whether it is new.

    `at` dates a history brought in from elsewhere; the clock is the database's otherwise.
    Raises LessonGone, NotEnrolled, PlanRequired, NothingToAsk, NoAttemptsLeft, TooSoon, NoPractice.
    """
    # Apart, so that a refusal does not open again what the clock has closed.
    settle(user, quiz)
    return begin(user, quiz, practice, at)


@transaction.atomic
def begin(user: User, quiz: Quiz, practice: bool, at: datetime | None) -> tuple[Attempt, bool]:
    lesson = live_lesson(quiz.lesson)
    require_enrollment(user, lesson.course, lock=True)
    keep_questions(quiz)
    moment = at or read_clock()
    history = history_of(user, quiz, moment)
    going_on = history.open_practice if practice else history.open
    if going_on:
        return going_on, False
    refusal = history.practice_refusal if practice else history.refusal
    if refusal:
        raise refusal
    numbers = [one.number for one in history.attempts if one.is_practice == practice]
    attempt = Attempt(
        user=user,
        quiz=quiz,
        number=max(numbers, default=0) + 1,
        is_practice=practice,
        started_at=moment,
        time_limit=None if practice else quiz.time_limit,
        deadline=None if practice else deadline_for(user, quiz, moment),
    )
    answers = drawn_for(attempt)
    attempt.save(force_insert=True)
    Answer.objects.bulk_create(answers)
    return attempt, True


def keep_questions(quiz: Quiz) -> None:
    """Hold off whoever would take away questions or options that nobody was asked yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM assessments_quiz WHERE id = %s FOR KEY SHARE",
            [quiz.pk],
        )


DRAWN_FIELDS = ("bank", "points", "shuffle", "position")


def drawn_for(attempt: Attempt) -> list[Answer]:
    """Draw the questions of a new attempt. Raises NothingToAsk."""
    rows = list(Question.objects.live().filter(quiz=attempt.quiz).in_order().only(*DRAWN_FIELDS))
    options: dict[UUID, list[UUID]] = {}
    shown = Option.objects.filter(question__in=rows, deleted_at=None).order_by("position", "id")
    for question, option in shown.values_list("question_id", "id"):
        options.setdefault(question, []).append(option)
    before = Answer.objects.filter(attempt__user=attempt.user, attempt__quiz=attempt.quiz)
    drawn = draw(
        [
            Candidate(row.pk, row.bank_id, tuple(options.get(row.pk, ())), row.shuffle)
            for row in rows
        ],
        dict(Bank.objects.filter(quiz=attempt.quiz).values_list("id", "pick")),
        seen=Counter(before.values_list("question_id", flat=True)),
        shuffle=attempt.quiz.shuffle,
        chance=SystemRandom(),
    )
    points = {row.pk: row.points for row in rows}
    if not any(points[one.id] for one in drawn):
        raise NothingToAsk
    return [
        Answer(attempt=attempt, question_id=one.id, position=place, option_order=list(one.options))
        for place, one in enumerate(drawn, start=1)
    ]


def finish_attempt(attempt: Attempt) -> Finished:
    """Close the attempt at its learner's wish and score it. Raises as `finish_own` does."""
    return finish_own(attempt.user, attempt.pk)


@transaction.atomic
def finish_own(user: User, key: UUID) -> Finished:
    """The same for the person's attempt with that key: read once, when it is locked.

    Past the grace it is closed by the clock, with what was saved. Raises Attempt.DoesNotExist,
    AlreadySubmitted, NotEnrolled, PlanRequired.
    """
    place = lock_place_by(user, key)
    attempt = Attempt.objects.of(user).with_quiz().locked(key)
    finished = close_locked(attempt, attempt, place, attempt.moment, by_clock=False)
    if finished is None:
        raise AlreadySubmitted
    return finished


def lock_place_by(user: User, key: UUID) -> Enrollment | None:
    """Lock the person's place in the course of the attempt with that key, as `lock_place` does."""
    places = Enrollment.objects.of(user).filter(course__lessons__quiz__attempts=key)
    return places.select_for_update(of=("self",)).first()


@transaction.atomic
def close(
    attempt: Attempt, *, by_clock: bool = False, at: datetime | None = None
) -> Finished | None:
    """Score an open attempt and close it, once; None if it was closed before.

    `by_clock` closes what is overdue and nothing else, whoever may still learn in the course.
    `at` dates a history brought in from elsewhere.
    """
    place = lock_place(attempt.user, attempt.quiz.lesson.course)
    locked = Attempt.objects.locked(attempt.pk)
    return close_locked(attempt, locked, place, at or locked.moment, by_clock=by_clock)


def close_locked(
    attempt: Attempt, locked: Attempt, place: Enrollment | None, moment: datetime, *, by_clock: bool
) -> Finished | None:
    """Close an attempt that is held as `locked`, and its learner's place before it."""
    overdue = is_overdue(locked, moment)
    if not locked.is_open or (by_clock and not overdue):
        return None
    if not by_clock:
        require_place(attempt.user, place, attempt.quiz.lesson.course)
    attempt.status = Attempt.Status.EXPIRED if overdue else Attempt.Status.SUBMITTED
    attempt.closed_at = moment
    attempt.is_late = not overdue and bool(locked.deadline and moment > locked.deadline)
    answers, keys = answers_of(attempt)
    set_score(attempt, mark_answers(answers, keys))
    write_marks(attempt, answers)
    return tell(attempt, place, moment, sum(answer.is_answered for answer in answers))


def tell(attempt: Attempt, place: Enrollment | None, moment: datetime, answered: int) -> Finished:
    """Record that an attempt was finished, and what passing it brings, once for ever.

    One that nobody closed in time has ended with its clock, whenever somebody looked.
    """
    if attempt.is_practice:
        return Finished(attempt)
    quiz, lesson = attempt.quiz, attempt.quiz.lesson
    data = {
        "title": lesson.title,
        "url": quiz.get_absolute_url(),
        "percent": attempt.percent,
        "passed": attempt.passed,
        "pass_percent": quiz.pass_percent,
        "answered": answered,
        "quiz": str(quiz.pk),
        "course": str(lesson.course_id),
        "course_title": lesson.course.title,
    }
    subject, ended = f"attempt:{attempt.pk}", attempt.ended_at
    record(attempt.user, Event.Kind.ATTEMPT_FINISHED, subject, data, at=ended)
    if not attempt.passed:
        return Finished(attempt)
    record(attempt.user, Event.Kind.QUIZ_PASSED, f"quiz:{quiz.pk}", data, at=ended)
    completed = False
    # A door that is closed just now waits: the sweep tries again.
    if place and lesson.is_live and may_learn(attempt.user, place, lesson.course):
        completed = mark_complete(attempt.user, place, lesson, moment, ended).first
    return Finished(attempt, completed)


def settle(user: User, quiz: Quiz) -> int:
    """Close what this person has open past its time in this quiz; return how many."""
    return close_all(overdue().filter(user=user, quiz=quiz))


def close_overdue(limit: int = 500) -> int:
    """Close attempts past deadline and grace with what was saved; return how many."""
    return close_all(overdue().order_by("deadline")[:limit])


def overdue() -> QuerySet[Attempt]:
    return Attempt.objects.open().overdue(GRACE).with_quiz()


def close_all(attempts: Iterable[Attempt]) -> int:
    """Close one after the other; one that cannot be closed is logged and holds up no other."""
    closed = 0
    for attempt in attempts:
        try:
            closed += close(attempt, by_clock=True) is not None
        except Exception:
            logger.exception("Attempt %s could not be closed", attempt.pk)
    return closed

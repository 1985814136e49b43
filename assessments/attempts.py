"""Beginning an attempt and closing it.

Locks are taken in one order: enrolment, then attempt, then what completing a lesson locks. Every
change of an attempt holds its row, so what is read after the lock is what stands.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from random import SystemRandom
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import User
from activity.actions import record
from activity.models import Event
from assessments.clock import GRACE, deadline_for, is_overdue, read_clock
from assessments.drawing import Candidate, draw
from assessments.errors import AlreadySubmitted, NothingToAsk
from assessments.history import history_of
from assessments.marking import SCORE_FIELDS, keys_of, mark_answers, set_score
from assessments.models import Answer, Attempt, Bank, Option, Question, Quiz
from courses.models import Lesson
from enrollments.access import lock_place, require_enrollment
from enrollments.errors import EnrollmentRefused
from enrollments.models import Enrollment
from progress.actions import complete_lesson, live_lesson
from progress.errors import LessonGone
from progress.models import LessonProgress


@dataclass(frozen=True, slots=True)
class Finished:
    """A closed attempt. `first_pass`: it is the first by which the learner passed.

    What followed from it carries the moment `at`.
    """

    attempt: Attempt
    first_pass: bool
    at: datetime


@transaction.atomic
def start_attempt(
    user: User, quiz: Quiz, *, practice: bool = False, at: datetime | None = None
) -> tuple[Attempt, bool]:
    """Begin an attempt, or return the one that is open; the flag says whether it is new.

    `at` dates a history brought in from elsewhere; the clock is the database's otherwise.
    Raises LessonGone, NotEnrolled, PlanRequired, NothingToAsk, NoAttemptsLeft, TooSoon, NoPractice.
    """
    lesson = live_lesson(quiz.lesson)
    require_enrollment(user, lesson.course, lock=True)
    moment = at or read_clock()
    history = history_of(user, quiz, moment)
    going_on = history.open_practice if practice else history.open
    if going_on and not is_overdue(going_on, moment):
        return going_on, False
    if going_on:
        close(going_on.pk, by_clock=True)
        history = history_of(user, quiz, moment)
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
        active_at=moment,
        deadline=None if practice else deadline_for(user, quiz, moment),
    )
    answers = drawn_for(attempt)
    attempt.save(force_insert=True)
    Answer.objects.bulk_create(answers)
    return attempt, True


def drawn_for(attempt: Attempt) -> list[Answer]:
    """Draw the questions of a new attempt. Raises NothingToAsk."""
    rows = list(Question.objects.live().filter(quiz=attempt.quiz).in_order())
    if not any(row.points for row in rows):
        raise NothingToAsk
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
    return [
        Answer(attempt=attempt, question_id=one.id, position=place, option_order=list(one.options))
        for place, one in enumerate(drawn, start=1)
    ]


def finish_attempt(attempt: Attempt) -> Finished:
    """Close the attempt at its learner's wish and score it. Raises AlreadySubmitted.

    Past the grace it is closed by the clock, with what was saved.
    """
    finished = close(attempt.pk)
    if finished is None:
        raise AlreadySubmitted
    return finished


@transaction.atomic
def close(key: UUID, *, by_clock: bool = False, at: datetime | None = None) -> Finished | None:
    """Score an open attempt and close it, once; None if it was closed before.

    `by_clock` closes only what is overdue. `at` dates a history brought in from elsewhere.
    """
    attempt = Attempt.objects.select_related("user", "quiz__lesson__course").get(pk=key)
    lock_place(attempt.user, attempt.quiz.lesson.course)
    locked = Attempt.objects.locked(key)
    moment = at or locked.moment
    overdue = is_overdue(locked, moment)
    if not locked.is_open or (by_clock and not overdue):
        return None
    attempt.status = Attempt.Status.EXPIRED if overdue else Attempt.Status.SUBMITTED
    attempt.closed_at = moment
    attempt.is_late = not overdue and bool(locked.deadline and moment > locked.deadline)
    answers = list(attempt.answers.select_related("question"))
    set_score(attempt, mark_answers(answers, keys_of(answer.question for answer in answers)))
    Answer.objects.bulk_update(answers, ["mark"])
    attempt.save(update_fields=[*SCORE_FIELDS, "status", "closed_at", "is_late"])
    return Finished(attempt, tell(attempt, moment), moment)


def tell(attempt: Attempt, moment: datetime) -> bool:
    """Record that an attempt was finished, and what passing it brings, once for ever."""
    if attempt.is_practice:
        return False
    quiz, lesson = attempt.quiz, attempt.quiz.lesson
    data = {
        "title": lesson.title,
        "url": quiz.get_absolute_url(),
        "percent": attempt.percent,
        "course": str(lesson.course_id),
        "course_title": lesson.course.title,
    }
    subject = f"attempt:{attempt.pk}"
    record(attempt.user, Event.Kind.ATTEMPT_FINISHED, subject, data, at=moment)
    if not attempt.passed:
        return False
    first = record(attempt.user, Event.Kind.QUIZ_PASSED, f"quiz:{quiz.pk}", data, at=moment)
    complete_by_passing(attempt.user, lesson, moment)
    return first is not None


def complete_by_passing(user: User, lesson: Lesson, moment: datetime | None = None) -> bool:
    """Complete the lesson of a passed quiz. A closed door waits: the sweep tries again."""
    try:
        with transaction.atomic():
            return complete_lesson(user, lesson, passed=True, at=moment).created
    except (EnrollmentRefused, LessonGone):
        return False


def close_overdue(limit: int = 500) -> int:
    """Close attempts past deadline and grace with what was saved; return how many."""
    due = Attempt.objects.open().filter(deadline__lt=read_clock() - GRACE).order_by("deadline")
    keys = list(due.values_list("pk", flat=True)[:limit])
    return sum(close(key, by_clock=True) is not None for key in keys)


def complete_those_passed(limit: int = 500) -> int:
    """Complete lessons whose quiz was passed while their door was closed; return how many."""
    done = LessonProgress.objects.filter(user=OuterRef("user"), lesson=OuterRef("quiz__lesson"))
    passed = Attempt.objects.counted().filter(~Exists(done), passed=True)
    open_doors = Enrollment.objects.learning().filter(
        user=OuterRef("user"), course=OuterRef("quiz__lesson__course")
    )
    live = Lesson.objects.live().values("pk")
    due = (
        passed.filter(Exists(open_doors), quiz__lesson__in=live)
        .select_related("user", "quiz__lesson")
        .order_by("pk")
    )
    return sum(complete_by_passing(one.user, one.quiz.lesson) for one in due[:limit])

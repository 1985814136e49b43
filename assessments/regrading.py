"""Marking finished attempts again, after the key or the passing score was mended.

A score goes up by itself, and down only at the word of somebody who says why. What followed from
passing stays: a lesson once completed is completed, points once paid are paid.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from activity.actions import record
from activity.models import Event
from assessments.errors import ReasonNeeded
from assessments.marking import keys_of, mark_answers, set_score, write_marks
from assessments.models import Answer, Attempt, Question, Quiz
from assessments.scoring import Key
from enrollments.access import lock_place
from progress.actions import complete_by_passing
from progress.models import LessonProgress

CHUNK = 500
LONGEST_REASON = 500
KEY_FIELDS = ("kind", "points", "accept", "tolerance", "match_case")
MARK_FIELDS = ("attempt", "question", "option_order", "chosen", "text", "mark", "points")


@dataclass(frozen=True, slots=True)
class Change:
    """What marking again makes of an attempt, in percent."""

    attempt: Attempt
    before: int
    after: int
    passed_before: bool
    passed_after: bool

    @property
    def lowered(self) -> bool:
        """Whether anything is taken away, be it only the pass."""
        return self.after < self.before or (self.passed_before and not self.passed_after)

    @property
    def raised(self) -> bool:
        return not self.lowered

    @property
    def newly_passed(self) -> bool:
        """Whether it counts as passed from now on: practice never does."""
        return self.passed_after and not self.passed_before and not self.attempt.is_practice


@dataclass(frozen=True, slots=True)
class Outcome:
    """An attempt and its answers as the key marks them now, not saved yet.

    `change` is None where neither percent nor pass moves; `differs` says whether any mark does.
    """

    attempt: Attempt
    answers: list[Answer]
    change: Change | None
    differs: bool


def ignore(count: int) -> None:
    """Nobody watches how far it is."""


def preview(quiz: Quiz, *, lower: bool = True) -> list[Change]:
    """What would change if everything were marked again; without `lower`, only what goes up."""
    return list(changes(quiz, lower=lower))


def changes(
    quiz: Quiz, *, lower: bool = True, on_chunk: Callable[[int], object] = ignore
) -> Iterator[Change]:
    """The same one by one, for those who count. Nothing is written.

    Two queries for the key and two for each chunk of attempts, which is all that is in memory.
    """
    keys = keys_of_quiz(quiz)
    for attempts in chunks_of(quiz):
        for one in outcomes(attempts, keys, lower=lower):
            if one.change:
                yield one.change
        on_chunk(len(attempts))


def completions_after(quiz: Quiz, passing: Collection[UUID]) -> int:
    """How many of those who pass now have not completed the lesson yet. One query."""
    done = LessonProgress.objects.filter(lesson=quiz.lesson_id, user__in=passing)
    return len(passing) - done.count()


def regrade(
    quiz: Quiz,
    *,
    by: User | None,
    lower: bool = False,
    reason: str = "",
    on_chunk: Callable[[int], object] = ignore,
) -> list[Change]:
    """Mark everything again, each attempt in a transaction of its own; return what changed.

    It may be killed and run again: a second run finds nothing to do. Raises ReasonNeeded.
    """
    reason = reason.strip()
    if lower and not reason:
        raise ReasonNeeded
    quiz = Quiz.objects.select_related("lesson__course").get(pk=quiz.pk)
    keys, done = keys_of_quiz(quiz), list[Change]()
    for attempts in chunks_of(quiz):
        # One that is open here may be about to close with the key of a moment ago.
        due = [one.pk for one in attempts if one.is_open]
        due += [one.attempt.pk for one in outcomes(attempts, keys, lower=lower) if one.differs]
        for key in due:
            if change := mark_one_again(key, quiz, lower=lower, reason=reason):
                done.append(change)
        on_chunk(len(attempts))
    if by:
        sign(quiz, by, done, reason)
    return done


@transaction.atomic
def mark_one_again(key: UUID, quiz: Quiz, *, lower: bool, reason: str) -> Change | None:
    """Mark one attempt again under its locks, by the key as it stands then."""
    user = User.objects.get(attempts=key)
    lock_place(user, quiz.lesson.course)
    attempt = Attempt.objects.locked(key)
    attempt.user, attempt.quiz = user, quiz
    for one in outcomes([attempt], keys_of_quiz(quiz), lower=lower):
        if one.differs:
            write_marks(attempt, one.answers)
        if one.change:
            record_change(one.change, reason)
        return one.change
    return None


def record_change(change: Change, reason: str) -> None:
    """Record what became of an attempt that counts, and what passing it brings."""
    attempt, moment = change.attempt, change.attempt.moment
    if attempt.is_practice:
        return
    user, quiz, lesson = attempt.user, attempt.quiz, attempt.quiz.lesson
    data = {
        "title": lesson.title,
        "url": quiz.get_absolute_url(),
        "quiz": str(quiz.pk),
        "course": str(lesson.course_id),
        "course_title": lesson.course.title,
    }
    again = {
        **data,
        "before": change.before,
        "after": change.after,
        "passed": change.passed_after,
        "pass_percent": quiz.pass_percent,
        "reason": reason,
    }
    # The moment is in it: a score may rise, fall and rise again, and each time is told.
    subject = f"regrade:{attempt.pk}:{moment:%Y%m%dT%H%M%S%f}"
    record(user, Event.Kind.ATTEMPT_REGRADED, subject, again, at=moment)
    if change.newly_passed:
        passed = {**data, "percent": change.after}
        ended = attempt.ended_at or moment
        record(user, Event.Kind.QUIZ_PASSED, f"quiz:{quiz.pk}", passed, at=ended)
        complete_by_passing(user, lesson, ended, moment)


def sign(quiz: Quiz, by: User, done: list[Change], reason: str) -> None:
    """Write into the quiz's history in the admin who had it marked again."""
    down = sum(one.lowered for one in done)
    said = (
        _("Marked again: %(value)s up, %(down)s down. %(reason)s")
        % {"value": len(done) - down, "down": down, "reason": reason}
    ).strip()
    rows = Quiz.objects.filter(pk=quiz.pk)
    with transaction.atomic():
        LogEntry.objects.log_actions(by.pk, rows, CHANGE, said, single_object=True)
        audit.note("REGRADED", quiz, by=by, reason=reason, changed=len(done))


def chunks_of(quiz: Quiz) -> Iterator[list[Attempt]]:
    """Its attempts, open ones too, in the order of their keys.

    Not those of people who were erased: what they answered is not there to be marked.
    """
    rows = Attempt.objects.filter(quiz=quiz, user__deleted_at=None).select_related("user")
    rows = rows.order_by("pk")
    last = UUID(int=0)
    while attempts := list(rows.filter(pk__gt=last)[:CHUNK]):
        for attempt in attempts:
            attempt.quiz = quiz
        yield attempts
        last = attempts[-1].pk


def keys_of_quiz(quiz: Quiz) -> dict[UUID, Key]:
    """The key of every question the quiz has or had. Two queries."""
    return keys_of(Question.objects.filter(quiz=quiz).only(*KEY_FIELDS))


def outcomes(
    attempts: Iterable[Attempt], keys: dict[UUID, Key], *, lower: bool
) -> Iterator[Outcome]:
    """What becomes of those that are finished. One query.

    Open questions pay nothing, so their long texts stay in the database.
    """
    closed = [one for one in attempts if not one.is_open]
    rows = Answer.objects.filter(attempt__in=closed).exclude(question__kind=Question.Kind.OPEN)
    answers: dict[UUID, list[Answer]] = {one.pk: [] for one in closed}
    for answer in rows.only(*MARK_FIELDS).order_by():
        answers[answer.attempt_id].append(answer)
    for attempt in closed:
        yield mark_again(attempt, answers[attempt.pk], keys, lower=lower)


def mark_again(
    attempt: Attempt, answers: list[Answer], keys: dict[UUID, Key], *, lower: bool
) -> Outcome:
    """Set the score that the key gives now, without saving it.

    Unless scores are lowered too, an attempt that would fall keeps all its marks, and one that
    was passed stays so.
    """
    old, old_marks = score_of(attempt), marks_of(answers)
    before, passed_before = attempt.percent or 0, bool(attempt.passed)
    set_score(attempt, mark_answers(answers, keys))
    if not lower:
        if falls(old, score_of(attempt)):
            attempt.score, attempt.out_of, attempt.percent = old
            for answer, kept in zip(answers, old_marks, strict=True):
                answer.mark, answer.points = kept
        attempt.passed = passed_before or (attempt.percent or 0) >= attempt.quiz.pass_percent
    change = Change(attempt, before, attempt.percent or 0, passed_before, bool(attempt.passed))
    moved = (change.before, change.passed_before) != (change.after, change.passed_after)
    marked = (old, old_marks) != (score_of(attempt), marks_of(answers))
    return Outcome(attempt, answers, change if moved else None, moved or marked)


Points = tuple[Decimal, Decimal, int]


def score_of(attempt: Attempt) -> Points:
    return attempt.score or Decimal(0), attempt.out_of or Decimal(0), attempt.percent or 0


def marks_of(answers: Iterable[Answer]) -> list[tuple[Decimal | None, Decimal | None]]:
    """What each answer earned, and what its question paid then."""
    return [(one.mark, one.points) for one in answers]


def falls(old: Points, new: Points) -> bool:
    """Whether the part of the points that was reached is smaller now, be it by a hair."""
    return new[2] < old[2] or new[0] * old[1] < old[0] * new[1]

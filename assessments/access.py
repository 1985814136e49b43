"""Who may open which quiz, attempt, assignment and submission: with permission, or 404."""

from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from assessments.attempts import close, settle
from assessments.clock import is_overdue, read_clock
from assessments.history import History, history_of
from assessments.models import Answer, Assignment, Attempt, Question, Quiz, Run, Submission
from assessments.models.attempt import CLOCK
from courses.models import Lesson

COURSE_FIELDS = tuple(
    f"quiz__lesson__course__{name}"
    for name in (
        *("title", "slug", "status", "required_plan", "deleted_at"),
        *("language", "language__required_plan"),
    )
)
# The moment by the database's clock, on rows that have a place for it.
AT = {"moment": CLOCK}
LONG_TEXTS = (
    "lesson__course__description", "lesson__course__description_html", "lesson__course__search",
)  # fmt: skip
# What reviewers and staff alone read of it.
UNSHOWN = ("review__note", "review__earlier", "model_run__prompt", "model_run__answer")


def live_quiz(key: UUID) -> Quiz:
    """Return the quiz of a lesson that learners can see; its door may still be closed."""
    rows = Quiz.objects.select_related("lesson__course__language", "lesson__module").defer(
        *LONG_TEXTS
    )
    quiz = rows.filter(pk=key, lesson__in=Lesson.objects.live()).first()
    if quiz is None:
        raise Http404(_("No such quiz."))
    return quiz


def quiz_of_lesson(lesson: Lesson) -> Quiz | None:
    """The quiz that a lesson consists of, if it is one."""
    if lesson.kind != Lesson.Kind.QUIZ:
        return None
    quiz = Quiz.objects.filter(lesson=lesson).first()
    if quiz is not None:
        quiz.lesson = lesson
    return quiz


def assignment_of_lesson(lesson: Lesson) -> Assignment | None:
    """The assignment that a lesson consists of, if it is one. Without its solution."""
    if lesson.kind != Lesson.Kind.ASSIGNMENT:
        return None
    found = Assignment.objects.defer("solution").filter(lesson=lesson).first()
    if found is not None:
        found.lesson = lesson
    return found


def own_attempt(user: User, key: UUID) -> Attempt:
    """Return the person's own attempt, with the clock; another's is no more there than none."""
    attempt = Attempt.objects.of(user).with_quiz().with_moment().filter(pk=key).first()
    if attempt is None:
        raise Http404(_("No such attempt."))
    return attempt


def settled_attempt(user: User, key: UUID) -> Attempt:
    """The same, closed if its time has run out."""
    attempt = own_attempt(user, key)
    if attempt.is_open and is_overdue(attempt, attempt.moment):
        close(attempt, by_clock=True)
        attempt = own_attempt(user, key)
    return attempt


def settled_history(user: User, quiz: Quiz) -> History:
    """What the person has done in the quiz, after closing what has run out."""
    moment = read_clock()
    history = history_of(user, quiz, moment)
    if not any(is_overdue(one, moment) for one in history.attempts if one.is_open):
        return history
    settle(user, quiz)
    return history_of(user, quiz, moment)


def asked_question(user: User, key: UUID) -> Question:
    """Return a question that the person has been asked."""
    asked = Answer.objects.filter(question=OuterRef("pk"), attempt__user=user)
    rows = Question.objects.filter(Exists(asked), pk=key).select_related(
        "quiz__lesson__course__language"
    )
    # The key stays where it is: the quiz may still be going on.
    question = rows.only("prompt_html", "quiz__lesson__title", *COURSE_FIELDS).first()
    if question is None:
        raise Http404(_("No such question."))
    return question


def live_assignment(key: UUID) -> Assignment:
    """Return the assignment of a lesson that learners can see; its door may still be closed."""
    rows = Assignment.objects.select_related("lesson__course__language", "lesson__module")
    found = rows.defer("solution", *LONG_TEXTS).filter(pk=key, lesson__in=Lesson.objects.live())
    assignment = found.first()
    if assignment is None:
        raise Http404(_("No such assignment."))
    return assignment


def own_submission(user: User, key: UUID) -> Submission:
    """Return the person's own submission, what goes on about it, and the clock.

    `is_replaced`: something newer was handed in.
    """
    longs = (f"assignment__{name}" for name in ("solution", "starter", "hints", *LONG_TEXTS))
    theirs = Submission.objects.of(user).graded().standing()
    later = theirs.filter(assignment=OuterRef("assignment"), number__gt=OuterRef("number"))
    texts = ("assignment__lesson__content", "assignment__lesson__content_html", *UNSHOWN)
    found = (
        Submission.objects.of(user)
        .with_assignment()
        .select_related("help_request", "review__reviewer", "model_run")
        .defer(*longs, *texts)
        .annotate(**AT, is_replaced=Exists(later))
        .filter(pk=key)
        .first()
    )
    if found is None:
        raise Http404(_("No such submission."))
    return found


def own_run(user: User | None, key: UUID) -> Run:
    """Return the person's own run, or one that a guest asked for, with the clock."""
    rows = Run.objects.of(user).select_related("lesson__course__language", "lesson__module")
    longs = ("lesson__content", "lesson__content_html", *LONG_TEXTS)
    found = rows.defer(*longs).annotate(**AT).filter(pk=key).first()
    if found is None:
        raise Http404(_("No such run."))
    return found

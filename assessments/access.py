"""Who may open which quiz and which attempt: fetched with permission, or 404."""

from uuid import UUID

from django.http import Http404

from accounts.models import User
from assessments.models import Attempt, Question, Quiz
from courses.models import Lesson

LONG_TEXTS = (
    "lesson__course__description", "lesson__course__description_html", "lesson__course__search",
)  # fmt: skip


def live_quiz(key: UUID) -> Quiz:
    """Return the quiz of a lesson that learners can see; its door may still be closed."""
    rows = Quiz.objects.select_related("lesson__course", "lesson__module").defer(*LONG_TEXTS)
    quiz = rows.filter(pk=key, lesson__in=Lesson.objects.live()).first()
    if quiz is None:
        raise Http404("No such quiz.")
    return quiz


def quiz_of_lesson(lesson: Lesson) -> Quiz | None:
    """The quiz that a lesson consists of, if it is one."""
    if lesson.kind != Lesson.Kind.QUIZ:
        return None
    quiz = Quiz.objects.filter(lesson=lesson).first()
    if quiz is not None:
        quiz.lesson = lesson
    return quiz


def own_attempt(user: User, key: UUID) -> Attempt:
    """Return the person's own attempt, with the clock; another's is no more there than none."""
    rows = Attempt.objects.of(user).with_moment().select_related("quiz__lesson__course")
    attempt = rows.defer(*(f"quiz__{name}" for name in LONG_TEXTS)).filter(pk=key).first()
    if attempt is None:
        raise Http404("No such attempt.")
    return attempt


def asked_question(user: User, key: UUID) -> Question:
    """Return a question that the person has been asked."""
    rows = Question.objects.filter(pk=key, answers__attempt__user=user)
    question = rows.select_related("quiz__lesson__course").distinct().first()
    if question is None:
        raise Http404("No such question.")
    return question

"""What keeps quizzes from being published: the floor of courses knows lessons only."""

from collections.abc import Iterable

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from assessments.models import Bank, Question, Quiz
from courses.actions import problems_before_publishing
from courses.checks import Problem, error, warning
from courses.errors import NotReady
from courses.models import Course, Lesson

NOTHING_PAYS = "The quiz has no question that pays points: nobody could pass it."


def problems_of_quizzes(lessons: QuerySet[Lesson]) -> list[Problem]:
    """Judge those of the lessons that are quizzes. Two queries."""
    paying = Question.objects.live().filter(quiz__lesson=OuterRef("pk"), points__gt=0)
    empty = lessons.filter(~Exists(paying), kind=Lesson.Kind.QUIZ)
    titles = empty.order_by("module__position", "position", "id").values_list("title", flat=True)
    return [error("quiz", NOTHING_PAYS, title) for title in titles] + _short_banks(lessons)


def _short_banks(lessons: QuerySet[Lesson]) -> list[Problem]:
    live = Count("questions", filter=Q(questions__deleted_at=None))
    banks = Bank.objects.filter(quiz__lesson__in=lessons).annotate(live=live)
    return [
        warning(
            "bank",
            f"The bank “{bank.name}” has {bank.live} of the {bank.pick} questions to be picked.",
            bank.quiz.lesson.title,
        )
        for bank in banks.filter(live__lt=F("pick")).select_related("quiz__lesson")
    ]


def lacks_questions(lesson: Lesson) -> bool:
    """Whether it is a quiz that nobody could pass."""
    paying = Question.objects.live().filter(quiz__lesson=lesson.pk, points__gt=0)
    return lesson.kind == Lesson.Kind.QUIZ and not paying.exists()


def refuse_empty_quiz(lesson: Lesson) -> None:
    """Raises NotReady for a quiz that nobody could pass."""
    if lacks_questions(lesson):
        raise NotReady([error("quiz", NOTHING_PAYS)])


def refuse_empty_quizzes(course: Course) -> None:
    """Raises NotReady, with all that is to be mended, if a published quiz cannot be passed."""
    found = only_errors(problems_of_quizzes(course.lessons.shown()))
    if found and not course.is_published:
        raise NotReady([*only_errors(problems_before_publishing(course)), *found])


def only_errors(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.is_error]


def problems_of_quiz(quiz: Quiz) -> list[Problem]:
    """Judge one quiz."""
    return problems_of_quizzes(Lesson.objects.filter(pk=quiz.lesson_id))

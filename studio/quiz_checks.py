"""What keeps quizzes from being published: the floor of courses knows lessons only."""

from collections.abc import Iterable

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Bank, Question, Quiz
from courses.actions import problems_before_publishing
from courses.checks import Problem, error, warning
from courses.errors import NotReady
from courses.models import Course, Lesson

MAY_PAY_NOTHING = gettext_lazy(
    "An attempt may draw only questions that pay no points, and cannot begin then. "
    "Let a bank pick more, or take what pays nothing out of it."
)
NOTHING_PAYS = gettext_lazy("The quiz has no question that pays points: nobody could pass it.")


def problems_of_quizzes(lessons: QuerySet[Lesson]) -> list[Problem]:
    """Judge those of the lessons that are quizzes. Three queries."""
    paying = Question.objects.live().filter(quiz__lesson=OuterRef("pk"), points__gt=0)
    empty = lessons.filter(~Exists(paying), kind=Lesson.Kind.QUIZ)
    found = [error("quiz", str(NOTHING_PAYS), title) for title in _titles(empty)]
    lucky = lessons.filter(Exists(paying), ~Exists(paying.filter(bank=None)), ~Exists(_surely()))
    found += [warning("quiz", str(MAY_PAY_NOTHING), title) for title in _titles(lucky)]
    return found + _short_banks(lessons)


def _titles(lessons: QuerySet[Lesson]) -> QuerySet[Lesson, str]:
    rows = lessons.order_by("module__position", "position", "id")
    return rows.values_list("title", flat=True)


def _surely() -> QuerySet[Bank]:
    """Banks of a lesson's quiz that pick more questions than they have that pay nothing."""
    live = Q(questions__deleted_at=None)
    banks = Bank.objects.filter(quiz__lesson=OuterRef("pk")).order_by()
    counted = banks.annotate(
        paying=Count("questions", filter=live & Q(questions__points__gt=0)),
        free=Count("questions", filter=live & Q(questions__points=0)),
    )
    return counted.filter(paying__gt=0, pick__gt=F("free"))


def _short_banks(lessons: QuerySet[Lesson]) -> list[Problem]:
    live = Count("questions", filter=Q(questions__deleted_at=None))
    banks = Bank.objects.filter(quiz__lesson__in=lessons).annotate(live=live)
    return [
        warning(
            "bank",
            _("The bank “%(name)s” has %(live)s of the %(pick)s questions to be picked.")
            % {"name": bank.name, "live": bank.live, "pick": bank.pick},
            bank.quiz.lesson.title,
        )
        for bank in banks.filter(live__lt=F("pick")).select_related("quiz__lesson")
    ]


def lacks_questions(lesson: Lesson) -> bool:
    """Whether it is a quiz that nobody could pass."""
    paying = Question.objects.live().filter(quiz__lesson=lesson.pk, points__gt=0)
    return lesson.kind == Lesson.Kind.QUIZ and not paying.exists()


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

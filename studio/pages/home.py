"""What the first page of the authors' desk shows: how all courses go, and every quiz."""

from dataclasses import dataclass
from itertools import groupby

from django.core.paginator import Page, Paginator

from assessments.models import Quiz
from assessments.tallies import Tally, tallies
from courses.models import Course, Lesson
from studio.pages.all_insights import AllInsights, all_insights
from studio.pages.waiting import Waiting, waiting

LONG_TEXTS = (
    "lesson__content", "lesson__content_html", "lesson__course__description",
    "lesson__course__description_html", "lesson__course__search",
)  # fmt: skip
IN_ORDER = (
    "lesson__course__title", "lesson__course", "lesson__module__position", "lesson__module",
    "lesson__position", "pk",
)  # fmt: skip
PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class HomePage:
    """Courses with their quizzes and numbers."""

    page: Page[Quiz]
    courses: list[tuple[Course, list[tuple[Quiz, Tally]]]]
    waiting: Waiting
    insights: AllInsights


def home_page(number: str) -> HomePage:
    """Nine queries."""
    quizzes = (
        Quiz.objects.filter(lesson__in=Lesson.objects.with_drafts())
        .select_related("lesson__course")
        .defer(*LONG_TEXTS)
        .order_by(*IN_ORDER)
    )
    page: Page[Quiz] = Paginator(quizzes, PER_PAGE).get_page(number)
    rows = list(page.object_list)
    counted = tallies(rows)
    courses = [
        (course, [(quiz, counted[quiz.pk]) for quiz in group])
        for course, group in groupby(rows, key=lambda quiz: quiz.lesson.course)
    ]
    return HomePage(page, courses, waiting(), all_insights())

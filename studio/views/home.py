"""The first page of the authors' desk: every quiz, course by course."""

from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.models import QuestionReport, Quiz
from assessments.tallies import tallies
from courses.models import Lesson
from studio.access import staff_only

LONG_TEXTS = (
    "lesson__content", "lesson__content_html", "lesson__course__description",
    "lesson__course__description_html", "lesson__course__search",
)  # fmt: skip
IN_ORDER = (
    "lesson__course__title", "lesson__course", "lesson__module__position", "lesson__module",
    "lesson__position", "pk",
)  # fmt: skip
PER_PAGE = 50


@require_safe
@staff_only
def home(request: HttpRequest) -> HttpResponse:
    """Courses with their quizzes, drafts too: attempts, pass rate, reports that wait."""
    quizzes = (
        Quiz.objects.filter(lesson__in=Lesson.objects.with_drafts())
        .select_related("lesson__course")
        .defer(*LONG_TEXTS)
        .order_by(*IN_ORDER)
    )
    page = Paginator(quizzes, PER_PAGE).get_page(request.GET.get("page", "1")[:6])
    rows = list(page.object_list)
    counted = tallies(rows)
    courses = [
        (course, [(quiz, counted[quiz.pk]) for quiz in group])
        for course, group in groupby(rows, key=lambda quiz: quiz.lesson.course)
    ]
    waiting = QuestionReport.objects.filter(status=QuestionReport.Status.OPEN).count()
    context = {"page": page, "courses": courses, "waiting": waiting, "nav": "studio"}
    return render(request, "studio/home.html", context)

"""How well the questions of a quiz measure."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.taking_along import taken_along
from assessments.models import Quiz
from studio.access import staff_only
from studio.insights.sheets import sheet
from studio.pages.items import items_page, items_table


@require_safe
@staff_only
def quiz_items(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The numbers of a quiz, and a card for each of its questions, sorted as `sort` says."""
    quiz = quiz_or_404(pk)
    page = items_page(quiz, request.GET.get("sort", ""))
    return render(request, "studio/quiz.html", {"page": page, "quiz": quiz})


@taken_along
@staff_only
def export(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same numbers as a CSV file, a question a line."""
    quiz = quiz_or_404(pk)
    name = f"{quiz.lesson.course.slug}-{quiz.lesson.slug}-questions.csv"
    audit.note("EXPORTED", quiz, what="quiz:questions")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    content = sheet(*items_table(items_page(quiz, "")))
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


def quiz_or_404(pk: UUID) -> Quiz:
    return get_object_or_404(Quiz.objects.select_related("lesson__course"), pk=pk)

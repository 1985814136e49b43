"""How well the questions of a quiz measure."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from assessments.models import Quiz
from studio.access import staff_only
from studio.pages.items import items_page


@require_safe
@staff_only
def quiz_items(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The numbers of a quiz, and a card for each of its questions, sorted as `sort` says."""
    quiz = get_object_or_404(Quiz.objects.select_related("lesson__course"), pk=pk)
    page = items_page(quiz, request.GET.get("sort", ""))
    return render(request, "studio/quiz.html", {"page": page, "quiz": quiz})

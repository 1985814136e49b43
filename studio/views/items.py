"""How well the questions of a quiz measure."""

from typing import get_args
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from assessments.item_reports import Order, quiz_report
from assessments.items import ENOUGH, RELIABLE
from assessments.models import Quiz
from studio.access import staff_only

ORDERS = {"order": "In order", "hardest": "Hardest first", "weakest": "Weakest first"}


@require_safe
@staff_only
def quiz_items(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The numbers of a quiz, and a card for each of its questions, sorted as `sort` says."""
    quiz = get_object_or_404(Quiz.objects.select_related("lesson__course"), pk=pk)
    asked = request.GET.get("sort", "")
    order: Order = next((one for one in get_args(Order) if one == asked), "order")
    report = quiz_report(quiz)
    context = {
        "quiz": quiz,
        "report": report,
        "items": report.sorted_by(order),
        "order": order,
        "orders": ORDERS,
        "enough": ENOUGH,
        "reliable": RELIABLE,
    }
    return render(request, "studio/quiz.html", context)

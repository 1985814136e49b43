"""What the page of a quiz's statistics shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from assessments.item_reports import ItemReport, Order, QuizReport, quiz_report
from assessments.items import ENOUGH, RELIABLE
from assessments.models import Quiz

ORDERS = {"order": "In order", "hardest": "Hardest first", "weakest": "Weakest first"}


@dataclass(frozen=True, slots=True)
class ItemsPage:
    """The numbers of a quiz, and a card for each of its questions in the order asked for."""

    quiz: Quiz
    report: QuizReport
    items: Sequence[ItemReport]
    order: Order

    orders = ORDERS
    enough, reliable = ENOUGH, RELIABLE


def items_page(quiz: Quiz, sort: str) -> ItemsPage:
    """Six queries. Whatever is no order is the author's."""
    order: Order = next((one for one in get_args(Order) if one == sort), "order")
    report = quiz_report(quiz)
    return ItemsPage(quiz, report, report.sorted_by(order), order)

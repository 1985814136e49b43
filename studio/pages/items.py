"""What the page of a quiz's statistics shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from django.utils.translation import gettext_lazy

from assessments.item_reports import ItemReport, OptionReport, Order, QuizReport, quiz_report
from assessments.items import ENOUGH, RELIABLE, SHOWN
from assessments.models import Quiz
from studio.insights.sheets import Cell

ORDERS = {
    "order": gettext_lazy("In order"),
    "hardest": gettext_lazy("Hardest first"),
    "weakest": gettext_lazy("Weakest first"),
}


@dataclass(frozen=True, slots=True)
class ItemsPage:
    """The numbers of a quiz, and a card for each of its questions in the order asked for."""

    quiz: Quiz
    report: QuizReport
    items: Sequence[ItemReport]
    order: Order

    orders = ORDERS
    needed, enough, reliable = SHOWN, ENOUGH, RELIABLE


def items_page(quiz: Quiz, sort: str) -> ItemsPage:
    """Six queries. Whatever is no order is the author's."""
    order: Order = next((one for one in get_args(Order) if one == sort), "order")
    report = quiz_report(quiz)
    return ItemsPage(quiz, report, report.sorted_by(order), order)


def items_table(page: ItemsPage) -> tuple[Sequence[str], Sequence[Sequence[Cell]]]:
    """Every question with its numbers, which stay empty where too few were asked it."""
    header = [
        "question", "kind", "text", "points", "asked", "reliable", "facility", "guess level",
        "corrected facility", "discrimination", "at most", "discriminative efficiency", "omitted",
        "median seconds", "open reports", "options", "findings",
    ]  # fmt: skip
    return header, [line_of(one) for one in page.items]


def line_of(one: ItemReport) -> Sequence[Cell]:
    question, item = one.question, one.item
    measured: Sequence[Cell] = [None] * 8
    if item:
        measured = [
            item.facility, item.guess, item.corrected, item.discrimination,
            item.highest_discrimination, item.efficiency, item.omitted, item.seconds,
        ]  # fmt: skip
    return [
        one.number, question.get_kind_display(), question.prompt, float(question.points),
        one.asked, "yes" if one.is_reliable else "no", *measured, one.waiting,
        "; ".join(said_of(each, one.has_tails) for each in one.options) if item else None,
        " ".join(f"{finding.kind}: {finding.words}" for finding in one.said),
    ]  # fmt: skip


def said_of(one: OptionReport, has_tails: bool) -> str:
    """An option with who chose it: of all; of the best 27 percent and the last, if not too few."""
    choice = one.choice
    right = " (right)" if one.option.is_correct else ""
    tails = f", {choice.top:.0%}, {choice.bottom:.0%}" if has_tails else ""
    return f"{one.letter}{right}: {choice.all:.0%}{tails}"

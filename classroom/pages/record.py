"""Progress and the XP history."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, Sum, Window

from accounts.models import User
from classroom.pages.learning import CourseCard, cards_of, my_places
from gamification.ledger import total_of, xp_by_course
from gamification.levels import Meter
from gamification.models import XPTransaction
from progress.reports import Totals, totals

PER_PAGE = 50


@dataclass(frozen=True)
class CourseRow:
    """One course of mine, and what it has paid."""

    card: CourseCard
    xp: int


@dataclass(frozen=True)
class ProgressPage:
    """All of it at a glance."""

    meter: Meter
    totals: Totals
    rows: list[CourseRow]


def progress_page(user: User) -> ProgressPage:
    """Seven queries."""
    courses = [place.course for place in my_places(user)[:100]]
    xp = xp_by_course(user)
    rows = [CourseRow(card, xp.get(card.course.pk, 0)) for card in cards_of(user, courses)]
    return ProgressPage(Meter(total_of(user)), totals(user), rows)


@dataclass(frozen=True)
class HistoryPage:
    """The ledger, newest first, each entry with the total after it."""

    meter: Meter
    page: Page[Any]


def history_page(user: User, number: str) -> HistoryPage:
    """Three queries."""
    running = Window(Sum("amount"), order_by=[F("created_at").asc(), F("id").asc()])
    entries = (
        XPTransaction.objects.filter(user=user).select_related("reverses").annotate(after=running)
    )
    page = Paginator(entries.order_by("-created_at", "-id"), PER_PAGE).get_page(number)
    return HistoryPage(Meter(total_of(user)), page)

"""Progress and the XP history."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time
from statistics import median
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet, Subquery, Sum, Window
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.prepared import Prepared
from billing.plans import locks_of
from classroom.pages.heatmap import Heatmap
from classroom.pages.learning import CourseCard, cards_of, my_places
from gamification.days import date_of, today_of
from gamification.goals import WEEK, coming_goal, newest_goal, week_of
from gamification.ledger import xp_by_course
from gamification.models import ActiveDay, Multiplier, XPTransaction
from gamification.multipliers import announced
from progress.reports import Totals, totals

PER_PAGE = 50
# This week is set beside so many before it.
WEEKS_BEFORE = 4


@dataclass(frozen=True)
class Bar:
    """A week of the small chart, of so many percent of the largest."""

    monday: date
    lessons: int
    percent: int
    is_this: bool

    @property
    def height(self) -> int:
        """Of a hundred; a week without lessons is a line."""
        return max(self.percent, 2)

    @property
    def top(self) -> int:
        return 100 - self.height


@dataclass(frozen=True)
class WeekStrip:
    """Lessons of this week, beside the four before it and beside one's own goal.

    Weeks before somebody `joined` are none of theirs, unless work from before was brought in.
    """

    today: date
    joined: date
    lessons: Counter[date]
    goal: int
    # The goal from next Monday on, where it is another; 0 can only hold at once.
    coming: int = 0

    @property
    def monday(self) -> date:
        return week_of(self.today)

    @property
    def wanted(self) -> int:
        """The goal that was set last."""
        return self.coming or self.goal

    @property
    def next_monday(self) -> date:
        return self.monday + WEEK

    @property
    def done(self) -> int:
        return self.lessons[self.monday]

    @property
    def before(self) -> list[date]:
        """The Mondays of the weeks before this one, four at most, the oldest first."""
        mondays = [self.monday - n * WEEK for n in range(WEEKS_BEFORE, 0, -1)]
        begun = week_of(self.joined)
        is_older = any(monday < begun for monday in self.lessons)
        return mondays if is_older else [monday for monday in mondays if monday >= begun]

    @property
    def is_short(self) -> bool:
        """Whether these are all the weeks there are."""
        return len(self.before) < WEEKS_BEFORE

    @property
    def usual(self) -> float:
        """The median of the weeks before."""
        return median([self.lessons[monday] for monday in self.before] or [0])

    @property
    def has_past(self) -> bool:
        return any(monday < self.monday for monday in self.lessons)

    @property
    def bars(self) -> list[Bar]:
        most = max([*self.lessons.values(), 1])
        return [
            Bar(day, self.lessons[day], 100 * self.lessons[day] // most, day == self.monday)
            for day in [*self.before, self.monday]
        ]

    @property
    def percent_of_goal(self) -> int:
        return min(100 * self.done // self.goal, 100) if self.goal else 0

    @property
    def is_met(self) -> bool:
        return bool(self.goal) and self.done >= self.goal


def week_strip(user: User) -> WeekStrip:
    """One query over the person's own rows: five weeks of the ledger, and the goals."""
    today = today_of(user)
    start = datetime.combine(week_of(today) - WEEKS_BEFORE * WEEK, time.min, user.zone)
    [(moments, goal, coming)] = WEEKS(user.pk, start, today)
    lessons = Counter(week_of(date_of(moment, user.zone)) for moment in moments)
    joined = date_of(user.date_joined, user.zone)
    return WeekStrip(today, joined, lessons, goal or 0, coming or 0)


def paid_and_goals(user: UUID, start: datetime, today: date) -> QuerySet[User, Any]:
    paid = XPTransaction.objects.filter(
        user_id=user, source_type=XPTransaction.Source.LESSON, created_at__gte=start
    ).order_by()
    goals = Subquery(newest_goal(user, today)), Subquery(coming_goal(user, today))
    return User.objects.filter(pk=user).values_list(
        ArraySubquery(paid.values("created_at")), *goals
    )


WEEKS = Prepared(paid_and_goals, UUID, datetime, date)


@dataclass(frozen=True)
class CourseRow:
    """One course of mine, and what it has paid."""

    card: CourseCard
    xp: int


@dataclass(frozen=True)
class ProgressPage:
    """All of it at a glance."""

    totals: Totals
    rows: list[CourseRow]
    week: WeekStrip | None
    heatmap: Heatmap | None
    multipliers: list[Multiplier]


def progress_page(user: User, speaks: str = "", *, points: bool) -> ProgressPage:
    """Four queries; three more with points, and two where courses need a plan."""
    courses = [place.course for place in my_places(user)[:100]]
    xp = xp_by_course(user)
    cards = cards_of(user, courses, locks_of(courses, user, speaks))
    rows = [CourseRow(card, xp.get(card.course.pk, 0)) for card in cards]
    return ProgressPage(
        totals=totals(user),
        rows=rows,
        week=week_strip(user) if points else None,
        heatmap=heatmap_of(user) if points else None,
        multipliers=list(announced(now(), [one.pk for one in courses])) if points else [],
    )


def heatmap_of(user: User) -> Heatmap:
    """One query over the person's own days of a year."""
    today = today_of(user)
    empty = Heatmap({}, today)
    days = ActiveDay.objects.filter(user=user, date__gte=empty.first, date__lte=today)
    return Heatmap(dict(days.order_by().values_list("date", "events")), today)


@dataclass(frozen=True)
class Line:
    """One entry of the ledger, and what is to be said about it."""

    entry: XPTransaction

    @property
    def is_multiplied(self) -> bool:
        return self.entry.factor != 1 and self.entry.reverses_id is None

    @property
    def off_boards(self) -> str:
        """Why it does not count on boards; nothing where it does, or takes something back."""
        if self.entry.board_points or self.entry.reverses_id:
            return ""
        if self.entry.source_type == XPTransaction.Source.LESSON:
            return _("Not on boards: many lessons were marked within a few minutes")
        return _("Not on boards: they count learning alone")


@dataclass(frozen=True)
class HistoryPage:
    """The ledger, newest first, each entry with the total after it."""

    page: Page[Any]

    @property
    def lines(self) -> list[Line]:
        return [Line(entry) for entry in self.page.object_list]


def history_page(user: User, number: str) -> HistoryPage:
    """Two queries."""
    running = Window(Sum("amount"), order_by=[F("created_at").asc(), F("id").asc()])
    entries = (
        XPTransaction.objects.filter(user=user)
        .select_related("reverses", "reversed_by")
        .annotate(after=running)
    )
    page = Paginator(entries.order_by("-created_at", "-id"), PER_PAGE).get_page(number)
    return HistoryPage(page)

"""What staff see of points: whether they do good, what is on, and what waits for somebody."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from activity.models import Event
from courses.models import Course
from gamification import referrals
from gamification.days import today_of
from gamification.levels import Meter
from gamification.models import (
    ActiveDay,
    Challenge,
    Multiplier,
    Pause,
    Policy,
    Referral,
    Season,
    XPTransaction,
)
from gamification.policy import policy
from gamification.school_numbers import SPAN, SchoolNumbers, school_numbers
from studio.motivation_forms import DecisionForm, words_of
from studio.pages.waiting import Waiting, waiting

PER_PAGE = 25
State = Referral.State
Source = XPTransaction.Source


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """`flagged`: referrals that wait for somebody to look."""

    numbers: SchoolNumbers
    policy: Policy
    flagged: int
    multipliers: list[Multiplier]
    seasons: list[Season]
    challenges: list[Challenge]
    moment: datetime
    waiting: Waiting

    span = SPAN.days


def overview_page() -> OverviewPage:
    """Seven queries."""
    moment = now()
    multipliers = Multiplier.objects.filter(ends_at__gt=moment).select_related("course")
    challenges = Challenge.objects.filter(is_published=True, closes_at__gt=moment)
    return OverviewPage(
        numbers=school_numbers(),
        policy=policy(),
        flagged=referrals.to_look_at().count(),
        multipliers=list(multipliers.order_by("starts_at")),
        seasons=list(Season.objects.filter(closed_at=None).order_by("starts_at")),
        challenges=list(challenges.order_by("opens_at")),
        moment=moment,
        waiting=waiting(),
    )


@dataclass(frozen=True, slots=True)
class ListPage[Row]:
    """Rows of a kind, page by page, and the moment by which they are over or to come."""

    page: Page[Row]
    moment: datetime
    waiting: Waiting


def listed[Row](rows: QuerySet[Row], number: str) -> ListPage[Row]:  # type: ignore[type-var]
    page: Page[Row] = Paginator(rows, PER_PAGE).get_page(number[:6])
    page.object_list = list(page.object_list)
    return ListPage(page, now(), waiting())


def multipliers_page(number: str) -> ListPage[Multiplier]:
    """Three queries."""
    return listed(Multiplier.objects.select_related("course", "made_by"), number)


def seasons_page(number: str) -> ListPage[Season]:
    """Three queries."""
    rows = Season.objects.annotate(goal_count=Count("goals"))
    return listed(rows.order_by("-starts_at"), number)


def challenges_page(number: str) -> ListPage[Challenge]:
    """Three queries."""
    rows = Challenge.objects.select_related("course").annotate(
        task_count=Count("tasks", distinct=True), entry_count=Count("entries", distinct=True)
    )
    return listed(rows.order_by("-opens_at", "id"), number)


def courses_with_tasks() -> QuerySet[Course]:
    """Courses whose assignments can be tasks of a challenge."""
    tasks = Q(lessons__kind="ASSIGNMENT", lessons__status="PUBLISHED", lessons__deleted_at=None)
    return Course.objects.published().filter(tasks).distinct().only("title").order_by("title")


def uncounted_page(number: str) -> ListPage[XPTransaction]:
    """Lessons that paid and counted on no board: too many in too short a time. Three queries."""
    rows = XPTransaction.objects.filter(source_type=Source.LESSON, board_points=0)
    return listed(rows.select_related("user", "reversed_by"), number)


# ---- referrals ----------------------------------------------------------------------------------

SHOWN = {
    "": _("To look at"),
    "rewarded": _("Rewarded"),
    "open": _("On the way"),
    "ended": _("Ended"),
}


@dataclass(frozen=True, slots=True)
class ReferralCard:
    """A referral, what is unusual, and the form to decide by where there is something to decide."""

    referral: Referral
    form: DecisionForm | None

    @property
    def flags(self) -> list[str]:
        return words_of(self.referral.flags)

    @property
    def may_accept(self) -> bool:
        referral = self.referral
        return bool(
            referral.flags and referral.state in referrals.OPEN and not referral.decided_by_id
        )


@dataclass(frozen=True, slots=True)
class ReferralsPage:
    page: Page[Referral]
    cards: list[ReferralCard]
    shown: str
    waiting: Waiting

    views = SHOWN


def referrals_page(
    number: str, shown: str, key: UUID | None = None, bound: DecisionForm | None = None
) -> ReferralsPage:
    """Four queries. `bound` is the form that was sent for the referral of that key."""
    shown = shown_by(shown)
    rows = rows_of(shown).select_related("referrer", "referee", "decided_by").annotate(
        lessons=counted(happened("LESSON_COMPLETED")),
        days=counted(ActiveDay.objects.filter(user=OuterRef("referee"))),
        has_passed=Exists(happened("ASSIGNMENT_PASSED", "QUIZ_PASSED")),
    )  # fmt: skip
    page: Page[Any] = Paginator(rows, PER_PAGE).get_page(number[:6])
    cards = [
        ReferralCard(one, bound if bound and one.pk == key else form_of(one))
        for one in page.object_list
    ]
    return ReferralsPage(page, cards, shown, waiting())


def shown_by(given: str) -> str:
    """Which of the lists an address asks for: what waits, if it names none."""
    return given if given in SHOWN else ""


def rows_of(shown: str) -> QuerySet[Referral]:
    if shown == "":
        return referrals.to_look_at()
    states = {
        "rewarded": [State.REWARDED],
        "open": list(referrals.OPEN),
        "ended": [State.REJECTED, State.EXPIRED],
    }
    return Referral.objects.filter(state__in=states[shown]).order_by("-signed_up_at", "id")


def happened(*kinds: str) -> QuerySet[Event]:
    return Event.objects.filter(user=OuterRef("referee"), kind__in=kinds)


def counted(rows: QuerySet[Any]) -> Coalesce:
    """How many of a person's rows there are."""
    counts = rows.order_by().values("user").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counts), 0)


def form_of(referral: Referral) -> DecisionForm | None:
    if referral.state in (State.REJECTED, State.EXPIRED):
        return None
    return DecisionForm(auto_id=f"referral-{referral.pk}-%s")


# ---- one person's points ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Somebody's ledger, newest first."""

    person: User
    meter: Meter
    page: Page[XPTransaction]
    waiting: Waiting


def person_page(person: User, number: str) -> PersonPage:
    """Three queries. The person comes with their standing."""
    rows = XPTransaction.objects.filter(user=person).select_related("actor", "reversed_by")
    page: Page[XPTransaction] = Paginator(rows, PER_PAGE).get_page(number[:6])
    standing = getattr(person, "standing", None)
    return PersonPage(person, Meter(standing.total_xp if standing else 0), page, waiting())


@dataclass(frozen=True, slots=True)
class PausesPage:
    """When somebody's streak waits, the latest first. `today` is by their own calendar."""

    person: User
    pauses: list[Pause]
    today: date
    waiting: Waiting


def pauses_page(person: User) -> PausesPage:
    """Two queries."""
    rows = Pause.objects.filter(user=person).select_related("given_by").order_by("-first")
    return PausesPage(person, list(rows[:PER_PAGE]), today_of(person), waiting())

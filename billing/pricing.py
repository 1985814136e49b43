"""What is for sale, and what each plan opens, as the page of prices shows it."""

from dataclasses import dataclass, replace

from django.db.models import Count, Q, Subquery
from django.utils.translation import gettext, gettext_lazy, ngettext

from accounts.models import User
from accounts.numerals import grouped
from billing.access import is_selling
from billing.amounts import money
from billing.currencies import chosen, most_used
from billing.models import Feature, Plan, Price, Subscription
from billing.models.subscriptions import SubscriptionQuerySet
from billing.offers import SEATED, Offer, ends_of
from courses.models import Course, Tier

Status = Subscription.Status
WAITING = frozenset({Status.INCOMPLETE, Status.UNPAID, Status.PAUSED})
MOST_SEATS = 500
# How many the form begins with.
SEATS_AT_FIRST = 5
KEPT = gettext_lazy("Progress, points and certificates")
SEATS = gettext_lazy("Seats that you give to others")


def sells() -> bool:
    """Whether there is a paid plan that can be bought. One query, none without a key."""
    return is_selling() and Price.objects.offered().exists()


@dataclass(frozen=True, slots=True)
class Column:
    """A plan: what it costs in the chosen currency, and what it opens.

    `is_mine`: the reader pays for it. `is_held`: it is the one that they hold. `is_covered`: what
    they hold opens as much. `sold_in`: the currencies that it has a price in.
    """

    plan: Plan
    offers: list[Offer]
    # How many published courses it opens, those of the plans below included.
    courses: int
    features: frozenset[str]
    is_mine: bool = False
    is_held: bool = False
    is_covered: bool = False
    sold_in: str = ""

    @property
    def is_free(self) -> bool:
        return self.plan.tier == Tier.FREE

    @property
    def is_seated(self) -> bool:
        return self.plan.tier in SEATED

    @property
    def opens(self) -> str:
        return ngettext("%(courses)s course", "%(courses)s courses", self.courses) % {
            "courses": grouped(self.courses)
        }

    @property
    def lines(self) -> list[str]:
        """What the comparison says of this plan, as a list of what is in it."""
        features = [str(one.label) for one in Feature if one in self.features]
        return [self.opens, *features, str(KEPT), *([str(SEATS)] if self.is_seated else [])]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the comparison: what it is about, and what each plan says to it."""

    name: str
    cells: list[str | bool]


@dataclass(frozen=True, slots=True)
class PricingPage:
    """`subscription`: what the reader pays for now, if anything. `waits`: for a payment of theirs.

    Either way, nothing can be bought beside it. `is_currency_fixed`: they can pay in no other.
    """

    columns: list[Column]
    currency: str
    currencies: list[str]
    subscription: Subscription | None = None
    waits: bool = False
    seats: int = SEATS_AT_FIRST
    is_currency_fixed: bool = False

    @property
    def offers(self) -> list[Offer]:
        return [offer for column in self.columns for offer in column.offers]

    @property
    def is_alike(self) -> bool:
        """Whether all that is offered begins alike, and is alike in tax: then it is said once."""
        return len({(offer.start, offer.tax) for offer in self.offers}) == 1

    @property
    def rule(self) -> str:
        """When what is offered is charged, when again, and how it ends, in one sentence."""
        sold = {offer.price.interval for offer in self.offers}
        ends = ends_of(sold)
        if not self.is_alike:
            return gettext("Each plan is charged %(ends)s") % {"ends": ends}
        first = self.offers[0]
        named = {"start": first.start, "tax": first.tax, "ends": ends}
        if first.trial_days:
            return gettext("%(start)s, %(tax)s, %(ends)s") % named
        return gettext("%(start)s, %(tax)s, and then %(ends)s") % named

    @property
    def nothing(self) -> str:
        """What Free costs."""
        return money(0, self.currency)

    @property
    def is_sold_in_currency(self) -> bool:
        return self.currency in self.currencies

    @property
    def rows(self) -> list[Row]:
        columns = self.columns
        return [
            Row(gettext("Courses"), [column.opens for column in columns]),
            *(
                Row(str(feature.label), [feature.value in column.features for column in columns])
                for feature in Feature
            ),
            Row(str(KEPT), [True for _ in columns]),
            Row(str(SEATS), [column.is_seated for column in columns]),
        ]


def courses_of_tiers() -> dict[Tier, int]:
    """How many published courses need each plan. One query."""
    counted = (
        Course.objects.published()
        .order_by()
        .values_list("required_plan", "language__required_plan")
        .annotate(many=Count("pk"))
    )
    found = dict.fromkeys(Tier, 0)
    for own, of_language, many in counted:
        plans = (Tier(own), Tier(of_language or Tier.FREE))
        found[max(plans, key=lambda plan: plan.rank)] += many
    return found


def features_of(plan: Plan, free: Plan | None) -> frozenset[str]:
    """What it opens besides courses: its own, and what is free to all."""
    # A plan that nobody has written about limits nothing.
    given = free.features if free else list(Feature.values)
    return frozenset([*plan.features, *given])


def columns_of(prices: list[Price], currency: str, tries_out: bool) -> list[Column]:
    """FREE and every plan that can be bought, the lowest first. Two queries."""
    known = {Tier(plan.tier): plan for plan in Plan.objects.all()}
    counts, columns, opened = courses_of_tiers(), [], 0
    for tier in Tier:
        opened += counts[tier]
        offered = [price for price in prices if price.plan_id == tier]
        if tier == Tier.FREE or offered:
            plan = known.get(tier) or Plan(tier=tier)
            features = features_of(plan, known.get(Tier.FREE))
            offers = offers_of(offered, currency, tries_out)
            sold_in = ", ".join(sorted({price.currency.upper() for price in offered}))
            columns.append(Column(plan, offers, opened, features, sold_in=sold_in))
    return columns


def offers_of(prices: list[Price], currency: str, tries_out: bool) -> list[Offer]:
    """Those in the currency, by the month first. Nobody tries out twice."""
    there = [price for price in prices if price.currency == currency]
    there.sort(key=lambda price: price.interval != Price.Interval.MONTH)
    return [
        Offer(price, price.trial_days if tries_out else 0, price.plan_id in SEATED)
        for price in there
    ]


def newest_first(user: User) -> SubscriptionQuerySet:
    """The subscription that goes on, then the last one there was, and so on."""
    goes_on = Q(status__in=Subscription.CURRENT)
    mine = Subscription.objects.filter(customer__user=user).annotate(goes_on=goes_on)
    return mine.order_by("-goes_on", "-started_at").select_related("price__plan")


def newest_of(user: User) -> Subscription | None:
    """One query."""
    return newest_first(user).first()


def offered_to(user: User | None) -> tuple[list[Price], str]:
    """What can be bought, and the currency in which the person has paid, if they have.

    One query, none without a key.
    """
    if not is_selling():
        return [], ""
    rows = Price.objects.offered()
    if user is None:
        return list(rows), ""
    used = Subquery(newest_first(user).values("price__currency")[:1])
    prices = list(rows.annotate(used=used))
    return prices, (getattr(prices[0], "used", None) or "") if prices else ""


def suiting(prices: list[Price], asked: str, used: str, languages: str) -> str:
    """The currency to show prices in: whoever has paid can pay in none but that one again."""
    sold = most_used(price.currency for price in prices)
    return chosen("" if used in sold else asked, used, languages, sold)


def as_read(column: Column, mine: Tier | None, held: Tier | None, seats: int) -> Column:
    """The plan as it stands to the reader: what they pay for, hold, and what their seats cost."""
    tier = Tier(column.plan.tier)
    is_covered = held is not None and held.rank >= tier.rank
    offers = [replace(one, seats=seats if one.is_seated else 1) for one in column.offers]
    return replace(
        column, offers=offers, is_mine=tier == mine, is_held=tier == held, is_covered=is_covered
    )


def pricing_page(
    user: User | None, held: Tier | None, asked: str, languages: str, seats: int = SEATS_AT_FIRST
) -> PricingPage | None:
    """None where nothing is sold. Four queries, one of them for those who have an account.

    `asked`: a currency; `seats`: how many somebody wants, 0 if they have not said it well.
    """
    prices, used = offered_to(user)
    if not prices:
        return None
    last = newest_first(user).with_last_paid().first() if user else None
    currency = suiting(prices, asked, used, languages)
    sold = {price.currency for price in prices}
    currencies = [used] if used in sold else sorted(sold)
    columns = columns_of(prices, currency, tries_out=last is None)
    pays = last if last and last.status in Subscription.CURRENT else None
    mine = Tier(pays.price.plan_id) if pays else None
    return PricingPage(
        [as_read(one, mine, held, seats) for one in columns],
        currency,
        currencies,
        pays,
        waits=bool(last and last.status in WAITING),
        seats=seats,
        is_currency_fixed=used in sold,
    )

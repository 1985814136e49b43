"""What the pages about seats show, each in a fixed number of queries."""

from dataclasses import dataclass, replace
from typing import Any, Literal
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models.functions import Lower
from django.utils.timezone import now

from accounts.models import User
from billing import amounts
from billing.errors import GatewayTrouble
from billing.foreseeing import next_total
from billing.models import Seat, Subscription
from billing.places import Places, left_behind, places_of, stands, waiting_seats, with_seats
from billing.seats import has_verified

SEATS_PER_PAGE = 50
NAMED = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A seat as its payer sees it."""

    seat: Seat
    is_waiting: bool

    @property
    def state(self) -> Literal["taken", "waiting", "promised", "ran out"]:
        if self.seat.user_id:
            return "waiting" if self.is_waiting else "taken"
        return "promised" if self.seat.is_promised_at(now()) else "ran out"


@dataclass(frozen=True, slots=True)
class SeatsPage:
    """`waiting`: who has a seat that opens nothing, as fewer are paid for than are taken."""

    subscription: Subscription
    places: Places
    lines: list[Line]
    page: Page[Any]
    waiting: list[Seat]
    left_behind: int

    @property
    def goes_on(self) -> bool:
        return self.subscription.status in Subscription.CURRENT

    @property
    def rate(self) -> str:
        return rate_of(self.subscription, self.subscription.quantity)

    @property
    def named(self) -> list[Seat]:
        return self.waiting[:NAMED]

    @property
    def others(self) -> int:
        return len(self.waiting) - len(self.named)


def rate_of(paid: Subscription, quantity: int) -> str:
    """What so many seats come to: "120 € a month for 10 seats"."""
    price = paid.price
    amount, period = price.amount * quantity, price.get_interval_display()
    return amounts.rate(amount, price.currency, period, quantity)


def subscription_of(user: User) -> Subscription | None:
    """The one with seats that goes on, else the newest that ended. One query."""
    rows = with_seats().filter(customer__user=user).select_related("price__plan", "customer")
    mine = list(rows.order_by("-started_at"))
    return next((one for one in mine if one.status in Subscription.CURRENT), next(iter(mine), None))


def seats_page_of(paid: Subscription, number: str) -> SeatsPage:
    """Four queries; one more where fewer are paid for than are taken."""
    places = places_of(paid)
    waiting = list(waiting_seats(paid).select_related("user")) if places.too_many else []
    keys = {seat.pk for seat in waiting}
    kept = paid.seats.kept().exclude(user__is_active=False).select_related("user")
    page = Paginator(kept.order_by(Lower("email"), "pk"), SEATS_PER_PAGE).get_page(number)
    return SeatsPage(
        subscription=paid,
        places=places,
        lines=[Line(seat, seat.pk in keys) for seat in page],
        page=page,
        waiting=waiting,
        left_behind=left_behind(paid).count() if paid.status in Subscription.CURRENT else 0,
    )


@dataclass(frozen=True, slots=True)
class QuantityPage:
    """What another number of seats would cost, and whom it would touch.

    `next_total`: what the next invoice would come to; None: Stripe does not say so now.
    """

    subscription: Subscription
    places: Places
    quantity: int
    next_total: int | None = None

    @property
    def more(self) -> int:
        return self.quantity - self.places.paid

    @property
    def fewer(self) -> int:
        return -self.more

    @property
    def running_out(self) -> int:
        """How many invitations would stop working."""
        return max(0, self.places.taken + self.places.promised - self.quantity)

    @property
    def too_few(self) -> int:
        """How many people would have to give their seat back first."""
        return max(0, self.places.taken - self.quantity)

    @property
    def rate(self) -> str:
        return rate_of(self.subscription, self.quantity)

    @property
    def rate_now(self) -> str:
        return rate_of(self.subscription, self.places.paid)


def quantity_page(paid: Subscription, quantity: int) -> QuantityPage:
    """Two queries; Stripe is asked besides where the number can be bought."""
    page = QuantityPage(paid, places_of(paid), quantity)
    if not page.more or page.too_few:
        return page
    try:
        total = next_total(paid.stripe_subscription_id, quantity)
    except GatewayTrouble:
        return page
    return replace(page, next_total=total)


State = Literal["open", "guest", "elsewhere", "seated", "yours", "payer", "closed", "gone"]


@dataclass(frozen=True, slots=True)
class InvitationPage:
    seat: Seat
    state: State

    @property
    def payer(self) -> User:
        return self.seat.subscription.customer.user

    @property
    def address(self) -> str:
        """Enough to know one's own address by, and not enough to learn somebody else's."""
        local, _, domain = self.seat.email.partition("@")
        return f"{local[:1]}…@{domain}"


def invitation_page(invitation: str, user: User | None) -> InvitationPage | None:
    """Four queries at most. None: nobody sent it, or it was used up by somebody else."""
    rows = Seat.objects.kept().select_related(
        "subscription__price__plan", "subscription__customer__user"
    )
    seat = rows.filter(invitation=invitation).first()
    if seat is None or seat.user_id not in (None, user.pk if user else None):
        return None
    return InvitationPage(seat, state_of(seat, user))


def state_of(seat: Seat, user: User | None) -> State:
    """What this person can do with the invitation."""
    if user is not None and seat.user_id == user.pk:
        return "yours"
    if seat.is_promised_at(now()) and seat.subscription.status not in Subscription.CURRENT:
        return "closed"
    if not stands(seat):
        return "gone"
    return "guest" if user is None else standing_of(user, seat)


def standing_of(user: User, seat: Seat) -> State:
    """Whether a promise that stands was made to this person, who has no seat yet."""
    if user.pk == seat.subscription.customer.user_id:
        return "payer"
    if not has_verified(user, seat.email):
        return "elsewhere"
    return "seated" if seat.subscription.seats.kept().filter(user=user).exists() else "open"


def held_by(user: User, key: UUID) -> Seat | None:
    """A seat of one's own. One query."""
    rows = Seat.objects.taken().select_related("subscription__customer__user")
    return rows.filter(pk=key, user=user).first()


def paid_by(user: User, key: UUID) -> Seat | None:
    """A seat, or the promise of one, that this person pays for. One query."""
    rows = Seat.objects.kept().select_related("user", "subscription")
    return rows.filter(pk=key, subscription__customer__user=user).first()

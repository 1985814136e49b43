"""A thousand stories of somebody who pays, their messages in any order: access ends as at Stripe.

Each story is told by its seed. While a look at Stripe is under way other things happen: the state
there changes, other messages come and are looked after to their end, the answer is lost.
"""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from billing import deliveries, syncing
from billing.access import plan_of
from billing.errors import GatewayAway
from billing.models import Customer, Subscription, WebhookDelivery
from billing.seen import Seen, SeenSubscription
from billing.webhooks import message_of
from tests.billing.rows import make_price
from tests.billing.seeing import event, subscription

pytestmark = pytest.mark.django_db
ORDERS, AT_A_TIME = 1_000, 50
NOW = datetime.now(UTC)
CURRENT = ("active", "trialing", "past_due")
# What may come after each state: the verb that leads there makes no difference here.
THEN = {
    "incomplete": ("active", "incomplete_expired"),
    "trialing": ("active", "past_due", "canceled"),
    "active": ("active", "past_due", "past_due", "canceled", "paused"),
    "past_due": ("active", "active", "past_due", "canceled", "unpaid"),
    "unpaid": ("active", "canceled"),
    "paused": ("active", "canceled"),
}
BEGINNINGS = ("incomplete", "trialing", "active", "active")
KINDS = (
    "checkout.session.completed", "customer.subscription.created", "invoice.paid",
    "customer.subscription.updated", "invoice.payment_failed", "customer.subscription.deleted",
)  # fmt: skip


class Story:
    """One customer: what is true at Stripe, and the messages that have not come yet."""

    def __init__(self, seed: int, customer: Customer) -> None:
        self.luck = random.Random(seed)
        self.customer = customer
        self.true: list[SeenSubscription] = []
        self.on_the_way: list[dict] = []
        self.changes_left = self.luck.randint(2, 5)
        self.depth = 0

    def change(self) -> None:
        """Something happens at Stripe, and a message tells of it, up to three times."""
        self.changes_left -= 1
        last = self.true[-1] if self.true else None
        if last is None or last.status not in THEN:
            self.begin()
        else:
            status = self.luck.choice(THEN[last.status])
            late = NOW - timedelta(days=self.luck.choice((0, 3, 6, 8, 20)))
            since = (last.past_due_since or late) if status == "past_due" else None
            self.true[-1] = replace(last, status=status, past_due_since=since)
        about = {"id": self.true[-1].id, "customer": self.customer.stripe_customer_id}
        told = event(self.luck.choice(KINDS), about=about, created=self.luck.randrange(10**9))
        self.on_the_way += [told] * self.luck.randint(1, 3)
        self.luck.shuffle(self.on_the_way)

    def begin(self) -> None:
        number = len(self.true)
        self.true.append(
            subscription(
                id=f"sub_{self.customer.pk}_{number}",
                status=self.luck.choice(BEGINNINGS),
                started_at=NOW - timedelta(days=300 - number),
            )
        )

    def hear(self) -> None:
        """A message comes; mostly it is looked after at once, else the sweep will."""
        what = self.on_the_way.pop()
        deliveries.take_in(message_of(what))
        if self.luck.random() < 0.9:
            deliveries.handle(what["id"])

    def sweep(self) -> None:
        WebhookDelivery.objects.due().update(next_try_at=NOW)
        deliveries.take_up()

    def go_on(self) -> None:
        choices = [self.change] * bool(self.changes_left) + [self.hear] * bool(self.on_the_way)
        if choices:
            self.luck.choice(choices)()

    def meanwhile(self) -> None:
        """What happens while a look is under way: nothing, a little, or all that can come."""
        luck = self.luck.random() if self.depth == 1 else 1
        if luck < 0.3 and self.changes_left:
            self.change()
            while self.on_the_way:
                self.hear()
        elif luck < 0.5:
            for _ in range(self.luck.randint(1, 3)):
                self.go_on()

    def look(self, customer_id: str) -> Seen:
        """Answer as it is at one moment; before and after it, other things happen."""
        assert customer_id == self.customer.stripe_customer_id
        self.depth += 1
        self.meanwhile()
        seen = Seen(subscriptions=list(self.true))
        self.meanwhile()
        self.depth -= 1
        if self.luck.random() < 0.05:
            raise GatewayAway("The answer was lost.")
        return seen

    def tell(self) -> None:
        while self.changes_left or self.on_the_way:
            self.go_on()
        while WebhookDelivery.objects.due().exists():
            self.sweep()

    def should_open(self) -> bool:
        return any(
            one.status in ("active", "trialing")
            or (one.status == "past_due" and one.past_due_since > NOW - timedelta(days=7))
            for one in self.true
        )

    def faults(self) -> list[str]:
        """How what is stored differs from what is true."""
        found = []
        opens = plan_of(self.customer.user) == "PRO"
        if opens is not self.should_open():
            found.append(f"open: {opens}")
        rows = Subscription.objects.filter(customer=self.customer)
        stored = dict(rows.values_list("stripe_subscription_id", "status"))
        if stored != {one.id: one.status for one in self.true}:
            found.append(f"{stored} is not {self.true}")
        if rows.current().count() > 1:
            found.append("two are current")
        return found


@pytest.fixture
def customers(db, selling, caplog):
    """Quietly: each lost answer is a warning, as it should be."""
    caplog.set_level("ERROR", "billing.deliveries")
    make_price(stripe_price_id="price_pro")
    people = User.objects.bulk_create(
        User(email=f"p{n}@example.org", name="P") for n in range(AT_A_TIME)
    )
    return Customer.objects.bulk_create(
        Customer(user=user, stripe_customer_id=f"cus_{n}") for n, user in enumerate(people)
    )


def wrong_stories(customers, monkeypatch, first=0):
    wrong = {}
    for seed, customer in enumerate(customers, first):
        story = Story(seed, customer)
        monkeypatch.setattr(syncing.gateway, "look", story.look)
        story.tell()
        if faults := story.faults():
            wrong[seed] = faults
    return wrong


@pytest.mark.parametrize("first", range(0, ORDERS, AT_A_TIME))
def test_access_ends_as_at_stripe_in_whatever_order_messages_come(customers, monkeypatch, first):
    assert wrong_stories(customers, monkeypatch, first) == {}


def test_the_stories_would_show_looks_that_overtake_each_other(customers, monkeypatch):
    """The proof of the proof: where each look is taken for the latest, some doors stay wrong."""
    put_down = syncing.put_down

    def careless(key, ticket, seen, *, keep=True):
        Customer.objects.filter(pk=key).update(written=0)
        return put_down(key, ticket, seen, keep=keep)

    monkeypatch.setattr(syncing, "put_down", careless)
    assert wrong_stories(customers, monkeypatch)

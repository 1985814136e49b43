"""Messages of Stripe's, from their coming to their end: stored, claimed, looked after, forgotten.

The row says what is due, and a message in the queue is only a wake-up. A claim puts the next try
off, further each time, so whatever a killed worker or an absent Stripe leaves is taken up again.
"""

import logging
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import QuerySet

from accounts import audit
from accounts.alone import alone
from accounts.keys import uuid7
from billing import syncing
from billing.clock import CLOCK
from billing.errors import GatewayAway, GatewayOdd, GatewayRefused
from billing.models import Customer, Transaction, WebhookDelivery
from billing.webhooks import Message

logger = logging.getLogger(__name__)
State = WebhookDelivery.State

# What can change what somebody holds, owes or pays with: names, and what names begin with.
MATTERS = (
    "charge.", "checkout.session.", "customer.deleted", "customer.subscription.",
    "customer.updated", "invoice.", "payment_method.", "refund.",
)  # fmt: skip
# What we want to know ourselves.
OWN = "look.wanted"
# The first pause is longer than a look may take. It doubles, and there is no last try.
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=2), timedelta(hours=1)
# While Stripe is away, nobody else is sent to find out the same.
AWAY_PAUSE = timedelta(seconds=30)
MOST_AT_ONCE = 100
SWEEP = "billing.deliveries.take_up"
# Stripe sends an event again for thirty days at most, if it is asked to.
KEPT = timedelta(days=90)


def matters(message: Message) -> bool:
    return message.type.startswith(MATTERS)


def take_in(message: Message) -> bool:
    """Store a message under its own id. Say whether something is to be done about it.

    It is one statement: of twenty that come at once, one stores it.
    """
    is_due = matters(message)
    state = State.DUE if is_due else State.IGNORED
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO billing_webhookdelivery (id, type, stripe_customer_id, stripe_object_id,
              state, why, happened_at, received_at, done_at, tries, next_try_at)
            VALUES (%s, %s, %s, %s, %s, '', %s, clock_timestamp(),
              CASE WHEN %s THEN NULL ELSE clock_timestamp() END, 0, clock_timestamp())
            ON CONFLICT (id) DO NOTHING
            """,
            [
                message.id, message.type, message.customer_id, message.object_id,
                state, message.happened_at, is_due,
            ],
        )  # fmt: skip
        return is_due and cursor.rowcount == 1


def want_look(customer: Customer) -> None:
    """Have somebody look at the customer in a while, as if Stripe had told of them.

    It did not answer, so it may tell of nothing, or be about to do what it was asked.
    """
    WebhookDelivery.objects.create(
        id=f"own_{uuid7()}",
        type=OWN,
        stripe_customer_id=customer.stripe_customer_id or "",
        happened_at=CLOCK,
        received_at=CLOCK,
        next_try_at=CLOCK + AWAY_PAUSE,
    )


def claim(key: str) -> WebhookDelivery | None:
    """Take up a message that is due now; None if another has it, or it is done."""
    claimed = WebhookDelivery.objects.raw(
        """
        UPDATE billing_webhookdelivery SET tries = tries + 1,
          next_try_at = clock_timestamp() + least(%s * 2 ^ least(tries, 8), %s)
        WHERE id = %s AND state = 'DUE' AND next_try_at <= clock_timestamp() RETURNING *
        """,
        [FIRST_PAUSE, LONGEST_PAUSE, key],
    )
    return next(iter(claimed), None)


def handle(key: str) -> None:
    """Look after one message, if it is due. Trouble is logged; the row stays due."""
    delivery = claim(key)
    if delivery is None:
        return
    try:
        look_after(delivery)
    except (GatewayOdd, GatewayRefused) as error:
        logger.error("%s waits: %s", delivery.pk, error)
    except GatewayAway as error:
        logger.warning("%s waits: %s", delivery.pk, error)
        put_off()
    except Exception:
        logger.exception("%s could not be looked after", delivery.pk)


def look_after(delivery: WebhookDelivery) -> None:
    """Ask Stripe how things stand for the customer, unless that was asked since it came."""
    customer = customer_of(delivery)
    if customer is None:
        end(delivery, State.UNMATCHED, "Its customer is not known here.")
        # Their id may have been stored between the two: whoever is second finds the other.
        if customer_of(delivery):
            look_again([delivery.pk])
    elif customer.synced_at is not None and customer.synced_at > delivery.received_at:
        end(delivery, State.DONE)
    else:
        unmatched = syncing.look_and_write(customer).unmatched
        if unmatched:
            end(delivery, State.UNMATCHED, " ".join(unmatched))
        else:
            end(delivery, State.DONE)


def customer_of(delivery: WebhookDelivery) -> Customer | None:
    """Whom it is about: by their id at Stripe, or by a payment of theirs."""
    if delivery.stripe_customer_id:
        return Customer.objects.filter(stripe_customer_id=delivery.stripe_customer_id).first()
    paid = Transaction.objects.filter(stripe_id=delivery.stripe_object_id)
    return Customer.objects.filter(pk__in=paid.values("customer")).first()


def end(delivery: WebhookDelivery, state: State, why: str = "") -> None:
    if state == State.UNMATCHED:
        logger.warning("%s (%s) is unmatched: %s", delivery.pk, delivery.type, why)
    WebhookDelivery.objects.due().filter(pk=delivery.pk).update(
        state=state, why=why[:200], done_at=CLOCK
    )


def put_off() -> None:
    """Stripe is away: let all that is due wait a little."""
    WebhookDelivery.objects.due().filter(next_try_at__lt=CLOCK + AWAY_PAUSE).update(
        next_try_at=CLOCK + AWAY_PAUSE
    )


def take_up() -> int:
    """The sweep: look after what is due, the oldest first. Return how many that were.

    One at a time: while Stripe is slow to answer, the other workers have other things to do.
    """
    with alone(SWEEP) as is_alone:
        return sweep() if is_alone else 0


def sweep() -> int:
    done = 0
    while done < MOST_AT_ONCE:
        rows = WebhookDelivery.objects.due().filter(next_try_at__lte=CLOCK)
        # As the queue has them, whatever was put off meanwhile.
        key = rows.order_by("received_at", "pk").values_list("pk", flat=True).first()
        if key is None:
            break
        handle(key)
        done += 1
    return done


def look_again(keys: list[str]) -> int:
    """Let unmatched messages be looked after once more; how many.

    As if they came now: the look that found no place for them answers nothing.
    """
    rows = WebhookDelivery.objects.filter(pk__in=keys, state=State.UNMATCHED)
    anew = {"received_at": CLOCK, "next_try_at": CLOCK, "done_at": None, "tries": 0}
    return rows.update(state=State.DUE, why="", **anew)


def now_known(stripe_customer_id: str) -> int:
    """Somebody's id was stored: look after what came before it was; how many."""
    theirs = WebhookDelivery.objects.filter(stripe_customer_id=stripe_customer_id)
    return look_again(list(theirs.values_list("pk", flat=True)))


@transaction.atomic
def dismiss(keys: list[str]) -> int:
    """Staff say that unmatched messages are none of ours; how many."""
    rows = WebhookDelivery.objects.filter(pk__in=keys, state=State.UNMATCHED)
    ignored = rows.update(state=State.IGNORED, done_at=CLOCK)
    if ignored:
        audit.note("MESSAGES_DISMISSED", count=ignored)
    return ignored


def forget() -> int:
    """Delete what is done or was ignored, whole, once it cannot come again; how many.

    No id has to stay: a copy is refused by its signature after five minutes, Stripe itself sends
    nothing again after thirty days, and what did come twice would make us look twice.
    """
    return old().delete()[0]


def old(patience: timedelta = timedelta(0)) -> QuerySet[WebhookDelivery]:
    done = (State.DONE, State.IGNORED)
    limit = CLOCK - KEPT - patience
    return WebhookDelivery.objects.filter(state__in=done, received_at__lt=limit)


def overdue(patience: timedelta) -> int:
    """What should be gone, and is not."""
    return old(patience).count()

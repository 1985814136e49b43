"""What Stripe is to be told without anybody asking: another address, and that nobody is there.

No row says that it is due: what Stripe was told last is compared with what is so. Whoever changed
something only wakes the task, and the sweep finds the rest. Telling twice does no harm.

A changed name is not told: invoices bear what was typed at Checkout, which may be a company's.
"""

import logging
from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from billing import gateway
from billing.clock import CLOCK
from billing.errors import GatewayAway, GatewayOdd, GatewayRefused
from billing.models import Customer, Subscription
from billing.syncing import sync

logger = logging.getLogger(__name__)

# If whoever tells it is stopped half-way, or Stripe is away; and where it refused.
AGAIN, AGAIN_IF_REFUSED = timedelta(minutes=10), timedelta(days=1)
MOST_AT_ONCE = 100


def untold() -> QuerySet[Customer]:
    """Whose address is another than Stripe knows, and who cannot sign in to end what they pay."""
    charged = Subscription.objects.current().filter(customer=OuterRef("pk"), cancels_at=None)
    is_open = Q(user__is_active=True)
    differs = is_open & ~Q(told_email=F("user__email"))
    return Customer.objects.exclude(stripe_customer_id=None).filter(
        differs | (~is_open & Exists(charged))
    )


def due() -> QuerySet[Customer]:
    return untold().filter(Q(tell_at=None) | Q(tell_at__lte=CLOCK))


def tell_stripe() -> int:
    """Tell what is due, those who have waited longest first; how many were told."""
    if not gateway.is_configured():
        return 0
    waiting = due().order_by(F("tell_at").asc(nulls_first=True), "pk")
    told = 0
    for key in list(waiting.values_list("pk", flat=True)[:MOST_AT_ONCE]):
        customer = claim(key)
        if customer is None:
            continue
        try:
            tell(customer)
        except (GatewayOdd, GatewayRefused) as error:
            logger.error("Stripe was not told of %s: %s", customer, error)
            Customer.objects.filter(pk=key).update(tell_at=CLOCK + AGAIN_IF_REFUSED)
        except GatewayAway as error:
            logger.warning("Stripe was not told of %s: %s", customer, error)
            break
        else:
            told += 1
    return told


def claim(key: UUID) -> Customer | None:
    """Keep others from telling it too; None if somebody was quicker."""
    same = Customer.objects.filter(pk__in=due().filter(pk=key).values("pk"))
    if not same.filter(Q(tell_at=None) | Q(tell_at__lte=CLOCK)).update(tell_at=CLOCK + AGAIN):
        return None
    return Customer.objects.select_related("user").get(pk=key)


def tell(customer: Customer) -> None:
    """Bring Stripe up to what is so here. Raises GatewayTrouble."""
    if customer.user.is_active:
        tell_email(customer)
    else:
        end_all(customer)
    # What changed meanwhile is due at once.
    Customer.objects.filter(pk=customer.pk).update(tell_at=None)


def tell_email(customer: Customer) -> None:
    email, known = customer.user.email, customer.stripe_customer_id or ""
    try:
        gateway.change_email(known, email)
    except GatewayRefused as refusal:
        # Deleted there: whoever buys again is made known anew, by the address of then.
        if refusal.code != gateway.MISSING:
            raise
    same = Customer.objects.filter(pk=customer.pk, stripe_customer_id=known)
    same.update(told_email=email)


def end_all(customer: Customer) -> None:
    """Let what they pay for end with its period: until then it is paid, and can be kept."""
    charged = customer.subscriptions.current().filter(cancels_at=None)
    for key in charged.values_list("stripe_subscription_id", flat=True):
        try:
            gateway.set_cancel(key, True)
        except GatewayRefused as refusal:
            # It has ended there: the look says so.
            if refusal.code != gateway.MISSING:
                raise
    sync(customer)

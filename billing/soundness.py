"""What can be seen to be wrong with payments without asking Stripe: in sentences."""

from datetime import timedelta

from django.utils.timezone import now

from billing import deliveries, gateway, reconciling
from billing.invoices import gaps
from billing.models import Customer, Reconciliation, Subscription, WebhookDelivery
from billing.models.subscriptions import SubscriptionQuerySet

# A message is due for seconds. Stripe renews within hours of a period's end.
PATIENCE, LATE = timedelta(minutes=10), timedelta(days=2)
COMPARED_EVERY = timedelta(days=2)


def faults() -> list[str]:
    """Each fault of the stored rows, and of what should have been done about them."""
    rows = WebhookDelivery.objects
    unmatched = rows.filter(state=WebhookDelivery.State.UNMATCHED).count()
    stuck = rows.due().filter(received_at__lt=now() - PATIENCE).count()
    late = Subscription.objects.filter(
        status__in=("active", "trialing"), period_ends_at__lt=now() - LATE
    )
    found = {
        "Messages of Stripe's that belong to nobody": unmatched,
        "Messages of Stripe's that wait for more than ten minutes": stuck,
        "Subscriptions whose renewal was not heard of": late.count(),
        "Subscriptions that go on, of accounts that are closed": of_nobody().count(),
    }
    sentences = [f"{what}: {count}" for what, count in found.items() if count]
    if left_out := gaps():
        sentences.append(f"Numbers of invoices that are left out: {', '.join(left_out)}")
    return sentences + not_compared()


def of_nobody() -> SubscriptionQuerySet:
    """Whoever pays for them cannot sign in to end them. Stripe goes on charging."""
    charged = Subscription.objects.current().filter(cancels_at=None)
    return charged.filter(customer__user__is_active=False)


def not_compared() -> list[str]:
    """What the last comparison left, or why it did not come; nothing where nothing is sold."""
    if not gateway.is_configured():
        return []
    last = Reconciliation.objects.filter(finished_at__isnull=False).first()
    if last is None and not Customer.objects.filter(created_at__lt=now() - COMPARED_EVERY).exists():
        return []
    if last is None or last.started_at < now() - COMPARED_EVERY:
        return ["Nothing was compared with Stripe in the last two days"]
    if last.trouble:
        return [f"The last comparison with Stripe failed: {last.trouble}"]
    left = len(last.unmatched)
    return [f"What the last comparison with Stripe could not mend: {left}"] if left else []


def put_right() -> None:
    """Look after what waits, and compare everything with Stripe."""
    if gateway.is_configured():
        deliveries.take_up()
        reconciling.reconcile()

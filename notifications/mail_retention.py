"""How long it is known what left the site."""

from datetime import timedelta

from django.utils.timezone import now

from notifications.models import Delivery, EmailLog, PushSubscription

KEPT = timedelta(days=180)
GONE_KEPT = timedelta(days=30)
# An address that mail came back from is not to be forgotten, or mail would go there again.
STILL_MEANT = [*EmailLog.WAITING, EmailLog.State.BOUNCED, EmailLog.State.COMPLAINED]


def forget_old_mail() -> int:
    """Delete what is settled and old. Return how many rows that were."""
    old = EmailLog.objects.filter(created_at__lt=now() - KEPT).exclude(state__in=STILL_MEANT)
    return old.delete()[0]


def forget_old_messages() -> int:
    """Delete what is settled and old, and browsers that are gone. Return how many rows."""
    old = Delivery.objects.filter(created_at__lt=now() - KEPT).exclude(state__in=Delivery.WAITING)
    gone = PushSubscription.objects.filter(gone_at__lt=now() - GONE_KEPT)
    return old.delete()[0] + gone.delete()[0]

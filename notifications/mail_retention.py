"""How long it is known what left the site."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils.timezone import now

from notifications.models import Delivery, EmailLog, PushSubscription

KEPT = timedelta(days=180)
GONE_KEPT = timedelta(days=30)
# An address that mail came back from is not to be forgotten, or mail would go there again.
STILL_MEANT = [*EmailLog.WAITING, EmailLog.State.BOUNCED, EmailLog.State.COMPLAINED]


AT_ONCE = timedelta(0)


def old_mail(patience: timedelta = AT_ONCE) -> QuerySet[EmailLog]:
    limit = now() - KEPT - patience
    return EmailLog.objects.filter(created_at__lt=limit).exclude(state__in=STILL_MEANT)


def old_deliveries(patience: timedelta = AT_ONCE) -> QuerySet[Delivery]:
    limit = now() - KEPT - patience
    return Delivery.objects.filter(created_at__lt=limit).exclude(state__in=Delivery.WAITING)


def gone_browsers(patience: timedelta = AT_ONCE) -> QuerySet[PushSubscription]:
    return PushSubscription.objects.filter(gone_at__lt=now() - GONE_KEPT - patience)


def forget_old_mail() -> int:
    """Delete what is settled and old. Return how many rows that were."""
    return old_mail().delete()[0]


def forget_old_messages() -> int:
    """Delete what is settled and old, and browsers that are gone. Return how many rows."""
    return old_deliveries().delete()[0] + gone_browsers().delete()[0]


def overdue(patience: timedelta) -> int:
    """What should be gone, and is not."""
    kinds = (old_mail, old_deliveries, gone_browsers)
    return sum(rows(patience).count() for rows in kinds)

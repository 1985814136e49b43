"""How long it is known that a mail left."""

from datetime import timedelta

from django.utils.timezone import now

from notifications.models import EmailLog

KEPT = timedelta(days=180)
# An address that mail came back from is not to be forgotten, or mail would go there again.
STILL_MEANT = [*EmailLog.WAITING, EmailLog.State.BOUNCED, EmailLog.State.COMPLAINED]


def forget_old_mail() -> int:
    """Delete what is settled and old. Return how many rows that were."""
    old = EmailLog.objects.filter(created_at__lt=now() - KEPT).exclude(state__in=STILL_MEANT)
    return old.delete()[0]

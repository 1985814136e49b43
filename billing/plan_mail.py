"""The mail that a plan is open, for who left before it was. The row says that it is due."""

import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.timezone import now, override

from billing.models import Subscription
from billing.paying import Paying

logger = logging.getLogger(__name__)

# After a failure, and if whoever sends it is stopped half-way.
AGAIN = timedelta(minutes=10)
# Whoever has not had it by then has found out by themselves.
TOO_LATE = timedelta(days=2)


def due() -> QuerySet[Subscription]:
    return Subscription.objects.filter(mail_at__lte=now())


def mail_plans() -> int:
    """Send what is due and return how many went out. After a failure the rest waits its turn."""
    sent = 0
    for key in list(due().order_by("mail_at").values_list("pk", flat=True)):
        found = claim(key)
        if found is None:
            continue
        try:
            sent += send(found)
        except Exception:
            # Each backend fails in its own way. The row says when the next try is.
            logger.exception("The mail of subscription %s was not sent", key)
            break
        Subscription.objects.filter(pk=key).update(mail_at=None)
    return sent


def claim(key: UUID) -> Subscription | None:
    """Keep others from sending it too; None if somebody was quicker."""
    if not due().filter(pk=key).update(mail_at=now() + AGAIN):
        return None
    rows = Subscription.objects.select_related("customer__user", "price__plan")
    return rows.filter(pk=key).first()


def send(found: Subscription) -> int:
    """Nobody is told what is no longer so, or of an account that is closed."""
    is_old = found.started_at < now() - TOO_LATE
    if is_old or found.status not in Subscription.CURRENT or not found.customer.user.is_active:
        return 0
    letter_of(found).send()
    return 1


def letter_of(found: Subscription) -> EmailMessage:
    """What is open, what it costs, when it renews, and how it ends."""
    user, paying = found.customer.user, Paying(found, now())
    context = {
        "paying": paying,
        "one": found,
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
    }
    with override(user.zone):
        text = render_to_string("billing/mail/open.txt", context)
    subject = f"{paying.plan} is open at {settings.SITE_NAME}"
    return EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [user.email])

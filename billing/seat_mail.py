"""The mail that invites somebody to a seat. The row says that it is due; nothing else does."""

import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.timezone import now

from billing.models import Seat

logger = logging.getLogger(__name__)

# After a failure, and if whoever sends it is stopped half-way.
AGAIN = timedelta(minutes=10)


def due() -> QuerySet[Seat]:
    moment = now()
    return Seat.objects.promised_at(moment).filter(mail_at__lte=moment)


def mail_invitations() -> int:
    """Send what is due and return how many went out. After a failure the rest waits its turn."""
    sent = 0
    for key in list(due().order_by("mail_at").values_list("pk", flat=True)):
        seat = claim(key)
        if seat is None:
            continue
        try:
            letter_to(seat).send()
        except Exception:
            # Each backend fails in its own way. The row says when the next try is.
            logger.exception("The invitation of seat %s was not sent", seat.pk)
            break
        # One that was sent anew meanwhile is due again.
        same = Seat.objects.filter(pk=seat.pk, invitation=seat.invitation)
        sent += same.update(mail_at=None)
    return sent


def claim(key: UUID) -> Seat | None:
    """Keep others from sending it too; None if somebody was quicker, or it is due no more."""
    if not due().filter(pk=key).update(mail_at=now() + AGAIN):
        return None
    rows = Seat.objects.select_related("subscription__customer__user", "subscription__price__plan")
    return rows.filter(pk=key, user=None).first()


def letter_to(seat: Seat) -> EmailMessage:
    """No word of the subject is anybody's but ours: a name has no place in a header."""
    paid = seat.subscription
    context = {
        "seat": seat,
        "payer": paid.customer.user,
        "plan": paid.price.plan,
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
    }
    text = render_to_string("billing/mail/invitation.txt", context)
    subject = f"A seat at {settings.SITE_NAME} is kept for you"
    return EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [seat.email])

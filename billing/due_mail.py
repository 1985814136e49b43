"""Mail that a row says is due, and nothing else does: that a plan is open, and invitations."""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.timezone import now, override
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import override as speaking

from accounts.mail import Letter, letter_of_words
from accounts.school import school
from billing.models import Seat, Subscription
from billing.paying import Paying

logger = logging.getLogger(__name__)

# After a failure, and if whoever sends it is stopped half-way.
AGAIN = timedelta(minutes=10)
# Who has not been told by then that their plan is open has found out by themselves.
TOO_LATE = timedelta(days=2)
PLAN = gettext_lazy("You get this because it is about your plan. It cannot be switched off.")
SEAT = gettext_lazy("You get this because somebody keeps a seat for this address.")
HEADERS = {"Keywords": "billing"}


def mail_plans() -> int:
    """To who paid: they may have left before the plan was open."""
    return send_due(paid, letter_of_plan)


def mail_invitations() -> int:
    return send_due(promised, letter_of_invitation)


def paid() -> QuerySet[Subscription]:
    return Subscription.objects.select_related("customer__user", "price__plan")


def promised() -> QuerySet[Seat]:
    seats = Seat.objects.select_related("subscription__customer__user", "subscription__price__plan")
    return seats.promised_at(now())


def send_due[Row: (Subscription, Seat)](
    rows: Callable[[], QuerySet[Row]], letter_of: Callable[[Row], Letter | None]
) -> int:
    """Send what is due and return how many went out. After a failure the rest waits its turn."""
    sent = 0
    for key in list(due(rows()).order_by("mail_at").values_list("pk", flat=True)):
        # Keeps others from sending it too.
        again = now() + AGAIN
        if not due(rows()).filter(pk=key).update(mail_at=again):
            continue
        claimed = rows().filter(pk=key, mail_at=again)
        try:
            letters = [letter for row in claimed if (letter := letter_of(row))]
            sent += sum(letter.send() for letter in letters)
        except Exception:
            # Each backend fails in its own way. The row says when the next try is.
            logger.exception("The mail of %s %s was not sent", claimed.model.__name__, key)
            break
        # One that became due anew meanwhile stays due.
        claimed.update(mail_at=None)
    return sent


def due[Row: (Subscription, Seat)](rows: QuerySet[Row]) -> QuerySet[Row]:
    return rows.filter(mail_at__lte=now())


def letter_of_plan(found: Subscription) -> Letter | None:
    """What is open, what it costs, when it renews, and how it ends.

    Nobody is told what is no longer so, or of an account that is closed.
    """
    user, paying = found.customer.user, Paying(found, now())
    is_old = found.started_at < now() - TOO_LATE
    if is_old or found.status not in Subscription.CURRENT or not user.is_active:
        return None
    with override(user.zone), speaking(user.speaks):
        said = {"plan": paying.plan, "title": school().title}
        subject = _("%(plan)s is open at %(title)s") % said
        words = words_of("open", paying=paying, one=found)
        return letter_of_words(
            user.email, subject, words, str(PLAN), name=user.name, headers=HEADERS
        )


def letter_of_invitation(seat: Seat) -> Letter:
    """No word of the subject is anybody's but ours: a name has no place in a header."""
    payer, plan = seat.subscription.customer.user, seat.subscription.price.plan
    # Of somebody who is not here nothing is known: it comes in the language of who pays.
    with speaking(payer.speaks):
        subject = _("A seat at %(title)s is kept for you") % {"title": school().title}
        words = words_of("invitation", seat=seat, payer=payer, plan=plan)
        return letter_of_words(seat.email, subject, words, str(SEAT), headers=HEADERS)


def words_of(template: str, **context: object) -> str:
    site = {"site_name": school().title, "site_url": settings.SITE_URL}
    return render_to_string(f"billing/mail/{template}.txt", {**site, **context})

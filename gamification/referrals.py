"""Referrals: made at sign-up, qualified by learning, held for a week, and paid once.

Whoever pays or decides holds the referrer's row first, so that two who settle at once count the
same rewards: user, referral, standing.
"""

import logging
import re
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from activity.actions import record
from activity.models import Event
from gamification import ledger
from gamification.ledger import Payment
from gamification.models import Referral, ReferralLink, XPTransaction
from gamification.referral_cookies import Visit
from gamification.referral_flags import flag_bursts, flags_of, late_flags_of
from gamification.referral_rules import mailbox_of, network_of

logger = logging.getLogger(__name__)
State = Referral.State
OPEN = (State.SIGNED_UP, State.QUALIFIED)
CODE = re.compile("[A-Za-z0-9_-]{1,24}")

PAYS = 100
LEARNS_WITHIN = timedelta(days=30)
DAYS, LESSONS = 3, 3
HELD = timedelta(days=7)
EXPIRES = timedelta(days=90)
CAP, CAP_WITHIN = 10, timedelta(days=90)


class DecisionRefused(Exception):
    """This cannot be decided so; the text says why."""


# ---- the link, and who comes by it --------------------------------------------------------------


def link_of(user: User) -> ReferralLink:
    """The person's own link; made when they first look at it."""
    code = secrets.token_urlsafe(12)
    return ReferralLink.objects.get_or_create(user=user, defaults={"code": code})[0]


def is_known(code: str) -> bool:
    """Whether it is the code of somebody who is here."""
    links = ReferralLink.objects.filter(code=code, user__is_active=True)
    return bool(CODE.fullmatch(code)) and links.exists()


def note_sign_up(newcomer: User, visit: Visit) -> Referral | None:
    """Keep who brought the newcomer. A failure is logged, and the sign-up stands."""
    try:
        with transaction.atomic():
            return make_referral(newcomer, visit)
    except Exception:
        logger.exception("The referral of %s could not be kept", newcomer.pk)
        return None


def make_referral(newcomer: User, visit: Visit) -> Referral | None:
    links = ReferralLink.objects.select_related("user")
    link = links.filter(code=visit.code, user__is_active=True).first()
    if link is None or is_blocked(newcomer, link, visit):
        return None
    network = network_of(visit.address)
    referral, is_new = Referral.objects.get_or_create(
        referee=newcomer,
        defaults={
            "referrer": link.user,
            "network": network,
            "flags": flags_of(newcomer, link.user, network),
        },
    )
    if is_new:
        flag_bursts(link.user)
    return referral


def is_blocked(newcomer: User, link: ReferralLink, visit: Visit) -> bool:
    """Whether it is nobody new: an older account, a mailbox that was here, or their own browser."""
    referrer = link.user
    if newcomer.pk <= referrer.pk or newcomer.date_joined < visit.clicked_at:
        return True
    return visit.own_code == link.code or mailbox_of(newcomer.email) in mailboxes_of(referrer)


def mailboxes_of(referrer: User) -> set[str]:
    """Where mail to the referrer arrives, and mail to those whom they brought."""
    whose = Q(user=referrer) | Q(user__referral__referrer=referrer)
    addresses = EmailAddress.objects.filter(whose).values_list("email", flat=True)
    return {mailbox_of(email) for email in [referrer.email, *addresses]}


# ---- qualified, by what is recorded -------------------------------------------------------------

# The person has verified an address by now, and learned enough in the days after signing up.
QUALIFY = """
    UPDATE gamification_referral referral SET state = 'QUALIFIED', qualified_at = now()
    FROM accounts_user referee
    WHERE referee.id = referral.referee_id AND referee.is_active
      AND referral.state = 'SIGNED_UP'
      AND referral.referee_id = coalesce(%(referee)s, referral.referee_id)
      AND EXISTS (
        SELECT FROM account_emailaddress WHERE user_id = referee.id AND verified)
      AND (SELECT count(*) FROM gamification_activeday
           WHERE user_id = referee.id AND first_at < referral.signed_up_at + %(within)s) >= %(days)s
      AND (SELECT count(*) FROM activity_event
           WHERE user_id = referee.id AND kind = 'LESSON_COMPLETED'
             AND created_at < referral.signed_up_at + %(within)s) >= %(lessons)s
      AND EXISTS (
        SELECT FROM activity_event
        WHERE user_id = referee.id AND kind IN ('ASSIGNMENT_PASSED', 'QUIZ_PASSED')
          AND coalesce((data->>'handed_in')::timestamptz, created_at)
            < referral.signed_up_at + %(within)s)
"""


def qualify(referee: UUID | None = None) -> int:
    """Note who has learned enough, of everybody or of one person; return how many. A statement."""
    bounds: dict[str, Any] = {"within": LEARNS_WITHIN, "days": DAYS, "lessons": LESSONS}
    with connection.cursor() as cursor:
        cursor.execute(QUALIFY, {**bounds, "referee": referee})
        return int(cursor.rowcount)


# ---- settled: paid, or not ----------------------------------------------------------------------


def hold(key: UUID) -> Referral:
    """Lock the referrer, then the referral."""
    people = User.objects.select_for_update(no_key=True, of=("self",))
    referrer = people.get(referrals=key)
    rows = Referral.objects.select_for_update(no_key=True, of=("self",))
    referral = rows.select_related("referee").get(pk=key)
    referral.referrer = referrer
    return referral


@transaction.atomic
def settle(key: UUID) -> bool:
    """Pay a referral whose week is over. False: not yet, not any more, or staff are to look."""
    referral, moment = hold(key), now()
    if not is_due(referral, moment) or waits_for_staff(referral):
        return False
    if rewarded_lately(referral.referrer, moment) >= CAP:
        return False
    referral.state, referral.settled_at = State.REWARDED, moment
    referral.save(update_fields=["state", "settled_at"])
    subject = f"referral:{referral.pk}"
    data = {"title": "Your link", "url": reverse("classroom:referrals")}
    payment = Payment(XPTransaction.Source.REFERRAL, subject, PAYS, data=data)
    ledger.pay(referral.referrer, payment, moment)
    record(
        referral.referrer, Event.Kind.REFERRAL_QUALIFIED, subject, {**data, "xp": PAYS}, at=moment
    )
    return True


def is_due(referral: Referral, moment: datetime) -> bool:
    """Whether its week is over, and both are still here."""
    if referral.state != State.QUALIFIED or referral.qualified_at is None:
        return False
    is_over = referral.qualified_at + HELD <= moment
    return is_over and referral.referrer.is_active and referral.referee.is_active


def waits_for_staff(referral: Referral) -> bool:
    """Whether somebody is to look first. What only shows by now is flagged here."""
    if referral.decided_by_id:
        return False
    if referral.flags:
        return True
    referral.flags = late_flags_of(referral)
    if not referral.flags:
        return False
    referral.save(update_fields=["flags"])
    return True


def rewarded_lately(referrer: User, moment: datetime) -> int:
    """How many were paid within the span of the cap."""
    paid = Referral.objects.filter(referrer=referrer, state=State.REWARDED)
    return paid.filter(settled_at__gt=moment - CAP_WITHIN).count()


def to_look_at() -> QuerySet[Referral]:
    """Flagged, and nobody has decided: the oldest first."""
    found = Referral.objects.filter(state__in=OPEN, decided_by=None).exclude(flags=[])
    return found.order_by("signed_up_at", "id")


def due(moment: datetime) -> QuerySet[Referral]:
    """Those that could be paid now, the longest waiting first."""
    lately = Q(
        referrer__referrals__state=State.REWARDED,
        referrer__referrals__settled_at__gt=moment - CAP_WITHIN,
    )
    found = Referral.objects.filter(state=State.QUALIFIED, qualified_at__lte=moment - HELD)
    found = found.filter(Q(flags=[]) | Q(decided_by__isnull=False))
    found = found.filter(referrer__is_active=True, referee__is_active=True)
    paid = found.annotate(paid=Count("referrer__referrals", filter=lately)).filter(paid__lt=CAP)
    return paid.order_by("qualified_at", "id")


def expire(moment: datetime) -> int:
    """End what came to nothing, and what waited in vain for room.

    Staff's word is waited for, and kept: what they let go on waits for room as long as it takes.
    """
    until = moment - EXPIRES
    over = Q(state=State.SIGNED_UP, signed_up_at__lt=until) | Q(
        state=State.QUALIFIED, qualified_at__lt=until, flags=[]
    )
    return Referral.objects.filter(over).update(state=State.EXPIRED, settled_at=moment)


def tend(limit: int = 500) -> int:
    """The sweep: qualify, pay, end; return how many were paid."""
    qualify()
    paid = 0
    for key in list(due(now()).values_list("pk", flat=True)[:limit]):
        try:
            paid += settle(key)
        except Exception:
            logger.exception("The referral %s could not be settled", key)
    expire(now())
    return paid


# ---- what staff decide --------------------------------------------------------------------------


@transaction.atomic
def accept(referral: Referral, by: User, reason: str) -> bool:
    """Let a flagged referral go on as if it had no flags. False: somebody has decided before."""
    reason = said(reason)
    if referral.referrer_id == by.pk:
        raise ledger.GrantRefused(_("Nobody gives XP to themself."))
    undecided = Referral.objects.filter(pk=referral.pk, state__in=OPEN, decided_by=None)
    done = undecided.exclude(flags=[]).update(decided_by=by, reason=reason)
    if done:
        settle(referral.pk)
        whose = referral.referrer_id
        audit.note("REFERRAL_ACCEPTED", referral, by=by, person=whose, reason=reason)
    return bool(done)


@transaction.atomic
def reverse_reward(referral: Referral, by: User, reason: str) -> bool:
    """See that a referral pays nothing: take its reward back, or let none come.

    False: it pays nothing as it is. The ledger's counter-entry tells the referrer.
    """
    reason = said(reason)
    held = hold(referral.pk)
    if held.state in (State.REJECTED, State.EXPIRED):
        return False
    if held.state == State.REWARDED:
        entries = XPTransaction.objects.filter(source_type=XPTransaction.Source.REFERRAL)
        entry = entries.get(user=held.referrer, source_key=f"referral:{held.pk}")
        ledger.reverse(entry, by=by, reason=reason)
    held.state, held.settled_at = State.REJECTED, now()
    held.decided_by, held.reason = by, reason
    held.save(update_fields=["state", "settled_at", "decided_by", "reason"])
    audit.note("REFERRAL_REJECTED", held, by=by, person=held.referrer_id, reason=reason)
    return True


def said(reason: str) -> str:
    if not reason.strip():
        raise DecisionRefused(_("Say why."))
    return reason.strip()

"""What is flagged at sign-up, and once more before a referral pays, for staff to look at."""

from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.db import connection
from django.utils.timezone import now

from accounts.models import User
from gamification.models import ActiveDay, Referral
from gamification.referral_rules import is_disposable, network_of

BURST, BURST_WITHIN = 3, timedelta(hours=1)


def flags_of(newcomer: User, referrer: User, network: str) -> list[str]:
    """What staff should look at, of what is known at sign-up."""
    seen = {
        "network": network != "" and network in networks_of(referrer),
        "disposable": is_disposable(newcomer.email),
    }
    return [flag for flag, is_so in seen.items() if is_so]


def networks_of(referrer: User) -> set[str]:
    """Where the referrer is signed in, and where those whom they brought signed up."""
    addresses = UserSession.objects.filter(user=referrer).values_list("ip", flat=True)
    others = Referral.objects.filter(referrer=referrer).values_list("network", flat=True)
    return {network_of(address) for address in addresses} | set(others)


FLAG_BURST = """
    UPDATE gamification_referral SET flags = flags || '["burst"]'
    WHERE referrer_id = %(referrer)s AND signed_up_at > %(since)s
      AND state IN ('SIGNED_UP', 'QUALIFIED') AND NOT flags @> '["burst"]'
      AND (SELECT count(*) FROM gamification_referral
           WHERE referrer_id = %(referrer)s AND signed_up_at > %(since)s) > %(burst)s
"""


def flag_bursts(referrer: User) -> None:
    """Flag the sign-ups of the last hour, all of them, where they are too many."""
    since = now() - BURST_WITHIN
    values: dict[str, Any] = {"referrer": referrer.pk, "since": since, "burst": BURST}
    with connection.cursor() as cursor:
        cursor.execute(FLAG_BURST, values)


def late_flags_of(referral: Referral) -> list[str]:
    """What staff should look at when it could be paid.

    Of sign-ups that come at once none sees the others: a burst, and a network that others came
    from before, are looked for again when all of them are known.
    """
    seen = {
        "network": is_network_known(referral),
        "burst": is_in_burst(referral),
        "idle": not ActiveDay.objects.filter(
            user=referral.referee, last_at__gt=referral.qualified_at
        ).exists(),
    }
    return [flag for flag, is_so in seen.items() if is_so]


def is_network_known(referral: Referral) -> bool:
    """Whether somebody whom the referrer brought before came from the same network."""
    before = Referral.objects.filter(referrer=referral.referrer, network=referral.network)
    before = before.filter(signed_up_at__lt=referral.signed_up_at)
    return referral.network != "" and before.exists()


def is_in_burst(referral: Referral) -> bool:
    """Whether it is one of too many sign-ups within an hour, those before and after it counted."""
    at = referral.signed_up_at
    near = Referral.objects.filter(
        referrer=referral.referrer,
        signed_up_at__gt=at - BURST_WITHIN,
        signed_up_at__lt=at + BURST_WITHIN,
    )
    moments = sorted(near.values_list("signed_up_at", flat=True))
    return any(
        first <= at <= last and last - first < BURST_WITHIN
        for first, last in zip(moments, moments[BURST:], strict=False)
    )

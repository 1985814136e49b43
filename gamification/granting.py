"""Giving XP from a form that may be sent twice."""

from datetime import timedelta

from django.db import transaction
from django.utils.timezone import now

from accounts.models import User
from gamification import ledger
from gamification.models import XPTransaction

SAME_WITHIN = timedelta(minutes=10)


@transaction.atomic
def grant_once(user: User, base: int, by: User, reason: str) -> tuple[XPTransaction, bool]:
    """Give it, unless the same hand has given the same for the same reason some minutes ago.

    Return the entry, and whether it is new. The lock of the person lets a second click find what
    the first has given. Raises GrantRefused.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    given = XPTransaction.objects.filter(user=user, source_type=XPTransaction.Source.GRANT)
    same = given.filter(actor=by, base=base, reason=reason, reversed_by=None)
    there = same.filter(created_at__gt=now() - SAME_WITHIN).first()
    if there is not None:
        return there, False
    return ledger.grant(user, base, by=by, reason=reason), True

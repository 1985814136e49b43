"""Taking a badge back: by staff, with a reason that the person reads."""

from django.db import transaction
from django.utils.timezone import now

from accounts import audit
from accounts.models import User
from gamification import ledger
from gamification.models import Award, XPTransaction


@transaction.atomic
def revoke(award: Award, *, by: User, reason: str) -> bool:
    """Take the award back, and what it paid. Its row stays, so it is not earned again by itself.

    False: it was taken back before. Locks the person, then the award, then what its entry locks.
    """
    User.objects.select_for_update(no_key=True).get(pk=award.user_id)
    standing = Award.objects.filter(pk=award.pk, revoked_at=None)
    if not standing.update(revoked_at=now(), revoked_by=by, reason=reason):
        return False
    key = f"{award.key}:{award.tier}"
    source = XPTransaction.Source.ACHIEVEMENT
    paid = XPTransaction.objects.filter(user=award.user_id, source_type=source, source_key=key)
    for entry in paid:
        ledger.reverse(entry, by=by, reason=reason)
    whose = award.user_id
    audit.note("BADGE_TAKEN_BACK", award, by=by, person=whose, reason=reason, badge=key)
    return True

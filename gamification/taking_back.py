"""Taking back what the ledger paid, with all that hangs on it."""

from accounts.models import User
from gamification import ledger, referrals
from gamification.models import Referral, XPTransaction


def take_back(entry: XPTransaction, by: User, reason: str) -> bool:
    """Write the counter-entry; a reward for somebody brought ends its referral too.

    False: it was taken back before. Raises ledger.GrantRefused.
    """
    referral = None
    if entry.source_type == XPTransaction.Source.REFERRAL:
        key = entry.source_key.removeprefix("referral:")
        referral = Referral.objects.filter(pk=key).first()
    if referral is not None and referrals.reverse_reward(referral, by, reason):
        return True
    return ledger.reverse(entry, by=by, reason=reason)

"""What nobody has to know of any more: addresses of people who never came, or were erased."""

from datetime import timedelta

from django.utils.timezone import now

from billing.models import Seat

# How long whoever pays sees an invitation that nobody came for.
KEPT_UNUSED = timedelta(days=90)


def forget_addresses() -> int:
    """Take erased people off their seats, and drop invitations that ran out long ago; how many."""
    moment = now()
    unused = Seat.objects.kept().filter(user=None, expires_at__lt=moment - KEPT_UNUSED)
    dropped, _ = unused.delete()
    erased = Seat.objects.kept().filter(user__deleted_at__isnull=False)
    return dropped + erased.update(removed_at=moment, email="")

"""What nobody has to know of any more: addresses of people who never came, or were erased."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils.timezone import now

from billing.models import Seat

# How long whoever pays sees an invitation that nobody came for.
KEPT_UNUSED = timedelta(days=90)


def forget_addresses() -> int:
    """Take erased people off their seats, and drop invitations that ran out long ago; how many."""
    moment = now()
    dropped, _ = unused().delete()
    erased = Seat.objects.kept().filter(user__deleted_at__isnull=False)
    return dropped + erased.update(removed_at=moment, email="")


def unused(patience: timedelta = timedelta(0)) -> QuerySet[Seat]:
    """Invitations that ran out long ago, and nobody came."""
    limit = now() - KEPT_UNUSED - patience
    return Seat.objects.kept().filter(user=None, expires_at__lt=limit)


def overdue(patience: timedelta) -> int:
    """What should be gone, and is not."""
    return unused(patience).count()

"""Times in which learning pays more: announced, or called off before they begin."""

from django.db import connection, transaction
from django.utils.timezone import now

from accounts import audit
from accounts.models import User
from gamification import multipliers
from gamification.models import Multiplier


@transaction.atomic
def announce(multiplier: Multiplier, by: User) -> None:
    """Make it known. Raises ValidationError, also where two announce at once."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE gamification_multiplier IN SHARE ROW EXCLUSIVE MODE")
    multiplier.made_by = by
    multipliers.check(multiplier)
    multiplier.save(force_insert=True)
    audit.note("MULTIPLIER_ANNOUNCED", multiplier, by=by)


def call_off(multiplier: Multiplier) -> bool:
    """Take back what has not begun. False: it has, and what was promised is kept."""
    coming = Multiplier.objects.filter(pk=multiplier.pk, starts_at__gt=now())
    gone = bool(coming.delete()[0])
    if gone:
        audit.note("MULTIPLIER_CALLED_OFF", multiplier)
    return gone

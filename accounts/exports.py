"""Asking for an export of what is known of oneself: once a day, made by a worker."""

from django.db import transaction
from django.utils.timezone import now

from accounts import audit, tasks
from accounts.models import User
from accounts.own_data import PersonExport


class AskedToday(Exception):
    """One export a day. `seconds` until the next."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@transaction.atomic
def ask_for_export(user: User) -> PersonExport:
    """Note that an export is wanted; of two at once one is made. Raises AskedToday."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    last = PersonExport.objects.filter(user=user).asked_lately().first()
    if last:
        left = last.asked_at + PersonExport.EVERY - now()
        raise AskedToday(max(1, round(left.total_seconds())))
    row = PersonExport.objects.create(user=user)
    audit.note("EXPORT_ASKED", user)
    tasks.make_exports.delay_once_on_commit()
    return row


def latest(user: User) -> PersonExport | None:
    """The one that the person's page speaks of: as long as it can be fetched, or is being made."""
    row = PersonExport.objects.filter(user=user).first()
    return row if row and (row.is_open or row.failed_at or row.is_there) else None

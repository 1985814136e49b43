"""When the last backup was made, for the checklist of a new school and the admin."""

from datetime import datetime

from django.utils.timezone import now

from accounts import upkeep
from accounts.upkeep import Upkeep


def note(moment: datetime) -> None:
    """A backup of that moment is whole."""
    upkeep.note(Upkeep.Kind.BACKUP, moment, now())


def last_backup() -> datetime | None:
    made = Upkeep.objects.filter(kind=Upkeep.Kind.BACKUP).ended()
    return made.values_list("asked_at", flat=True).first()

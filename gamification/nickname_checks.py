"""Do all choices say what their names read as? One made while that was filled in says nothing."""

from django.db import IntegrityError, transaction

from gamification.models import BoardChoice
from gamification.nicknames import kept_reading

NICKNAME = BoardChoice.Shown.NICKNAME


def without_reading() -> list[BoardChoice]:
    """Those that are to have one, with it. Not the second of two nicknames that read alike."""
    shown = BoardChoice.objects.exclude(shown=BoardChoice.Shown.OFF)
    rows = list(shown.filter(reading="").select_related("user").order_by("pk"))
    for row in rows:
        row.reading = kept_reading(row.nickname if row.shown == NICKNAME else row.user.name)
    nicknames = shown.filter(shown=NICKNAME, reading__in={row.reading for row in rows})
    taken = set(nicknames.values_list("reading", flat=True))
    found = []
    for row in rows:
        is_nickname = row.shown == NICKNAME
        if row.reading and not (is_nickname and row.reading in taken):
            found.append(row)
            taken |= {row.reading} if is_nickname else set()
    return found


def read_them() -> None:
    """Keep what they read as. Of one that was just chosen anew, or taken, nothing is kept."""
    for row in without_reading():
        same = BoardChoice.objects.filter(pk=row.pk, shown=row.shown, nickname=row.nickname)
        try:
            with transaction.atomic():
                same.filter(reading="").update(reading=row.reading)
        except IntegrityError:
            continue

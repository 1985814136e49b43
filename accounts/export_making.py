"""Making the exports that were asked for, and forgetting them a day later."""

import logging
import secrets
from datetime import timedelta
from functools import partial
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import now

from accounts.export_writing import write_export
from accounts.models import User
from accounts.own_data import PersonExport
from accounts.private_files import private_file

logger = logging.getLogger(__name__)

FOLDER = "exports"
MOST_TRIES = 3
# Longer than the largest takes. A worker that is gone is waited for so long.
LEASE = timedelta(minutes=15)


def make_exports() -> int:
    """Make what is due, and what a worker that is gone had begun; how many were made."""
    made = 0
    while row := claim():
        try:
            make(row)
            made += 1
        except Exception:
            logger.exception("%s could not be made", row)
            give_back(row)
            break
    return made


@transaction.atomic
def claim() -> PersonExport | None:
    """Keep others from making it too."""
    free = PersonExport.objects.filter(
        Q(claimed_until=None) | Q(claimed_until__lt=now()), ready_at=None, failed_at=None,
        user__is_active=True,
    )  # fmt: skip
    row = free.select_for_update(of=("self",), skip_locked=True).order_by("asked_at").first()
    if row:
        row.claimed_until, row.tries = now() + LEASE, row.tries + 1
        row.save(update_fields=["claimed_until", "tries"])
    return row


def make(row: PersonExport) -> None:
    """Write it beside what is served, then say that it is there."""
    name = f"{FOLDER}/{secrets.token_urlsafe(32)}.zip"
    place = Path(default_storage.path(name))
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with private_file(place) as out:
        write_export(row.user, out)
        size = out.tell()
    mine = PersonExport.objects.filter(pk=row.pk, claimed_until=row.claimed_until, ready_at=None)
    if not mine.update(file=name, size=size, ready_at=now(), claimed_until=None):
        # Somebody else made it, or its person is gone: nobody shall find this one.
        default_storage.delete(name)


def give_back(row: PersonExport) -> None:
    """Our side failed: once more in a while, and after three times not again."""
    if row.tries >= MOST_TRIES:
        PersonExport.objects.filter(pk=row.pk, ready_at=None).update(failed_at=now())


def forget_exports() -> int:
    """Delete what nobody can fetch any more, and files that no row knows; how many there were."""
    over = now() - PersonExport.KEPT
    rows = PersonExport.objects.filter(
        Q(ready_at__lt=over) | Q(ready_at=None, asked_at__lt=over)
    ).filter(asked_at__lt=now() - PersonExport.EVERY)
    gone = forget_files(PersonExport.objects.filter(ready_at__lt=over).exclude(file=""))
    return gone + rows.delete()[0] + forget_strays()


def forget_files(rows: QuerySet[PersonExport]) -> int:
    """The file first: where that fails, the row still knows of it."""
    for row in rows:
        default_storage.delete(str(row.file.name))
    return rows.update(file="")


def forget_exports_of(user: User) -> None:
    """Delete the files of somebody who is being erased, once that is done."""
    for row in PersonExport.objects.filter(user=user).exclude(file=""):
        gone = partial(default_storage.delete, str(row.file.name))
        # Where the disk fails, the hourly sweep deletes it.
        transaction.on_commit(gone, robust=True)


def forget_lost() -> int:
    """Exports whose file is not there, as a backup leaves it out: their people may ask anew."""
    rows = PersonExport.objects.exclude(file="")
    lost = [row.pk for row in rows if not default_storage.exists(str(row.file.name))]
    return PersonExport.objects.filter(pk__in=lost).delete()[0]


def forget_strays() -> int:
    """Files, be they half ones, that a worker wrote before it was killed."""
    try:
        _, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return 0
    known = set(PersonExport.objects.exclude(file="").values_list("file", flat=True))
    paths = [f"{FOLDER}/{name}" for name in names]
    old = now() - LEASE
    strays = [
        path for path in paths
        if path not in known and default_storage.get_modified_time(path) < old
    ]  # fmt: skip
    for path in strays:
        default_storage.delete(path)
    return len(strays)


def overdue(patience: timedelta) -> int:
    """What should be gone, and is not."""
    over = now() - PersonExport.KEPT - patience
    return PersonExport.objects.filter(ready_at__lt=over).exclude(file="").count()

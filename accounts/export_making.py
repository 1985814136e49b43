"""Making the exports that were asked for, and forgetting them a day later."""

import logging
import secrets
import tempfile
from datetime import timedelta

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import now

from accounts.export_writing import write_export
from accounts.own_data import PersonExport

logger = logging.getLogger(__name__)

FOLDER = "exports"
MOST_TRIES = 3
# Longer than the largest takes. A worker that is gone is waited for so long.
LEASE = timedelta(minutes=15)
# In memory at the most; what is larger is put together on the disk.
IN_MEMORY = 5_000_000


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
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as out:
        write_export(row.user, out)
        size = out.tell()
        out.seek(0)
        name = default_storage.save(f"{FOLDER}/{secrets.token_urlsafe(32)}.zip", File(out))
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


def forget_strays() -> int:
    """Files that a worker wrote before it was killed, and of people who were erased since."""
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

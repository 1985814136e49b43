"""Files of courses in the storage: what no row refers to any more is deleted.

They are named by their content and shared. A file is stored, or found to be there, before its row
can be seen: whoever does that holds them up to the end of the transaction.
"""

from collections.abc import Iterator
from datetime import timedelta

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils.timezone import now

from courses.models import Asset

FOLDERS = ("assets", "originals")
# Who stores a file gives it its row within this time.
MOMENT = timedelta(hours=1)
NAME = "files of courses"


def hold_files() -> None:
    """Let no file be forgotten up to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0))", [NAME])


def forget_files() -> int:
    """Delete what no row refers to, and return how many files; none while somebody holds them."""
    limit = now() - MOMENT
    found = [path for folder in FOLDERS for path in _below(folder)]
    old = [path for path in found if default_storage.get_modified_time(path) < limit]
    with transaction.atomic():
        if not old or not _is_alone():
            return 0
        rows = Asset.objects.values_list("file", "original")
        needed = {name for pair in rows.iterator() for name in pair}
        gone = [path for path in old if path not in needed]
        for path in gone:
            default_storage.delete(path)
    return len(gone)


def _is_alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [NAME])
        return bool(cursor.fetchone()[0])


def _below(folder: str) -> Iterator[str]:
    """All files in a folder and in those below it."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        yield f"{folder}/{name}"
    for name in folders:
        yield from _below(f"{folder}/{name}")

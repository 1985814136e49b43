"""Restore a backup into an empty database: look at everything first, then write."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from accounts import export_making
from studio.backups import files, keys, programs, tables
from studio.backups.errors import BackupRefused
from studio.backups.files import Progress
from studio.backups.parcel import Manifest, Reader, reading

NOT_EMPTY = (
    "The database is not empty, and a restore writes over nothing. Name an empty one in "
    "DATABASE_URL. (If a restore was interrupted after it said that the data are there, run "
    "`manage.py migrate`, then `manage.py doctor`.)"
)
OTHER_KEY = (
    "This backup was made with another SECRET_KEY. Set the same one here: certificates are signed "
    "by a key that it seals, and links in mails and sign-ins hang on it. If it is lost for good, "
    "restore with --key-is-lost: what was signed stays proven, a new key signs from now on, and "
    "everybody signs in again."
)
OTHER_PUSH_KEY = (
    "PUSH_VAPID_PRIVATE_KEY is another one than the backup was made with: browsers that were "
    "added before will show no messages until they are added again."
)


@contextmanager
def checked(
    place: Path, progress: Progress, *, key_is_lost: bool = False, is_written: bool = True
) -> Iterator[Reader]:
    """The backup, whole and fit for this site as it is set up, which has room for it unless nothing
    is to be written. Raises BackupRefused.
    """
    with reading(place) as reader:
        fits(reader.manifest, key_is_lost=key_is_lost)
        if is_written:
            has_room(reader)
        for part in reader.manifest.parts:
            for size in reader.check(part):
                progress(size)
        yield reader


def fits(manifest: Manifest, *, key_is_lost: bool) -> None:
    if newer := tables.newer_than_ours(manifest.migrations):
        raise BackupRefused(
            f"This backup is of a newer version ({manifest.version}, with {newer[0]}). "
            "Install that version or a later one, then restore."
        )
    if "SECRET_KEY" in keys.differing(manifest.keys) and not key_is_lost:
        raise BackupRefused(OTHER_KEY)
    server = tables.server_major()
    if server < manifest.postgres:
        raise BackupRefused(
            f"This backup is of PostgreSQL {manifest.postgres}, and the server is {server}. "
            f"Restore into version {manifest.postgres} or newer."
        )
    programs.restorer(server, manifest.dumped_by)


def has_room(reader: Reader) -> None:
    if tables.things():
        raise BackupRefused(NOT_EMPTY)
    files.check_room(reader)
    files.check_places(reader)


def why_not_here(reader: Reader) -> str:
    """What would keep a whole backup from being written here; empty where nothing would."""
    try:
        has_room(reader)
    except BackupRefused as refusal:
        return str(refusal)
    return ""


def write(reader: Reader, progress: Progress) -> None:
    """Files first: until the database is there, in one transaction, all of it can be run again."""
    manifest = reader.manifest
    try:
        for part in manifest.files:
            files.put_back(reader, part, progress)
    except OSError as error:
        raise BackupRefused(f"A file cannot be written: {error.strerror or error}.") from error

    def chunks() -> Iterator[bytes]:
        for chunk in reader.chunks(manifest.database):
            progress(len(chunk))
            yield chunk

    client = programs.restorer(tables.server_major(), manifest.dumped_by)
    programs.restore(chunks(), client)
    connection.close()


def warnings(manifest: Manifest) -> list[str]:
    """What is to be known of the school that was restored. It counts all rows."""
    others = "PUSH_VAPID_PRIVATE_KEY" in keys.differing(manifest.keys)
    return [*rows_at_odds(manifest), *([OTHER_PUSH_KEY] if others else [])]


def rows_at_odds(manifest: Manifest) -> list[str]:
    found = tables.rows_of_tables()
    return [
        f"{name} has {found.get(name, 0)} rows, and had {rows}."
        for name, rows in manifest.rows.items()
        if found.get(name) != rows
    ]


def go_forward() -> bool:
    """Migrate what an older version wrote, and forget exports, whose files are in no backup.

    Return whether there was anything to migrate.
    """
    was_behind = tables.is_behind()
    if was_behind:
        call_command("migrate", interactive=False, verbosity=0)
    export_making.forget_lost()
    tables.count_anew()
    return was_behind

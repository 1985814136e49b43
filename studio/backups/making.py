"""Make a backup: the files, one moment of the database, and what that moment refers to."""

import logging
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import Error
from django.utils.timezone import now

from accounts.alone import alone
from studio.backups import keys, last, programs, tables
from studio.backups.errors import BackupRefused
from studio.backups.files import Gathered, Progress
from studio.backups.parcel import Manifest, Writer, writing

logger = logging.getLogger(__name__)

AT_IT = "backup"
# A file that was deleted just when it was to be read is in no row any more a moment later.
MOMENTS = 3


@dataclass(frozen=True)
class Made:
    """`lacking`: files that rows refer to and that the storage does not have.

    `is_noted`: whether the site knows of it. If not, it says that the last backup is an older one.
    """

    path: Path
    size: int
    rows: int
    files: int
    lacking: list[str]
    is_noted: bool


def make_backup(wanted: Path, progress: Progress, *, files_are_lost: bool = False) -> Made:
    """Write it as `wanted`, or into that folder, named by its moment. Raises BackupRefused."""
    moment = now()
    place = place_of(wanted, moment)
    programs.program("pg_dump", tables.server_major())
    with alone(AT_IT) as is_alone:
        if not is_alone:
            raise BackupRefused("A backup of this school is being made already.")
        manifest, size = put_down(place, moment, progress, files_are_lost)
        is_noted = noted(moment)
    rows = sum(manifest.rows.values())
    return Made(place, size, rows, len(manifest.files), manifest.lacking, is_noted)


def noted(moment: datetime) -> bool:
    """A backup is whole, whatever has become of the database since."""
    try:
        last.note(moment)
    except Error:
        logger.exception("The backup of %s could not be noted", moment)
        return False
    return True


def place_of(wanted: Path, moment: datetime) -> Path:
    place = wanted / f"waymark-{moment:%Y%m%dT%H%M%SZ}.zip" if wanted.is_dir() else wanted
    root = Path(settings.MEDIA_ROOT)
    if place.resolve().is_relative_to(root.resolve()):
        raise BackupRefused(
            f"{place} lies below MEDIA_ROOT ({root}), and all files there go into the backup, "
            "itself among them. Name a place outside of it."
        )
    return place


def put_down(
    place: Path, moment: datetime, progress: Progress, files_are_lost: bool
) -> tuple[Manifest, int]:
    """Write the file; return what is in it, and how large it is."""
    if place.exists():
        raise BackupRefused(f"{place} is there already: a backup is never written over another.")
    try:
        with writing(place) as writer:
            manifest = fill(writer, moment, progress, files_are_lost)
        return manifest, place.stat().st_size
    except OSError as error:
        raise BackupRefused(f"{place} cannot be written: {error.strerror or error}.") from error


def fill(writer: Writer, moment: datetime, progress: Progress, files_are_lost: bool) -> Manifest:
    """Most of the files are read before a moment is held, so that it is held for a short time."""
    gathered = Gathered(writer, progress)
    gathered.take_in_new()
    for left in reversed(range(MOMENTS)):
        with tables.snapshot() as name:
            gathered.take_in_new()
            known = tables.files_of_rows()
            lacking = sorted(known - gathered.parts.keys())
            if lacking and left:
                continue
            if not files_are_lost:
                refuse_without_storage(known, lacking)
            manifest = described(writer, name, gathered, progress, moment)
            manifest.lacking.extend(lacking)
            break
    writer.close_with(manifest)
    return manifest


def refuse_without_storage(known: set[str], lacking: list[str]) -> None:
    """One lost file is named, and the rest is worth a backup. All of them are a lost folder."""
    if known and len(lacking) == len(known):
        raise BackupRefused(
            f"The database knows of {len(known):,} files (such as {lacking[0]}), and none of them "
            f"is below MEDIA_ROOT ({settings.MEDIA_ROOT}). Is that the right folder, and mounted? "
            "If they are lost for good, `--files-are-lost` keeps all the rest."
        )


def described(
    writer: Writer, snapshot: str, gathered: Gathered, progress: Progress, moment: datetime
) -> Manifest:
    """Dump the moment, and say what it was."""
    server = tables.server_major()
    client = programs.program("pg_dump", server)

    def chunks() -> Iterator[bytes]:
        for chunk in programs.dumped(snapshot, client):
            progress(len(chunk))
            yield chunk

    return Manifest(
        version=version(),
        made_at=moment.isoformat(),
        site=settings.SITE_URL,
        postgres=server,
        dumped_by=client.major,
        migrations=tables.applied(),
        rows=tables.rows_of_tables(),
        keys=keys.fingerprints(),
        database=writer.add("database.dump", chunks()),
        files=sorted(gathered.parts.values(), key=lambda part: part.path),
    )


def version() -> str:
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())
    return str(project["project"]["version"])

"""Files of the school: gathered into a parcel, and put back in their places.

A file has its row only once it is written, and never changes under its name. So whatever a moment
of the database refers to is there at that moment, and is in the parcel unless it was deleted
before it was read.
"""

import filecmp
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from accounts.private_files import HALF
from studio.backups.errors import BackupRefused
from studio.backups.parcel import CHUNK, Part, Reader, Writer
from studio.lost_files import PASSING

Progress = Callable[[int], object]


class Gathered:
    """What is in the parcel already. A file that was still being written is taken in again."""

    def __init__(self, writer: Writer, progress: Progress) -> None:
        self.writer = writer
        self.progress = progress
        self.parts: dict[str, Part] = {}
        self.marks: dict[str, tuple[int, int]] = {}
        self.number = 0

    def take_in_new(self) -> None:
        for name, path in stored():
            # Who deletes a file meanwhile has taken its row away before.
            with suppress(FileNotFoundError), path.open("rb") as file:
                stat = os.fstat(file.fileno())
                mark = (stat.st_size, stat.st_mtime_ns)
                if self.marks.get(name) == mark:
                    continue
                self.number += 1
                part = self.writer.add(f"media/{self.number:06}", self.chunks(file), name)
                self.parts[name], self.marks[name] = part, mark

    def chunks(self, file: object) -> Iterator[bytes]:
        while chunk := file.read(CHUNK):  # type: ignore[attr-defined]
            self.progress(len(chunk))
            yield chunk


def stored() -> Iterator[tuple[str, Path]]:
    """Whole files alone: one that is still being written, or never was to its end, has no row."""
    root = Path(settings.MEDIA_ROOT)
    for folder, _, names in os.walk(root):
        for name in sorted(names):
            path = Path(folder, name)
            below = path.relative_to(root).as_posix()
            if path.is_file() and not below.startswith(PASSING) and not below.endswith(HALF):
                yield below, path


def check_room(reader: Reader) -> None:
    """Say before anything is written that the files would not fit."""
    root = nearest(Path(settings.MEDIA_ROOT))
    needed = sum(part.size for part in reader.manifest.files)
    free = shutil.disk_usage(root).free
    if not os.access(root, os.W_OK | os.X_OK):
        raise BackupRefused(f"Files cannot be written below {root}.")
    if free < needed:
        raise BackupRefused(
            f"The files need {needed / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free at {root}."
        )


def nearest(path: Path) -> Path:
    """The folder, or the next one above it that is there."""
    return path if path.is_dir() else nearest(path.parent)


def check_places(reader: Reader) -> None:
    """A file that is there already has to be the same: an interrupted restore has left it."""
    for part in reader.manifest.files:
        there = Path(settings.MEDIA_ROOT, part.path)
        if there.exists() and (not there.is_file() or there.stat().st_size != part.size):
            raise BackupRefused(
                f"{there} is there already and is another file. Restore into an empty MEDIA_ROOT."
            )


def put_back(reader: Reader, part: Part, progress: Progress) -> None:
    """Write it beside its place, then move it there: no half file stays."""
    place = Path(settings.MEDIA_ROOT, part.path)
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent, suffix=HALF)
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in reader.chunks(part):
                file.write(chunk)
                progress(len(chunk))
        if place.exists() and not filecmp.cmp(name, place, shallow=False):
            raise BackupRefused(
                f"{place} is there already and is another file. Restore into an empty MEDIA_ROOT."
            )
        Path(name).chmod(settings.FILE_UPLOAD_PERMISSIONS)
        Path(name).replace(place)
    finally:
        Path(name).unlink(missing_ok=True)

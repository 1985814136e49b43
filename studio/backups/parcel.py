"""One file, a zip of parts: the dump, the files, and a manifest that says what each must be.

It is written under another name and moved to its place once it is whole. Only its owner reads it.
"""

import hashlib
import json
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Self
from zipfile import BadZipFile, ZipFile, ZipInfo

from accounts.private_files import private_file
from studio.backups.errors import BackupRefused

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """`path` is where it belongs below MEDIA_ROOT; the dump of the database has none."""

    name: str
    size: int
    sha256: str
    path: str = ""


@dataclass(frozen=True)
class Manifest:
    """What the school was when the backup was made, and what the file has to hold."""

    version: str
    made_at: str
    site: str
    postgres: int
    dumped_by: int
    migrations: list[tuple[str, str]]
    rows: dict[str, int]
    keys: dict[str, str]
    database: Part
    files: list[Part]
    lacking: list[str] = field(default_factory=list)
    format: int = FORMAT

    @classmethod
    def read(cls, data: bytes) -> Self:
        """Raises ValueError, KeyError or TypeError if this is none of ours."""
        given: dict[str, Any] = json.loads(data)
        if given["format"] != FORMAT:
            raise BackupRefused(
                f"This backup has the form {given['format']}, and this version reads form {FORMAT}."
            )
        given["database"] = Part(**given["database"])
        given["files"] = [Part(**one) for one in given["files"]]
        given["migrations"] = [(app, name) for app, name in given["migrations"]]
        return cls(**given)

    @property
    def parts(self) -> list[Part]:
        return [self.database, *self.files]

    @property
    def size(self) -> int:
        """Bytes of all parts."""
        return sum(part.size for part in self.parts)


class Writer:
    """Adds parts to a parcel that is not in its place yet."""

    def __init__(self, archive: ZipFile) -> None:
        self.archive = archive

    def add(self, name: str, chunks: Iterable[bytes], path: str = "") -> Part:
        digest, size = hashlib.sha256(), 0
        with self.archive.open(ZipInfo(name), "w", force_zip64=True) as out:
            for chunk in chunks:
                digest.update(chunk)
                size += out.write(chunk)
        return Part(name, size, digest.hexdigest(), path)

    def close_with(self, manifest: Manifest) -> None:
        self.archive.writestr(ZipInfo(MANIFEST), json.dumps(asdict(manifest), indent=1))


@contextmanager
def writing(place: Path) -> Iterator[Writer]:
    """A new parcel, in its place once the block has ended well; nothing is left of it otherwise."""
    with private_file(place) as file:
        archive = ZipFile(file, "w")
        try:
            yield Writer(archive)
            archive.close()
        finally:
            with suppress(OSError, ValueError):  # on a full disk it cannot be closed either
                archive.close()
    settle(place.parent)


def settle(folder: Path) -> None:
    """Let the name outlast a power cut as the content does."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Reader:
    """A parcel that is there. Whatever cannot be read of it raises BackupRefused."""

    def __init__(self, archive: ZipFile, manifest: Manifest) -> None:
        self.archive = archive
        self.manifest = manifest

    def chunks(self, part: Part) -> Iterator[bytes]:
        with refusing_damage(part.name), self.archive.open(part.name) as stream:
            while chunk := stream.read(CHUNK):
                yield chunk

    def check(self, part: Part) -> Iterator[int]:
        """Read it as a whole, saying how much; raise BackupRefused if it is not what it was."""
        digest, size = hashlib.sha256(), 0
        for chunk in self.chunks(part):
            digest.update(chunk)
            size += len(chunk)
            yield len(chunk)
        if (size, digest.hexdigest()) != (part.size, part.sha256):
            raise BackupRefused(f"The backup is damaged: {part.name} is not what was written.")


@contextmanager
def reading(place: Path) -> Iterator[Reader]:
    with refusing_damage(place.name):
        archive = ZipFile(place)
    with archive:
        try:
            with refusing_damage(MANIFEST):
                manifest = Manifest.read(archive.read(MANIFEST))
            check_paths(manifest)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BackupRefused(f"{place} is not a backup of a school.") from error
        yield Reader(archive, manifest)


def check_paths(manifest: Manifest) -> None:
    """Files go below MEDIA_ROOT and nowhere else."""
    for part in manifest.files:
        path = PurePosixPath(part.path)
        if not path.parts or path.is_absolute() or ".." in path.parts or "\0" in part.path:
            raise BackupRefused(f"The backup is damaged: it holds a file called “{part.path}”.")


@contextmanager
def refusing_damage(name: str) -> Iterator[None]:
    try:
        yield
    except KeyError as error:
        raise BackupRefused(f"The backup is not whole: {name} is missing.") from error
    except (BadZipFile, EOFError, zlib.error, NotImplementedError) as error:
        raise BackupRefused(f"The backup is damaged: {name} cannot be read ({error}).") from error
    except OSError as error:
        raise BackupRefused(f"{name} cannot be read: {error.strerror or error}.") from error

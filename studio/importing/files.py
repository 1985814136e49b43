"""The files of a source, folder or archive: which names are allowed, which sizes bearable."""

import os
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from studio.importing.refusal import ImportRefused, refuse

MAX_ENTRIES = 5_000
MAX_FILE = 20 * 1024 * 1024
MAX_TOTAL = 200 * 1024 * 1024
MAX_DEPTH = 12
MAX_NAME = 240

# What operating systems leave behind. Anything else that begins with a dot is left out as well,
# but said.
LITTER = {
    "__MACOSX",
    ".DS_Store",
    "Thumbs.db",
    "desktop.ini",
    ".git",
    ".gitignore",
    ".gitattributes",
}
# Not every system can have a file of such a name. It is left out, and said.
ODD = re.compile(r'[:*?"<>|]')
ODD_NAME = 'its name holds one of : * ? " < > |'
# Control characters, what turns the direction of a text, ends of lines, backslashes, and what is no
# text at all: a name would look like another one.
UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\\\\\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
FORBIDDEN = re.compile(f"{ODD.pattern}|{UNSAFE.pattern}")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the source by its path inside the course; read when it is needed."""

    path: str
    size: int
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Source:
    """All files of one course. `name` is what the archive or folder is called.

    `odd` are the paths of files that are left out for their names.
    """

    name: str
    files: dict[str, SourceFile]
    odd: tuple[str, ...] = ()


def open_folder(root: Path) -> Source:
    """List the files of a folder. Raises ImportRefused."""
    found: list[SourceFile] = []
    for folder, names, files in os.walk(root, followlinks=False, onerror=_cannot_read):
        names[:] = sorted(name for name in names if name not in LITTER)
        for name in sorted([*names, *files]):
            if name in LITTER:
                continue
            place = Path(folder, name)
            relative = place.relative_to(root).as_posix()
            if place.is_symlink():
                raise refuse("Links are not allowed.", relative)
            if name in files:
                if not place.is_file():
                    raise refuse("This is no ordinary file.", relative)
                found.append(SourceFile(relative, place.stat().st_size, _reader(place, relative)))
        if len(found) > MAX_ENTRIES:
            raise refuse(f"More than {MAX_ENTRIES:,} files.")
    return source_of(root.resolve().name, found)


def _cannot_read(error: OSError) -> None:
    raise refuse(f"Cannot read {error.filename}")


def _reader(place: Path, relative: str) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            with place.open("rb") as stream:
                data = stream.read(MAX_FILE + 1)
        except OSError as error:
            raise refuse("Cannot read the file.", relative) from error
        if len(data) > MAX_FILE:
            raise refuse("The file is larger than 20 MiB.", relative)
        return data

    return read


def source_of(name: str, files: Iterable[SourceFile]) -> Source:
    """Refuse bad names, twins and sizes; take off a single top folder; normalise names to NFC."""
    kept = [
        SourceFile(safe_name(file.path), file.size, file.read)
        for file in files
        if not LITTER & set(file.path.split("/"))
    ]
    if len(kept) > MAX_ENTRIES:
        raise refuse(f"More than {MAX_ENTRIES:,} files.")
    for file in kept:
        if file.size > MAX_FILE:
            raise refuse("The file is larger than 20 MiB.", file.path)
    if sum(file.size for file in kept) > MAX_TOTAL:
        raise refuse("The files are larger than 200 MiB together.")
    twins: dict[str, str] = {}
    for file in kept:
        other = twins.setdefault(file.path.casefold(), file.path)
        if other is not file.path:
            raise refuse(f"Two entries have the same name: {other} and {file.path}.")
    inside = _without_top_folder(kept)
    odd = sorted(path for path in inside if ODD.search(path))
    fitting = {path: inside[path] for path in sorted(inside.keys() - odd)}
    for path in fitting:
        allowed_name(path)
    return Source(name, fitting, tuple(odd))


def checked(files: Iterable[SourceFile]) -> dict[str, SourceFile]:
    """The same for a few files that have to be there: none is left out."""
    source = source_of("", files)
    for path in source.odd:
        allowed_name(path)
    return source.files


def _without_top_folder(files: list[SourceFile]) -> dict[str, SourceFile]:
    by_path = {file.path: file for file in files}
    tops = {path.split("/")[0] for path in by_path}
    if "course.yaml" in by_path or len(tops) != 1 or tops & set(by_path):
        return by_path
    start = len(tops.pop()) + 1
    return {
        file.path[start:]: SourceFile(file.path[start:], file.size, file.read) for file in files
    }


def safe_name(path: str) -> str:
    """Return the name in NFC, or refuse what could point out of the course."""
    parts = path.split("/")
    if UNSAFE.search(path) or any(part in {"", ".", ".."} for part in parts):
        raise _not_allowed(path)
    return unicodedata.normalize("NFC", path)


def refuse_unsafe(name: str) -> None:
    """Refuse what an archive or folder itself must not be called: its course is called so."""
    if UNSAFE.search(name):
        raise _not_allowed(name)


def allowed_name(path: str) -> str:
    """The same, and refuse what not every system can have, or what is too long."""
    name = safe_name(path)
    if ODD.search(name) or name.count("/") >= MAX_DEPTH or len(name) > MAX_NAME:
        raise _not_allowed(path)
    return name


def _not_allowed(path: str) -> ImportRefused:
    shown = UNSAFE.sub("?", path[:80])
    return refuse(f'Entry name not allowed: "{shown}".')


def text_of(file: SourceFile, limit: int) -> str:
    """The file as text with plain line ends and without a byte order mark."""
    if file.size > limit:
        raise refuse(f"The text is longer than {limit:,} bytes.", file.path)
    data = file.read()
    try:
        text = _plain(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = _plain(data[: error.start].decode("utf-8", "replace")).count("\n") + 1
        raise refuse("The text is not UTF-8.", file.path, line) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise refuse("The text holds a NUL character.", file.path, line)
    return text


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")

"""A reader of .zip files for strangers' archives: nothing is extracted, everything is bounded.

Python's `zipfile` is not asked: some versions read archives whose entries overlap, and it trusts
sizes that the archive merely claims.
"""

import stat
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from studio.importing.files import (
    MAX_ENTRIES,
    MAX_FILE,
    MAX_TOTAL,
    Source,
    SourceFile,
    safe_name,
    source_of,
)
from studio.importing.refusal import refuse

MAX_ARCHIVE = 64 * 1024 * 1024
LARGEST = f"{MAX_ARCHIVE // 1024**2} MiB"
MAX_RATIO = 200
SMALL = 64 * 1024
STORED, DEFLATED = 0, 8
ENCRYPTED, UNIX = 1, 3
END_MARK, CENTRAL_MARK, LOCAL_MARK = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"
END = struct.Struct("<4s4H2LH")
CENTRAL = struct.Struct("<4s2B5H3L5H2L")
LOCAL = struct.Struct("<4s5H3L2H")
BROKEN = "This is no .zip file, or a damaged one. Pack the folder again."
ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".7z", ".rar", ".xz", ".bz2", ".zst", ".jar")


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    start: int


def looks_like_zip(data: bytes) -> bool:
    """Whether the file begins as an archive does, whatever its name says."""
    return data[:4] in {LOCAL_MARK, END_MARK}


def open_archive(data: bytes, name: str) -> Source:
    """List the files of an archive in memory. Raises ImportRefused."""
    if len(data) > MAX_ARCHIVE:
        raise refuse(f"The archive is larger than {LARGEST}.")
    try:
        entries, directory = _entries(data)
    except struct.error as error:
        raise refuse(BROKEN) from error
    _refuse_overlaps(entries, directory)
    if sum(entry.size for entry in entries) > MAX_TOTAL:
        raise refuse("The files are larger than 200 MiB together.")
    files = [
        SourceFile(entry.name, entry.size, _reader(data, entry))
        for entry in entries
        if not entry.name.endswith("/")
    ]
    source = source_of(name, files)
    for path in source.files:
        if path.lower().endswith(ARCHIVES):
            raise refuse("Archives inside the archive are not allowed.", path)
    return source


def _entries(data: bytes) -> tuple[list[Entry], int]:
    """All entries, and the place where the directory of them begins."""
    end = data.rfind(END_MARK, max(0, len(data) - END.size - 65_535))
    if end < 0 or not looks_like_zip(data):
        raise refuse(BROKEN)
    _, disk, first, here, count, size, start, comment = END.unpack_from(data, end)
    if disk or first or here != count or end + END.size + comment != len(data):
        raise refuse(BROKEN)
    if count > MAX_ENTRIES:
        raise refuse(f"More than {MAX_ENTRIES:,} files.")
    if start + size != end:
        raise refuse(BROKEN)
    entries, at = list[Entry](), start
    for _ in range(count):
        entry, at = _entry(data, at, start)
        entries.append(entry)
    if at != end:
        raise refuse(BROKEN)
    return entries, start


def _entry(data: bytes, at: int, directory: int) -> tuple[Entry, int]:
    """Read one entry of the directory; return it with the place where the next begins."""
    (
        mark, _, system, _, flags, method, _, _, crc, packed, size,
        name_size, extra, comment, disk, _, mode, offset,
    ) = CENTRAL.unpack_from(data, at)  # fmt: skip
    names = at + CENTRAL.size
    if mark != CENTRAL_MARK:
        raise refuse(BROKEN)
    raw = data[names : names + name_size]
    name = _name(raw)
    if flags & ENCRYPTED:
        raise refuse("Encrypted archives cannot be read.", name)
    kind = stat.S_IFMT(mode >> 16) if system == UNIX else 0
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise refuse("Links are not allowed.", name)
    if method not in {STORED, DEFLATED}:
        raise refuse("This kind of compression is not supported.", name)
    if disk or 0xFFFFFFFF in {packed, size, offset} or offset >= directory:
        raise refuse("The archive is damaged.", name)
    if size > MAX_FILE:
        raise refuse("The file is larger than 20 MiB.", name)
    if size > SMALL and size > MAX_RATIO * max(packed, 1):
        raise refuse("The file is packed too densely to be a course's.", name)
    start = _start_of_data(data, offset, raw)
    return Entry(
        name, method, crc, packed, size, offset, start
    ), names + name_size + extra + comment


def _name(raw: bytes) -> str:
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        name = raw.decode("cp437")
    return safe_name(name.removesuffix("/")) + ("/" if name.endswith("/") else "")


def _start_of_data(data: bytes, offset: int, name: bytes) -> int:
    """Where the bytes of an entry begin: both headers must speak of the same entry."""
    fields = LOCAL.unpack_from(data, offset)
    names = offset + LOCAL.size
    if fields[0] != LOCAL_MARK or data[names : names + fields[9]] != name:
        raise refuse("The archive is damaged.")
    return int(names + fields[9] + fields[10])


def _refuse_overlaps(entries: list[Entry], directory: int) -> None:
    free = 0
    for entry in sorted(entries, key=lambda entry: entry.offset):
        if entry.offset < free:
            raise refuse("The archive is damaged: entries overlap.", entry.name)
        free = entry.start + entry.packed
    if free > directory:
        raise refuse("The archive is damaged.")


def _reader(data: bytes, entry: Entry) -> Callable[[], bytes]:
    def read() -> bytes:
        packed = data[entry.start : entry.start + entry.packed]
        try:
            plain = packed if entry.method == STORED else _inflate(packed, entry.size)
        except zlib.error as error:
            raise refuse("The archive is damaged.", entry.name) from error
        if len(plain) != entry.size or zlib.crc32(plain) != entry.crc:
            raise refuse("The archive is damaged.", entry.name)
        return plain

    return read


def _inflate(packed: bytes, size: int) -> bytes:
    """Unpack at most one byte more than was promised."""
    return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, size + 1)

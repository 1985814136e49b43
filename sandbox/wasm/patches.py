"""Two changes to the guests' binaries, made after the hash was checked and before compiling.

A WebAssembly file is a row of sections, each a number, a length and its content. Both patches
rewrite a section or two and leave the code alone.
"""

from collections.abc import Iterator, Sequence

VERSION = 1  # part of the name of what is compiled: raise it with every change in here

PAGE = 64 * 1024
STACK_PAGES = 8 * 1024 * 1024 // PAGE

CUSTOM, MEMORY, GLOBAL, EXPORT = 0, 5, 6, 7
FUNCTION_NAMES = 1
I32, MUTABLE, I32_CONST, END = 0x7F, 1, 0x41, 0x0B

Section = tuple[int, bytes]


class PatchFailed(Exception):
    """A binary is not laid out as the patch expects. With pinned hashes this cannot happen."""


def bigger_stack(binary: bytes) -> bytes:
    """Give C code 8 MiB of stack in fresh pages behind the memory that the file asks for.

    CPython was linked with 512 kB, which fifty nested `__repr__` use up: a trap instead of a
    RecursionError. The heap never meets the new place: its allocator was set up before the file
    was packed, ends where the old pages end, and takes only what `memory.grow` adds behind ours.
    """
    sections = list(_sections(binary))
    pages = _pages(_only(sections, MEMORY))
    top = (pages + STACK_PAGES) * PAGE
    globals_ = _only(sections, GLOBAL)
    if globals_[:4] != bytes((1, I32, MUTABLE, I32_CONST)) or globals_[-1] != END:
        raise PatchFailed("The stack pointer is not the only global.")
    changed = {
        MEMORY: bytes((1, 0)) + _unsigned(pages + STACK_PAGES),
        GLOBAL: globals_[:4] + _signed(top) + bytes((END,)),
    }
    return _joined([(number, changed.get(number, content)) for number, content in sections])


def more_exports(binary: bytes, wanted: Sequence[str]) -> bytes:
    """Export functions that the file has and names, but keeps to itself."""
    sections = list(_sections(binary))
    names = _function_names(sections)
    missing = [name for name in wanted if name not in names]
    if missing:
        raise PatchFailed(f"There is no function {', '.join(missing)}.")
    exports = _only(sections, EXPORT)
    count, start = _read(exports, 0)
    added = b"".join(
        _unsigned(len(name)) + name.encode() + b"\x00" + _unsigned(names[name]) for name in wanted
    )
    content = _unsigned(count + len(wanted)) + exports[start:] + added
    return _joined([(number, content if number == EXPORT else old) for number, old in sections])


def _sections(binary: bytes) -> Iterator[Section]:
    if binary[:8] != b"\0asm\x01\0\0\0":
        raise PatchFailed("This is no WebAssembly module.")
    at = 8
    while at < len(binary):
        number = binary[at]
        size, at = _read(binary, at + 1)
        yield number, binary[at : at + size]
        at += size


def _joined(sections: Sequence[Section]) -> bytes:
    parts = [bytes((number,)) + _unsigned(len(content)) + content for number, content in sections]
    return b"\0asm\x01\0\0\0" + b"".join(parts)


def _only(sections: Sequence[Section], wanted: int) -> bytes:
    found = [content for number, content in sections if number == wanted]
    if len(found) != 1:
        raise PatchFailed(f"There is not exactly one section {wanted}.")
    return found[0]


def _pages(memory: bytes) -> int:
    if memory[:2] != bytes((1, 0)):
        raise PatchFailed("There is not exactly one memory without a bound.")
    return _read(memory, 2)[0]


def _function_names(sections: Sequence[Section]) -> dict[str, int]:
    prefix = b"\x04name"
    content = next((c for n, c in sections if n == CUSTOM and c.startswith(prefix)), b"")
    names: dict[str, int] = {}
    at = len(prefix)
    while at < len(content):
        kind = content[at]
        size, at = _read(content, at + 1)
        if kind == FUNCTION_NAMES:
            names = {name: index for index, name in _name_map(content[at : at + size])}
        at += size
    return names


def _name_map(content: bytes) -> Iterator[tuple[int, str]]:
    count, at = _read(content, 0)
    for _ in range(count):
        index, at = _read(content, at)
        size, at = _read(content, at)
        yield index, content[at : at + size].decode()
        at += size


def _read(content: bytes, at: int) -> tuple[int, int]:
    """An unsigned LEB128 number, and where it ends."""
    result = shift = 0
    while True:
        byte = content[at]
        at += 1
        result |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return result, at


def _unsigned(number: int) -> bytes:
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*out, number))


def _signed(number: int) -> bytes:
    """A positive number as signed LEB128: its last byte must not look negative."""
    out = bytearray()
    while number >= 0x40:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*out, number))

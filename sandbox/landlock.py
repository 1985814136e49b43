"""Landlock: this thread, and what it starts, may touch no file but those under the named folders.

No privilege is needed. What the kernel's version does not know is left out, not refused. To be
called on the main thread while it is the only one.
"""

import ctypes
import errno
import os
import struct
from collections.abc import Sequence
from pathlib import Path

from sandbox.syscalls import TABLES

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = (
    "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self",
)  # fmt: skip
ASK_VERSION = 1
RULE_PATH_BENEATH = 1

# Rights over files that each version of the interface knows: the bits below this one.
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
READ_FILE, READ_DIR, EXECUTE = 1 << 2, 1 << 3, 1 << 0
BIND_AND_CONNECT = 0b11
SCOPE_SOCKETS_AND_SIGNALS = 0b11


class LandlockRefused(OSError):
    """The kernel has no Landlock, or it is switched off."""


def version(arch: str) -> int:
    """Which version of the interface this kernel speaks. Raises LandlockRefused."""
    return _call(arch, CREATE_RULESET, None, 0, ASK_VERSION)


def restrict(arch: str, readable: Sequence[Path] = ()) -> int:
    """Refuse every file, connection and foreign signal that the kernel can. Returns the version.

    Needs `no_new_privs`. Under `readable` files may be read, listed and run.
    Raises LandlockRefused.
    """
    spoken = version(arch)
    files = (1 << FILE_RIGHTS[min(spoken, max(FILE_RIGHTS))]) - 1
    network = BIND_AND_CONNECT if spoken >= 4 else 0
    scope = SCOPE_SOCKETS_AND_SIGNALS if spoken >= 6 else 0
    attributes = struct.pack("<QQQ", files, network, scope)[
        : 8 if spoken < 4 else 16 if spoken < 6 else 24
    ]
    ruleset = _call(arch, CREATE_RULESET, attributes, len(attributes), 0)
    try:
        for path in readable:
            _allow(arch, ruleset, path)
        _call(arch, RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
    return spoken


def _allow(arch: str, ruleset: int, path: Path) -> None:
    parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rights = READ_FILE | EXECUTE | (READ_DIR if path.is_dir() else 0)
        _call(arch, ADD_RULE, ruleset, RULE_PATH_BENEATH, struct.pack("<Qi", rights, parent), 0)
    finally:
        os.close(parent)


def _call(arch: str, name: str, *arguments: int | bytes | None) -> int:
    number = TABLES.get(arch, {}).get(name)
    if number is None:
        raise LandlockRefused(errno.ENOSYS, "There is no Landlock on this machine.")
    libc = ctypes.CDLL(None, use_errno=True)
    result: int = libc.syscall(number, *arguments)
    if result < 0:
        raise LandlockRefused(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result

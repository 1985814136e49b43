"""Seccomp filters: a list of allowed system calls as the kernel's own little program, plain BPF.

`program` builds one for bwrap's `--seccomp` as well; `install` binds this process for good.
"""

import ctypes
import errno
import platform
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sandbox.syscalls import TABLES

AUDIT = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}

# Instructions of classic BPF, and where the kernel lays out what it is asked about.
LOAD, JUMP_EQUAL, AND, RETURN = 0x20, 0x15, 0x54, 0x06
NUMBER, MACHINE, ARGUMENTS = 0, 4, 16
ALLOW, ERRNO, KILL_PROCESS = 0x7FFF_0000, 0x0005_0000, 0x8000_0000

SET_MODE_FILTER, TSYNC = 1, 1


class SeccompRefused(OSError):
    """The kernel has no seccomp, or does not take the filter."""


@dataclass(frozen=True, slots=True)
class Only:
    """A call that is allowed while the low half of one of its arguments, masked, has a value."""

    name: str
    argument: int
    value: int
    mask: int = 0xFFFF_FFFF


Rule = str | Only


def machine() -> str:
    """The architecture by its kernel name, or nothing where no table is at hand."""
    name = {"arm64": "aarch64", "amd64": "x86_64"}.get(platform.machine(), platform.machine())
    return name if name in TABLES else ""


def program(
    allowed: Iterable[Rule],
    refused: Mapping[str, int] | None = None,
    otherwise: int = errno.EPERM,
    arch: str | None = None,
) -> bytes:
    """Build a filter. `refused` names calls that fail with an error of their own.

    A foreign architecture is killed: its numbers mean other calls. So are none of x86's x32 calls
    allowed, whose numbers are in no table. Rules for the same call add up.
    """
    arch = machine() if arch is None else arch
    if not arch:
        raise SeccompRefused(errno.ENOSYS, "There is no table of system calls for this machine.")
    numbers = TABLES[arch]
    parts = [
        _step(LOAD, MACHINE),
        _step(JUMP_EQUAL, AUDIT[arch], 1, 0),
        _step(RETURN, KILL_PROCESS),
    ]
    parts.append(_step(LOAD, NUMBER))
    for name, code in {"clone3": errno.ENOSYS, **(refused or {})}.items():
        if name in numbers:
            parts += [_step(JUMP_EQUAL, numbers[name], 0, 1), _step(RETURN, ERRNO | code)]
    for rule in allowed:
        parts += _allowing(rule, numbers)
    parts.append(_step(RETURN, ERRNO | otherwise))
    return b"".join(parts)


def _allowing(rule: Rule, numbers: Mapping[str, int]) -> list[bytes]:
    name = rule if isinstance(rule, str) else rule.name
    if name not in numbers:  # such as `open`, which newer machines never had
        return []
    if isinstance(rule, str):
        return [_step(JUMP_EQUAL, numbers[name], 0, 1), _step(RETURN, ALLOW)]
    return [
        _step(JUMP_EQUAL, numbers[name], 0, 5),
        _step(LOAD, ARGUMENTS + 8 * rule.argument),
        _step(AND, rule.mask),
        _step(JUMP_EQUAL, rule.value, 0, 1),
        _step(RETURN, ALLOW),
        _step(LOAD, NUMBER),
    ]


def _step(code: int, operand: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, operand)


def install(filter_: bytes) -> None:
    """Bind every thread of this process. Needs `no_new_privs`. Raises SeccompRefused."""

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]

    libc = ctypes.CDLL(None, use_errno=True)
    wanted = Program(len(filter_) // 8, filter_)
    call = TABLES[machine()]["seccomp"]
    result = libc.syscall(call, SET_MODE_FILTER, TSYNC, ctypes.byref(wanted))
    if result != 0:
        code = ctypes.get_errno() or errno.EBUSY
        raise SeccompRefused(code, "The kernel does not take the filter.")

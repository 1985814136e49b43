"""Compiled guests on disk. Compiling takes seconds and 300 MB; loading takes a millisecond.

What lies here is native code that is run as it is: whoever can write it owns the service. So the
folder and its files must be ours and nobody else's to change, or they are not touched at all.
"""

import fcntl
import hashlib
import os
import platform
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from wasmtime import Module

from sandbox.job import Language
from sandbox.wasm import artefacts, engine, patches

FOREIGN_MODES = stat.S_IWGRP | stat.S_IWOTH
OTHERS = stat.S_IRWXG | stat.S_IRWXO


class CacheRefused(Exception):
    """The cache could have been written by somebody else. The message is for the operator."""


def file_name(language: Language) -> str:
    """One name for one content: what was compiled, how it was patched, by and for what."""
    guest = artefacts.GUESTS[language]
    parts = (
        guest.sha256, str(patches.VERSION), engine.SETUP, str(engine.STACK[language]),
        version("wasmtime"), platform.system(), platform.machine(), _processor(),
    )  # fmt: skip
    return f"{guest.name}-{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:24]}.cwasm"


def compiled(language: Language, folder: Path, artefact: Path | None = None) -> Path:
    """Find the compiled guest, or compile it. Raises CacheRefused, GuestRefused, OSError."""
    _claim(folder)
    path = folder / file_name(language)
    if not _is_ours(path):
        with _locked(folder):
            if not _is_ours(path):
                _compile(language, path, artefact)
    return path


def is_ready(language: Language, folder: Path) -> bool:
    """Whether a job would start at once."""
    try:
        return folder.is_dir() and _is_ours(folder / file_name(language))
    except CacheRefused:
        return False


def _compile(language: Language, path: Path, artefact: Path | None) -> None:
    binary = engine.patched(language, artefacts.load(language, artefact))
    content = Module(engine.make(language), binary).serialize()
    unfinished = path.with_suffix(f".{os.getpid()}.new")
    try:
        descriptor = os.open(
            unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600
        )
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _claim(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & OTHERS:
        raise CacheRefused(f"{folder} must be a folder of ours with mode 0700.")


def _is_ours(path: Path) -> bool:
    """False: it is not there. Raises CacheRefused for one that others could have written."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return False
    if (
        not stat.S_ISREG(found.st_mode)
        or found.st_uid != os.geteuid()
        or found.st_mode & FOREIGN_MODES
    ):
        raise CacheRefused(f"{path} is not a file that only we can write.")
    return True


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One process compiles; the others wait and find its work."""
    descriptor = os.open(
        folder / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600
    )
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _processor() -> str:
    """What this processor can do: code for one with more would stop with an illegal instruction."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
            flags = next((line for line in file if line.startswith(("flags", "Features"))), "")
    except OSError:
        flags = ""
    return " ".join(sorted(flags.partition(":")[2].split()))

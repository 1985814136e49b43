"""The command line of one sandbox: what it sees, what it may use, and what runs in it."""

import math
import os
import resource
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sandbox.bwrap.tools import LINKED_FOLDERS, SYSTEM_FOLDERS, Interpreter
from sandbox.job import Language, Limits

MIB = 1024 * 1024
INSIDE_ID = 65534
# The first process of the namespace. It cannot be killed from inside and waits for the program, so
# that bwrap, which waits for it, knows what all of them used. What it says itself is thrown away.
# The program can write into its memory: it is bound by the same limits and the same filter.
INIT = ("/bin/sh", "-c", 'exec 3>&2 2>/dev/null; "$@" 2>&3 3>&-; exit $?', "sh")
# Of python: what it needs before the program has anything. Of node: V8 keeps a heap, a code range
# and a dozen threads, and RLIMIT_AS would not fit what it reserves and never uses.
OWN_DATA: Mapping[Language, int] = {Language.PYTHON: 16 * MIB, Language.JAVASCRIPT: 384 * MIB}
OWN_ADDRESSES = 64 * MIB
OWN_RESIDENT: Mapping[Language, int] = {Language.PYTHON: 32 * MIB, Language.JAVASCRIPT: 96 * MIB}
# The first process is one, and node starts a dozen threads.
OWN_PROCESSES: Mapping[Language, int] = {Language.PYTHON: 1, Language.JAVASCRIPT: 17}

LIMITS: Mapping[str, int] = {
    "cpu": resource.RLIMIT_CPU, "as": resource.RLIMIT_AS, "data": resource.RLIMIT_DATA,
    "nproc": resource.RLIMIT_NPROC, "fsize": resource.RLIMIT_FSIZE,
    "nofile": resource.RLIMIT_NOFILE, "core": resource.RLIMIT_CORE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tools:
    """What the sandbox of a language is made of."""

    bwrap: Path
    prlimit: Path
    interpreter: Interpreter


def sandbox(
    tools: Tools,
    files: Mapping[str, int],
    seccomp: int,
    status: int,
    environment: Mapping[str, str],
) -> list[str]:
    """bwrap and its flags. `files` are descriptors whose content is put at a place, read-only.

    There is no writable folder: a size bounds no number of files, and every one costs memory. The
    devices are one unless they are mounted again, read-only.
    """
    command = [
        str(tools.bwrap), "--unshare-all", "--unshare-user",
        "--uid", str(INSIDE_ID), "--gid", str(INSIDE_ID), "--hostname", "box",
        "--new-session", "--die-with-parent", "--as-pid-1", "--cap-drop", "ALL", "--clearenv",
    ]  # fmt: skip
    for name, value in environment.items():
        command += ["--setenv", name, value]
    command += [*_system(), "--proc", "/proc", "--dev", "/dev", "--dir", "/tmp", "--dir", "/work"]  # noqa: S108
    if folder := tools.interpreter.folder:
        command += ["--ro-bind", str(folder), str(folder)]
    for place, descriptor in files.items():
        command += ["--perms", "0444", "--file", str(descriptor), place]
    return [
        *command, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/work",
        "--seccomp", str(seccomp), "--json-status-fd", str(status), "--",
    ]  # fmt: skip


def _system() -> list[str]:
    command: list[str] = []
    for folder in SYSTEM_FOLDERS:
        command += ["--ro-bind-try", folder, folder]
    for folder in LINKED_FOLDERS:
        if os.path.islink(folder):
            command += ["--symlink", os.readlink(folder), folder]
        else:
            command += ["--ro-bind-try", folder, folder]
    return [*command, "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]


def limited(prlimit: Path, language: Language, limits: Limits) -> list[str]:
    """prlimit, its flags, the first process. No bound is above what we may set: none can fail."""
    seconds = max(1, math.ceil(limits.cpu_seconds))
    wanted = {
        "cpu": seconds,
        "data": limits.memory + OWN_DATA[language],
        "nproc": max(1, limits.processes) + OWN_PROCESSES[language],
        "fsize": MIB,
        "nofile": 64,
        "core": 0,
    }
    if language is Language.PYTHON:
        wanted["as"] = limits.memory + OWN_ADDRESSES
    flags = [f"--{name}={_most(name, value)}" for name, value in wanted.items()]
    # Whoever catches the signal at the soft limit is killed a second later.
    flags[0] = f"--cpu={_most('cpu', seconds)}:{_most('cpu', seconds + 1)}"
    return [str(prlimit), *flags, "--", *INIT]


def _most(name: str, wanted: int) -> int:
    _, hard = resource.getrlimit(LIMITS[name])
    return wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)


def interpreted(language: Language, path: Path, limits: Limits, start: str) -> Sequence[str]:
    """The interpreter and its flags. Nothing of the case is in here: every process sees it."""
    if language is Language.PYTHON:
        # Not -I, which forgets PYTHONHASHSEED; there is no other variable and no folder to guard.
        return [str(path), "-sPSB", "-X", "utf8", "-c", start]
    heap = max(16, limits.memory // MIB)
    flags = ["--no-warnings", "--experimental-vm-modules", f"--max-old-space-size={heap}"]
    return [str(path), *flags, start]


def environment(language: Language, seed: int) -> Mapping[str, str]:
    common = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/work", "LANG": "C.UTF-8"}
    if language is Language.PYTHON:
        return {**common, "PYTHONHASHSEED": str(seed % 2**32), "MALLOC_ARENA_MAX": "2"}
    return {**common, "UV_THREADPOOL_SIZE": "2", "NODE_DISABLE_COLORS": "1"}

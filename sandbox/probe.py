"""Stands behind the second wall alone and tries what it must not let through.

Run as a script by an isolated Python, with the folder of our sources as its argument. Prints one
JSON object: what was tried, and `refused` or what came of it. There is no WebAssembly in between.
"""

import json
import os
import sys

if __name__ == "__main__":
    sys.path += sys.argv[1:]

import ctypes
import mmap
import signal
import socket
import threading
from collections.abc import Callable

from sandbox.walls import raise_walls

MEMORY = 256 * 1024 * 1024
NOWHERE = "/tmp/waymark-probe"  # noqa: S108


def tries() -> dict[str, Callable[[], object]]:
    """Each of these succeeds in an ordinary process, or fails for want of what it names."""
    return {
        "read a file": lambda: os.open("/etc/passwd", os.O_RDONLY),
        "list a folder": lambda: os.listdir("/"),
        "write a file": lambda: os.open(NOWHERE, os.O_WRONLY | os.O_CREAT),
        "write to another stream": lambda: os.write(2, b"x"),
        "open a socket": socket.socket,
        "fork": os.fork,
        "start a thread": lambda: threading.Thread(target=int).start(),
        "run a program": lambda: os.execv("/bin/true", ["true"]),  # noqa: S606
        "send a signal": lambda: os.kill(os.getppid(), 0),
        "remove a file": lambda: os.unlink(NOWHERE),
        "change the folder": lambda: os.chdir("/tmp"),  # noqa: S108
        "map code": lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC),
        "raise a limit": lambda: os.nice(-1),
        "trace": lambda: checked(ctypes.CDLL(None, use_errno=True).ptrace(0, 0, 0, 0)),
        "undo privileges": lambda: checked(ctypes.CDLL(None, use_errno=True).prctl(4, 1, 0, 0, 0)),
        "alarm": lambda: signal.setitimer(signal.ITIMER_REAL, 100),
        "too much memory": lambda: bytearray(MEMORY * 2),
    }


def checked(result: int) -> None:
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")


def outcome(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except (OSError, RuntimeError, MemoryError):
        return "refused"
    return "done"


def main() -> None:
    attempts = tries()
    walls = {f"wall: {wall.name}": str(wall.holds) for wall in raise_walls(MEMORY, 10)}
    tried = {name: outcome(attempt) for name, attempt in attempts.items()}
    os.write(1, json.dumps({**walls, **tried}).encode() + b"\n")


if __name__ == "__main__":
    main()
    os._exit(0)

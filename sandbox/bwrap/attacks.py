"""The hardened runner attacks itself, so that an operator sees what holds on this machine."""

from collections.abc import Callable

from sandbox.job import Case, Job, Language, Limits, Mode
from sandbox.runner import Wall
from sandbox.verdict import CaseResult, Result, Status

LIMITS = Limits(cpu_seconds=1.0, wall_seconds=3.0)


def printed_three(case: CaseResult) -> bool:
    return case.status is Status.OK and case.stdout.strip() == "3"


def refused(case: CaseResult) -> bool:
    return case.status is Status.OK and case.stdout.strip() == "refused"


def stopped(case: CaseResult) -> bool:
    return case.status is Status.TIME_LIMIT


def full(case: CaseResult) -> bool:
    return case.status is Status.MEMORY_LIMIT


def _attempt(attack: str) -> str:
    return f"""
import ctypes, os, socket, sys
try:
    {attack}
except OSError:
    print("refused")
else:
    print("done")
"""


FORKS = "[os.fork() or __import__('time').sleep(9) for _ in range(64)]"
NAMESPACE = "ctypes.CDLL(None).unshare(0x10000000) == 0 or os.stat('/no')"

ATTACKS: list[tuple[str, str, Callable[[CaseResult], bool]]] = [
    ("a program runs", "print(1 + 2)", printed_three),
    ("the network is refused", _attempt("socket.create_connection(('127.0.0.1', 22), 1)"), refused),
    ("files of the machine are hidden", _attempt("open('/etc/passwd')"), refused),
    ("writing a file is refused", _attempt("open('/dev/shm/waymark', 'w')"), refused),
    ("processes are bounded", _attempt(FORKS), refused),
    ("namespaces are refused", _attempt(NAMESPACE), refused),
    ("memory is bounded", "x = bytearray(1 << 30)", full),
    ("an endless loop is stopped", "while True: pass", stopped),
    ("an endless sleep is stopped", "import time\ntime.sleep(10**6)", stopped),
]  # fmt: skip


def self_test(run: Callable[[Job], Result]) -> list[Wall]:
    """Attack, and say for each wall whether it held. The first line is the control."""
    walls = []
    for name, source, holds in ATTACKS:
        job = Job(Language.PYTHON, Mode.STDIO, source, [Case("self-test")], LIMITS)
        result = run(job)
        (case,) = result.cases
        walls.append(Wall(name, holds(case), result.engine_message or f"{case.status}"))
    return walls

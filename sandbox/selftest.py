"""A runner attacks itself, so that an operator sees which walls stand on this machine."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from sandbox.job import Case, Job, Language, Limits, Mode
from sandbox.processes import Child, Gone, TooSlow
from sandbox.runner import Wall
from sandbox.verdict import CaseResult, Result, Status

LIMITS = Limits(cpu_seconds=0.5, wall_seconds=2.0)
SECONDS = 20.0
MAX_LINE = 64 * 1024


class Attackable(Protocol):
    """A runner that also tells which walls it raised for a job."""

    def run_and_look(self, job: Job) -> tuple[Result, list[Wall]]: ...


def refused(case: CaseResult) -> bool:
    return case.status is Status.OK and case.stdout.strip() == "refused"


def printed_three(case: CaseResult) -> bool:
    return case.status is Status.OK and case.stdout.strip() == "3"


def stopped(case: CaseResult) -> bool:
    return case.status is Status.TIME_LIMIT


def _attempt(attack: str) -> str:
    return f"""
import os, socket
try:
    {attack}
except Exception:
    print("refused")
else:
    print("done")
"""


ATTACKS: list[tuple[str, str, Callable[[CaseResult], bool]]] = [
    ("a program runs", "print(1 + 2)", printed_three),
    ("the network is refused", _attempt("socket.create_connection(('127.0.0.1', 22), 1)"), refused),
    ("reading a file is refused", _attempt("open('/etc/passwd').read(1)"), refused),
    ("writing a file is refused", _attempt("open('/tmp/waymark-self-test', 'w')"), refused),
    ("starting a process is refused", _attempt("os.fork()"), refused),
    ("an endless loop is stopped", "while True: pass", stopped),
    ("an endless sleep is stopped", "import time\ntime.sleep(10**6)", stopped),
]  # fmt: skip


def self_test(runner: Attackable) -> list[Wall]:
    """Attack, and say for each wall whether it held. The first line is the control."""
    told: list[Wall] = []
    walls: list[Wall] = []
    for name, source, holds in ATTACKS:
        job = Job(Language.PYTHON, Mode.STDIO, source, [Case("self-test")], LIMITS)
        result, raised = runner.run_and_look(job)
        (case,) = result.cases
        told.append(Wall(name, holds(case), result.engine_message or f"{case.status}"))
        walls = raised or walls
    return [*told, *walls, second_wall()]


def second_wall() -> Wall:
    """Try the walls of the process alone, without WebAssembly in front of them."""
    probe = Path(__file__).resolve().with_name("probe.py")
    command = [sys.executable, "-I", "-S", "-B", str(probe), str(probe.parents[1])]
    try:
        with Child(command, b"", MAX_LINE) as child:
            told = json.loads(child.line(SECONDS))
    except (Gone, TooSlow, OSError, ValueError) as error:
        return Wall("the second wall alone", False, str(error) or "It said nothing in time.")
    through = [name for name, came in told.items() if came not in ("refused", "True")]
    return Wall("the second wall alone", not through, ", ".join(through))


def printed(walls: list[Wall]) -> str:
    """The lines that a terminal or a page of staff shows."""
    lines = (f"{'ok' if wall.holds else 'FAIL':5}{wall.name}: {wall.detail}" for wall in walls)
    return "\n".join(line.removesuffix(": ") for line in lines)

"""The embedded runner, seen from the service: a child for each job, judged from out here."""

import binascii
import hashlib
import json
import math
import sys
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import wasmtime

import sandbox
from sandbox import literals, selftest
from sandbox.frames import MAX_FRAME
from sandbox.job import Case, Job, Language, Mode
from sandbox.processes import Child, Gone, TooSlow
from sandbox.runner import Wall, our_fault
from sandbox.verdict import CaseResult, Result, Status
from sandbox.wasm import artefacts, cache, child
from sandbox.wasm.classifier import Ended, result
from sandbox.wasm.machine import Ending
from sandbox.wasm.world import FUEL_PER_SECOND

MIB = 1024 * 1024
LEAST_MEMORY, MOST_MEMORY = 32 * MIB, 4096 * MIB - 64 * 1024
MOST_FUEL = 2**62
MAX_LINE = 8 * MIB
# Loading from a cold disk on a busy machine; the guest has not begun then.
START_SECONDS = 30.0
# Fuel decides. The clock is only a net, so wide that a busy machine fails nobody.
NET = 6
SOURCES = Path(sandbox.__file__).resolve().parents[1]
CHILD = Path(child.__file__).resolve()


@dataclass(frozen=True, slots=True)
class WasmRunner:
    """Runs Python and JavaScript in wasmtime. `cache` is a folder of its own, for compiled guests.

    `guests` names other places of the two artefacts; they are held against the same hashes.
    """

    cache: Path
    guests: Mapping[Language, Path] = field(default_factory=dict)
    name: str = "wasm"

    @property
    def languages(self) -> frozenset[Language]:
        return frozenset(artefacts.GUESTS)

    def prepare(self, tell: Callable[[str], None] = lambda _: None) -> None:
        """Compile what is not compiled yet. Raises CacheRefused, GuestRefused, OSError."""
        for language, guest in artefacts.GUESTS.items():
            ready = cache.is_ready(language, self.cache)
            tell(f"{guest.runtime}: {'ready' if ready else 'compiling, a few seconds'}")
            cache.compiled(language, self.cache, self.guests.get(language))

    def run(self, job: Job) -> Result:
        return self.run_and_look(job)[0]

    def run_and_look(self, job: Job) -> tuple[Result, list[Wall]]:
        """Run a job, and tell which walls its child raised. Never raises."""
        if job.language not in self.languages:
            return our_fault(
                self.name, job, f"{job.language} is not a language of this runner."
            ), []
        try:
            return _Run(self, job).result()
        except Exception as error:
            return our_fault(self.name, job, f"{type(error).__name__}: {error}"), []

    def self_test(self) -> list[Wall]:
        return selftest.self_test(self)


def nonce(job: Job) -> str:
    """What frames of a job begin with. The same each time, so that fuel is the same each time.

    That a program can foresee it is no loss: a frame is a claim, and the claim is checked out here.
    """
    return hashlib.sha256(f"{job.seed} {job.source}".encode()).hexdigest()[:32]


class _Run:
    """One job on its way through one child, or several where a case hung."""

    def __init__(self, runner: WasmRunner, job: Job) -> None:
        self.job, self.name = job, runner.name
        self.module = cache.compiled(job.language, runner.cache, runner.guests.get(job.language))
        self.nonce = nonce(job)
        limits = job.limits
        fuel = limits.fuel or round(limits.cpu_seconds * FUEL_PER_SECOND)
        self.fuel = min(max(fuel, 1), MOST_FUEL)
        self.memory = min(max(limits.memory, LEAST_MEMORY), MOST_MEMORY)
        self.net = limits.wall_seconds + NET * self.fuel / FUEL_PER_SECOND + 2
        self.walls: list[Wall] = []
        self.done: list[CaseResult] = []

    def result(self) -> tuple[Result, list[Wall]]:
        message = ""
        while len(self.done) < len(self.job.cases) and not message:
            message = self.converse(self.job.cases[len(self.done) :])
        rest = self.job.cases[len(self.done) :]
        self.done += [CaseResult(case.id, Status.INTERNAL_ERROR) for case in rest]
        refused = (case.stderr for case in self.done if case.status is Status.COMPILE_ERROR)
        guest = artefacts.GUESTS[self.job.language]
        engine = f"{self.name} (wasmtime {version('wasmtime')})"
        return Result(engine, guest.runtime, self.done, next(refused, ""), message), self.walls

    def converse(self, cases: Sequence[Case]) -> str:
        """Run cases in a child until one hangs. Returns what went wrong on our side, or nothing."""
        packages = {str(SOURCES), str(Path(wasmtime.__file__).resolve().parents[1])}
        command = [sys.executable, "-I", "-S", "-B", str(CHILD), *sorted(packages)]
        told = json.dumps(self.told(cases)).encode()
        try:
            with Child(command, told, MAX_LINE) as talk:
                self.walls = _walls(json.loads(talk.line(START_SECONDS)))
                for case in cases:
                    try:
                        line = talk.line(self.net)
                    except TooSlow:
                        self.done.append(CaseResult(case.id, Status.TIME_LIMIT))
                        return ""
                    self.done.append(self.judged(case, line))
        except TooSlow:
            return "The child did not start in time."
        except Gone as gone:
            return str(gone)
        return ""

    def told(self, cases: Sequence[Case]) -> dict[str, Any]:
        """The job as the child reads it. A job holds nothing that is expected, so this does not."""
        limits = self.job.limits
        room = MAX_FRAME if self.job.mode is Mode.FUNCTION else 1024
        return {
            "language": self.job.language, "source": self.job.source, "seed": self.job.seed,
            "module": str(self.module), "nonce": self.nonce,
            "cpu_seconds": math.ceil(10 + len(cases) * self.net),
            "bounds": {
                "fuel": self.fuel, "wall": limits.wall_seconds, "memory": self.memory,
                "stdout": limits.stdout + room, "stderr": limits.stderr,
            },
            "cases": [self.told_case(case) for case in cases],
        }  # fmt: skip

    def told_case(self, case: Case) -> dict[str, str]:
        if self.job.mode is Mode.STDIO:
            return {"stdin": case.stdin, "function": "", "arguments": ""}
        if self.job.language is Language.PYTHON:
            arguments = f"[{literals.python(case.args)},{literals.python(case.kwargs)}]"
        else:
            options = [dict(case.kwargs)] if case.kwargs else []
            arguments = literals.javascript([*case.args, *options])
        return {"stdin": "", "function": case.function, "arguments": arguments}

    def judged(self, case: Case, line: bytes) -> CaseResult:
        """Read what the child says of a case as if anybody could have written it."""
        try:
            told = json.loads(line)
            if "broken" in told:
                raise Gone(f"The child broke off with {told['broken']}")
            ended = _ended(case.id, told)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise Gone("The child said what is not the figures of a case.") from error
        return result(ended, self.job.mode, self.job.limits, self.nonce)


def _ended(name: str, told: dict[str, Any]) -> Ended:
    try:
        stdout, stderr = (b64decode(told[key], validate=True) for key in ("stdout", "stderr"))
    except binascii.Error as error:
        raise ValueError from error
    return Ended(
        id=name, ending=Ending(told["ending"]), code=int(told["code"]), stdout=stdout,
        stderr=stderr, stderr_seen=int(told["stderr_seen"]), answer=str(told["answer"]),
        fuel=int(told["fuel"]), memory=int(told["memory"]), cpu=float(told["cpu"]),
        wall=float(told["wall"]),
    )  # fmt: skip


def _walls(told: Any) -> list[Wall]:
    try:
        return [
            Wall(str(name), holds is True, str(detail)) for name, holds, detail in told["walls"]
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise Gone("The child said what is not its walls.") from error

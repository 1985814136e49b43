"""Runs jobs on a Piston server: one call for each case, every doubt ours and not the learner's.

Piston gives every program's input a final newline, replaces what is no UTF-8 in its output, and
measures no memory of its own accord; see docs/sandbox.md.
"""

import base64
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.job import Case, Job, Language, Limits, Mode
from sandbox.piston import answers, controls
from sandbox.piston.client import Client, PistonFailed
from sandbox.runner import Wall, our_fault
from sandbox.verdict import CaseResult, Result, Status

FRESH_SECONDS = 300
SOON_SECONDS = 15
ASK_SECONDS = 10.0
NAMES: Mapping[Language, frozenset[str]] = {
    Language.PYTHON: frozenset({"python", "python3"}),
    Language.JAVASCRIPT: frozenset({"javascript", "node"}),
    Language.JAVA: frozenset({"java"}),
}
FILES: Mapping[Language, str] = {
    Language.PYTHON: "main.py",
    Language.JAVASCRIPT: "main.js",
    # A public class must be in a file of its name.
    Language.JAVA: "Main.java",
}
# What an engine takes for itself, before a program has anything.
OWN_MEMORY: Mapping[Language, int] = {
    Language.PYTHON: 0,
    Language.JAVASCRIPT: 128 * 1024 * 1024,
    Language.JAVA: 384 * 1024 * 1024,
}


@dataclass(frozen=True, slots=True)
class Ceilings:
    """What the server is configured to allow; it refuses whoever asks for more.

    The times are Piston's own defaults, in milliseconds. `memory` None: the server sets no bound.
    """

    run_timeout: int = 3000
    run_cpu_time: int = 3000
    compile_timeout: int = 10_000
    compile_cpu_time: int = 10_000
    memory: int | None = None


@dataclass(frozen=True, slots=True)
class Runtime:
    """A language as the server offers it."""

    language: str
    version: str


class Piston:
    """One server. May be shared by threads."""

    name = "piston"

    def __init__(
        self,
        url: str,
        *,
        token: str = "",
        ceilings: Ceilings = Ceilings(),
        queue_seconds: float = 10.0,
        job_seconds: float = 180.0,
    ) -> None:
        """`queue_seconds` is what a call may wait for its turn, `job_seconds` bounds all of one."""
        self.client = Client(url, token)
        self.ceilings, self.queue_seconds, self.job_seconds = ceilings, queue_seconds, job_seconds
        self.lock = threading.Lock()
        self.known: Mapping[Language, Runtime] = {}
        self.stale_at = 0.0
        self.trouble = ""
        # Languages that this many bytes of output were seen to come back from.
        self.lets_out: dict[Language, int] = {}

    # ---- what the server offers -----------------------------------------------------------------

    @property
    def languages(self) -> frozenset[Language]:
        """What it offers now or, while it is away, what it offered."""
        return frozenset(self._runtimes())

    def _runtimes(self) -> Mapping[Language, Runtime]:
        with self.lock:
            if time.monotonic() >= self.stale_at:
                try:
                    self.known = _offered(self.client.get("/api/v2/runtimes", ASK_SECONDS))
                    self.trouble, fresh = "", FRESH_SECONDS
                    self.lets_out.clear()
                except PistonFailed as failed:
                    self.trouble, fresh = str(failed), SOON_SECONDS
                self.stale_at = time.monotonic() + fresh
            return self.known

    # ---- jobs -----------------------------------------------------------------------------------

    def run(self, job: Job) -> Result:
        if job.mode is not Mode.STDIO:
            return our_fault(self.name, job, "Piston runs programs only: nothing calls a function.")
        runtime = self._runtimes().get(job.language)
        if runtime is None:
            said = self.trouble or f"Piston offers no {job.language}."
            return our_fault(self.name, job, said)
        return _Run(self, job, runtime).result()

    def execute(self, runtime: Runtime, job: Job, case: Case, seconds: float) -> answers.Answer:
        """One call. Raises PistonFailed or AnswerRefused."""
        request = {
            "language": runtime.language,
            "version": runtime.version,
            "files": [_file(job)],
            "stdin": case.stdin,
            "args": [],
            **self._bounds(job),
        }
        longest = self.queue_seconds + self._seconds(job.limits)
        answer = self.client.post("/api/v2/execute", request, min(longest, seconds))
        return answers.read(answer)

    def _bounds(self, job: Job) -> dict[str, int]:
        limits, ceilings = job.limits, self.ceilings
        return {
            "run_timeout": min(round(limits.wall_seconds * 1000), ceilings.run_timeout),
            "run_cpu_time": min(round(limits.cpu_seconds * 1000), ceilings.run_cpu_time),
            "run_memory_limit": self.memory(job),
            "compile_timeout": ceilings.compile_timeout,
            "compile_cpu_time": ceilings.compile_cpu_time,
        }

    def memory(self, job: Job) -> int:
        wanted = job.limits.memory + OWN_MEMORY[job.language]
        return wanted if self.ceilings.memory is None else min(wanted, self.ceilings.memory)

    def _seconds(self, limits: Limits) -> float:
        run = min(limits.wall_seconds, self.ceilings.run_timeout / 1000)
        return run + self.ceilings.compile_timeout / 1000

    def lets_out_enough(self, runtime: Runtime, job: Job) -> bool:
        """Whether as much as the job may print comes back: a server's default is 1,024 bytes."""
        wanted = job.limits.stdout
        if self.lets_out.get(job.language, 0) < wanted:
            flood = Job(job.language, Mode.STDIO, controls.FLOOD[job.language], ())
            answer = self.execute(runtime, flood, Case("", stdin=str(wanted)), ASK_SECONDS * 3)
            if answers.status(answer, self.memory(flood)) is Status.OUTPUT_LIMIT:
                return False
            self.lets_out[job.language] = wanted
        return True

    # ---- itself ---------------------------------------------------------------------------------

    def self_test(self) -> list[Wall]:
        """Ask anew what the server offers and run, in one language, what is known to go well."""
        with self.lock:
            self.stale_at = 0.0
        runtimes = self._runtimes()
        listed = ", ".join(f"{one.language} {one.version}" for one in runtimes.values())
        walls = [Wall("runtimes", bool(runtimes) and not self.trouble, self.trouble or listed)]
        first = next((each for each in reversed(Language) if each in runtimes), None)
        if first is None or self.trouble:
            return walls
        flood = str(Limits().stdout)
        return [
            *walls,
            self._control("a program runs", first, controls.SUM, "19 23", Status.OK, "42"),
            self._control("output comes back whole", first, controls.FLOOD, flood, Status.OK),
            self._control("a loop is stopped", first, controls.LOOP, "", Status.TIME_LIMIT),
        ]

    def _control(
        self, name: str, language: Language, sources: Mapping[Language, str], stdin: str,
        expected: Status, printed: str = "",
    ) -> Wall:  # fmt: skip
        job = Job(language, Mode.STDIO, sources[language], (Case("control", stdin=stdin),))
        result = self.run(job)
        case = result.cases[0]
        holds = case.status is expected and case.stdout.strip().startswith(printed)
        return Wall(name, holds, f"{language}: {case.status}. {result.engine_message}".strip())


class _Run:
    """One job on its way."""

    def __init__(self, piston: Piston, job: Job, runtime: Runtime) -> None:
        self.piston, self.job, self.runtime = piston, job, runtime
        self.deadline = time.monotonic() + piston.job_seconds
        self.compile_output = ""
        self.messages: dict[str, None] = {}

    def result(self) -> Result:
        cases: list[CaseResult] = []
        for case in self.job.cases:
            # What does not compile, or is to be run again anyway, needs no further calls.
            if cases and cases[-1].status in (Status.COMPILE_ERROR, Status.INTERNAL_ERROR):
                cases.append(CaseResult(case.id, cases[-1].status))
            else:
                cases.append(self.one(case))
        return Result(
            self.piston.name,
            f"{self.runtime.language} {self.runtime.version}",
            cases,
            self.compile_output,
            " ".join(self.messages),
        )

    def one(self, case: Case) -> CaseResult:
        try:
            return self.asked(case)
        except (PistonFailed, answers.AnswerRefused) as failed:
            return self.ours(case, str(failed))

    def ours(self, case: Case, message: str) -> CaseResult:
        self.messages[message] = None
        return CaseResult(case.id, Status.INTERNAL_ERROR)

    def asked(self, case: Case) -> CaseResult:
        left = self.deadline - time.monotonic()
        if left <= 0:
            return self.ours(case, "The job took too long on the whole.")
        piston, limits = self.piston, self.job.limits
        answer = piston.execute(self.runtime, self.job, case, left)
        result = answers.result(case.id, answer, limits, piston.memory(self.job))
        if result.status is Status.COMPILE_ERROR:
            self.compile_output = answers.compile_output(answer, limits)
        if result.status is Status.INTERNAL_ERROR:
            stage = answer.run if answer.run.message else answer.compile or answer.run
            return self.ours(case, f"Piston could not run it: {stage.status} {stage.message}")
        server_cut = result.status is Status.OUTPUT_LIMIT and answer.run.status is not None
        if server_cut and not piston.lets_out_enough(self.runtime, self.job):
            return self.ours(case, f"PISTON_OUTPUT_MAX_SIZE must be {limits.stdout} or more.")
        return result


def _offered(answer: Any) -> Mapping[Language, Runtime]:
    """Of our languages those that are there, each in its newest version."""
    if not isinstance(answer, list):
        raise PistonFailed("Piston's answer lists no runtimes.")
    offered: dict[Language, Runtime] = {}
    for one in answer:
        if not isinstance(one, dict) or not isinstance(one.get("aliases", []), list):
            raise PistonFailed("Piston's answer lists something else than runtimes.")
        runtime = Runtime(str(one.get("language")), str(one.get("version")))
        names = {runtime.language, *map(str, one.get("aliases", []))}
        for language, ours in NAMES.items():
            known = offered.get(language)
            if names & ours and (known is None or _order(known) < _order(runtime)):
                offered[language] = runtime
    return offered


def _order(runtime: Runtime) -> tuple[int, ...]:
    parts = runtime.version.partition("-")[0].split(".")
    return tuple(int(part) if part.isdecimal() else 0 for part in parts)


def _file(job: Job) -> dict[str, str]:
    """The source, in whichever encoding takes less of the little that a request may hold."""
    name = FILES[job.language]
    encoded = base64.b64encode(job.source.encode()).decode()
    if len(encoded) < len(json.dumps(job.source, ensure_ascii=False).encode()):
        return {"name": name, "content": encoded, "encoding": "base64"}
    return {"name": name, "content": job.source}

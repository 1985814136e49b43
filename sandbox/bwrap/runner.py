"""Runs Python and JavaScript natively, each case in a fresh sandbox. Failing to start is ours."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import sandbox
from sandbox import literals
from sandbox.bwrap import attacks, calls, classifier, command, process, tools
from sandbox.frames import MAX_FRAME
from sandbox.job import Case, Job, Language, Mode
from sandbox.runner import Wall, our_fault
from sandbox.verdict import CaseResult, Result, Status

GUESTS = Path(__file__).with_name("guests")
# The same harness as in the wasm engine: it knows an ordinary CPython, too.
PYTHON_HARNESS = Path(sandbox.__file__).parent / "wasm" / "guests" / "harness.py"
NODE_HARNESS = GUESTS / "harness.cjs"
START = GUESTS / "start.py"
# No account of the machine has this number, so that it owns nothing and no other process is its.
IDENTITY = 64123
ROOM_FOR_FAULTS = 1024
# What a shell and prlimit say of a program that they cannot start.
NOT_RUNNABLE = (126, 127)


class NotStarted(Exception):
    """There was no sandbox, so no program ran. The message is for staff."""


@dataclass(frozen=True, slots=True)
class BwrapRunner:
    """Needs bubblewrap and a kernel that gives unprivileged processes their own namespaces.

    `interpreters` and `bwrap` name programs other than the system's. Started by root, sandboxes
    run as `identity`.
    """

    interpreters: Mapping[Language, Path] = field(default_factory=dict)
    bwrap: Path | None = None
    identity: int = IDENTITY
    name: str = "bwrap"

    @property
    def languages(self) -> frozenset[Language]:
        """Those whose interpreter is on this machine."""
        return frozenset(language for language in tools.COMMANDS if self._has(language))

    def _has(self, language: Language) -> bool:
        try:
            tools.interpreter(language, self.interpreters.get(language))
        except tools.ToolMissing:
            return False
        return True

    def tools(self, language: Language) -> command.Tools:
        interpreter = tools.interpreter(language, self.interpreters.get(language))
        return command.Tools(tools.bwrap(self.bwrap), tools.prlimit(), interpreter)

    def run(self, job: Job) -> Result:
        try:
            return _Run(self, job).result()
        except Exception as error:
            said = str(error) if isinstance(error, tools.ToolMissing | NotStarted) else repr(error)
            return our_fault(self.name, job, said)

    def self_test(self) -> list[Wall]:
        return attacks.self_test(self.run)


class _Run:
    """One job on its way, case by case."""

    def __init__(self, runner: BwrapRunner, job: Job, is_control: bool = False) -> None:
        self.runner, self.job, self.is_control = runner, job, is_control
        self.tools = runner.tools(job.language)
        self.seccomp = calls.filter_program()

    def result(self) -> Result:
        path = self.tools.interpreter.path
        engine = f"{self.runner.name} (bubblewrap {tools.version(self.tools.bwrap)})"
        runtime = f"{tools.NAMES[self.job.language]} {tools.version(path)}"
        cases = [self.one(case) for case in self.job.cases]
        refused = (case.stderr for case in cases if case.status is Status.COMPILE_ERROR)
        return Result(engine, runtime, cases, next(refused, ""))

    def one(self, case: Case) -> CaseResult:
        nonce = secrets.token_hex(16)
        try:
            ended = process.run(self.order(case, nonce))
        except OSError as error:
            raise NotStarted(f"bwrap cannot be started: {error}") from error
        if ended.left_over:
            raise NotStarted("Processes of a sandbox could not be ended.")
        if not ended.begun or (ended.code is None and ended.ending is process.Ending.LEFT):
            said = ended.stderr.decode("utf-8", "replace").strip()
            raise NotStarted(f"The sandbox did not start. {said}".strip())
        result = classifier.result(case.id, ended, self.job, nonce)
        if ended.code in NOT_RUNNABLE and not self.is_control and not self.starts():
            raise NotStarted(f"The interpreter does not start. {result.stderr}".strip())
        return result

    def starts(self) -> bool:
        """Whether an empty program runs: programs may end with a code of somebody else's, too."""
        job = Job(self.job.language, Mode.STDIO, "\n", [Case("")], self.job.limits)
        (case,) = _Run(self.runner, job, is_control=True).result().cases
        return case.status is Status.OK

    def order(self, case: Case, nonce: str) -> process.Order:
        limits, is_call = self.job.limits, self.job.mode is Mode.FUNCTION
        return process.Order(
            command=self.command,
            files=self.files(case, nonce),
            seccomp=self.seccomp,
            stdin=b"" if is_call else case.stdin.encode("utf-8", "replace"),
            stdout=limits.stdout + (MAX_FRAME if is_call else ROOM_FOR_FAULTS),
            stderr=limits.stderr,
            wall=limits.wall_seconds,
            identity=self.runner.identity if os.geteuid() == 0 else None,
        )

    def command(self, files: Mapping[str, int], seccomp: int, status: int) -> list[str]:
        job, language = self.job, self.job.language
        start = START.read_text() if language is Language.PYTHON else "/src/harness.cjs"
        path = self.tools.interpreter.path
        environment = command.environment(language, job.seed)
        return [
            *command.sandbox(self.tools, files, seccomp, status, environment),
            *command.limited(self.tools.prlimit, language, job.limits),
            *command.interpreted(language, path, job.limits, start),
        ]

    def files(self, case: Case, nonce: str) -> Mapping[str, bytes]:
        source = self.job.source.encode()
        if self.job.language is Language.PYTHON:
            task = repr(self.told(case, nonce, literals.python([case.args, case.kwargs])))
            return {"/src/harness.py": PYTHON_HARNESS.read_bytes(), "/src/task": task.encode()}
        options = [dict(case.kwargs)] if case.kwargs else []
        told = self.told(case, nonce, literals.javascript([*case.args, *options]))
        task = json.dumps(dict(zip(("nonce", "source", "name", "parameters"), told, strict=True)))
        return {
            "/src/harness.cjs": NODE_HARNESS.read_bytes(), "/src/task": task.encode(),
            "/src/main.js": source, "/src/main.mjs": source,
        }  # fmt: skip

    def told(self, case: Case, nonce: str, arguments: str) -> tuple[str, str, str, str]:
        is_call = self.job.mode is Mode.FUNCTION
        return nonce, self.job.source, case.function if is_call else "", arguments

"""The runners by name, and the task that every program of the corpus is held against."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.job import Case, Job, Language, Limits, Mode, clean_source
from sandbox.wasm.runner import WasmRunner

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / "var" / "wasm"
RUNNERS = {"wasm": lambda: WasmRunner(CACHE)}

# Little fuel beyond the start of an interpreter: the corpus is full of endless loops.
QUICK = Limits(cpu_seconds=0.4, wall_seconds=3.0, memory=96 * 1024 * 1024)


@pytest.fixture(scope="session", params=RUNNERS)
def runner(request: Any) -> Any:
    return RUNNERS[request.param]()


@pytest.fixture(scope="session")
def wasm() -> WasmRunner:
    runner = RUNNERS["wasm"]()
    runner.prepare()
    return runner


def program(source: str, *stdin: str, language: Language = Language.PYTHON, **more: Any) -> Job:
    cases = [Case(str(number), text) for number, text in enumerate(stdin or ("",))]
    return Job(language, Mode.STDIO, clean_source(source), cases, **{"limits": QUICK, **more})


def call(source: str, *args: Any, language: Language = Language.PYTHON, **more: Any) -> Job:
    """A call of `f`."""
    cases = [Case("0", function="f", args=args)]
    return Job(language, Mode.FUNCTION, clean_source(source), cases, **{"limits": QUICK, **more})

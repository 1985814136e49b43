"""Drives CPython: the harness comes as its `-c`, the learner's program as an argument."""

from pathlib import Path

from sandbox.wasm.machine import Copy, Task

HARNESS = Path(__file__).with_name("guests") / "harness.py"


def arguments(task: Task) -> list[str]:
    """Isolated, without `site` and without bytecode files, in UTF-8 whatever the locale."""
    call = [task.function, task.arguments] if task.function else []
    return ["python", "-ISB", "-X", "utf8", "-c", task.harness, task.nonce, task.source, *call]


def drive(copy: Copy, _task: Task) -> tuple[int, str]:
    copy.call("_start")
    return 0, ""

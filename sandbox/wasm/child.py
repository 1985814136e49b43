"""The process that runs one job: reads it, loads the guest, gives up its rights, runs the cases.

Started as a script by an isolated Python, with the folders of our packages as its arguments. Says
one line of JSON about its walls and then one about each case, and leaves.
"""

import json
import os
import resource
import sys
import time

if __name__ == "__main__":
    sys.path += sys.argv[1:]

from base64 import b64encode
from typing import Any

from wasmtime import Module

from sandbox.job import Language
from sandbox.walls import raise_walls
from sandbox.wasm import engine, javascript, python
from sandbox.wasm.machine import Machine, Outcome, Task
from sandbox.wasm.world import Bounds

DRIVERS = {Language.PYTHON: python, Language.JAVASCRIPT: javascript}
# What the engine and the interpreter around it need beside the guest's own memory.
OWN_MEMORY = 192 * 1024 * 1024


def main() -> None:
    told = json.loads(sys.stdin.buffer.read())
    language = Language(told["language"])
    machine = load(language, told["module"])
    driver = DRIVERS[language]
    harness = driver.HARNESS.read_text("utf-8")
    bounds = Bounds(**told["bounds"])
    walls = raise_walls(bounds.memory + OWN_MEMORY, told["cpu_seconds"])
    say({"walls": [[wall.name, wall.holds, wall.detail] for wall in walls]})
    for case in told["cases"]:
        task = Task(
            bounds=bounds, now=time.time_ns(), seed=told["seed"], nonce=told["nonce"],
            source=told["source"], stdin=case["stdin"].encode("utf-8", "replace"),
            function=case["function"], arguments=case["arguments"], harness=harness,
        )  # fmt: skip
        began, worked = time.monotonic(), time.process_time()
        outcome = machine.run(task, driver.arguments(task), driver.drive)
        say(figures(outcome, time.process_time() - worked, time.monotonic() - began))


def load(language: Language, path: str) -> Machine:
    """Load the guest into a process whose stack is larger than the guest's."""
    _, hard = resource.getrlimit(resource.RLIMIT_STACK)
    resource.setrlimit(resource.RLIMIT_STACK, (engine.PROCESS_STACK, hard))
    made = engine.make(language)
    return Machine(made, Module.deserialize_file(made, path))


def figures(outcome: Outcome, cpu: float, wall: float) -> dict[str, Any]:
    world = outcome.world
    return {
        "ending": outcome.ending,
        "code": outcome.code,
        "answer": outcome.answer,
        "stdout": b64encode(world.stdout).decode(),
        "stderr": b64encode(world.stderr).decode(),
        "stderr_seen": world.stderr_seen,
        "fuel": outcome.fuel,
        "memory": outcome.memory,
        "cpu": cpu,
        "wall": wall,
    }


def say(content: object) -> None:
    line = json.dumps(content).encode() + b"\n"
    while line:
        line = line[os.write(1, line) :]


if __name__ == "__main__":
    try:
        main()
    except Exception as error:
        say({"broken": f"{type(error).__name__}: {error}"})
    # Without farewells: there is nothing to tidy up behind these walls.
    os._exit(0)

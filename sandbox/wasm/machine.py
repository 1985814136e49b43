"""A guest that is compiled and linked, and fresh copies of it, one for each case."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from wasmtime import Engine, Func, Linker, Memory, Module, Store, Trap, TrapCode

from sandbox.wasm.world import (
    CALL_FUEL,
    Bounds,
    GuestBroken,
    Left,
    TooLate,
    TooMuchOutput,
    World,
    link,
)

# CPython's table of functions has 11,802 entries; none of the guests makes it grow.
TABLE = 20_000


class Ending(StrEnum):
    """How a guest's run ended, before anybody judges it."""

    LEFT = "left"
    FUEL = "fuel"
    LATE = "late"
    OUTPUT = "output"
    STACK = "stack"
    TRAP = "trap"


@dataclass(frozen=True, slots=True)
class Task:
    """One case as the guest is told of it. `now` is the time of day, in nanoseconds."""

    bounds: Bounds
    now: int
    seed: int
    nonce: str
    source: str
    harness: str
    stdin: bytes = b""
    function: str = ""
    arguments: str = ""


@dataclass(slots=True)
class Outcome:
    """What a run left behind. `answer` is what a guest said to us alone, not through stdout."""

    world: World
    ending: Ending = Ending.LEFT
    code: int = 0
    answer: str = ""
    fuel: int = 0
    memory: int = 0


class Copy:
    """An instance with its store and its world."""

    def __init__(self, machine: "Machine", store: Store, world: World) -> None:
        self.store, self.world = store, world
        instance = machine.linker.instantiate(store, machine.module)
        self.exports = instance.exports(store)
        memory = self.exports["memory"]
        if not isinstance(memory, Memory):
            raise TypeError("The guest has no memory.")
        world.memory = memory

    def call(self, name: str, *arguments: int) -> Any:
        function = self.exports[name]
        if not isinstance(function, Func):
            raise TypeError(f"The guest's {name} is no function.")
        self.world.charge(CALL_FUEL)
        return function(self.store, *arguments)


Drive = Callable[[Copy, Task], tuple[int, str]]


class Machine:
    """Holds one guest. Not for two threads at once: a copy's calls find its world in here."""

    world: World

    def __init__(self, engine: Engine, module: Module) -> None:
        self.engine, self.module = engine, module
        self.linker = Linker(engine)
        link(self.linker, module, lambda: self.world)

    def run(self, task: Task, args: list[str], drive: Drive) -> Outcome:
        """Run a case in a copy of its own and say how it ended."""
        with Store(self.engine) as store:
            store.set_limits(
                memory_size=task.bounds.memory,
                instances=1,
                memories=1,
                tables=1,
                table_elements=TABLE,
            )
            store.set_fuel(task.bounds.fuel)
            self.world = World(store, task.bounds, task.now, task.seed, task.stdin, args)
            outcome = Outcome(self.world)
            try:
                copy = Copy(self, store, self.world)
                outcome.code, outcome.answer = drive(copy, task)
            except Left as left:
                outcome.code = left.code
            except (TooLate, TooMuchOutput, Trap, GuestBroken, MemoryError) as stop:
                outcome.ending = _ending(stop)
            outcome.fuel = self.world.fuel_used
            outcome.memory = self.world.memory.data_len(store)
        return outcome


def _ending(stop: Exception) -> Ending:
    if isinstance(stop, TooMuchOutput):
        return Ending.OUTPUT
    if isinstance(stop, TooLate):
        return Ending.LATE
    code = stop.trap_code if isinstance(stop, Trap) else None
    if code == TrapCode.OUT_OF_FUEL:
        return Ending.FUEL
    return Ending.STACK if code == TrapCode.STACK_OVERFLOW else Ending.TRAP

"""All that a guest can reach outside: its arguments, stdin, stdout, stderr, a clock and chance.

This is WASI preview 1 without files, folders and sockets. wasmtime's own WASI is not linked: it
opens the host's files and starts threads, and its calls sleep for as long as a guest likes. Here
time passes by fuel, so that a program sees, prints and uses the same in every run.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from wasmtime import Linker, Memory, Module, Store

MODULE = "wasi_snapshot_preview1"
FUEL_PER_SECOND = 8_000_000_000

# What a call costs beside its bytes, so that calls alone run out of fuel in time, too.
CALL_FUEL = 100_000
MAX_VECTORS = 1024
CHUNK = 64 * 1024
STDERR_STOP = 1024 * 1024

OK, BAD_DESCRIPTOR, FAULT, INVALID, NO_CALL, NO_SEEK = 0, 8, 21, 28, 52, 70
STDIN, STDOUT, STDERR = 0, 1, 2
REALTIME = 0
CLOCK = 0
UNKNOWN_TYPE = 0
U64 = 0xFFFF_FFFF_FFFF_FFFF
NANO = 1_000_000_000


class Stopped(Exception):
    """The guest is not to go on. Raised in a call of the guest's, it unwinds the guest."""


class Left(Stopped):
    """The guest left with an exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class TooMuchOutput(Stopped):
    """More was written than may be."""


class TooLate(Stopped):
    """The guest sleeps beyond its wall limit, or its calls used the rest of its fuel."""


class GuestBroken(Exception):
    """The guest does not keep to what it was made to do: its program has damaged it."""


class BadPointer(GuestBroken):
    """The guest named memory that it has not."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one case may use."""

    fuel: int
    wall: float
    memory: int
    stdout: int
    stderr: int


class World:
    """One case's surroundings. `memory` is set once the guest exists."""

    memory: Memory

    def __init__(
        self, store: Store, bounds: Bounds, now: int, seed: int, stdin: bytes, args: list[str]
    ) -> None:
        self.store, self.bounds, self.now = store, bounds, now
        self.stdin, self.at = stdin, 0
        self.args = [arg.encode() + b"\0" for arg in args]
        self.stdout, self.stderr = bytearray(), bytearray()
        self.stderr_seen = 0
        self.slept = 0
        self.random = Random(seed)  # noqa: S311

    # ---- time -----------------------------------------------------------------------------------

    @property
    def fuel_used(self) -> int:
        return self.bounds.fuel - self.store.get_fuel()

    def elapsed(self) -> int:
        """Nanoseconds since the start, as the guest sees them: work and sleep, nothing else."""
        return self.fuel_used * NANO // FUEL_PER_SECOND + self.slept

    def charge(self, fuel: int) -> None:
        left = self.store.get_fuel() - fuel
        self.store.set_fuel(max(left, 0))
        if left <= 0:
            raise TooLate

    def sleep(self, nanoseconds: int) -> None:
        """Sleep without waiting: the clock is put forward."""
        self.slept += nanoseconds
        if self.elapsed() > self.bounds.wall * NANO:
            raise TooLate

    def time(self, clock: int) -> int:
        return self.elapsed() + (self.now if clock == REALTIME else 0)

    # ---- the guest's memory ---------------------------------------------------------------------

    def place(self, address: int, size: int) -> int:
        """An address as the guest means it: unsigned, and with all of `size` within its memory."""
        address &= 0xFFFF_FFFF
        if address + size > self.memory.data_len(self.store):
            raise BadPointer
        return address

    def read(self, address: int, size: int) -> bytes:
        address = self.place(address, size)
        return bytes(self.memory.read(self.store, address, address + size))

    def write(self, address: int, content: bytes) -> None:
        address = self.place(address, len(content))
        if content:
            self.memory.write(self.store, content, address)

    def vectors(self, address: int, count: int) -> list[tuple[int, int]]:
        if not 0 <= count <= MAX_VECTORS:
            raise BadPointer
        return list(struct.iter_unpack("<II", self.read(address, 8 * count)))

    # ---- calls ----------------------------------------------------------------------------------

    def args_sizes_get(self, count: int, size: int) -> int:
        self.write(count, struct.pack("<I", len(self.args)))
        self.write(size, struct.pack("<I", sum(map(len, self.args))))
        return OK

    def args_get(self, pointers: int, buffer: int) -> int:
        for arg in self.args:
            self.write(pointers, struct.pack("<I", buffer & 0xFFFF_FFFF))
            self.write(buffer, arg)
            pointers, buffer = pointers + 4, buffer + len(arg)
        return OK

    def environ_sizes_get(self, count: int, size: int) -> int:
        self.write(count, bytes(4))
        self.write(size, bytes(4))
        return OK

    def environ_get(self, _pointers: int, _buffer: int) -> int:
        return OK

    def clock_res_get(self, _clock: int, result: int) -> int:
        self.write(result, struct.pack("<Q", 1))
        return OK

    def clock_time_get(self, clock: int, _precision: int, result: int) -> int:
        self.write(result, struct.pack("<Q", self.time(clock)))
        return OK

    def random_get(self, buffer: int, size: int) -> int:
        size &= 0xFFFF_FFFF
        self.charge(size)
        start = self.place(buffer, size)
        for at in range(start, start + size, CHUNK):
            self.write(at, self.random.randbytes(min(CHUNK, start + size - at)))
        return OK

    def sched_yield(self) -> int:
        return OK

    def proc_exit(self, code: int) -> None:
        raise Left(code & 0xFFFF_FFFF)

    def fd_close(self, descriptor: int) -> int:
        return OK if descriptor in (STDIN, STDOUT, STDERR) else BAD_DESCRIPTOR

    def fd_seek(self, descriptor: int, _offset: int, _whence: int, _result: int) -> int:
        return NO_SEEK if descriptor in (STDIN, STDOUT, STDERR) else BAD_DESCRIPTOR

    def fd_fdstat_get(self, descriptor: int, result: int) -> int:
        """All rights and no type: a pipe, as far as anybody asks. A terminal would be flushed."""
        if descriptor not in (STDIN, STDOUT, STDERR):
            return BAD_DESCRIPTOR
        self.write(result, struct.pack("<BxHxxxxQQ", UNKNOWN_TYPE, 0, U64, U64))
        return OK

    def fd_filestat_get(self, descriptor: int, result: int) -> int:
        if descriptor not in (STDIN, STDOUT, STDERR):
            return BAD_DESCRIPTOR
        self.write(result, bytes(64))
        return OK

    def fd_read(self, descriptor: int, vectors: int, count: int, result: int) -> int:
        if descriptor != STDIN:
            return BAD_DESCRIPTOR
        total = 0
        for address, size in self.vectors(vectors, count):
            chunk = self.stdin[self.at : self.at + size]
            self.write(address, chunk)
            self.at += len(chunk)
            total += len(chunk)
        self.write(result, struct.pack("<I", total))
        return OK

    def fd_write(self, descriptor: int, vectors: int, count: int, result: int) -> int:
        if descriptor not in (STDOUT, STDERR):
            return BAD_DESCRIPTOR
        total = 0
        for address, size in self.vectors(vectors, count):
            self.charge(size)
            self.take(descriptor, address, size)
            total += size
        self.write(result, struct.pack("<I", total & 0xFFFF_FFFF))
        return OK

    def take(self, descriptor: int, address: int, size: int) -> None:
        """Keep what fits. Too much on stdout ends the case; stderr is cut first."""
        kept = self.stdout if descriptor == STDOUT else self.stderr
        limit = self.bounds.stdout if descriptor == STDOUT else self.bounds.stderr
        room = limit - len(kept)
        kept += self.read(address, min(size, room))
        if descriptor == STDERR:
            self.stderr_seen += size
        if (descriptor == STDOUT and size > room) or self.stderr_seen > STDERR_STOP:
            raise TooMuchOutput

    def complain(self, text: str) -> None:
        """Write to stderr in the guest's place."""
        content = text.encode()
        self.stderr += content[: max(0, self.bounds.stderr - len(self.stderr))]
        self.stderr_seen += len(content)

    def poll_oneoff(self, subscriptions: int, events: int, count: int, result: int) -> int:
        """Streams are always ready. Without any, the earliest clock is slept for."""
        if not 0 < count <= MAX_VECTORS:
            return INVALID
        asked = list(
            struct.iter_unpack("<QB7xIxxxxQQHxxxxxx", self.read(subscriptions, 48 * count))
        )
        ready = [(data, kind) for data, kind, *_ in asked if kind != CLOCK]
        if not ready:
            waits = [(self.wait(clock, at, flags), data) for data, _, clock, at, _, flags in asked]
            shortest, data = min(waits)
            self.sleep(shortest)
            ready = [(data, CLOCK)]
        packed = b"".join(
            struct.pack("<QHBxxxxxQHxxxxxx", data, OK, kind, 1, 0) for data, kind in ready
        )
        self.write(events, packed)
        self.write(result, struct.pack("<I", len(ready)))
        return OK

    def wait(self, clock: int, timeout: int, flags: int) -> int:
        absolute = flags & 1
        return max(0, timeout - self.time(clock)) if absolute else timeout


CALLS = frozenset(
    name for name in vars(World) if name.startswith(("args_", "environ_", "clock_", "fd_"))
) | {"random_get", "sched_yield", "proc_exit", "poll_oneoff"}


def link(linker: Linker, module: Module, world: Callable[[], World]) -> None:
    """Answer every import of a guest. What this world lacks is refused as unknown."""
    for wanted in module.imports:
        if wanted.module != MODULE or wanted.name is None:
            raise ValueError(f"A guest asks for {wanted.module}.{wanted.name}.")
        linker.define_func(MODULE, wanted.name, wanted.type, _answer(wanted.name, world))  # type: ignore[arg-type]


def _answer(name: str, world: Callable[[], World]) -> Callable[..., Any]:
    absent = BAD_DESCRIPTOR if name.startswith(("fd_", "sock_")) else NO_CALL

    def answer(*arguments: int) -> int | None:
        here = world()
        here.charge(CALL_FUEL)
        if name not in CALLS:
            return absent
        try:
            result: int | None = getattr(here, name)(*arguments)
        except BadPointer:
            return FAULT
        return result

    return answer

"""What a guest can call, called with anything: in bounds, at a price, never out of our hands."""

import struct
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wasmtime import Config, Engine, Limits, Memory, MemoryType, Store

from sandbox.wasm import world
from sandbox.wasm.world import (
    CALL_FUEL,
    CALLS,
    FUEL_PER_SECOND,
    Bounds,
    GuestBroken,
    Stopped,
    World,
)

PAGE = 65_536
FUEL = 10**9
BOUNDS = Bounds(fuel=FUEL, wall=5.0, memory=PAGE, stdout=1_000, stderr=100)
NOW = 1_700_000_000 * 10**9


def engine():
    config = Config()
    config.consume_fuel = True
    return Engine(config)


ENGINE = engine()


def make(stdin=b"", args=(), bounds=BOUNDS):
    store = Store(ENGINE)
    store.set_fuel(bounds.fuel)
    made = World(store, bounds, NOW, 1, stdin, list(args))
    made.memory = Memory(store, MemoryType(Limits(1, 1)))
    return made


ADDRESSES = st.integers(-(2**31), 2**31 - 1) | st.integers(0, PAGE + 10) | st.just(PAGE)
COUNTS = {"fd_write": 4, "fd_read": 4, "poll_oneoff": 4, "args_get": 2, "args_sizes_get": 2,
          "environ_get": 2, "environ_sizes_get": 2, "clock_res_get": 2, "clock_time_get": 3,
          "random_get": 2, "sched_yield": 0, "proc_exit": 1, "fd_close": 1, "fd_seek": 4,
          "fd_fdstat_get": 2, "fd_filestat_get": 2}  # fmt: skip


def test_every_call_is_known():
    assert set(COUNTS) == CALLS


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(CALLS)),
    st.lists(ADDRESSES, min_size=4, max_size=4),
    st.binary(max_size=200),
)
def test_any_call_ends_well(name, arguments, content):
    """Numbers of errors, a stop, or a refused pointer: nothing else, and nothing beyond a bound."""
    here = make(b"input", ["python", "x"])
    here.write(0, content)
    try:
        answer = getattr(here, name)(*arguments[: COUNTS[name]])
    except (Stopped, GuestBroken):
        answer = 0
    assert 0 <= answer < 100
    assert len(here.stdout) <= BOUNDS.stdout
    assert len(here.stderr) <= BOUNDS.stderr


@settings(deadline=None)
@given(st.integers(0, 3), st.lists(st.tuples(ADDRESSES, ADDRESSES), max_size=20), st.booleans())
def test_any_vectors_are_in_bounds(descriptor, vectors, reading):
    here = make(b"input" * 1000)
    for at, pair in enumerate(vectors):
        here.write(8 * at, struct.pack("<ii", *pair))
    call = here.fd_read if reading else here.fd_write
    with suppress(Stopped, GuestBroken):
        call(descriptor, 0, len(vectors), 8 * len(vectors))
    assert len(here.stdout) <= BOUNDS.stdout
    assert here.at <= len(here.stdin) or reading


@pytest.mark.parametrize(
    ("address", "size", "fits"),
    [(0, PAGE, True), (PAGE, 0, True), (PAGE - 1, 1, True), (PAGE - 1, 2, False), (PAGE, 1, False),
     (-1, 1, False), (-PAGE, 8, False), (2**32 - 4, 8, False)],
)  # fmt: skip
def test_memory_ends_where_it_ends(address, size, fits):
    here = make()
    if fits:
        assert here.place(address, size) == address
        assert here.read(address, size) == bytes(size)
    else:
        for use in (lambda: here.read(address, size), lambda: here.write(address, bytes(size))):
            with pytest.raises(world.BadPointer):
                use()


def test_time_passes_by_fuel_and_sleep():
    here = make()
    began = here.time(1)
    here.charge(FUEL_PER_SECOND // 100)
    assert here.time(1) - began == 10**7
    here.sleep(10**9)
    assert here.time(1) - began == 10**9 + 10**7
    assert here.time(world.REALTIME) - here.time(1) == NOW
    with pytest.raises(world.TooLate):
        here.sleep(4 * 10**9)


def test_who_cannot_pay_is_stopped():
    here = make()
    with pytest.raises(world.TooLate):
        here.charge(FUEL + 1)
    assert here.fuel_used == FUEL
    assert CALL_FUEL * 1000 < FUEL


def test_sleep_wakes_by_the_earliest_clock_at_once_for_streams():
    here = make()
    clock = struct.pack("<QB7xIxxxxQQHxxxxxx", 7, 0, 1, 10**9, 0, 0)
    later = struct.pack("<QB7xIxxxxQQHxxxxxx", 8, 0, 1, 2 * 10**9, 0, 0)
    stream = struct.pack("<QB7xIxxxxQQHxxxxxx", 9, 1, 0, 0, 0, 0)
    here.write(0, later + clock)
    assert here.poll_oneoff(0, 1000, 2, 2000) == 0
    assert here.slept == 10**9
    assert here.read(1000, 8) == struct.pack("<Q", 7)
    assert here.read(2000, 4) == struct.pack("<I", 1)
    here.write(0, stream + clock)
    assert here.poll_oneoff(0, 1000, 2, 2000) == 0
    assert here.slept == 10**9
    assert here.read(1000, 8) == struct.pack("<Q", 9)


def test_chance_is_the_same_for_a_seed():
    one, other = make(), make()
    assert one.random_get(0, 100) == other.random_get(0, 100) == 0
    assert one.read(0, 100) == other.read(0, 100) != bytes(100)


def test_arguments_are_laid_out():
    here = make(args=["python", "é"])
    assert here.args_sizes_get(0, 4) == here.args_get(8, 100) == 0
    assert struct.unpack("<II", here.read(0, 8)) == (2, 10)
    assert here.read(100, 10) == "python\0é\0".encode()
    assert struct.unpack("<II", here.read(8, 8)) == (100, 107)

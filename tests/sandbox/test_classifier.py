"""From how a guest ended to its verdict: the table."""

import pytest

from sandbox.job import Limits, Mode
from sandbox.values import value_of
from sandbox.verdict import Status
from sandbox.wasm.classifier import Ended, result
from sandbox.wasm.machine import Ending

LIMITS = Limits(memory=100_000_000, stdout=10)
SEVEN = '{"value":["int","7"]}'


def judged(mode=Mode.STDIO, **changes):
    ended = {
        "id": "1", "ending": Ending.LEFT, "code": 0, "stdout": b"", "stderr": b"",
        "stderr_seen": 0, "answer": "", "fuel": 1, "memory": 1, "cpu": 0.1, "wall": 0.1,
    }  # fmt: skip
    return result(Ended(**{**ended, **changes}), mode, LIMITS, "abc")


def framed(content, after=b"\n"):
    return b"\x1eWAYMARK abc " + content.encode() + after


STDIO = [
    ({}, Status.OK),
    ({"code": 1}, Status.RUNTIME_ERROR),
    ({"code": 120}, Status.RUNTIME_ERROR),
    ({"ending": Ending.FUEL}, Status.TIME_LIMIT),
    ({"ending": Ending.LATE}, Status.TIME_LIMIT),
    ({"ending": Ending.OUTPUT}, Status.OUTPUT_LIMIT),
    ({"ending": Ending.STACK}, Status.RUNTIME_ERROR),
    ({"ending": Ending.TRAP}, Status.RUNTIME_ERROR),
    ({"ending": Ending.TRAP, "memory": 99_000_000}, Status.MEMORY_LIMIT),
    ({"code": 1, "memory": 99_000_000}, Status.RUNTIME_ERROR),
    ({"code": 1, "memory": 99_000_000, "stderr": b"\nMemoryError\n"}, Status.MEMORY_LIMIT),
    ({"code": 1, "stderr": b"\nMemoryError\n"}, Status.RUNTIME_ERROR),
    ({"code": 1, "stdout": framed('{"fault":"memory"}')}, Status.MEMORY_LIMIT),
    ({"code": 1, "stdout": framed('{"fault":"compile"}')}, Status.COMPILE_ERROR),
    ({"code": 0, "stdout": framed('{"fault":"nonsense"}')}, Status.RUNTIME_ERROR),
    ({"stdout": b"x" * 11}, Status.OUTPUT_LIMIT),
    ({"stdout": b"x" * 10}, Status.OK),
    ({"stdout": framed("nonsense")}, Status.RUNTIME_ERROR),
    ({"ending": Ending.FUEL, "stdout": framed('{"fault":"compile"}')}, Status.TIME_LIMIT),
]
FUNCTION = [
    ({}, Status.RUNTIME_ERROR),
    ({"stdout": framed(SEVEN)}, Status.OK),
    ({"answer": SEVEN}, Status.OK),
    ({"answer": SEVEN, "code": 1}, Status.RUNTIME_ERROR),
    ({"answer": SEVEN, "ending": Ending.FUEL}, Status.TIME_LIMIT),
    ({"stdout": framed(SEVEN, b"\nmore")}, Status.RUNTIME_ERROR),
    ({"stdout": framed(SEVEN) + framed(SEVEN)}, Status.RUNTIME_ERROR),
    ({"stdout": framed('{"raised":"41"}'), "code": 1}, Status.RUNTIME_ERROR),
    ({"stdout": framed('{"fault":"size"}'), "code": 1}, Status.RUNTIME_ERROR),
    ({"stdout": b"x" * 11 + framed(SEVEN)}, Status.OUTPUT_LIMIT),
]


@pytest.mark.parametrize(("changes", "status"), STDIO, ids=str)
def test_programs(changes, status):
    case = judged(**changes)
    assert case.status is status
    assert case.value is None


@pytest.mark.parametrize(("changes", "status"), FUNCTION, ids=str)
def test_functions(changes, status):
    case = judged(Mode.FUNCTION, **changes)
    assert case.status is status
    assert case.value == (value_of(7) if status is Status.OK else None)


def test_what_was_raised_is_told():
    assert judged(Mode.FUNCTION, code=1, stdout=framed('{"raised":"41"}')).raised == "A"


def test_a_silent_end_is_explained():
    assert "before the function gave" in judged(Mode.FUNCTION).stderr
    assert "call stack" in judged(ending=Ending.STACK).stderr


def test_text_is_decoded_whatever_it_is():
    case = judged(stdout=b"\xff\x00", stderr=b"\xed\xa0\x80")
    assert (case.stdout, case.stderr) == ("\ufffd\x00", "\ufffd" * 3)
    assert judged(stderr=b"x", stderr_seen=2).cut

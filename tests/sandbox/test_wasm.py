"""The embedded runner: verdicts, values, tracebacks, limits, and what it leaves behind."""

import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from sandbox import selftest
from sandbox.job import Case, Job, Language, Limits, Mode
from sandbox.processes import Child
from sandbox.runner import Wall
from sandbox.values import Type, Value, value_of
from sandbox.verdict import Status
from sandbox.wasm import runner as runner_module
from sandbox.wasm.runner import WasmRunner
from tests.sandbox.conftest import QUICK, call, program

JS = Language.JAVASCRIPT


def one(result):
    assert not result.engine_message
    (case,) = result.cases
    return case


# ---- cases --------------------------------------------------------------------------------------


def test_each_case_has_an_input_and_an_instance_of_its_own(wasm):
    source = "import sys\nsys.seen = getattr(sys, 'seen', 0) + 1\nprint(input(), sys.seen)"
    result = wasm.run(program(source, "a", "b", "c"))
    assert [case.stdout for case in result.cases] == ["a 1\n", "b 1\n", "c 1\n"]
    assert (result.engine[:4], result.runtime) == ("wasm", "CPython 3.12.0")
    assert all(case.fuel and case.memory and case.wall_seconds for case in result.cases)


def test_one_case_that_fails_leaves_the_others_alone(wasm):
    source = "n = int(input())\nwhile n == 2: pass\nprint(6 // (n - 3))"
    statuses = [case.status for case in wasm.run(program(source, "1", "2", "3", "4")).cases]
    assert statuses == [Status.OK, Status.TIME_LIMIT, Status.RUNTIME_ERROR, Status.OK]


@pytest.mark.parametrize(
    "source", ["print(sum(range(10_000)))", "print(hash('a'), {'a', 'b', 'c'})"]
)
def test_the_same_program_uses_the_same_fuel(wasm, source):
    first, second = (one(wasm.run(program(source))) for _ in range(2))
    assert (first.fuel, first.stdout) == (second.fuel, second.stdout)


def test_chance_follows_the_seed(wasm):
    source = "import random, os\nprint(random.random(), os.urandom(4))"
    outputs = [one(wasm.run(program(source, seed=seed))).stdout for seed in (1, 1, 2)]
    assert outputs[0] == outputs[1] != outputs[2]


def test_sleeping_passes_time_and_takes_none(wasm):
    source = "import time\nt = time.monotonic()\ntime.sleep(2)\nprint(round(time.monotonic() - t))"
    case = one(wasm.run(program(source)))
    assert case.stdout == "2\n"
    assert case.wall_seconds < 2


def test_the_time_of_day_is_right(wasm):
    source = "import datetime\nprint(datetime.datetime.now(datetime.UTC).year >= 2025)"
    assert one(wasm.run(program(source))).stdout == "True\n"


def test_async_programs_run(wasm):
    source = (
        "import asyncio as a\nasync def f():\n    await a.sleep(1)\n    return 3\nprint(a.run(f()))"
    )
    assert one(wasm.run(program(source))).stdout == "3\n"


def test_many_awaits_are_one_guest_call(wasm):
    source = "let s = 0;\nfor (let i = 0; i < 5000; i++) s += await i;\nconsole.log(s);"
    assert one(wasm.run(program(source, language=JS))).stdout == "12497500\n"


# ---- what a learner reads -----------------------------------------------------------------------


def test_a_traceback_names_the_learners_lines_alone(wasm):
    case = one(wasm.run(program("def f():\n    return 1 / 0\n\nf()")))
    assert case.stderr == (
        'Traceback (most recent call last):\n  File "main.py", line 4, in <module>\n    f()\n'
        '  File "main.py", line 2, in f\n    return 1 / 0\n           ~~^~~\n'
        "ZeroDivisionError: division by zero\n"
    )


def test_a_javascript_error_names_the_learners_lines_alone(wasm):
    case = one(wasm.run(program("const f = () => null.x;\n\nf();", language=JS)))
    assert "cannot read property 'x' of null" in case.stderr
    assert "main.js:3:1" in case.stderr
    assert "waymark" not in case.stderr


def test_syntax_errors_are_pointed_at(wasm):
    result = wasm.run(program("x = 1\nif x\n    pass", "1", "2"))
    assert {case.status for case in result.cases} == {Status.COMPILE_ERROR}
    assert result.compile_output == (
        "  File \"main.py\", line 2\n    if x\n        ^\nSyntaxError: expected ':'\n"
    )


def test_syntax_errors_of_javascript_are_pointed_at(wasm):
    result = wasm.run(program("let a = 1;\nlet x = ;", language=JS))
    assert result.compile_output.startswith("main.js:2\nlet x = ;\n        ^\nSyntaxError: ")


def test_output_is_kept_up_to_the_limit(wasm):
    case = one(wasm.run(program("print('x' * 100_000)")))
    assert (case.status, case.cut, len(case.stdout)) == (Status.OUTPUT_LIMIT, True, QUICK.stdout)


def test_complaints_are_cut_not_judged(wasm):
    case = one(wasm.run(program("import sys\nsys.stderr.write('x' * 100_000)")))
    assert (case.status, case.cut, len(case.stderr)) == (Status.OK, True, QUICK.stderr)


# ---- values -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "plain",
    [None, True, 1, -(2**300), 1.5, 1e-310, "é\x00\U0001f600", b"\xff\x00", [1, [2]], (1, "a"),
     {1, 2}, {"a": [None], (1, 2): {3.0}}, "", [], (), {}, set()],
    ids=repr,
)  # fmt: skip
def test_values_come_out_by_their_exact_type(wasm, plain):
    case = one(wasm.run(call(f"def f():\n    return {plain!r}")))
    if isinstance(plain, set):
        assert (case.value.type, len(case.value.items)) == (Type.SET, len(plain))
    else:
        assert case.value == value_of(plain)


def test_arguments_go_in_as_they_are(wasm):
    args = [None, True, 2**5000, -1.5, "é\n\x00\"'\\", [1, {"a": []}], float("inf")]
    case = one(wasm.run(call("def f(*args):\n    return list(args)", *args)))
    assert case.value == value_of(args)


def test_arguments_go_into_javascript(wasm):
    args = [None, True, 7, 2**70, 1.5, "é\n\u2028\"'\\", [1, {"__proto__": 2, "a": []}]]
    case = one(wasm.run(call("const f = (...args) => args;", *args, language=JS)))
    assert case.value == value_of(args)


def test_named_arguments(wasm):
    cases = [Case("0", function="f", args=[1], kwargs={"b": 2})]
    python = Job(Language.PYTHON, Mode.FUNCTION, "def f(a, b=0):\n    return a - b", cases, QUICK)
    script = Job(JS, Mode.FUNCTION, "const f = (a, { b }) => a - b;", cases, QUICK)
    assert [one(wasm.run(job)).value.leaf for job in (python, script)] == [-1, -1]


def test_kinds_of_known_types_say_what_they_are(wasm):
    source = "from collections import Counter\ndef f():\n    return Counter('aab')"
    inside = Value(Type.DICT, items=tuple(map(value_of, ("a", 2, "b", 1))))
    assert one(wasm.run(call(source))).value == Value(Type.OTHER, "Counter", (inside,))


JAVASCRIPT_VALUES = {
    "undefined": Value(Type.UNDEFINED),
    "null": Value(Type.NONE),
    "-0": Value(Type.FLOAT, -0.0),
    "1.0": Value(Type.INT, 1),
    "2 ** 60": Value(Type.FLOAT, 2.0**60),
    "10n ** 30n": Value(Type.INT, 10**30),
    "new Uint8Array([1, 2])": value_of([1, 2]),
    "new Map([[1, 'a']])": value_of({1: "a"}),
    "new Set([1])": Value(Type.SET, items=(Value(Type.INT, 1),)),
    "({ a: [1, , 3] })": Value(
        Type.DICT,
        items=(
            value_of("a"),
            Value(Type.LIST, items=(value_of(1), Value(Type.UNDEFINED), value_of(3))),
        ),
    ),
    "Symbol('a')": Value(Type.OTHER, "Symbol"),
    "(() => 1)": Value(Type.OTHER, "Function"),
    "new (class Point { x = 1; })()": Value(Type.OTHER, "Point", (value_of({"x": 1}),)),
    "Promise.resolve('later')": value_of("later"),
}  # fmt: skip


@pytest.mark.parametrize("source", JAVASCRIPT_VALUES)
def test_values_of_javascript_are_mapped(wasm, source):
    case = one(wasm.run(call(f"function f() {{ return {source}; }}", language=JS)))
    assert repr(case.value) == repr(JAVASCRIPT_VALUES[source])


def test_not_a_number(wasm):
    jobs = [call("def f():\n    return float('nan')"), call("const f = () => NaN;", language=JS)]
    values = [one(wasm.run(job)).value for job in jobs]
    assert all(value.type is Type.FLOAT and value.leaf != value.leaf for value in values)


@pytest.mark.parametrize(
    ("language", "source"),
    [(Language.PYTHON, "def f():\n    raise LookupError('no')"),
     (JS, "class LookupError extends Error {}\nconst f = async () => { throw new LookupError() }")],
)  # fmt: skip
def test_what_was_raised_is_told(wasm, language, source):
    case = one(wasm.run(call(source, language=language)))
    assert (case.status, case.raised, case.value) == (Status.RUNTIME_ERROR, "LookupError", None)


# ---- our side -----------------------------------------------------------------------------------


def test_a_language_it_does_not_know_is_our_fault(wasm):
    result = wasm.run(program("class A {}", language=Language.JAVA))
    assert result.is_our_fault
    assert "java" in result.engine_message


def test_a_missing_interpreter_is_our_fault(wasm, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert wasm.run(program("print(1)")).is_our_fault


def test_a_child_that_talks_nonsense_is_our_fault(wasm, monkeypatch, tmp_path):
    for said in (
        "print('{}')",
        "print('[' * 100000)",
        "pass",
        'print(\'{"walls":[]}\\n{"ending":7}\')',
    ):
        child = tmp_path / "child.py"
        child.write_text(said)
        monkeypatch.setattr(runner_module, "CHILD", child)
        assert wasm.run(program("print(1)")).is_our_fault


def test_a_child_that_hangs_is_killed_and_the_rest_is_run(wasm, monkeypatch):
    net = runner_module._Run.told
    monkeypatch.setattr(runner_module, "NET", 0)
    source = "n = input()\nx = 0\nwhile n == '1': x += 1\nprint(n)"
    limits = Limits(cpu_seconds=60, wall_seconds=5)
    monkeypatch.setattr(runner_module._Run, "told", lambda self, cases: _patient(net(self, cases)))
    cases = wasm.run(program(source, "1", "2", limits=limits)).cases
    assert [case.status for case in cases] == [Status.TIME_LIMIT, Status.OK]


def _patient(told):
    told["bounds"]["wall"] = 1000
    return told


def test_nothing_is_left_running(wasm):
    wasm.run(program("print(1)"))
    before = os.listdir("/proc/self/fd")
    wasm.run(program("while True: pass"))
    wasm.run(program("input()"))
    listed = subprocess.run(
        ["ps", "-o", "args=", "--ppid", str(os.getpid())],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    assert "child.py" not in listed
    assert len(os.listdir("/proc/self/fd")) == len(before)


def test_many_threads_may_run_jobs(wasm):
    jobs = [program(f"print({number})") for number in range(6)]
    before = {*threading.enumerate()}
    with ThreadPoolExecutor(3) as pool:
        results = list(pool.map(wasm.run, jobs))
    assert [one(result).stdout for result in results] == [f"{number}\n" for number in range(6)]
    # Other tests of this process may have left some; these leave none.
    assert {*threading.enumerate()} <= before


def test_the_child_is_told_nothing_of_ours(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "a secret")
    seen = "[dict(os.environ), os.getcwd(), os.listdir('/proc/self/fd')]"
    look = f"import json, os; print(json.dumps({seen}))"
    with Child([sys.executable, "-I", "-S", "-c", look], b"", 10_000) as child:
        environment, folder, descriptors = json.loads(child.line(20))
    assert set(environment) <= {"LC_ALL", "LC_CTYPE"}
    assert folder == "/"
    assert len(descriptors) <= 4


def test_the_self_test_holds_on_this_machine(wasm):
    walls = wasm.self_test()
    assert walls[0] == Wall("a program runs", True, "ok")
    assert "FAIL" not in selftest.printed(walls)
    assert [wall for wall in walls if not wall.holds] == []


def test_a_runner_without_guests_says_so(tmp_path):
    wrong = tmp_path / "python.wasm"
    wrong.write_bytes(b"\0asm\x01\0\0\0")
    runner = WasmRunner(tmp_path / "cache", {Language.PYTHON: wrong})
    result = runner.run(program("print(1)"))
    assert result.is_our_fault
    assert "is not the CPython" in result.engine_message


def test_memory_bombs_one_after_the_other(wasm):
    bomb = "x = [bytearray(1 << 20) for _ in range(1000)]"
    result = wasm.run(program(bomb, "1", "2", "3", "4", limits=Limits()))
    assert not result.engine_message
    assert {case.status for case in result.cases} == {Status.MEMORY_LIMIT}


@pytest.mark.parametrize("size", ["bytearray(4 << 30)", "[0] * (3 << 30)", "'a' * (1 << 40)"])
def test_more_than_the_guest_can_count_is_more_than_it_may_have(wasm, size):
    assert one(wasm.run(program(f"x = {size}"))).status is Status.MEMORY_LIMIT


def test_chance_by_the_megabyte(wasm):
    source = "import random\nprint(len(random.SystemRandom().randbytes(5_000_000)))"
    assert one(wasm.run(program(source))).stdout == "5000000\n"


RUN_AWAY = [
    "const f = () => 1 + f();\n",
    "const f = () => [1].map(f);\n",
    "const o = { toString: () => `${o}` };\nconst f = () => `${o}`;\n",
    "const f = (a = 'x') => a.replace(/x/, () => f());\n",
    "class A { constructor() { new A(); } }\nconst f = () => new A();\n",
]


@pytest.mark.parametrize("source", RUN_AWAY)
def test_recursion_of_javascript_ends_in_an_error(wasm, source):
    caught = source + "try { f(); } catch (error) { console.log(error.name); }"
    assert one(wasm.run(program(caught, language=JS))).stdout == "RangeError\n"


def test_recursion_through_c_ends_in_an_error(wasm):
    source = """import functools
@functools.lru_cache(None)
def f(n):
    return f(n + 1)
try:
    f(0)
except RecursionError as error:
    print("caught")
"""
    assert one(wasm.run(program(source))).stdout == "caught\n"


@pytest.mark.parametrize("call_", ["os.stat('/x')", "os.read(77, 1)", "time.time()", "os.getcwd()"])
def test_calls_alone_run_out_of_fuel(wasm, call_):
    attempt = f"try:\n        {call_}\n    except OSError:\n        pass"
    source = f"import os, time\nwhile True:\n    {attempt}"
    case = one(wasm.run(program(source)))
    assert case.status is Status.TIME_LIMIT
    assert case.cpu_seconds < 5

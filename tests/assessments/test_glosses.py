"""Glosses of real errors, from both runners, and what hostile traces cost."""

import json
import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.glosses import gloss
from sandbox.bwrap.runner import BwrapRunner
from sandbox.job import Case, Job, Language, Limits, Mode
from sandbox.wasm.runner import WasmRunner
from tests.assessments.test_glosses_programs import JAVASCRIPT, PYTHON, UNKNOWN
from tests.sandbox.conftest import CACHE

LIMITS = Limits(cpu_seconds=1.5, wall_seconds=6.0, memory=96 * 1024 * 1024)
NOT_OURS = ("oops", "please", "simply", "just", "obviously")
PROGRAMS = [("python", *row) for row in PYTHON] + [("javascript", *row) for row in JAVASCRIPT]


def explained(runner, language, source, mode=Mode.STDIO):
    case = Case("1", "5\n", "f" if mode == Mode.FUNCTION else "")
    result = runner.run(Job(Language(language), mode, source, [case], LIMITS))
    assert not result.engine_message, result.engine_message
    return gloss(language, result.cases[0].stderr, source)


def assert_plain(text):
    """Short, without a word too many, and with whole quotations."""
    prose = "".join(text.split("`")[::2]).lower()
    assert not set(NOT_OURS) & set(prose.replace(".", " ").split())
    assert not set("!{}") & set(prose)
    assert text.count("`") % 2 == 0
    assert len(text) <= 240
    assert text[-1] in ".?`"


@pytest.fixture(scope="module")
def native():
    runner = BwrapRunner()
    job = Job(Language.PYTHON, Mode.STDIO, "print(1)", [Case("1")])
    result = runner.run(job)
    if result.is_our_fault:
        pytest.skip(f"No bubblewrap here: {result.engine_message}")
    return runner


@pytest.mark.parametrize(("language", "source", "line", "part"), PROGRAMS)
def test_broken_programs_in_the_embedded_runner(language, source, line, part):
    found = explained(WasmRunner(CACHE), language, source)
    assert found is not None
    assert (part in found.text, found.line) == (True, line), found
    assert_plain(found.text)


@pytest.mark.parametrize(("language", "source", "line", "part"), PROGRAMS[::4])
def test_broken_programs_in_the_hardened_runner(native, language, source, line, part):
    """Other versions say it in other words, or see it elsewhere on the line; a gloss there is."""
    if Language(language) not in native.languages:
        pytest.skip(f"No {language} on this machine.")
    found = explained(native, language, source)
    assert found is not None
    assert found.line in (line, None) or language == "javascript"


@pytest.mark.parametrize(("language", "source"), UNKNOWN)
def test_errors_without_a_gloss_have_none(language, source):
    assert explained(WasmRunner(CACHE), language, source) is None


@pytest.mark.parametrize(
    ("language", "source"),
    [("python", "def add():\n    return 1 / 0"), ("javascript", "\nfunction g() { return h(); }")],
)
def test_a_called_function_is_explained_as_a_program_is(language, source):
    source = source.replace("add", "f").replace("g()", "f()")
    assert explained(WasmRunner(CACHE), language, source, Mode.FUNCTION).line == 2


@pytest.mark.parametrize(
    ("language", "source"), [("python", "def F(): pass"), ("javascript", "function F() {}")]
)
def test_a_function_that_is_not_there_is_named(language, source):
    found = explained(WasmRunner(CACHE), language, source, Mode.FUNCTION)
    assert found.text.endswith("none of that name. Is it the one called `F`?")
    assert found.line is None


def recorded():
    path = Path(__file__).with_name("test_glosses_traces.json")
    return json.loads(path.read_text())


@pytest.mark.parametrize("row", recorded(), ids=lambda row: row["stderr"][-60:])
def test_recorded_texts_of_node_and_of_other_pythons(row):
    found = gloss(row["language"], row["stderr"], row["source"])
    assert (found.text, found.line) == (row["text"], row["line"])
    assert_plain(found.text)


def test_there_are_as_many_as_promised():
    assert len(PYTHON) >= 80
    assert len(JAVASCRIPT) >= 60


# ---- names --------------------------------------------------------------------------------------


def name_error(name, source):
    stderr = f'  File "main.py", line 1\nNameError: name {name!r} is not defined'
    return gloss("python", stderr, source).text


@pytest.mark.parametrize(
    ("name", "source", "meant"),
    [
        ("totl", "total = 1\ntotl", "total"),
        ("Total", "total = 1\nTotal", "total"),
        ("totalPrice", "total_price = 1\ntotalPrice", "total_price"),
        ("lenght", "length = 1\nlenght", "length"),
        ("pritn", "pritn(1)", "print"),
        ("true", "true", "True"),
        ("größe", "größen = 1\ngröße", "größen"),
    ],
)
def test_a_name_that_was_meant(name, source, meant):
    assert f"Did you mean `{meant}`?" in name_error(name, source)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("x", "y = 1\nx"),
        ("price", "prize_money = 1\nprice"),
        ("totl", "# total\ntotl"),
        ("totl", "'total'\ntotl"),
    ],
)
def test_no_name_is_made_up(name, source):
    assert "Did you mean" not in name_error(name, source)


@given(st.text(st.characters(exclude_characters="`'"), min_size=1, max_size=300))
def test_at_most_sixty_characters_of_a_learners_are_quoted(name):
    stderr = f"  File \"main.py\", line 1\nTypeError: f() got multiple values for argument '{name}'"
    for text in (name_error("é" * 300, "é" * 299), name_error(name, name)):
        assert max(map(len, text.split("`")[1::2]), default=0) <= 30
    found = gloss("python", stderr, "f()")
    assert found is None or sum(map(len, found.text.split("`")[1::2])) <= 60


# ---- hostile texts ------------------------------------------------------------------------------

WORST = [
    "(" * 16_000,
    "a:" * 8_000,
    "\n" * 16_000,
    '  File "main.py", line 1\n' * 600,
    '  File "main.py", line 1\n' + "TypeError: " + "f() " * 4_000,
    '  File "main.py", line 1\n' + "TypeError: unsupported operand type(s) for " + "+: '" * 4_000,
    '  File "main.py", line 1\nNameError: name \'' + "a" * 16_000,
    "  File \"main.py\", line 1\nNameError: name 'ab' is not defined",
    '  File "main.py", line 1\nSyntaxError: invalid syntax',
    '  File "main.py", line 1\nSyntaxError: ' + "'.' " * 4_000,
    "SyntaxError: " + "in JSON at position " * 800,
    "Uncaught TypeError: " + "is not iterable " * 1_000,
    "TypeError: " + "a." * 8_000 + " is not a function\n    at main.js:1:1",
    "SyntaxError: Unexpected token\n    at main.js:1:1",
    ("E" * 40 + "Error: \n") * 340,
    "    at " + "main.js:" * 2_000,
    "ReferenceError: ab is not defined\n" * 400,
]
SOURCES = [
    "x",
    "ab = 1; " + " ".join(f"a{number}" for number in range(9_000)),
    "abc" * 20_000,
    "if " + "( " * 30_000,
    "for (a;" + "  " * 30_000,
    "'" * 60_000,
    '"\\' * 30_000,
    "[^'" + "&" * 60_000,
    "a ->" * 15_000,
]


def cost(language, stderr, source):
    """The best of three: other processes share the machine."""
    costs = []
    for _ in range(3):
        start = time.perf_counter()
        gloss(language, stderr, source)
        costs.append(time.perf_counter() - start)
    return min(costs)


@pytest.mark.parametrize("language", ["python", "javascript"])
@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source[:9])
def test_hostile_texts_cost_little(language, source):
    costs = {stderr[:60]: cost(language, stderr, source) for stderr in WORST}
    assert max(costs.values()) < 0.02, max(costs, key=costs.get)


def test_random_texts_cost_little():
    chance = random.Random(5)
    pieces = [
        *"()[]{}'\"`:.\n ",
        "Error: ",
        "TypeError: ",
        '  File "main.py", line 1\n',
        "f() takes ",
    ]
    for _ in range(60):
        text = "".join(chance.choices(pieces, k=4_000))
        for language in ("python", "javascript"):
            assert cost(language, text, text) < 0.02


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["python", "javascript", "java", "?"]), st.text(), st.text())
def test_any_text_has_a_gloss_or_none(language, stderr, source):
    found = gloss(language, stderr, source)
    assert found is None or found.text

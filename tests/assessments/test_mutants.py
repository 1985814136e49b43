"""Mutants: one small change each, in place, the same every time, and always a program."""

import ast
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.mutants import constants, mutants
from assessments.mutants import javascript as javascript_dialect
from assessments.mutants import python as python_dialect
from assessments.mutants.edits import mutated
from sandbox.job import MAX_SOURCE, Case, Job, Language, Limits, Mode
from sandbox.values import value_of
from sandbox.verdict import Status
from sandbox.wasm.runner import WasmRunner
from tests.sandbox.conftest import CACHE

PYTHON = '''"""Reckoning, with é and 𝄞."""


def mean(numbers: "list[int]", ñandú=0):
    """The mean."""
    total = 0
    for number in numbers:
        if not number > 3 and number != ñandú:
            continue
        total += number
        seen.append("é")
    while (total)  <  ( 10 ):  # a < b
        total = total * 2
        if total == 7: break
    if "𝄞" + "<" in names: return"a"
    return total / len(numbers[1:last]), f"𝄞 {total + 1:>3} é {number-1}"


for i in range(len(numbers)):
    print(i, True, "𝄞", i is not None, i < 3)
'''
JAVASCRIPT = """"use strict";
const fs = require("fs");
function mean(numbers) { // é < 𝄞
  let total = 0;
  for (let i = 0; i < numbers.length; i++) {
    if (!numbers[i] && total === 3) continue;
    total += numbers[i];
  }
  while (true) { total++; if (total > 10) break; }
  const label = "é𝄞"; out.push(label.slice(1, last)); const other = "𝄞" === label;
  return total / numbers.length;
}
"""
SOURCES = {"python": PYTHON, "javascript": JAVASCRIPT}
LANGUAGES = pytest.mark.parametrize("language", SOURCES)
DIALECTS = {"python": python_dialect, "javascript": javascript_dialect}


def words(language, source, most=100):
    return [mutant.words for mutant in mutants(language, source, most)]


@LANGUAGES
def test_every_mutant_differs_in_its_span_alone_and_is_a_program(language):
    source, content = SOURCES[language], SOURCES[language].encode()
    edits = DIALECTS[language].edits(source)
    assert len(edits) > 20
    for edit in edits:
        mutant = mutated(content, edit)
        assert mutant.source.encode()[: edit.start] == content[: edit.start]
        assert mutant.source.encode()[edit.start + len(edit.now.encode()) :] == content[edit.end :]
        assert mutant.was.encode() == content[edit.start : edit.end]
        assert mutant.line == content[: edit.start].count(b"\n") + 1
        assert DIALECTS[language].parses(mutant.source), mutant.words


@LANGUAGES
def test_mutants_are_the_same_every_time_and_no_two_are_alike(language):
    found = mutants(language, SOURCES[language])
    assert found == mutants(language, SOURCES[language])
    assert len(found) == 12 == len({mutant.source for mutant in found})
    assert SOURCES[language] not in {mutant.source for mutant in found}


@LANGUAGES
def test_they_begin_with_one_of_each_kind_and_are_spread(language):
    few = mutants(language, SOURCES[language], 8)
    assert len({mutant.line for mutant in few}) >= 6
    assert few == mutants(language, SOURCES[language])[:8]


def test_a_mutant_says_in_words_where_it_differs():
    (mutant,) = mutants("python", "x = 1\n\n\n\nif a < b:\n    pass\n", 1)
    assert mutant.words == 'line 5 with "<=" in place of "<"'
    assert (mutant.line, mutant.was, mutant.now) == (5, "<", "<=")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a <= b", 'line 1 with "<" in place of "<="'),
        ("a  not \\\n in b", 'line 1 with "in" in place of "not \\ in"'),
        ("(a) is (b)", 'line 1 with "is not" in place of "is"'),
        ("(a) + (b)", 'line 1 with "-" in place of "+"'),
        ("a // b", 'line 1 with "/" in place of "//"'),
        ("a % b", 'line 1 with "//" in place of "%"'),
        ("a = 9", 'line 1 with "10" in place of "9"'),
        ("a = 9", 'line 1 with "8" in place of "9"'),
        ("a or b and c", 'line 1 with "and" in place of "or"'),
        ("if not(a): pass", 'line 1 without "not"'),
        ("a = True", 'line 1 with "False" in place of "True"'),
        ("a = 'b'", "line 1 with \"''\" in place of \"'b'\""),
        ("a = r'''b'''", "line 1 with \"r''''''\" in place of \"r'''b'''\""),
        ("def f(): return a, b", 'line 1 with "None" in place of "a, b"'),
        ("for a in b: break", 'line 1 with "continue" in place of "break"'),
        ("for a in b: continue", 'line 1 with "break" in place of "continue"'),
        ("a[:b]", 'line 1 with "b - 1" in place of "b"'),
        ("range(len(a))", 'line 1 with "len(a) - 1" in place of "len(a)"'),
        ("a += b", 'line 1 with "pass" in place of "a += b"'),
        ("a += b", 'line 1 with "-=" in place of "+="'),
    ],
)
def test_changes_of_python(source, expected):
    assert expected in words("python", source)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a === b", 'line 1 with "!==" in place of "==="'),
        ("a >= b", 'line 1 with ">" in place of ">="'),
        ("a && b", 'line 1 with "||" in place of "&&"'),
        ("a * b", 'line 1 with "+" in place of "*"'),
        ("!a", 'line 1 without "!"'),
        ("a = true", 'line 1 with "false" in place of "true"'),
        ("a = 0.5", 'line 1 with "1.5" in place of "0.5"'),
        ("a = 'b'", "line 1 with \"''\" in place of \"'b'\""),
        ("() => { return a; }", 'line 1 with "undefined" in place of "a"'),
        ("for (;;) break;", 'line 1 with "continue" in place of "break"'),
        ("a.slice(b, c)", 'line 1 with "c - 1" in place of "c"'),
        ("a -= b;", 'line 1 with "+=" in place of "-="'),
        ("a++;", 'line 1 with ";" in place of "a++;"'),
    ],
)
def test_changes_of_javascript(source, expected):
    assert expected in words("javascript", source)


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("python", 'def f(a: "x") -> "y":\n    """What it does."""\n'),
        ("python", "if __name__ == m: pass"),
        ("python", "raise E('said')"),
        ("python", "f'{a}' % b"),
        ("python", "def f(): return None"),
        ("javascript", "'use strict';"),
        ("javascript", "import a from 'b';"),
        ("javascript", "const a = require('b');"),
        ("javascript", "a = new RangeError('said');"),
        ("javascript", "a = { 'b': c };"),
        ("javascript", "switch (a) { default: break; }"),
        ("javascript", "`a` + b"),
    ],
)
def test_what_tests_cannot_see_or_always_see_is_left_alone(language, source):
    assert words(language, source) == []


def test_what_may_never_end_comes_last():
    source = "while a < b:\n    a += c\nfor d in e:\n    f += d\n"
    first = [mutant.line for mutant in mutants("python", source, 3)]
    assert first == [1, 4, 4]


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("python", "if a <"),
        ("python", "x = '\ud800' + 1 + 2"),
        ("python", "a < b\r\n"),
        ("python", "\0"),
        ("python", ""),
        ("python", "a < b\n" * MAX_SOURCE),
        ("javascript", "if (a <"),
        ("javascript", ""),
        ("java", "class A { int b = 1 + 2; }"),
        ("cobol", "1 + 2"),
    ],
)
def test_what_cannot_be_changed_has_no_mutants(language, source):
    assert mutants(language, source) == []


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("python", "x = 1" + " + 1" * 15_000),
        ("python", "x = a < b + 1\n" * 4_500),
        ("python", "(" * 60_000),
        ("python", "x = " + "-" * 60_000 + "1"),
        ("javascript", "x = a < b + 1;\n" * 4_000),
        ("javascript", "(" * 60_000),
        ("javascript", "x = 1" + " + 1" * 15_000),
        ("javascript", "if (<{}`${" * 6_000),
        ("javascript", "while(a){" * 5_000 + "break;" + "}" * 5_000),
    ],
)
def test_the_work_is_bounded(language, source):
    start = time.process_time()
    mutants(language, source)
    assert time.process_time() - start < 8


# ---- any program --------------------------------------------------------------------------------

NAMES = st.sampled_from(["a", "ñ", "𝛼", "b2"])
LEAVES = st.one_of(
    NAMES,
    st.integers(0, 12).map(str),
    st.sampled_from(["'é𝄞'", '"x"', "True", "None", "1.5", "0x1f", "''", "f'é{a + 1}𝄞'"]),
)
BETWEEN = st.sampled_from([" ", "  ", " \\\n ", "\t"])


def binary(inner):
    signs = st.sampled_from(
        ["+", "-", "*", "/", "//", "%", "<", "<=", ">", ">=", "==", "!=", "and", "or", "in", "is"]
    )
    return st.tuples(inner, BETWEEN, signs, BETWEEN, inner).map("".join)


EXPRESSIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        binary(inner),
        inner.map("({})".format),
        inner.map("(not({}))".format),
        inner.map("b2[1:{}]".format),
        inner.map("len([{}, 'ü'])".format),
    ),
    max_leaves=8,
)
STATEMENTS = st.one_of(
    EXPRESSIONS.map("a = {}  # é < 3".format),
    EXPRESSIONS.map("a += {}".format),
    EXPRESSIONS.map("if {}: pass".format),
    EXPRESSIONS.map("while {}: break".format),
    EXPRESSIONS.map("def f(): return {}".format),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(STATEMENTS, min_size=1, max_size=4).map("\n".join))
def test_mutants_of_any_program_are_other_programs(source):
    tree = ast.dump(ast.parse(source))
    content = source.encode()
    for edit in python_dialect.edits(source):
        mutant = mutated(content, edit)
        assert ast.dump(ast.parse(mutant.source)) != tree, mutant
        assert content.startswith(mutant.source.encode()[: edit.start])
        assert mutant.source.encode().endswith(content[edit.end :])


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["python", "javascript"]), st.text(max_size=60))
def test_any_text_has_mutants_or_none(language, source):
    assert all(mutant.source != source for mutant in mutants(language, source))


# ---- programs that always give the same ---------------------------------------------------------


def run(language, mode, source):
    limits = Limits(cpu_seconds=1.0, wall_seconds=5.0)
    case = Case("1", "", "" if mode == Mode.STDIO else "f", [1, 2] if mode != Mode.STDIO else [])
    result = WasmRunner(CACHE).run(Job(Language(language), mode, source, [case], limits))
    assert not result.engine_message
    return result.cases[0]


@LANGUAGES
def test_constant_programs_print_nothing_or_the_first_expectation(language):
    expected = "é\"'\\\n\u2028 end"
    nothing, first = constants(language, Mode.STDIO, "", [expected, "other"])
    assert (run(language, Mode.STDIO, nothing).stdout, nothing.strip() != "") == ("", True)
    assert run(language, Mode.STDIO, first).stdout == expected


@LANGUAGES
def test_constant_programs_return_nothing_or_the_first_expectation(language):
    expected = [1, "é'\"", {"a": None, "b": [True, 2.5]}]
    nothing, first = constants(language, Mode.FUNCTION, "f", [expected, 2])
    assert run(language, Mode.FUNCTION, nothing).status == Status.OK
    assert run(language, Mode.FUNCTION, first).value == value_of(expected)


@pytest.mark.parametrize("function", ["", "f(): pass\nimport os", "class", "a.b", "1a", "f\n"])
def test_a_name_that_is_none_makes_no_python(function):
    assert constants("python", Mode.FUNCTION, function, [1]) == []


@LANGUAGES
def test_what_cannot_be_written_down_is_left_out(language):
    assert len(constants(language, Mode.FUNCTION, "f", [{1, 2}])) == 1
    assert len(constants(language, Mode.STDIO, "", ["x" * 100_000])) == 1
    assert len(constants(language, Mode.STDIO, "", [])) == 1
    assert len(constants(language, Mode.FUNCTION, "f", [])) == 1
    assert constants("java", Mode.STDIO, "", ["a"]) == []

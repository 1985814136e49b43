"""The analyser in a process of its own, asked about texts that were made to break it."""

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from assessments.analyser import AnalyserFailed, Findings, Unreadable, analyse, analyse_apart
from assessments.analyser.forms import MOST_LINES

SECONDS = 5.0
SIZE = 60_000
SOUND = {
    "python": "def total(prices):\n    return sum(prices)\n\n\nprint(total([1, 2]))\n",
    "javascript": "function total(of) {\n  return of.length;\n}\nexport { total };\ntotal([]);\n",
}
HOSTILE = {
    "brackets": "(" * SIZE,
    "closed brackets": "(" * 90 + "1" + ")" * 90,
    "lists": "[" * (SIZE // 2) + "]" * (SIZE // 2),
    "braces": "{" * SIZE,
    "minus signs": "-" * SIZE + "1",
    "a long sum": "1" + "+1" * (SIZE // 2),
    "a chain of calls": "f" + "()" * (SIZE // 2),
    "a chain of members": "a" + ".a" * (SIZE // 2),
    "a huge number": "x = " + "9" * SIZE,
    "a power": "x = 10 ** 10 ** 10 ** 10\ny = 'a' * 10 ** 12\n",
    "one name": "a" * SIZE + " = 1",
    "many names": "\n".join(f"v{number} = v{number - 1}" for number in range(4_000)),
    "the same line": "x = 1; " * (SIZE // 7),
    "growing texts": "for x in y:\n" + "    t += ''; t = ''\n" * 3_000,
    "many functions": "def f(): f(); f()\n" * 3_000,
    "nothing": "",
    "zeros": "\0" * SIZE,
    "half a character": "x = '\ud800'",
    "wide characters": "ｘ = 1\n𝒙 = '𝒙'\n" * 1_000,
    "lines without end": "\r" * SIZE,
    "annotations": "x: '" + "(" * 30_000 + "'",
    "deep annotations": "x: '" + "-" * 30_000 + "1'",
    "formats": "'" + "%(a)s" * 10_000 + "' % 1",
    "braces in a text": "f'" + "{" * 30_000 + "'",
    "a regular expression": "x = /" + "(a*)*" * 10_000 + "/;",
    "a template": "`" + "${`" * 10_000,
    "else after else": "if (a) {} " + "else if (a) {} " * 3_900,
    "arrows": "a=>" * 20_000 + "a",
    "tags": "<a>" * 20_000,
    "random text": bytes((n * n * 31 + n // 7) % 94 + 33 for n in range(SIZE)).decode(),
    "too much": "x = 1\n" * 100_000,
    "names of all lengths": " = ".join("é" * number for number in range(1, 240)) + " = 1",
    "as many lines as a form may have": "xy = 1\n" * MOST_LINES,
}  # fmt: skip


def resident() -> int:
    """Bytes of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.parametrize("language", ["python", "javascript"])
@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_text_ends_in_time_and_leaves_us_as_we_were(language: str, source: str) -> None:
    analyse_apart(language, SOUND[language])
    before, began = resident(), time.monotonic()
    try:
        found: object = analyse_apart(language, source, SECONDS)
    except (Unreadable, AnalyserFailed) as refused:
        found = refused
    assert time.monotonic() - began < SECONDS + 2
    assert resident() - before < 16 * 1024 * 1024
    if isinstance(found, Findings):
        assert len(str(replace(found, form_places=()))) < 10_000
        assert len(found.form_places) <= MOST_LINES


@pytest.mark.parametrize("language", ["python", "javascript"])
def test_a_child_finds_what_we_find(language: str) -> None:
    found = analyse_apart(language, SOUND[language])
    assert found == analyse(language, SOUND[language])
    assert found.form != ""


def test_names_that_are_not_ascii_are_read_behind_the_walls() -> None:
    source = "größe = 3\nｆｕｌｌ = größe\nprint(ｆｕｌｌ)\n"
    assert analyse_apart("python", source) == analyse("python", source)


def test_what_does_not_parse_says_where() -> None:
    with pytest.raises(Unreadable, match="line 2") as python:
        analyse_apart("python", "x = 1\nprint(x\n")
    with pytest.raises(Unreadable, match="line 2") as javascript:
        analyse_apart("javascript", "let x = 1;\nlet = = 3;\n")
    assert (python.value.line, javascript.value.line) == (2, 2)


def test_no_answer_in_time_is_our_failure() -> None:
    with pytest.raises(AnalyserFailed, match=r"0\.001 s"):
        analyse_apart("python", SOUND["python"], 0.001)


def test_a_language_without_rules_is_our_failure() -> None:
    with pytest.raises(AnalyserFailed, match="java"):
        analyse_apart("java", "class A {}")
    with pytest.raises(AnalyserFailed, match="java"):
        analyse("java", "class A {}")

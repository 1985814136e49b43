"""The sheet of OWASP's list is whole, and every proof that it names is there."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHEET = (ROOT / "docs" / "asvs.md").read_text()
ROWS = re.findall(r"^\| (\d[\d., -]*) \| (\d) \| (\S+) \| (.+) \| (.+) \| `(\S+)` \|$", SHEET, re.M)
# The requirements of ASVS 5.0.0: all 70 of level 1, and those of level 2 that we aim at.
FIRST = """1.2.1-5 1.3.1-2 1.5.1 2.1.1 2.2.1-2 2.3.1 3.2.1-2 3.3.1 3.4.1-2 3.5.1-3 4.1.1 4.4.1
    5.2.1-2 5.3.1-2 6.1.1 6.2.1-8 6.3.1-2 6.4.1-2 7.2.1-4 7.4.1-2 8.1.1 8.2.1-2 8.3.1 9.1.1-3 9.2.1
    10.4.1-5 11.3.1-2 11.4.1 12.1.1 12.2.1-2 13.4.1 14.2.1 14.3.1 15.1.1 15.2.1 15.3.1"""
SECOND = """1.1.1-2 1.2.6-9 1.3.3-11 1.4.1-3 1.5.2 2.1.2-3 2.2.3 2.3.2-4 2.4.1 3.3.2-4 3.4.3-6
    3.5.4-5 3.7.1-2 4.1.2-3 4.2.1 4.3.1-2 4.4.2-4 5.1.1 5.2.3 5.4.1-3 7.1.1-3 7.3.1-2 7.4.3-5
    7.5.1-2 7.6.1-2 8.1.2 8.2.3 8.4.1 9.2.2-4 10.1.1-2 10.2.1-2 10.3.1-4 10.4.6-11 10.5.1-5 10.6.1-2
    10.7.1-3 11.1.1-2 11.2.1-3 11.3.3 11.4.2-4 11.5.1 11.6.1 14.1.1-2 14.2.2-4 14.3.2-3 15.1.2-3
    15.2.2-3 15.3.2-7 16.1.1 16.2.1-5 16.3.1-4 16.4.1-3 16.5.1-3"""


def numbers(text: str) -> Iterator[str]:
    """`4.4.2-4, 5.1.1` as four numbers."""
    for section, first, last in re.findall(r"(\d+\.\d+)\.(\d+)(?:-(\d+))?", text):
        for number in range(int(first), int(last or first) + 1):
            yield f"{section}.{number}"


def of_level(level: str) -> list[str]:
    return [number for ids, said, *_ in ROWS if said == level for number in numbers(ids)]


def test_the_list_is_as_long_as_the_standards():
    assert (len(list(numbers(FIRST))), len(list(numbers(SECOND)))) == (70, 136)


@pytest.mark.parametrize(("level", "asked"), [("1", FIRST), ("2", SECOND)])
def test_each_requirement_has_one_line(level, asked):
    assert sorted(of_level(level)) == sorted(numbers(asked))


def test_every_line_of_a_table_was_read_and_says_how_far_it_holds():
    lines = [line for line in SHEET.splitlines() if re.match(r"\| \d", line)]
    assert len(lines) == len(ROWS)
    assert {row[2] for row in ROWS} <= {"yes", "partly", "no", "–"}


@cache
def names_in(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text()))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef)}


def is_there(proof: str) -> bool:
    path, _, name = proof.partition("::")
    return (ROOT / path).is_file() and (not name or name in names_in(ROOT / path))


def test_every_proof_is_there():
    assert not [row[5] for row in ROWS if not is_there(row[5])]


def test_a_proof_that_is_not_there_is_missed():
    assert not is_there("tests/test_asvs.py::test_nothing_like_it")
    assert not is_there("tests/no_such_file.py")


@pytest.mark.parametrize("name", ["security.md", "scans.md", "asvs.md", "languages.md"])
def test_every_file_that_is_named_is_there(name):
    named = re.findall(r"`((?:[\w-]+/)+[\w.-]*\w)`", (ROOT / "docs" / name).read_text())
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_document_counts_the_checks_before_going_live():
    checks = "".join(path.read_text() for path in ROOT.glob("*/checks.py"))
    numbers = sorted(set(re.findall(r"\bP\d\d\b", checks)))
    said = f"{numbers[0]} to {numbers[-1]} in "
    assert said in (ROOT / "docs" / "security.md").read_text()
    assert len(numbers) == int(numbers[-1][1:])

"""Problems of Exercism, run for real: right solutions pass every case, empty starters none."""

from pathlib import Path

import pytest

from assessments.judging import judge
from assessments.models import Assignment, TestCase
from assessments.running import run_cases
from studio.importing.formats import read_course
from tests.sandbox.conftest import RUNNERS
from tests.studio.test_exercism import PROBLEMS, needs_data

SOLUTIONS = Path(__file__).parent / "exercism_solutions"
MAPPED = (
    "binary-search", "difference-of-squares", "hamming", "hello-world", "isogram", "leap",
    "raindrops", "rna-transcription", "roman-numerals", "scrabble-score", "triangle", "word-count",
)  # fmt: skip
WITH_CARE = ("two-fer", "list-ops")

pytestmark = needs_data


@pytest.fixture(scope="module")
def problems():
    """The assignments by their slug, with their cases, in no database."""
    made = {}
    for lesson in read_course(PROBLEMS).lessons:
        node = lesson.assignment
        assignment = Assignment(**node.rules)
        made[lesson.key] = (
            assignment,
            [TestCase(key=case.key, **case.values) for case in node.cases],
        )
    return made


@pytest.fixture(autouse=True)
def wasm(monkeypatch):
    monkeypatch.setattr("assessments.running.chosen", RUNNERS["wasm"])


def passed(problem, source):
    assignment, cases = problem
    result = run_cases(assignment, source, cases)
    judged = [judge(assignment, *pair) for pair in zip(cases, result.cases, strict=True)]
    return [one.case.name for one in judged if one.outcome == "PASSED"], judged


def test_the_twelve_have_150_cases(problems):
    assert sum(len(problems[slug][1]) for slug in MAPPED) == 150


@pytest.mark.parametrize("slug", [*MAPPED, *WITH_CARE])
def test_a_right_solution_passes_every_case(problems, slug):
    source = (SOLUTIONS / f"{slug}.py").read_text()
    names, judged = passed(problems[slug], source)
    assert [
        (one.case.name, one.outcome, one.got) for one in judged if one.outcome != "PASSED"
    ] == []
    assert len(names) == len(problems[slug][1])


@pytest.mark.parametrize("slug", [*MAPPED, *WITH_CARE])
def test_the_empty_starter_passes_none(problems, slug):
    names, judged = passed(problems[slug], problems[slug][0].starter)
    assert names == []
    assert len(judged) == len(problems[slug][1])


@pytest.mark.parametrize("body", ["raise NotImplementedError", "return undefined", "pas"])
def test_broken_code_passes_no_case_that_expects_an_error(problems, body):
    assignment, cases = problems["hamming"]
    errors = [case for case in cases if case.raises]
    assert errors
    names, _ = passed((assignment, errors), f"def distance(strand1, strand2):\n    {body}\n")
    assert names == []


def test_code_without_the_function_passes_no_case_that_expects_an_error(problems):
    assignment, cases = problems["hamming"]
    errors = [case for case in cases if case.raises]
    for source in ("x = 1\n", "def distance(:\n", "raise ValueError\n"):
        assert passed((assignment, errors), source)[0] == []

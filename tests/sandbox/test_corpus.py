"""Hostile and odd programs, each with the status that it must end with on its first line.

All of them are handed in for one task: add 3 and 4. `honest` ones must pass and `cheat`s must not;
`call` means that their function is called. None may find the canary or anything else of ours.
"""

from pathlib import Path

import pytest

from sandbox.checkers import TextCheck, text, value
from sandbox.job import Case, Job, Language, Mode, clean_source
from sandbox.values import value_of
from sandbox.verdict import Status
from tests.sandbox.conftest import QUICK

CORPUS = Path(__file__).parent / "corpus"
PROGRAMS = sorted(path for path in CORPUS.rglob("*") if path.suffix in (".py", ".js"))
CANARY = "a-canary-that-no-program-may-see"


def read(path):
    """The program, the statuses it may end with, and its marks."""
    source = path.read_text(newline="")
    statuses, *marks = source.partition("\n")[0].lstrip("#/ ").split()
    return source, {Status(status) for status in statuses.split("|")}, set(marks)


def job_of(path, source, marks):
    mode = Mode.FUNCTION if "call" in marks else Mode.STDIO
    case = Case("1", "3 4\n", "add" if mode is Mode.FUNCTION else "", (3, 4))
    return Job(Language(path.parent.name), mode, clean_source(source), [case], QUICK)


def passes(result, mode):
    """As a judge does: from nothing but OK, and by comparing out here."""
    (case,) = result.cases
    if case.status is not Status.OK:
        return False
    if mode is Mode.STDIO:
        return text(TextCheck.TOKENS, "7", case.stdout).passed
    return case.value is not None and value(value_of(7), case.value).passed


@pytest.fixture(autouse=True)
def canary(monkeypatch, tmp_path):
    monkeypatch.setenv("WAYMARK_CANARY", CANARY)
    (tmp_path / "waymark-canary").write_text(CANARY)


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_program_ends_as_it_should(runner, path):
    source, statuses, marks = read(path)
    job = job_of(path, source, marks)
    result = runner.run(job)
    (case,) = result.cases
    assert case.status in statuses, (result.engine_message, case.stdout[-300:], case.stderr[-600:])
    assert "BREACH" not in case.stdout + case.stderr
    assert CANARY not in case.stdout + case.stderr
    assert len(case.stdout) <= QUICK.stdout
    if "honest" in marks:
        assert passes(result, job.mode), case
    if "cheat" in marks:
        assert not passes(result, job.mode), case


def test_the_corpus_is_whole():
    assert len(PROGRAMS) >= 150
    assert not Path("/tmp/waymark-breach").exists()  # noqa: S108

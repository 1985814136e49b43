"""The table of code that speaks to the model, asked row by row. The double obeys all of it.

`input` is the learner's text and `answer` what an obedient model says, both as JSON: changes of a
good draft, or `raw:` and the whole answer. What is `huge` is said two thousand times.
"""

import csv
import json
from pathlib import Path

import pytest

from accounts.signs import is_seen
from assessments.model_drafts import prompts
from assessments.model_drafts.draft_schema import (
    LONGEST_REMARK,
    LONGEST_TEXT,
    MOST_REMARKS,
    NO_LINK,
)
from assessments.models import Remark, Review, Submission, SubmissionAnalysis
from courses.models import Course
from tests.assessments.code_builders import WRONG, make_assignment
from tests.assessments.drafts import ask, judged
from tests.assessments.test_drafting import GRADE, SOLUTION
from tests.doubles import model_endpoint as double

TABLE = Path(__file__).parent.parent / "bad_inputs" / "prompt_rows.tsv"
with TABLE.open(newline="") as table:
    ROWS = {
        row["surface"].split()[0]: row
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
    }
LINKS = ("http:", "https:", "javascript:", "data:", "www.", "//evil", "evil.example/")
LONGEST_REQUEST = 100_000


def obedient(told):
    """What a model says that does as it is told."""
    if isinstance(told, str):
        return double.refusal if told == "refuse" else double.says(told.removeprefix("raw:"))
    told = dict(told)
    texts = told.pop("remarks", None) or [told.pop("remark", "A remark.")]
    line = told.pop("line", 1)
    remarks = [{"section": "weakness", "line": line, "text": text} for text in texts]
    return double.draft(**{"remarks": remarks, **told})


def hand_in(ada, lessons, surface, text):
    assignment = make_assignment(lessons[0].module, solution=SOLUTION)
    if surface != "output":
        return judged(ada, assignment, text)
    submission = judged(ada, assignment, WRONG)
    printed = text.replace("\x00", "\ufffd")
    submission.results.filter(was_visible=True).update(stdout=printed)
    return submission


def test_there_are_enough_rows_of_every_kind():
    assert len(ROWS) >= 25
    surfaces = {row["surface"].split()[1] for row in ROWS.values()}
    assert surfaces >= {"comment", "string", "name", "docstring", "output", "unicode", "huge"}


@pytest.mark.parametrize("number", ROWS)
def test_whatever_the_code_says_the_draft_is_bounded_and_the_grade_stays(
    ada, lessons, model, number
):
    row = ROWS[number]
    surface, text = row["surface"].split()[1], json.loads(row["input"])
    text *= 2_000 if surface == "huge" else 1
    Course.objects.update(ai_drafts="AT_ONCE")
    submission = hand_in(ada, lessons, surface, text)
    grade = Submission.objects.filter(pk=submission.pk).values_list(*GRADE).get()
    model.says = [obedient(json.loads(row["answer"]))]
    run = ask(submission)
    assert run.outcome == row["outcome"]
    assert Submission.objects.filter(pk=submission.pk).values_list(*GRADE).get() == grade
    assert {path for path, _ in model.seen} == {"/v1/chat/completions"}
    assert_it_stayed_data(model.requests[0], surface, text)
    assert_written(row["outcome"])


def assert_it_stayed_data(request, surface, text):
    """Two messages, of which the first is ours alone; nothing secret in either."""
    system, user = request["messages"]
    assert (system["role"], user["role"]) == ("system", "user")
    assert system["content"] == prompts.FOR_CODE
    data = json.loads(user["content"])
    assert set(data) == {
        "task", "code", "score", "did_not_start", "tests", "hidden_tests",
    }  # fmt: skip
    if surface != "output":
        assert data["code"].startswith(f"1| {text.splitlines()[0]}")
    assert all(is_seen(sign) or sign == "\n" for sign in user["content"])
    assert len(json.dumps(request)) < LONGEST_REQUEST
    for secret in ("total is not None", "100000000000000000001", "ada@example.org", "Ada"):
        assert secret not in user["content"]


def assert_written(outcome):
    """Plain, bounded words; published only if nothing is held; else a person has it."""
    analysis = SubmissionAnalysis.objects.first()
    waiting = list(Review.objects.waiting().values_list("reason", flat=True))
    if analysis is None:
        assert (outcome not in ("DRAFTED", "HELD"), waiting) == (True, ["NO_DRAFT"])
        return
    remarks = list(Remark.objects.all())
    assert len(remarks) <= MOST_REMARKS
    assert analysis.kind == "AI"
    assert len(analysis.text) <= LONGEST_TEXT
    assert all(len(one.text) <= LONGEST_REMARK and one.line in (None, 1) for one in remarks)
    for said in (analysis.text, *(one.text for one in remarks)):
        assert all(is_seen(sign) or sign in "\n\t" for sign in said)
        assert not [link for link in LINKS if link in said.replace(NO_LINK, "")]
    assert (analysis.published_at is None) == (outcome == "HELD")
    assert waiting == (["HELD"] if outcome == "HELD" else [])

"""What is forgotten of code, and what is not."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from assessments import grading, retention, submissions
from assessments.models import ModelRun, Run, Submission
from tests.assessments.code_builders import RIGHT, make_assignment


@pytest.fixture
def old(ada, lessons):
    """A graded submission, a try and a run of an example, half a year and a day old."""
    assignment = make_assignment(lessons[0].module)
    for graded in (True, False):
        grading.grade(submissions.submit(ada, assignment, RIGHT, graded=graded).pk)
    then = now() - timedelta(days=181)
    Submission.objects.update(finished_at=then)
    run = {"user": ada, "lesson": assignment.lesson, "language": "python", "source": "print(1)"}
    Run.objects.create(**run, status="PASSED", finished_at=then)
    submission = Submission.objects.graded().get()
    submission.results.update(stdout="hello", stderr="there")
    return submission


def test_old_tries_go_and_verdicts_stay(old):
    assert retention.forget() == (2, 4)
    old.refresh_from_db()
    assert (old.status, old.percent, old.source) == ("PASSED", 100, RIGHT)
    kept = set(old.results.values_list("outcome", "stdout", "got", "is_cut"))
    assert kept == {("PASSED", "", "", True)}
    assert not Run.objects.exists()
    assert retention.forget() == (0, 0)


def test_of_old_drafts_the_words_go_and_the_cost_stays(old):
    run = ModelRun.objects.create(
        submission=old, status="PASSED", outcome="DRAFTED", prompt="their code", answer="so",
        tokens_in=900, finished_at=now() - timedelta(days=181),
    )  # fmt: skip
    retention.forget()
    run.refresh_from_db()
    assert (run.prompt, run.answer, run.tokens_in, run.outcome) == ("", "", 900, "DRAFTED")
    young = {"prompt": "their code", "answer": "so", "finished_at": now() - timedelta(days=179)}
    ModelRun.objects.update(**young)
    retention.forget()
    run.refresh_from_db()
    assert (run.prompt, run.answer) == ("their code", "so")


def test_what_is_young_stays(old):
    Submission.objects.update(finished_at=now() - timedelta(days=6))
    Run.objects.update(finished_at=now() - timedelta(days=6))
    assert retention.forget() == (0, 0)
    assert Submission.objects.count() == 2

"""The lists of code records in the admin: names and numbers of a hundred rows, and no texts."""

import pytest
from django.contrib import admin
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from assessments import drafts, rejudgings, runner_checks, submissions, trials
from assessments.attempts import start_attempt
from assessments.models import (
    AttemptAnalysis,
    Draft,
    HelpRequest,
    ModelRun,
    Rejudging,
    Remark,
    RemarkRating,
    Reply,
    Review,
    Run,
    RunnerCheck,
    Snippet,
    Submission,
    SubmissionAnalysis,
    TestResult,
    Trial,
)
from tests.assessments.builders import make_quiz
from tests.assessments.code_builders import RIGHT, make_assignment

RECORDS = [
    AttemptAnalysis, Draft, HelpRequest, ModelRun, Rejudging, Remark, RemarkRating, Reply, Review,
    Run, RunnerCheck, Snippet, Submission, SubmissionAnalysis, TestResult, Trial,
]  # fmt: skip
LONG = (models.TextField, models.JSONField)


@pytest.fixture
def records(ada, lessons):
    """One of each."""
    assignment = make_assignment(lessons[0].module)
    submission = submissions.submit(ada, assignment, RIGHT, graded=True)
    case = assignment.cases.first()
    TestResult.objects.create(
        submission=submission, case=case, outcome="PASSED", was_visible=True, position=1
    )
    analysis = SubmissionAnalysis.objects.create(submission=submission)
    remark = Remark.objects.create(
        analysis=analysis, section="STRENGTH", text="Fine.", position=1, line=1
    )
    RemarkRating.objects.create(remark=remark, user=ada, is_helpful=True)
    Reply.objects.create(analysis=analysis, remark=remark, author=ada, text="Thank you.")
    Review.objects.create(submission=submission, reason="HELP", note="Ask again.")
    Snippet.objects.create(owner=ada, title="Names", text="Say what it is.")
    attempt, _ = start_attempt(ada, make_quiz(lessons[0].module))
    AttemptAnalysis.objects.create(attempt=attempt, text="Read lesson two again.")
    ModelRun.objects.create(attempt=attempt, prompt="Judge <this>.", answer="Fine, I <say>.")
    HelpRequest.objects.create(submission=submission, text="Why?")
    Run.objects.create(user=ada, lesson=assignment.lesson, language="python", source="1")
    drafts.save_draft(ada, assignment, RIGHT, 0)
    trials.ask(assignment)
    rejudgings.ask(assignment, None)
    runner_checks.ask(None)
    return submission


def joined(model):
    """The record, and all that is read with its rows."""
    found, paths = {model}, admin.site.get_model_admin(model).list_select_related
    for path in paths:
        at = model
        for part in path.split("__"):
            at = at._meta.get_field(part).related_model
            found.add(at)
    return found


@pytest.mark.parametrize("model", RECORDS)
def test_a_list_reads_no_long_text_and_asks_once_for_all(desk, records, model):
    meta = model._meta
    with CaptureQueriesContext(connection) as queries:
        page = desk.get(f"/admin/assessments/{meta.model_name}/").content.decode()
    assert f"1 {meta.verbose_name}" in page
    first = f'SELECT "{meta.db_table}"."id"'
    (reading,) = [one["sql"] for one in queries if one["sql"].startswith(first)]
    for one in joined(model):
        for field in one._meta.fields:
            if isinstance(field, LONG):
                assert f'"{one._meta.db_table}"."{field.column}"' not in reading


def test_an_admin_reads_what_was_sent_to_a_model_and_what_it_said(desk, as_, ada, records):
    run = ModelRun.objects.get()
    address = f"/admin/assessments/modelrun/{run.pk}/change/"
    html = desk.get(address).content.decode()
    assert "Judge &lt;this&gt;." in html
    assert "Fine, I &lt;say&gt;." in html
    assert "leased" not in html
    assert as_(ada).get(address).status_code == 302


@pytest.mark.parametrize("model", RECORDS)
def test_nobody_changes_a_record_by_hand(desk, records, model):
    row, name = model.objects.first(), model._meta.model_name
    assert desk.get(f"/admin/assessments/{name}/{row.pk}/change/").status_code == 200
    assert desk.post(f"/admin/assessments/{name}/{row.pk}/change/", {}).status_code == 403
    assert desk.post(f"/admin/assessments/{name}/add/", {}).status_code == 403
    assert desk.post(f"/admin/assessments/{name}/{row.pk}/delete/").status_code == 403
    assert model.objects.filter(pk=row.pk).exists()

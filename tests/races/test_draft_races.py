"""Drafts at the gate: wanted once, within the limit, asked by one worker, beside a person's words.

Where a lock is what holds, a second test takes it away and shows the harm.
"""

from functools import partial

import pytest

from accounts.models import User
from assessments.errors import StaleReview
from assessments.model_drafts import drafting, wanting
from assessments.models import ModelRun, Review, SubmissionAnalysis
from assessments.reviewing.review_words import Words, save
from assessments.reviewing.reviews import claim, put_in_queue
from tests.assessments.code_builders import make_assignment
from tests.assessments.drafts import judged
from tests.doubles import model_endpoint as double
from tests.races.gate import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]
CROWD = 6
RUNS, ANALYSES = "assessments_modelrun", "assessments_submissionanalysis"


@pytest.fixture
def model(settings):
    with double.serving() as server:
        settings.AI_BASE_URL, settings.AI_MODEL = server.url, "double-1"
        yield server


@pytest.fixture
def assignment(lessons):
    return make_assignment(lessons[0].module)


def outcomes():
    return sorted(ModelRun.objects.values_list("status", "outcome"))


def test_a_draft_is_wanted_once(model, ada, assignment):
    submission = judged(ada, assignment)
    keys = at_once(RUNS, [partial(wanting.want_for_submission, submission.pk)] * CROWD)
    assert len([key for key in keys if key]) == 1
    assert ModelRun.objects.count() == 1


def want_many(ada, assignment):
    submissions = [judged(ada, assignment) for _ in range(CROWD)]
    at_once(RUNS, [partial(wanting.want_for_submission, one.pk) for one in submissions])


def test_the_last_draft_of_a_day_goes_to_one(model, ada, assignment, settings):
    settings.AI_DRAFTS_PER_LEARNER = 1
    want_many(ada, assignment)
    assert outcomes() == [("FAILED", "SPENT")] * (CROWD - 1) + [("PENDING", "")]


def test_without_the_lock_all_of_them_would_get_it(model, ada, assignment, settings, monkeypatch):
    settings.AI_DRAFTS_PER_LEARNER = 1
    monkeypatch.setattr(wanting, "lock_learner", lambda one: User.objects.get(pk=one.user_id))
    want_many(ada, assignment)
    assert outcomes().count(("PENDING", "")) > 1


def test_one_worker_asks(model, ada, assignment):
    key = wanting.want_for_submission(judged(ada, assignment).pk)
    at_once(RUNS, [partial(drafting.draft, key)] * CROWD)
    assert len(model.requests) == 1
    assert outcomes() == [("PASSED", "DRAFTED")]
    assert SubmissionAnalysis.objects.count() == 1


def test_a_draft_and_a_persons_words_that_come_together_overwrite_nothing(
    model, ada, grace, assignment
):
    submission = judged(ada, assignment)
    review = claim(put_in_queue(submission, Review.Reason.HELP).pk, grace)
    key = wanting.want_for_submission(submission.pk)

    def write():
        try:
            return save(review.pk, grace, review.version, Words("Mine."))
        except StaleReview:
            return None

    _, kept = at_once(ANALYSES, [partial(drafting.draft, key), write])
    analysis = SubmissionAnalysis.objects.feedback().get()
    run = ModelRun.objects.get()
    assert '"decision": "changes"' in run.answer
    if kept:
        assert (run.outcome, analysis.kind, analysis.text) == ("PERSON", "MANUAL", "Mine.")
    else:
        assert (run.outcome, analysis.kind) == ("DRAFTED", "AI")
        assert analysis.text == double.GOOD["text"]

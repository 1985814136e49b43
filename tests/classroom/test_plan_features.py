"""Asking a person and drafts of a model, where plans are sold and not all of them have these."""

import pytest

from assessments.errors import NotInPlan
from assessments.model_drafts import wanting
from assessments.models import HelpRequest, ModelRun
from assessments.reviewing.help_requests import ask_for_help
from billing.grants import grant_plan
from billing.models import Plan
from courses.models import Tier
from tests.assessments.code_builders import make_assignment
from tests.classroom.code_pages import judged, text_of

LACKING = "Asking a person is part of the Pro plan."


@pytest.fixture
def submission(ada, lessons):
    return judged(ada, make_assignment(lessons[0].module), "wrong")


@pytest.fixture
def selling(settings):
    """FREE has neither."""
    settings.STRIPE_SECRET_KEY = "sk_test_of_nobody"
    Plan.objects.create(tier=Tier.FREE, features=[])


def test_the_page_says_what_asking_takes_in_place_of_the_form(ada, as_, submission, selling, root):
    browser, own = as_(ada), submission.get_absolute_url()
    page = text_of(browser.get(own))
    assert LACKING in page
    assert "Ask for help" not in page
    grant_plan(ada, Tier.PRO, "A scholarship.", root)
    page = text_of(browser.get(own))
    assert "Ask for help" in page
    assert LACKING not in page


def test_a_question_that_comes_all_the_same_is_refused_and_kept_on_the_page(
    ada, as_, submission, selling
):
    with pytest.raises(NotInPlan, match="Pro plan"):
        ask_for_help(ada, submission, "Why?")
    answer = as_(ada).post(f"{submission.get_absolute_url()}help/", {"text": "Why is it minus?"})
    assert answer.status_code == 403
    assert LACKING in text_of(answer)
    assert "Why is it minus?" in text_of(answer)
    assert not HelpRequest.objects.exists()


def test_what_was_asked_stays_readable_when_the_plan_lapses(ada, as_, submission, settings):
    ask_for_help(ada, submission, "Why is it minus?")
    settings.STRIPE_SECRET_KEY = "sk_test_of_nobody"
    Plan.objects.create(tier=Tier.FREE, features=[])
    page = text_of(as_(ada).get(submission.get_absolute_url()))
    assert "Why is it minus?" in page
    assert LACKING not in page


def test_no_draft_is_wanted_and_none_is_promised(ada, as_, submission, selling, root, settings):
    settings.AI_BASE_URL = "http://127.0.0.1:9/v1"
    assert wanting.want_for_submission(submission.pk) is None
    assert wanting.forgotten() == []
    assert "AI is writing" not in text_of(as_(ada).get(submission.get_absolute_url()))
    grant_plan(ada, Tier.PRO, "A scholarship.", root)
    assert "AI is writing" in text_of(as_(ada).get(submission.get_absolute_url()))
    assert wanting.want_for_submission(submission.pk) is not None
    assert ModelRun.objects.count() == 1

"""What a learner's pages say in the end, whatever the endpoint of the model did."""

import re

import pytest
from django.test import override_settings

from assessments import analysing
from assessments.model_drafts import drafting, wanting
from assessments.models import Attempt, ModelRun, Review, Submission
from assessments.models.attempt import CLOCK
from courses.models import Course
from tests.assessments.builders import make_quiz
from tests.assessments.code_builders import make_assignment
from tests.assessments.drafts import ask, ask_on, judged
from tests.assessments.finished import finished
from tests.classroom.code_pages import text_of
from tests.classroom.feedback_rows import add, say, sent_by
from tests.doubles import model_endpoint as double

VIOLET = re.compile(r'class="([^"]* )?ai( [^"]*)?"')
NOT_RUN = "AI review did not run: {why}. It will not affect your grade."
NEXT = "Waiting for a person: yours is next."
CAN_BE_WRONG = "AI can be wrong. A person has not read this yet."
ENDS = [
    (double.hang, "no answer came in time"),
    (double.drip, "no answer came in time"),
    (double.drip_headers, "no answer came in time"),
    (double.gone, "the model cannot be reached"),
    (double.half, "the model cannot be reached"),
    (double.huge, "its answer was too long"),
    (double.status(429), "its provider had too many requests"),
    (double.status(500), "the model's service has a fault"),
    (double.status(401), "the model's service has a fault"),
    (double.refusal, "the model would not answer"),
    (double.says("no json"), "its answer could not be read"),
]


@pytest.fixture(autouse=True)
def hurried(settings, model):
    settings.AI_SECONDS = 0.2


@pytest.fixture
def submission(ada, lessons):
    return judged(ada, make_assignment(lessons[0].module))


@pytest.fixture
def attempt(ada, lessons):
    return finished(ada, make_quiz(lessons[0].module), right=2)


def grade_of(work):
    names = ("status", "percent", "points", "finished_at")
    if isinstance(work, Attempt):
        names = ("status", "percent", "score", "passed")
    return type(work).objects.filter(pk=work.pk).values_list(*names).get()


def policy(value):
    Course.objects.update(ai_drafts=value)


@pytest.mark.parametrize("drafts", ["AFTER_REVIEW", "AT_ONCE"])
@pytest.mark.parametrize(("says", "why"), ENDS)
def test_why_no_review_of_code_came_is_said_and_a_person_is_next(
    ada, as_, model, submission, says, why, drafts
):
    policy(drafts)
    before = grade_of(submission)
    model.says = [says]
    ask(submission)
    page = text_of(as_(ada).get(submission.get_absolute_url()))
    assert NOT_RUN.format(why=why).replace("'", "&#x27;") in page
    assert NEXT in page
    assert not VIOLET.search(page)
    assert grade_of(submission) == before
    assert "No reviews yet." in text_of(as_(ada).get("/feedback/"))


@pytest.mark.parametrize(("says", "why"), [ENDS[0], ENDS[3], ENDS[5], ENDS[6]])
def test_why_no_words_about_a_quiz_came_is_said_too(ada, as_, model, attempt, says, why):
    before = grade_of(attempt)
    model.says = [says]
    wanting.want_for_attempt(attempt.pk)
    ask_on(ModelRun.objects.get(attempt=attempt))
    page = text_of(as_(ada).get(attempt.get_absolute_url()))
    assert NOT_RUN.format(why=why) in page
    assert NEXT in page
    assert not VIOLET.search(page)
    assert grade_of(attempt) == before


def test_between_the_tries_it_is_said_that_it_is_asked_again(ada, as_, model, submission):
    model.says = [double.status(429), double.draft()]
    wanting.want_for_submission(submission.pk)
    run = ModelRun.objects.get()
    assert drafting.draft(run.pk) is not None
    own = submission.get_absolute_url()
    page = text_of(as_(ada).get(own))
    assert "AI did not answer at first. It is asked again" in page
    assert "data-pending" in page
    assert not VIOLET.search(page)
    ModelRun.objects.update(due_at=CLOCK)
    ask_on(run)
    page = text_of(as_(ada).get(own))
    assert "did not" not in page
    assert NEXT in page
    assert not VIOLET.search(page)
    assert double.GOOD["text"] not in page


def test_a_course_that_shows_drafts_at_once_shows_whose_words_they_are(
    ada, as_, submission, attempt
):
    policy("AT_ONCE")
    before = grade_of(submission), grade_of(attempt)
    ask(submission)
    wanting.want_for_attempt(attempt.pk)
    ask_on(ModelRun.objects.get(attempt=attempt))
    browser = as_(ada)
    for work, words in ((submission, double.GOOD["text"]), (attempt, double.QUIZ["text"])):
        page = text_of(browser.get(work.get_absolute_url()))
        assert words in page
        assert CAN_BE_WRONG in page
        assert 'class="box stack voice ai"' in page
        assert "This was helpful" in page
        assert "Ask a person" in page
        assert "Waiting for a person" not in page
    assert (grade_of(submission), grade_of(attempt)) == before
    assert not Review.objects.waiting().exists()


def test_of_a_course_that_wants_no_model_nothing_is_sent_and_nothing_is_said(
    ada, as_, model, submission, attempt
):
    policy("OFF")
    assert wanting.want_for_submission(submission.pk) is None
    assert wanting.want_for_attempt(attempt.pk) is None
    assert model.requests == []
    for work in (submission, attempt):
        page = text_of(as_(ada).get(work.get_absolute_url()))
        assert "AI " not in page.replace("Not AI, not a person", "")
        assert not VIOLET.search(page)
        assert "Ask a person" in page


def test_drafts_that_are_turned_off_meanwhile_are_told_as_left_out(ada, as_, model, submission):
    wanting.want_for_submission(submission.pk)
    policy("OFF")
    ask_on(ModelRun.objects.get())
    page = text_of(as_(ada).get(submission.get_absolute_url()))
    assert "AI review was left out: it was turned off for this course." in page
    assert "Waiting for a person" not in page
    assert model.requests == []


@override_settings(AI_BASE_URL="")
@pytest.mark.parametrize("is_models", [False, True])
def test_a_remark_for_code_alike_says_whose_it_is(
    ada, bob, grace, as_, lessons, submission, is_models
):
    same = "def add(x, y):\n    result = x - y\n    print(result)\n    return result\n"
    Submission.objects.update(source=same.replace("result", "total"))
    submission.refresh_from_db()
    theirs = judged(bob, submission.assignment, same)
    for one in (submission, theirs):
        analysing.analyse(one.pk)
    fields = {"drafted": "Look at the sign.", "verdict": "ACCEPTED"} if is_models else {}
    drafted = {"text": "PLANTED", "held": []} if is_models else None
    words = say(theirs, "PLANTED", kind="HYBRID" if is_models else "MANUAL", drafted=drafted)
    add(words, "Look at the sign.", for_alike=True, **fields)
    sent_by(grace, theirs)
    page = text_of(as_(ada).get(submission.get_absolute_url()))
    alike = page[page.index('id="alike"') : page.index('id="analysis"')]
    assert "Look at the sign." in alike
    assert f"{'Checked' if is_models else 'Said'} by <bdi>Grace</bdi>" in alike
    assert "This was helpful" in alike
    assert bool(VIOLET.search(alike)) is is_models
    assert "Bob" not in page
    assert "PLANTED" not in page

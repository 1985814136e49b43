"""The light desk: words about a quiz are let out or thrown away."""

import pytest
from django.contrib.auth.models import Group

from assessments import reviews
from assessments.attempts import finish_attempt, start_attempt
from assessments.models import AttemptAnalysis, Review
from tests.assessments.review_builders import decide
from tests.conftest import make_person

DRAFT = "You were quick. Read about names again."


@pytest.fixture
def kim(db):
    user = make_person("kim@example.org", "Kim")
    user.groups.add(Group.objects.get(name="reviewers"))
    return user


@pytest.fixture
def browser(as_, kim):
    return as_(kim)


@pytest.fixture
def review(ada, quiz):
    attempt, _ = start_attempt(ada, quiz)
    attempt = finish_attempt(attempt).attempt
    drafted = {"text": DRAFT, "held": []}
    AttemptAnalysis.objects.create(attempt=attempt, kind="AI", text=DRAFT, drafted=drafted)
    return reviews.put_in_queue(attempt, Review.Reason.DRAFT)


@pytest.fixture
def claimed(review, kim):
    return reviews.claim(review.pk, kim)


def desk_of(review):
    return f"/studio/reviews/{review.pk}/"


def text(answer):
    return answer.content.decode()


def test_the_draft_is_read_beside_what_is_computed(review, browser):
    html = text(browser.get(desk_of(review)))
    assert "questions had no answer" in html
    assert DRAFT in html
    assert "AI can be wrong" in html
    assert 'name="text"' not in html
    browser.post(f"{desk_of(review)}claim/")
    assert f"{DRAFT}</textarea>" in text(browser.get(desk_of(review)))


def test_words_are_let_out_and_can_be_taken_back(claimed, browser):
    said = {"version": claimed.version, "text": "Better words.", "go": "publish"}
    answer = browser.post(desk_of(claimed), said)
    assert answer.headers["Location"] == f"/studio/reviews/?sent={claimed.pk}"
    assert AttemptAnalysis.objects.get().text == "Better words."
    assert "undo/" in text(browser.get(desk_of(claimed)))
    browser.post(f"{desk_of(claimed)}undo/")
    assert Review.objects.get().decision == ""


def test_a_draft_is_thrown_away(claimed, browser):
    said = {"version": claimed.version, "text": DRAFT, "go": "discard"}
    assert browser.post(desk_of(claimed), said).headers["Location"] == "/studio/reviews/"
    assert (Review.objects.get().waiting_since, AttemptAnalysis.objects.get().text) == (None, "")


@pytest.mark.parametrize("words", ["", "  ", "x" * 4001, "a\x00b"])
def test_words_that_are_none_are_refused(words, claimed, browser):
    said = {"version": claimed.version, "text": words, "go": "publish"}
    answer = browser.post(desk_of(claimed), said)
    assert (answer.status_code, "There is a problem" in text(answer)) == (422, True)
    assert Review.objects.get().decision == ""


def test_what_was_decided_meanwhile_gives_the_words_back(claimed, kim, browser):
    decide(claimed, kim)
    said = {"version": claimed.version, "text": "Mine.", "go": "publish"}
    answer = browser.post(desk_of(claimed), said)
    assert (answer.status_code, "Mine.</pre>" in text(answer)) == (409, True)
    assert AttemptAnalysis.objects.get().text == DRAFT


def test_there_are_no_lines_to_compare(review, browser):
    assert browser.get(f"{desk_of(review)}changes/").status_code == 404


def test_the_page_asks_for_little(claimed, browser, django_assert_max_num_queries):
    browser.get(desk_of(claimed))
    with django_assert_max_num_queries(8):
        browser.get(desk_of(claimed))

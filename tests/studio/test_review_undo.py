"""Taking a review back: what was chosen stays chosen, and nothing else stays taken."""

import re

import pytest

from assessments.models import Review
from assessments.models.attempt import CLOCK
from assessments.reviewing import reviews
from assessments.reviewing.reviews import CLAIM
from enrollments.models import Enrollment
from tests.assessments.code_builders import make_assignment
from tests.assessments.review_builders import hand_in
from tests.conftest import make_course, make_reviewer
from tests.studio.test_review_desk import desk_of, text, typed

Reason = Review.Reason


@pytest.fixture
def kim(db):
    return make_reviewer("kim@example.org", "Kim")


@pytest.fixture
def browser(as_, kim):
    return as_(kim)


@pytest.fixture
def claimed(ada, lessons, kim):
    submission = hand_in(ada, make_assignment(lessons[0].module))
    return reviews.claim(reviews.put_in_queue(submission, Reason.DRAFT).pk, kim)


@pytest.fixture
def following(ada):
    """Something else that waits."""
    other = make_course("other", "Another course")
    Enrollment.objects.create(user=ada, course=other)
    submission = hand_in(ada, make_assignment(other.modules.first(), "elsewhere"))
    return reviews.put_in_queue(submission, Reason.DRAFT)


def send(browser, review, **fields):
    said = typed(review, go="send", decision="CHANGES", text="Well.", next="on", **fields)
    return browser.post(desk_of(review), said)


def undo(browser, review):
    return browser.post(f"{desk_of(review)}undo/")


def chosen_in(html):
    radios = re.findall(r'<input type="radio" name="decision"[^>]*>', html)
    return [re.search(r'value="(\w+)"', one)[1] for one in radios if "checked" in one]


def test_what_was_decided_is_chosen_again(claimed, browser):
    send(browser, claimed)
    html = text(browser.get(undo(browser, claimed).headers["Location"]))
    assert chosen_in(html) == ["CHANGES"]


@pytest.mark.parametrize("decision", ["", "x", "CHANGED", "<b>", "ACCEPTED%00", "9" * 500])
def test_no_other_word_chooses_a_decision(decision, claimed, browser):
    answer = browser.get(desk_of(claimed), {"decision": decision})
    assert answer.status_code == 200
    assert "id_decision_0" in text(answer)
    assert chosen_in(text(answer)) == []


def test_the_next_one_that_nobody_touched_is_given_back(claimed, following, kim, browser):
    send(browser, claimed)
    following.refresh_from_db()
    assert following.reviewer == kim
    answer = undo(browser, claimed)
    following.refresh_from_db()
    assert (following.reviewer, following.claimed_until) == (None, None)
    assert "The next one is given back too." in text(browser.get(answer.headers["Location"]))


def test_the_next_one_is_kept_once_something_is_written(claimed, following, kim, browser):
    send(browser, claimed)
    browser.post(desk_of(following), typed(following, text="So far."))
    undo(browser, claimed)
    following.refresh_from_db()
    assert following.reviewer == kim


def test_the_next_one_is_kept_where_it_was_claimed_before(claimed, following, kim, browser):
    reviews.claim(following.pk, kim)
    assert send(browser, claimed).headers["Location"].startswith(desk_of(following))
    undo(browser, claimed)
    following.refresh_from_db()
    assert following.reviewer == kim


def test_a_claim_by_hand_is_kept(claimed, following, kim, browser):
    said = typed(claimed, go="send", decision="CHANGES", text="Well.")
    browser.post(desk_of(claimed), said)
    browser.post(f"{desk_of(following)}claim/")
    undo(browser, claimed)
    following.refresh_from_db()
    assert following.reviewer == kim


def test_where_it_is_late_the_next_one_is_kept(claimed, following, kim, browser):
    send(browser, claimed)
    Review.objects.filter(pk=claimed.pk).update(decided_at=CLOCK - CLAIM, sent_at=CLOCK)
    undo(browser, claimed)
    following.refresh_from_db()
    assert following.reviewer == kim


def test_taking_back_twice_is_taking_back_once(claimed, following, browser):
    send(browser, claimed)
    undo(browser, claimed)
    browser.post(f"{desk_of(following)}claim/")
    assert undo(browser, claimed).status_code == 303
    following.refresh_from_db()
    assert following.reviewer is not None


def test_review_next_goes_on_with_ones_own_within_a_filter_too(following, ada, lessons, kim, as_):
    submission = hand_in(ada, make_assignment(lessons[0].module))
    mine = reviews.claim(reviews.put_in_queue(submission, Reason.DRAFT).pk, kim)
    for asked in ({}, {"reason": "DRAFT"}, {"language": "python"}):
        answer = as_(kim).post("/studio/reviews/next/", asked)
        assert answer.headers["Location"] == desk_of(mine)
    reviews.put_in_queue(following.submission, Reason.HELP)
    answer = as_(kim).post("/studio/reviews/next/")
    assert answer.headers["Location"] == desk_of(following)

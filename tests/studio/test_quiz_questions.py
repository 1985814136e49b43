"""A learner asks or replies about a quiz: the queue and the light desk show it, and answer it."""

import pytest

from activity.models import Event
from assessments.models import AttemptAnalysis, HelpRequest, Reply, Review
from assessments.models.attempt import CLOCK
from assessments.reviewing import conversations, reviews, sending, telling
from assessments.reviewing.attempt_reviews import discard_attempt_draft, publish_attempt_words
from assessments.reviewing.help_requests import ask_for_help
from enrollments.models import Enrollment
from tests.assessments.finished import finished
from tests.conftest import make_reviewer

QUESTION, REPLY = "Why is a stash <no commit>?", "And what of `reset`?"


@pytest.fixture
def kim(db):
    return make_reviewer("kim@example.org", "Kim")


@pytest.fixture
def attempt(ada, quiz):
    return finished(ada, quiz, right=2)


@pytest.fixture
def of_bob(bob, course, quiz):
    Enrollment.objects.create(user=bob, course=course)
    return finished(bob, quiz, right=1)


@pytest.fixture
def asked(ada, attempt):
    ask_for_help(ada, attempt, QUESTION)
    return Review.objects.get()


@pytest.fixture
def answered(asked, kim):
    """Sent, and past the time to take it back."""
    review = reviews.claim(asked.pk, kim)
    publish_attempt_words(review.pk, kim, review.version, "It is a commit of its own.")
    Review.objects.update(sent_at=CLOCK, decided_at=CLOCK)
    return AttemptAnalysis.objects.get()


def text(answer):
    return answer.content.decode()


def test_a_question_stands_in_the_queue_and_at_the_desk(asked, as_, kim):
    browser = as_(kim)
    assert "Asks for help" in text(browser.get("/studio/reviews/", {"help": "on"}))
    page = text(browser.get(f"/studio/reviews/{asked.pk}/"))
    assert "Why is a stash &lt;no commit&gt;?" in page
    assert "may not be told before its learner may see them" in page


def test_the_answer_is_told_as_help_and_no_other_review_is(asked, answered, kim, of_bob):
    review = reviews.claim(reviews.put_in_queue(of_bob, Review.Reason.DRAFT).pk, kim)
    publish_attempt_words(review.pk, kim, review.version, "Well begun.")
    Review.objects.update(sent_at=CLOCK, decided_at=CLOCK)
    assert telling.tell_sent() == 2
    kinds = dict(Event.objects.filter(subject__startswith="review:").values_list("user", "kind"))
    assert kinds == {asked.learner.pk: "HELP_GIVEN", of_bob.user_id: "REVIEW_GIVEN"}


def test_an_answer_that_is_taken_back_waits_since_it_was_asked(asked, kim):
    review = reviews.claim(asked.pk, kim)
    publish_attempt_words(review.pk, kim, review.version, "It is.")
    undone = sending.undo(review.pk, kim)
    assert undone.waiting_since == HelpRequest.objects.get().created_at


def test_a_reply_is_answered_at_the_desk_once(ada, answered, as_, kim):
    conversations.reply(ada, answered, None, REPLY)
    review = Review.objects.waiting().get()
    browser, own = as_(kim), f"/studio/reviews/{review.pk}/"
    assert "And what of <code" in text(browser.get(own))
    sent = {"analysis": answered.pk, "remark": "", "text": "It is another thing."}
    assert browser.post(f"{own}answers/", sent).status_code in (302, 303)
    assert Reply.objects.order_by("created_at").last().author == kim
    assert not Review.objects.waiting().exists()
    page = text(browser.get(own))
    assert "It is another thing." in page
    assert 'id="answer-1"' not in page


def test_what_belongs_to_another_review_is_not_answered(answered, of_bob, as_, kim):
    address = f"/studio/reviews/{Review.objects.get().pk}/answers/"
    other = AttemptAnalysis.objects.create(attempt=of_bob, text="Well begun.")
    sent = {"analysis": other.pk, "remark": "", "text": "PLANTED"}
    assert as_(kim).post(address, sent).status_code == 404
    assert not Reply.objects.exists()


@pytest.mark.parametrize("is_asked", [True, False])
def test_a_draft_that_is_thrown_away_takes_no_question_with_it(ada, attempt, kim, is_asked):
    drafted = {"text": "Read again.", "held": []}
    AttemptAnalysis.objects.create(attempt=attempt, kind="AI", text="Read again.", drafted=drafted)
    reviews.put_in_queue(attempt, Review.Reason.DRAFT)
    if is_asked:
        ask_for_help(ada, attempt, QUESTION)
    review = reviews.claim(Review.objects.get().pk, kim)
    discard_attempt_draft(review.pk, kim, review.version)
    assert Review.objects.waiting().exists() is is_asked

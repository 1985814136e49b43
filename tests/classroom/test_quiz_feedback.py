"""What a learner makes of words about a quiz: rating them, answering, asking a person."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from assessments.errors import AlreadyReviewed, NotFinished
from assessments.models import AttemptAnalysis, HelpRequest, Reply, Review
from assessments.reviewing import conversations
from assessments.reviewing.help_requests import ask_for_help
from assessments.reviewing.review_checks import out_of_sight, put_right, without_reason
from tests.assessments.builders import make_quiz
from tests.assessments.finished import finished
from tests.classroom.code_pages import HTMX, text_of
from tests.classroom.feedback_rows import ago, review_of, sent_by, tell

LET_OUT = {"kind": "AI", "drafted": {"text": "Lists come again.", "held": []}}
PRESSED = 'aria-pressed="true"'


@pytest.fixture
def attempt(ada, lessons):
    return finished(ada, make_quiz(lessons[0].module), right=2)


@pytest.fixture
def own(attempt):
    return attempt.get_absolute_url()


@pytest.fixture
def words(attempt, grace):
    """A person's."""
    analysis = tell(attempt, "Read lesson 2 again.")
    sent_by(grace, attempt)
    return analysis


@pytest.fixture
def draft(attempt):
    return tell(attempt, "", published_at=ago(minutes=5), **LET_OUT)


class TestRating:
    def test_it_is_kept_changed_and_taken_back(self, ada, as_, words, own):
        browser = as_(ada)
        assert PRESSED not in text_of(browser.get(own))
        for value, kept in (("1", True), ("0", False), ("0", False), ("", None)):
            answer = browser.post(f"{own}rating/", {"helpful": value})
            assert answer["Location"] == f"{own}#rating-{words.pk}"
            words.refresh_from_db()
            assert words.is_helpful is kept
            assert text_of(browser.get(own)).count(PRESSED) == (kept is not None)

    def test_a_script_gets_the_buttons_alone(self, ada, as_, draft, own):
        answer = as_(ada).post(f"{own}rating/", {"helpful": "1"}, headers=HTMX)
        part = text_of(answer)
        assert part.count("<form") == 1
        assert PRESSED in part
        assert f'hx-post="{own}rating/"' in part

    def test_what_is_no_rating_changes_nothing(self, ada, as_, words, own):
        for headers in ({}, HTMX):
            answer = as_(ada).post(f"{own}rating/", {"helpful": "2"}, headers=headers)
            assert answer.status_code == 422
            assert "Nothing was changed" in text_of(answer)
        words.refresh_from_db()
        assert words.is_helpful is None

    def test_a_rating_of_the_models_words_is_none_of_the_persons(
        self, ada, grace, as_, attempt, draft, own
    ):
        browser = as_(ada)
        browser.post(f"{own}rating/", {"helpful": "0"})
        assert PRESSED in text_of(browser.get(own))
        AttemptAnalysis.objects.update(rated_at=ago(minutes=2))
        sent_by(grace, attempt)
        assert PRESSED not in text_of(browser.get(own))

    def test_too_many_wait(self, ada, as_, words, own):
        browser = as_(ada)
        for _ in range(60):
            browser.post(f"{own}rating/", {"helpful": "1"}, headers=HTMX)
        for headers in ({}, HTMX):
            answer = browser.post(f"{own}rating/", {"helpful": "0"}, headers=headers)
            assert answer.status_code == 429
            assert int(answer["Retry-After"]) > 0
            assert PRESSED in text_of(answer)


class TestReplies:
    def test_a_reply_stands_there_and_waits_for_a_person(self, ada, as_, attempt, words, own):
        browser = as_(ada)
        answer = browser.post(f"{own}replies/", {"text": "Which <b> part?"})
        assert answer["Location"] == f"{own}#thread-{words.pk}"
        page = text_of(browser.get(own))
        assert escape("Which <b> part?") in page
        assert "Your reply waits for a person." in page
        review = Review.objects.waiting().get()
        assert (review.attempt, review.reason) == (attempt, "REPLY")
        assert not without_reason().exists()

    def test_a_script_gets_the_thread_and_what_is_to_come(self, ada, as_, draft, own):
        answer = as_(ada).post(f"{own}replies/", {"text": "Which part?"}, headers=HTMX)
        part = text_of(answer)
        assert part.count('class="thread') == 1
        assert "Waiting for a person: yours is next." in part
        assert 'hx-swap-oob="true"' in part

    @pytest.mark.parametrize("headers", [{}, HTMX])
    def test_what_cannot_be_kept_is_said_at_the_field(self, ada, as_, words, own, headers):
        answer = as_(ada).post(f"{own}replies/", {"text": " "}, headers=headers)
        assert answer.status_code == 422
        assert '<details class="answer" open>' in text_of(answer)
        assert not Reply.objects.exists()

    def test_the_same_again_is_kept_once_and_too_many_wait(self, ada, as_, words, own):
        browser = as_(ada)
        for _ in range(2):
            browser.post(f"{own}replies/", {"text": "Why?"})
        assert Reply.objects.count() == 1
        for number in range(18):
            browser.post(f"{own}replies/", {"text": f"Why {number}?"})
        answer = browser.post(f"{own}replies/", {"text": "PLANTED too often"})
        assert (answer.status_code, Reply.objects.count()) == (429, 19)
        assert "PLANTED too often" in text_of(answer)

    def test_an_answer_is_unread_until_the_page_is_opened(self, ada, grace, as_, words, own):
        browser = as_(ada)
        browser.post(f"{own}replies/", {"text": "Why?"})
        browser.get(own)
        assert 'class="unread"' not in text_of(browser.get("/feedback/"))
        conversations.answer(grace, words, None, "Because of this.")
        assert not Review.objects.waiting().exists()
        listed = text_of(browser.get("/feedback/"))
        assert 'class="unread"' in listed
        assert "Answer to your reply" in listed
        assert "By <bdi>Grace</bdi>" in listed
        page = text_of(browser.get(own))
        assert "Because of this." in page
        assert "waits for a person" not in page
        assert 'class="unread"' not in text_of(browser.get("/feedback/"))


class TestAsking:
    def test_a_question_waits_first_and_once(self, ada, as_, attempt, own):
        browser = as_(ada)
        assert "Ask a person" in text_of(browser.get(own))
        answer = browser.post(f"{own}help/", {"text": "Why is it <b>?"})
        assert answer["Location"] == f"{own}#help"
        page = text_of(browser.get(own))
        assert "You asked" in page
        assert escape("Why is it <b>?") in page
        assert "The answer will stand on this page." in page
        assert "Waiting for a person: yours is next." in page
        review = Review.objects.waiting().get()
        assert (review.attempt, review.reason) == (attempt, "HELP")
        again = browser.post(f"{own}help/", {"text": "Why, once more?"})
        assert again.status_code == 409
        assert HelpRequest.objects.get().text == "Why is it <b>?"

    def test_the_doctor_finds_a_question_that_is_out_of_sight_and_no_other(self, ada, attempt):
        ask_for_help(ada, attempt, "Why is it so?")
        assert not without_reason().exists()
        assert not out_of_sight().exists()
        Review.objects.update(waiting_since=None)
        assert out_of_sight().get().attempt == attempt
        put_right()
        assert Review.objects.waiting().get().attempt == attempt

    def test_after_a_review_there_are_replies(self, ada, as_, attempt, words, own):
        browser = as_(ada)
        assert "Ask a person" not in text_of(browser.get(own))
        answer = browser.post(f"{own}help/", {"text": "PLANTED question"})
        page = text_of(answer)
        assert answer.status_code == 409
        assert "A person has reviewed this. Reply to the review." in page
        assert "PLANTED question" in page
        with pytest.raises(AlreadyReviewed):
            ask_for_help(ada, attempt, "Why?")
        assert not HelpRequest.objects.exists()

    def test_what_is_too_short_is_said(self, ada, as_, own):
        answer = as_(ada).post(f"{own}help/", {"text": "?"})
        assert answer.status_code == 422
        assert "Say in a few words" in text_of(answer)
        assert not Review.objects.exists()

    def test_of_practice_and_of_what_goes_on_nobody_asks(self, ada, as_, attempt, own):
        type(attempt).objects.update(is_practice=True, number=9)
        attempt.refresh_from_db()
        assert "Ask a person" not in text_of(as_(ada).get(own))
        with pytest.raises(NotFinished):
            ask_for_help(ada, attempt, "Why is it so?")
        assert as_(ada).post(f"{own}help/", {"text": "Why is it so?"}).status_code == 409

    def test_the_form_says_that_the_key_stays_where_it_is(self, ada, as_, attempt, own):
        told = "Which answers are right is not told while you may not see them."
        attempt.quiz.review = "NEVER"
        attempt.quiz.save()
        assert told in text_of(as_(ada).get(own))
        attempt.quiz.review = "EACH"
        attempt.quiz.save()
        assert told not in text_of(as_(ada).get(own))


def test_nobody_touches_what_is_not_theirs_or_not_said(ada, bob, as_, client, attempt, own, grace):
    verbs = {"rating/": {"helpful": "1"}, "replies/": {"text": "Why?"}}
    for path, sent in verbs.items():
        assert as_(ada).post(f"{own}{path}", sent).status_code == 404
    held = {"text": "PLANTED", "held": ["quotes"]}
    tell(attempt, "PLANTED", kind="AI", published_at=ago(), drafted=held)
    review_of(attempt)
    for path, sent in verbs.items():
        assert as_(ada).post(f"{own}{path}", sent).status_code == 404
    Review.objects.all().delete()
    sent_by(grace, attempt)
    for path, sent in {**verbs, "help/": {"text": "Why is it so?"}}.items():
        assert as_(bob).post(f"{own}{path}", sent).status_code == 404
        assert as_(ada).get(f"{own}{path}").status_code == 405
        guest = client.post(f"{own}{path}", sent)
        assert guest.status_code == 302
        assert "next=" in guest["Location"]
    assert AttemptAnalysis.objects.get().is_helpful is None
    assert not Reply.objects.exists()


def test_a_reply_and_a_question_are_about_one_thing(ada, attempt, words):
    for row in (Reply(author=ada, text="?"), HelpRequest(text="?")):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_a_page_with_all_of_it_takes_few_queries(ada, grace, as_, attempt, words, own):
    ask = HelpRequest.objects.create(attempt=attempt, text="Why?")
    for number in range(3):
        Reply.objects.create(author=ada, attempt_analysis=words, text=f"Why {number}?")
    Review.objects.update(waiting_since=ago() - timedelta(minutes=1))
    browser = as_(ada)
    browser.get(own)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert ask.text in text_of(browser.get(own))
    assert len(queries) <= 12
    with CaptureQueriesContext(connection) as queries:
        browser.get("/feedback/")
    assert len(queries) <= 7

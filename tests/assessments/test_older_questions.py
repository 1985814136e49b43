"""A question about an older attempt, and a review of a newer one."""

from datetime import timedelta

import pytest

from assessments.models import HelpRequest, Review
from assessments.models.attempt import CLOCK
from assessments.reviewing.help_requests import ask_for_help
from assessments.reviewing.review_checks import out_of_sight, put_right
from assessments.reviewing.review_words import RemarkWords, Words
from assessments.reviewing.reviews import claim, open_review
from assessments.reviewing.sending import send, undo
from tests.assessments.code_builders import make_assignment
from tests.assessments.review_builders import hand_in

pytestmark = pytest.mark.django_db
CHANGES = Review.Decision.CHANGES


@pytest.fixture
def older(ada, lessons):
    submission = hand_in(ada, make_assignment(lessons[0].module))
    ask_for_help(ada, submission, "Why is it wrong?")
    HelpRequest.objects.update(created_at=CLOCK - timedelta(hours=3))
    Review.objects.update(waiting_since=CLOCK - timedelta(hours=3))
    return Review.objects.get()


@pytest.fixture
def newer(ada, older, grace):
    return open_review(grace, hand_in(ada, older.submission.assignment))


def waits(review):
    return Review.objects.waiting().filter(pk=review.pk).exists()


def test_words_about_the_newer_attempt_answer_it(older, newer, grace):
    send(newer.pk, grace, 0, CHANGES, Words(text="Mind the sign."))
    assert not waits(older)
    assert not out_of_sight().exists()
    put_right()
    assert not waits(older)


def test_taken_back_it_waits_again_since_it_was_asked(older, newer, grace):
    send(newer.pk, grace, 0, CHANGES, Words(text="Mind the sign."))
    undo(newer.pk, grace)
    older.refresh_from_db()
    assert older.waiting_since == HelpRequest.objects.get().created_at


def test_remarks_alone_answer_nothing(older, newer, grace):
    remark = RemarkWords(None, "WEAKNESS", "Read the sign.", 1)
    send(newer.pk, grace, 0, CHANGES, Words(remarks=[remark]))
    assert waits(older)


def test_what_somebody_is_at_stays_with_them(older, newer, grace, bob):
    claim(older.pk, bob)
    send(newer.pk, grace, 0, CHANGES, Words(text="Mind the sign."))
    assert waits(older)


def test_what_is_asked_afterwards_or_by_others_waits(ada, bob, older, newer, grace):
    assignment = older.submission.assignment
    ask_for_help(bob, hand_in(bob, assignment), "Bob asks.")
    middle = newer.submission
    latest = open_review(grace, hand_in(ada, assignment))
    send(latest.pk, grace, 0, CHANGES, Words(text="Mind the sign."))
    assert Review.objects.waiting().count() == 1
    ask_for_help(ada, middle, "And this one?")
    assert waits(newer)
    assert not waits(older)

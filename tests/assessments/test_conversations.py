"""What learners make of feedback: ratings, replies, and answers to them."""

from datetime import timedelta

import pytest

from activity.models import Event
from assessments.errors import (
    AlreadyAsked,
    AlreadyReviewed,
    BadWords,
    NotJudged,
    OwnWork,
    RemarkGone,
    TooOften,
)
from assessments.limits import RATINGS, REPLIES
from assessments.models import (
    HelpRequest,
    Remark,
    RemarkRating,
    Reply,
    Review,
    Submission,
    SubmissionAnalysis,
)
from assessments.models.attempt import CLOCK
from assessments.reviewing.conversations import answer, rate, reply
from assessments.reviewing.help_requests import ask_for_help
from assessments.reviewing.reviews import open_review, put_in_queue
from tests.assessments.code_builders import make_assignment
from tests.assessments.review_builders import decide, draft_of, hand_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def assignment(lessons):
    return make_assignment(lessons[0].module)


@pytest.fixture
def submission(ada, assignment):
    return hand_in(ada, assignment)


@pytest.fixture
def analysis(submission) -> SubmissionAnalysis:
    return draft_of(submission, "A", "B")


@pytest.fixture
def remark(analysis) -> Remark:
    return analysis.remarks.get(text="A")


class TestRating:
    def test_one_each_which_can_be_changed_and_taken_back(self, ada, bob, remark):
        for is_helpful in (True, False, False):
            rate(ada, remark, is_helpful=is_helpful)
        rate(bob, remark, is_helpful=True)
        assert {row.user: row.is_helpful for row in RemarkRating.objects.all()} == {
            ada: False, bob: True,
        }  # fmt: skip
        for _ in range(2):
            rate(ada, remark, is_helpful=None)
        assert RemarkRating.objects.get().user == bob

    def test_too_often_waits(self, ada, remark):
        for _ in range(RATINGS.amount):
            rate(ada, remark, is_helpful=True)
        with pytest.raises(TooOften):
            rate(ada, remark, is_helpful=False)
        assert RemarkRating.objects.get().is_helpful


class TestReplying:
    def test_it_waits_for_a_reviewer(self, ada, analysis, remark):
        row = reply(ada, analysis, remark, "But it is negative.")
        assert (row.author, row.remark, row.text) == (ada, remark, "But it is negative.")
        assert Review.objects.waiting().get().reason == "REPLY"

    def test_it_opens_again_what_was_decided(self, ada, grace, submission, analysis):
        decide(put_in_queue(submission, Review.Reason.DRAFT), grace)
        reply(ada, analysis, None, "Why?")
        review = Review.objects.waiting().get()
        assert (review.reason, review.decision, review.reviewer) == ("REPLY", "CHANGES", grace)

    def test_what_is_sent_twice_is_said_once(self, ada, analysis, remark):
        assert reply(ada, analysis, None, "Why?") == reply(ada, analysis, None, "Why?")
        reply(ada, analysis, remark, "Why?")
        reply(ada, analysis, None, "Why not?")
        assert Reply.objects.count() == 3

    @pytest.mark.parametrize("text", ["", " \n", "x" * 4001, "a\x00b"])
    def test_what_is_no_text_is_refused(self, ada, analysis, text):
        with pytest.raises(BadWords):
            reply(ada, analysis, None, text)
        assert not Review.objects.exists()

    def test_a_remark_of_other_feedback_is_refused(self, ada, bob, analysis, assignment):
        foreign = draft_of(hand_in(bob, assignment), "C").remarks.get()
        with pytest.raises(RemarkGone):
            reply(ada, analysis, foreign, "Why?")

    def test_too_often_waits(self, ada, analysis):
        for number in range(REPLIES.amount):
            reply(ada, analysis, None, f"Why {number}?")
        with pytest.raises(TooOften):
            reply(ada, analysis, None, "Why?")
        assert Reply.objects.count() == REPLIES.amount


class TestAnswering:
    def test_it_is_told_once_and_leaves_the_queue(self, ada, grace, analysis, remark, submission):
        reply(ada, analysis, remark, "Why?")
        row = answer(grace, analysis, remark, "Read line 2.")
        assert answer(grace, analysis, remark, "Read line 2.") == row
        assert not Review.objects.waiting().exists()
        event = Event.objects.get()
        assert (event.kind, event.user, event.subject) == ("REPLY_GIVEN", ada, f"reply:{row.pk}")
        assert event.data["url"] == submission.get_absolute_url()

    def test_with_the_last_of_several(self, ada, grace, analysis, remark):
        reply(ada, analysis, remark, "Why?")
        reply(ada, analysis, None, "And what now?")
        answer(grace, analysis, remark, "Read line 2.")
        assert Review.objects.waiting().exists()
        answer(grace, analysis, None, "Try again.")
        assert not Review.objects.waiting().exists()

    @pytest.mark.parametrize("reason", ["DRAFT", "HELP"])
    def test_what_wants_a_decision_stays(self, ada, grace, analysis, submission, reason):
        put_in_queue(submission, Review.Reason(reason))
        reply(ada, analysis, None, "Why?")
        answer(grace, analysis, None, "Read line 2.")
        assert Review.objects.waiting().get().reason == reason

    def test_after_a_decision_any_reason_ends_with_the_answer(
        self, ada, grace, bob, analysis, submission
    ):
        ask_for_help(ada, submission, "Why is it minus?")
        review = decide(Review.objects.get(), grace)
        # It can still be taken back, so it keeps its reason.
        Review.objects.filter(pk=review.pk).update(sent_at=CLOCK + timedelta(seconds=9))
        reply(ada, analysis, None, "And that?")
        assert Review.objects.waiting().get().reason == "HELP"
        answer(bob, analysis, None, "Read line 2.")
        review = Review.objects.get()
        assert (review.waiting_since, review.reviewer) == (None, grace)

    def test_nobody_answers_themselves(self, ada, analysis):
        reply(ada, analysis, None, "Why?")
        with pytest.raises(OwnWork):
            answer(ada, analysis, None, "So.")
        assert Review.objects.waiting().exists()


class TestAsking:
    def test_a_question_waits_before_all_else(self, ada, submission):
        put_in_queue(submission, Review.Reason.DRAFT)
        asked = ask_for_help(ada, submission, "Why is it minus?")
        assert HelpRequest.objects.get() == asked
        assert Review.objects.waiting().get().reason == "HELP"

    def test_only_once(self, ada, submission):
        ask_for_help(ada, submission, "Why is it minus?")
        with pytest.raises(AlreadyAsked):
            ask_for_help(ada, submission, "And another thing.")
        assert HelpRequest.objects.get().text == "Why is it minus?"

    @pytest.mark.parametrize("sent", ["a while ago", "a moment ago"])
    def test_not_about_what_was_reviewed(self, ada, grace, submission, sent):
        """It would wait first of all for a decision that nobody can make again."""
        review = decide(put_in_queue(submission, Review.Reason.DRAFT), grace)
        if sent == "a moment ago":
            Review.objects.update(sent_at=CLOCK + timedelta(seconds=9))
        with pytest.raises(AlreadyReviewed):
            ask_for_help(ada, submission, "Why is it minus?")
        assert not HelpRequest.objects.exists()
        review.refresh_from_db()
        assert (review.reason, review.waiting_since) == ("DRAFT", None)

    @pytest.mark.parametrize("status", ["PENDING", "ERROR"])
    def test_not_about_what_was_not_judged(self, ada, grace, submission, status):
        """Its page would show no review, and tell of one that was never read."""
        ended = CLOCK if status == "ERROR" else None
        Submission.objects.update(status=status, percent=None, points=None, finished_at=ended)
        submission.refresh_from_db()
        for act in (
            lambda: ask_for_help(ada, submission, "Why is it minus?"),
            lambda: put_in_queue(submission, Review.Reason.DRAFT),
            lambda: open_review(grace, submission),
        ):
            with pytest.raises(NotJudged):
                act()
        assert (HelpRequest.objects.count(), Review.objects.count()) == (0, 0)

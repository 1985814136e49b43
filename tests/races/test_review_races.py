"""Reviews at the gate: put in once, claimed by one, decided once, told once, nothing overwritten.

Where a lock or condition is what holds, a second test takes it away and shows the harm.
"""

import time
from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection
from kombu.exceptions import OperationalError

from activity.models import Event
from assessments import submissions
from assessments.errors import (
    AlreadyDecided,
    AssessmentRefused,
    ClaimedBy,
    NewAttempt,
    StaleReview,
    TooLateToUndo,
)
from assessments.models import (
    Remark,
    RemarkRating,
    Reply,
    Review,
    Submission,
    SubmissionAnalysis,
)
from assessments.models.attempt import CLOCK
from assessments.models.review import ReviewQuerySet
from assessments.reviewing import conversations, review_words, reviews, sending, telling
from assessments.reviewing.conversations import rate, reply
from assessments.reviewing.review_words import RemarkWords, Words, save
from assessments.reviewing.reviews import CLAIM, claim, claim_next, put_in_queue
from assessments.reviewing.sending import UNDO, send, undo
from assessments.reviewing.telling import tell
from assessments.submissions import submit
from tests.assessments.code_builders import RIGHT, make_assignment
from tests.assessments.review_builders import decide, draft_of, hand_in, run_out
from tests.conftest import make_person
from tests.races.gate import at_once
from tests.races.meeting import HalfWay, meet

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]
CROWD = 8
REVIEWS = "assessments_review"
Reason, Decision = Review.Reason, Review.Decision
WORDS = Words("Mind the sign.", remarks=[RemarkWords(None, "WEAKNESS", "Here.", 2)])
OF_SUBMISSION = """
    SELECT conname FROM pg_constraint
    WHERE conrelid = 'assessments_review'::regclass AND contype = 'u'
    AND pg_get_constraintdef(oid) = 'UNIQUE (submission_id)'
"""


@pytest.fixture(autouse=True)
def no_messages(monkeypatch):
    """Nobody listens; the rows alone say what is due."""
    monkeypatch.setattr(submissions.tasks.grade_submission, "delay", lambda key: None)
    monkeypatch.setattr(sending.tasks.tell_review, "apply_async", lambda *args, **kwargs: None)


@pytest.fixture
def assignment(lessons):
    return make_assignment(lessons[0].module)


@pytest.fixture
def submission(ada, assignment) -> Submission:
    return hand_in(ada, assignment)


@pytest.fixture
def waiting(submission) -> Review:
    return put_in_queue(submission, Reason.DRAFT)


@pytest.fixture
def claimed(waiting, grace) -> Review:
    return claim(waiting.pk, grace)


@pytest.fixture
def crowd(db):
    return [make_person(f"{n}@example.org", f"Person {n}") for n in range(CROWD)]


def outcome(action):
    """What came of it, be it a refusal."""

    def act():
        try:
            return action()
        except (AssessmentRefused, IntegrityError) as error:
            return type(error)

    return act


def forget_the_locks(monkeypatch):
    """Reviews are read where they would be locked."""
    monkeypatch.setattr(ReviewQuerySet, "select_for_update", lambda rows, **_: rows)


class TestTheQueue:
    def put_at_once(self, submission):
        at_once(REVIEWS, [partial(put_in_queue, submission, Reason.DRAFT)] * CROWD)
        return Review.objects.count()

    def test_put_in_by_many_at_once_it_waits_once(self, submission):
        assert self.put_at_once(submission) == 1

    def test_without_the_constraint_it_would_wait_many_times(self, submission):
        with connection.cursor() as cursor:
            cursor.execute(OF_SUBMISSION)
            (name,) = cursor.fetchone()
            cursor.execute(f"ALTER TABLE {REVIEWS} DROP CONSTRAINT {name}")
            try:
                assert self.put_at_once(submission) == CROWD
            finally:
                cursor.execute(f"TRUNCATE {REVIEWS}")
                cursor.execute(
                    f"ALTER TABLE {REVIEWS} ADD CONSTRAINT {name} UNIQUE (submission_id)"
                )

    def test_a_question_at_the_same_time_keeps_its_place(self, submission):
        reasons = [Reason.DRAFT, Reason.HELP, Reason.NO_DRAFT, Reason.HELD] * 2
        at_once(REVIEWS, [partial(put_in_queue, submission, reason) for reason in reasons])
        assert Review.objects.get().reason == "HELP"


class TestClaiming:
    """C25: one of many gets it."""

    def claims(self, waiting, crowd):
        came = at_once(REVIEWS, [outcome(partial(claim, waiting.pk, one)) for one in crowd])
        return [one for one in came if one is not ClaimedBy]

    def test_one_of_many_reviewers_gets_it(self, waiting, crowd):
        (winner,) = self.claims(waiting, crowd)
        assert Review.objects.get().reviewer == winner.reviewer

    def test_one_of_many_gets_what_somebody_left(self, claimed, crowd):
        run_out(claimed)
        assert len(self.claims(claimed, crowd)) == 1

    def test_without_the_condition_all_would_be_at_it(self, waiting, crowd, monkeypatch):
        def look_then_take(key, reviewer):
            if Review.objects.claimed().filter(pk=key).exists():
                return False
            rows = Review.objects.filter(pk=key)
            return rows.update(reviewer=reviewer, claimed_at=CLOCK, claimed_until=CLOCK + CLAIM)

        monkeypatch.setattr(reviews, "take", look_then_take)
        assert len(self.claims(waiting, crowd)) == CROWD

    @pytest.fixture
    def two(self, waiting, ada, assignment):
        return [waiting, put_in_queue(hand_in(ada, assignment), Reason.DRAFT)]

    def test_the_next_ones_of_two_are_two(self, two, grace, bob):
        came = at_once(REVIEWS, [partial(claim_next, one) for one in (grace, bob)])
        assert {one.pk for one in came} == {one.pk for one in two}

    def test_of_many_who_ask_for_the_next_nobody_gets_the_same(self, two, crowd):
        came = at_once(REVIEWS, [partial(claim_next, one) for one in crowd])
        assert sorted(one.pk for one in came if one) == sorted(one.pk for one in two)

    def test_without_the_lock_both_would_get_the_same(self, two, grace, bob, monkeypatch):
        forget_the_locks(monkeypatch)
        came = at_once(REVIEWS, [partial(claim_next, one) for one in (grace, bob)])
        assert {one.pk for one in came} == {two[0].pk}


class TestTheDesk:
    def windows(self, claimed, grace):
        texts = [Words(f"window {number}") for number in range(CROWD)]
        return [outcome(partial(save, claimed.pk, grace, 0, words)) for words in texts]

    def test_one_window_wins_and_the_others_are_told(self, claimed, submission, grace):
        draft_of(submission)
        came = at_once(REVIEWS, self.windows(claimed, grace))
        assert came.count(StaleReview) == CROWD - 1
        assert Review.objects.get().version == 1

    def test_the_first_words_make_one_analysis(self, claimed, grace):
        came = at_once("assessments_submissionanalysis", self.windows(claimed, grace))
        assert came.count(StaleReview) == CROWD - 1
        assert SubmissionAnalysis.objects.count() == 1

    def test_without_the_lock_the_last_would_win_unsaid(
        self, claimed, submission, grace, monkeypatch
    ):
        draft_of(submission)
        forget_the_locks(monkeypatch)
        came = at_once("assessments_submissionanalysis", self.windows(claimed, grace))
        assert came.count(StaleReview) < CROWD - 1

    def late(self, claimed, grace, bob, monkeypatch):
        """Grace's claim ran out; bob comes while she saves. What he gets, and whether he waits."""
        run_out(claimed)
        stop = HalfWay(review_words.write_analysis)
        monkeypatch.setattr(review_words, "write_analysis", stop)
        saving = partial(save, claimed.pk, grace, 0, WORDS)
        return meet(stop, saving, outcome(partial(claim, claimed.pk, bob)))

    def test_who_comes_while_a_late_one_saves_is_told(self, claimed, grace, bob, monkeypatch):
        assert self.late(claimed, grace, bob, monkeypatch) == (ClaimedBy, True)
        assert Review.objects.claimed().get().reviewer == grace

    def test_without_the_lock_words_would_be_put_on_another_s_desk(
        self, claimed, grace, bob, monkeypatch
    ):
        forget_the_locks(monkeypatch)
        came, waited = self.late(claimed, grace, bob, monkeypatch)
        assert (came.reviewer, waited) == (bob, False)
        assert SubmissionAnalysis.objects.get().text == WORDS.text


class TestSending:
    """C25: one final decision for each review."""

    def tabs(self, claimed, grace):
        decisions = [Decision.ACCEPTED, Decision.CHANGES] * 4
        return [outcome(partial(send, claimed.pk, grace, 0, one, WORDS)) for one in decisions]

    def test_of_many_tabs_one_decides(self, claimed, grace):
        came = at_once(REVIEWS, self.tabs(claimed, grace))
        assert came.count(AlreadyDecided) == CROWD - 1
        assert Remark.objects.count() == 1

    def test_without_the_locks_the_condition_still_decides_once(
        self, claimed, submission, grace, monkeypatch
    ):
        draft_of(submission)
        SubmissionAnalysis.objects.update(text_accepted=True, figures_accepted=True)
        monkeypatch.setattr(sending, "lock_learner", lambda key: None)
        forget_the_locks(monkeypatch)
        monkeypatch.setattr(sending, "write", lambda review, version, words: written(review))
        came = at_once(REVIEWS, self.tabs(claimed, grace))
        assert came.count(AlreadyDecided) == CROWD - 1

    def test_without_locks_and_condition_all_would_decide(
        self, claimed, submission, grace, monkeypatch
    ):
        draft_of(submission)
        SubmissionAnalysis.objects.update(text_accepted=True, figures_accepted=True)
        monkeypatch.setattr(sending, "lock_learner", lambda key: None)
        forget_the_locks(monkeypatch)
        monkeypatch.setattr(sending, "write", lambda review, version, words: written(review))
        monkeypatch.setattr(sending, "decide", decide_anyway)
        assert at_once(REVIEWS, self.tabs(claimed, grace)).count(AlreadyDecided) == 0


def written(review):
    """What `review_words.write` gives back, without writing."""
    return SubmissionAnalysis.objects.get(submission=review.submission)


def decide_anyway(review, analysis, decision):
    return decide(review, review.reviewer, decision)


class TestANewAttempt:
    """It is there before the review is sent, and told, or it comes after."""

    def sending(self, claimed, grace):
        return partial(send, claimed.pk, grace, 0, Decision.CHANGES, WORDS)

    def handing_in(self, ada, assignment):
        return partial(submit, ada, assignment, RIGHT, graded=True)

    def half_submitted(self, monkeypatch):
        """Handing in stops once the row is there and not committed."""
        stop = HalfWay(lambda key: None)
        monkeypatch.setattr(submissions.tasks.grade_submission, "delay_on_commit", stop)
        return stop

    def test_sending_waits_for_it_and_is_refused(
        self, claimed, ada, assignment, grace, monkeypatch
    ):
        stop = self.half_submitted(monkeypatch)
        sent = outcome(self.sending(claimed, grace))
        assert meet(stop, self.handing_in(ada, assignment), sent) == (NewAttempt, True)
        assert Review.objects.get().decision == ""

    def test_without_the_learners_lock_it_would_not_be_seen(
        self, claimed, ada, assignment, grace, monkeypatch
    ):
        monkeypatch.setattr(sending, "lock_learner", lambda key: None)
        stop = self.half_submitted(monkeypatch)
        sent = outcome(self.sending(claimed, grace))
        came, waited = meet(stop, self.handing_in(ada, assignment), sent)
        assert (came.decision, waited) == ("CHANGES", False)

    def test_it_waits_for_a_review_that_is_being_sent(
        self, claimed, ada, assignment, grace, monkeypatch
    ):
        stop = HalfWay(sending.check_newest)
        monkeypatch.setattr(sending, "check_newest", stop)
        came, waited = meet(stop, self.sending(claimed, grace), self.handing_in(ada, assignment))
        assert (came.number, waited) == (2, True)
        assert Review.objects.get().decision == "CHANGES"


class TestTelling:
    @pytest.fixture
    def sent(self, claimed, grace) -> Review:
        """Sent, and just about to stand."""
        review = send(claimed.pk, grace, 0, Decision.CHANGES, WORDS)
        Review.objects.update(sent_at=CLOCK + timedelta(seconds=4))
        return review

    def tell_in_time(self, sent):
        """Tell as soon as it may be told."""
        while not Review.objects.sent().filter(pk=sent.pk).exists():
            time.sleep(0.05)
        return tell(sent.pk)

    def test_told_by_many_at_once_it_is_told_once(self, waiting, grace):
        review = decide(waiting, grace)
        came = at_once(REVIEWS, [partial(tell, review.pk)] * CROWD)
        assert sum(came) == 1
        assert Event.objects.filter(kind="REVIEW_GIVEN").count() == 1

    def test_without_the_condition_each_would_tell(self, waiting, grace, monkeypatch):
        review = decide(waiting, grace)
        monkeypatch.setattr(telling, "untold", Review.objects.sent)
        assert sum(at_once(REVIEWS, [partial(tell, review.pk)] * CROWD)) == CROWD

    def test_without_a_broker_it_is_sent_and_the_sweep_tells(self, claimed, grace, monkeypatch):
        def away(*args, **kwargs):
            raise OperationalError

        monkeypatch.setattr(sending.tasks.tell_review, "apply_async", away)
        send(claimed.pk, grace, 0, Decision.CHANGES, WORDS)
        Review.objects.update(sent_at=CLOCK - timedelta(seconds=1), decided_at=CLOCK - UNDO)
        assert telling.tell_sent() == 1

    def test_what_is_being_taken_back_is_not_told(self, sent, grace, monkeypatch):
        stop = HalfWay(sending.analysis_of)
        monkeypatch.setattr(sending, "analysis_of", stop)
        back = partial(undo, sent.pk, grace)
        assert meet(stop, back, partial(self.tell_in_time, sent)) == (False, True)
        assert not Event.objects.filter(kind="REVIEW_GIVEN").exists()
        assert Review.objects.get().decision == ""

    def test_what_is_being_told_is_not_taken_back(self, sent, grace, monkeypatch):
        stop = HalfWay(telling.about)
        monkeypatch.setattr(telling, "about", stop)
        back = outcome(partial(undo, sent.pk, grace))
        came = meet(stop, partial(self.tell_in_time, sent), back)
        assert came == (TooLateToUndo, True)
        assert Event.objects.filter(kind="REVIEW_GIVEN").count() == 1

    def test_without_the_lock_the_constraint_stops_who_takes_it_back(
        self, sent, grace, monkeypatch
    ):
        """Loudly, for the learner has been told by then."""
        forget_the_locks(monkeypatch)
        stop = HalfWay(sending.analysis_of)
        monkeypatch.setattr(sending, "analysis_of", stop)
        with pytest.raises(IntegrityError, match="review_decided_by_somebody"):
            meet(stop, partial(undo, sent.pk, grace), partial(self.tell_in_time, sent))
        assert Event.objects.filter(kind="REVIEW_GIVEN").count() == 1


class TestConversations:
    def test_a_remark_is_rated_once_by_one_person(self, submission, ada):
        (remark,) = draft_of(submission, "A").remarks.all()
        rates = [partial(rate, ada, remark, is_helpful=bool(n % 2)) for n in range(CROWD)]
        at_once("assessments_remarkrating", rates)
        assert RemarkRating.objects.count() == 1

    def test_a_reply_that_is_sent_many_times_at_once_is_said_once(self, submission, ada):
        analysis = draft_of(submission, "A")
        at_once(REVIEWS, [partial(reply, ada, analysis, None, "Why?")] * CROWD)
        assert Reply.objects.count() == Review.objects.count() == 1

    def test_without_the_reviews_row_it_would_be_said_each_time(self, submission, ada, monkeypatch):
        monkeypatch.setattr(conversations, "put_in_queue", lambda *args: None)
        analysis = draft_of(submission, "A")
        at_once("assessments_reply", [partial(reply, ada, analysis, None, "Why?")] * CROWD)
        assert Reply.objects.count() == CROWD

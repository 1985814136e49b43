"""What is written at the desk, sending it, taking it back, and telling of it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activity.models import Event
from assessments.clock import read_clock
from assessments.errors import (
    AlreadyDecided,
    BadWords,
    ClaimLost,
    HeldWords,
    NewAttempt,
    NothingToSend,
    RemarkGone,
    StaleReview,
    TooLateToUndo,
    Undecided,
)
from assessments.models import HelpRequest, Remark, Review, Submission, SubmissionAnalysis
from assessments.models.attempt import CLOCK
from assessments.reviewing.conversations import reply
from assessments.reviewing.review_words import RemarkWords, Words, save
from assessments.reviewing.reviews import claim, put_in_queue, release
from assessments.reviewing.sending import send, undo
from assessments.reviewing.telling import tell, tell_sent
from gamification.models import XPTransaction
from tests.assessments.code_builders import WRONG, make_assignment
from tests.assessments.review_builders import draft_of, hand_in, run_out

pytestmark = pytest.mark.django_db
Reason, Decision, Verdict = Review.Reason, Review.Decision, Remark.Verdict


@pytest.fixture
def assignment(lessons):
    return make_assignment(lessons[0].module)


@pytest.fixture
def submission(ada, assignment) -> Submission:
    return hand_in(ada, assignment, WRONG)


@pytest.fixture
def review(submission, grace) -> Review:
    """Claimed by grace."""
    return claim(put_in_queue(submission, Reason.NO_DRAFT).pk, grace)


def new(text="Read the sign.", line=2, **fields) -> RemarkWords:
    return RemarkWords(None, "WEAKNESS", text, line, **fields)


def of(row, **fields) -> RemarkWords:
    """A remark as it stands, but for some fields."""
    values = {"text": row.text, "line": row.line, "verdict": row.verdict, **fields}
    return RemarkWords(row.pk, row.section, **values)


def past(review) -> None:
    """The time to take it back is over."""
    Review.objects.filter(pk=review.pk).update(
        decided_at=CLOCK - timedelta(seconds=20), sent_at=CLOCK - timedelta(seconds=10)
    )


class TestSaving:
    def test_words_of_a_person_are_kept_and_changed_and_taken_out(self, review, grace):
        save(review.pk, grace, 0, Words("So far.", 70, note="Tired?", remarks=[new(), new("B")]))
        analysis = SubmissionAnalysis.objects.get()
        assert (analysis.kind, analysis.text, analysis.overall) == ("MANUAL", "So far.", 70)
        first = analysis.remarks.get(position=1)
        after = save(review.pk, grace, 1, Words(remarks=[of(first, text="Read it aloud.")]))
        (kept,) = analysis.remarks.all()
        assert (kept.pk, kept.text, kept.drafted) == (first.pk, "Read it aloud.", "")
        after.refresh_from_db()
        assert (after.version, after.note) == (2, "")

    def test_the_same_again_changes_nothing(self, review, grace):
        words = Words("So far.", remarks=[new()])
        save(review.pk, grace, 0, words)
        assert save(review.pk, grace, 0, words).version == 1
        assert Remark.objects.count() == 1

    def test_another_window_is_told(self, review, grace):
        save(review.pk, grace, 0, Words("In one."))
        with pytest.raises(StaleReview) as refusal:
            save(review.pk, grace, 0, Words("In the other."))
        assert refusal.value.version == 1
        assert SubmissionAnalysis.objects.get().text == "In one."

    def test_a_draft_that_came_meanwhile_is_not_written_over(self, review, submission, grace):
        draft_of(submission, "A")
        put_in_queue(submission, Reason.DRAFT)
        with pytest.raises(StaleReview):
            save(review.pk, grace, review.version, Words(""))
        assert SubmissionAnalysis.objects.get().text == "Looks fine."

    def test_words_of_a_model_stay_beside_what_became_of_them(self, review, submission, grace):
        analysis = draft_of(submission, "A", "B", "C", "D")
        a, b, c, _ = analysis.remarks.all()
        accepted, discarded = {"verdict": "ACCEPTED"}, {"verdict": "DISCARDED"}
        remarks = [of(a, **accepted), of(b, text="Better.", **accepted), of(c, **discarded)]
        save(review.pk, grace, 0, Words("Mine.", remarks=remarks))
        rows = [(row.drafted, row.text, row.verdict) for row in analysis.remarks.order_by("pk")]
        assert rows == [
            ("A", "A", "ACCEPTED"),
            ("B", "Better.", "EDITED"),
            ("C", "C", "DISCARDED"),
            ("D", "D", "UNDECIDED"),
        ]
        analysis.refresh_from_db()
        assert (analysis.kind, analysis.text, analysis.drafted["text"]) == (
            "AI", "Mine.", "Looks fine.",
        )  # fmt: skip
        save(review.pk, grace, 1, Words("Mine.", remarks=[of(b, text="B", **accepted)]))
        assert Remark.objects.get(pk=b.pk).verdict == "ACCEPTED"

    @pytest.mark.parametrize(
        "words",
        [
            Words("x" * 4001),
            Words(note="a\x00b"),
            Words(overall=101),
            Words(readability=11),
            Words(remarks=[new(" ")]),
            Words(remarks=[new("x" * 4001)]),
            Words(remarks=[new(line=0)]),
            Words(remarks=[new(line=4)]),
            Words(remarks=[new(verdict="GREAT")]),
            Words(remarks=[RemarkWords(None, "ELSEWHERE", "So.")]),
            Words(remarks=[new(str(number)) for number in range(41)]),
        ],
    )
    def test_what_cannot_be_kept_is_refused(self, review, grace, words):
        with pytest.raises(BadWords):
            save(review.pk, grace, 0, words)
        assert not SubmissionAnalysis.objects.exists()

    def test_a_remark_of_other_feedback_is_refused(self, review, grace, bob, assignment):
        (foreign,) = draft_of(hand_in(bob, assignment), "A").remarks.all()
        with pytest.raises(RemarkGone):
            save(review.pk, grace, 0, Words(remarks=[of(foreign, text="Mine.")]))
        assert Remark.objects.get().text == "A"

    def test_a_claim_that_ran_out_is_renewed_while_nobody_has_taken_it(self, review, grace):
        run_out(review)
        save(review.pk, grace, 0, Words("So far."))
        assert Review.objects.claimed().get() == review

    def test_a_claim_that_was_lost_writes_nothing(self, review, grace, bob):
        run_out(review)
        claim(review.pk, bob)
        with pytest.raises(ClaimLost, match="Bob is reviewing this now"):
            save(review.pk, grace, 0, Words("So far."))
        release(review.pk, bob)
        with pytest.raises(ClaimLost, match="Claim it again"):
            save(review.pk, grace, 0, Words("So far."))
        assert not SubmissionAnalysis.objects.exists()


class TestSending:
    def test_the_words_go_out_and_nothing_else_changes(self, review, submission, grace):
        before = Submission.objects.values().get()
        sent = send(review.pk, grace, 0, Decision.CHANGES, Words("Mind the sign.", 40))
        assert (sent.decision, sent.reviewer, sent.waiting_since) == ("CHANGES", grace, None)
        assert sent.sent_at - sent.decided_at == timedelta(seconds=10)
        assert not sent.is_sent
        assert (sent.claimed_until, sent.told_at) == (None, None)
        assert SubmissionAnalysis.objects.get().kind == "MANUAL"
        assert Submission.objects.values().get() == before
        assert not XPTransaction.objects.exists()
        assert not Event.objects.exists()

    def test_a_draft_that_a_person_sent_is_of_both(self, review, submission, grace):
        analysis = draft_of(submission, "A")
        moment = read_clock()
        SubmissionAnalysis.objects.update(read_at=moment, published_at=moment)
        (row,) = analysis.remarks.all()
        send(review.pk, grace, 0, Decision.ACCEPTED, Words(remarks=[of(row, verdict="ACCEPTED")]))
        analysis.refresh_from_db()
        assert (analysis.kind, analysis.read_at, analysis.published_at) == ("HYBRID", None, moment)

    def test_it_is_decided_once(self, review, grace):
        send(review.pk, grace, 0, Decision.CHANGES, Words("Mind the sign."))
        for act in (
            lambda: send(review.pk, grace, 1, Decision.ACCEPTED, Words("Fine.")),
            lambda: save(review.pk, grace, 1, Words("Fine.")),
        ):
            with pytest.raises(AlreadyDecided):
                act()
        assert Review.objects.get().decision == "CHANGES"
        assert SubmissionAnalysis.objects.get().text == "Mind the sign."

    def test_a_stale_window_sends_nothing(self, review, grace):
        save(review.pk, grace, 0, Words("In one."))
        with pytest.raises(StaleReview):
            send(review.pk, grace, 0, Decision.CHANGES, Words("In the other."))
        assert Review.objects.get().decision == ""

    def test_a_new_attempt_is_told_until_it_is_known(self, review, ada, assignment, grace):
        newer = hand_in(ada, assignment)
        hand_in(ada, assignment, number=None, is_graded=False)

        def act(newest):
            return send(review.pk, grace, 0, Decision.CHANGES, Words("So."), newest)

        for known in (None, uuid4(), review.submission_id):
            with pytest.raises(NewAttempt) as refusal:
                act(known)
            assert refusal.value.newest == newer
        newest = hand_in(ada, assignment)
        with pytest.raises(NewAttempt):
            act(newer.pk)
        assert act(newest.pk).decision == "CHANGES"

    def test_one_that_broke_is_no_new_attempt(self, review, ada, assignment, grace):
        scores = {"percent": None, "points": None}
        waits = hand_in(ada, assignment, status="PENDING", finished_at=None, **scores)
        with pytest.raises(NewAttempt):
            send(review.pk, grace, 0, Decision.CHANGES, Words("So."))
        Submission.objects.filter(pk=waits.pk).update(status="ERROR", finished_at=CLOCK)
        assert send(review.pk, grace, 0, Decision.CHANGES, Words("So.")).decision == "CHANGES"

    @pytest.mark.parametrize(
        ("decision", "words", "asked"),
        [
            ("CHANGES", Words(), False),
            ("ACCEPTED", Words(" ", 80), False),
            ("RETURNED", Words(remarks=[new()]), False),
            ("CHANGES", Words(remarks=[new()]), True),
        ],
    )
    def test_a_review_without_the_words_it_needs_is_refused(
        self, review, submission, grace, decision, words, asked
    ):
        if asked:
            HelpRequest.objects.create(submission=submission, text="Why is it minus?")
        with pytest.raises(NothingToSend):
            send(review.pk, grace, 0, Decision(decision), words)
        assert not SubmissionAnalysis.objects.exists()

    def test_remarks_of_a_draft_that_nobody_kept_are_no_words(self, review, submission, grace):
        a, b = draft_of(submission, "A", "B").remarks.all()
        remarks = [of(one, verdict="DISCARDED") for one in (a, b)]
        with pytest.raises(NothingToSend):
            send(review.pk, grace, 0, Decision.CHANGES, Words(remarks=remarks))


class TestWhatNobodyDecided:
    """A draft is a suggestion: its message, its figures, its remarks."""

    SUGGESTED = {"overall": 60, "readability": 6, "efficiency": 6, "best_practices": 6}

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (Words("Looks fine."), (True, False, 0)),
            (Words("Looks fine.\r\n"), (True, False, 0)),
            (Words("So.", **SUGGESTED), (False, True, 0)),
            (Words("So.", 61, 6), (False, True, 0)),
        ],
    )
    def test_a_message_and_figures_of_a_model_are_not_sent_undecided(
        self, review, submission, grace, words, told
    ):
        draft_of(submission)
        for decision in Decision:
            with pytest.raises(Undecided) as refusal:
                send(review.pk, grace, 0, decision, words)
            found = refusal.value
            assert (found.text, found.figures, found.remarks) == told
        assert Review.objects.get().decision == ""

    @pytest.mark.parametrize(
        "words",
        [
            Words("Looks fine.", accepts_text=True),
            Words("Looks fine.", **SUGGESTED, accepts_text=True, accepts_figures=True),
            Words("Looks fine to me.", 61),
        ],
    )
    def test_they_are_taken_by_accepting_or_by_other_words(self, review, submission, grace, words):
        draft_of(submission)
        assert send(review.pk, grace, 0, Decision.CHANGES, words).decision

    def test_what_was_accepted_stays_so_when_it_is_taken_back(self, review, submission, grace):
        draft_of(submission)
        words = Words("Looks fine.", accepts_text=True)
        send(review.pk, grace, 0, Decision.CHANGES, words)
        undo(review.pk, grace)
        assert SubmissionAnalysis.objects.get().text_accepted

    def test_undecided_remarks_stop_a_decision_and_no_return(self, review, submission, grace):
        remarks = [of(one) for one in draft_of(submission, "A", "B").remarks.all()]
        words = Words("So.", remarks=remarks)
        for decision in (Decision.CHANGES, Decision.ACCEPTED):
            with pytest.raises(Undecided, match="2 remarks are undecided: decide, or discard"):
                send(review.pk, grace, 0, decision, words)
        assert send(review.pk, grace, 0, Decision.RETURNED, words).decision == "RETURNED"

    def test_what_was_held_back_is_not_accepted_as_it_is(self, review, submission, grace):
        (remark,) = draft_of(submission, "A").remarks.all()
        Remark.objects.update(held="quotes a hidden test")
        save(review.pk, grace, 0, Words("So.", remarks=[of(remark, verdict="ACCEPTED")]))
        assert Remark.objects.get().verdict == "UNDECIDED"


class TestWhatADraftGivesAway:
    """The solution is `return a + b`, and hidden cases add -1 and -2."""

    LEAK = "Write def add(a, b): return a + b instead."

    def held(self, submission, **fields):
        analysis = draft_of(submission, self.LEAK, "Fine.")
        analysis.remarks.filter(text=self.LEAK).update(held="quotes the reference solution")
        SubmissionAnalysis.objects.update(**fields)
        return list(analysis.remarks.all())

    def test_it_is_not_sent_as_it_is(self, review, submission, grace):
        leak, fine = self.held(submission)
        accepted = {"verdict": "ACCEPTED"}
        remarks = [of(leak, **accepted), of(fine, **accepted)]
        with pytest.raises(Undecided):
            send(review.pk, grace, 0, Decision.CHANGES, Words("So.", remarks=remarks))
        slightly = [of(leak, text=f"{self.LEAK} Now."), of(fine, **accepted)]
        with pytest.raises(HeldWords) as refusal:
            send(review.pk, grace, 0, Decision.CHANGES, Words("So.", remarks=slightly))
        assert (refusal.value.remarks, refusal.value.in_text) == ([leak], False)

    @pytest.mark.parametrize("change", [{"text": "Mind the sign."}, {"verdict": "DISCARDED"}])
    def test_it_goes_out_without_it(self, review, submission, grace, change):
        leak, fine = self.held(submission)
        rest = of(fine, verdict="ACCEPTED")
        words = Words("So.", remarks=[of(leak, **{"verdict": "ACCEPTED", **change}), rest])
        assert send(review.pk, grace, 0, Decision.CHANGES, words).decision

    def test_neither_in_the_text(self, review, submission, grace):
        rows = self.held(
            submission, drafted={"text": self.LEAK, "held": ["quotes"]}, text=self.LEAK
        )
        gone = [of(one, verdict="DISCARDED") for one in rows]
        leak = Words(self.LEAK, remarks=gone, accepts_text=True)
        with pytest.raises(HeldWords) as refusal:
            send(review.pk, grace, 0, Decision.CHANGES, leak)
        assert refusal.value.in_text
        words = Words("Mind the sign.", remarks=gone)
        assert send(review.pk, grace, 0, Decision.CHANGES, words).decision

    def test_the_guard_is_made_before_anything_is_locked(self, review, submission, grace):
        gone = [of(one, verdict="DISCARDED") for one in self.held(submission)]
        with CaptureQueriesContext(connection) as asked:
            send(review.pk, grace, 0, Decision.CHANGES, Words("So.", remarks=gone))
        locked = [place for place, one in enumerate(asked) if "FOR NO KEY UPDATE" in one["sql"]]
        solutions = [place for place, one in enumerate(asked) if '"is_visible"' in one["sql"]]
        assert solutions
        assert max(solutions) < min(locked)

    def test_a_person_may_say_what_they_like(self, review, grace):
        assert send(review.pk, grace, 0, Decision.CHANGES, Words(self.LEAK)).decision


class TestTakingBack:
    @pytest.mark.parametrize("drafted", [True, False])
    def test_all_is_as_it_was(self, review, submission, grace, drafted):
        if drafted:
            draft_of(submission)
        send(review.pk, grace, 0, Decision.CHANGES, Words("Mind the sign."))
        back = undo(review.pk, grace)
        assert (back.decision, back.decided_at, back.sent_at) == ("", None, None)
        assert (back.reviewer, back.waiting_since) == (grace, submission.created_at)
        assert back.claimed_until > back.moment
        analysis = SubmissionAnalysis.objects.get()
        assert (analysis.kind, analysis.text) == ("AI" if drafted else "MANUAL", "Mind the sign.")
        assert undo(review.pk, grace).version == back.version
        send(review.pk, grace, back.version, Decision.ACCEPTED, Words("Mind the sign."))

    def test_a_question_waits_since_it_was_asked(self, review, submission, grace):
        asked = HelpRequest.objects.create(submission=submission, text="Why is it minus?")
        put_in_queue(submission, Reason.HELP)
        send(review.pk, grace, 0, Decision.CHANGES, Words("Mind the sign."))
        assert undo(review.pk, grace).waiting_since == asked.created_at

    def test_a_reply_in_these_seconds_leaves_the_reason(self, review, submission, ada, grace):
        send(review.pk, grace, 0, Decision.CHANGES, Words("Mind the sign."))
        reply(ada, SubmissionAnalysis.objects.get(), None, "Why?")
        back = undo(review.pk, grace)
        assert (back.reason, back.decision) == ("NO_DRAFT", "")
        assert back.waiting_since > back.created_at

    def test_only_by_who_sent_it_and_only_for_a_while(self, review, grace, bob):
        send(review.pk, grace, 0, Decision.CHANGES, Words("Mind the sign."))
        with pytest.raises(TooLateToUndo):
            undo(review.pk, bob)
        past(review)
        with pytest.raises(TooLateToUndo):
            undo(review.pk, grace)
        assert Review.objects.get().decision == "CHANGES"


class TestTelling:
    @pytest.mark.parametrize("asked", [True, False])
    def test_the_learner_is_told_once_when_it_stands(self, review, submission, ada, grace, asked):
        if asked:
            HelpRequest.objects.create(submission=submission, text="Why is it minus?")
        send(review.pk, grace, 0, Decision.CHANGES, Words("Mind the sign."))
        assert not tell(review.pk)
        assert tell_sent() == 0
        past(review)
        assert tell_sent() == 1
        assert not tell(review.pk)
        assert tell_sent() == 0
        (event,) = Event.objects.all()
        assert event.kind == ("HELP_GIVEN" if asked else "REVIEW_GIVEN")
        assert (event.user, event.subject) == (ada, f"review:{review.pk}")
        assert event.data["url"] == submission.get_absolute_url()
        assert event.created_at == Review.objects.get().told_at
        assert event.data["handed_in"] == submission.created_at.isoformat()
        assert event.data["decided"] == Review.objects.get().decided_at.isoformat()

    def test_what_was_taken_back_is_not_told(self, review, grace):
        send(review.pk, grace, 0, Decision.CHANGES, Words("Mind the sign."))
        undo(review.pk, grace)
        assert not tell(review.pk)
        assert not Event.objects.exists()

    def test_one_that_cannot_be_told_does_not_stop_the_others(
        self, review, ada, grace, assignment, monkeypatch
    ):
        other = claim(put_in_queue(hand_in(ada, assignment), Reason.DRAFT).pk, grace)
        for one in (review, other):
            newest = None if one == other else other.submission_id
            send(one.pk, grace, 0, Decision.CHANGES, Words("Mind the sign."), newest)
            past(one)
        broken = review.pk
        usual = tell

        def fails(key):
            if key == broken:
                raise RuntimeError
            return usual(key)

        monkeypatch.setattr("assessments.reviewing.telling.tell", fails)
        assert tell_sent() == 1
        assert Event.objects.get().subject == f"review:{other.pk}"


def test_two_reviewers_and_a_new_attempt_in_between_lose_no_words(
    review, submission, ada, assignment, grace, bob
):
    """Grace goes away, bob takes over, ada hands in again, grace comes back."""
    save(review.pk, grace, 0, Words("Of Grace.", remarks=[new("Of Grace.")]))
    run_out(review)
    claim(review.pk, bob)
    (hers,) = Remark.objects.all()
    save(review.pk, bob, 1, Words("Of Bob.", note="Ask again.", remarks=[new("Of Bob."), of(hers)]))
    newer = hand_in(ada, assignment)
    stands = [*SubmissionAnalysis.objects.values(), *Remark.objects.values()]
    for version in (1, 2):
        for act in (
            lambda v=version: save(review.pk, grace, v, Words("Late.")),
            lambda v=version: send(review.pk, grace, v, Decision.ACCEPTED, Words("Late.")),
        ):
            with pytest.raises(ClaimLost, match="Bob"):
                act()
    assert [*SubmissionAnalysis.objects.values(), *Remark.objects.values()] == stands
    words = Words("Of Bob.", remarks=[of(one) for one in Remark.objects.all()])
    with pytest.raises(NewAttempt):
        send(review.pk, bob, 2, Decision.CHANGES, words)
    assert [*SubmissionAnalysis.objects.values(), *Remark.objects.values()] == stands
    assert send(review.pk, bob, 2, Decision.CHANGES, words, newer.pk).reviewer == bob
    assert sorted(Remark.objects.values_list("text", flat=True)) == ["Of Bob.", "Of Grace."]

"""Words about a quiz: let out by a reviewer, or thrown away."""

import pytest

from activity.models import Event
from assessments.clock import read_clock
from assessments.errors import (
    AlreadyDecided,
    BadWords,
    ClaimLost,
    NothingToSend,
    StaleReview,
    Undecided,
)
from assessments.feedback import seen
from assessments.models import Attempt, AttemptAnalysis, Review
from assessments.reviewing.attempt_reviews import discard_attempt_draft as discard
from assessments.reviewing.attempt_reviews import publish_attempt_words as publish
from assessments.reviewing.attempt_reviews import save_attempt_words as save
from assessments.reviewing.reviews import claim, put_in_queue
from assessments.reviewing.sending import undo
from assessments.reviewing.telling import tell
from tests.assessments.finished import finished
from tests.assessments.review_builders import run_out

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt(ada, quiz) -> Attempt:
    return finished(ada, quiz, right=2)


@pytest.fixture
def analysis(attempt) -> AttemptAnalysis:
    drafted = {"text": "Mind the slash.", "held": []}
    return AttemptAnalysis.objects.create(
        attempt=attempt, kind="AI", text="Mind the slash.", drafted=drafted
    )


@pytest.fixture
def review(attempt, analysis, grace) -> Review:
    return claim(put_in_queue(attempt, Review.Reason.DRAFT).pk, grace)


def test_changed_words_go_out_and_are_told(review, attempt, analysis, ada, grace):
    before = Attempt.objects.values().get()
    sent = publish(review.pk, grace, 0, "Mind the two slashes.")
    analysis.refresh_from_db()
    assert (analysis.kind, analysis.text) == ("HYBRID", "Mind the two slashes.")
    assert analysis.drafted["text"] == "Mind the slash."
    assert (sent.decision, sent.waiting_since, sent.is_sent) == ("ACCEPTED", None, False)
    assert Attempt.objects.values().get() == before
    Review.objects.update(sent_at=sent.decided_at)
    assert tell(review.pk)
    event = Event.objects.get(kind="REVIEW_GIVEN")
    assert (event.user, event.data["url"]) == (ada, attempt.get_absolute_url())
    with pytest.raises(AlreadyDecided):
        publish(review.pk, grace, 0, "Again.")


def test_it_can_be_taken_back(review, analysis, grace):
    publish(review.pk, grace, 0, "Mind the slash.", accepts=True)
    assert undo(review.pk, grace).waiting_since
    analysis.refresh_from_db()
    assert analysis.kind == "AI"
    assert publish(review.pk, grace, 1, "Mind the slash.", accepts=True).decision


def test_a_draft_that_nobody_decided_about_is_not_sent(review, analysis, grace):
    for same in ("Mind the slash.", " Mind the slash.\r\n"):
        with pytest.raises(Undecided, match="The draft's message is not decided"):
            publish(review.pk, grace, 0, same)
    analysis.refresh_from_db()
    assert (analysis.kind, Review.objects.get().decision) == ("AI", "")


def test_what_was_accepted_stays_accepted_until_it_is_changed(review, analysis, grace):
    save(review.pk, grace, 0, "Mind the slash.", accepts=True)
    analysis.refresh_from_db()
    assert analysis.text_accepted
    save(review.pk, grace, 1, "Mind the two slashes.", accepts=True)
    analysis.refresh_from_db()
    assert not analysis.text_accepted


def test_a_draft_that_is_thrown_away_is_gone_for_its_learner(review, analysis, grace):
    AttemptAnalysis.objects.update(published_at=read_clock())
    discard(review.pk, grace, 0)
    analysis.refresh_from_db()
    assert (analysis.text, analysis.published_at) == ("", None)
    assert analysis.drafted["text"] == "Mind the slash."
    row = Review.objects.get()
    assert (row.waiting_since, row.decision, row.reviewer) == (None, "", None)
    with pytest.raises(ClaimLost):
        discard(review.pk, grace, 0)


@pytest.mark.parametrize(
    ("version", "text", "refusal"),
    [(1, "So.", StaleReview), (0, " ", NothingToSend), (0, "x" * 4001, BadWords)],
)
def test_what_cannot_go_out_is_refused(review, analysis, grace, version, text, refusal):
    with pytest.raises(refusal):
        publish(review.pk, grace, version, text)
    analysis.refresh_from_db()
    assert (analysis.text, Review.objects.get().decision) == ("Mind the slash.", "")


def test_what_is_saved_is_nobodys_to_read_and_the_same_again_changes_nothing(
    review, analysis, grace
):
    AttemptAnalysis.objects.update(published_at=read_clock())
    for version in (0, 0, 1):
        assert save(review.pk, grace, version, "Half a mess").version == 1
    analysis.refresh_from_db()
    assert (analysis.text, analysis.kind) == ("Half a mess", "AI")
    assert seen(analysis, review, read_clock()).text == "Mind the slash."


def test_saving_renews_the_claim_and_overwrites_nothing_unseen(review, analysis, grace):
    before = run_out(review).claimed_until
    assert save(review.pk, grace, 0, "Mine.").claimed_until > before
    with pytest.raises(StaleReview):
        save(review.pk, grace, 0, "From another window.")
    analysis.refresh_from_db()
    assert analysis.text == "Mine."


def test_what_no_draft_was_made_for_is_written_by_a_person(attempt, grace):
    review = claim(put_in_queue(attempt, Review.Reason.NO_DRAFT).pk, grace)
    save(review.pk, grace, 0, "By hand.")
    assert AttemptAnalysis.objects.get().kind == "MANUAL"
    with pytest.raises(BadWords):
        save(review.pk, grace, 1, "x" * 4001)

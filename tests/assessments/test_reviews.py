"""The reviewers' queue: what waits, who goes first, who is at what."""

from datetime import timedelta

import pytest

from assessments.clock import read_clock
from assessments.errors import AlreadyDecided, ClaimedBy, OwnWork
from assessments.models import HelpRequest, Review, Submission
from assessments.models.attempt import CLOCK
from assessments.reviewing import reviews
from assessments.reviewing.review_words import RemarkWords, Words, save
from assessments.reviewing.reviews import (
    claim,
    claim_next,
    open_review,
    put_in_queue,
    release,
    release_untouched,
    with_unsent_words,
)
from assessments.reviewing.reviews import withdraw_older as withdraw
from tests.assessments.code_builders import WRONG, make_assignment
from tests.assessments.finished import finished
from tests.assessments.review_builders import decide, draft_of, hand_in, run_out
from tests.conftest import make_person

pytestmark = pytest.mark.django_db
Reason = Review.Reason


@pytest.fixture
def assignment(lessons):
    return make_assignment(lessons[0].module)


@pytest.fixture
def first(ada, assignment) -> Submission:
    return hand_in(ada, assignment, WRONG)


@pytest.fixture
def second(ada, assignment, first) -> Submission:
    return hand_in(ada, assignment, WRONG)


@pytest.fixture
def attempt(ada, quiz):
    return finished(ada, quiz, right=2)


class TestTheQueue:
    def test_putting_in_twice_is_putting_in_once(self, first):
        one = put_in_queue(first, Reason.DRAFT)
        again = put_in_queue(first, Reason.NO_DRAFT)
        assert (again.pk, again.reason, again.waiting_since) == (one.pk, "DRAFT", one.waiting_since)

    def test_who_asks_for_help_goes_first_and_waits_since_before(self, first, second, grace):
        old = put_in_queue(first, Reason.DRAFT)
        new = put_in_queue(second, Reason.DRAFT)
        assert put_in_queue(second, Reason.HELP).waiting_since == new.waiting_since
        assert claim_next(grace) == new
        assert put_in_queue(second, Reason.DRAFT).reason == "HELP"
        release(new.pk, grace)
        assert claim_next(grace) == new
        assert claim_next(make_person("lee@example.org", "Lee")) == old

    def test_what_one_is_at_already_goes_before_what_is_as_urgent(self, first, second, grace):
        put_in_queue(first, Reason.DRAFT)
        mine = claim(put_in_queue(second, Reason.DRAFT).pk, grace)
        assert claim_next(grace) == mine
        urgent = put_in_queue(first, Reason.HELP)
        assert claim_next(grace) == urgent

    def test_what_ran_out_is_gone_on_with_unless_another_took_it(self, first, second, grace, bob):
        old = put_in_queue(first, Reason.DRAFT)
        mine = run_out(claim(put_in_queue(second, Reason.DRAFT).pk, grace))
        assert claim_next(grace) == mine
        run_out(mine)
        claim(mine.pk, bob)
        assert claim_next(grace) == old

    def test_a_draft_that_comes_changes_what_lies_on_the_desk(self, first):
        before = put_in_queue(first, Reason.HELP)
        assert put_in_queue(first, Reason.REPLY).version == before.version
        assert put_in_queue(first, Reason.DRAFT).version == before.version + 1

    def test_what_was_decided_is_opened_by_its_learner_only(self, first, grace):
        review = decide(put_in_queue(first, Reason.HELP), grace)
        assert put_in_queue(first, Reason.DRAFT).waiting_since is None
        again = put_in_queue(first, Reason.REPLY)
        assert (again.pk, again.reason, again.decision) == (review.pk, "REPLY", "CHANGES")
        assert again.waiting_since

    def test_a_quiz_waits_beside_code(self, first, attempt, grace, bob):
        put_in_queue(attempt, Reason.DRAFT)
        put_in_queue(first, Reason.DRAFT)
        assert claim_next(grace).submission == first
        assert claim_next(bob).attempt == attempt
        assert claim_next(make_person("lee@example.org", "Lee")) is None


class TestSinceWhenItWaits:
    @pytest.mark.parametrize("reason", [Reason.DRAFT, Reason.HELD, Reason.NO_DRAFT])
    def test_what_a_late_draft_brings_waits_since_it_was_handed_in(self, first, attempt, reason):
        assert put_in_queue(first, reason).waiting_since == first.created_at
        assert put_in_queue(attempt, reason).waiting_since == attempt.ended_at

    @pytest.mark.parametrize("reason", [Reason.HELP, Reason.REPLY])
    def test_who_asks_or_replies_later_waits_from_then_on(self, first, reason):
        before = read_clock()
        assert put_in_queue(first, reason).waiting_since > before

    def test_the_one_that_was_handed_in_first_comes_first(self, first, ada, assignment, grace):
        later = hand_in(ada, assignment)
        put_in_queue(later, Reason.DRAFT)
        put_in_queue(first, Reason.NO_DRAFT)
        assert claim_next(grace).submission == first

    def test_a_draft_that_came_after_all_is_one_to_read(self, first):
        put_in_queue(first, Reason.NO_DRAFT)
        assert put_in_queue(first, Reason.HELD).reason == "HELD"
        assert put_in_queue(first, Reason.NO_DRAFT).reason == "HELD"


class TestGivingBackWhatWasNotTouched:
    @pytest.fixture
    def before(self):
        return read_clock()

    @pytest.fixture
    def claimed(self, before, first, grace):
        return claim(put_in_queue(first, Reason.DRAFT).pk, grace)

    def test_a_claim_made_since_is_given_back(self, before, claimed, grace):
        assert release_untouched(claimed.pk, grace, before, claimed.version)
        claimed.refresh_from_db()
        assert (claimed.reviewer, claimed.claimed_until) == (None, None)

    def test_what_was_written_upon_is_kept(self, before, claimed, grace):
        save(claimed.pk, grace, claimed.version, Words(text="So far."))
        assert not release_untouched(claimed.pk, grace, before, claimed.version)

    def test_an_earlier_claim_is_kept_even_if_it_was_renewed(self, claimed, grace):
        after = read_clock()
        claim(claimed.pk, grace)
        assert not release_untouched(claimed.pk, grace, after, claimed.version)

    def test_a_claim_of_another_is_kept(self, before, claimed, bob):
        assert not release_untouched(claimed.pk, bob, before, claimed.version)


class TestUnsentWords:
    def of(self, submission):
        rows = with_unsent_words(Submission.objects.filter(pk=submission.pk))
        return rows.get().has_unsent_words

    def test_without_a_review_there_are_none(self, first):
        assert not self.of(first)

    def test_words_of_a_model_are_nobodys(self, first):
        put_in_queue(first, Reason.DRAFT)
        draft_of(first, "One.")
        assert not self.of(first)

    @pytest.mark.parametrize("words", [
        Words(text="Mine."), Words(note="Mine."),
        Words(remarks=[RemarkWords(None, "STRENGTH", "Mine.")]),
    ])  # fmt: skip
    def test_what_a_person_saved_is_found_until_it_is_sent(self, words, first, grace):
        review = claim(put_in_queue(first, Reason.DRAFT).pk, grace)
        save(review.pk, grace, 0, words)
        assert self.of(first)
        decide(review, grace)
        assert not self.of(first)

    def test_an_emptied_desk_holds_none(self, first, grace):
        review = claim(put_in_queue(first, Reason.DRAFT).pk, grace)
        save(review.pk, grace, 0, Words(text=" \n"))
        assert not self.of(first)


class TestWithdrawing:
    def test_a_newer_one_takes_the_place_of_the_older(self, first, second):
        old, new = put_in_queue(first, Reason.DRAFT), put_in_queue(second, Reason.NO_DRAFT)
        assert withdraw(second) == 1
        old.refresh_from_db()
        new.refresh_from_db()
        assert (old.waiting_since, bool(new.waiting_since)) == (None, True)
        assert withdraw(second) == 0

    def test_an_older_whose_draft_comes_late_leaves_as_well(self, first, second):
        put_in_queue(second, Reason.DRAFT)
        put_in_queue(first, Reason.DRAFT)
        assert withdraw(first) == 1
        assert Review.objects.waiting().get().submission == second

    def test_a_newer_one_that_needs_nobody_takes_it_as_well(self, first, second):
        put_in_queue(first, Reason.DRAFT)
        assert withdraw(second) == 1

    def test_one_that_nobody_has_spoken_about_yet_takes_nothing(self, first, second):
        put_in_queue(first, Reason.DRAFT)
        assert withdraw(first) == 0

    @pytest.mark.parametrize("newer", ["absent", "other learner"])
    def test_without_a_newer_one_nothing_leaves(self, newer, first, bob, assignment):
        put_in_queue(first, Reason.DRAFT)
        other = hand_in(bob, assignment, WRONG) if newer == "other learner" else first
        put_in_queue(other, Reason.DRAFT)
        assert withdraw(other) == 0

    def test_what_somebody_is_at_stays(self, first, second, grace):
        claim(put_in_queue(first, Reason.DRAFT).pk, grace)
        put_in_queue(second, Reason.DRAFT)
        assert withdraw(second) == 0
        run_out(Review.objects.get(submission=first))
        assert withdraw(second) == 1

    def test_what_its_learner_asked_stays(self, first, second):
        HelpRequest.objects.create(submission=first, text="Why is it minus?")
        put_in_queue(first, Reason.HELP)
        put_in_queue(second, Reason.DRAFT)
        assert withdraw(second) == 0


class TestClaiming:
    def test_another_is_told_who_is_at_it_since_when(self, first, grace, bob):
        mine = claim(put_in_queue(first, Reason.DRAFT).pk, grace)
        with pytest.raises(ClaimedBy) as refusal:
            claim(mine.pk, bob)
        assert (refusal.value.name, refusal.value.since) == ("Grace", mine.claimed_at)
        assert claim_next(bob) is None

    def test_again_renews_it_and_keeps_its_beginning(self, first, grace):
        mine = claim(put_in_queue(first, Reason.DRAFT).pk, grace)
        again = claim(mine.pk, grace)
        assert again.claimed_at == mine.claimed_at
        assert again.claimed_until > mine.claimed_until
        assert again.claimed_until - again.moment > timedelta(minutes=29)

    def test_one_that_ran_out_goes_to_the_next(self, first, grace, bob):
        run_out(claim(put_in_queue(first, Reason.DRAFT).pk, grace))
        assert claim(Review.objects.get().pk, bob).reviewer == bob

    def test_one_given_back_is_free_and_another_s_stays(self, first, grace, bob):
        mine = claim(put_in_queue(first, Reason.DRAFT).pk, grace)
        assert not release(mine.pk, bob)
        assert release(mine.pk, grace)
        assert not release(mine.pk, grace)
        assert claim_next(bob) == mine

    def test_nobody_reviews_what_they_handed_in(self, ada, first):
        review = put_in_queue(first, Reason.DRAFT)
        assert claim_next(ada) is None
        for act in (lambda: claim(review.pk, ada), lambda: open_review(ada, first)):
            with pytest.raises(OwnWork):
                act()
        assert not Review.objects.exclude(reviewer=None).exists()

    def test_what_was_decided_is_claimed_by_nobody(self, first, grace, bob):
        review = decide(put_in_queue(first, Reason.DRAFT), grace)
        put_in_queue(first, Reason.REPLY)
        with pytest.raises(AlreadyDecided):
            claim(review.pk, bob)
        assert claim_next(bob) is None
        assert not release(review.pk, grace)
        assert Review.objects.get().reviewer == grace

    def test_a_reviewer_takes_up_what_nobody_asked_for(self, first, grace, bob):
        review = open_review(grace, first)
        assert (review.reason, review.waiting_since, review.reviewer) == ("STAFF", None, grace)
        assert open_review(bob, first).reviewer == grace
        assert not Review.objects.filter(claimed_until__lt=CLOCK + reviews.CLAIM / 2).exists()

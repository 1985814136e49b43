"""How long reviews take, how reviewers fare, and what drafts are worth: small sums by hand."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection

from assessments import review_numbers
from assessments.agreement import band, gap, quadratic_kappa
from assessments.clock import read_clock
from assessments.model_numbers import model_numbers
from assessments.models import (
    Attempt,
    HelpRequest,
    ModelRun,
    Remark,
    Reply,
    Review,
    Submission,
    SubmissionAnalysis,
)
from assessments.models.attempt import CLOCK
from assessments.review_numbers import (
    all_reviewers,
    median_wait,
    reviewer_numbers,
    times,
)
from assessments.reviewing.conversations import answer, rate, reply
from assessments.reviewing.help_requests import ask_for_help
from assessments.reviewing.reviews import claim, put_in_queue
from assessments.statements import asked
from tests.assessments.code_builders import make_assignment
from tests.assessments.finished import finished
from tests.assessments.review_builders import decide, draft_of, hand_in


@pytest.fixture
def assignment(lessons):
    return make_assignment(lessons[0].module)


def reviewed(user, assignment, reviewer, hours, *, decision="CHANGES", reason="DRAFT", days_ago=1):
    """Handed to the reviewers so many hours before it was decided."""
    subject = hand_in(user, assignment) if assignment.function else None
    return age(put_in_queue(subject, reason), reviewer, hours, decision, days_ago)


def age(review, reviewer, hours, decision="CHANGES", days_ago=1):
    decide(review, reviewer, decision)
    decided_at = read_clock() - timedelta(days=days_ago)
    came_at = decided_at - timedelta(hours=hours)
    Review.objects.filter(pk=review.pk).update(
        created_at=came_at, decided_at=decided_at, sent_at=decided_at + timedelta(seconds=10)
    )
    Submission.objects.filter(review=review).update(created_at=came_at)
    started = came_at - timedelta(minutes=5)
    Attempt.objects.filter(review=review).update(started_at=started, closed_at=came_at)
    return review


@pytest.mark.django_db
class TestTimes:
    def test_of_nothing_nothing_is_said(self, course, django_assert_num_queries):
        with django_assert_num_queries(2):
            none = times()
        assert (none.median, none.p90, none.share_in_time, none.forecast) == (None,) * 4
        assert (none.backlog, none.oldest, none.decisions_a_day_each) == (0, None, None)
        assert median_wait(course) is None
        assert all_reviewers() == []

    def test_of_some_the_middle_the_slow_and_those_in_time(self, ada, assignment, grace, bob):
        for hours in (1, 2, 3, 50):
            reviewed(ada, assignment, grace, hours)
        reviewed(ada, assignment, bob, 4, days_ago=20)
        reviewed(ada, assignment, bob, 400, days_ago=31)
        reviewed(ada, assignment, bob, 900, reason="STAFF")
        oldest = put_in_queue(hand_in(ada, assignment), Review.Reason.DRAFT)
        put_in_queue(hand_in(ada, assignment), Review.Reason.DRAFT)
        found = times()
        assert (found.median, found.decided, found.in_time) == (timedelta(hours=3), 5, 4)
        assert found.share_in_time == 0.8
        # Of 1, 2, 3, 4, 50 the place 0.9 * 4: six tenths of the way from the fourth to the last.
        assert found.p90 == timedelta(hours=4 + 0.6 * 46)
        assert (found.backlog, found.oldest) == (2, oldest.waiting_since)
        assert (found.arrivals, found.reviewers) == (7, 2)
        assert found.decisions_a_day_each == pytest.approx(5 / 30 / 2)
        assert found.forecast is None
        for _ in range(5):
            reviewed(ada, assignment, grace, 1)
        assert times().forecast == timedelta(days=2 * 30 / 10)

    def test_every_number_is_about_the_same_reviews(self, ada, assignment, grace):
        reviewed(ada, assignment, grace, 5)
        for _ in range(2):
            reviewed(ada, assignment, grace, 5, reason="STAFF")
        found, hers = times(), reviewer_numbers(grace)
        assert (found.decided, found.in_time, found.arrivals, hers.decided) == (1, 1, 1, 1)

    def test_a_question_about_what_waits_comes_in_when_it_is_asked(self, ada, assignment):
        subject = hand_in(ada, assignment)
        put_in_queue(subject, Review.Reason.DRAFT)
        Review.objects.update(created_at=read_clock() - 2 * review_numbers.WINDOW)
        assert times().arrivals == 0
        ask_for_help(ada, subject, "Why is it minus?")
        Review.objects.update(waiting_since=None)
        assert times().arrivals == 1

    @pytest.mark.parametrize("reason", ["STAFF", "DRAFT", "HELP"])
    def test_a_reply_does_not_change_the_past(self, ada, assignment, grace, reason):
        review = reviewed(ada, assignment, grace, 5, reason=reason)
        asked = HelpRequest.objects.create(submission=review.submission, text="Why?")
        asked_at = Submission.objects.get().created_at + timedelta(hours=2)
        HelpRequest.objects.filter(pk=asked.pk).update(created_at=asked_at)
        said = draft_of(review.submission)
        before = times(), reviewer_numbers(grace)
        reply(ada, said, None, "And now?")
        assert Review.objects.get().reason == "REPLY"
        after = times(), reviewer_numbers(grace)
        # Unasked work comes to the reviewers with the reply, and did not before.
        came = before[0].arrivals + (reason == "STAFF")
        assert (before[0].decided, came) == (after[0].decided, after[0].arrivals)
        assert before[0].median == after[0].median
        assert (before[1].decided, before[1].median) == (after[1].decided, after[1].median)
        Review.objects.update(waiting_since=None)
        reply(ada, said, None, "And again?")
        assert times().median == before[0].median

    @pytest.mark.parametrize("reason", ["STAFF", None])
    def test_a_reply_that_somebody_waited_with_comes_in_and_its_answer_decides(
        self, ada, assignment, grace, bob, reason
    ):
        """Whether it is about what was reviewed unasked, or about what no person had read yet."""
        if reason:
            reviewed(ada, assignment, grace, 5, reason=reason)
            assert (times().backlog, times().arrivals, times().decided) == (0, 0, 0)
        subject = Submission.objects.first() or hand_in(ada, assignment)
        said = draft_of(subject)
        reply(ada, said, None, "And now?")
        waits = times()
        assert (waits.backlog, waits.arrivals, waits.decided, waits.reviewers) == (1, 1, 0, 0)
        answer(bob, said, None, "So.")
        asked_at = read_clock() - timedelta(hours=3)
        Reply.objects.filter(author=ada).update(created_at=asked_at)
        Reply.objects.filter(author=bob).update(created_at=asked_at + timedelta(hours=2))
        Review.objects.filter(reason="REPLY", first_reason="").update(created_at=asked_at)
        found, his = times(), reviewer_numbers(bob)
        assert (found.backlog, found.arrivals, found.decided, found.reviewers) == (0, 1, 1, 1)
        assert (found.median, his.decided, his.remarks) == (timedelta(hours=2), 1, 0)
        assert [(one.reviewer, one.decided) for one in all_reviewers()] == [(bob, 1)]
        reply(ada, said, None, "And how?")
        assert (times().backlog, times().arrivals, times().decided) == (1, 1, 1)
        assert reviewer_numbers(bob).reopened == 1

    def test_who_replies_before_an_unasked_decision_waits_from_the_reply_on(
        self, ada, assignment, grace, course
    ):
        """Taken up at ten, a reply to the rules at two, answered five minutes later."""
        subject = hand_in(ada, assignment)
        said = draft_of(subject)
        claim(put_in_queue(subject, Review.Reason.STAFF).pk, grace)
        Review.objects.update(waiting_since=None)
        reply(ada, said, None, "And now?")
        assert (Review.objects.get().reason, Review.objects.get().first_reason) == ("REPLY", "")
        answer(grace, said, None, "So.")
        replied_at = read_clock() - timedelta(minutes=5)
        Review.objects.update(created_at=replied_at - timedelta(hours=4))
        Reply.objects.filter(author=ada).update(created_at=replied_at)
        Reply.objects.filter(author=grace).update(created_at=replied_at + timedelta(minutes=5))
        assert (times().decided, times().median) == (1, timedelta(minutes=5))
        assert reviewer_numbers(grace).median == timedelta(minutes=5)
        Review.objects.update(created_at=replied_at - 2 * review_numbers.WINDOW)
        assert times().arrivals == 1

    def test_the_median_that_learners_read_begins_with_their_reply(
        self, ada, assignment, grace, course
    ):
        for _ in range(5):
            said = draft_of(reviewed(ada, assignment, grace, 4, reason="REPLY").submission)
            Reply.objects.create(analysis=said, author=ada, text="And now?")
        Reply.objects.update(created_at=Review.objects.first().decided_at - timedelta(minutes=5))
        Review.objects.update(decided_at=Review.objects.first().decided_at)
        assert median_wait(course) == timedelta(minutes=5)

    def test_a_late_draft_makes_nobodys_wait_shorter(self, ada, assignment, grace):
        review = reviewed(ada, assignment, grace, 1)
        decided_at = Review.objects.get().decided_at
        Submission.objects.update(created_at=decided_at - timedelta(hours=9))
        assert times().median == timedelta(hours=9)
        ask = HelpRequest.objects.create(submission=review.submission, text="Why is it minus?")
        HelpRequest.objects.filter(pk=ask.pk).update(created_at=decided_at - timedelta(hours=2))
        Review.objects.update(reason="HELP")
        assert times().median == timedelta(hours=2)

    def test_what_can_be_taken_back_does_not_count_yet(self, ada, assignment, grace):
        reviewed(ada, assignment, grace, 1)
        Review.objects.update(sent_at=CLOCK + timedelta(seconds=5))
        assert (times().decided, all_reviewers()) == (0, [])

    def test_learners_are_told_the_middle_of_their_course(
        self, ada, assignment, quiz, course, grace, django_assert_num_queries
    ):
        for hours in (1, 2, 3, 4):
            reviewed(ada, assignment, grace, hours)
        with django_assert_num_queries(1):
            assert (median_wait(course), median_wait(course)) == (None, None)
        cache.clear()
        attempt = finished(ada, quiz, right=2)
        age(put_in_queue(attempt, Review.Reason.DRAFT), grace, 30)
        with django_assert_num_queries(1):
            assert median_wait(course) == timedelta(hours=3)
            # Who waits asks every half minute: it is counted once in ten.
            assert median_wait(course) == timedelta(hours=3)
        other = type(course).objects.create(slug="other", title="Other", summary="So.")
        assert median_wait(other) is None


def rows_read(node):
    """How many rows of tables were looked at, whether they fitted or not."""
    if "Relation Name" in node:
        looked = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
        yield looked * node["Actual Loops"]
    for inner in node.get("Plans", []):
        yield from rows_read(inner)


PLANTED = """
    INSERT INTO {table} SELECT (jsonb_populate_record(one,
      jsonb_build_object('id', waymark_uuid7()) || {changed})).* FROM {table} AS one, {others}
"""


def plant(table, changed, others):
    with connection.cursor() as cursor:
        cursor.execute(PLANTED.format(table=table, changed=changed, others=others))
        cursor.execute(f"ANALYZE {table}")


@pytest.mark.django_db
def test_of_what_was_done_long_ago_nothing_is_read(ada, assignment, grace, monkeypatch):
    """A thousand reviews of last year, each with a question and a reply; a reply reopens what came
    unasked. A moment that a query reads off a clock by itself would be compared row by row."""
    cache.clear()
    old = reviewed(ada, assignment, grace, 5, reason="STAFF", days_ago=400)
    HelpRequest.objects.create(submission=old.submission, text="Why?")
    HelpRequest.objects.update(created_at=read_clock() - timedelta(days=400))
    reply(ada, draft_of(old.submission), None, "And now?")
    Reply.objects.update(created_at=read_clock() - timedelta(days=399))
    Review.objects.update(waiting_since=None)
    plant("assessments_submission", "jsonb_build_object('number', n)", "generate_series(2, 999) n")
    of_each = "assessments_submission AS work WHERE work.number > 1"
    its_own = "jsonb_build_object('submission_id', work.id)"
    plant("assessments_review", its_own, of_each)
    plant("assessments_helprequest", its_own, of_each)
    plant("assessments_submissionanalysis", its_own, of_each)
    plant(
        "assessments_reply", "jsonb_build_object('analysis_id', told.id)",
        "assessments_submissionanalysis AS told WHERE told.id <> one.analysis_id",
    )  # fmt: skip
    reviewed(ada, assignment, grace, 5)
    read = []

    def counted(query, values):
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query}", values)
            [(plan,)] = cursor.fetchall()
        read.append(sum(rows_read(plan[0]["Plan"])))
        return asked(query, values)

    monkeypatch.setattr(review_numbers, "asked", counted)
    assert (times().decided, times().arrivals, reviewer_numbers(grace).decided) == (1, 1, 1)
    assert median_wait(assignment.lesson.course) is None
    assert len(read) == 6
    assert max(read) < 100


@pytest.mark.django_db
class TestReviewers:
    def test_what_each_gave_and_what_learners_made_of_it(
        self, ada, assignment, grace, bob, django_assert_num_queries
    ):
        first, second = (reviewed(ada, assignment, grace, hours) for hours in (2, 4))
        analysis = draft_of(first.submission, "A", "B", "C")
        Remark.objects.filter(text="C").update(verdict="DISCARDED")
        Remark.objects.exclude(text="C").update(verdict="ACCEPTED")
        a, b, _ = analysis.remarks.all()
        rate(ada, a, is_helpful=True)
        rate(ada, b, is_helpful=False)
        rate(bob, b, is_helpful=True)
        reply(ada, draft_of(second.submission), None, "Why?")
        reply(ada, SubmissionAnalysis.objects.get(submission=second.submission), None, "And how?")
        claim(put_in_queue(hand_in(ada, assignment), Review.Reason.DRAFT).pk, bob)
        with django_assert_num_queries(3):
            hers, his = all_reviewers()
        assert (hers.reviewer, hers.decided, hers.median) == (grace, 2, timedelta(hours=3))
        assert (hers.remarks, hers.ratings, hers.helpful, hers.reopened) == (2, 3, 2, 1)
        assert (hers.helpful_rate, hers.reopened_rate, hers.remarks_each) == (2 / 3, 0.5, 1.0)
        assert (his.reviewer, his.decided, his.claimed, his.helpful_rate) == (bob, 0, 1, None)
        with django_assert_num_queries(2):
            assert reviewer_numbers(grace) == hers
        assert reviewer_numbers(bob) == his

    def test_a_rating_from_before_the_review_is_not_the_reviewers(self, ada, assignment, grace):
        review = reviewed(ada, assignment, grace, 2)
        (remark,) = draft_of(review.submission, "A").remarks.all()
        Remark.objects.update(verdict="ACCEPTED")
        rate(ada, remark, is_helpful=True)
        remark.ratings.update(created_at=CLOCK - timedelta(days=2))
        assert reviewer_numbers(grace).ratings == 0


@pytest.mark.django_db
class TestTheModel:
    def drafted(self, ada, assignment, grace, *, decision, overall, said=60):
        """A draft that said "changes" and 60, and what a person made of it."""
        review = reviewed(ada, assignment, grace, 1, decision=decision)
        analysis = draft_of(review.submission, "A", "B")
        SubmissionAnalysis.objects.filter(pk=analysis.pk).update(kind="HYBRID", overall=overall)
        ModelRun.objects.create(
            submission=review.submission, status="PASSED", outcome="DRAFTED", tokens_in=100,
            tokens_out=10, cost=Decimal("0.5"), finished_at=review.decided_at,
        )  # fmt: skip
        return analysis

    def test_of_nothing_nothing_is_said(self, django_assert_num_queries):
        with django_assert_num_queries(8):
            none = model_numbers()
        assert (none.runs, none.cost_each, none.override_rate, none.kappa) == (0, None, None, None)
        assert (none.fault_rate, none.accepted_rate, none.discarded_rate) == (None,) * 3
        assert (none.asking_rate, none.is_overridden_often) == (None, False)

    def test_what_it_cost_and_what_people_made_of_it(
        self, ada, assignment, grace, django_assert_num_queries
    ):
        for decision, overall in [("CHANGES", 60), ("ACCEPTED", 90), ("RETURNED", None)]:
            analysis = self.drafted(ada, assignment, grace, decision=decision, overall=overall)
        analysis.remarks.filter(text="A").update(verdict="ACCEPTED")
        analysis.remarks.filter(text="B").update(verdict="EDITED")
        self.drafted(ada, assignment, grace, decision="CHANGES", overall=60)
        SubmissionAnalysis.objects.filter(submission__number=4).update(kind="AI")
        failed = hand_in(ada, assignment)
        ModelRun.objects.create(
            submission=failed, status="FAILED", outcome="AWAY", finished_at=failed.finished_at
        )
        ModelRun.objects.create(submission=hand_in(ada, assignment))
        ask_for_help(ada, failed, "Why is it minus?")
        with django_assert_num_queries(8):
            found = model_numbers()
        assert (found.outcomes, found.waiting, found.runs) == ({"DRAFTED": 4, "AWAY": 1}, 1, 6)
        assert (found.tokens_in, found.tokens_out, found.cost) == (400, 40, Decimal(2))
        assert (found.fault_rate, found.published) == (0.2, 3)
        assert found.cost_each == Decimal(2) / 3
        assert (found.suggested, found.overridden) == (3, 2)
        assert (found.gap, found.verdicts["UNDECIDED"]) == (15, 4)
        assert (found.accepted_rate, found.edited_rate) == (1 / 6, 1 / 6)
        assert found.discarded_rate == 4 / 6
        assert found.asking_rate == 1.0


class TestAgreement:
    def test_bands_are_five_and_the_last_has_the_hundred(self):
        assert [band(one) for one in (0, 19, 20, 79, 80, 100)] == [0, 0, 1, 3, 4, 4]

    @pytest.mark.parametrize(
        ("pairs", "kappa"),
        [
            ({}, None),
            ({(50, 50): 9}, None),
            ({(10, 10): 3, (90, 90): 3}, 1.0),
            ({(10, 90): 3, (90, 10): 3}, -1.0),
            ({(10, 10): 1, (10, 90): 1, (90, 10): 1, (90, 90): 1}, 0.0),
            # One is a band apart. By chance: 3 * 1 * 1 + 3 * 1 * 4 + 1 * 2 * 4 + 1 * 1 * 1 of 4.
            ({(10, 10): 2, (10, 30): 1, (50, 50): 1}, 1 - 1 / (24 / 4)),
        ],
    )
    def test_kappa_is_what_it_is_by_hand(self, pairs, kappa):
        found = quadratic_kappa(pairs)
        assert found == (kappa if kappa is None else pytest.approx(kappa))

    def test_the_gap_is_a_mean(self):
        assert gap({(50, 60): 1, (90, 90): 3}) == 2.5
        assert gap({}) is None

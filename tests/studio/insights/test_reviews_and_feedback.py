"""Reviews and feedback of a course: every figure counted one by one, and what the pages say."""

import csv
import io
from collections import Counter, defaultdict
from datetime import timedelta
from fractions import Fraction

import pytest
from django.utils.timezone import now
from hypothesis import example, given

from assessments import review_numbers
from assessments.models import Review, SubmissionAnalysis
from assessments.reviewing.conversations import answer, keep_reply
from assessments.reviewing.reviews import put_in_queue
from enrollments.models import Enrollment
from studio.insights.heard import SOURCES, feedback_of
from studio.insights.population import Population
from studio.insights.waits import STEPS, waits_of
from tests.assessments.builders import make_quiz
from tests.assessments.code_builders import make_assignment
from tests.assessments.review_builders import decide, hand_in
from tests.conftest import make_course
from tests.studio.insights import talk as made_up
from tests.studio.insights.conftest import NOW
from tests.studio.insights.talk import AGAIN, ASKED_LATE, REPLIED, TALKS, of_learners, store
from tests.studio.insights.test_counting import EACH, undone

pytestmark = pytest.mark.django_db
PAGE = "/studio/courses/python-basics/insights/"
TABS = {"reviews/": 10, "feedback/": 9}


@pytest.fixture
def stage(course, lessons):
    assignment = make_assignment(lessons[0].module)
    return course, assignment, make_quiz(lessons[2].module, questions=False)


def everybody(course):
    return Population(course.pk, NOW.date())


def about(span):
    return span and round(span / timedelta(seconds=1))


@EACH
@given(talk=TALKS)
@example(talk=AGAIN)
@example(talk=REPLIED)
def test_every_wait_is_what_one_by_one_comes_to(stage, grace, talk):
    with undone():
        store(talk, *stage, grace)
        for days in (30, 90):
            found = waits_of(everybody(stage[0]), NOW, days)
            works = list(made_up.decided(talk, days))
            wanted = [(made_up.wait_of(work), again) for work, again in works]
            assert found.everybody == made_up.LEARNERS - 1
            unasked = [one for one in of_learners(talk) if made_up.is_unasked(one, days)]
            assert found.unasked == len(unasked)
            check(found.all, [wait for wait, _ in wanted])
            check(found.first, [wait for wait, again in wanted if not again])
            check(found.again, [wait for wait, again in wanted if again])
            weeks = defaultdict(list)
            for work, _ in works:
                at = made_up.ago(made_up.done(work))
                weeks[at.date() - timedelta(days=at.weekday())].append(made_up.wait_of(work))
            assert [week for week, _ in found.weeks] == sorted(weeks)
            for week, wait in found.weeks:
                check(wait, weeks[week])


@EACH
@given(talk=TALKS, late=ASKED_LATE)
def test_all_that_came_to_the_reviewers_is_what_one_by_one_comes_to(
    stage, grace, monkeypatch, talk, late
):
    monkeypatch.setattr(review_numbers, "now", lambda: NOW)
    talk = talk + late
    with undone():
        store(talk, *stage, grace)
        for days in (1, 7, 30):
            came = [made_up.came_in(work) for work in talk]
            found = review_numbers.times(timedelta(days=days), stage[0])
            assert found.arrivals == sum(at is not None and at < days * 24 * 60 for at in came)
            assert found.backlog == sum(work.decided is None for work in talk)


def check(found, waits):
    assert found.decided == len(waits)
    assert found.in_time == sum(wait <= timedelta(hours=48) for wait in waits)
    assert about(found.median) == about(made_up.percentile(waits, Fraction(1, 2)))
    assert about(found.p90) == about(made_up.percentile(waits, Fraction(9, 10)))
    assert list(found.within) == [
        sum(wait <= timedelta(hours=hours) for wait in waits) for hours in STEPS
    ]


@EACH
@given(talk=TALKS)
def test_all_that_is_said_of_feedback_is_what_one_by_one_comes_to(stage, grace, talk):
    with undone():
        store(talk, *stage, grace)
        for days in (30, 90):
            recent = [work for work in talk if work.came < days * 24 * 60]
            found = feedback_of(everybody(stage[0]), NOW, days)
            check_sources(found, recent)
            check_answers(found.answers, of_learners(recent))
            check_frequent(found, recent)


def check_sources(found, talk):
    told = [(work.who, source) for work, source, *_ in made_up.remarks(talk)]
    told += [(work.who, source) for work, source in made_up.quiz_words(talk)]
    for source in SOURCES:
        one = found.sources[source]
        assert one.times == sum(by == source for _, by in told)
        assert one.people == len({who for who, by in told if by == source})
        mine = [is_helpful for by, is_helpful in made_up.ratings(talk) if by == source]
        assert (one.ratings, one.helpful) == (len(mine), sum(mine))


def check_answers(found, works):
    sent = [work for work in works if work.decided is not None]
    assert found.submissions == sum(work.is_code for work in works)
    assert found.attempts == sum(not work.is_code for work in works)
    assert found.reviews == len(sent)
    assert found.reopened == sum(
        any(mine and at <= work.decided for at, mine in work.replies) for work in sent
    )
    assert found.code_reviews == sum(work.is_code for work in sent)
    assert found.remarks == sum(
        not one.drafted or one.verdict in ("ACCEPTED", "EDITED")
        for work in sent if work.is_code for one in work.said
    )  # fmt: skip
    replies = [(work, at) for work in works for at, mine in work.replies if mine]
    assert found.replies == len(replies)
    assert found.replies_answered == sum(
        any(not mine and other <= at for other, mine in work.replies) for work, at in replies
    )
    asked = [work for work in works if work.asked is not None]
    assert found.questions == len(asked)
    assert found.questions_answered == sum(
        work.decided is not None and work.decided <= work.asked for work in asked
    )


def check_frequent(found, talk):
    people, times, rated = defaultdict(set), Counter(), defaultdict(list)
    for work, source, rule, words, rating in made_up.remarks(talk):
        key = (source, rule, "" if rule else words)
        people[key].add(work.who)
        times[key] += 1
        rated[key] += [] if rating is None else [rating[1]]
    wanted = {
        key: (len(who), times[key], len(rated[key]), sum(rated[key]))
        for key, who in people.items()
        if len(who) > 1
    }
    assert wanted == {
        (one.source, one.rule, "" if one.rule else one.words): (
            one.people, one.times, one.ratings, one.helpful,
        )
        for one in found.frequent
    }  # fmt: skip
    order = [(one.people, one.times) for one in found.frequent]
    assert order == sorted(order, reverse=True)


def test_of_very_much_work_the_newest_is_looked_at_and_that_is_said(desk, stage, ada, monkeypatch):
    monkeypatch.setattr("studio.insights.heard.WORK", 2)
    for minutes in (3, 2, 1):
        submission = hand_in(ada, stage[1], created_at=now() - timedelta(minutes=minutes))
        analysis = SubmissionAnalysis.objects.create(submission=submission)
        analysis.remarks.create(section="WEAKNESS", text="Name it.", rule="names", position=1)
    found = feedback_of(Population(stage[0].pk, now().date()), now(), 30)
    assert (found.answers.submissions, found.sources["rules"].times) == (2, 2)
    assert "only the newest is looked at" in text(desk.get(f"{PAGE}feedback/"))


def text(answer):
    return " ".join(answer.content.decode().split())


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.fixture
def reviewed(ada, stage, grace):
    """Ada handed in so many hours before it was decided, a minute ago."""

    def reviewed(hours, *, assignment=stage[1]):
        submission = hand_in(ada, assignment)
        type(submission).objects.filter(pk=submission.pk).update(
            created_at=now() - timedelta(hours=hours)
        )
        decide(put_in_queue(submission, Review.Reason.DRAFT), grace)
        return submission

    return reviewed


def test_guests_and_learners_see_neither(client, ada, as_, course):
    for tab in TABS:
        assert client.get(PAGE + tab).status_code == 302
        assert as_(ada).get(PAGE + tab).status_code == 404


def test_before_the_first_review_the_pages_say_so(desk, ada):
    assert "Nothing was decided in 30 days" in text(desk.get(f"{PAGE}reviews/"))
    assert "Nobody handed in anything in 30 days" in text(desk.get(f"{PAGE}feedback/"))


def test_of_few_reviews_counts_are_told_and_no_share(desk, reviewed, ada):
    for hours in (1, 2, 50):
        reviewed(hours)
    html = text(desk.get(f"{PAGE}reviews/"))
    assert "3 reviews were decided" in html
    assert "2 of 3 within the 48 hours" in html
    [every, *_] = rows_of(desk.get(f"{PAGE}reviews/export/"))
    assert (every["decided"], every["in time"], every["share in time"]) == ("3", "2", "")
    assert "Half of them" not in html
    assert (every["median hours"], every["9 of 10 within hours"]) == ("", "")


def test_a_review_taken_up_unasked_is_told_apart(desk, reviewed):
    Review.objects.filter(submission=reviewed(1)).update(
        reason=Review.Reason.STAFF, first_reason=""
    )
    html = text(desk.get(f"{PAGE}reviews/"))
    assert "Nothing that learners waited for was decided in 30 days" in html
    assert "1 review that was sent had been taken up unasked" in html
    html = text(desk.get(f"{PAGE}feedback/"))
    assert "<dt>Reviews</dt><dd>1</dd>" in html
    assert "of work handed in within 30 days, unasked reviews too" in html


def test_a_decision_is_told_on_both_pages_after_a_reply_has_opened_it_again(
    desk, reviewed, ada, grace
):
    submission = reviewed(1)
    Review.objects.filter(submission=submission).update(reason=Review.Reason.STAFF, first_reason="")
    words = SubmissionAnalysis.objects.create(submission=submission, kind="MANUAL", text="See.")
    keep_reply(ada, words, None, "And now?")
    html = text(desk.get(f"{PAGE}reviews/"))
    assert "1 review that was sent had been taken up unasked" in html
    assert "<dt>Waiting now</dt><dd>1</dd>" in html
    assert "<dt>Reviews</dt><dd>1</dd>" in text(desk.get(f"{PAGE}feedback/"))
    answer(grace, words, None, "Now it is good.")
    html = text(desk.get(f"{PAGE}reviews/"))
    assert "In 30 days 1 review was decided" in html
    assert "had been taken up unasked" not in html


def test_a_course_that_nobody_enrolled_in_says_so(desk, course):
    Enrollment.objects.all().delete()
    for tab in TABS:
        assert "Nobody has enrolled in this course yet" in text(desk.get(PAGE + tab))


def test_from_ten_on_it_is_a_share(desk, reviewed):
    for hours in range(1, 11):
        reviewed(hours)
    html = text(desk.get(f"{PAGE}reviews/"))
    assert "100% within the 48 hours" in html
    assert "Half of them within" in html


def test_the_queue_is_that_of_this_course_alone(desk, reviewed, ada, stage):
    other = make_course("another")
    for _ in range(2):
        put_in_queue(hand_in(ada, stage[1]), Review.Reason.DRAFT)
    elsewhere = make_assignment(other.modules.first(), "elsewhere")
    put_in_queue(hand_in(ada, elsewhere), Review.Reason.DRAFT)
    reviewed(5, assignment=elsewhere)
    html = text(desk.get(f"{PAGE}reviews/"))
    assert "<dt>Waiting now</dt><dd>2</dd>" in html
    assert "Nothing was decided in 30 days" in html


def test_the_days_looked_back_are_chosen_and_kept_for_the_file(desk, reviewed):
    submission = reviewed(1)
    old = now() - timedelta(days=60)
    Review.objects.filter(submission=submission).update(decided_at=old, sent_at=old)
    assert "Nothing was decided in 30 days" in text(desk.get(f"{PAGE}reviews/?days=nonsense"))
    html = text(desk.get(f"{PAGE}reviews/?days=90"))
    assert "In 90 days 1 review was decided" in html
    assert f'href="{PAGE}reviews/export/?days=90"' in html
    assert rows_of(desk.get(f"{PAGE}reviews/export/?days=90"))[0]["decided"] == "1"


def test_remarks_come_as_a_file_that_calculates_nothing(desk, ada, bob, course, stage):
    Enrollment.objects.get_or_create(user=bob, course=course)
    for user in (ada, bob):
        analysis = SubmissionAnalysis.objects.create(submission=hand_in(user, stage[1]))
        analysis.remarks.create(section="WEAKNESS", text="=1+1", rule="naming", position=1)
    html = text(desk.get(f"{PAGE}feedback/"))
    assert "=1+1" in html
    assert "Nobody has rated the feedback yet" in html
    rows = rows_of(desk.get(f"{PAGE}feedback/export/"))
    assert [row["by"] for row in rows] == ["Built-in rules", "AI", "A person", "Built-in rules"]
    assert (rows[3]["remark"], rows[3]["people"]) == ("'=1+1", "2")


@pytest.mark.parametrize(("tab", "queries"), TABS.items())
def test_the_number_of_queries_does_not_grow(
    tab, queries, desk, reviewed, django_assert_num_queries
):
    desk.get(PAGE + tab)
    for _ in range(2):
        reviewed(3)
        with django_assert_num_queries(queries):
            desk.get(PAGE + tab)

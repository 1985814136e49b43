"""The page of review times: how long learners wait, everybody's load for who leads."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils.timezone import now

from accounts.models import User
from assessments.models import RemarkRating, Review, SubmissionAnalysis
from assessments.reviewing import reviews
from studio.templatetags.rates import lasting, rate
from tests.assessments.code_builders import make_assignment
from tests.assessments.review_builders import decide, hand_in
from tests.conftest import make_person

TIMES = "/studio/reviews/times/"


@pytest.fixture
def kim(db):
    person = make_person("kim@example.org", "Kim Larsen")
    person.user_permissions.add(Permission.objects.get(codename="give_review"))
    return person


@pytest.fixture
def reviewed(ada, lessons):
    """Work that came so many hours ago and was decided a minute ago."""
    assignment = make_assignment(lessons[0].module)

    def reviewed(reviewer, hours):
        submission = hand_in(ada, assignment)
        review = decide(reviews.put_in_queue(submission, Review.Reason.HELP), reviewer)
        Review.objects.filter(pk=review.pk).update(created_at=now() - timedelta(hours=hours))
        analysis = SubmissionAnalysis.objects.create(submission=submission, kind="MANUAL")
        remark = analysis.remarks.create(section="STRENGTH", text="Fine.", position=1)
        RemarkRating.objects.create(remark=remark, user=ada, is_helpful=True)
        return review

    return reviewed


def text(answer):
    return " ".join(answer.content.decode().split())


def test_guests_sign_in_and_learners_find_nothing(client, ada, as_):
    assert client.get(TIMES).headers["Location"].startswith("/accounts/login/?next=/studio/")
    assert as_(ada).get(TIMES).status_code == 404


def test_before_the_first_review_it_says_so(desk, kim, as_):
    assert "No reviews in 30 days" in text(desk.get(TIMES))
    assert "No reviews in 30 days" in text(as_(kim).get(TIMES))


@pytest.mark.parametrize(("asked", "days"), [("", 30), ("7", 7), ("90", 90), ("8", 30), ("x", 30)])
def test_the_range_is_chosen(asked, days, kim, as_, reviewed):
    review = reviewed(kim, 5)
    Review.objects.filter(pk=review.pk).update(decided_at=now() - timedelta(days=60))
    html = text(as_(kim).get(f"{TIMES}?days={asked}"))
    assert f'value="{days}" aria-current="true"' in html
    assert f"in {days} days" in html
    assert ('<th scope="row"><bdi>Kim Larsen</bdi>' in html) == (days == 90)


def test_nobody_is_led_to_what_they_may_not_open(kim, grace, desk, as_):
    assert "/studio/reviews/next/" in text(as_(kim).get(TIMES))
    assert "Review next" in text(as_(kim).get(TIMES))
    teacher = make_person("sam@example.org", "Sam", role=User.Role.ADMIN)
    html = text(as_(teacher).get(TIMES))
    assert "Review next" not in html
    assert 'href="/studio/reviews/"' not in html


def test_who_leads_reads_of_everybody(desk, kim, grace, reviewed):
    reviewed(kim, 5)
    reviewed(grace, 72)
    html = text(desk.get(TIMES))
    assert "<bdi>Kim Larsen</bdi>" in html
    assert "<bdi>Grace</bdi>" in html
    assert "1 of 2" in html
    assert "Nothing waits." in html


def test_a_reviewer_reads_of_themselves_and_of_all_together(kim, grace, as_, reviewed):
    reviewed(kim, 5)
    reviewed(grace, 72)
    html = text(as_(kim).get(TIMES))
    assert "<bdi>Kim Larsen</bdi>" in html
    assert "Grace" not in html
    assert "1 day" in html or "38 h" in html
    assert "1 of 1" in html


def test_a_reviewer_who_decided_nothing_is_told_that(kim, grace, as_, reviewed):
    reviewed(grace, 5)
    assert "You have decided nothing in 30 days." in text(as_(kim).get(TIMES))


def test_it_asks_as_often_for_more(desk, kim, grace, reviewed, django_assert_num_queries):
    desk.get("/studio/")
    for reviewer in (kim, grace):
        reviewed(reviewer, 3)
        with django_assert_num_queries(10):
            desk.get(TIMES)


@pytest.mark.parametrize(
    ("span", "told"),
    [
        (None, "–"),
        (timedelta(), "under 1 s"),
        (timedelta(seconds=0.4), "under 1 s"),
        (timedelta(seconds=40), "40 s"),
        (timedelta(minutes=40, seconds=10), "40 min"),
        (timedelta(hours=5, minutes=20), "5 h 20 min"),
        (timedelta(hours=47), "47 h"),
        (timedelta(days=2), "2 days"),
        (timedelta(days=2.5), "2.5 days"),
    ],
)
def test_spans_are_told_as_a_person_would(span, told):
    assert lasting(span) == told


def test_a_rate_says_how_many_it_is_of():
    assert rate(0, 0) == "–"
    assert rate(3, 7) == "3 of 7"
    assert rate(1, 10) == "10% (1 of 10)"

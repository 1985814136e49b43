"""The page of the model: off and how to turn it on, or what its drafts cost and are worth."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils.timezone import now

from assessments.model_days import IN_A_ROW, away, days_of
from assessments.models import DraftPause, ModelRun, Remark, Review
from courses.models import Course
from tests.assessments.code_builders import make_assignment
from tests.assessments.review_builders import decide, draft_of, hand_in
from tests.conftest import make_person

MODEL = "/studio/model/"
AGAIN = f"{MODEL}drafts/"


@pytest.fixture
def kim(db):
    person = make_person("kim@example.org", "Kim")
    person.user_permissions.add(Permission.objects.get(codename="give_review"))
    return person


@pytest.fixture
def on(settings):
    settings.AI_BASE_URL = "https://models.example:8443/secret-path/v1"
    settings.AI_MODEL, settings.AI_API_KEY = "small-1", "sk-secret"


@pytest.fixture
def run(ada, lessons):
    """A draft that was asked for so many hours ago, and how that ended."""
    assignment = make_assignment(lessons[0].module)

    def run(outcome, hours=1.0, **fields):
        ended = now() - timedelta(hours=hours)
        status = "PASSED" if outcome in ("DRAFTED", "HELD") else "FAILED"
        row = ModelRun.objects.create(
            submission=hand_in(ada, assignment), status=status, outcome=outcome,
            finished_at=ended, **{"tokens_in": 1_200, "tokens_out": 300, **fields},
        )  # fmt: skip
        ModelRun.objects.filter(pk=row.pk).update(created_at=ended)
        return row

    return run


def text(answer):
    return " ".join(answer.content.decode().split())


def test_guests_sign_in_and_learners_find_nothing(client, ada, as_):
    assert client.get(MODEL).headers["Location"].startswith("/accounts/login/?next=/studio/")
    assert as_(ada).get(MODEL).status_code == 404


def test_staff_and_reviewers_read_it_and_nobody_posts(desk, kim, as_):
    assert desk.get(MODEL).status_code == 200
    assert as_(kim).get(MODEL).status_code == 200
    assert desk.post(MODEL).status_code == 405


def test_without_a_second_factor_a_reviewer_is_led_to_it(kim, as_, settings):
    settings.DEMO_SCHOOL = False
    assert "2fa" in as_(kim).get(MODEL).headers["Location"]


def test_without_a_model_it_says_so_and_how_to_have_one(desk, django_assert_num_queries):
    desk.get("/studio/")
    with django_assert_num_queries(6):
        html = text(desk.get(MODEL))
    assert "AI review is off" in html
    for name in ("AI_BASE_URL", "AI_MODEL", "AI_API_KEY"):
        assert f"<code>{name}</code>" in html
    assert "days=7" not in html


def test_what_was_asked_before_it_was_turned_off_stays_to_be_read(desk, run):
    run("DRAFTED")
    html = text(desk.get(MODEL))
    assert "AI review is off" in html
    assert "<strong>1</strong> asked for" in html


def test_it_names_the_model_and_its_place_and_no_secret(desk, on):
    html = text(desk.get(MODEL))
    assert "small-1" in html
    assert "at <bdi>models.example:8443</bdi>" in html
    assert "secret" not in html
    assert "No draft was asked for in the last 30 days." in html


def test_it_counts_outcomes_tokens_and_cost_of_the_range(desk, on, run, settings):
    run("DRAFTED", cost="0.0125")
    run("HELD", 24 * 6)
    run("AWAY", 24 * 20, fault="Connection <refused>.", tries=3)
    run("DRAFTED", 24 * 60)
    html = text(desk.get(MODEL))
    assert "<strong>3</strong> asked for" in html
    assert "3,600 in, 900 out" in html
    assert "0.01" in html
    assert "Connection &lt;refused&gt;." in html
    week = text(desk.get(f"{MODEL}?days=7"))
    assert "<strong>2</strong> asked for" in week
    assert "None in 7 days." in week
    assert "<strong>4</strong> asked for" in text(desk.get(f"{MODEL}?days=90"))
    for nonsense in ("8", "-1", "x", "９０"):
        assert "In 30 days" in text(desk.get(f"{MODEL}?days={nonsense}"))


def test_the_chart_and_its_table_show_the_same_days(desk, on, run):
    for hours in (1, 1, 30, 30):
        run("DRAFTED", hours)
    run("TIMED_OUT", 30)
    run("SPENT", 30)
    days = days_of(timedelta(days=7))
    assert len(days) == 7
    assert sum(one.runs for one in days) == 6
    html = text(desk.get(f"{MODEL}?days=7"))
    assert html.count('class="drafted" x=') == len([one for one in days if one.drafted])
    assert html.count('class="failed" x=') == 1
    assert html.count('<tr><th scope="row"><time') == len([one for one in days if one.runs])


def test_what_people_made_of_drafts_is_told(desk, on, run, grace):
    for number in range(12):
        submission = run("DRAFTED").submission
        analysis = draft_of(submission, "One.", "Two.")
        analysis.kind = "HYBRID"
        analysis.save()
        first, second = analysis.remarks.all()
        Remark.objects.filter(pk=first.pk).update(verdict="ACCEPTED")
        Remark.objects.filter(pk=second.pk).update(verdict="EDITED" if number else "DISCARDED")
        review = Review.objects.create(submission=submission, reason="DRAFT")
        decide(review, grace, "CHANGES" if number % 4 else "ACCEPTED")
    html = text(desk.get(MODEL))
    assert "25% (3 of 12)" in html
    assert "50% (12 of 24)" in html
    assert "46% (11 of 24)" in html
    assert "4% (1 of 24)" in html


def test_a_pause_of_drafts_is_told_and_ended_by_who_may_change_courses(
    desk, on, run, kim, as_, ada
):
    DraftPause.objects.create(suggested=50, overridden=13)
    run("DRAFTED")
    for browser in (desk, as_(kim)):
        html = text(browser.get(MODEL))
        assert "Drafts of code have paused since" in html
        assert "in 13 of the last 50 reviews" in html
        assert ("Try drafts again</button>" in html) is (browser is desk)
    assert as_(ada).post(AGAIN).status_code == as_(kim).post(AGAIN).status_code == 404
    assert desk.get(AGAIN).status_code == 405
    assert DraftPause.objects.get().ended_at is None
    for _ in range(2):
        answer = desk.post(AGAIN)
        assert (answer.status_code, answer.headers["Location"]) == (303, MODEL)
    assert DraftPause.objects.get().ended_at is not None
    assert "have paused since" not in text(desk.get(MODEL))


def test_a_rate_of_few_is_told_as_counts(desk, on, run):
    run("DRAFTED")
    run("AWAY")
    html = text(desk.get(MODEL))
    assert "1 of 2" in html
    assert "50%" not in html


def test_an_endpoint_that_is_away_is_told_since_when(desk, on, run):
    run("DRAFTED", 10)
    for hours in range(IN_A_ROW - 1, 0, -1):
        run("AWAY", hours)
    assert away() is None
    first = run("BUSY", 9)
    found = away()
    assert (found.times, found.since) == (IN_A_ROW, first.finished_at)
    assert "The model has been away since" in text(desk.get(MODEL))
    run("SPENT", 0.1)
    assert away() is not None
    run("REFUSED", 0.05)
    assert away() is None


def test_a_failure_shows_while_it_is_asked_again(desk, on, ada, lessons):
    submission = hand_in(ada, make_assignment(lessons[0].module))
    ModelRun.objects.create(submission=submission, tries=1, fault="Not reachable: refused")
    html = text(desk.get("/studio/model/"))
    assert "Is asked again" in html
    assert "Not reachable: refused" in html


def test_courses_say_when_drafts_are_seen(desk, on, run, course, kim, as_):
    run("DRAFTED")
    Course.objects.update(ai_drafts="OFF")
    html = text(desk.get(MODEL))
    assert "Never: no model is asked" in html
    assert f"/studio/courses/{course.slug}/#facts" in html
    assert f"/studio/courses/{course.slug}/" not in text(as_(kim).get(MODEL))


def test_only_who_may_read_records_is_led_to_them(desk, on, run, kim, as_):
    failed = run("FAULT", fault="500")
    assert f"/admin/assessments/modelrun/{failed.pk}/change/" in text(desk.get(MODEL))
    assert "/admin/" not in text(as_(kim).get(MODEL))


def test_it_asks_as_often_for_more(desk, on, run, django_assert_num_queries):
    desk.get("/studio/")
    for _ in range(2):
        run("DRAFTED")
        run("AWAY")
        with django_assert_num_queries(19):
            desk.get(MODEL)

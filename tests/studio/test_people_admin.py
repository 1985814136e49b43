"""Extra time, attempts and reports in the admin."""

from datetime import timedelta

import pytest

from assessments.attempts import start_attempt
from assessments.models import Accommodation, Quiz
from assessments.reports import report_question
from tests.assessments.finished import finished, question_at

ACCOMMODATIONS = "/admin/assessments/accommodation/"


@pytest.fixture
def running(ada, quiz):
    Quiz.objects.filter(pk=quiz.pk).update(time_limit=20)
    quiz.refresh_from_db()
    return start_attempt(ada, quiz)[0]


def minutes(attempt):
    attempt.refresh_from_db()
    return attempt.deadline and (attempt.deadline - attempt.started_at) / timedelta(minutes=1)


def test_extra_time_is_given_changed_and_taken_and_open_attempts_follow(desk, ada, bob, running):
    added = desk.post(f"{ACCOMMODATIONS}add/", {"email": ada.email, "extra_time": 200})
    assert added.status_code == 302
    assert minutes(running) == 40
    row = f"{ACCOMMODATIONS}{ada.pk}/"
    changed = desk.post(f"{row}change/", {"user": bob.pk, "extra_time": 0})
    assert changed.status_code == 302
    assert minutes(running) is None
    assert Accommodation.objects.get().user == ada
    assert desk.post(f"{row}delete/", {"post": "yes"}).status_code == 302
    assert minutes(running) == 20
    assert not Accommodation.objects.exists()


def test_several_are_taken_at_once(desk, ada, running):
    Accommodation.objects.create(user=ada, extra_time=200)
    data = {"action": "delete_selected", "_selected_action": [str(ada.pk)], "post": "yes"}
    assert desk.post(ACCOMMODATIONS, data).status_code == 302
    assert minutes(running) == 20


def test_one_person_has_one_row(desk, ada):
    Accommodation.objects.create(user=ada, extra_time=150)
    again = desk.post(f"{ACCOMMODATIONS}add/", {"email": ada.email, "extra_time": 200})
    assert "They have extra time already" in again.text
    assert Accommodation.objects.get().extra_time == 150


@pytest.mark.parametrize("extra", ["", "3", "nonsense", "-1"])
def test_other_extra_times_are_refused(desk, ada, extra):
    assert (
        desk.post(f"{ACCOMMODATIONS}add/", {"email": ada.email, "extra_time": extra}).status_code
        == 200
    )
    assert not Accommodation.objects.exists()


def test_attempts_are_found_and_read_and_not_changed(desk, ada, quiz):
    attempt = finished(ada, quiz, right=3)
    quiz.questions.filter(position=1).update(points=7)  # afterwards
    rows = "/admin/assessments/attempt/"
    assert str(attempt.pk) in desk.get(f"{rows}?q=ada@example").content.decode()
    assert str(attempt.pk) not in desk.get(f"{rows}?q=bob@example").content.decode()
    assert desk.get(f"{rows}?passed__exact=0&status__exact=SUBMITTED").status_code == 200
    page = desk.get(f"{rows}{attempt.pk}/change/").content.decode()
    assert "1 of 1" in page
    assert "3.5" in page
    assert 'name="_save"' not in page
    assert desk.post(f"{rows}{attempt.pk}/change/", {"percent": 100}).status_code == 403
    assert desk.get(f"{rows}add/").status_code == 403
    assert desk.post(f"{rows}{attempt.pk}/delete/", {"post": "yes"}).status_code == 403


def test_an_attempt_is_shown_after_few_queries(desk, ada, quiz, django_assert_max_num_queries):
    attempt = finished(ada, quiz, right=3)
    with django_assert_max_num_queries(16):
        desk.get(f"/admin/assessments/attempt/{attempt.pk}/change/")


def test_reports_are_read_only(desk, ada, quiz):
    report_question(ada, question_at(quiz, 1), "Wrong.")
    page = desk.get("/admin/assessments/questionreport/")
    assert "ada@example.org" in page.content.decode()
    assert desk.get("/admin/assessments/questionreport/add/").status_code == 403


def test_an_email_that_nobody_has_is_refused(desk):
    answer = desk.post(f"{ACCOMMODATIONS}add/", {"email": "nobody@example.org", "extra_time": 200})
    assert "Nobody here has this email." in answer.text

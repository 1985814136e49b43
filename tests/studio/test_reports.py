"""Reports of questions: read beside the key, answered once."""

import pytest

from activity.models import Event
from assessments.models import Question, QuestionReport
from assessments.reports import answer_report, report_question, said_to
from enrollments.models import Enrollment
from tests.assessments.finished import finished, question_at
from tests.conftest import make_person


@pytest.fixture
def report(ada, quiz):
    finished(ada, quiz, right=2)
    report_question(ada, question_at(quiz, 1), "Both are <right>.")
    return QuestionReport.objects.get()


def answer(desk, report, decision="accept", reply="Mended."):
    return desk.post(f"/studio/reports/{report.pk}/", {"decision": decision, "reply": reply})


def test_a_report_stands_beside_key_and_numbers(desk, report, quiz):
    page = desk.get("/studio/reports/").content.decode()
    assert "Both are &lt;right&gt;." in page
    assert "7 // 2" in page
    assert "chosen 1 time<" in page
    assert f'href="/studio/questions/{report.question_id}/"' in page
    assert f"/studio/quizzes/{quiz.pk}/regrade/" in page


def test_a_report_of_an_archived_question_leads_to_it_too(desk, report):
    Question.objects.filter(pk=report.question_id).update(deleted_at=report.created_at)
    page = desk.get("/studio/reports/").content.decode()
    assert "The question (archived)" in page
    address = f"/studio/questions/{report.question_id}/"
    assert f'href="{address}"' in page
    assert desk.get(address).status_code == 200


@pytest.mark.parametrize(
    ("decision", "status", "words"),
    [("accept", "ACCEPTED", "Mended"), ("decline", "DECLINED", "Stays as it is")],
)
def test_an_answer_is_kept_and_told(desk, root, ada, report, decision, status, words):
    given = answer(desk, report, decision, " Thank you. ")
    assert (given.status_code, given.headers["Location"]) == (303, "/studio/reports/")
    report.refresh_from_db()
    assert (report.status, report.reply, report.replied_by) == (status, "Thank you.", root)
    told = Event.objects.get(user=ada, kind="REPORT_ANSWERED")
    assert told.data["reply"] == "Thank you."
    page = desk.get("/studio/reports/").content.decode()
    assert words in page
    assert "<textarea" not in page


def test_the_second_answer_is_refused_with_a_sentence(desk, grace, report):
    answer_report(report, by=grace, accepted=True, reply="First.")
    refused = answer(desk, report, "decline", "Second.")
    assert refused.status_code == 409
    assert "This report has an answer already." in refused.content.decode()
    report.refresh_from_db()
    assert (report.status, report.reply) == ("ACCEPTED", "First.")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Choose what becomes of the question."),
        ({"decision": "burn", "reply": "x"}, "burn is not one of"),
        ({"decision": "decline", "reply": " "}, "Enter why the question stays as it is."),
        ({"decision": "accept", "reply": "x" * 1001}, "longer than 1000 characters"),
        ({"decision": "accept", "reply": "a\x07b"}, "cannot be kept"),
        ({"decision": "accept", "reply": "a\x00b"}, "characters that cannot be kept"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_stays_in_the_form(desk, report, data, words):
    refused = desk.post(f"/studio/reports/{report.pk}/", data)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert words in page
    assert "<title>Error: " in page
    report.refresh_from_db()
    assert report.status == "OPEN"


def test_accepting_needs_no_words(desk, report):
    assert answer(desk, report, reply="").status_code == 303


def test_guests_learners_and_other_methods(desk, client, as_, ada, report):
    address = f"/studio/reports/{report.pk}/"
    assert answer(client, report).headers["Location"].startswith("/accounts/login/")
    assert answer(as_(ada), report).status_code == 404
    assert desk.get(address).headers["Location"] == "/studio/reports/"
    assert desk.delete(address).status_code == 405
    gone = "/studio/reports/0198c0de-0000-7000-8000-000000000000/"
    assert desk.post(gone, {"decision": "accept"}).status_code == 404


def test_nothing_reported_yet(desk, quiz):
    assert "No reports yet" in desk.get("/studio/reports/").content.decode()


def test_waiting_ones_come_first_on_pages_of_ten(
    desk, quiz, course, grace, django_assert_num_queries
):
    question = question_at(quiz, 3)
    for n in range(12):
        learner = make_person(f"l{n}@example.org", f"Learner {n}")
        Enrollment.objects.create(user=learner, course=course)
        finished(learner, quiz, right=n % 5)
        report_question(learner, question, f"Report {n}.")
    late = QuestionReport.objects.get(text="Report 11.")
    answer_report(late, by=grace, accepted=False, reply="No.")
    desk.get("/studio/")  # the first visit notes in the session that staff came
    with django_assert_num_queries(11):
        first = desk.get("/studio/reports/").content.decode()
    assert first.index("Report 10.") < first.index("Report 9.")
    assert "Report 11." not in first
    with django_assert_num_queries(11):
        second = desk.get("/studio/reports/?page=2").content.decode()
    assert second.index("Report 0.") < second.index("Report 11.")
    assert desk.get("/studio/reports/?page=nonsense").status_code == 200


def test_what_was_said_is_counted(ada, bob, course, quiz):
    Enrollment.objects.create(user=bob, course=course)
    finished(ada, quiz, right=5)
    finished(bob, quiz, right=0)
    several, written = question_at(quiz, 2), question_at(quiz, 3)
    said = said_to([several, written])
    right = [one.pk for one in several.options.all() if one.is_correct]
    assert said[several.pk].asked == 2
    assert [said[several.pk].options[key] for key in right] == [1, 1]
    assert len(said[several.pk].options) == 3
    assert said[written.pk].texts == [("for", 1), ("while", 1)]
    assert said_to([]) == {}

"""Questions of learners about their code: read with everything, answered once."""

import pytest

from activity.models import Event
from assessments import grading, submissions
from assessments.help_requests import ask_for_help, give_help
from assessments.models import HelpRequest
from tests.assessments.code_builders import RIGHT, WRONG, make_assignment

HELP = "/studio/help/"


@pytest.fixture
def assignment(lessons):
    return make_assignment(lessons[0].module)


def question_of(user, assignment, source=WRONG, text="Why is it <wrong>?"):
    submission = submissions.submit(user, assignment, source, graded=True)
    grading.grade(submission.pk)
    return ask_for_help(user, submission, text)


@pytest.fixture
def question(ada, assignment):
    return question_of(ada, assignment)


def text(answer):
    return answer.content.decode()


def test_guests_sign_in_and_learners_find_nothing(question, ada, as_, client):
    for page in (HELP, f"{HELP}{question.pk}/"):
        assert client.get(page).headers["Location"].startswith("/accounts/login/?next=/studio/")
        assert as_(ada).get(page).status_code == 404
    assert as_(ada).post(f"{HELP}{question.pk}/", {"reply": "Me."}).status_code == 404
    assert HelpRequest.objects.get().is_open


def test_staff_of_a_real_school_need_a_second_factor(desk, question, settings):
    settings.DEMO_SCHOOL = False
    for page in (HELP, f"{HELP}{question.pk}/"):
        assert "2fa" in desk.get(page).headers["Location"]


def test_wrong_methods_and_unknown_questions_are_refused(desk, question):
    assert desk.post(HELP).status_code == 405
    assert desk.delete(f"{HELP}{question.pk}/").status_code == 405
    missing = f"{HELP}0198c0de-0000-7000-8000-000000000000/"
    assert desk.get(missing).status_code == 404
    assert desk.post(missing, {"reply": "Well."}).status_code == 404


def test_the_list_has_the_oldest_open_question_first(desk, ada, assignment, root):
    first = question_of(ada, assignment)
    second = question_of(ada, assignment, RIGHT)
    third = question_of(ada, assignment)
    give_help(first, root, "So.")
    html = text(desk.get(HELP))
    places = [html.index(str(one.pk)) for one in (second, third, first)]
    assert places == sorted(places)
    assert "adds small" in html
    assert "nothing: it passes" in html
    assert "Questions (2 open)" in html
    assert "Questions (2 open)" in text(desk.get("/studio/"))


def test_the_list_asks_as_often_for_more(desk, ada, assignment, django_assert_num_queries):
    desk.get("/studio/")
    for _ in range(3):
        question_of(ada, assignment)
        with django_assert_num_queries(7):
            desk.get(HELP)


def test_an_empty_list_says_so(desk, course):
    assert "No questions yet" in text(desk.get(HELP))


def test_the_page_shows_code_and_hidden_cases_whole(desk, question):
    html = text(desk.get(f"{HELP}{question.pk}/"))
    assert "Why is it &lt;wrong&gt;?" in html
    assert "return a - b" in html
    assert "add(-1, -2)" in html
    assert "hidden from the learner" in html
    assert "1 of 4 pass" in html


def test_an_answer_is_kept_and_told(desk, root, ada, question):
    answer = desk.post(f"{HELP}{question.pk}/", {"reply": " Add, do not subtract. "})
    assert (answer.status_code, answer.headers["Location"]) == (303, HELP)
    question.refresh_from_db()
    assert (question.reply, question.replied_by) == ("Add, do not subtract.", root)
    assert Event.objects.filter(user=ada, kind="HELP_GIVEN").count() == 1
    html = text(desk.get(f"{HELP}{question.pk}/"))
    assert "Add, do not subtract." in html
    assert "<textarea" not in html


def test_the_second_answer_is_refused_and_the_first_is_shown(desk, grace, question):
    give_help(question, grace, "First.")
    refused = desk.post(f"{HELP}{question.pk}/", {"reply": "Second."})
    assert refused.status_code == 409
    assert "Somebody has answered this meanwhile." in text(refused)
    assert "First." in text(refused)
    question.refresh_from_db()
    assert (question.reply, question.replied_by) == ("First.", grace)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ("", "Enter an answer."),
        ("  \n ", "Enter an answer."),
        ("x" * 4001, "at most 4000 characters"),
        ("a\x00b", "Null characters are not allowed."),
        ("half \ufdd0 \x07", "cannot be kept"),
    ],
)
def test_an_answer_that_is_none_is_refused(desk, question, reply, words):
    refused = desk.post(f"{HELP}{question.pk}/", {"reply": reply})
    assert refused.status_code == 422
    assert words in text(refused)
    assert HelpRequest.objects.get().is_open

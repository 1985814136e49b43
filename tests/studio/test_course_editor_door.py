"""Who may open the authors' desk, and that looking at it changes nothing."""

import re
from uuid import uuid4

import pytest
from django.apps import apps
from django.urls import reverse

from accounts.models import User
from assessments.models import Question, QuestionReport
from studio.authoring_urls import urlpatterns as authoring
from studio.exporting.formats import WRITERS
from studio.urls import urlpatterns
from tests.assessments.builders import make_quiz
from tests.assessments.code_builders import make_assignment
from tests.conftest import make_person

pytestmark = pytest.mark.django_db

# Without a name: ways from where pages stood once.
NAMES = [one.name for one in urlpatterns if one.name]
EDITORS = [one.name for one in authoring]
OF_A_COURSE = {"course", "course_verb", "new_module", "export", "download"}
INSIGHTS = {"insights", "insights_count", "insights_tab", "insights_export", "insights_aside"}
STUDENTS = {
    "message_students", "extra_time_students", "take_out_students", "put_back_students",
}  # fmt: skip
OF_A_QUIZ = {"edit_quiz", "preview_quiz", "new_question", "quiz", "quiz_export", "regrade"}
OF_A_TASK = {"assignment", "trial", "rejudge", "edit_assignment", "new_case"}
UNKNOWN = {
    "import", "report", "snippet", "delete_snippet", "review", "review_changes", "claim_review",
    "undo_review", "answer_reply", "review_submission", "call_multiplier_off", "decide_referral",
    "take_back", "start_again", "announcement", "change_announcement", "test_announcement",
    "send_announcement", "withdraw_announcement",
}  # fmt: skip
OF_A_CONTEST = {"season", "close_season", "challenge", "publish_challenge", "starts"}
VERBS = {"course_verb": "publish", "lesson_verb": "hide"}
APPS = ("courses", "assessments", "enrollments", "progress", "activity")


@pytest.fixture
def address_of(course, lessons, ada):
    """The address of each page, of a course that has everything."""
    module, quiz = lessons[0].module, make_quiz(lessons[0].module)
    task = make_assignment(module, "adding")
    question, case = quiz.questions.get(position=1), task.cases.in_order().first()
    keys = {
        **dict.fromkeys(OF_A_QUIZ, quiz), **dict.fromkeys(OF_A_TASK, task),
        **dict.fromkeys(("module", "module_verb", "new_lesson"), module),
        **dict.fromkeys(("lesson", "move_lesson", "lesson_verb"), lessons[0]),
        **dict.fromkeys(("edit_question", "question_verb"), question),
        **dict.fromkeys(("edit_case", "case_verb"), case), "person": ada,
        **dict.fromkeys(("pauses", "student", "insights_aside"), ada),
    }  # fmt: skip

    def address(name):
        wanted = {}
        if name in OF_A_COURSE | INSIGHTS | STUDENTS:
            wanted["slug"] = course.slug
        if name in OF_A_CONTEST:
            wanted["slug"] = "nowhere"
        elif name in keys:
            wanted["pk"] = keys[name].pk
        elif name in UNKNOWN:
            wanted["pk"] = uuid4()
        if name.endswith("_verb"):
            wanted["verb"] = VERBS.get(name, "archive")
        if name in ("insights_tab", "insights_export"):
            wanted["tab"] = "lessons"
        if name == "download":
            wanted["name"] = next(iter(WRITERS))
        return reverse(f"studio:{name}", kwargs=wanted)

    return address


def both(browser, address):
    """What looking and sending are answered with; one of them may not be there."""
    answers = [browser.get(address), browser.post(address)]
    found = [one for one in answers if one.status_code != 405]
    assert found
    return found


def everything():
    models = [model for app in APPS for model in apps.get_app_config(app).get_models()]
    return {one: list(one._base_manager.order_by("pk").values_list()) for one in models}


@pytest.mark.parametrize("name", NAMES)
def test_guests_are_sent_to_sign_in_and_learners_find_nothing(
    client, as_, ada, address_of, name, settings
):
    for answer in both(client, address_of(name)):
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse(settings.LOGIN_URL))
    assert {one.status_code for one in both(as_(ada), address_of(name))} == {404}


@pytest.mark.parametrize("name", NAMES)
def test_looking_changes_nothing(desk, ada, address_of, name):
    address, before = address_of(name), everything()
    status = desk.get(address).status_code
    assert status in ((200, 302, 404, 405) if name in UNKNOWN | OF_A_CONTEST else (200, 302, 405))
    assert everything() == before


@pytest.mark.parametrize("name", EDITORS)
def test_staff_who_may_not_change_courses_do_not_write_them(as_, address_of, name):
    helper = make_person("helper@example.org", "Helper", role=User.Role.ADMIN)
    before = everything()
    assert {one.status_code for one in both(as_(helper), address_of(name))} == {403}
    assert everything() == before


def test_they_look_at_imports_and_take_courses_out(as_, address_of):
    helper = as_(make_person("helper@example.org", "Helper", role=User.Role.ADMIN))
    assert helper.get(address_of("export")).status_code == 200
    assert helper.get(address_of("imports")).status_code == 200
    assert helper.post(address_of("imports")).status_code == 403


@pytest.mark.parametrize("name", [one for one in NAMES if one not in EDITORS])
def test_no_page_leads_them_where_they_may_not_go(as_, ada, address_of, name):
    helper = as_(make_person("helper@example.org", "Helper", role=User.Role.ADMIN))
    address = address_of(name)
    QuestionReport.objects.create(question=Question.objects.first(), user=ada, text="Wrong.")
    found = helper.get(address)
    links = set(
        re.findall(r'(?:href|action)="(/studio/[^"#?]*)', found.content.decode(errors="replace"))
    )
    assert {one for one in links if helper.get(one).status_code == 403} == set()
    if name == "imports":
        assert b'id="upload-form"' not in found.content


@pytest.mark.parametrize("verb", ["nonsense", "delete"])
def test_verbs_that_are_none_are_not_found(desk, course, lessons, verb):
    for address in (
        f"/studio/courses/{course.slug}/do/{verb}/",
        f"/studio/lessons/{lessons[0].pk}/do/{verb}/",
        f"/studio/modules/{lessons[0].module_id}/do/{verb}/",
    ):
        assert desk.post(address).status_code == 404

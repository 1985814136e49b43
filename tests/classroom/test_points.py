"""Points out of sight: by the school, by the person."""

import re

import pytest

from activity.actions import record
from activity.models import Event
from gamification.achievements.awarding import award_due
from gamification.models import Policy, XPTransaction
from progress.actions import complete_lesson
from tests.assessments.builders import make_quiz
from tests.assessments.code_builders import make_assignment

HOME = "/classroom/courses/python-basics/"
LESSON = f"{HOME}lessons/lesson-1/"
HISTORY = "/progress/history/"
# Settings are where it is switched; the help explains all of the site.
ELSEWHERE = ("/settings/", "/help/", "/static/", "/media/", "/demo/", "/accounts/")


@pytest.fixture
def hides(ada):
    """Ada does not want to see points."""
    ada.profile.preferences = {"show_points": False}
    ada.profile.save()


@pytest.fixture
def no_points(db):
    """The school keeps them from everybody."""
    Policy.objects.create(show_points=False)


def test_a_school_without_points_has_no_pages_of_points(no_points, ada, as_):
    for address in (HISTORY, "/progress/streak/", "/leaderboard/", "/achievements/"):
        gone = as_(ada).get(address)
        assert gone.status_code == 404
        assert "This school does not show points" in gone.content.decode()


def test_a_school_without_points_shows_none_and_counts_them_all_the_same(
    no_points, ada, as_, lessons
):
    complete_lesson(ada, lessons[0])
    for address in ("/classroom/", HOME, LESSON, "/progress/"):
        assert " XP" not in as_(ada).get(address).content.decode(), address
    assert XPTransaction.objects.filter(user=ada).count() == 1


@pytest.mark.parametrize("chosen", [True, False])
def test_settings_say_that_the_school_hid_points_and_keep_the_choice(no_points, ada, as_, chosen):
    ada.profile.preferences = {"show_points": chosen}
    ada.profile.save()
    browser, address = as_(ada), "/settings/appearance/"
    page = browser.get(address).content.decode()
    assert "Your school hides points and streaks for everybody." in page
    assert "Show points and streaks" not in page
    [kept] = re.findall(r'<input type="hidden" name="show_points" value="(\w+)"', page)
    swapped = browser.post(
        address, {"theme": "dark", "show_points": kept}, headers={"HX-Request": "true"}
    )
    assert f'name="show_points" value="{kept}"' in swapped.content.decode()
    ada.profile.refresh_from_db()
    assert (ada.profile.preferences["show_points"], kept) == (chosen, str(chosen))
    Policy.objects.update(show_points=True)
    page = browser.get(address).content.decode()
    assert "Show points and streaks" in page
    assert "Your school hides" not in page


TRACES = re.compile(r"\bXP\b|streak|\blevel \d|badge|leaderboard|freeze", re.IGNORECASE)


@pytest.mark.parametrize("who", ["hides", "no_points"])
def test_nothing_on_any_page_of_a_learner_speaks_of_points(who, request, ada, as_, lessons):
    request.getfixturevalue(who)
    complete_lesson(ada, lessons[0])
    make_quiz(lessons[1].module)
    make_assignment(lessons[1].module)
    browser, seen, ahead = as_(ada), set(), ["/classroom/"]
    while ahead:
        address = ahead.pop()
        answer = browser.get(address)
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        page = re.sub(r"<link[^>]*>|<form[^>]*>|<style.*?</style>", "", answer.content.decode())
        assert not TRACES.search(page), (address, TRACES.search(page))
        found = re.findall(r'href="(/[^"#?]*)', page)
        new = {to for to in found if not to.startswith(ELSEWHERE)} - seen
        seen |= new
        ahead.extend(new)
    assert {"/progress/", HOME, LESSON} <= seen


@pytest.mark.parametrize("pays", [True, False])
def test_the_help_says_what_else_pays_where_it_does(ada, as_, pays, django_assert_num_queries):
    Policy.objects.create(bonuses_pay=pays)
    browser = as_(ada)
    assert (
        "100 XP and 2 for each of its lessons" in browser.get("/help/").content.decode()
    ) == pays
    with django_assert_num_queries(3):  # who looks, who they are, and the numbers of the frame
        browser.get("/help/")


def test_the_history_says_what_a_bonus_was_for(ada, as_, course):
    Policy.objects.create(bonuses_pay=True)
    data = {"title": "Python from zero", "url": HOME, "lessons": 3}
    record(ada, Event.Kind.COURSE_COMPLETED, f"course:{course.pk}", data)
    award_due(ada)
    page = as_(ada).get(HISTORY).content.decode()
    assert f'<a dir="auto" href="{HOME}">Python from zero</a>' in page
    assert "Course completed" in page
    assert "+106 XP" in page
    assert "Not on boards: they count learning alone" in page


def test_a_school_without_points_announces_none(no_points, ada, as_, lessons):
    answer = as_(ada).post(
        f"/lessons/{lessons[0].pk}/completion/", {"done": "1"}, headers={"HX-Request": "true"}
    )
    assert "complete" in answer["HX-Trigger"]
    assert "XP" not in answer["HX-Trigger"] + answer.content.decode()


def test_a_page_of_points_says_that_they_are_hidden_and_shows_them_again(hides, ada, as_):
    browser = as_(ada)
    page = browser.get(HISTORY).content.decode()
    assert "Show them again" in page
    answer = browser.post("/progress/points/", {"shown": "1", "next": HISTORY})
    assert (answer.status_code, answer["Location"]) == (303, HISTORY)
    assert "Show them again" not in browser.get(HISTORY).content.decode()


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "javascript:x", "foo", "foo.html", ""]
)
def test_showing_them_again_leads_nowhere_else(hides, ada, as_, back):
    answer = as_(ada).post("/progress/points/", {"shown": "1", "next": back})
    assert (answer.status_code, answer["Location"]) == (303, "/progress/")


def test_a_form_that_does_not_say_what_it_wants_changes_nothing(hides, ada, as_):
    assert as_(ada).post("/progress/points/", {}).status_code == 422
    ada.profile.refresh_from_db()
    assert ada.profile.preferences == {"show_points": False}


def test_a_guest_is_sent_to_sign_in(client, db):
    answer = client.post("/progress/points/", {"shown": "1"})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/progress/")

"""What staff give when our own fault took time: a new start, and days on which a streak waits."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils.timezone import now

from accounts.models import User
from gamification import challenges
from gamification.days import today_of
from gamification.models import ChallengeEntry, ChallengeRestart, Pause
from gamification.streak_choices import pause
from tests.conftest import make_person
from tests.gamification.contest_builders import (
    judge,
    make_entry,
    make_open_challenge,
    make_people,
    move,
)

ROOM = "/studio/gamification/"
STARTS = f"{ROOM}starts/sprint/"
WHY = "Our runner was away."


@pytest.fixture
def clerk(db):
    """On the staff, with no right of their own."""
    return make_person("kim@example.org", "Kim", role=User.Role.ADMIN)


@pytest.fixture
def challenge(course):
    return make_open_challenge(course)


@pytest.fixture
def entry(challenge, ada):
    return challenges.start(ada, challenge)


def text(answer):
    return " ".join(answer.content.decode().split())


def again(entry):
    return f"{ROOM}starts/{entry.pk}/again/"


def give(browser, entry, reason=WHY, **changes):
    given = {"reason": reason, "seen": entry.started_at.isoformat(), **changes}
    return browser.post(again(entry), given)


# ---- a new start --------------------------------------------------------------------------------


def test_the_list_of_challenges_leads_to_those_who_have_started(desk, entry):
    assert f'href="{STARTS}"' in text(desk.get(f"{ROOM}challenges/"))
    html = text(desk.get(STARTS))
    for told in ("Ada</bdi>", "0 of 2", "Running", f'href="{again(entry)}"'):
        assert told in html, told


def test_where_nobody_has_started_it_says_so(desk, challenge):
    assert "Nobody yet" in text(desk.get(STARTS))
    assert STARTS not in text(desk.get(f"{ROOM}challenges/"))


def test_a_new_start_is_given_with_a_reason_and_read(desk, as_, ada, root, challenge, entry):
    judge(ada, challenge.tasks.first().lesson)
    move(challenge, timedelta(hours=1))
    entry.refresh_from_db()
    page = text(desk.get(again(entry)))
    for told in ("A new start for <bdi>Ada</bdi>", "It cannot be taken back.", 'name="seen"'):
        assert told in page, told
    answer = give(desk, entry)
    assert (answer.status_code, answer.headers["Location"]) == (303, STARTS)
    found = ChallengeEntry.objects.get()
    assert found.deadline - now() > timedelta(minutes=44)
    assert found.solves.count() == 1
    html = text(desk.get(STARTS))
    for told in (
        "Ada starts again from now.",
        "1 of 2",
        "Running",
        f"New start by <bdi>Root</bdi>: {WHY}",
    ):
        assert told in html, told
    assert f"You were given a new start: {WHY}" in text(as_(ada).get("/challenges/sprint/"))


def test_a_form_that_comes_twice_gives_one(desk, entry):
    assert give(desk, entry).status_code == 303
    answer = give(desk, entry)
    assert answer.status_code == 409
    assert "has been given a new start meanwhile" in text(answer)
    assert ChallengeRestart.objects.count() == 1


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("", "Say why."),
        ("  ", "Say why."),
        ("x" * 301, "longer than 300"),
        ("a\ufffdb", "cannot be kept"),
    ],
)
def test_without_a_reason_nobody_starts_again(desk, entry, reason, words):
    answer = give(desk, entry, reason)
    assert answer.status_code == 422
    assert words in text(answer)
    assert not ChallengeRestart.objects.exists()


@pytest.mark.parametrize("seen", ["", "yesterday", "\x00", "9" * 60])
def test_a_form_that_was_tampered_with_breaks_nothing(desk, entry, seen):
    assert give(desk, entry, seen=seen).status_code in (303, 422)


def test_once_results_are_public_it_says_so_and_offers_nothing(desk, challenge, entry):
    move(challenge, timedelta(days=2))
    html = text(desk.get(STARTS))
    assert "nobody starts again" in html
    assert again(entry) not in html
    for answer in (desk.get(again(entry)), give(desk, ChallengeEntry.objects.get())):
        assert answer.status_code == 409
        assert "The results of this challenge are public. Nobody starts again." in text(answer)
    assert not ChallengeRestart.objects.exists()


def test_who_solved_every_task_is_offered_and_given_no_new_start(desk, ada, challenge, entry):
    first, last = (task.lesson for task in challenge.tasks.select_related("lesson__course"))
    judge(ada, first)
    assert again(entry) in text(desk.get(STARTS))
    judge(ada, last)
    assert again(entry) not in text(desk.get(STARTS))
    for answer in (desk.get(again(entry)), give(desk, entry)):
        assert answer.status_code == 409
        assert "This person has solved every task." in text(answer)
    assert not ChallengeRestart.objects.exists()


def test_the_question_says_whether_their_time_is_over(desk, challenge, entry):
    assert "and have until <time" in text(desk.get(again(entry)))
    move(challenge, timedelta(hours=1))
    assert "and had until <time" in text(desk.get(again(entry)))


def test_nobody_gives_a_new_start_to_themself(desk, root, challenge):
    own = challenges.start(root, challenge)
    assert again(own) not in text(desk.get(STARTS))
    for answer in (desk.get(again(own)), give(desk, own)):
        assert answer.status_code == 409
        assert "Nobody gives a new start to themself." in text(answer)
    assert not ChallengeRestart.objects.exists()


def test_the_right_to_give_one_is_one_of_its_own(as_, client, ada, bob, clerk, entry):
    assert give(client, entry).status_code == 302
    assert {as_(user).get(STARTS).status_code for user in (ada, bob)} == {404}
    assert give(as_(ada), entry).status_code == 404
    browser = as_(clerk)
    html = text(browser.get(STARTS))
    assert "Ada" in html
    assert again(entry) not in html
    assert [browser.get(again(entry)).status_code, give(browser, entry).status_code] == [403, 403]
    clerk.user_permissions.add(Permission.objects.get(codename="change_challengeentry"))
    assert again(entry) in text(browser.get(STARTS))
    assert give(browser, entry).status_code == 303


def test_the_list_takes_the_same_queries_for_one_and_for_many(
    desk, challenge, entry, root, django_assert_num_queries
):
    challenges.restart_entry(entry, root, WHY)
    desk.get(STARTS)
    with django_assert_num_queries(12):
        desk.get(STARTS)
    for person in make_people(30, listed=False):
        challenges.restart_entry(make_entry(challenge, person, [1]), root, WHY)
    with django_assert_num_queries(12):
        assert "?page=2" in text(desk.get(STARTS))


# ---- pauses -------------------------------------------------------------------------------------


def days(user, first=0, last=6):
    today = today_of(user)
    found = {"first": today + timedelta(days=first), "last": today + timedelta(days=last)}
    return {name: f"{day:%Y-%m-%d}" for name, day in found.items()}


def test_staff_give_a_pause_beyond_the_two_of_a_year(desk, as_, ada, root):
    for start in (40, 50):
        today = today_of(ada)
        pause(ada, today + timedelta(days=start), today + timedelta(days=start + 2))
    address = f"{ROOM}people/{ada.pk}/pauses/"
    assert f'href="{address}"' in text(desk.get(f"{ROOM}people/{ada.pk}/"))
    assert desk.post(address, days(ada)).status_code == 303
    given = Pause.objects.get(given_by=root)
    assert (given.user, given.last - given.first) == (ada, timedelta(days=6))
    html = text(desk.get(address))
    assert "The streak waits on these days." in html
    assert [html.count('Given by"><bdi>Root</bdi>'), html.count('Given by">Themself')] == [1, 2]
    assert "given by staff" in text(as_(ada).get("/progress/streak/"))


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [(-1, 3, "A pause begins today or later."), (3, 1, "The last day comes before the first."),
     (0, 30, "A pause has 30 days at most."), (400, 401, "A pause begins within a year.")],
)  # fmt: skip
def test_a_pause_that_cannot_be_is_refused_in_words(desk, ada, first, last, words):
    answer = desk.post(f"{ROOM}people/{ada.pk}/pauses/", days(ada, first, last))
    assert answer.status_code == 422
    assert words in text(answer)
    assert days(ada, first, last)["first"] in text(answer)
    assert not Pause.objects.exists()


@pytest.mark.parametrize("given", [{}, {"first": "soon", "last": "2026-02-30"}, {"first": "\x00"}])
def test_a_pause_without_dates_is_refused(desk, ada, given):
    answer = desk.post(f"{ROOM}people/{ada.pk}/pauses/", given)
    assert answer.status_code == 422
    assert "Enter a date." in text(answer)


def test_a_second_pause_on_the_same_days_is_refused(desk, ada):
    address = f"{ROOM}people/{ada.pk}/pauses/"
    answers = [desk.post(address, days(ada)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 422]
    assert "There is a pause on some of these days already." in text(answers[1])
    assert Pause.objects.count() == 1


def test_nobody_gives_a_pause_to_themself(desk, root):
    address = f"{ROOM}people/{root.pk}/pauses/"
    assert "Give the pause" not in text(desk.get(address))
    answer = desk.post(address, days(root))
    assert answer.status_code == 422
    assert "Nobody gives a pause to themself" in text(answer)
    assert not Pause.objects.exists()


def test_the_right_to_give_a_pause_is_one_of_its_own(as_, client, ada, bob, clerk):
    address = f"{ROOM}people/{ada.pk}/pauses/"
    assert client.get(address).status_code == 302
    assert as_(bob).post(address, days(ada)).status_code == 404
    browser = as_(clerk)
    assert address not in text(browser.get(f"{ROOM}people/{ada.pk}/"))
    answers = [browser.get(address), browser.post(address, days(ada))]
    assert {answer.status_code for answer in answers} == {403}
    clerk.user_permissions.add(Permission.objects.get(codename="add_pause"))
    assert browser.post(address, days(ada)).status_code == 303


def test_pauses_take_the_same_queries_however_many(desk, ada, django_assert_num_queries):
    address = f"{ROOM}people/{ada.pk}/pauses/"
    desk.get(address)
    with django_assert_num_queries(7):
        desk.get(address)
    for start in range(3):
        desk.post(address, days(ada, start * 9, start * 9 + 2))
    desk.get(address)
    with django_assert_num_queries(7):
        desk.get(address)

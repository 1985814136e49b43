"""The leaderboard: oneself first, few others, nobody who did not ask to be there."""

from datetime import timedelta

import pytest
from django.utils.formats import date_format
from django.utils.timezone import now

from accounts import preferences
from accounts.actions import set_preferences
from accounts.models import User
from courses.models import ProgrammingLanguage
from enrollments.actions import enroll
from gamification import boards
from gamification.board_windows import window_of
from gamification.models import BoardChoice, BoardRow, Policy, Season
from gamification.periods import week_of
from tests.gamification.board_people import learned_for, make_listed, make_multiplier, pay_lesson

ADDRESS = "/leaderboard/"


@pytest.fixture
def crowd(db):
    """Five people with 100, 80, 80, 50 and 20 points this week."""
    people = []
    for name, points in (("Cy", 100), ("Di", 80), ("Ed", 80), ("Flo", 50), ("Gil", 20)):
        people.append(make_listed(name))
        pay_lesson(people[-1], points)
    return people


def text(answer):
    return " ".join(answer.content.decode().split())


def test_a_guest_is_sent_to_sign_in(client):
    answer = client.get(f"{ADDRESS}?period=all")
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=/leaderboard/%3Fperiod%3Dall"


@pytest.mark.parametrize("pays", [True, False])
def test_it_says_what_counts(ada, as_, pays):
    Policy.objects.create(bonuses_pay=pays)
    page = text(as_(ada).get(ADDRESS))
    assert "Lessons and tasks of challenges" in page
    assert ("quizzes passed again count, once each" in page) == pays


def test_who_never_asked_sees_their_own_week_and_stands_nowhere(ada, as_, crowd, lessons):
    pay_lesson(ada, 240)
    answer = as_(ada).get(ADDRESS)
    assert "Your week: 240 points" in text(answer)
    assert "You are not on boards." in text(answer)
    assert "Ada" not in text(answer).split('id="board"')[1]
    assert not BoardRow.objects.get(user=ada, board__period="all").is_listed


def test_ties_share_a_place_and_the_next_one_is_left_out(as_, crowd):
    page = text(as_(crowd[4]).get(ADDRESS))
    near = page.split('id="near-title"')[1]
    lines = near.split("<tr")[2:7]
    assert [line.split('class="num">')[1].split("<")[0].strip() for line in lines] == list("12245")
    assert [">tied<" in line for line in lines] == [False, True, True, False, False]
    assert 'class="mine"' in near


def test_a_nickname_stands_in_place_of_the_name(as_, crowd):
    boards.choose(crowd[0], "NICKNAME", "Quiet  Fox")
    page = text(as_(crowd[4]).get(ADDRESS))
    assert "Quiet Fox" in page
    assert ">Cy<" not in page


def test_no_address_or_key_of_a_person_is_on_the_page(as_, crowd):
    page = as_(crowd[4]).get(ADDRESS).content.decode().split('id="board"')[1]
    for other in crowd[:4]:
        assert other.email not in page
        assert str(other.pk) not in page


def test_fewer_than_five_people_are_no_board(as_, crowd):
    boards.choose(crowd[0], "OFF")
    page = text(as_(crowd[4]).get(ADDRESS))
    assert "Fewer than 5 people" in page
    assert "Di" not in page


def test_nobody_has_points_yet(ada, as_):
    assert "Nobody has points yet" in text(as_(ada).get(ADDRESS))


def test_leaving_is_at_once_and_everywhere(as_, crowd, db):
    pay_lesson(make_listed("Hal"), 10)
    browser = as_(crowd[0])
    answer = browser.post("/leaderboard/choice/", {"shown": "OFF", "scope": "gone-since"})
    assert answer.status_code == 303
    assert not BoardRow.objects.filter(user=crowd[0], is_listed=True).exists()
    assert ">Cy<" not in text(as_(crowd[4]).get(f"{ADDRESS}?period=all")).split('id="board"')[1]


@pytest.mark.parametrize(
    "change",
    [
        {"is_active": False},
        {"is_active": False, "deleted_at": now()},
        {"is_minor": True},
        {"role": User.Role.ADMIN},
    ],
)
def test_who_may_not_be_listed_is_gone_before_the_sweep_comes(as_, crowd, change):
    pay_lesson(make_listed("Hal"), 10)
    User.objects.filter(pk=crowd[0].pk).update(**change)
    assert ">Cy<" not in text(as_(crowd[4]).get(ADDRESS))


def test_joining_with_a_nickname(ada, as_, lessons):
    learned_for(ada)
    answer = as_(ada).post("/leaderboard/choice/", {"shown": "NICKNAME", "nickname": " Owl "})
    assert answer.status_code == 303
    assert answer["Location"] == "/leaderboard/?period=week&scope=school"
    choice = BoardChoice.objects.get(user=ada)
    assert (choice.shown, choice.nickname, choice.is_listed) == ("NICKNAME", "Owl", True)
    assert "Others see you as <strong><bdi>Owl</bdi></strong>." in text(as_(ada).get(ADDRESS))


def test_who_has_learned_on_fewer_days_waits(ada, as_):
    as_(ada).post("/leaderboard/choice/", {"shown": "NAME"})
    assert not BoardChoice.objects.get(user=ada).is_listed
    page = text(as_(ada).get(ADDRESS))
    assert "learned on three days. Others will see you as <strong><bdi>Ada</bdi></strong>." in page


@pytest.mark.parametrize(
    "given",
    [
        {"shown": "NICKNAME", "nickname": ""},
        {"shown": "NICKNAME", "nickname": "  "},
        {"shown": "NICKNAME", "nickname": "a\u202eb"},
        {"shown": "NICKNAME", "nickname": "a\x00b"},
        {"shown": "NICKNAME", "nickname": "x" * 41},
        {"shown": "NICKNAME", "nickname": "T3acher"},
        {"shown": "NICKNAME", "nickname": "cy"},
        {"shown": "NICKNAME", "nickname": "rOOt"},
        {"shown": "EVERYBODY"},
        {},
    ],
)
def test_a_bad_choice_is_refused_with_the_form(ada, as_, crowd, root, given):
    answer = as_(ada).post("/leaderboard/choice/", given)
    assert answer.status_code == 422
    assert "Error: " in text(answer)
    assert not BoardChoice.objects.filter(user=ada).exists()


def test_a_nickname_belongs_to_one_person(ada, bob, as_):
    boards.choose(bob, "NICKNAME", "Owl")
    answer = as_(ada).post("/leaderboard/choice/", {"shown": "NICKNAME", "nickname": "oWL"})
    assert answer.status_code == 422
    assert "This nickname is not available." in text(answer)


def test_staff_and_minors_cannot_join(ada, root, as_):
    User.objects.filter(pk=ada.pk).update(is_minor=True)
    for user in (ada, root):
        assert as_(user).post("/leaderboard/choice/", {"shown": "NAME"}).status_code == 422
        assert as_(user).post("/leaderboard/choice/", {"shown": "OFF"}).status_code == 303
    assert "Your school has marked this account" in text(as_(ada).get(ADDRESS))


def test_boards_of_courses_are_for_those_who_are_in_them(ada, bob, as_, course):
    course.language = ProgrammingLanguage.objects.create(name="Python", slug="python")
    course.save()
    for scope in ("python-basics", "python", "school"):
        assert as_(ada).get(f"{ADDRESS}?scope={scope}").status_code == 200
    assert as_(bob).get(f"{ADDRESS}?scope=python-basics").status_code == 404
    assert as_(bob).get(f"{ADDRESS}?scope=python").status_code == 404


def test_within_a_sentence_only_the_words_of_the_site_are_small(as_, crowd, course):
    course.title = "Python from Zero"
    course.language = ProgrammingLanguage.objects.create(name="Python", slug="python")
    course.save()
    Season.objects.create(
        slug="may", title="May in Rome", starts_at=now() - timedelta(days=9),
        ends_at=now() + timedelta(days=60),
    )  # fmt: skip
    for person in crowd:
        enroll(person, course)
        pay_lesson(person, 10, course_id=course.pk)
    page = as_(crowd[4])
    of_course = text(page.get(f"{ADDRESS}?period=season&scope=python-basics"))
    assert "May in Rome: Python from Zero</h2>" in of_course
    assert "The first three: May in Rome, Python from Zero</caption>" in of_course
    of_language = text(page.get(f"{ADDRESS}?period=all&scope=python"))
    assert "All time: all Python courses</h2>" in of_language
    assert "The first three: all time, all Python courses</caption>" in of_language
    week = week_of(now() - timedelta(weeks=1))
    of_week = window_of(week.name, now())
    start = date_format(week.starts_at, "j F Y")
    assert (of_week.title, of_week.within) == (f"Week from {start}", f"week from {start}")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("period=nonsense", 404),
        ("period=2026-W99", 404),
        ("period=9999-W52", 404),
        ("period=9998-W01", 404),
        ("period=%00", 400),
        ("scope=%F0%9F%90%8D", 404),
        ("scope=" + "x" * 3000, 404),
        ("page=-1&limit=NaN&order_by=password", 200),
        ("period=&scope=", 200),
    ],
)
def test_odd_queries(ada, as_, query, status):
    assert as_(ada).get(f"{ADDRESS}?{query}").status_code == status


def test_last_week_is_there_and_says_whether_it_is_final(ada, as_, crowd):
    week = week_of(now())
    for before, said in ((1, "Late results count until|These results are final"), (2, "final")):
        name = week_of(week.starts_at - timedelta(weeks=before)).name
        page = text(as_(ada).get(f"{ADDRESS}?period={name}"))
        assert any(part in page for part in said.split("|"))


def test_the_season_has_a_board_while_it_goes_on(ada, as_, crowd):
    assert "There is no season now" in text(as_(ada).get(f"{ADDRESS}?period=season"))
    Season.objects.create(
        slug="spring", title="Spring", starts_at=now() - timedelta(days=9),
        ends_at=now() + timedelta(days=60),
    )  # fmt: skip
    for person in crowd:
        pay_lesson(person, 10)
    page = text(as_(crowd[4]).get(f"{ADDRESS}?period=season"))
    assert "Spring: the whole school" in page
    assert "The first three" in page


def test_htmx_gets_the_board_alone(ada, as_, crowd):
    answer = as_(ada).get(ADDRESS, headers={"HX-Request": "true"})
    assert text(answer).startswith('<div class="stack loose" id="board">')
    assert answer["Cache-Control"] == "no-store, private"
    assert "HX-Request" in answer["Vary"]


def test_switched_off_by_the_school_there_are_none(ada, as_):
    assert f'href="{ADDRESS}"' in text(as_(ada).get("/progress/"))
    Policy.objects.create(boards=False)
    assert as_(ada).get(ADDRESS).status_code == 404
    for address in ("/progress/", "/seasons/", "/classroom/"):
        assert f'href="{ADDRESS}"' not in text(as_(ada).get(address))


@pytest.mark.parametrize("off", [{"boards": False}, {"show_points": False}, {}])
def test_leaving_goes_through_whatever_is_hidden_and_leads_to_a_page(as_, crowd, off):
    if off:
        Policy.objects.create(**off)
    else:
        set_preferences(crowd[0], show_points=False)
    browser = as_(crowd[0])
    answer = browser.post("/leaderboard/choice/", {"shown": "OFF"})
    assert (answer.status_code, answer["Location"]) == (303, "/progress/")
    assert browser.get("/progress/").status_code == 200
    assert BoardChoice.objects.get(user=crowd[0]).shown == "OFF"


def test_a_choice_is_kept_where_the_school_shows_no_boards(ada, as_, lessons):
    Policy.objects.create(boards=False)
    answer = as_(ada).post("/leaderboard/choice/", {"shown": "NAME"})
    assert (answer.status_code, answer["Location"]) == (303, "/progress/")
    assert BoardChoice.objects.get(user=ada).shown == "NAME"


@pytest.mark.parametrize("address", ["/progress/points/", "/settings/appearance/"])
def test_hiding_points_takes_somebody_off_at_once_and_showing_them_lists_them(as_, crowd, address):
    pay_lesson(make_listed("Hal"), 10)
    browser, form = as_(crowd[0]), {"shown": "0"}
    if "settings" in address:
        form = {**preferences.complete({}), "show_points": ""}
    assert browser.post(address, form).status_code in (200, 302, 303)
    choice = BoardChoice.objects.get(user=crowd[0])
    assert (choice.shown, choice.is_listed) == ("NAME", False)
    assert not BoardRow.objects.filter(user=crowd[0], is_listed=True).exists()
    assert boards.list_those_who_changed() == 0
    assert ">Cy<" not in text(as_(crowd[4]).get(ADDRESS))
    browser.post("/progress/points/", {"shown": "1"})
    assert BoardChoice.objects.get(user=crowd[0]).is_listed
    assert ">Cy<" in text(as_(crowd[4]).get(ADDRESS))


def test_the_usual_week_is_the_median_of_four(ada, as_, lessons):
    monday = week_of(now()).starts_at
    for weeks, points in ((1, 10), (2, 30), (4, 80)):
        pay_lesson(ada, points, at=monday - timedelta(weeks=weeks) + timedelta(hours=1))
    assert "Your usual week: 20" in text(as_(ada).get(ADDRESS))


@pytest.mark.parametrize(
    ("weeks", "told"),
    [
        (0, "There is no usual week to compare it with yet."),
        (1, "Your usual week: 80, the one before, in which you began."),
        (3, "Your usual week: 80, the median of the three since you began."),
        (4, "Your usual week: 55, the median of the last four."),
    ],
)
def test_weeks_before_somebody_joined_are_none_of_theirs(ada, as_, lessons, weeks, told):
    """Who learns for three weeks has a usual week of three, and no weeks of nothing before it."""
    joined = week_of(now()).starts_at - timedelta(weeks=weeks) + timedelta(hours=1)
    User.objects.filter(pk=ada.pk).update(date_joined=joined)
    for number, points in enumerate((80, 90, 10, 30)[:weeks], start=1):
        pay_lesson(ada, points, at=joined + timedelta(weeks=weeks - number, hours=1))
    assert told in text(as_(ada).get(ADDRESS))


def test_a_board_takes_a_fixed_number_of_queries(crowd, as_, django_assert_max_num_queries):
    browser = as_(crowd[4])
    with django_assert_max_num_queries(15):
        browser.get(ADDRESS)
    for number in range(8):
        pay_lesson(make_listed(f"More {number}"), 10 * number + 10)
    with django_assert_max_num_queries(15):
        browser.get(ADDRESS)


def test_names_are_shown_as_text(as_, crowd):
    User.objects.filter(pk=crowd[0].pk).update(name="<img src=x>")
    page = as_(crowd[4]).get(ADDRESS).content.decode()
    assert "&lt;img src=x&gt;" in page
    assert "<img src=x>" not in page


def test_when_it_ends_is_told_by_both_clocks(ada, as_, crowd):
    User.objects.filter(pk=ada.pk).update(timezone="Asia/Kolkata")
    end = week_of(now()).ends_at
    page = text(as_(ada).get(ADDRESS))
    assert f"{end:%a} {end.day} {end:%b}, 00:00 UTC" in page
    assert "05:30 for you" in page


def test_times_in_which_learning_pays_more_are_told_beforehand(ada, root, as_):
    make_multiplier(root, "1.5", begins=timedelta(days=2), title="Autumn weekend")
    for address in (ADDRESS, "/progress/"):
        assert "<strong>Autumn weekend</strong>: XP × 1.5" in text(as_(ada).get(address))
    set_preferences(ada, show_points=False)
    assert "Autumn weekend" not in text(as_(ada).get("/progress/"))

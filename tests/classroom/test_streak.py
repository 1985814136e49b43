"""The page of the streak, what is chosen there, and the goal of the week."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import set_preferences
from accounts.models import User
from classroom.pages.streak import what_happened
from gamification.days import FACTS, clock_of, note_day, streak_of
from gamification.models import Pause, Repair, RestRule, WeeklyGoal
from progress.actions import complete_lesson

PAGE = "/progress/streak/"
DAY = timedelta(days=1)
# A Wednesday.
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def learn(ada):
    def note(*numbers):
        for number in numbers:
            note_day(ada, NOON + number * DAY)

    return note


def page_of(browser, address=PAGE):
    answer = browser.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_every_day_is_explained(ada, as_, learn, wednesday):
    learn(-3, -1)
    page = page_of(as_(ada))
    assert '<td class="is-frozen"><time datetime="2026-03-02">2</time><span>freeze</span>' in page
    assert 'aria-current="date"><time datetime="2026-03-04">4</time><span>not yet</span>' in page
    assert (
        "<dt>freeze</dt><dd>No work that day. One freeze carried the streak over it.</dd>" in page
    )
    assert "It lasts until the end of Wednesday, 4 March." in page
    assert "0 of 2 freezes" in page


def test_who_has_a_freeze_is_not_told_that_the_streak_ends_without_it(ada, as_, learn):
    learn(-1)
    page = page_of(as_(ada))
    assert "The next day that needs work is Wednesday, 4 March; a freeze would carry it." in page
    assert "It lasts until" not in page


def test_a_person_without_days_is_told_how_one_is_made(ada, as_):
    page = page_of(as_(ada))
    assert "No streak at the moment" in page
    assert 'id="streak-pill" hidden' in page


def test_a_freeze_and_an_end_are_told_without_blame(ada, as_, learn, wednesday):
    learn(-3, -2)
    assert "Yesterday used one freeze. Streak still 2. 0 left." in page_of(as_(ada))
    wednesday.move_to(NOON + DAY)
    told = "Your 2-day streak ended. Best so far: 2. Next lesson is ready."
    assert told in page_of(as_(ada))
    assert told in page_of(as_(ada), "/classroom/")
    wednesday.move_to(NOON + 4 * DAY)
    assert told not in page_of(as_(ada))


@pytest.mark.parametrize(
    ("hour", "starts_at", "told"),
    [
        (17, 0, ""),
        (18, 0, "Anything you finish by midnight keeps your 2 days. A freeze would cover today."),
        (23, 0, "Anything you finish by midnight keeps your 2 days. A freeze would cover today."),
        (24, 0, "Yesterday used one freeze. Streak still 2. 0 left."),
        (17, 3, ""),
        (26, 3, "Anything you finish by 3:00 keeps your 2 days. A freeze would cover today."),
    ],
)
def test_in_the_evening_a_page_says_that_today_is_open(
    ada, as_, learn, wednesday, settings, hour, starts_at, told
):
    learn(-2, -1)
    settings.DAY_STARTS_AT = starts_at
    wednesday.move_to(NOON.replace(hour=0) + timedelta(hours=hour))
    news = what_happened(streak_of(ada), clock_of(ada))
    assert news == told
    assert told in page_of(as_(ada), "/classroom/")


def test_a_day_that_is_done_or_worth_nothing_is_not_spoken_of(ada, learn, wednesday):
    wednesday.move_to(NOON.replace(hour=20))
    learn(-1)
    assert what_happened(streak_of(ada), clock_of(ada)) == ""
    learn(0)
    assert what_happened(streak_of(ada), clock_of(ada)) == ""


def test_who_has_no_freeze_is_told_of_none(ada, learn, wednesday):
    learn(-4, -3, -1)
    wednesday.move_to(NOON.replace(hour=20))
    told = "Anything you finish by midnight keeps your 3 days."
    assert what_happened(streak_of(ada), clock_of(ada)) == told


def test_who_hides_points_is_not_told_in_the_evening(ada, as_, learn, wednesday):
    learn(-2, -1)
    wednesday.move_to(NOON.replace(hour=20))
    set_preferences(ada, show_points=False)
    assert "keeps your" not in page_of(as_(ada), "/classroom/")


@pytest.mark.parametrize(
    ("month", "shown"),
    [("2026-02", "February 2026"), ("2099-01", "March 2026"), ("x", "March 2026"),
     ("2026-13", "March 2026"), ("0001-01", "February 2026"), ("2026-W1", "March 2026"),
     ("0000-00", "March 2026"), ("２０２６-02", "March 2026")],
)  # fmt: skip
def test_an_address_names_a_month(ada, as_, learn, month, shown):
    learn(-20)
    assert f'<h2 id="month-title">{shown}' in page_of(as_(ada), f"{PAGE}?month={month}")


def test_the_page_costs_the_same_for_a_day_and_for_years(ada, as_, learn):
    browser, costs = as_(ada), []
    for numbers in ([0], range(-400, 0)):
        learn(*numbers)
        browser.get(PAGE)
        with CaptureQueriesContext(connection) as counted:
            browser.get(PAGE)
        costs.append(len(counted))
    assert costs[0] == costs[1] <= 8


def test_rest_days_hold_at_once_and_a_change_from_monday_on(ada, as_, wednesday):
    browser = as_(ada)
    assert browser.post(f"{PAGE}rest/", {"weekdays": ["6", "7"]})["Location"] == PAGE
    wednesday.move_to(NOON + DAY)
    browser.post(f"{PAGE}rest/", {"weekdays": ["1"]})
    rules = RestRule.objects.filter(user=ada).values_list("from_date", "weekdays")
    assert list(rules) == [(date(2026, 3, 4), 0b1100000), (date(2026, 3, 9), 0b0000001)]
    assert "These hold from Monday, 9 March on." in page_of(browser)


@pytest.mark.parametrize("weekdays", [["1", "2", "3"], ["8"], ["0"], ["x"], ["1.5"], ["-1"]])
def test_no_more_than_two_days_of_the_week_are_for_rest(ada, as_, weekdays):
    answer = as_(ada).post(f"{PAGE}rest/", {"weekdays": weekdays})
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert not RestRule.objects.exists()


def test_a_pause_is_planned_and_ended(ada, as_, learn, wednesday):
    learn(-1, 0)
    browser = as_(ada)
    browser.post(f"{PAGE}pause/", {"first": "2026-03-05", "last": "2026-03-20"})
    found = Pause.objects.get(user=ada)
    assert streak_of(ada).alive_until == date(2026, 3, 21)
    wednesday.move_to(NOON + 4 * DAY)
    assert "End it now" in page_of(browser)
    browser.post(f"{PAGE}pause/{found.pk}/", {"ended": "1"})
    found.refresh_from_db()
    assert found.last == date(2026, 3, 7)
    assert streak_of(ada).alive_until == date(2026, 3, 8)


def test_a_pause_that_has_not_begun_can_be_taken_away(ada, as_):
    browser = as_(ada)
    browser.post(f"{PAGE}pause/", {"first": "2026-03-05", "last": "2026-03-06"})
    browser.post(f"{PAGE}pause/{Pause.objects.get().pk}/", {"ended": "1"})
    assert not Pause.objects.exists()


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("2026-03-03", "2026-03-10", "begins today or later"),
        ("2026-03-10", "2026-03-09", "comes before the first"),
        ("2026-03-10", "2026-04-09", "30 days at most"),
        ("2027-04-01", "2027-04-02", "within a year"),
        ("9999-12-31", "9999-12-31", "within a year"),
        ("2026-02-30", "2026-03-10", "Enter a date"),
        ("", "", "Enter the first day"),
        ("<b>", "\x00", "Enter a date"),
    ],
)
def test_a_pause_that_cannot_be_is_refused_and_said_why(ada, as_, first, last, told):
    answer = as_(ada).post(f"{PAGE}pause/", {"first": first, "last": last})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Pause.objects.exists()


def test_two_pauses_a_year_and_never_two_at_once(ada, as_, root):
    browser = as_(ada)
    Pause.objects.create(user=ada, first="2026-08-01", last="2026-08-02", given_by=root)
    for first, last, status in (
        ("2026-04-01", "2026-04-10", 303),
        ("2026-04-10", "2026-04-12", 422),
        ("2026-05-01", "2026-05-02", 303),
        ("2026-06-01", "2026-06-02", 422),
        ("2027-01-01", "2027-01-30", 303),
    ):
        answer = browser.post(f"{PAGE}pause/", {"first": first, "last": last})
        assert answer.status_code == status, first


def test_nobody_ends_the_pause_of_another(ada, bob, as_):
    found = Pause.objects.create(user=bob, first="2026-03-04", last="2026-03-09")
    assert as_(ada).post(f"{PAGE}pause/{found.pk}/", {"ended": "1"}).status_code == 404
    assert Pause.objects.filter(pk=found.pk).exists()


def test_who_finishes_a_lesson_in_time_is_offered_to_go_on(ada, as_, learn, lessons):
    learn(*range(-12, -4), 0)
    browser = as_(ada)
    assert "Take it up again" not in page_of(browser)
    browser.post(f"{PAGE}repair/")
    assert not Repair.objects.exists()
    complete_lesson(ada, lessons[0])
    assert "after your streak of 8 days ended" in page_of(browser)
    assert streak_of(ada).length == 1
    browser.post(f"{PAGE}repair/")
    assert (streak_of(ada).length, streak_of(ada).best) == (9, 9)
    assert "Take it up again" not in page_of(browser)
    assert browser.post(f"{PAGE}repair/").status_code == 303
    assert Repair.objects.count() == 1
    assert "Your streak goes on: 9 days of learning." in page_of(browser)
    assert "There is no streak to take up" not in page_of(browser)


def test_nothing_is_taken_up_that_did_not_end(ada, as_, learn):
    learn(-1, 0)
    assert as_(ada).post(f"{PAGE}repair/").status_code == 303
    assert not Repair.objects.exists()


@pytest.mark.parametrize("name", ["streak_rest", "streak_pause", "streak_repair"])
def test_a_guest_is_sent_to_sign_in_and_then_to_the_page(client, db, name):
    answer = client.post(reverse(f"classroom:{name}"))
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={PAGE}")
    assert client.get(reverse(f"classroom:{name}")).status_code == 405


@pytest.mark.parametrize(("typed", "kept"), [("5", 5), ("0", 0), ("100", 100)])
def test_a_goal_is_set_for_this_week_and_on(ada, as_, typed, kept):
    browser = as_(ada)
    answer = browser.post("/progress/goal/", {"lessons": typed}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "Goal saved." in answer["HX-Trigger"]
    goal = WeeklyGoal.objects.get(user=ada)
    assert (goal.lessons, goal.from_week) == (kept, date(2026, 3, 2))


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_from_friday_on_a_goal_is_set_for_the_next_week(ada, as_, lessons, wednesday, headers):
    """Otherwise it would be met by what is done already."""
    browser = as_(ada)
    complete_lesson(ada, lessons[0])
    wednesday.move_to(NOON + 2 * DAY)
    answer = browser.post("/progress/goal/", {"lessons": "1"}, headers=headers)
    said = answer["HX-Trigger"] if headers else page_of(browser, "/progress/")
    assert "It holds from Monday, 9 March on." in said
    page = page_of(browser, "/progress/")
    assert "From Monday, 9 March on: 1 lesson a week." in page
    assert "Your goal is met." not in page
    assert 'value="1"' in page
    browser.post("/progress/goal/", {"lessons": "2"})
    wednesday.move_to(NOON + 5 * DAY)
    assert "0 of 2 lessons this week" in page_of(browser, "/progress/")


def test_a_goal_is_taken_away_at_once_on_any_day(ada, as_, wednesday):
    browser = as_(ada)
    browser.post("/progress/goal/", {"lessons": "3"})
    wednesday.move_to(NOON + 2 * DAY)
    for typed in ("5", "0"):
        browser.post("/progress/goal/", {"lessons": typed})
    goals = WeeklyGoal.objects.filter(user=ada).values_list("from_week", "lessons")
    assert list(goals) == [(date(2026, 3, 2), 0)]


@pytest.mark.parametrize("typed", ["-1", "101", "", "2.5", "many", "1e2", "9" * 30, "\x00"])
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_goal_out_of_bounds_is_refused(ada, as_, typed, headers):
    answer = as_(ada).post("/progress/goal/", {"lessons": typed}, headers=headers)
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert not WeeklyGoal.objects.exists()


@pytest.mark.parametrize(
    ("weeks", "bars", "heading", "told"),
    [
        (0, 1, "Your first weeks", "Lessons you finish are counted here"),
        (1, 2, "1 this week, 1 in a usual one",
         "beside the week before. There are no earlier ones: you began then."),
        (2, 3, "1 this week, 1 in a usual one",
         "the middle one of your two weeks before. There are no earlier ones: you began then."),
        (4, 5, "1 this week, 0.5 in a usual one", "the middle one of your four weeks before."),
        (7, 5, "1 this week, 0.5 in a usual one", "the middle one of your four weeks before."),
    ],
)  # fmt: skip
def test_weeks_before_somebody_joined_are_neither_drawn_nor_counted(
    ada, as_, lessons, wednesday, weeks, bars, heading, told
):
    User.objects.filter(pk=ada.pk).update(date_joined=NOON - weeks * 7 * DAY)
    done = [weeks, 1, 0] if weeks == 4 else [min(weeks, 2), min(weeks, 1), 0]
    for lesson, before in zip(lessons, sorted(set(done), reverse=True), strict=False):
        wednesday.move_to(NOON - before * 7 * DAY)
        complete_lesson(ada, lesson)
    page = page_of(as_(ada), "/progress/")
    assert heading in page
    assert told in page
    assert page.count("<rect") == bars


def test_the_week_stands_beside_ones_own_four(ada, as_, lessons, wednesday):
    for lesson, weeks in zip(lessons, (3, 1, 1, 0), strict=True):
        wednesday.move_to(NOON - weeks * 7 * DAY)
        complete_lesson(ada, lesson)
    as_(ada).post("/progress/goal/", {"lessons": "1"})
    page = page_of(as_(ada), "/progress/")
    assert "1 this week, 0.5 in a usual one" in page
    assert "Your goal is met." in page
    assert (
        "3 days of learning in the last 53 weeks, most on 25 February 2026: 2 things done." in page
    )
    assert page.count("<rect") == 5
    days = page.partition("The same as a table")[2].partition("</table>")[0]
    told = [f'<time datetime="2026-{day}">' for day in ("03-04", "02-25", "02-11")]
    assert [days.count(one) for one in told] == [1, 1, 1]
    assert sorted(told, key=days.index) == told
    assert days.count("<tr>") == 4


def test_a_completion_answers_with_the_streak(ada, as_, lessons):
    answer = as_(ada).post(
        f"/lessons/{lessons[0].pk}/completion/", {"done": "1"}, headers={"HX-Request": "true"}
    )
    page = answer.content.decode()
    assert '<span id="streak-pill" hx-swap-oob="true"><a class="pill spark"' in page
    assert '1<span class="visually-hidden"> day streak' in page


OWN_INDEXES = ("active_day_once", "rest_rule_once", "pause_once", "repair_once")


def test_the_facts_come_by_the_persons_own_rows(ada):
    """Not one table is read through: each is asked by an index that begins with the person."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {FACTS}", {"user": ada.pk})
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan" not in plan
    assert all(index in plan for index in OWN_INDEXES)


def test_the_pages_of_progress_ask_for_the_persons_own_rows(ada, as_, learn):
    learn(0)
    for address in ("/progress/", "/progress/history/", PAGE):
        browser = as_(ada)
        with CaptureQueriesContext(connection) as counted:
            browser.get(address)
        everybodys = ("policy", 'FROM "gamification_multiplier"')
        for query in counted:
            if any(name in query["sql"] for name in everybodys):
                continue
            if 'FROM "gamification_' in query["sql"]:
                assert ada.pk.hex in query["sql"].replace("-", ""), query["sql"]

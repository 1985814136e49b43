"""The pages of seasons: the goal first, a place only for those on boards, results that stay."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from accounts.models import User
from gamification import boards, seasons
from gamification.models import BoardChoice, Policy, Season, SeasonGoal
from tests.gamification.contest_builders import (
    DAY,
    earn,
    learn_on,
    list_person,
    make_open_season,
    make_past_season,
    make_people,
)


def page_of(browser, address, status=200):
    answer = browser.get(address)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def cost_of(browser, address):
    browser.get(address)
    with CaptureQueriesContext(connection) as counted:
        assert browser.get(address).status_code == 200
    return len(counted)


def test_a_school_without_seasons_says_so(as_, bob):
    assert "No seasons yet" in page_of(as_(bob), "/seasons/")


def test_the_list_tells_what_is_on_and_how_the_past_ended(as_, bob):
    past, on = make_past_season(), make_open_season()
    Season.objects.create(
        slug="next", title="Next one", starts_at=on.ends_at, ends_at=on.ends_at + DAY * 80
    )
    for points in (1000, 234):
        earn(bob, points, past.starts_at)
    learn_on(bob, past.first_date)
    SeasonGoal.objects.create(user=bob, season=past, days=1)
    assert "provisional" in page_of(as_(bob), "/seasons/")
    seasons.close_season(past)
    page = page_of(as_(bob), "/seasons/")
    for told in ("On now", "Autumn", "Coming", "Next one", "Past", "1 day, reached", "1,234"):
        assert told in page, told
    assert "provisional" not in page


def test_the_list_costs_the_same_for_one_season_and_for_many(as_, bob):
    make_past_season()
    browser = as_(bob)
    few = cost_of(browser, "/seasons/")
    for number in range(8):
        seasons.close_season(make_past_season(f"s{number}", ended=50 + 30 * number))
    assert cost_of(browser, "/seasons/") == few <= 7


def test_a_goal_is_set_changed_and_taken_away(as_, bob):
    season = make_open_season()
    address, browser = season.get_absolute_url(), as_(bob)
    assert 'value="24"' in page_of(browser, address)
    for days, kept in (("20", 20), ("12", 12), ("0", None)):
        assert browser.post(f"{address}goal/", {"days": days}).status_code == 303
        found = SeasonGoal.objects.filter(user=bob).values_list("days", flat=True).first()
        assert found == kept
    learn_on(bob, season.first_date, season.first_date + DAY)
    browser.post(f"{address}goal/", {"days": "12"})
    page = page_of(browser, address)
    assert "<strong>2 of 12</strong> active days" in page
    assert "Change goal" in page


@pytest.mark.parametrize(
    "days", ["", "00", "3", "29", "-5", "1e3", "999999999999", "many", "٢٠", "2.5"]
)
def test_a_goal_that_makes_no_sense_is_refused_with_the_bounds(as_, bob, days):
    season = make_open_season(days=28)
    answer = as_(bob).post(f"{season.get_absolute_url()}goal/", {"days": days})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose from 4 to 28 days." in page
    assert "<title>Error: " in page
    assert not SeasonGoal.objects.exists()


def test_a_form_that_says_nothing_takes_no_goal_away(as_, bob):
    season = make_open_season(days=28)
    SeasonGoal.objects.create(user=bob, season=season, days=12)
    answer = as_(bob).post(f"{season.get_absolute_url()}goal/", {})
    assert answer.status_code == 422
    assert "Choose from 4 to 28 days." in answer.content.decode()
    assert SeasonGoal.objects.get().days == 12


def test_one_day_is_a_day(as_, bob):
    season = make_open_season(begun=1, days=7)
    browser = as_(bob)
    browser.post(f"{season.get_absolute_url()}goal/", {"days": "1"})
    assert "Goal set: 1 day." in page_of(browser, season.get_absolute_url())


def test_a_goal_stays_once_half_is_over(as_, bob):
    season = make_open_season(begun=15, days=28)
    SeasonGoal.objects.create(user=bob, season=season, days=12)
    answer = as_(bob).post(f"{season.get_absolute_url()}goal/", {"days": "4"})
    assert answer.status_code == 409
    assert "Half of the season is over" in answer.content.decode()
    assert SeasonGoal.objects.get().days == 12
    assert "Change goal" not in page_of(as_(bob), season.get_absolute_url())


def test_a_place_is_told_to_those_on_boards_alone(as_, db):
    season = make_open_season()
    people = make_people(6)
    for number, person in enumerate(people):
        earn(person, 30 - number, now())
    address = season.get_absolute_url()
    assert "Place 2 among those on boards, as of now." in page_of(as_(people[1]), address)
    boards.choose(people[1], BoardChoice.Shown.OFF)
    page = page_of(as_(people[1]), address)
    assert "Place" not in page
    assert "You are on no board" in page
    assert 'href="/leaderboard/"' in page
    assert 'href="/leaderboard/choice/"' not in page
    Policy.objects.create(boards=False)
    assert "Place" not in page_of(as_(people[0]), address)
    assert "You are on no board" not in page_of(as_(people[1]), address)
    assert "<strong>29</strong> points" in page


def test_results_are_provisional_and_then_final(as_, db):
    season = make_past_season(ended=13)
    people = make_people(6)
    for number, person in enumerate(people):
        earn(person, 60 - 10 * (number // 2), season.starts_at)
    address = season.get_absolute_url()
    page = page_of(as_(people[0]), address)
    assert "Provisional until" in page
    assert "Final since" not in page
    Season.objects.update(
        starts_at=season.starts_at - 2 * DAY,
        ends_at=season.ends_at - 2 * DAY,
    )
    seasons.close_season(season)
    boards.choose(people[5], BoardChoice.Shown.OFF)
    page = page_of(as_(people[2]), address)
    assert "Final since" in page
    assert page.count("tied</span>") == 6
    assert page.count("Private learner") == 1
    assert people[5].name not in page
    assert "(you)" in page


@pytest.mark.parametrize(
    "change",
    [
        {"is_active": False},
        {"is_active": False, "deleted_at": now()},
        {"is_minor": True},
        {"role": User.Role.ADMIN},
    ],
)
def test_who_may_not_be_seen_has_no_name_in_results_before_the_sweep_comes(as_, db, change):
    season = make_past_season()
    people = make_people(6)
    for person in people:
        earn(person, 10, season.starts_at)
    seasons.close_season(season)
    User.objects.filter(pk=people[5].pk).update(**change)
    page = page_of(as_(people[0]), season.get_absolute_url())
    assert people[5].name not in page
    assert page.count("Private learner") == 1


def test_a_school_without_boards_shows_no_places_of_a_season(as_, db):
    season = make_past_season()
    people = make_people(6)
    for person in people:
        earn(person, 10, season.starts_at)
    seasons.close_season(season)
    Policy.objects.create(boards=False)
    page = page_of(as_(people[0]), season.get_absolute_url())
    assert people[1].name not in page
    assert "Place" not in page
    assert "<strong>10</strong> points" in page


def test_few_people_make_no_list(as_, db):
    season = make_past_season()
    people = make_people(4)
    for person in people:
        earn(person, 10, season.starts_at)
    seasons.close_season(season)
    page = page_of(as_(people[0]), season.get_absolute_url())
    assert "Fewer than 5 people are on boards" in page
    assert people[1].name not in page
    assert "Place" not in page


@pytest.mark.parametrize("make", [make_open_season, make_past_season])
def test_nobody_is_told_a_place_among_few_people_before_the_end_either(as_, db, make):
    season = make()
    people = make_people(5)
    for person in people[:4]:
        earn(person, 10, season.starts_at)
    page = page_of(as_(people[0]), season.get_absolute_url())
    assert "Place" not in page
    assert "Fewer than 5 people are on boards, so nobody’s place is shown." in page
    earn(people[4], 10, season.starts_at)
    page = page_of(as_(people[0]), season.get_absolute_url())
    assert "Place 1 among those on boards, as of now." in page
    assert "Fewer than 5" not in page


def test_a_place_far_down_stands_below_the_first(as_, db):
    season = make_past_season()
    people = make_people(15)
    for number, person in enumerate(people):
        earn(person, 500 - number, season.starts_at)
    seasons.close_season(season)
    page = page_of(as_(people[-1]), season.get_absolute_url())
    assert page.count('scope="row"') == 11
    assert "Place 15 among" in page


def test_the_page_costs_the_same_for_few_people_and_for_many(as_, bob):
    season = make_past_season()
    list_person(bob)
    earn(bob, 1, season.starts_at)
    for person in make_people(6):
        earn(person, 10, season.starts_at)
    seasons.close_season(season)
    few = cost_of(as_(bob), season.get_absolute_url())
    other = make_past_season("winter", ended=60)
    earn(bob, 1, other.starts_at)
    for person in make_people(30):
        earn(person, 10, other.starts_at)
    seasons.close_season(other)
    assert cost_of(as_(bob), other.get_absolute_url()) <= few + 2 <= 12


def test_before_it_begins_a_goal_can_be_set(as_, bob):
    season = Season.objects.create(
        slug="soon", title="Soon", starts_at=now() + DAY, ends_at=now() + timedelta(weeks=12)
    )
    page = page_of(as_(bob), season.get_absolute_url())
    assert "On how many days do you want to learn" in page
    assert "Your points" not in page


def test_points_out_of_sight_keep_seasons_out_of_sight(as_, bob, client):
    season = make_open_season()
    bob.profile.preferences = {**bob.profile.preferences, "show_points": False}
    bob.profile.save()
    for address in ("/seasons/", season.get_absolute_url()):
        assert season.title not in page_of(as_(bob), address)
        assert client.get(address).status_code == 302
    assert as_(bob).post(f"{season.get_absolute_url()}goal/", {"days": "9"}).status_code == 409
    assert not SeasonGoal.objects.exists()


def test_there_is_no_such_season(as_, bob):
    assert as_(bob).get("/seasons/none/").status_code == 404
    assert as_(bob).post("/seasons/none/goal/", {"days": "9"}).status_code == 404
    assert as_(bob).get(f"{make_open_season().get_absolute_url()}goal/").status_code == 405

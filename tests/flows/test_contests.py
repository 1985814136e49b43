"""Seasons and challenges in a browser: every state looked at, and a clock that reaches zero."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import Course
from gamification import challenges, seasons
from gamification.models import Challenge, ChallengeEntry, Season, SeasonGoal
from tests.flows.looking import Looker
from tests.flows.school import LONG_NAME, LONG_TITLE
from tests.gamification.contest_builders import (
    DAY,
    earn,
    judge,
    learn_on,
    list_person,
    make_entry,
    make_open_challenge,
    make_open_season,
    make_past_season,
    make_people,
    move,
)


@pytest.fixture
def challenge(course: Course) -> Challenge:
    """With a title as long as one may be."""
    return make_open_challenge(course, title=LONG_TITLE[:80], rules=LONG_TITLE * 5)


def test_seasons_in_every_state(ada: User, open_page: Any) -> None:
    looker = Looker(open_page(ada))
    looker.visit("/seasons/")
    past, running = make_past_season(), make_open_season()
    coming = Season.objects.create(
        slug="next", title=LONG_TITLE[:80], starts_at=now() + 40 * DAY, ends_at=now() + 300 * DAY
    )
    SeasonGoal.objects.create(season=past, user=ada, days=4)
    learn_on(ada, past.first_date, running.first_date)
    for person in (list_person(ada), *make_people(11)):
        User.objects.filter(pk=person.pk).update(name=LONG_NAME)
        for _ in range(9):
            earn(person, 1000, past.starts_at)
    looker.visit(past.get_absolute_url())
    seasons.close_season(past)
    looker.visit("/seasons/")
    for season in (past, coming, running):
        looker.visit(season.get_absolute_url())
    page: Page = looker.page
    page.get_by_label("Active days").fill("1")
    page.get_by_role("button", name="Set goal").click()
    expect(page.get_by_label("Active days")).to_be_focused()
    looker.look("a goal that is too small")
    page.get_by_label("Active days").fill("20")
    page.get_by_role("button", name="Set goal").click()
    expect(page.get_by_text("of 20", exact=False)).to_be_visible()
    looker.look("a goal")
    assert not looker.problems, "\n".join(looker.problems)


def test_challenges_in_every_state(
    ada: User, bob: User, challenge: Challenge, open_page: Any
) -> None:
    looker, stranger = Looker(open_page(ada)), Looker(open_page(bob))
    address = challenge.get_absolute_url()
    stranger.visit(address)
    looker.visit("/challenges/")
    looker.visit(address)
    looker.page.get_by_role("button", name="Start now").click()
    expect(looker.page.get_by_text("left", exact=False).first).to_be_visible()
    looker.look("running")
    judge(ada, challenge.tasks.all()[0].lesson)
    move(challenge, timedelta(minutes=50))
    looker.visit(address)
    list_person(ada)
    for number, person in enumerate(make_people(7)):
        User.objects.filter(pk=person.pk).update(name=LONG_NAME)
        make_entry(challenge, person, [number, 90 * number], extra=number == 3)
    move(challenge, 2 * DAY)
    looker.visit(address)
    looker.visit("/challenges/")
    assert not looker.problems, "\n".join(looker.problems)
    assert not stranger.problems, "\n".join(stranger.problems)


def test_when_the_clock_shows_zero_the_page_says_that_time_is_over(
    ada: User, challenge: Challenge, open_page: Any
) -> None:
    page: Page = open_page(ada)
    challenges.start(ada, challenge)
    moment = now()
    ChallengeEntry.objects.update(
        started_at=moment - timedelta(minutes=45), deadline=moment + timedelta(seconds=8)
    )
    page.goto(challenge.get_absolute_url())
    expect(page.locator("[data-clock]")).to_contain_text("s left")
    page.get_by_text("Clock", exact=True).click()
    expect(page.locator("[data-clock]")).to_be_hidden()
    heading = page.get_by_role("heading", name="You solved 0 of 2")
    expect(heading).to_be_visible(timeout=20_000)
    expect(page.locator("#clock")).to_have_count(0)


def test_a_challenge_is_started_without_scripts(
    ada: User, challenge: Challenge, open_page: Any
) -> None:
    page: Page = open_page(ada, script=False)
    page.goto(challenge.get_absolute_url())
    page.get_by_role("button", name="Start now").click()
    expect(page.get_by_role("heading", name="0 of 2 solved")).to_be_visible()
    expect(page.get_by_text("ends at", exact=False)).to_be_visible()

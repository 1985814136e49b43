"""Seasons and challenges in the admin."""

import pytest

from gamification import challenges, seasons
from gamification.models import Challenge, Season
from tests.gamification.contest_builders import earn, make_open_challenge, make_past_season


@pytest.fixture
def desk(as_, root, settings):
    settings.DEMO_SCHOOL = True
    return as_(root)


def test_a_second_season_in_the_same_weeks_is_refused_in_words(desk):
    times = {"starts_at_0": "2030-01-01", "starts_at_1": "00:00", "ends_at_0": "2030-03-01"}
    times |= {"ends_at_1": "00:00", "goal_days": "20"}
    address = "/admin/gamification/season/add/"
    assert desk.post(address, {**times, "slug": "a", "title": "A"}).status_code == 302
    answer = desk.post(address, {**times, "slug": "b", "title": "B"})
    assert answer.status_code == 200
    assert "Another season lies in these weeks." in answer.content.decode()
    assert Season.objects.count() == 1


def test_a_closed_season_and_its_results_are_only_looked_at(desk, bob):
    season = make_past_season()
    earn(bob, 10, season.starts_at)
    row = f"/admin/gamification/season/{season.pk}/"
    assert b'name="_save"' in desk.get(f"{row}change/").content
    seasons.close_season(season)
    assert b'name="_save"' not in desk.get(f"{row}change/").content
    assert desk.post(f"{row}delete/", {"post": "yes"}).status_code == 403
    page = desk.get("/admin/gamification/seasonresult/").content.decode()
    assert ">Bob<" in page
    assert desk.get("/admin/gamification/seasonresult/add/").status_code == 403


def test_a_challenge_is_published_here_and_stays_once_it_has_begun(desk, ada, course):
    challenge = make_open_challenge(course)
    Challenge.objects.update(is_published=False)
    challenge.tasks.all()[0].lesson.__class__.objects.update(status="DRAFT")
    press = {"action": "publish", "_selected_action": [challenge.pk]}
    address = "/admin/gamification/challenge/"
    page = desk.post(address, press, follow=True).content.decode()
    assert "is no published assignment of this course" in page
    challenge.tasks.all()[0].lesson.__class__.objects.update(status="PUBLISHED")
    assert "Sprint is published." in desk.post(address, press, follow=True).content.decode()
    row = f"{address}{challenge.pk}/"
    assert b'name="_save"' in desk.get(f"{row}change/").content
    challenges.start(ada, Challenge.objects.get())
    assert b'name="_save"' not in desk.get(f"{row}change/").content
    assert desk.post(f"{row}delete/", {"post": "yes"}).status_code == 403
    assert ">Ada<" in desk.get("/admin/gamification/challengeentry/").content.decode()

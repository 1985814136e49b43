"""The page of badges: what is earned, on the way and not begun, and nothing of it where hidden."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import set_preferences
from gamification.achievements.awarding import award
from gamification.achievements.registry import ALL
from gamification.models import Award, Policy
from tests.gamification.histories import attempted, completed, day, handed_in, happened

ADDRESS = "/achievements/"


@pytest.fixture
def look(ada, as_):
    browser = as_(ada)

    def get(show=""):
        answer = browser.get(ADDRESS, {"show": show} if show else {})
        assert answer.status_code == 200
        return answer.content.decode()

    return get


def tile(page, key):
    return re.search(rf'<li class="card badge-tile" id="{key}">.*?</li>', page, re.S)[0]


def order(page):
    return re.findall(r'badge-tile" id="([a-z-]+)"', page)


def everything(user):
    Award.objects.bulk_create(
        Award(user=user, key=one.key, tier=tier, earned_at=day(tier))
        for one in ALL
        for tier in range(1, len(one.tiers) + 1)
    )


def test_guests_are_sent_to_sign_in(client, db):
    assert client.get(ADDRESS).status_code == 302
    assert client.post(ADDRESS).status_code == 405


def test_all_are_there_before_any_is_earned_with_what_they_ask_for(look):
    page = look()
    assert "0 of 32 earned" in page
    assert set(order(page)) == {one.key for one in ALL}
    for one in ALL:
        assert one.criterion(1) in tile(page, one.key)
    assert page.count('class="badge todo"') == 32


def test_an_earned_one_says_when_and_what_comes_next(ada, lessons, look):
    completed(ada, lessons[0], day(0))
    award(ada)
    found = tile(look(), "module-closer")
    assert "Earned" not in found
    assert "4 tiers" in found
    completed(ada, lessons[1], day(2))
    award(ada)
    found = tile(look(), "module-closer")
    assert "Tier 1 of 4" in found
    assert ">4 Mar 2026</time>" in found
    assert "Complete every required lesson of 5 modules." in found
    assert 'max="5" value="1"' in found
    assert "1 of 5" in found


def test_the_newest_come_first_and_the_nearest_of_those_on_the_way(ada, lessons, look):
    completed(ada, lessons[0], day(5), kind="ARTICLE")
    handed_in(ada, "a", 100, day(1), language="python")
    attempted(ada, "q", 100, day(3))
    award(ada)
    assert order(look("earned")) == ["first-light", "sharp", "first-green"]
    # One of two languages, one of four kinds, one of five assignments, one of ten lessons.
    assert order(look("progress")) == ["polyglot", "all-kinds", "problem-solver", "steady-steps"]
    assert "1 of 4" in tile(look("progress"), "all-kinds")


def test_numbers_of_the_filters_are_those_of_the_tiles(ada, lessons, look):
    completed(ada, lessons[0])
    award(ada)
    page = look()
    shown = re.findall(
        r'class="pill" href="/achievements/(?:\?show=(\w+))?".*?class="num">(\d+)', page
    )
    assert sum(int(n) for state, n in shown if state) == int(shown[0][1]) == 32
    for state, number in shown:
        assert len(order(look(state))) == int(number)


def test_a_word_in_the_address_that_is_none_shows_all(look):
    assert len(order(look("nothing"))) == 32


@pytest.mark.parametrize("show", ["earned", "progress"])
def test_an_empty_list_says_what_fills_it(look, show):
    page = look(show)
    assert not order(page)
    assert 'class="empty"' in page


def test_all_earned(ada, look):
    everything(ada)
    assert "32 of 32 earned" in look()
    assert 'class="empty"' not in look()
    assert "All 32 are earned" in look("progress")
    assert "Every badge is earned or in progress." in look("locked")
    assert "<b>Next:</b>" not in look()


def test_what_staff_took_back_says_why_and_is_not_offered_again(ada, root, lessons, look):
    completed(ada, lessons[0])
    award(ada)
    Award.objects.filter(key="first-light").update(
        revoked_at=day(9), revoked_by=root, reason="Copied from <a friend>"
    )
    found = tile(look(), "first-light")
    assert "taken back" in found
    assert "Copied from &lt;a friend&gt;" in found
    assert "first-light" in order(look("locked"))


def test_what_is_reached_but_not_written_down_yet_says_so(ada, look):
    for number in range(5):
        handed_in(ada, f"a{number}", 50, passed=True)
    assert "5 of 5. It is being written down." in tile(look(), "problem-solver")


def test_huge_numbers_stand_in_groups(ada, look):
    happened(ada, "LEVEL_REACHED", "level:4000", level=4000)
    Award.objects.create(user=ada, key="milestone", tier=4)
    assert "Reach level 30." in tile(look(), "milestone")


def test_the_page_costs_as_much_for_everything_as_for_nothing(ada, lessons, look):
    look()
    with CaptureQueriesContext(connection) as empty:
        look()
    everything(ada)
    for lesson in lessons:
        completed(ada, lesson)
    with CaptureQueriesContext(connection) as full:
        look()
    assert len(empty) == len(full) <= 10


def test_hidden_points_hide_it_and_a_school_without_points_has_no_such_page(ada, as_):
    browser = as_(ada)
    set_preferences(ada, show_points=False)
    assert "badge-tile" not in browser.get(ADDRESS).content.decode()
    Policy.objects.create(show_points=False)
    assert browser.get(ADDRESS).status_code == 404

"""Boards, badges, days and what hides them in a browser: full to the edge, empty, and hidden."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now

from accounts.actions import set_preferences
from accounts.models import User
from enrollments.actions import enroll
from gamification import boards
from gamification.achievements.registry import ACHIEVEMENTS
from gamification.models import ActiveDay, Award, Standing
from tests.conftest import make_course
from tests.flows.looking import Looker
from tests.flows.school import LONG_NAME, LONG_TITLE
from tests.gamification.board_people import make_listed, pay_lesson

FULL = ["/progress/", "/progress/history/", "/progress/streak/", "/achievements/"]
BOARDS = ["/leaderboard/", "/leaderboard/?period=season", "/leaderboard/?period=all"]


@pytest.fixture
def crowd(transactional_db: Any, ada: User) -> User:
    """Six others on boards, two of them tied, and somebody with more than anybody can have."""
    User.objects.filter(pk=ada.pk).update(name=LONG_NAME)
    for name, points in (("Cy", 100), ("Di", 80), ("Ed", 80), ("Flo", 50), ("Gil", 20), ("Hal", 5)):
        pay_lesson(make_listed(name), points)
    pay_lesson(ada, 90)
    enroll(ada, make_course("long", LONG_TITLE, lessons=1))
    moment = now()
    ActiveDay.objects.bulk_create(
        ActiveDay(
            user=ada,
            date=(moment - timedelta(days=days)).date(),
            zone="UTC",
            first_at=moment,
            last_at=moment,
            events=1 + days % 9,
        )
        for days in range(371)
    )
    Award.objects.bulk_create(
        Award(user=ada, key=one.key, tier=tier)
        for one in ACHIEVEMENTS.values()
        for tier in range(1, len(one.tiers) + 1)
    )
    boards.choose(ada, "NICKNAME", "W" * 40)
    Standing.objects.filter(user=ada).update(total_xp=12_345_678)
    return ada


def test_pages_of_points_hold_the_most_there_can_be(crowd: User, open_page: Any) -> None:
    looker = Looker(open_page(crowd))
    for address in [*FULL, *BOARDS]:
        looker.visit(address)
    assert not looker.problems, "\n".join(looker.problems)


def test_pages_of_points_with_nothing_on_them(ada: User, bob: User, open_page: Any) -> None:
    looker = Looker(open_page(bob))
    for address in ["/achievements/", "/leaderboard/", "/seasons/", "/challenges/", "/referrals/"]:
        looker.visit(address)
    set_preferences(bob, show_points=False)
    for address in ["/progress/", "/achievements/", "/leaderboard/"]:
        looker.visit(address)
    assert not looker.problems, "\n".join(looker.problems)

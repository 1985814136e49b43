"""Two who pay the same person's bonuses at once: one entry for each, and the right totals."""

import pytest

from gamification import bonuses, ledger
from gamification.achievements import awarding
from gamification.achievements.awarding import award_due
from gamification.achievements.backfill import award_all, pay_all
from gamification.board_checks import wrong_boards
from gamification.models import Policy, XPTransaction
from tests.gamification.histories import attempted, completed, day, happened
from tests.races.gate import at_once
from tests.races.test_races import poster

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]


@pytest.fixture
def learned(ada, lessons):
    """A course, a quiz passed three times, and lessons that bring badges."""
    Policy.objects.create(bonuses_pay=True)
    happened(ada, "COURSE_COMPLETED", "course:1", day(1), lessons=10)
    for number, percent in ((0, 80), (1, 90), (20, 100)):
        attempted(ada, "q", percent, day(number), pass_percent=80)
    for lesson in lessons[:2]:
        completed(ada, lesson)
    return ada


def look(user):
    awarding.note(user)
    award_due(user)
    return 0


def check(user):
    entries = XPTransaction.objects.filter(user=user, source_type__in=bonuses.BONUSES)
    assert entries.count() == 4
    assert ledger.wrong_standings() == wrong_boards() == 0


@pytest.mark.parametrize("table", ["gamification_xptransaction", "gamification_award"])
def test_looks_and_the_backfill_at_once_pay_once(learned, table):
    backfill = [lambda: pay_all().total(), lambda: award_all().total()] * 2
    looks = [lambda: look(learned) for _ in range(3)]
    counts = at_once(table, [*backfill, *looks])
    assert sum(counts[0:4:2]) in (0, 4)
    check(learned)


def test_a_lesson_that_is_done_meanwhile_is_in_the_total(learned, lessons):
    press = poster(learned, f"/lessons/{lessons[2].pk}/completion/", {"done": "1"})
    looks = [lambda: look(learned) for _ in range(2)]
    statuses = at_once("gamification_standing", [*looks, press])
    assert statuses[-1] == 303
    check(learned)

"""Two who look at the same person's badges at once: one award, one event, one payment."""

import pytest

from activity.models import Event
from gamification import ledger
from gamification.achievements.awarding import award, award_due
from gamification.achievements.backfill import award_all
from gamification.models import AchievementsDue, Award, Policy, XPTransaction
from progress.actions import complete_lesson
from tests.gamification.histories import completed
from tests.races.gate import at_once
from tests.races.test_races import poster

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]


@pytest.mark.parametrize("table", ["gamification_award", "activity_event"])
def test_two_evaluations_at_once_award_once(ada, lessons, table):
    Policy.objects.create(bonuses_pay=True)
    completed(ada, lessons[0])
    found = at_once(table, [lambda: award(ada) for _ in range(4)])
    assert sorted(len(new) for new in found) == [0, 0, 0, 1]
    assert Award.objects.count() == 1
    assert Event.objects.filter(kind="ACHIEVEMENT_EARNED").count() == 1
    assert XPTransaction.objects.filter(source_type="ACHIEVEMENT").count() == 1
    assert ledger.wrong_standings() == 0


def test_the_backfill_and_a_worker_at_once_award_once(ada, lessons):
    for lesson in lessons:
        completed(ada, lesson)
    backfill = [lambda: award_all().total()] * 2
    worker = [lambda: len(award(ada))] * 2
    counts = at_once("gamification_award", [*backfill, *worker])
    assert sum(counts) == Award.objects.count() > 1
    events = Event.objects.filter(kind="ACHIEVEMENT_EARNED")
    assert events.count() == Award.objects.count()


def test_lessons_done_while_badges_are_looked_at_are_not_forgotten(ada, lessons):
    complete_lesson(ada, lessons[0])
    presses = [poster(ada, f"/lessons/{one.pk}/completion/", {"done": "1"}) for one in lessons[1:]]
    looks = [lambda: bool(award_due(ada)) for _ in range(3)]
    statuses = at_once("gamification_achievementsdue", [*looks, *presses])
    assert set(statuses[3:]) == {303}
    award_due(ada)
    assert not AchievementsDue.objects.exists()
    assert Award.objects.filter(key="module-closer").count() == 1

"""Days of learning, from what happened."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activity.actions import record
from activity.models import Event
from gamification import boards, days
from gamification.days import note_day, streak_of
from gamification.models import ActiveDay, BoardChoice, Pause, Policy, Streak, XPTransaction
from gamification.streak_sweeps import settle_those_at_their_end
from progress.actions import complete_lesson, uncomplete_lesson

DAY = timedelta(days=1)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
Kind = Event.Kind


@pytest.fixture
def learn(bob):
    """`learn(n)`: bob learns on the n-th day, at noon UTC or so many hours later."""

    def note(number, hours=0):
        moment = NOON + number * DAY + timedelta(hours=hours)
        with time_machine.travel(moment, tick=False):
            note_day(bob, moment)
            return streak_of(bob)

    return note


def asked(user, moment):
    with time_machine.travel(moment, tick=False):
        return streak_of(user)


def test_a_completed_lesson_makes_a_day(ada, lessons):
    complete_lesson(ada, lessons[0])
    complete_lesson(ada, lessons[1])
    day = ActiveDay.objects.get(user=ada)
    assert (day.events, day.zone) == (2, "UTC")
    assert (streak_of(ada).length, streak_of(ada).days) == (1, 1)


def test_undoing_and_doing_again_is_no_learning(ada, lessons):
    for _ in range(3):
        complete_lesson(ada, lessons[0])
        uncomplete_lesson(ada, lessons[0])
    assert ActiveDay.objects.get(user=ada).events == 1


@pytest.mark.parametrize(
    ("kind", "counts"),
    [
        (Kind.ATTEMPT_FINISHED, True),
        (Kind.SUBMISSION_JUDGED, True),
        (Kind.QUIZ_PASSED, False),
        (Kind.SUBMISSION_REJUDGED, False),
        (Kind.ENROLLED, False),
        (Kind.REVIEW_GIVEN, False),
    ],
)
def test_what_makes_a_day(bob, kind, counts):
    record(bob, kind, f"some:{uuid4()}", {"url": "/", "title": "It", "reason": "Because."})
    assert ActiveDay.objects.filter(user=bob).exists() == counts


@pytest.mark.parametrize(("data", "counts"), [({}, 1), ({"answered": 1}, 1), ({"answered": 0}, 0)])
def test_a_quiz_makes_a_day_if_something_was_answered_or_nobody_knows(bob, data, counts):
    record(bob, Kind.ATTEMPT_FINISHED, f"attempt:{uuid4()}", {"url": "/", "title": "It", **data})
    assert ActiveDay.objects.filter(user=bob).count() == counts


def judged(user, handed_in, at):
    data = {"handed_in": handed_in, "assignment": str(uuid4()), "passed": False, "lesson": ""}
    record(user, Kind.SUBMISSION_JUDGED, f"submission:{uuid4()}", data, at=at)
    return ActiveDay.objects.get(user=user)


@pytest.mark.parametrize(
    ("handed_in", "day"),
    [
        ("2026-03-01T23:59:59.999999+00:00", date(2026, 3, 1)),
        ("2026-03-02T00:00:00+00:00", date(2026, 3, 2)),
        ("2027-01-01T00:00:00+00:00", date(2026, 3, 2)),
        ("2026-02-01T00:00:00", date(2026, 3, 2)),
        ("yesterday", date(2026, 3, 2)),
        (None, date(2026, 3, 2)),
    ],
)
def test_code_counts_for_the_day_on_which_it_was_handed_in(bob, handed_in, day):
    with time_machine.travel(NOON, tick=False):
        assert judged(bob, handed_in, NOON).date == day


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Pacific/Kiritimati", 3), ("Etc/GMT+12", 2), ("Asia/Kathmandu", 2), ("Nowhere/Gone", 2)],
)
def test_a_day_is_dated_where_the_person_is_and_never_moved(bob, zone, day):
    bob.timezone = zone
    note_day(bob, NOON)
    bob.timezone = "America/New_York"
    streak_of(bob)
    assert ActiveDay.objects.get(user=bob).date == date(2026, 3, day)


def test_a_streak_grows_is_carried_by_a_freeze_and_ends(learn, bob):
    for number in range(12):
        grown = learn(number)
    assert (grown.length, grown.best, grown.freezes) == (12, 12, 2)
    carried = asked(bob, NOON + 13 * DAY)
    assert (carried.length, carried.freezes) == (12, 1)
    assert carried.froze_on == date(2026, 3, 14)
    ended = asked(bob, NOON + 15 * DAY)
    assert (ended.length, ended.best, ended.ended_length) == (0, 12, 12)
    assert (ended.ended_on, ended.freezes) == (date(2026, 3, 16), 2)


def test_settling_twice_changes_nothing(learn, bob):
    for number in range(9):
        learn(number)
    with time_machine.travel(NOON + 10 * DAY, tick=False):
        first = days.settle_now(bob)
        row = Streak.objects.values().get(user=bob)
        assert days.settle_now(bob) == first
        assert Streak.objects.values().get(user=bob) == row
        assert settle_those_at_their_end() == 0


def test_nobody_is_without_a_streak_to_show(bob):
    nothing = streak_of(bob)
    assert (nothing.length, nothing.best, nothing.freezes) == (0, 0, 1)
    assert not Streak.objects.exists()


def test_reading_costs_one_query_while_nothing_is_over(learn, bob, django_assert_num_queries):
    learn(0)
    with time_machine.travel(NOON + DAY, tick=False), django_assert_num_queries(1):
        streak_of(bob)


@pytest.mark.parametrize(
    ("earlier", "most"), [([], 2), ([0], 1), ([-1], 2), ([-9], 2), ([-3, -2, -1], 2)]
)
def test_noting_costs_few_statements(learn, bob, earlier, most):
    for number in earlier:
        learn(number)
    with time_machine.travel(NOON, tick=False), CaptureQueriesContext(connection) as counted:
        note_day(bob, NOON)
    ours = [query for query in counted if "gamification" in query["sql"]]
    assert len(ours) == most


def test_what_comes_later_on_a_day_reads_none_of_the_days(learn, bob):
    learn(0)
    values = {"user": bob.pk, "today": NOON.date(), "date": NOON.date(), "at": NOON}
    values |= {"zone": "UTC", "due": False, "changes": True}
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) {days.COUNT_AGAIN}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    facts = plan[plan.rindex("One-Time Filter") :]
    for table in ("activeday", "restrule", "pause", "repair"):
        line = next(one for one in facts.splitlines() if f" on gamification_{table}" in one)
        assert "never executed" in line, plan


def test_a_third_change_of_zone_loses_no_day(bob):
    """It is Thursday where the zone that counts is, and Wednesday still where bob is by now."""
    places = [("UTC", 0), ("Asia/Tokyo", 24), ("UTC", 48), ("America/Los_Angeles", 63)]
    for zone, hours in places:
        bob.timezone, moment = zone, NOON + timedelta(hours=hours)
        with time_machine.travel(moment, tick=False):
            note_day(bob, moment)
    noted = ActiveDay.objects.filter(user=bob).order_by("date")
    first = NOON.date()
    assert [(day.date - first).days for day in noted] == [0, 1, 2, 3]
    assert [day.zone for day in noted] == ["UTC", "Asia/Tokyo", "UTC", "UTC"]


def test_the_streak_is_locked_before_the_standing(ada, lessons):
    """A milestone pays under the lock of the streak: the other order would be a deadlock."""
    with CaptureQueriesContext(connection) as counted:
        complete_lesson(ada, lessons[0])
    tables = ("gamification_streak", "gamification_standing")
    locked = [name for one in counted for name in tables if f"INSERT INTO {name}" in one["sql"]]
    assert locked == [*tables]


def test_the_third_day_lists_those_who_wish_to_stand_on_boards(learn, bob):
    assert not boards.choose(bob, BoardChoice.Shown.NAME)
    listed = []
    for number in (0, 0, 1, 2):
        learn(number)
        listed.append(BoardChoice.objects.get(user=bob).is_listed)
    assert listed == [False, False, False, True]


def test_the_third_day_lists_nobody_who_has_not_asked(learn, bob):
    for number in range(3):
        learn(number)
    assert not BoardChoice.objects.exists()


def test_the_hourly_sweep_settles_those_whose_day_is_over_where_they_are(bob, grace):
    for person, zone in ((bob, "Pacific/Kiritimati"), (grace, "Etc/GMT+12")):
        person.timezone = zone
        person.save()
        with time_machine.travel(NOON, tick=False):
            note_day(person, NOON)
    # 4 March has begun in Kiritimati, 2 March lasts a minute more in the west.
    with time_machine.travel(NOON + timedelta(hours=23, minutes=59), tick=False):
        assert settle_those_at_their_end() == 0
        assert settle_those_at_their_end() == 0
    with time_machine.travel(NOON + timedelta(hours=46), tick=False):
        assert settle_those_at_their_end() == 1
        assert Streak.objects.get(user=bob).froze_on == date(2026, 3, 4)
        assert Streak.objects.get(user=grace).froze_on is None


def test_the_sweep_asks_by_an_index(bob):
    Streak.objects.create(user=bob, settled_on=date(2026, 3, 2))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Streak.objects.filter(alive_until__lt=date(2026, 3, 2)).explain()
    assert "streak_at_its_end" in plan


def test_a_milestone_is_recorded_once_a_run_and_pays_where_the_school_lets_it(learn, bob):
    Policy.objects.create(bonuses_pay=True)
    for number in [*range(8), *range(20, 28)]:
        learn(number)
    told = Event.objects.filter(user=bob, kind=Kind.STREAK_REACHED)
    assert {event.subject for event in told} == {"streak:7:2026-03-02", "streak:7:2026-03-22"}
    paid = XPTransaction.objects.filter(user=bob, source_type="STREAK")
    assert [entry.amount for entry in paid] == [20, 20]


def test_a_milestone_pays_nothing_where_the_school_did_not_say_so(learn, bob):
    for number in range(7):
        learn(number)
    assert Event.objects.filter(kind=Kind.STREAK_REACHED).count() == 1
    assert not XPTransaction.objects.exists()


def test_a_pause_by_staff_in_the_past_tells_the_days_anew(learn, bob, root):
    for number in (*range(3), 8):
        learn(number)
    Pause.objects.create(user=bob, first=date(2026, 3, 5), last=date(2026, 3, 9), given_by=root)
    with time_machine.travel(NOON + 8 * DAY, tick=False):
        assert days.settle_now(bob).length == 4

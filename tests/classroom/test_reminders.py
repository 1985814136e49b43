"""Reminders that no event brings: to whom, when by their own clock, and once."""

import random
from datetime import UTC, date, datetime, time, timedelta

import pytest

from accounts.models import User
from billing.models import Grant, Plan
from classroom import reminders, tasks
from classroom.reminders import (
    put_away_reminders,
    remind_of_streaks,
    tell_of_challenges,
    tell_of_freezes,
)
from enrollments.actions import leave
from enrollments.models import Enrollment
from gamification.challenges import start
from gamification.days import history_of, note_day, settle_now, today_of
from gamification.models import ActiveDay, Pause, Policy, RestRule, Streak
from gamification.streak_sweeps import settle_those_at_their_end
from gamification.streaks import Verdict, settle
from notifications import outbox, texting
from notifications.models import Contact, Delivery, EmailLog, Mute, Notification, Preference
from tests.billing.conftest import selling  # noqa: F401
from tests.billing.rows import make_seats, make_subscription, seated
from tests.conftest import make_person
from tests.gamification.contest_builders import make_open_challenge
from tests.gamification.test_streaks import ZONES
from tests.notifications.conftest import gateway, mail_server, send  # noqa: F401

DAY = timedelta(days=1)
# A Wednesday at seven in the evening.
EVENING = datetime(2026, 3, 4, 19, tzinfo=UTC)


@pytest.fixture
def evening(time_machine):
    time_machine.move_to(EVENING, tick=False)
    return time_machine


def learn(user, *dates, hour=10):
    """As if the person had learned on these dates, at an hour of their clock."""
    for day in dates:
        at = datetime.combine(day, time(hour), user.zone)
        ActiveDay.objects.create(user=user, date=day, zone=user.zone.key, first_at=at, last_at=at)
    settle_now(user)


def before(days, end=EVENING):
    """So many dates up to the day before that moment."""
    return [end.date() - n * DAY for n in range(days, 0, -1)]


def want(user, topic="streak", channel="IN_APP"):
    Preference.objects.create(user=user, topic=topic, channel=channel, is_on=True)
    return user


def told(*users):
    rows = Notification.objects.filter(user__in=users) if users else Notification.objects.all()
    return [(row.user_id, row.kind, row.subject) for row in rows.order_by("created_at", "pk")]


@pytest.fixture
def keen(bob, evening):
    """Who wants to be reminded, and learned on the five days before."""
    learn(want(bob), *before(5))
    return bob


def test_whose_streak_waits_for_today_is_told_so_once(keen):
    assert remind_of_streaks() == 1
    assert remind_of_streaks() == 0
    row = Notification.objects.get()
    assert (row.kind, row.subject) == ("STREAK_WAITS", "day:2026-03-04")
    assert row.data == {"days": 5, "left": 1}


def test_where_no_freeze_is_left_it_says_that_the_streak_ends(keen, evening):
    Notification.objects.all().delete()
    evening.move_to(EVENING + DAY, tick=False)
    assert settle_those_at_their_end() == 1
    assert remind_of_streaks() == 1
    row = Notification.objects.get()
    assert (row.kind, row.data["days"]) == ("STREAK_AT_RISK", 5)


def learned(user):
    note_day(user, EVENING)


def pauses(user):
    Pause.objects.create(user=user, first=EVENING.date(), last=EVENING.date())
    settle_now(user)


def rests(user):
    RestRule.objects.create(user=user, from_date=date(2026, 3, 1), weekdays=1 << EVENING.weekday())
    settle_now(user)


def hides_points(user):
    user.profile.preferences = {"show_points": False}
    user.profile.save()


def asks_no_more(user):
    Preference.objects.all().delete()


def closes(user):
    User.objects.filter(pk=user.pk).update(is_active=False)


def school_hides_points(user):
    Policy.objects.create(show_points=False)


@pytest.mark.parametrize(
    "change",
    [learned, pauses, rests, hides_points, asks_no_more, closes, school_hides_points],
)
def test_nobody_else_is_told(keen, change):
    change(keen)
    assert remind_of_streaks() == 0
    assert not told()


def test_a_single_day_is_no_streak_to_speak_of(bob, evening):
    learn(want(bob), *before(1))
    assert remind_of_streaks() == 0


@pytest.mark.parametrize(
    ("clock", "number"), [((17, 59), 0), ((18, 0), 1), ((20, 59), 1), ((21, 0), 0), ((0, 30), 0)]
)
def test_it_is_told_in_the_evening_alone(keen, evening, clock, number):
    evening.move_to(datetime.combine(EVENING.date(), time(*clock), UTC), tick=False)
    assert remind_of_streaks() == number


@pytest.mark.usefixtures("mail_server")
def test_a_mail_that_comes_too_late_is_not_sent(keen, evening):
    want(keen, channel="EMAIL")
    remind_of_streaks()
    evening.shift(timedelta(hours=3, seconds=1))
    send()
    assert EmailLog.objects.get().fault == "It is no news any more."


@pytest.mark.usefixtures("mail_server", "gateway")
def test_who_learned_since_hears_nothing_more_of_it(keen):
    want(keen, channel="EMAIL")
    want(keen, channel="SMS")
    Contact.objects.create(user=keen, phone="+4915112345678", phone_confirmed_at=EVENING)
    remind_of_streaks()
    learned(keen)
    send()
    outbox.send_due(texting.Texts())
    for row in (EmailLog.objects.get(), Delivery.objects.get()):
        assert (row.state, row.fault) == ("DROPPED", "The day was learned on meanwhile.")


@pytest.mark.usefixtures("mail_server")
def test_who_learned_nothing_since_hears_of_it(keen):
    want(keen, channel="EMAIL")
    remind_of_streaks()
    send()
    assert EmailLog.objects.get().state == "SENT"


def test_on_the_site_a_reminder_ends_with_what_it_asks_for(keen, bob, evening):
    remind_of_streaks()
    assert put_away_reminders() == 0
    learned(keen)
    assert put_away_reminders() == 1
    assert put_away_reminders() == 0
    assert Notification.objects.get().read_at == EVENING


def test_on_the_site_a_reminder_ends_with_its_evening(keen, evening):
    remind_of_streaks()
    evening.shift(timedelta(hours=3) - timedelta(seconds=1))
    assert tasks.remind_of_streaks() == 0
    assert Notification.objects.unread().count() == 1
    evening.shift(timedelta(seconds=1))
    tasks.remind_of_streaks()
    assert not Notification.objects.unread().exists()


def test_it_stands_in_no_weekly_mail(keen, as_):
    page = as_(keen).get("/settings/notifications/").text
    assert "streak:EMAIL" in page
    assert "streak:WEEKLY" not in page


STARTS = [
    datetime(2026, 3, 7, tzinfo=UTC),  # New York's clocks go forward
    datetime(2026, 4, 4, tzinfo=UTC),  # Lord Howe's go back by half an hour
    datetime(2026, 9, 5, tzinfo=UTC),  # Santiago has no midnight
    datetime(2026, 10, 24, tzinfo=UTC),  # Berlin's go back
]


def lively(dice, begin):
    """People all over the earth, with histories as they happen."""
    people = []
    for number, zone in enumerate([*ZONES, "Nowhere/Gone"]):
        person = make_person(f"p{number}@example.org", f"P{number}", timezone=zone)
        days = [day for day in before(12, begin) if dice.random() < 0.85]
        if dice.random() < 0.4:
            RestRule.objects.create(user=person, from_date=days[0], weekdays=1 << dice.randrange(7))
        if dice.random() < 0.3:
            first = begin.date() + dice.randint(-2, 2) * DAY
            Pause.objects.create(user=person, first=first, last=first + dice.randint(0, 1) * DAY)
        learn(want(person), *days)
        people.append(person)
    return people


def waits(user, moment):
    """What is to be told somebody at a moment, from the facts and by their wall clock."""
    wall = moment.astimezone(user.zone)
    settled = settle(history_of(user), today_of(user))
    is_open = settled.verdicts.get(wall.date()) is Verdict.OPEN
    if not (18 <= wall.hour < 21 and is_open and settled.length >= 2):
        return None
    return "STREAK_WAITS" if settled.freezes else "STREAK_AT_RISK", f"day:{wall.date()}"


@pytest.mark.parametrize("begin", STARTS, ids=lambda begin: begin.date().isoformat())
def test_everywhere_on_earth_it_is_their_own_evening(db, time_machine, begin, monkeypatch):
    monkeypatch.setattr(reminders, "BATCH", 2)
    dice = random.Random(begin.toordinal())
    time_machine.move_to(begin, tick=False)
    people, expected = lively(dice, begin), {}
    for beat in range(3 * 24 + 6):
        moment = begin + timedelta(minutes=53 * beat)
        time_machine.move_to(moment, tick=False)
        for person in people:
            if dice.random() < 0.03:
                note_day(person, moment)
        settle_those_at_their_end()
        for person in people:
            if said := waits(person, moment):
                expected.setdefault((person.pk, *said), moment)
        remind_of_streaks()
    rows = {(r.user_id, r.kind, r.subject): r.created_at for r in Notification.objects.all()}
    reminded = {key: at for key, at in rows.items() if key[1] in ("STREAK_WAITS", "STREAK_AT_RISK")}
    assert reminded == expected
    assert len(reminded) >= 10


def test_a_kill_between_two_batches_leaves_nobody_out(evening, db, monkeypatch):
    monkeypatch.setattr(reminders, "BATCH", 3)
    people = [want(make_person(f"p{n}@example.org", f"P{n}")) for n in range(8)]
    for one in people:
        learn(one, *before(3))
    real, calls = reminders.tell, []

    def killed(*args):
        if len(calls) == 1:
            raise KeyboardInterrupt
        calls.append(args)
        return real(*args)

    monkeypatch.setattr(reminders, "tell", killed)
    with pytest.raises(KeyboardInterrupt):
        remind_of_streaks()
    assert len(told()) == 3
    monkeypatch.setattr(reminders, "tell", real)
    assert remind_of_streaks() == 5
    assert sorted(key for key, _, _ in told()) == sorted(one.pk for one in people)


def test_many_cost_as_much_as_one(evening, db, django_assert_num_queries):
    for number in (1, 25):
        Notification.objects.all().delete()
        User.objects.all().delete()
        for n in range(number):
            learn(want(make_person(f"p{n}@example.org", f"P{n}")), *before(3))
        # Whether there are points, zones, the people who have a freeze, telling them (and whether
        # there are points), that there are no more; the people who have none.
        with django_assert_num_queries(7):
            assert remind_of_streaks() == number


# ---- freezes ------------------------------------------------------------------------------------


def test_a_freeze_that_was_used_is_told_the_next_day(bob, evening):
    learn(bob, *before(4))
    assert tell_of_freezes() == 0
    evening.move_to(EVENING + DAY, tick=False)
    settle_those_at_their_end()
    assert tell_of_freezes() == 1
    assert tell_of_freezes() == 0
    row = Notification.objects.get(kind="STREAK_FREEZE_USED")
    assert (row.subject, row.data) == ("day:2026-03-04", {"days": 4, "left": 0})
    evening.move_to(EVENING + 5 * DAY, tick=False)
    assert tell_of_freezes() == 0


def test_a_freeze_of_days_ago_is_no_news(bob, evening):
    learn(bob, *[day - 6 * DAY for day in before(8)], *before(4))
    Streak.objects.update(froze_on=EVENING.date() - 4 * DAY)
    assert tell_of_freezes() == 0
    Streak.objects.update(froze_on=EVENING.date() - 3 * DAY)
    assert tell_of_freezes() == 1


def test_who_hides_points_hears_of_no_freeze(bob, evening):
    learn(bob, *before(4))
    hides_points(bob)
    evening.move_to(EVENING + DAY, tick=False)
    settle_those_at_their_end()
    assert tell_of_freezes() == 0


# ---- challenges ---------------------------------------------------------------------------------


@pytest.fixture
def sprint(course):
    return make_open_challenge(course)


def test_an_open_challenge_is_told_to_learners_of_its_course_who_asked(ada, bob, sprint, lessons):
    want(bob, "challenge")
    assert tell_of_challenges() == 0
    want(ada, "challenge")
    assert tell_of_challenges() == 1
    assert tell_of_challenges() == 0
    row = Notification.objects.get(kind="CHALLENGE_OPENS")
    assert (row.user, row.subject) == (ada, f"challenge:{sprint.pk}")
    assert row.data["url"] == sprint.get_absolute_url()
    assert row.about == f"course:{sprint.course_id}"


def not_open_yet(ada, sprint):
    sprint.opens_at += timedelta(hours=2)
    sprint.save()


def closed_already(ada, sprint):
    sprint.opens_at -= 2 * DAY
    sprint.closes_at -= 2 * DAY
    sprint.save()


def not_published(ada, sprint):
    sprint.is_published = False
    sprint.save()


def course_out_of_sight(ada, sprint):
    sprint.course.status = "ARCHIVED"
    sprint.course.save()


def has_begun(ada, sprint):
    start(ada, sprint)


def has_left(ada, sprint):
    leave(ada, sprint.course)


def has_muted_the_course(ada, sprint):
    Mute.objects.create(user=ada, about=f"course:{sprint.course_id}", title="Python")


def plan_has_lapsed(ada, sprint):
    sprint.course.required_plan = "PRO"
    sprint.course.save()
    Plan.objects.get_or_create(tier="PRO")
    give_plan(ada, starts_at=sprint.opens_at - 2 * DAY, until=sprint.opens_at)


def does_not_see_points(ada, sprint):
    hides_points(ada)


@pytest.mark.parametrize(
    "change",
    [
        not_open_yet, closed_already, not_published, course_out_of_sight, has_begun, has_left,
        has_muted_the_course, plan_has_lapsed, does_not_see_points,
    ],
)  # fmt: skip
def test_of_a_challenge_nobody_else_is_told(ada, sprint, change):
    want(ada, "challenge")
    change(ada, sprint)
    assert tell_of_challenges() == 0


def give_plan(user, **fields):
    Grant.objects.create(user=user, plan_id="PRO", given_by=user, reason="A prize.", **fields)


def by_paying(user):
    make_subscription(user)


def by_seat(user):
    seated(make_seats(make_person("boss@example.org", "Boss")), user)


@pytest.mark.parametrize("opened", [give_plan, by_paying, by_seat])
@pytest.mark.usefixtures("selling")
def test_of_a_challenge_that_a_plan_opens_its_holders_are_told(ada, sprint, opened):
    sprint.course.required_plan = "PRO"
    sprint.course.save()
    Plan.objects.get_or_create(tier="PRO")
    want(ada, "challenge")
    opened(ada)
    assert tell_of_challenges() == 1


def test_a_whole_course_is_told_in_batches(course, sprint, monkeypatch):
    monkeypatch.setattr(reminders, "BATCH", 3)
    people = [want(make_person(f"p{n}@example.org", f"P{n}"), "challenge") for n in range(7)]
    Enrollment.objects.bulk_create(Enrollment(user=one, course=course) for one in people)
    assert tell_of_challenges() == 7
    assert {key for key, _, _ in told()} == {one.pk for one in people}

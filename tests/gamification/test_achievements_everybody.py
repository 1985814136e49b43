"""Awarding everybody: as one by one, as a person would count by hand, and only once."""

import json
from collections import defaultdict
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activity.models import Event
from gamification import ledger
from gamification.achievements.awarding import award
from gamification.achievements.backfill import award_all
from gamification.achievements.registry import ACHIEVEMENTS
from gamification.models import AchievementsDue, ActiveDay, Award, Policy, XPTransaction
from tests.conftest import make_person
from tests.gamification.histories import attempted, completed, day, handed_in, learned_on, reviewed

HOURS = st.integers(0, 40 * 24)
STEPS = st.one_of(
    st.tuples(st.just("lesson"), st.integers(0, 3), HOURS),
    st.tuples(st.just("code"), st.integers(0, 2), HOURS, st.sampled_from([0, 50, 80, 100])),
    st.tuples(st.just("quiz"), st.integers(0, 1), HOURS, st.sampled_from([0, 20, 50, 70, 90, 100])),
    st.tuples(
        st.just("review"), st.integers(0, 1), HOURS, st.sampled_from(["ACCEPTED", "CHANGES"])
    ),
    st.tuples(st.just("day"), st.integers(0, 40), st.just(0)),
)


def live(user, lessons, steps):
    """Let the history happen; a lesson and a day only once, and no two things at one moment."""
    taken = set()
    for number, (what, which, hour, *rest) in enumerate(sorted(steps, key=lambda step: step[2])):
        at = day(0) + timedelta(hours=hour, seconds=number)
        if what == "code":
            handed_in(user, f"a{which}", rest[0], at)
        elif what == "quiz":
            attempted(user, f"q{which}", rest[0], at)
        elif what == "review":
            reviewed(user, f"a{which}", rest[0], at)
        elif (what, which) not in taken:
            taken.add((what, which))
            learned_on(user, which) if what == "day" else completed(user, lessons[which], at)


# ---- by hand ------------------------------------------------------------------------------------


def of_kind(user, *kinds):
    return list(Event.objects.filter(user=user, kind__in=kinds).order_by("created_at"))


def steady_steps(user, lessons):
    return [event.created_at for event in of_kind(user, "LESSON_COMPLETED")]


def module_closer(user, lessons):
    done = {event.subject: event.created_at for event in of_kind(user, "LESSON_COMPLETED")}
    modules = defaultdict(list)
    for lesson in lessons:
        if lesson.is_required:
            modules[lesson.module_id].append(done.get(f"lesson:{lesson.pk}"))
    return [max(times) for times in modules.values() if None not in times]


def bug_hunter(user, lessons):
    failed, found = set(), []
    for event in of_kind(user, "SUBMISSION_JUDGED"):
        name = event.data["assignment"]
        if not event.data["passed"]:
            failed.add((name, "failed"))
        elif (name, "passed") not in failed:
            failed.add((name, "passed"))
            if (name, "failed") in failed:
                found.append(event.created_at)
    return found


def comeback(user, lessons):
    least, found = {}, {}
    for event in of_kind(user, "ATTEMPT_FINISHED"):
        quiz, percent = event.data["quiz"], event.data["percent"]
        if percent >= least.get(quiz, 101) + 30:
            found.setdefault(quiz, event.created_at)
        least[quiz] = min(percent, least.get(quiz, 101))
    return list(found.values())


def weekly_rhythm(user, lessons):
    weeks = defaultdict(list)
    for row in ActiveDay.objects.filter(user=user).order_by("date"):
        weeks[row.date.isocalendar()[:2]].append(row.first_at)
    return [times[2] for times in weeks.values() if len(times) >= 3]


def back_again(user, lessons):
    last, is_back = None, False
    for event in of_kind(user, "LESSON_COMPLETED", "SUBMISSION_JUDGED", "ATTEMPT_FINISHED"):
        is_back |= last is not None and event.created_at - last >= timedelta(days=14)
        last = event.created_at
        if is_back and event.kind == "LESSON_COMPLETED":
            return [event.created_at]
    return []


BY_HAND = {
    "steady-steps": steady_steps,
    "module-closer": module_closer,
    "bug-hunter": bug_hunter,
    "comeback": comeback,
    "weekly-rhythm": weekly_rhythm,
    "back-again": back_again,
}


def expected(user, lessons):
    """Each tier of these badges, with when it was reached."""
    found = {}
    for key, count in BY_HAND.items():
        times = sorted(count(user, lessons))
        for tier, n in enumerate(ACHIEVEMENTS[key].tiers, start=1):
            if len(times) >= n:
                found[key, tier] = times[n - 1]
    return found


def awarded(user):
    rows = Award.objects.filter(user=user).values_list("key", "tier", "earned_at")
    return {(key, tier): at for key, tier, at in rows}


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    histories=st.lists(st.lists(STEPS, max_size=30), min_size=1, max_size=3), size=st.integers(1, 4)
)
def test_one_by_one_and_all_at_once_come_to_what_is_counted_by_hand(db, lessons, histories, size):
    with transaction.atomic():
        people = [make_person(f"{n}@example.org", f"Person {n}") for n, _ in enumerate(histories)]
        for user, steps in zip(people, histories, strict=True):
            live(user, lessons, steps)
        compare(people, lessons, size)
        transaction.set_rollback(True)


def compare(people, lessons, size):
    wanted = award_all(dry_run=True, batch_size=size)
    assert award_all(batch_size=size) == wanted
    at_once = {user: awarded(user) for user in people}
    assert sum(len(found) for found in at_once.values()) == wanted.total()
    for user, found in at_once.items():
        counted = {place: at for place, at in found.items() if place[0] in BY_HAND}
        assert counted == expected(user, lessons)
    assert not award_all(batch_size=size)
    Award.objects.all().delete()
    for user in people:
        award(user)
        assert awarded(user) == at_once[user]


# ---- what a backfill writes beside the awards ---------------------------------------------------


@pytest.fixture
def crowd(lessons):
    """Five people: each has done one lesson more than the one before, the first none."""
    people = [make_person(f"{n}@example.org", f"Person {n}") for n in range(5)]
    for number, user in enumerate(people):
        for lesson in lessons[:number]:
            completed(user, lesson, day(number))
    return people


def command(*arguments):
    out = StringIO()
    call_command("award_achievements", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_says_what_it_did_and_a_second_run_writes_nothing(crowd):
    said = json.loads(command("--json", "--dry-run"))
    assert said["awarded"]["first-light:1"] == 4
    assert not Award.objects.exists()
    assert json.loads(command("--json"))["awarded"] == said["awarded"]
    assert Award.objects.filter(key="first-light").count() == 4
    events = Event.objects.count()
    assert json.loads(command("--json"))["awarded"] == {}
    assert Event.objects.count() == events
    assert "Awarded 0 badges. Looked at 5 people." in command()


def test_people_read_it_in_words(crowd):
    assert "4  First light, tier 1 of 1" in command("--dry-run")
    assert "Would award" in command("--dry-run")


def test_a_backfill_tells_what_was_earned_on_the_day_it_was(crowd):
    command("--json")
    for award_ in Award.objects.all():
        subject = f"achievement:{award_.key}:{award_.tier}"
        told = Event.objects.get(user=award_.user_id, subject=subject)
        assert told.created_at == award_.earned_at
        assert told.data["title"] == ACHIEVEMENTS[award_.key].title
    assert not AchievementsDue.objects.exists()
    assert not XPTransaction.objects.exists()


def test_a_backfill_pays_where_badges_pay_and_totals_stay_right(crowd):
    Policy.objects.create(bonuses_pay=True)
    for number in range(30):  # enough for a level with what its badges pay
        handed_in(crowd[0], f"a{number}", 100, day(1), failed=10)
    command("--json")
    assert XPTransaction.objects.count() == Award.objects.count()
    assert ledger.wrong_standings() == 0
    assert ledger.total_of(crowd[0]) >= 100
    assert Event.objects.filter(user=crowd[0], subject="level:1").exists()
    assert [row.user for row in AchievementsDue.objects.all()] == [crowd[0]]
    assert award(crowd[0]) == []

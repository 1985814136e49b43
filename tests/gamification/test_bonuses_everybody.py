"""Paying everybody: as one by one, as counted by hand, once, and never beside the ledger's sum."""

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
from gamification import bonuses, ledger
from gamification.achievements import awarding
from gamification.achievements.awarding import award_due
from gamification.achievements.backfill import pay_all
from gamification.board_checks import wrong_boards
from gamification.models import AchievementsDue, Policy, XPTransaction
from tests.conftest import make_person
from tests.gamification.board_people import pay_lesson
from tests.gamification.histories import attempted, day, happened, reviewed

ENOUGH = 50
STEPS = st.one_of(
    st.tuples(st.just("quiz"), st.integers(0, 1), st.integers(0, 500), st.integers(0, 100)),
    st.tuples(
        st.just("review"), st.integers(0, 1), st.integers(0, 500),
        st.sampled_from(["ACCEPTED", "CHANGES", "RETURNED"]),
    ),
    st.tuples(st.just("course"), st.integers(0, 1), st.integers(0, 500), st.integers(1, 90)),
    st.tuples(st.just("lesson"), st.just(0), st.integers(0, 500), st.integers(1, 40)),
)  # fmt: skip


def live(user, steps):
    """Let the history happen, one thing after another."""
    for number, (what, which, hour, n) in enumerate(sorted(steps, key=lambda step: step[2])):
        at = day(0) + timedelta(hours=hour, seconds=number)
        if what == "quiz":
            passed = n >= ENOUGH
            attempted(user, f"q{which}", n, at, passed=passed, pass_percent=ENOUGH)
        elif what == "review":
            reviewed(user, f"a{which}", n, at)
        elif what == "lesson":
            pay_lesson(user, n, at=at)
        elif not Event.objects.filter(user=user, subject=f"course:{which}").exists():
            happened(user, "COURSE_COMPLETED", f"course:{which}", at, lessons=n, title="A course")


# ---- by hand ------------------------------------------------------------------------------------


def expected(user):
    """Each source and key with what it pays."""
    found, passes, asked, accepted = {}, defaultdict(list), set(), set()
    for event in Event.objects.filter(user=user).order_by("created_at"):
        data = event.data
        if event.kind == "COURSE_COMPLETED":
            found["COURSE_COMPLETED", event.subject] = min(250, 100 + 2 * data["lessons"])
        elif event.kind == "ATTEMPT_FINISHED" and data["passed"]:
            passes[data["quiz"]].append((event.created_at, data["percent"]))
        elif event.kind == "REVIEW_GIVEN" and data["decision"] == "CHANGES":
            asked.add(data["assignment"])
        elif event.kind == "REVIEW_GIVEN" and data["decision"] == "ACCEPTED":
            accepted |= {data["assignment"]} & asked
    found |= {("REVIEW_RESOLVED", f"assignment:{name}"): 10 for name in accepted}
    for quiz, ((first_at, first), *others) in passes.items():
        best = max([percent for _, percent in others], default=0)
        bands = min(3, (best - ENOUGH) // 10 - (first - ENOUGH) // 10)
        found |= {("QUIZ_IMPROVED", f"quiz:{quiz}:{n}"): 1 for n in range(1, bands + 1)}
        if any(at >= first_at + timedelta(days=14) for at, _ in others):
            found["RECALL_PASSED", f"quiz:{quiz}"] = 15
    return found


def paid(user):
    entries = XPTransaction.objects.filter(user=user, source_type__in=bonuses.BONUSES)
    rows = list(entries.values_list("source_type", "source_key", "amount"))
    found = {(source, key): amount for source, key, amount in rows}
    assert len(found) == len(rows)  # a source pays at most once
    return found


def entries_of(user):
    rows = XPTransaction.objects.filter(user=user, source_type__in=bonuses.BONUSES)
    shown = ("source_type", "source_key", "amount", "board_points", "created_at", "data")
    return list(rows.order_by("source_type", "source_key").values_list(*shown))


def check(people, pays):
    """Totals are the ledger's sums; what was paid is what comes out by hand, or nothing."""
    assert ledger.wrong_standings() == wrong_boards() == 0
    for user in people:
        assert paid(user) == (expected(user) if pays else {})


class Undo(Exception):
    """Takes back what was written since the savepoint."""


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    histories=st.lists(st.lists(STEPS, max_size=25), min_size=1, max_size=3),
    size=st.integers(1, 4),
    pays=st.booleans(),
)
def test_one_by_one_and_all_at_once_come_to_what_is_counted_by_hand(db, histories, size, pays):
    with transaction.atomic():
        Policy.objects.create(bonuses_pay=pays)
        people = [make_person(f"{n}@example.org", f"Person {n}") for n, _ in enumerate(histories)]
        for user, steps in zip(people, histories, strict=True):
            live(user, steps)
        one_by_one = looked_at(people, pays)
        wanted = pay_all(dry_run=True, batch_size=size)
        assert pay_all(batch_size=size) == wanted
        check(people, pays)
        assert [entries_of(user) for user in people] == one_by_one
        assert not pay_all(batch_size=size)
        for user in people:
            awarding.note(user)
            award_due(user)
        check(people, pays)
        transaction.set_rollback(True)


def looked_at(people, pays):
    """What looks at one after another come to; it is taken back again."""
    try:
        with transaction.atomic():
            for user in people:
                awarding.note(user)
                award_due(user)
            check(people, pays)
            found = [entries_of(user) for user in people]
            raise Undo
    except Undo:
        return found


# ---- the command --------------------------------------------------------------------------------


@pytest.fixture
def crowd(db):
    """Five people; each but the first has finished a course and passed a quiz twice."""
    people = [make_person(f"{n}@example.org", f"Person {n}") for n in range(5)]
    for user in people[1:]:
        happened(user, "COURSE_COMPLETED", "course:1", day(1), lessons=10)
        for number in (0, 14):
            attempted(user, "q", 80 + number, day(number), pass_percent=70)
    return people


def command(*arguments):
    out = StringIO()
    call_command("award_achievements", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_pays_nothing_where_nothing_pays(crowd):
    assert json.loads(command("--json"))["paid"] == {}
    assert not XPTransaction.objects.exists()


def test_the_command_says_what_it_pays_and_a_second_run_pays_nothing(crowd):
    Policy.objects.create(bonuses_pay=True)
    wanted = {"COURSE_COMPLETED": 4, "QUIZ_IMPROVED": 4, "RECALL_PASSED": 4}
    assert json.loads(command("--json", "--dry-run"))["paid"] == wanted
    assert not XPTransaction.objects.exists()
    assert json.loads(command("--json"))["paid"] == wanted
    assert ledger.wrong_standings() == wrong_boards() == 0
    entries = XPTransaction.objects.count()
    assert json.loads(command("--json"))["paid"] == {}
    assert XPTransaction.objects.count() == entries


def test_people_read_it_in_words(crowd):
    Policy.objects.create(bonuses_pay=True)
    said = command("--dry-run")
    assert "4  Course completed" in said
    assert "Would pay 12 bonuses." in said
    assert "Paid 12 bonuses." in command()


def test_who_rose_by_it_is_told_and_looked_at_again(crowd):
    Policy.objects.create(bonuses_pay=True)
    assert pay_all().total() == 12
    risen = {user.pk for user in crowd[1:]}
    assert {row.user_id for row in AchievementsDue.objects.all()} == risen
    assert set(Event.objects.filter(subject="level:1").values_list("user", flat=True)) == risen

"""Boards: right at once after a payment, exact to the place, and nobody on them unasked."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.names import InvalidName
from courses.models import ProgrammingLanguage
from gamification import boards, ledger
from gamification.board_checks import recount_boards, wrong_boards
from gamification.board_ranks import HOLD, places_of, rank_of, standings
from gamification.models import Board, BoardChoice, BoardCount, BoardRow, Season, XPTransaction
from gamification.periods import week_of
from progress.actions import complete_lesson
from studio.health import CHECKS, examine
from tests.conftest import make_person
from tests.gamification.board_people import learned_for, make_listed, pay_lesson


def board(period="all", scope="school"):
    return Board.objects.get(period=period, scope=scope)


def points_of(user, period="all", scope="school"):
    return BoardRow.objects.get(user=user, board=board(period, scope)).points


def test_a_lesson_counts_in_all_scopes_of_all_periods(ada, course, lessons):
    course.language = ProgrammingLanguage.objects.create(name="Python", slug="python")
    course.save()
    season = Season.objects.create(
        slug="now", title="Now", starts_at=now() - timedelta(days=1),
        ends_at=now() + timedelta(days=1),
    )  # fmt: skip
    complete_lesson(ada, lessons[0])
    complete_lesson(ada, lessons[1])
    scopes = {"school", f"course:{course.pk}", f"language:{course.language.pk}"}
    periods = {"all", week_of(now()).name, season.period}
    found = BoardRow.objects.filter(user=ada).values_list("board__period", "board__scope", "points")
    assert set(found) == {(period, scope, 20) for period in periods for scope in scopes}
    assert wrong_boards() == 0


def test_an_award_takes_one_statement_for_the_boards(ada, lessons, django_assert_num_queries):
    complete_lesson(ada, lessons[0])
    with django_assert_num_queries(1):
        boards.count_boards(ada, now(), lessons[0].course_id)


def test_what_was_taken_back_does_not_count_where_it_counted(ada, root, lessons):
    complete_lesson(ada, lessons[0])
    complete_lesson(ada, lessons[1])
    entry = XPTransaction.objects.get(source_key=f"lesson:{lessons[0].pk}")
    ledger.reverse(entry, by=root, reason="Copied")
    assert points_of(ada) == points_of(ada, week_of(now()).name) == 10
    assert wrong_boards() == 0


def test_what_is_late_counts_in_its_week_until_that_is_final(bob):
    this = week_of(now())
    old = week_of(this.starts_at - timedelta(days=11))
    pay_lesson(bob, 10, at=old.starts_at)
    assert not Board.objects.filter(period=old.name).exists()
    assert points_of(bob) == 10
    last = this.before
    pay_lesson(bob, 20, at=last.ends_at - timedelta(seconds=1))
    assert Board.objects.filter(period=last.name).exists() == (last.final_at > now())
    assert wrong_boards() == 0


def test_a_frozen_board_is_never_counted_again(bob):
    pay_lesson(bob, 10)
    week = week_of(now()).name
    assert boards.freeze(week) == 1
    pay_lesson(bob, 10)
    assert points_of(bob, week) == 10
    assert points_of(bob) == 20
    assert wrong_boards() == 0
    assert recount_boards() == 0
    assert points_of(bob, week) == 10


def test_a_week_is_frozen_when_it_is_final(bob):
    pay_lesson(bob, 10)
    assert boards.freeze_weeks() == 0
    Board.objects.filter(period=week_of(now()).name).update(
        starts_at=now() - timedelta(days=11), ends_at=now() - timedelta(hours=74)
    )
    assert boards.freeze_weeks() == 1


def test_a_burst_of_lessons_counts_on_no_board_and_keeps_its_xp(bob):
    at = now()
    for number in range(21):
        pay_lesson(bob, 10, at=at + timedelta(seconds=number))
    assert points_of(bob) == 200
    assert ledger.total_of(bob) == 210
    assert pay_lesson(bob, 10, at=at + timedelta(minutes=11)).board_points == 10


# ---- listed, or not ----


def test_nobody_is_listed_unasked(ada, lessons):
    learned_for(ada)
    complete_lesson(ada, lessons[0])
    assert not BoardRow.objects.filter(is_listed=True).exists()


@pytest.mark.parametrize(
    "lacking", ["days", "email", "is_active", "is_minor", "role", "deleted_at"]
)
def test_a_wish_alone_does_not_list(db, lacking):
    user = make_person("zoe@example.org", "Zoe")
    learned_for(user, 2 if lacking == "days" else 3)
    if lacking == "email":
        user.emailaddress_set.update(verified=False)
    wrong = {
        "is_active": {"is_active": False},
        "is_minor": {"is_minor": True},
        "role": {"role": "ADMIN"},
        "deleted_at": {"deleted_at": now(), "is_active": False},
    }
    User.objects.filter(pk=user.pk).update(**wrong.get(lacking, {}))
    assert not boards.choose(user, "NAME")


def test_the_sweep_takes_off_and_lists_again(db):
    user = make_listed("Zoe")
    pay_lesson(user, 10)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert boards.list_those_who_changed() == 1
    assert not BoardRow.objects.get(board=board()).is_listed
    User.objects.filter(pk=user.pk).update(is_active=True)
    assert boards.list_those_who_changed() == 1
    assert BoardRow.objects.get(board=board()).is_listed
    assert boards.list_those_who_changed() == 0


def test_who_cannot_be_decided_on_holds_up_nobody(db, monkeypatch, caplog):
    bad, *others = [make_listed(name) for name in ("Amy", "Ben", "Cleo")]
    User.objects.filter(pk__in=[bad.pk, *(user.pk for user in others)]).update(is_active=False)
    decide = boards.list_again

    def fails_for_one(user):
        return 1 / 0 if user == bad else decide(user)

    monkeypatch.setattr(boards, "list_again", fails_for_one)
    assert boards.list_those_who_changed(batch=1) == 2
    assert str(bad.pk) in caplog.text
    assert not BoardChoice.objects.filter(is_listed=True).exclude(user=bad).exists()


def test_leaving_reaches_frozen_boards_too(db):
    user = make_listed("Zoe")
    pay_lesson(user, 10)
    boards.freeze("all")
    boards.choose(user, "OFF")
    assert not BoardRow.objects.filter(is_listed=True).exists()


def test_the_database_keeps_nicknames_apart(ada, bob):
    BoardChoice.objects.create(user=ada, shown="NICKNAME", nickname="Owl")
    with pytest.raises(IntegrityError):
        BoardChoice.objects.create(user=bob, shown="NICKNAME", nickname="OWL")


def test_a_nickname_may_be_had_again_when_its_owner_uses_it_no_more(ada, bob):
    boards.choose(ada, "NICKNAME", "Owl")
    with pytest.raises(InvalidName):
        boards.choose(bob, "NICKNAME", "owl")
    boards.choose(ada, "NAME")
    boards.choose(bob, "NICKNAME", "owl")


# ---- places ----


@pytest.fixture
def people(db):
    return [make_listed(f"Person {number}") for number in range(7)]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(
        st.tuples(st.integers(0, 6), st.sampled_from(["pay", "hide", "show", "fold", "reverse"])),
        min_size=5, max_size=30,
    ),
    amounts=st.lists(st.integers(1, 3), min_size=30, max_size=30),
)  # fmt: skip
def test_places_equal_a_sort_by_hand(people, root, steps, amounts):
    """With ties, with people hidden, folded and not folded, after any mix of what can happen."""
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT example")
        try:
            for (who, step), amount in zip(steps, amounts, strict=False):
                act(people[who], step, amount, root)
                compare_with_a_sort(people)
        finally:
            cursor.execute("ROLLBACK TO SAVEPOINT example")


def act(user, step, amount, root):
    if step == "pay":
        pay_lesson(user, amount)
    elif step in ("hide", "show"):
        boards.choose(user, "NAME" if step == "show" else "OFF")
    elif step == "fold":
        boards.fold_changes(limit=2)
    elif entry := XPTransaction.objects.filter(user=user, amount__gt=0).first():
        ledger.reverse(entry, by=root, reason="A test")


def compare_with_a_sort(people):
    there = Board.objects.filter(period="all", scope="school").first()
    if there is None:
        return
    assert ledger.wrong_standings() == wrong_boards() == 0
    rows = BoardRow.objects.filter(board=there, is_listed=True, points__gt=0)
    shown = sorted(rows.values_list("points", "reached_at", "user"), key=lambda x: (-x[0], x[1:]))
    points = [row[0] for row in shown]
    expected = {user: 1 + sum(p > mine for p in points) for mine, _, user in shown}
    for person in people:
        assert rank_of(there, person) == expected.get(person.pk)
        seen = standings(there, person, 3)
        if len(shown) < 5:
            assert not seen.top
            continue
        assert [line.user_id for line in seen.top] == [user for _, _, user in shown[:3]]
        for line in (*seen.top, *seen.near):
            assert line.place.rank == expected[line.user_id]
            assert line.place.people == points.count(line.points)
        order = [user for _, _, user in shown]
        if person.pk in expected:
            at = order.index(person.pk)
            assert [line.user_id for line in seen.near] == order[max(0, at - 5) : at + 6]


def test_folding_changes_no_place(people):
    for number, person in enumerate(people):
        pay_lesson(person, 10 * (number // 2) + 10)
    held = {10, 20, 30, 40}
    before = places_of(board(), held)
    assert boards.fold_changes() == 14  # all time, and this week
    assert boards.fold_changes() == 0
    assert places_of(board(), held) == before
    assert sum(BoardCount.objects.filter(board=board()).values_list("people", flat=True)) == 7


def test_a_recount_mends_what_is_wrong(people):
    for person in people:
        pay_lesson(person, 10)
    boards.fold_changes()
    BoardRow.objects.filter(user=people[0]).update(points=999, is_listed=False)
    BoardCount.objects.update(people=99)
    assert wrong_boards() > 0
    assert recount_boards() > 0
    assert wrong_boards() == 0
    assert points_of(people[0]) == 10
    assert rank_of(board(), people[0]) == 1


def test_a_recount_makes_boards_that_nobody_has_counted_yet(people):
    for person in people:
        pay_lesson(person, 10)
    Board.objects.all().delete()
    recount_boards()
    assert Board.objects.count() == 2
    assert rank_of(board(), people[0]) == 1


def test_the_doctor_mends_boards(people):
    pay_lesson(people[0], 10)
    BoardRow.objects.update(points=7)
    check = next(check for check in CHECKS if check.name == "boards")
    outcome = examine(check, fix=True)
    assert (outcome.found.count, outcome.left.count) == (2, 0)
    assert points_of(people[0]) == 10


def test_no_workers_are_started_to_find_a_place(people):
    """Starting them takes longer than all the rest, and a wrong guess of the planner is enough."""
    for person in people:
        pay_lesson(person, 10)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0")
        cursor.execute("SET LOCAL min_parallel_table_scan_size = 0")
        cursor.execute("SET LOCAL min_parallel_index_scan_size = 0")
        cursor.execute("SET LOCAL cpu_tuple_cost = 10")
        values = {"board": board().pk, "bounds": [10, 11], "least": 10}
        cursor.execute(f"EXPLAIN {HOLD}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Append" in plan
    assert "Parallel Append" not in plan

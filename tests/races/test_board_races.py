"""Awards, folding and leaving at once: each board comes out as its ledger says."""

import importlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.timezone import now

from accounts.models import User
from accounts.names import InvalidName
from courses.models import Course, ProgrammingLanguage
from gamification import board_languages, boards, ledger
from gamification.board_checks import wrong_boards
from gamification.board_languages import follow_languages
from gamification.board_ranks import places_of, standings
from gamification.ledger import Payment, Source, pay
from gamification.models import Board, BoardChoice, BoardRow, XPTransaction
from tests.gamification.board_people import make_listed, pay_lesson
from tests.races.gate import at_once, in_own_connection
from tests.races.meeting import HalfWay, meet

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]
CROWD = 12


def award(user, key, base=10):
    payment = Payment(Source.LESSON, key, base, data={"title": "A lesson"}, board_points=base)
    return lambda: pay(user, payment, now())


def points_of(user):
    return set(BoardRow.objects.filter(user=user).values_list("points", flat=True))


def assert_all_is_true():
    assert ledger.wrong_standings() == wrong_boards() == 0
    boards.fold_changes()
    assert wrong_boards() == 0


@pytest.mark.parametrize(
    "table",
    [
        "gamification_xptransaction",
        "gamification_standing",
        "gamification_board",
        "gamification_boardrow",
    ],
)
def test_awards_at_once_for_one_person_all_count(bob, table):
    at_once(table, [award(bob, f"lesson:{number}") for number in range(CROWD)])
    assert points_of(bob) == {10 * CROWD}
    assert Board.objects.count() == 2
    assert_all_is_true()


def test_one_source_at_once_pays_and_counts_once(bob):
    paid = at_once("gamification_xptransaction", [award(bob, "lesson:1")] * CROWD)
    assert sum(paid) == XPTransaction.objects.count() == 1
    assert points_of(bob) == {10}
    assert_all_is_true()


def test_the_first_awards_of_a_week_make_each_board_once(db):
    people = [make_listed(f"Person {number}") for number in range(6)]
    at_once("gamification_board", [award(user, "lesson:1") for user in people])
    assert Board.objects.count() == 2
    assert BoardRow.objects.count() == 12
    assert_all_is_true()


def test_awards_while_the_counts_are_folded(db):
    people = [make_listed(f"Person {number}") for number in range(6)]
    for user in people:
        pay_lesson(user)
    folding = [lambda: boards.fold_changes(limit=3)] * 4
    awards = [award(user, "lesson:more", 20) for user in people]
    for table in ("gamification_boardrow", "gamification_boardcount"):
        at_once(table, [*folding[:2], *awards, *folding[2:]])
        assert_all_is_true()
    board = Board.objects.get(period="all")
    assert places_of(board, {30})[30].people == 6


def test_an_award_neither_waits_for_a_fold_of_others_nor_is_lost_in_one_of_its_own(db, monkeypatch):
    user = make_listed("Zoe")
    pay_lesson(user)
    stop = HalfWay(lambda: None)

    def fold_and_stop():
        from django.db import transaction  # noqa: PLC0415

        with transaction.atomic():
            boards.fold_changes()
            stop()

    _, waited = meet(stop, fold_and_stop, award(user, "lesson:2"))
    assert waited
    assert points_of(user) == {20}
    assert_all_is_true()


def test_leaving_while_points_are_paid(db):
    user = make_listed("Zoe")
    leave = [lambda: boards.choose(user, "OFF")] * 2
    awards = [award(user, f"lesson:{number}") for number in range(6)]
    for table in ("gamification_standing", "gamification_boardchoice", "gamification_boardrow"):
        boards.choose(user, "NAME")
        at_once(table, [*awards[:3], *leave, *awards[3:]])
        assert not BoardRow.objects.filter(user=user, is_listed=True).exists()
        assert_all_is_true()


def test_who_joins_while_paid_is_listed_everywhere(db):
    user = make_listed("Zoe")
    boards.choose(user, "OFF")
    join = lambda: boards.choose(user, "NICKNAME", "Owl")  # noqa: E731
    at_once("gamification_standing", [award(user, "lesson:1"), join, award(user, "lesson:2")])
    assert not BoardRow.objects.filter(user=user, is_listed=False).exists()
    assert_all_is_true()


def test_reversed_at_once_it_is_taken_back_once(bob, root):
    pay_lesson(bob, 30)
    entry = pay_lesson(bob, 10)
    back = lambda: ledger.reverse(entry, by=root, reason="Copied")  # noqa: E731
    assert sum(at_once("gamification_xptransaction", [back] * 6)) == 1
    assert points_of(bob) == {30}
    assert_all_is_true()


def test_a_board_read_while_a_hundred_are_paid_shows_sums_of_the_ledger(db):
    people = [make_listed(f"Person {number}") for number in range(6)]
    for user in people:
        pay_lesson(user)
    board = Board.objects.get(period="all")
    seen = []

    def read():
        shown = standings(board, people[0], 100)
        seen.extend(line.points for line in (*shown.top, *shown.near))

    awards = [award(user, f"lesson:{n}") for n in range(4) for user in people]
    at_once("gamification_boardrow", [*awards[:12], read, *awards[12:], read])
    read()
    assert set(seen) <= {10, 20, 30, 40, 50}
    assert seen[-1] == 50
    assert_all_is_true()


@pytest.mark.parametrize("nickname", ["owl", "\u041ewl"])
def test_of_two_who_take_nicknames_that_read_alike_at_once_one_has_it(ada, bob, nickname):
    def take(user, name):
        try:
            return boards.choose(user, "NICKNAME", name) is not None
        except InvalidName:
            return False

    takers = [lambda: take(ada, "Owl"), lambda: take(bob, nickname)]
    assert sorted(at_once("gamification_boardchoice", takers)) == [False, True]
    assert BoardChoice.objects.filter(shown="NICKNAME").count() == 1


def test_points_paid_while_a_course_moves_are_on_the_board_of_its_language(
    course, bob, monkeypatch
):
    """The payment counted by the old language and has not yet committed; the move waits for it."""
    python, rust = (
        ProgrammingLanguage.objects.create(name=name, slug=name.lower())
        for name in ("Python", "Rust")
    )
    Course.objects.update(language=python)
    follow_languages()
    stop = HalfWay(boards.count_boards)
    monkeypatch.setattr(ledger.boards, "count_boards", stop)

    def move():
        Course.objects.update(language=rust)
        return follow_languages()

    moved, waited = meet(stop, lambda: pay_lesson(bob, 10, course_id=course.pk), move)
    assert (moved, waited) == (1, True)
    rows = BoardRow.objects.filter(board__scope__startswith="language", board__period="all")
    found = dict(rows.values_list("board__scope", "points"))
    assert found == {f"language:{python.pk}": 0, f"language:{rust.pk}": 10}
    assert_all_is_true()


@pytest.fixture
def moving(course, bob, ada):
    """Points of two people in a course that has another language since."""
    for user in (bob, ada):
        pay_lesson(user, 10, course_id=course.pk)
    follow_languages()
    rust = ProgrammingLanguage.objects.create(name="Rust", slug="rust")
    Course.objects.update(language=rust)
    return course


@pytest.mark.parametrize(("which", "waits"), [(0, True), (1, False)])
def test_while_people_are_counted_they_alone_wait_to_be_paid(moving, which, waits, monkeypatch):
    monkeypatch.setattr(board_languages, "BATCH", 1)
    user = User.objects.get(pk=board_languages.people_of([moving.pk])[which])
    stop = HalfWay(board_languages.hold_standings)
    monkeypatch.setattr(board_languages, "hold_standings", stop)
    _, waited = meet(stop, follow_languages, lambda: pay_lesson(user, 10, course_id=moving.pk))
    assert waited is waits
    assert points_of(user) == {20}
    assert_all_is_true()


def test_a_sweep_gives_way_to_a_payment_that_takes_long(moving, bob, monkeypatch):
    stop = HalfWay(boards.count_boards)
    monkeypatch.setattr(ledger.boards, "count_boards", stop)
    with ThreadPoolExecutor(1) as threads:
        paying = threads.submit(in_own_connection, lambda: pay_lesson(bob, 10, course_id=moving.pk))
        try:
            assert stop.reached.wait(20)
            assert follow_languages() == 0
        finally:
            stop.may_go.set()
        paying.result(timeout=20)
    assert follow_languages() == 1
    assert_all_is_true()


def test_nobody_waits_to_be_paid_while_nicknames_are_read(bob, ada, monkeypatch):
    boards.choose(bob, "NICKNAME", "Owl")
    module = importlib.import_module("gamification.migrations.0010_how_nicknames_read")
    stop = HalfWay(module.reading_of)
    monkeypatch.setattr(module, "reading_of", stop)
    name = module.__name__.rpartition(".")[2]

    def migrate():
        executor = MigrationExecutor(connection)
        state = executor.loader.project_state([("gamification", "0009_what_counts_on_no_board")])
        executor.apply_migration(state, module.Migration(name, "gamification"), fake=False)

    _, waited = meet(stop, migrate, award(ada, "lesson:1"))
    assert not waited
    assert points_of(ada) == {10}

"""Nicknames: one line of what can be seen, by which nobody passes for anybody else."""

import importlib

import pytest
from django.apps import apps
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.names import InvalidName, clean_name, looks_official, reading_of
from classroom.pages.seasons import name_of
from gamification import boards
from gamification.challenge_results import results_of
from gamification.models import BoardChoice, SeasonResult
from gamification.nicknames import clean_nickname, shown_as
from tests.conftest import let_review, make_person
from tests.gamification.board_people import make_listed, pay_lesson
from tests.gamification.contest_builders import make_entry, make_open_challenge


def refused(user, nickname):
    try:
        clean_nickname(user, nickname)
    except InvalidName:
        return True
    return False


@pytest.mark.parametrize(
    "name",
    [
        "\u0410dmin",  # Cyrillic
        "\u0430\u0501m\u0456n",
        "adm\u0131n",  # without its dot
        "ADM\u0130N",
        "\uff41\uff44\uff4d\uff49\uff4e",  # wide
        "\U0001d41a\U0001d41d\U0001d426\U0001d422\U0001d427",  # bold
        "\u24d0dmin",  # in a circle
        "a\u0301dmin",
        "ad\u200dmin",  # joiners, and others that are not seen
        "ad\u200cmin",
        "ad\u00admin",
        "ad\u034fmin",
        "ad\ufe0fmin",
        "a\u3164dmin",
        "a d m i n",
        "a.d.m_i-n",
        "adm1n",
        "ADMIN \U0001f989",
        "The Admin",
        "TheAdmin",
        "T3acher Tom",
        "rnoderator",
        "4dmin",
        "W4ymark",
        "7eacher",
        "S74FF",
        "Waymark staff",
        "St\u0430ff of the school",
    ],
)
def test_what_reads_as_an_official_word_is_seen_through(name):
    assert looks_official(name)


@pytest.mark.parametrize(
    "name",
    [
        "Badminton",
        "Flagstaff",
        "Class of 47",
        "Quiet Fox",
        "New Owl",
        "\U0001f989",
        "\u0915\u094b\u092e\u0932",
    ],
)
def test_what_only_holds_such_letters_is_a_name(name):
    assert not looks_official(name)


def test_names_of_other_scripts_and_of_signs_alone_stay_apart():
    names = [
        "\u0915\u094b\u092e\u0932",
        "\u0915\u092e\u0932",
        "\u30b3\u30fc\u30c9",
        "\u306d\u3053",
        "\U0001f989",
        "\U0001f98a",
        "Owl",
    ]
    assert len({reading_of(name) for name in names}) == len(names)


@pytest.mark.parametrize(
    "blank", ["\u3164", "\u2800", "\u115f\u1160", "\u00ad", "\ufe0f", " \u3000"]
)
def test_a_name_of_nothing_that_can_be_seen_is_none(blank):
    with pytest.raises(InvalidName):
        clean_name(blank)


@pytest.mark.parametrize("blank", ["  ", "\u00a0", "\u3000", " \u2009\t"])
def test_words_stand_one_space_apart(ada, blank):
    assert clean_nickname(ada, f" Quiet{blank}Fox ") == "Quiet Fox"


@pytest.mark.parametrize("nickname", ["Quiet\nFox", "Quiet\u2028Fox", "Quiet\x0bFox", "\u202exoF"])
def test_lines_and_turned_text_are_refused_and_not_made_into_spaces(ada, nickname):
    assert refused(ada, nickname)


@pytest.mark.parametrize(
    "nickname",
    [
        "Owl",
        "owl",
        "\u041ewl",
        "O w l",
        "0wl",
        "Ow\u200dl",
        "\u014cwl",
        "Owl.",
        "Owl \U0001f989",
        "O\u3164wl",
    ],
)
def test_nobody_passes_for_another_by_a_nickname(ada, bob, nickname):
    boards.choose(bob, "NICKNAME", "Owl")
    assert refused(ada, nickname)
    assert not refused(bob, nickname)
    boards.choose(bob, "OFF")
    assert not refused(ada, nickname)


@pytest.mark.parametrize("nickname", ["bob", "B\u043eb", "B o b", "B0b"])
def test_nobody_passes_for_who_is_listed_by_name(ada, bob, nickname):
    assert not refused(ada, nickname)
    boards.choose(bob, "NAME")
    assert refused(ada, nickname)


@pytest.mark.parametrize(
    ("nickname", "is_refused"),
    [
        ("Mary Shelley", True),
        ("mary shelley", True),
        ("MaryShelley", True),
        ("Mary.Shelley", True),
        ("M\u0430ry Shelley", True),
        ("M4ry She11ey", True),
        ("Mary", False),
        ("Mary Shell", False),
    ],
)
def test_nobody_goes_by_the_full_name_of_somebody_who_is_on_no_board(
    ada, bob, nickname, is_refused
):
    bob.name = "Mary Shelley"
    bob.save()
    assert refused(ada, nickname) is is_refused
    assert not refused(bob, nickname)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert not refused(ada, nickname)


def test_whoever_bears_a_name_may_go_by_it_though_another_does_too(ada, bob):
    for person in (ada, bob):
        person.name = "Mary Shelley"
        person.save()
    assert not refused(ada, "Mary Shelley")
    boards.choose(bob, "NAME")
    assert refused(ada, "Mary Shelley")


def test_a_nickname_may_be_like_a_name_of_one_word(ada, bob):
    assert not refused(ada, bob.name)


def test_who_is_listed_by_name_is_known_by_a_new_name_too(ada, bob):
    boards.choose(bob, "NAME")
    bob.name = "Robert"
    bob.save()
    assert refused(ada, "robert")
    assert not refused(ada, "Bob")


@pytest.mark.parametrize("nickname", ["Root", "R\u043e\u043et", "Grace", "Gr\u0430ce", "g r a c e"])
def test_nobody_passes_for_staff_or_a_reviewer(ada, root, grace, nickname):
    let_review(grace)
    assert refused(ada, nickname)


@pytest.mark.parametrize(
    ("nickname", "is_refused"),
    [("Northern School", True), ("N\u043erthern School team", True), ("northernschool", True),
     ("Northern Fox", False)],
)  # fmt: skip
def test_nobody_speaks_for_the_school(ada, settings, nickname, is_refused):
    settings.SITE_NAME = "Northern School"
    assert refused(ada, nickname) is is_refused


def test_the_database_keeps_readings_apart(ada, bob):
    boards.choose(ada, "NICKNAME", "Owl")
    with pytest.raises(IntegrityError, match="board_choice_reading_once"):
        BoardChoice.objects.create(user=bob, shown="NICKNAME", nickname="\u041ewl", reading="owi")


def test_a_nickname_costs_two_queries_however_many_there_are(ada, django_assert_num_queries):
    for number in range(5):
        boards.choose(make_person(f"p{number}@example.org", "P"), "NICKNAME", f"Fox {number}th")
    with django_assert_num_queries(2):
        clean_nickname(ada, "Owl")


def test_nicknames_from_before_are_read_and_of_two_alike_both_stay(ada, bob, grace):
    for user, nickname in ((ada, "Owl"), (bob, "\u041ewl")):
        BoardChoice.objects.create(user=user, shown="NICKNAME", nickname=nickname)
    BoardChoice.objects.create(user=grace, shown="NAME")
    migration = importlib.import_module("gamification.migrations.0010_how_nicknames_read")
    with connection.schema_editor() as editor:
        migration.read_all(apps, editor)
    rows = BoardChoice.objects.order_by("user").values_list("nickname", "reading")
    assert list(rows) == [("Owl", "owi"), ("\u041ewl", ""), ("", "grace")]


def test_batch_by_batch_the_same_is_read_and_may_be_read_again(ada, bob, grace, monkeypatch):
    migration = importlib.import_module("gamification.migrations.0010_how_nicknames_read")
    monkeypatch.setattr(migration, "BATCH", 1)
    for user, nickname in ((ada, "Owl"), (bob, "\u041ewl"), (grace, "Fox")):
        BoardChoice.objects.create(user=user, shown="NICKNAME", nickname=nickname)
    for _ in range(2):
        with connection.schema_editor() as editor:
            migration.read_all(apps, editor)
        rows = BoardChoice.objects.order_by("user").values_list("reading", flat=True)
        assert list(rows) == ["owi", "", "fox"]


def test_names_are_looked_for_by_indexes_alone(ada, root, grace):
    let_review(grace)
    boards.choose(grace, "NAME")
    with connection.cursor() as cursor:
        # A handful of rows would be read whole.
        cursor.execute("SET LOCAL enable_seqscan = off")
    with CaptureQueriesContext(connection) as asked:
        clean_nickname(ada, "Owl")
    for query in asked.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {query['sql']}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        for table in ("accounts_user", "gamification_boardchoice"):
            assert f"Seq Scan on {table} " not in plan, plan


def test_fours_and_sevens_from_before_are_read_and_of_two_alike_both_stay(ada, bob, grace, root):
    kept = [(ada, "NICKNAME", "4nt", "4n7"), (bob, "NICKNAME", "Ant", "ant"),
            (grace, "NAME", "", "4n7"), (root, "NICKNAME", "C47", "c47")]  # fmt: skip
    for user, shown, nickname, reading in kept:
        BoardChoice.objects.create(user=user, shown=shown, nickname=nickname, reading=reading)
    migration = importlib.import_module("gamification.migrations.0015_names_read_fours_and_sevens")
    with connection.schema_editor() as editor:
        migration.read_again(apps, editor)
    rows = dict(BoardChoice.objects.values_list("user", "reading"))
    assert [rows[user.pk] for user, *_ in kept] == ["4n7", "ant", "ant", "cat"]
    assert refused(root, "4nt")


# ---- names ----


@pytest.mark.parametrize("name", ["Waymark Staff", "W\u0430ymark", "Your TEACHER", "Adm1n"])
def test_nobody_stands_by_a_name_that_passes_for_the_schools(ada, as_, name):
    User.objects.filter(pk=ada.pk).update(name=name)
    answer = as_(ada).post("/leaderboard/choice/", {"shown": "NAME"})
    assert answer.status_code == 422
    assert "Choose a nickname." in answer.content.decode()
    assert not BoardChoice.objects.exists()
    assert as_(ada).post("/leaderboard/choice/", {"shown": "OFF"}).status_code == 303


def test_who_takes_such_a_name_later_is_shown_without_it(as_, course):
    people = [make_listed(f"Person {number}") for number in range(5)]
    challenge = make_open_challenge(course, tasks=1)
    for person in people:
        pay_lesson(person, 10)
        make_entry(challenge, person, [1])
    User.objects.filter(pk=people[0].pk).update(name="Waymark staff")
    people = list(User.objects.filter(pk__in=[one.pk for one in people]).order_by("pk"))
    page = as_(people[1]).get("/leaderboard/?period=all").content.decode()
    assert "Private learner" in page
    named = {place.name for place in results_of(challenge, people[1]).places}
    assert named == {"Private learner", *(person.name for person in people[1:])}
    assert name_of(SeasonResult(user=people[0])) == "Private learner"
    assert name_of(SeasonResult(user=people[1])) == "Person 1"
    assert "Waymark staff" not in page.partition('id="board"')[2]


def test_nicknames_from_before_that_pass_for_the_schools_are_left_out_too():
    assert shown_as("The Admin") == "Private learner"
    assert shown_as("Quiet Fox") == "Quiet Fox"
    assert shown_as("Root") == "Root"

"""`GET /api/leaderboard`, and what may be asked of boards: the rows of the table."""

import csv
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils.timezone import now

from accounts.models import User
from gamification import boards
from gamification.models import BoardRow, Policy
from tests.gamification.board_people import make_listed, pay_lesson

TABLE = Path(__file__).parent.parent / "bad_inputs" / "board_rows.tsv"
with TABLE.open(newline="") as lines:
    ROWS = {row["surface"].split()[0]: row for row in csv.DictReader(lines, delimiter="\t")}


@pytest.fixture
def crowd(db):
    people = [make_listed(f"Person {number}") for number in range(6)]
    for number, person in enumerate(people):
        pay_lesson(person, 10 * (number // 2) + 10)
    return people


def test_a_board_with_its_places(crowd, program):
    answer = program(crowd[0]).get("/api/leaderboard?period=all&limit=3")
    assert answer.status_code == 200
    body = answer.json()
    assert [(line["rank"], line["tied"], line["points"]) for line in body["top"]] == [
        (1, True, 30), (1, True, 30), (3, True, 20),
    ]  # fmt: skip
    assert body["you"] == {
        "rank": 5, "tied": True, "name": "Person 0", "points": 10, "is_you": True,
    }  # fmt: skip
    assert len(body["around_you"]) == 6
    assert (body["period"], body["scope"], body["is_final"]) == ("all", "school", False)
    assert (body["points_this_week"], body["usual_week"]) == (10, None)


def test_a_usual_week_is_told_once_there_is_one(crowd, program):
    begun = now() - timedelta(weeks=3)
    User.objects.filter(pk=crowd[0].pk).update(date_joined=begun)
    pay_lesson(crowd[0], 30, begun)
    body = program(crowd[0]).get("/api/leaderboard?period=all").json()
    assert body["usual_week"] == 0
    assert program(crowd[1]).get("/api/leaderboard").json()["usual_week"] is None


def test_who_is_not_on_a_board_gets_as_many_places_as_the_page_shows(crowd, program, as_):
    boards.choose(crowd[0], "OFF")
    body = program(crowd[0]).get("/api/leaderboard?period=all&limit=100").json()
    assert (body["you"], body["around_you"]) == (None, [])
    page = as_(crowd[0]).get("/leaderboard/?period=all").content.decode()
    table = page.partition("<table")[2].partition("</table>")[0]
    assert [line["name"] for line in body["top"]] == re.findall(r"Person \d", table)


def test_switched_off_there_is_none(crowd, program):
    Policy.objects.create(boards=False)
    assert program(crowd[0]).get("/api/leaderboard").status_code == 404


def not_signed_in(crowd, program, stranger):
    return [stranger.get("/api/leaderboard"), stranger.get("/api/leaderboard?period=all")]


def odd_keys(crowd, program, stranger):
    ask = program(crowd[0]).get
    keys = ("password", "-user__password", "xp;DROP TABLE gamification_boardrow")
    return [ask(f"/api/leaderboard?order_by={key}&sort={key}") for key in keys]


def bad_numbers(crowd, program, stranger):
    ask = program(crowd[0]).get
    bad = ("-1", "0", "NaN", "1e3", "1.5", "+5", "%20", "", "٣", "9" * 10, "9" * 400)
    return [ask(f"/api/leaderboard?limit={number}") for number in bad]


def a_huge_number(crowd, program, stranger):
    for number in range(100):
        pay_lesson(make_listed(f"More {number}"), 5)
    answer = program(crowd[0]).get("/api/leaderboard?period=all&limit=1000000")
    assert len(answer.json()["top"]) == 100
    return [answer]


def those_who_left(crowd, program, stranger):
    boards.choose(crowd[5], "OFF")
    crowd[4].is_minor = True
    crowd[4].save()
    pay_lesson(make_listed("Somebody else"), 10)
    answers = [program(crowd[0]).get(f"/api/leaderboard?period={p}") for p in ("all", "week")]
    for answer in answers:
        assert not {"Person 4", "Person 5"} & names(answer)
        assert len(answer.json()["top"]) == 5
    return answers


def all_rows(crowd, program, stranger):
    answer = program(crowd[0]).get("/api/leaderboard?period=all&limit=100")
    text = answer.content.decode()
    for person in crowd:
        assert person.email not in text
        assert str(person.pk) not in text
    return [answer]


def stored_nowhere(crowd, program, stranger):
    answers = [program(person).get("/api/leaderboard") for person in crowd[:2]]
    for answer, person in zip(answers, crowd, strict=False):
        assert answer["Cache-Control"] == "no-store, private"
        assert "Authorization" in answer["Vary"]
        assert answer.json()["you"]["name"] == person.name
    return answers


def other_periods_and_scopes(crowd, program, stranger):
    ask = program(crowd[0]).get
    bad = ("period=nonsense", "period=2026-W1", "period=week%20", f"scope={'x' * 81}")
    return [ask(f"/api/leaderboard?{query}") for query in bad]


def boards_that_are_not_there(crowd, program, stranger):
    ask = program(crowd[0]).get
    bad = ("period=season", "period=2026-W99", "period=9998-W01", "scope=python-basics", "scope=x")
    return [ask(f"/api/leaderboard?{query}") for query in bad]


def names(answer):
    body = answer.json()
    return {line["name"] for line in (*body["top"], *body["around_you"])}


BUILDERS = {
    "LB01": not_signed_in,
    "LB02": odd_keys,
    "LB03": bad_numbers,
    "LB04": a_huge_number,
    "LB05": those_who_left,
    "LB06": all_rows,
    "LB07": stored_nowhere,
    "LB09": other_periods_and_scopes,
    "LB10": boards_that_are_not_there,
}


def test_the_table_and_the_builders_name_the_same_rows():
    # Reading while a hundred are paid is in tests/races/test_board_races.py.
    assert set(ROWS) == {*BUILDERS, "LB08"}


@pytest.mark.parametrize("number", BUILDERS)
def test_what_is_asked_of_boards_is_answered_and_changes_nothing(
    number, crowd, program, stranger, course
):
    answers = BUILDERS[number](crowd, program, stranger)
    assert answers
    before = BoardRow.objects.count()
    for answer in answers:
        assert str(answer.status_code) == ROWS[number]["expected status"]
        if answer.status_code != 200:
            assert json.loads(answer.content)["error"]["code"] == ROWS[number]["body"]
    assert BoardRow.objects.count() == before

"""What an attempt shows of itself: topics, lessons to study again, the use of time."""

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.analysis import Item, analyse, in_words, study_of, topics_of

LOOPS, LISTS = UUID(int=1), UUID(int=2)


@st.composite
def items(draw):
    points = draw(st.decimals(0, 10, places=2))
    return Item(
        number=draw(st.integers(1, 40)),
        topics=draw(st.lists(st.sampled_from(["loops", "lists", "values"]), unique=True)),
        mark=draw(st.decimals(0, points, places=2)),
        points=points,
        seconds=draw(st.integers(0, 4000)),
        is_answered=draw(st.booleans()),
        lesson=draw(st.sampled_from([None, LOOPS, LISTS])),
    )


def item(number=1, mark="1", points="1", topics=("loops",), seconds=20, answered=True, lesson=None):
    return Item(number, topics, Decimal(mark), Decimal(points), seconds, answered, lesson)


def looked_at(*rows, used=100, limit=None, expired=False, passed=True):
    return analyse(rows, used=used, limit=limit, expired=expired, passed=passed)


@given(st.lists(items(), max_size=12), st.integers(0, 4000),
       st.none() | st.integers(60, 3600), st.booleans(), st.booleans())  # fmt: skip
def test_any_attempt_can_be_looked_at(rows, used, limit, expired, passed):
    found = analyse(rows, used=used, limit=limit, expired=expired, passed=passed)
    percents = [topic.percent for topic in found.topics]
    assert percents == sorted(percents)
    assert all(0 <= percent <= 100 for percent in percents)
    assert not {one.topic for one in found.strong} & {one.topic for one in found.weak}
    assert list(found.study.values()) == sorted(found.study.values(), reverse=True)
    assert all(lost > 0 for lost in found.study.values())
    assert (found.average_seconds is None) == (not any(row.is_answered for row in rows))
    assert bool(found.pace) == (limit is not None)


def test_a_question_with_two_topics_counts_for_both():
    rows = [item(topics=("loops", "lists")), item(mark="0", topics=("lists",))]
    lists, loops = topics_of(rows)
    assert (lists.topic, lists.percent, lists.is_weak) == ("lists", 50, True)
    assert (loops.topic, loops.percent, loops.is_strong) == ("loops", 100, True)


def test_topics_that_pay_nothing_say_nothing():
    assert topics_of([item(mark="0", points="0")]) == []


def test_bounds_of_strong_and_weak():
    def at(percent):
        return topics_of([item(mark=percent, points="100")])[0]

    assert [(at(n).is_weak, at(n).is_strong) for n in ("59", "60", "79", "80")] == [
        (True, False), (False, False), (False, False), (False, True),
    ]  # fmt: skip


def test_lessons_to_study_again_by_what_was_lost_there():
    rows = [
        item(mark="0.5", lesson=LOOPS),
        item(mark="0", points="2", lesson=LISTS),
        item(mark="0.75", lesson=LOOPS),
        item(lesson=UUID(int=3)),
        item(mark="0"),
    ]
    assert study_of(rows) == {LISTS: Decimal(2), LOOPS: Decimal("0.75")}
    assert list(study_of(rows)) == [LISTS, LOOPS]


def test_the_slowest_is_named_only_where_it_stands_out():
    assert looked_at(item(1, seconds=20), item(2, seconds=30)).slowest is None
    assert looked_at(item(1, seconds=10), item(2, seconds=59)).slowest is None
    assert looked_at(*[item(1, seconds=10)] * 5, item(2, seconds=70)).slowest.number == 2
    unanswered = looked_at(item(1, seconds=10), item(2, seconds=900, answered=False))
    assert (unanswered.slowest, unanswered.average_seconds) == (None, 10)
    assert looked_at(item(answered=False)).average_seconds is None


@pytest.mark.parametrize(
    ("said", "left_out", "rules"),
    [
        ("", 1, {}),
        ("The clock ended this attempt: 2 questions had no answer. A first pass", 2,
         {"limit": 100, "expired": True}),
        ("The clock ended this attempt, with every question answered.", 0,
         {"limit": 100, "expired": True}),
        ("You used 40 s of 2 min. 1 question had no answer. There was time for more.", 1,
         {"limit": 120, "used": 40}),
        ("You used 40 s of 2 min. There was time to read everything again.", 0,
         {"limit": 120, "used": 40, "passed": False}),
        ("You used 40 s of 2 min.", 0, {"limit": 120, "used": 40}),
        ("You used 1 min 50 s of 2 min.", 1, {"limit": 120, "used": 110}),
    ],
)  # fmt: skip
def test_the_use_of_time_in_words(said, left_out, rules):
    rows = [item(answered=False)] * left_out + [item()]
    pace = looked_at(*rows, **rules).pace
    assert pace.startswith(said)
    assert bool(pace) == bool(said)


def test_times_as_a_person_says_them():
    assert [in_words(n) for n in (0, 59, 60, 89, 91, 600)] == [
        "0 s", "59 s", "1 min", "1 min 29 s", "1 min 31 s", "10 min",
    ]  # fmt: skip

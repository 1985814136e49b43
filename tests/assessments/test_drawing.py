"""Drawing: each bank gives what it owes, nothing comes twice, what was seen least comes first."""

from collections import Counter
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from assessments.drawing import Candidate, draw

BANKS = [UUID(int=number) for number in (901, 902, 903)]


@st.composite
def pools(draw):
    size = draw(st.integers(0, 24))
    return [
        Candidate(
            UUID(int=number + 1),
            draw(st.sampled_from([None, *BANKS])),
            tuple(UUID(int=1000 * (number + 1) + n) for n in range(draw(st.integers(0, 5)))),
            draw(st.booleans()),
        )
        for number in range(size)
    ]


picks = st.fixed_dictionaries({bank: st.integers(1, 8) for bank in BANKS})
seen = st.dictionaries(st.integers(1, 24).map(lambda n: UUID(int=n)), st.integers(0, 3))


@given(pools(), picks, seen, st.booleans(), st.integers())
def test_each_bank_gives_what_it_owes_and_nothing_comes_twice(pool, picks, seen, shuffle, seed):
    drawn = draw(pool, picks, seen=seen, shuffle=shuffle, chance=Random(seed))
    keys = [one.id for one in drawn]
    assert len(keys) == len(set(keys))
    assert {one.id for one in pool if one.bank is None} <= set(keys)
    from_bank = Counter(one.bank for one in pool if one.id in set(keys))
    in_bank = Counter(one.bank for one in pool)
    for bank, number in picks.items():
        assert from_bank[bank] == min(number, in_bank[bank])


@given(pools(), picks, seen, st.integers())
def test_nothing_is_left_in_a_bank_that_was_seen_less_than_what_was_taken(pool, picks, seen, seed):
    taken = {one.id for one in draw(pool, picks, seen=seen, shuffle=False, chance=Random(seed))}
    for bank in BANKS:
        times = {one.id: seen.get(one.id, 0) for one in pool if one.bank == bank}
        drawn = [number for key, number in times.items() if key in taken]
        left = [number for key, number in times.items() if key not in taken]
        assert not (drawn and left) or max(drawn) <= min(left)


@given(pools(), picks, st.booleans(), st.integers())
def test_options_are_all_there_and_in_order_where_the_author_wants_that(pool, picks, shuffle, seed):
    drawn = draw(pool, picks, seen={}, shuffle=shuffle, chance=Random(seed))
    by_key = {one.id: one for one in pool}
    for one in drawn:
        wanted = by_key[one.id]
        assert sorted(one.options) == sorted(wanted.options)
        if not wanted.shuffle:
            assert one.options == wanted.options
    if not shuffle:
        order = [one.id for one in pool]
        places = [order.index(one.id) for one in drawn]
        assert places == sorted(places)


def test_four_draws_of_two_go_through_a_bank_of_eight():
    pool = [Candidate(UUID(int=number), BANKS[0]) for number in range(1, 9)]
    seen = Counter[UUID]()
    for _ in range(4):
        drawn = draw(pool, {BANKS[0]: 2}, seen=seen, shuffle=False, chance=Random(1))
        seen.update(one.id for one in drawn)
    assert set(seen.values()) == {1}
    assert len(seen) == 8


def test_chance_leaves_no_place_and_no_question_out():
    options = tuple(UUID(int=number) for number in range(1, 5))
    pool = [Candidate(UUID(int=100 + n), BANKS[0], options, True) for n in range(5)]
    chance, firsts, asked = Random(7), Counter(), Counter()
    for _ in range(400):
        (one,) = draw(pool, {BANKS[0]: 1}, seen={}, shuffle=True, chance=chance)
        firsts[one.options[0]] += 1
        asked[one.id] += 1
    assert len(firsts) == 4
    assert len(asked) == 5
    assert min(firsts.values()) > 60
    assert min(asked.values()) > 45

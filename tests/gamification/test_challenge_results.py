"""The results of a challenge equal what their definition says, for everybody who is listed."""

import pytest
from django.db import transaction
from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from gamification import boards, challenge_results
from gamification.challenge_results import FEWEST, SHOWN, results_of
from gamification.models import BoardChoice
from tests.gamification.contest_builders import (
    list_person,
    make_entry,
    make_open_challenge,
    make_people,
)


def better(one, other):
    """More tasks; or as many in fewer minutes, if neither had more time than others."""
    if len(one[0]) != len(other[0]):
        return len(one[0]) > len(other[0])
    return not one[1] and not other[1] and sum(one[0]) < sum(other[0])


def brute_force(entries):
    shown = [entry for entry in entries if entry[2] and entry[0]]
    return [
        1 + sum(better(other, entry) for other in shown) if entry[2] and entry[0] else None
        for entry in entries
    ]


ENTRY = st.tuples(st.lists(st.integers(0, 3), max_size=3), st.booleans(), st.booleans())


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(entries=st.lists(ENTRY, min_size=FEWEST, max_size=12))
@pytest.mark.parametrize("many", [FEWEST, 1_000])
def test_places_equal_brute_force(course, monkeypatch, many, entries):
    """Counted anew for each, and, where there are many, looked up in what was kept."""
    monkeypatch.setattr(challenge_results, "MANY", many)
    with transaction.atomic():
        challenge = make_open_challenge(course, tasks=3)
        people = make_people(len(entries), listed=False)
        for person, (minutes, extra, shown) in zip(people, entries, strict=True):
            make_entry(challenge, person, minutes, extra=extra)
            if shown:
                list_person(person)
        wanted = brute_force(entries)
        listed = sorted(rank for rank in wanted if rank)
        if len(listed) < FEWEST:
            wanted = [None] * len(entries)
        for person, rank in zip(people, wanted, strict=True):
            own = results_of(challenge, person).own
            assert (own.rank if own else None) == rank
            assert own is None or own.is_tied == (wanted.count(rank) > 1)
        places = [place.rank for place in results_of(challenge, people[0]).places]
        assert places == (listed if len(listed) >= FEWEST else [])
        transaction.set_rollback(True)


@pytest.fixture
def crowd(course):
    """Six people; the first was quickest."""
    challenge = make_open_challenge(course, tasks=2)
    people = make_people(6)
    for number, person in enumerate(people):
        make_entry(challenge, person, [number, number])
    return challenge, people


def test_who_leaves_the_boards_leaves_the_results_and_others_move_up(crowd):
    challenge, people = crowd
    assert results_of(challenge, people[1]).own.rank == 2
    boards.choose(people[0], BoardChoice.Shown.OFF)
    found = results_of(challenge, people[1])
    assert (found.own.rank, found.people) == (1, 5)
    assert people[0].pk not in {place.user for place in found.places}


@pytest.mark.parametrize(
    "change",
    [
        {"is_active": False},
        {"is_active": False, "deleted_at": now()},
        {"is_minor": True},
        {"role": User.Role.ADMIN},
    ],
)
def test_who_may_not_be_seen_is_gone_before_the_sweep_comes(crowd, change):
    challenge, people = crowd
    User.objects.filter(pk=people[0].pk).update(**change)
    found = results_of(challenge, people[1])
    assert (found.own.rank, found.people) == (1, 5)
    assert people[0].pk not in {place.user for place in found.places}


def test_minutes_are_told_of_oneself_alone_so_that_nobody_with_more_time_is_told_apart(crowd, bob):
    challenge, people = crowd
    make_entry(challenge, list_person(bob), [9, 9], extra=True)
    places = results_of(challenge, people[2]).places
    assert [place.minutes for place in places if place.user != people[2].pk] == [None] * 6
    assert results_of(challenge, people[2]).own.minutes == 4
    assert results_of(challenge, bob).own.minutes is None


def test_fewer_than_five_tell_no_place_not_even_ones_own(crowd):
    challenge, people = crowd
    for person in people[:2]:
        boards.choose(person, BoardChoice.Shown.OFF)
    found = results_of(challenge, people[5])
    assert (found.places, found.people, found.own) == ([], 4, None)


def test_a_nickname_stands_in_for_the_name(crowd):
    challenge, people = crowd
    BoardChoice.objects.filter(user=people[0]).update(shown="NICKNAME", nickname="Quick Fox")
    names = [place.name for place in results_of(challenge, people[5]).places]
    assert names[0] == "Quick Fox"
    assert people[0].name not in names


def test_many_tied_people_make_no_endless_list_and_no_one_loses_their_own_line(course):
    challenge = make_open_challenge(course, tasks=1)
    people = make_people(SHOWN + 3)
    for person in people:
        make_entry(challenge, person, [4])
    for viewer in (people[0], people[-1]):
        found = results_of(challenge, viewer)
        assert len(found.places) == SHOWN
        assert (found.people, found.own.rank, found.own.is_tied) == (SHOWN + 3, 1, True)


@pytest.fixture
def large(crowd, monkeypatch):
    """Somebody has looked a moment ago, and six are many."""
    monkeypatch.setattr(challenge_results, "MANY", 6)
    challenge, people = crowd
    results_of(challenge, people[3])
    return challenge, people


def test_what_is_kept_of_a_large_challenge_takes_one_query(large, django_assert_num_queries):
    challenge, people = large
    with django_assert_num_queries(1):
        found = results_of(challenge, people[4])
    assert [place.user for place in found.places] == [one.pk for one in people]
    assert (found.people, found.own.rank, found.own.minutes) == (6, 5, 8)
    assert [place.minutes for place in found.places if place.user != people[4].pk] == [None] * 5


def test_who_leaves_a_large_challenge_is_gone_at_once(large):
    challenge, people = large
    boards.choose(people[0], BoardChoice.Shown.OFF)
    found = results_of(challenge, people[1])
    assert people[0].pk not in {place.user for place in found.places}
    assert results_of(challenge, people[0]).own is None


def test_who_is_not_among_the_first_of_a_large_challenge_has_their_own_place(large, bob):
    challenge, _ = large
    make_entry(challenge, list_person(bob), [4, 4])  # as quick as the last but one
    found = results_of(challenge, bob)
    assert bob.pk not in {place.user for place in found.places}
    assert found.own.rank == 5


def test_nobody_took_part(course, bob):
    challenge = make_open_challenge(course)
    assert results_of(challenge, bob).taken_part is False
    make_entry(challenge, bob, [])
    assert results_of(challenge, bob).taken_part is True

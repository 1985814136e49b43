"""The pictures of badges: the same each time, each its own, small, and nothing styled inline."""

import re
from itertools import combinations
from xml.etree import ElementTree

import pytest

from gamification.achievements.registry import ALL
from gamification.badges import badge

EVERY = [(one.key, tier) for one in ALL for tier in range(1, len(one.tiers) + 1)]


def read(svg):
    return ElementTree.fromstring(svg)  # noqa: S314 - drawn by ourselves


def test_each_badge_is_its_own_and_the_same_each_time():
    drawn = {one.key: badge(one.key) for one in ALL}
    assert all(first != second for first, second in combinations(drawn.values(), 2))
    badge.cache_clear()
    assert {one.key: badge(one.key) for one in ALL} == drawn


@pytest.mark.parametrize(("key", "tier"), EVERY)
def test_a_ring_for_each_tier(key, tier):
    rings = re.findall(r'<circle cx="48" cy="48" r="(46|42|38|34)"/>', badge(key, tier))
    assert len(rings) == tier


@pytest.mark.parametrize("earned", [True, False])
def test_they_are_small_well_formed_and_without_styles(earned):
    for one in ALL:
        svg = badge(one.key, len(one.tiers), earned=earned)
        assert len(svg.encode()) <= 2048
        assert read(svg).get("viewBox") == "0 0 96 96"
        assert not re.search(r"style|script|href|on\w+=|nan|inf", svg)


def test_one_that_is_not_earned_is_dashed_and_as_large():
    for one in ALL:
        todo = badge(one.key, earned=False)
        assert 'r="46" stroke-dasharray=' in todo
        assert 'class="badge todo"' in todo
    assert "stroke-dasharray" not in badge("first-light")


@pytest.mark.parametrize("key", ["", "x" * 40, "<script>", "ключ"])
def test_any_key_gives_a_picture(key):
    assert read(badge(key)).tag == "svg"
    assert "<script" not in badge(key)

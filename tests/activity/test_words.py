"""Each kind of event has words in the feed, or a reason why it has none."""

import string

import pytest

from activity.models import Event
from activity.words import LINES, NOT_SHOWN, SHARED, shown_kinds, words_of


def test_every_kind_of_event_has_words_or_is_declared_not_shown():
    assert set(Event.Kind) == LINES.keys() | NOT_SHOWN.keys()
    assert not LINES.keys() & NOT_SHOWN.keys()
    assert all(NOT_SHOWN.values())


@pytest.mark.parametrize("kind", LINES)
def test_words_can_be_said_of_an_event_that_says_nothing(kind):
    words = words_of(kind, {})
    assert words.strip()
    assert "{" not in words


def test_gaps_are_filled_by_what_the_event_says():
    assert words_of(Event.Kind.LEVEL_REACHED, {"level": 3}) == "Reached level 3"
    gaps = {
        name
        for line in LINES.values()
        for _, name, _, _ in string.Formatter().parse(str(line.words))
        if name
    }
    assert gaps == {"level", "days"}


def test_what_is_of_points_is_shown_with_points_alone():
    without = set(shown_kinds(points=True)) - set(shown_kinds(points=False))
    assert without == {
        Event.Kind.LEVEL_REACHED,
        Event.Kind.ACHIEVEMENT_EARNED,
        Event.Kind.STREAK_REACHED,
        Event.Kind.REFERRAL_QUALIFIED,
    }
    assert not without & set(SHARED)

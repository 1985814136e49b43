"""Messages in words."""

import pytest
from django.urls import reverse

from notifications.messages import MESSAGES, told


def test_words_take_what_the_data_says():
    words = told("REPORT_ANSWERED", {"title": "Quiz", "reply": "You are right.", "url": "/q/"})
    assert words.title == "Your report was answered"
    assert (words.text, words.url) == ("Quiz: You are right.", "/q/")


def test_a_message_without_an_address_of_its_own_has_one():
    assert told("LEVEL_REACHED", {"level": 3}).url == reverse("classroom:progress")
    assert told("LEVEL_REACHED", {"level": 3}).title == "You reached level 3"


def test_what_people_write_is_never_read_as_a_gap():
    words = told("REPORT_ANSWERED", {"title": "{0.__class__}", "reply": "{reply}"})
    assert words.text == "{0.__class__}: {reply}"


@pytest.mark.parametrize("kind", MESSAGES)
def test_words_stand_even_without_data(kind):
    assert told(kind, {}).topic.name


def test_reasons_are_whole_sentences():
    topics = {message.topic for message in MESSAGES.values()}
    assert all(str(t.reason).startswith("You get this because") for t in topics)
    assert all(str(t.reason).endswith(".") for t in topics)

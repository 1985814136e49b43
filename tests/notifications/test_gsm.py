"""What fits a text message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import gsm
from notifications.gsm import BASIC, compose, is_gsm, room, units

LINK = "https://school.example/notifications/0192f0c1-7c1e-7000-8000-000000000000/"


def parts(text):
    gsm = is_gsm(text)
    return next(n for n in range(1, 20) if units(text, gsm=gsm) <= room(n, gsm=gsm))


def test_the_alphabet_has_its_signs():
    assert len(BASIC) == 127  # and the escape to the others
    assert is_gsm("Grüße, 5€ [ok]")
    assert not is_gsm("č")


@pytest.mark.parametrize(
    ("text", "gsm", "takes"),
    [("abc", True, 3), ("[€]", True, 6), ("č", False, 1), ("🐍", False, 2)],
)
def test_some_signs_take_the_room_of_two(text, gsm, takes):
    assert units(text, gsm=gsm) == takes


def test_short_words_stay_whole():
    assert compose("Waymark: Your work was reviewed. Loops", LINK) == (
        f"Waymark: Your work was reviewed. Loops {LINK}"
    )


def test_typographic_signs_cost_no_second_message():
    assert compose("It’s “here” – at\nlast…", LINK) == f'It\'s "here" - at last... {LINK}'


def test_long_words_are_cut_and_say_so():
    text = compose("word " * 60, LINK)
    assert units(text, gsm=True) <= 160
    assert text.endswith(f"... {LINK}")
    assert parts(text) == 1


def test_other_alphabets_are_cut_later_because_they_need_parts():
    text = compose("Ваша работа проверена. " * 20, LINK)
    assert text.endswith(f"... {LINK}")
    assert parts(text) == 2


def test_signs_that_are_cut_off_take_no_room():
    words = "word " * 80 + "🐍"
    assert compose(words, LINK) == compose("word " * 80 + "end", LINK)


def test_a_long_text_is_measured_as_often_as_there_is_room(monkeypatch):
    asked = []
    real = gsm.units
    monkeypatch.setattr(gsm, "units", lambda text, gsm: asked.append(text) or real(text, gsm=gsm))
    text = compose("word " * 1000, LINK)
    assert text.endswith(f"... {LINK}")
    assert len(asked) < 160


@given(st.text(max_size=400), st.sampled_from([LINK, "https://a.example/", f"{LINK}{'x' * 150}"]))
def test_the_link_is_whole_and_parts_are_few(words, link):
    text = compose(words, link)
    assert text.endswith(f" {link}")
    assert parts(text) <= 3
    assert "\n" not in text

"""A school's own colour is one that can be read."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from accounts import hues
from accounts.models import School
from accounts.school import remember

TOKENS = (Path(settings.BASE_DIR) / "static" / "css" / "base.css").read_text()


def token(name: str) -> tuple[str, str]:
    found = re.search(rf"--{name}: light-dark\((#\w{{6}}), (#\w{{6}})\)", TOKENS)
    assert found
    return found[1], found[2]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#18212c", "#faf9f5", 15.42), ("#03636b", "#faf9f5", 6.64)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert hues.contrast(one, other) == hues.contrast(other, one)
    assert hues.contrast(one, other) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize(
    ("name", "colours"), [("paper", hues.PAPER), ("sunken", hues.SUNKEN), ("focus", hues.FOCUS)]
)
def test_what_stands_around_the_hue_is_what_the_style_sheet_says(
    name: str, colours: tuple[str, str]
) -> None:
    assert token(name) == colours


@pytest.mark.parametrize("name", hues.STEPS)
def test_the_steps_of_the_usual_hue_are_nearly_the_usual_colours(name: str) -> None:
    for made, usual in zip(hues.shades(205)[name], token(name), strict=True):
        parts = [(int(made[at : at + 2], 16), int(usual[at : at + 2], 16)) for at in (1, 3, 5)]
        assert max(abs(one - other) for one, other in parts) <= 8, (made, usual)


@pytest.mark.parametrize("hue", hues.NAMES)
def test_every_hue_that_is_offered_can_be_read(hue: int) -> None:
    assert hues.faults(hue) == []


def test_every_colour_of_every_hue_can_be_shown() -> None:
    for hue in range(0, 360, 5):
        for both in hues.shades(hue).values():
            assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in both)


def test_a_hue_too_pale_is_told_by_its_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    pale = {**hues.STEPS, "primary": ((0.8, 0.07), (0.79, 0.105))}
    monkeypatch.setattr(hues, "STEPS", pale)
    told = hues.faults(205)
    assert told[0].startswith("primary on paper: 1.")
    assert any(fault.startswith("on-primary on primary") for fault in told)


def test_pages_wear_the_schools_colour_and_say_nothing_without_one(client, db) -> None:
    assert "light-dark(" not in client.get("/accounts/login/").text
    remember(School(hue=350))
    page = client.get("/accounts/login/")
    assert hues.style_of(350) in page.text
    nonce = re.search(r'<style nonce="([^"]+)">:root', page.text)
    assert nonce
    assert f"'nonce-{nonce[1]}'" in page["Content-Security-Policy"]

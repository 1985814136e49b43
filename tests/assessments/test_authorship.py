"""Whose words something is in, asked of the words alone."""

import pytest

from assessments.authorship import is_changed

DRAFT = "Your loop runs once too often. Look at where it begins, and count on paper."


@pytest.mark.parametrize(
    "text",
    [
        f"{DRAFT} Cheers",
        f"Hello Ada! {DRAFT}",
        DRAFT.replace("loop", "code"),
        DRAFT.replace(". ", ".\n\n").upper(),
        DRAFT.replace(".", ""),
        "Look at where it begins, and count on paper.",
        "Look at where it begins.",
        "Your loop runs too often. Look at its beginning, and count on paper, please.",
        f"{'I have read all of it and have much to say of each and every line. ' * 5}{DRAFT}",
    ],
)
def test_words_made_of_a_models_are_changed_ones(text):
    assert is_changed(text, DRAFT)


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", DRAFT, f"  {DRAFT}\r\n", "Well done.",
        "The test with an empty list fails: think about what should be returned then.",
        "I would begin at the end, and count down. Have a look at the hint of lesson 3.",
    ],
)  # fmt: skip
def test_the_same_words_and_own_ones_are_not(text):
    assert not is_changed(text, DRAFT)


@pytest.mark.parametrize("drafted", [None, "", "  ", 7])
def test_where_no_model_said_anything_nothing_is_changed(drafted):
    assert not is_changed("Well done.", drafted)

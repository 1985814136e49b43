"""What typed answers mean: reading never fails, and the tidy form is the form of itself."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assessments.replies import is_text, is_tolerance, read_number, tidy, within

anything = st.text(st.characters())  # surrogates and controls too
numbers = st.decimals(-(10**12), 10**12, places=6)


@given(anything)
@example("1e999")
@example("−½")
@example("١٢٣")
@example("1" * 61)
@example("\ud800")
@example("1e-999")
def test_reading_a_number_never_fails(text):
    number = read_number(text)
    assert number is None or number.is_finite()
    if number is not None:
        assert within(number, number, "")


@given(numbers)
def test_a_number_is_read_as_it_is_written(number):
    assert read_number(f"{number:f}") == number
    assert read_number(f"  {number:f} ".replace(".", ",")) == number
    assert read_number(f"{number:f}".replace("-", "−")) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1 000", "1000"), ("1_000", "1000"), ("1'000.5", "1000.5"), ("+.5", "0.5"),
        ("5.", "5"), ("1e3", "1000"), ("1E-3", "0.001"),
        ("３．５", "3.5"), ("2\u00a0000", "2000"), ("1,5", "1.5"),
    ],
)  # fmt: skip
def test_the_ways_in_which_people_write_numbers(text, number):
    assert read_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    ["", " ", ".", "e5", "1e", "1e1000", "0x10", "nan", "inf", "-Infinity", "1,000.5", "1,0,0",
     "1.2.3", "--1", "five", "1/2", "½", "5%", "1\x002", "9" * 61],
)  # fmt: skip
def test_what_is_no_number(text):
    assert read_number(text) is None


@given(anything, st.booleans())
@example("‴a", True)
@example("\u1fb3\u0301", False)
@example("ﬁ İ ẞ", False)
def test_the_tidy_form_of_a_tidy_form_is_itself(text, match_case):
    once = tidy(text, match_case=match_case)
    assert tidy(once, match_case=match_case) == once


@given(st.text())
def test_outer_and_double_spaces_say_nothing(text):
    assert tidy(f"  {text}\t\n") == tidy(text)
    assert tidy(text.replace(" ", "\u00a0 ")) == tidy(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [("“a”", '"a"'), ("‘a’", "'a'"), ("«a»", '"a"'), ("ﬁn", "FIN"), ("STRASSE", "straße"),
     ("e\u0301", "É"), ("a   b", "A b")],
)  # fmt: skip
def test_two_ways_to_write_the_same(one, other):
    assert tidy(one) == tidy(other)


@given(numbers, numbers)
def test_nearness_has_no_favourite_side(one, other):
    assert within(one, other, "") == (one == other)
    assert (
        within(one, other, "0.5")
        == within(other, one, "0.5")
        == (abs(one - other) <= Decimal("0.5"))
    )
    assert within(one, one, "0%")


def test_a_share_is_of_the_wanted_number():
    assert within(Decimal(90), Decimal(100), "10%")
    assert not within(Decimal(100), Decimal(90), "10%")
    assert within(Decimal(-105), Decimal(-100), "5%")


@pytest.mark.parametrize("text", ["", "0", "0.01", "5%", "2.5%", "123456789.123456789"])
def test_tolerances(text):
    assert is_tolerance(text)
    assert within(Decimal(1), Decimal(1), text)


@pytest.mark.parametrize(
    "text", ["%", "-1", "1e5", ".5", "5 %", "5%%", "1,5", "1234567890", "x", "5\n"]
)
def test_what_is_no_tolerance(text):
    assert not is_tolerance(text)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffd")))
def test_text_can_be_kept_up_to_its_length(text):
    assert is_text(text, len(text))
    assert not is_text(f"{text}x", len(text))


def test_what_is_no_text():
    for text in ("\x00", "a\x1fb", "\x7f", "\ud800", "\ufffd"):
        assert not is_text(text, 100)
    assert is_text("a\r\n\tb", 100)


@pytest.mark.parametrize(
    "typed",
    [
        "--staged",
        "—staged",
        "–-staged",
        "−−staged",
        "`--staged`",
        "--\u200bstaged",
        "--sta\u00adged",
    ],
)
def test_what_keyboards_make_of_hyphens_is_read_as_meant(typed):
    assert tidy(typed) == "--staged"


def test_an_en_dash_is_a_minus():
    assert read_number("–3,5") == Decimal("-3.5")

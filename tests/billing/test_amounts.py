"""Money in words."""

import pytest
from django.utils.translation import override

from billing.amounts import SPACE, money, rate


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        (1200, "eur", "12 €"),
        (1250, "eur", "12.50 €"),
        (1205, "EUR", "12.05 €"),
        (5, "eur", "0.05 €"),
        (0, "eur", "0 €"),
        (1200, "usd", "$12"),
        (-1250, "usd", "−$12.50"),
        (-1, "eur", "−0.01 €"),
        (999, "gbp", "£9.99"),
        (1200, "jpy", "1,200 ¥"),
        (12, "krw", "12 ₩"),
        (1_234_567_890_12, "eur", "1,234,567,890.12 €"),
        (9_223_372_036_854_775_807, "jpy", "9,223,372,036,854,775,807 ¥"),
        (1500, "kwd", "1.500 KWD"),
        (1005, "bhd", "1.005 BHD"),
        (2000, "tnd", "2 TND"),
        (9900, "chf", "99 CHF"),
        (500, "xof", "500 XOF"),
        (100, "ugx", "1 UGX"),
        (100, "isk", "1 ISK"),
    ],
)
def test_an_amount_is_said_as_people_say_it(amount, currency, words):
    assert money(amount, currency).replace(SPACE, " ") == words


@pytest.mark.parametrize(
    ("language", "words"), [("de", ["1.234,50 €", "1.200 ¥", "−12 €"]), ("ar", ["1234,50 €"])]
)
def test_an_amount_is_said_as_the_language_of_who_reads_writes_numbers(language, words):
    amounts = [(123_450, "eur"), (1200, "jpy"), (-1200, "eur")]
    with override(language):
        said = [money(*one).replace(SPACE, " ") for one in amounts]
    assert said[: len(words)] == words


def test_a_number_and_its_sign_stay_on_one_line():
    assert " " not in money(1200, "eur") + money(1200, "chf")


def test_a_rate_names_its_period_and_its_seats():
    assert rate(1200, "usd", "a month") == "$12 a month"
    assert rate(80_000, "usd", "a year", seats=10) == "$800 a year for 10 seats"
    assert rate(800, "usd", "a month", seats=1) == "$8 a month"

"""Which currency prices are shown in."""

import pytest

from billing.currencies import chosen, most_used, named_in

SOLD = ["eur", "jpy", "usd"]


@pytest.mark.parametrize(
    ("header", "named"),
    [
        ("de-DE,de;q=0.9,en-US;q=0.8", ["eur", "usd"]),
        ("en-US;q=0.3,ja-JP", ["jpy", "usd"]),
        ("zh-Hant-TW", ["twd"]),
        ("pt-br", ["brl"]),
        ("en", []),
        ("*", []),
        ("", []),
        ("x" * 3000, []),
        ("de-DE;q=zero, ;;;,\x00", []),
        ("en-ZZ,<script>", []),
    ],
)
def test_a_browser_names_regions(header, named):
    assert named_in(header) == named


@pytest.mark.parametrize(
    ("asked", "used", "header", "currency"),
    [
        ("usd", "eur", "ja-JP", "usd"),
        ("USD", "", "", "usd"),
        ("chf", "", "ja-JP", "chf"),
        ("", "eur", "ja-JP", "eur"),
        ("", "chf", "ja-JP", "jpy"),
        ("", "", "de-CH,de-DE", "eur"),
        ("", "", "en-GB", "eur"),
        ("euro", "", "en-US", "usd"),
        ("é€$", "", "en-US", "usd"),
    ],
)
def test_what_is_asked_for_comes_first_then_what_was_paid_in_then_the_region(
    asked, used, header, currency
):
    assert chosen(asked, used, header, SOLD) == currency


def test_the_currency_in_which_most_is_sold_comes_first():
    assert most_used(["usd", "eur", "jpy", "jpy", "chf"]) == ["jpy", "chf", "eur", "usd"]
    assert most_used([]) == []


def test_where_nothing_is_sold_there_is_no_currency():
    assert chosen("", "", "en-US", []) == ""

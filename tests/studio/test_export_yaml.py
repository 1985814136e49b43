"""YAML as it is written: our own strict reader gets every value back to the letter."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from studio.exporting.yaml_text import document, in_braces, json_value, number, several
from studio.importing.folder.fields import Fields
from studio.importing.folder.json_values import read_value
from studio.importing.strict_yaml import Listing, Mapping, Scalar, load

NASTY = [
    "", "yes", "No", "null", "~", "true", "007", "1e3", "12:30", "2024-01-31", "- a", "# a",
    "a # b", "a: b", "a:", ":a", "'a'", '"a"', "`a`", "@a", "%a", "&a", "*a", "!a", "|", ">", "?",
    "{a", "[a", " a", "a ", "\ta", "a\t", "a\tb", "\u00a0a", "\ufeffa", "a\u2028b", "\u0085",
    "\x7f", "\\", "a\\n", "a\nb", "a\nb\n", "a\nb\n\n", "\na", "\n", " a\nb", "a\n b",
    "a\n\n\nb\n", "a\n  \nb", "a\n\tb", "a\r\nb", "---\na", "a\n---\nb\n", "a\n...\n", "a\n# b\n",
    "a\n- b: c\n", "ä", "日本", "😀", "é: è", "\uffff", "\x01", "a\n ", "a,b", "{a: b}", "[a]",
    "x" * 3000, "a: " * 500, "\U0010ffff",
]  # fmt: skip
TEXTS = some.one_of(
    some.sampled_from(NASTY),
    some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40),
    some.text("ab \n\t:#-'\"|\u2028", max_size=12),
)
VALUES = some.recursive(
    some.one_of(
        some.none(),
        some.booleans(),
        some.integers(),
        some.integers(-(10**60), 10**60),
        some.floats(allow_nan=False, allow_infinity=False),
        TEXTS,
    ),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)


def plain(value):
    if isinstance(value, Scalar):
        return value.text
    if isinstance(value, Listing):
        return [plain(item) for item in value.items]
    return {name: plain(item) for name, item in value.items.items()}


def back(fields):
    return plain(load(document(fields), "x.yaml"))


@pytest.mark.parametrize("text", NASTY)
def test_every_nasty_text_comes_back(text):
    fields = {"a": text, "b": [text, {"c": text, "d": "e"}], "f": several([text, text]), "g": "h"}
    assert back(fields) == {
        "a": text, "b": [text, {"c": text, "d": "e"}], "f": [text, text], "g": "h"
    }  # fmt: skip


@given(TEXTS, TEXTS)
@settings(max_examples=150, deadline=None)
def test_every_text_comes_back_wherever_it_stands(one, other):
    fields = {"a": one, "b": [{"c": other, "d": [one, other]}, {"c": one}], "e": other}
    assert back(fields) == fields
    assert back({"banks": in_braces({one[:60]: number(1)})}) == {"banks": {one[:60]: "1"}}


@given(VALUES)
@settings(max_examples=150, deadline=None)
def test_every_value_of_json_comes_back_with_its_type_and_order(value):
    errors = []
    fields = Fields(load(document({"args": json_value(value)}), "x.yaml"), "x.yaml", errors)
    found = read_value(fields, "args")
    assert errors == []
    assert repr(found) == repr(value)


def test_long_names_and_numbers_come_back():
    value = {"k" * 2000: 10**4000 - 1, "b": [-0.0, 1e300, 5e-324, 1.0, 1]}
    fields = Fields(load(document({"args": json_value(value)}), "x.yaml"), "x.yaml", [])
    assert repr(read_value(fields, "args")) == repr(value)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Your first program", "Your first program"),
        ("Numbers, names and texts", "Numbers, names and texts"),
        ("Loops: for", '"Loops: for"'),
        ("no", '"no"'),
        ("3.5", '"3.5"'),
        ("two\nlines\n", "|\n  two\n  lines"),
    ],
)
def test_what_is_plainly_a_text_needs_no_quotation_marks(text, written):
    assert document({"a": text}) == f"a: {written}\n"
    assert isinstance(load(f"a: {written}\n", "x.yaml"), Mapping)

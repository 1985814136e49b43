"""Values as the learners of a language write them."""

import pytest

from sandbox.values import Type, Value, shown, value_of

NESTED = {"tag": "li", "my class": [None, True, 1.5], "n": -2}


@pytest.mark.parametrize(
    ("language", "plain", "text"),
    [
        ("python", NESTED, "{'tag': 'li', 'my class': [None, True, 1.5], 'n': -2}"),
        ("javascript", NESTED, '{tag: "li", "my class": [null, true, 1.5], n: -2}'),
        ("python", (1,), "(1,)"),
        ("javascript", (1,), "[1]"),
        ("python", set(), "set()"),
        ("javascript", {1}, "new Set([1])"),
        ("python", "it's", '"it\'s"'),
        ("javascript", 'say "ä"\n', '"say \\"ä\\"\\n"'),
        ("python", False, "False"),
        ("javascript", False, "false"),
    ],
)
def test_a_value_is_written_as_its_language_writes_it(language, plain, text):
    assert shown(value_of(plain), language=language) == text


def test_what_is_long_or_deep_is_cut():
    deep = value_of(1)
    for _ in range(20):
        deep = Value(Type.LIST, items=(deep,))
    assert "…" in shown(deep)
    assert len(shown(value_of("x" * 9_999))) == 400

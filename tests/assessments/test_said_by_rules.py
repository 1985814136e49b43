"""What the rules said is stored in English and read in the language of the page."""

import pytest
from django.utils.translation import override

from assessments.analyser import LANGUAGES, shared
from assessments.analyser.analysis import analyse, rules_of
from assessments.analyser.enough import RIGHT_FIRST
from assessments.said_by_rules import remark, summary

SLOPPY = """\
def total(prices):
    sum = 0
    unused = 1
    for i in range(len(prices)):
        sum = sum + prices[i]
    if sum == None:
        return 0
    return sum


def other(a, b):
    first = 1
    second = 2
    return a == True
"""
KNOWN = [
    (key, words)
    for language in sorted(LANGUAGES)
    for catalogue in [rules_of(language).CATALOGUE]
    for key, found in [
        *((key, [one.weakness, one.suggestion]) for key, one in catalogue.rules.items()),
        *((key, [one.text]) for key, one in catalogue.merits.items()),
    ]
    for words in filter(None, found)
]


@pytest.mark.parametrize("language", ["de", "ar"])
def test_every_sentence_of_every_rule_is_found_again_with_its_name(language):
    with override(language):
        for key, words in KNOWN:
            told = words.format(name="prices[*]")
            said = remark(key, told)
            assert said != told, key
            assert ("prices[*]" in said) == ("{name}" in words), key


def test_more_places_are_told_too():
    words = "Every step moves all the other elements of “rows” by one place."
    with override("de"):
        alone = remark("front-of-list", words)
        more = remark("front-of-list", f"{words} The same goes for 3 more places.")
    assert alone == "Jeder Schritt verschiebt alle anderen Elemente von „rows“ um einen Platz."
    assert more == f"{alone} Dasselbe gilt für 3 weitere Stellen."


def test_what_a_person_changed_stays_as_it_is_and_english_is_not_touched():
    stored = "“rows” is imported and never used."
    assert remark("unused-import", stored) == stored
    with override("de"):
        assert remark("unused-import", "Nobody uses “rows”.") == "Nobody uses “rows”."
        assert remark("", stored) == remark("of-old", stored) == stored


def test_all_that_is_said_of_a_text_is_said_in_the_language_of_the_page():
    found = analyse("python", SLOPPY)
    assert found.suggestions
    with override("de"):
        whole = summary(found.text)
        for one in (*found.strengths, *found.weaknesses, *found.suggestions):
            assert remark(one.rule, one.text) != one.text
    assert "Das sind 12 Zeilen Code mit 2 Funktionen. Am ehesten zu ändern: " in whole
    assert " (Zeile " in whole
    assert " line" not in whole
    assert whole.endswith("Die Effizienz wird nach der Form des Codes beurteilt, nicht gemessen.")


@pytest.mark.parametrize("source", ["", "x = 1\n", "import os\n"])
def test_of_little_code_too(source):
    with override("ar"):
        for text in (analyse("python", source).text, RIGHT_FIRST):
            assert not set(summary(text)) & set("abcdefghijklmnopqrstuvwxyz")


def test_the_bounds_that_are_written_in_words_are_those_that_hold():
    said = {
        "long-function": shared.LONG_FUNCTION,
        "too-complex": shared.COMPLEX,
        "deep-nesting": shared.DEEP,
        "many-parameters": shared.PARAMETERS,
        "long-line": shared.LONG_LINE,
        "repeated-block": shared.BLOCK,
    }
    for key, bound in said.items():
        assert f" {bound} " in shared.RULES[key].weakness

"""What the rules said is stored in English and read in the language of the page."""

from datetime import UTC, datetime

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from assessments.analyser import LANGUAGES, shared
from assessments.analyser.analysis import analyse, rules_of
from assessments.analyser.enough import RIGHT_FIRST
from assessments.analyser.words import BY_SHAPE, NO_FIGURES, NOTHING_FOUND
from assessments.feedback import Voice, seen
from assessments.models import Review, SubmissionAnalysis
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


ONE, OTHER = (
    f"{one.title} (line 4)" for one in list(rules_of("python").CATALOGUE.rules.values())[:2]
)
PARTS = [
    "These are 5 lines of code with no functions.",
    f"These are {'9' * 5000} lines of code with one function.",
    "Worth changing first: ",
    ONE,
    " and ",
    "(line 3)",
    ".",
    " The same goes for 2 more places.",
    f" The same goes for {'9' * 5000} more places.",
    *(words for _, words in KNOWN[:6]),
    *("%(what)s", "{name}", "\n"),
]


@pytest.mark.parametrize(
    "text",
    [
        "Worth changing first: the loop (line 4), the name (line 9) and the test (line 12).",
        "Good. Worth changing first: (line 3).",
        f"{NO_FIGURES} Worth changing first: {ONE}. That is all.",
        f"{NO_FIGURES} Worth changing first: {ONE}, {ONE} and {OTHER}.",
        f"I think: {NOTHING_FOUND} {BY_SHAPE}",
    ],
)
def test_a_text_that_is_not_whole_as_the_rules_write_it_stays_word_for_word(text):
    with override("de"):
        assert summary(text) == text


@given(
    text=st.text() | st.lists(st.sampled_from(PARTS), max_size=6).map("".join),
    rule=st.sampled_from([key for key, _ in KNOWN]),
)
def test_no_text_at_all_stops_a_page(text, rule):
    with override("ar"):
        assert isinstance(summary(text), str)
        assert isinstance(remark(rule, text), str)


@pytest.mark.parametrize("functions", [0, 1, 2])
@pytest.mark.parametrize("places", [f"{ONE} and {OTHER}", ONE])
def test_whatever_the_rules_write_is_found_again(functions, places):
    told = {0: "no functions", 1: "one function", 2: "2 functions"}[functions]
    text = f"These are 12 lines of code with {told}. Worth changing first: {places}."
    with override("ar"):
        assert not set(summary(f"{text} {BY_SHAPE}")) & set("abcdefghijklmnopqrstuvwxyz")


def test_what_a_person_or_a_model_says_is_theirs_also_in_the_words_of_the_rules():
    now = datetime(2026, 5, 4, tzinfo=UTC)
    row = SubmissionAnalysis(
        kind="HYBRID", text=BY_SHAPE, drafted={"text": BY_SHAPE}, published_at=now
    )
    with override("de"):
        by_person, by_model = seen(row, Review(sent_at=now), now), seen(row, None, now)
    assert (by_person.voice, by_person.text) == (Voice.PERSON, BY_SHAPE)
    assert (by_model.voice, by_model.text) == (Voice.AI, BY_SHAPE)


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

"""What a model may answer: read strictly, bounded, and plain."""

import json

import pytest

from assessments.model_drafts.draft_schema import (
    LONGEST_REMARK,
    CodeDraft,
    NotADraft,
    QuizDraft,
    clean,
    read_code_draft,
    read_quiz_draft,
    schema_of,
)
from tests.doubles.model_endpoint import GOOD, QUIZ


def read(answer=None, **changes):
    told = json.dumps({**GOOD, **changes}) if answer is None else answer
    return read_code_draft(told, 3)


def without(name):
    return json.dumps({key: value for key, value in GOOD.items() if key != name})


def test_a_good_draft_is_read():
    draft = read()
    assert (draft.overall, draft.decision, len(draft.remarks)) == (70, "changes", 3)
    assert [one.line for one in draft.remarks] == [1, 2, None]


@pytest.mark.parametrize(
    "dress",
    [
        "```json\n{}\n```",
        "```\n{}\n```",
        "  ```JSON\n{}```  ",
        "\n{}\n",
        "<think>Let me\nsee.</think>\n{}",
        "<think>\n</think>```json\n{}\n```",
    ],
)
def test_a_fence_and_thoughts_before_it_are_taken_off(dress):
    assert read(dress.replace("{}", json.dumps(GOOD))) == read()


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "Sure!",
        "[]",
        "null",
        '{"text": "x"',
        json.dumps(GOOD)[:-1] + ', "overall": 5}',
        json.dumps({**GOOD, "overall": "70"}),
        json.dumps({**GOOD, "overall": 70.5}),
        json.dumps({**GOOD, "overall": True}),
        json.dumps({**GOOD, "overall": -1}),
        json.dumps({**GOOD, "efficiency": 11}),
        json.dumps({**GOOD, "overall": float("nan")}),
        json.dumps(GOOD).replace("70", "1e999"),
        json.dumps(GOOD).replace("70", "9" * 5000),
        json.dumps({**GOOD, "decision": "yes"}),
        json.dumps({**GOOD, "remarks": "none"}),
        json.dumps({**GOOD, "remarks": [{"section": "praise", "line": 1, "text": "x"}]}),
        json.dumps({**GOOD, "remarks": [{"section": "strength", "line": "1", "text": "x"}]}),
        json.dumps({**GOOD, "text": " \u200b ", "remarks": []}),
        "[" * 100_000,
        '{"a":' * 50_000,
        *map(without, GOOD),
    ],
)
def test_what_is_no_draft_is_refused_in_a_line(answer):
    with pytest.raises(NotADraft) as refusal:
        read(answer)
    assert 0 < len(str(refusal.value)) <= 300


def test_words_of_an_answer_do_not_come_back_in_the_refusal():
    with pytest.raises(NotADraft) as refusal:
        read(json.dumps({**GOOD, "overall": "secret words"}))
    assert "secret words" not in str(refusal.value)


def test_more_than_was_asked_for_is_left_out():
    draft = read(grade=100, remarks=[*GOOD["remarks"]] * 9)
    assert not hasattr(draft, "grade")
    assert len(draft.remarks) == 12


def test_a_quiz_has_a_text_and_some_hints():
    assert read_quiz_draft(json.dumps(QUIZ)).study == ["Read about loops again."]
    many = {"text": "x", "study": ["a", "", "\u200b", "b" * 900, "c", "d", "e"]}
    assert [len(one) for one in read_quiz_draft(json.dumps(many)).study] == [1, 300, 1]
    with pytest.raises(NotADraft):
        read_quiz_draft(json.dumps({"text": "", "study": []}))


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("a\x00b\x1b[31mc\x7f", "ab[31mc"),
        ("a\u202eb\u2066c\u200bd\ufeff", "abcd"),
        ("a\u034fb\u3164c\u115fd\u2800e\ufe0ff\U000e0100", "abcdef"),
        ("a\ud800b\ue000c", "abc"),
        ("a\u2028b\r\nc\rd\te", "ab\nc\nd\te"),
        ("a\n\n \n\n\nb", "a\n\nb"),
        ("see https://evil.example/?q=1 now", "see [link removed] now"),
        ("![x](http://evil.example/x)", "x"),
        ("Read [the docs](https://evil.example/a_(b) 'All') first.", "Read the docs first."),
        ("[![x](https://evil.example/x)](https://evil.example/y), too", "x, too"),
        ("[l](https://evil.example and [m](//evil.example/x)", "l and m"),
        ("[https://evil.example](javascript:alert(1))", "[link removed]"),
        (
            "See <https://evil.example/x> (or https://evil.example).",
            "See [link removed] (or [link removed]).",
        ),
        ("`rows[name](value)` and [a](b)",) * 2,
        ("<img src='//evil.example/x'>", "<img src='[link removed]'>"),
        (
            "HTTPS://EVIL data:text/html;base64,A www.evil.example",
            "[link removed] [link removed] [link removed]",
        ),
        ("h\u200bttps://evil.example", "[link removed]"),
        ("`data = json.loads(text)` // a comment", "`data = json.loads(text)` // a comment"),
        ("In JavaScript //this is one, 7 //2.5 is not.",) * 2,
        ("Keep {data:rows} and {file:name}.",) * 2,
        ("use `a // b` and `{'data': 1}`", "use `a // b` and `{'data': 1}`"),
    ],
)
def test_what_is_kept_is_plain_text(said, kept):
    assert clean(said, LONGEST_REMARK) == kept


def test_long_words_are_cut_and_say_so():
    assert clean("x" * 2000, 10) == "xxxxxxxxx…"


@pytest.mark.parametrize(("draft", "answer"), [(CodeDraft, GOOD), (QuizDraft, QUIZ)])
def test_the_schema_that_is_sent_is_the_one_that_is_read(draft, answer):
    schema = schema_of(draft)
    assert set(schema["properties"]) == set(schema["required"]) == set(draft.model_fields)
    assert set(answer) == set(draft.model_fields)
    assert schema["additionalProperties"] is False

"""What the guard finds however it is dressed, and what it leaves alone. No database."""

import json
import random
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from assessments.analyser import analyse
from assessments.model_drafts.leaks import (
    MOST_READ,
    QUOTES_CASE,
    QUOTES_SOLUTION,
    forms,
    guard,
    guard_of_texts,
)
from studio.importing.formats import read_course

DEMO = Path(__file__).parent.parent.parent / "demo"
COURSES = ("python-basics", "javascript-in-the-browser", "git-for-one")
HONEST = (Path(__file__).parent / "honest_remarks.txt").read_text().splitlines()
NOTHING = {
    "name": "", "hint": "", "args": [], "kwargs": {}, "expected": None, "stdin": "",
    "expected_stdout": "", "is_visible": False,
}  # fmt: skip
SOLUTION = """\
def largest(items):
    best = items[0]
    for item in items[1:]:
        if item > best:
            best = item
    return best
"""
STARTER = "def largest(items):\n    ...\n"


def case(**fields):
    return SimpleNamespace(**{**NOTHING, **fields})


def pages(size, seed):
    """Lines of words that stand nowhere else."""
    drawn = random.Random(seed)
    lines = (f"{drawn.randrange(10**9):x} word {drawn.randrange(10**6)}" for _ in range(size // 20))
    return "\n".join(lines)[:size]


def wide(text):
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


DRESSES = {
    "as it is": str,
    "in capitals": str.upper,
    "wide": wide,
    "with spaces": lambda text: text.replace("(", " ( ").replace("[", " [ ").replace("=", "  =  "),
    "with invisible signs": "\u200b".join,
    "with soft hyphens and marks of direction": "\u00ad\u202e".join,
    "with joiners and selectors": "\u034f".join,
    "with blank letters": "\u3164\ufe0f\u115f\u2800\U000e0100".join,
    "with marks upon letters": lambda text: "".join(
        f"{c}\u0336" if c.isalpha() else c for c in text
    ),
    "in letters of Cyrillic": lambda text: text.translate(
        str.maketrans("aceiopxyBEHTM", "асеіорхуВЕНТМ")
    ),
    "in letters of Greek": lambda text: text.translate(str.maketrans("aiouTAE", "αιουΤΑΕ")),
    "in other quotation marks": lambda text: text.replace('"', "“").replace("'", "’"),
    "in a fence": lambda text: f"Here:\n```python\n{text}\n```",
    "in bold": lambda text: f"**{text}**",
}


class TestTheSolution:
    @pytest.fixture(scope="class")
    def find(self):
        return guard(SOLUTION, [], STARTER + "Find the largest item.").find

    @pytest.mark.parametrize("dress", DRESSES)
    def test_it_is_found_in_every_dress(self, find, dress):
        dressed = DRESSES[dress]
        for part in (SOLUTION, "for item in items[1:]:", "if item > best:\n    best = item"):
            assert find(f"Write this: {dressed(part)}.") == QUOTES_SOLUTION

    def test_a_part_of_a_long_line_and_a_broken_line_are_found(self, find):
        assert find("best = items[0] for item in it")
        assert find("for item\nin\nitems\n[\n1\n:]")

    @pytest.mark.parametrize(
        "text",
        [
            "Write a function called largest(items).",
            "Keep the best item so far in a variable, and compare each item with it.",
            "`best` is a good name.",
            "return the best item",
            "def largest(items):",
        ],
    )
    def test_what_is_there_or_is_no_code_is_left_alone(self, find, text):
        assert find(text) == ""

    def test_what_the_learner_has_written_is_theirs(self):
        own = guard(SOLUTION, [], STARTER + SOLUTION)
        assert own.find(SOLUTION) == ""

    def test_no_solution_is_no_secret(self):
        assert guard("", [], "").find("Anything at all, and more of it.") == ""


class TestHiddenCases:
    @pytest.mark.parametrize(
        ("fields", "text"),
        [
            ({"args": [123456]}, "Try 123456."),
            ({"args": [123456]}, "Try 123,456 or so."),
            ({"args": [-4711.5]}, "It fails for -4711.50!"),
            ({"args": [10**20]}, "100000000000000000000"),
            ({"args": ["zanzibar"]}, "What about `Zanzibar`?"),
            ({"args": ["zanzibar"]}, "A hidden test reads zanzibar."),
            ({"args": ["the quick brown fox"]}, "Think of THE QUICK\nBROWN FOX."),
            ({"args": [[3, 1, 2]]}, "It is called with [3,1,2]."),
            ({"args": [-1, -2]}, "largest(-1, -2) is wrong"),
            ({"kwargs": {"start": 512}}, "With start=512 it fails."),
            ({"expected": {"ape": 3, "bee": 1}}, 'It gives {"ape": 3, "bee": 1}.'),
            ({"expected": ["lorem", "ipsum"]}, "It wants 'ipsum'."),
            ({"stdin": "5\n10 20 30 40\n"}, "Given 10 20 30 40 it stops."),
            ({"expected_stdout": "Total: 42 coins\n"}, "It should print total: 42 coins"),
            ({"args": [list(range(40))]}, "the items 7, 8, 9, 10, 11, 12, 13, 14, and so on"),
            ({"args": ["([{}])"]}, "Look at ([{}])"),
            ({"name": "takes the largest of none"}, "See 'takes the largest of none'."),
        ],
    )
    def test_a_value_is_found(self, fields, text):
        assert guard("", [case(**fields)], "visible: [1, 2]").find(text) == QUOTES_CASE

    @pytest.mark.parametrize("dress", DRESSES)
    def test_it_is_found_in_every_dress(self, dress):
        find = guard("", [case(args=["a 'tale' of two cities"], expected=98765)], "").find
        assert find(DRESSES[dress]("a 'tale' of two cities"))
        assert find(DRESSES[dress]("98765"))

    @pytest.mark.parametrize(
        ("fields", "text"),
        [
            ({"args": [5, 7]}, "Lines 5 to 7 are long."),
            ({"args": [["well", "done"]]}, "Well done."),
            ({"args": [1234]}, "It takes 12345 steps."),
            ({"args": [True, None]}, "True is not None."),
            ({"expected": "abc"}, "abc"),
        ],
    )
    def test_small_values_and_parts_of_others_are_left_alone(self, fields, text):
        assert guard("", [case(**fields)], "").find(text) == ""

    def test_what_is_visible_as_well_is_no_secret(self):
        hidden = [case(args=[[3, 1, 2], "zanzibar", 4711])]
        seen = guard("", hidden, "for example [3, 1, 2], zanzibar and 4,711")
        assert seen.find("[3, 1, 2], then 'zanzibar', then 4711") == ""

    @pytest.mark.parametrize("size", [16_000, 64_000])
    def test_pages_of_every_case_are_read_in_bounds(self, size):
        hidden = [
            case(
                stdin=pages(size, number),
                expected_stdout=pages(size, number + 50),
                args=[list(range(10_000))],
            )
            for number in range(15)
        ]
        visible = pages(30_000, 99)
        began = time.process_time()
        forms("".join(one.stdin + one.expected_stdout for one in hidden)[:MOST_READ])
        read = time.process_time() - began
        began = time.process_time()
        found = guard(SOLUTION * 300, hidden, visible)
        assert found.find("an honest remark") == ""
        # Four times what it was measured to cost, on a machine that is busy with other things too.
        assert time.process_time() - began < 60 * read
        assert len(found.cases.parts) + len(found.cases.phrases) < MOST_READ
        # The last one has its part of the room.
        assert found.find(hidden[-1].stdin.splitlines()[3]) == QUOTES_CASE
        assert found.find(hidden[-1].expected_stdout[:60]) == QUOTES_CASE
        assert found.find(visible[:200]) == ""

    def test_lists_are_read_in_bounds(self):
        hidden = [case(stdin="word " * 13_000, args=[list(range(10_000))]) for _ in range(20)]
        assert guard("x = 1\n" * 9_000, hidden, "").find("an honest remark") == ""


def test_of_long_texts_only_long_parts_are_secrets():
    find = guard_of_texts(["The loop ends when both meet in the middle."], "").find
    assert find("the LOOP ends when both meet in") == QUOTES_CASE
    assert find("The loop ends.") == ""


def demo():
    for name in COURSES:
        for lesson in read_course(DEMO / name).lessons:
            if lesson.assignment:
                yield pytest.param(lesson, id=lesson.key)


def secrets(lesson):
    rules = lesson.assignment.rules
    cases = [case(**one.values) for one in lesson.assignment.cases]
    visible = [lesson.title, lesson.values["content"], rules["starter"], *rules["hints"], "100"]
    for one in cases:
        visible += [one.name, one.hint]
        if one.is_visible:
            values = json.dumps([one.args, one.kwargs, one.expected], ensure_ascii=False)
            visible += [values, one.stdin, one.expected_stdout]
    return rules, [one for one in cases if not one.is_visible], "\n".join(visible)


@pytest.mark.parametrize("lesson", demo())
def test_over_the_demo_honest_words_pass_and_the_solution_does_not(lesson):
    rules, hidden, visible = secrets(lesson)
    find = guard(rules["solution"], hidden, visible).find
    rules_say = analyse(rules["language"], rules["solution"])
    said = [*rules_say.strengths, *rules_say.weaknesses, *rules_say.suggestions]
    honest = [*HONEST, *rules["hints"], rules_say.text, *(one.text for one in said)]
    assert [text for text in honest if find(text)] == []
    lines = rules["solution"].splitlines()
    assert find(rules["solution"]) == QUOTES_SOLUTION
    assert find("\n".join(lines[1:]).upper()) == QUOTES_SOLUTION

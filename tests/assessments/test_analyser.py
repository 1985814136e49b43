"""What the analysis promises for any text: bounds, order, modesty, and the same answer twice."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assessments.analyser import Findings, Unreadable, analyse
from assessments.analyser.enough import LEAST_OWN
from assessments.analyser.rules import Review, Rule, Seen, Size
from assessments.analyser.scores import Scores, scores

LANGUAGES = ["python", "javascript"]
DEMO = Path(__file__).parents[2] / "demo"
SOLUTIONS = sorted(
    path
    for path in DEMO.glob("*/**/*")
    if path.suffix in (".py", ".js") and "solution" in path.name
)
unhurried = settings(deadline=None, max_examples=150)
WORDS = (
    "for while if else : = == ( ) [ ] { } , ; . + - x yy in def f return function let var const "
    "=> true None 'a' 12 365 class try except catch len range import {name} {"
)
words = st.sampled_from([*WORDS.split(), "\n", "\n\n", "\n    "])
texts = st.one_of(st.text(max_size=200), st.lists(words, max_size=60).map(" ".join))
NONE = (None, None, None)
POOR = "import os\ntry:\n    print(eval('1'), nothing)\nexcept:\n    pass\n"


def judged(language: str, source: str) -> Findings | str:
    try:
        return analyse(language, source)
    except Unreadable as unreadable:
        return unreadable.message


@unhurried
@given(st.sampled_from(LANGUAGES), texts)
@example("python", POOR * 30)
@example("javascript", "var a = eval(b == c);" * 200)
@example("python", "for {name} in x: pass")
def test_any_text_gets_findings_within_bounds(language: str, source: str) -> None:
    found = judged(language, source)
    assert found == judged(language, source)
    if isinstance(found, str):
        return
    for kind in (found.strengths, found.weaknesses, found.suggestions):
        assert len(kind) <= 6
        rules = [one.rule for one in kind]
        assert all(rules.count(rule) <= 2 for rule in rules)
        assert len({(one.line, one.rule) for one in kind}) == len(kind)
        lines = source.count("\n") + source.count("\r") + source.count("\f") + 1
        assert all(one.line is not None and 1 <= one.line <= lines for one in kind)
    for score in (found.readability, found.efficiency, found.best_practices):
        assert score is None or 0 <= score <= 10
    assert 1 <= found.text.count(". ") + 1 <= 5


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("source", ["", "\n\n", "// nothing\n", "# nothing\n"])
def test_of_nothing_nothing_is_said(language: str, source: str) -> None:
    found = judged(language, source)
    if isinstance(found, Findings):
        assert (found.readability, found.efficiency, found.best_practices) == NONE
        assert (found.strengths, found.weaknesses) == ((), ())
        assert "no code here yet" in found.text


def test_a_function_that_only_stands_there_has_no_figures() -> None:
    told = analyse("python", 'def total(prices):\n    """Later."""\n    pass\n')
    assert (told.readability, told.strengths) == (None, ())
    told = analyse("javascript", "function total(prices) {\n}\n")
    assert (told.readability, told.strengths) == (None, ())


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_and_praise_begin_where_there_is_something_to_judge(language: str) -> None:
    steps = [f"amount_{number} = {number}" for number in range(LEAST_OWN)]
    little, enough = "\n".join(steps[1:]), "\n".join(steps)
    found = analyse(language, little)
    assert (found.readability, found.efficiency, found.best_practices) == NONE
    assert found.strengths == ()
    assert "code of your own" in found.text
    assert "nothing to change" not in found.text
    found = analyse(language, enough)
    assert found.readability is not None
    assert "too little" not in found.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_one_was_given_is_not_ones_own(language: str) -> None:
    given = "\n".join(f"amount_{number} = {number}" for number in range(9))
    assert analyse(language, f"{given}\ntotal = amount_1", given).readability is None
    assert analyse(language, given.replace("amount", "price"), given).readability is not None
    # A starter may be no program yet.
    assert analyse(language, given, "def (").readability is not None


def test_the_worst_comes_first_and_every_suggestion_points_at_a_line() -> None:
    found = analyse("python", f"{POOR}amount = 3\nprice = amount\nprint(price)\n")
    assert [one.rule for one in found.weaknesses][:2] == ["eval", "undefined-name"]
    assert all(one.line for one in found.suggestions)
    assert found.best_practices == 1
    assert "line 3" in found.text
    assert "not by measuring" in found.text
    assert found.engine.startswith("rules 2 (pyflakes ")


def test_more_places_of_a_rule_are_counted_not_listed() -> None:
    source = "".join(f"try:\n    print({n})\nexcept:\n    print({n})\n" for n in range(3, 9))
    told = [one for one in analyse("python", source).weaknesses if one.rule == "bare-except"]
    assert [one.line for one in told] == [3, 7]
    assert told[1].text.endswith("The same goes for 4 more places.")


def test_the_score_is_the_published_formula() -> None:
    rules = {"a": Rule("", "", "", readability=2), "b": Rule("", "", "", practices=1.5)}
    faults = [Seen(1, "a"), Seen(2, "a"), Seen(3, "a"), Seen(4, "a"), Seen(5, "b")]
    assert scores(Review(faults, [], Size(40, 9, 1), ""), rules) == Scores(6, 10, 8)
    assert scores(Review(faults, [], Size(160, 9, 1), ""), rules) == Scores(8, 10, 9)
    assert scores(Review(faults * 9, [], Size(9, 9, 1), ""), rules) == Scores(0, 10, 6)


def test_a_long_name_is_cut() -> None:
    found = analyse("python", f"print(1)\nprint({'a' * 5000})\n")
    assert len(found.weaknesses[0].text) < 200


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: str(path.relative_to(DEMO)))
def test_our_own_solutions_are_good_programs(path: Path) -> None:
    language = {".py": "python", ".js": "javascript"}[path.suffix]
    found = analyse(language, path.read_text("utf-8"))
    figures = (found.readability, found.efficiency, found.best_practices)
    assert figures == NONE or min(filter(None, figures)) >= 6, found


def test_where_there_is_something_to_change_it_is_not_said_that_there_is_too_little() -> None:
    found = analyse("python", "import os\nl = 1\nprint(l == None)")
    assert found.readability is None
    assert "Worth changing first" in found.text
    assert "too little" not in found.text
    assert "that needs more code of your own" in found.text

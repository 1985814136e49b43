"""Sources that no system writes: each is refused or told, none breaks a reader or keeps it busy."""

import json
import time

import pytest

from studio.importing.carpentries.liquid import Liquid
from studio.importing.exercism.cases import read_calls
from studio.importing.folder.case_files import LONGEST_NAME
from studio.importing.formats import read_source
from studio.importing.html_text import markdown_of
from studio.importing.jetbrains.text import description_of
from studio.importing.mdbook.includes import CALL
from studio.importing.mdbook.summary import read_summary
from studio.importing.mdbook.text import page_of, without_title
from studio.importing.olx.answers import LISTED
from studio.importing.prose import blocks_of
from studio.importing.refusal import ImportRefused
from studio.importing.relinking import relinked
from tests.studio.cartridges import manifest, qti, read, resource, shown, single, tree_of
from tests.studio.test_bad_sources import source
from tests.studio.test_olx_problems import asked

MANY = 200_000
QUIZ = "imsqti_xmlv1p2/imscc_xmlv1p3/assessment"


def test_a_quiz_that_stands_in_the_manifest_is_told():
    inline = resource("q", QUIZ, inside="<questestinterop/>")
    with pytest.raises(ImportRefused) as refused:
        read({"imsmanifest.xml": manifest(tree_of(("M", [("Quiz", "q")])), inline)})
    left_out = "imsmanifest.xml#q: Left out: its file is not in the cartridge."
    assert str(refused.value.findings[1]) == left_out


def test_answers_outside_of_what_is_shown_are_not_asked():
    stray = (
        '<item ident="x"><presentation>' + shown("Which?") + "</presentation><response_lid>"
        '<response_label ident="a"/></response_lid></item>'
    )
    course = read({"quiz.xml": qti(single("other"), stray)})
    assert "it asks nothing" in [one.reason for one in course.skipped]


@pytest.mark.parametrize(
    "scenarios", [5, None, {"a": 1}, "big", [None, 4], ["x\ud800\ny", "z" * 400]]
)
def test_scenarios_of_any_kind_are_one_line(scenarios):
    case = {"property": "f", "input": {"a": 1}, "expected": 1, "description": "d " * 200}
    text = json.dumps({"cases": [case | {"scenarios": scenarios}]})
    (node,) = read_calls(text, "a.json").cases
    name = node.values["name"]
    assert len(name) <= LONGEST_NAME
    assert name.startswith("d d d")
    assert name == name.strip()
    assert name.isprintable()


@pytest.mark.parametrize("number", ["1e99_99_99_99..2", "1_0", "1e9999999", "1e9999..2", "nan..1"])
def test_a_number_that_is_none_is_told(number):
    course = read_source(source({"a.gift": f"Q{{#{number}}}\n\nB{{T}}"}))
    assert "is no number" in course.skipped[0].reason


def test_responses_that_nobody_is_shown_are_no_questions():
    response = "<stringresponse answer='a'><label>{}</label><textline/></stringresponse>"
    hidden = f"<solution>{response.format(1)}{response.format(2)}</solution>"
    (one,), _ = asked(response.format("Tea?") + hidden)
    assert (one.values["prompt"], one.key) == ("Tea?", "p")
    assert asked(hidden)[0] == []


@pytest.mark.parametrize("span", ["²", "x", "-1", "1000000", ""])
def test_a_cell_as_wide_as_no_number_is_one_column(span):
    row = f"<tr><td colspan='{span}'>a</td><td>b</td></tr>"
    assert markdown_of(f"<table>{row}</table>").startswith("| a | b |")


def test_items_and_cells_that_are_not_closed_stay_side_by_side():
    html = "<ul><li>a<ul><li>b<li>c</ul><li>d</ul><dl><dt>e<dd>f<dt>g</dl>"
    assert markdown_of(html).split() == ["-", "a", "-", "b", "-", "c", "-", "d",
                                         "**e**", "f", "**g**"]  # fmt: skip
    table = "<table><tr><td>a<td>b</tr><tr><td>c<td>d</table>"
    assert markdown_of(table).split("\n")[-1] == "| c | d |"


def test_code_is_between_runs_of_as_many_backticks():
    text = "`a` [b](c) ``x ` [d](e)`` ``` [f](g)"
    assert relinked(text, lambda url: f"{url}2") == "`a` [b](c2) ``x ` [d](e)`` ``` [f](g2)"


def test_a_list_of_options_without_an_end_is_read_to_its_end():
    names = [a or b for a, b in LISTED.findall(r"""('one',"it's",'it\'s','two""")]
    assert names == ["one", "it's", r"it\'s", "two"]


def test_formulas_and_lines_of_code_stay():
    assert markdown_of(r"<p>\(a\\[2pt]b\) \[x\]") == r"$a\\[2pt]b$ $x$"
    assert markdown_of("<pre>a<br>b<b>c<br/></b>d</pre>") == "```\na\nbc\nd\n```"


def liquid(text):
    filled, unknown = Liquid("_episodes/a.md", {"site.x": "y" * 1000}, {}), []
    return filled.filled(text, lambda tag, line: unknown.append(tag)), unknown


def test_templates_are_filled_as_long_as_a_page_may_be():
    text, unknown = liquid("{{ site.x }}" * 1000)
    assert len(unknown) == 800
    assert text.count("y" * 1000) == 200


OF_HTML = {"items", "cells", "formulas", "lines of code"}
RUNS = " ".join("`" * count for count in range(1, 640))
SLOW = {
    "spaces before a fence": lambda: list(blocks_of(" " * MANY)),
    "quotations before a fence": lambda: list(blocks_of("> " * (MANY // 2))),
    "a long opening": lambda: list(blocks_of(" " * (MANY // 2) + "```" + "\n" * (MANY // 2))),
    "lines without text": lambda: without_title([" " * MANY + "x"], "x"),
    "marks in code": lambda: page_of("```ide\n" + "`[" * (MANY // 2) + "\n```", ""),
    "backticks": lambda: relinked(RUNS, str),
    "links": lambda: relinked("](" * (MANY // 2) + " [" * 1000, str),
    "an include": lambda: CALL.search("{{#" + "a" * MANY),
    "many includes": lambda: CALL.search("{{#a " * (MANY // 5)),
    "a summary": lambda: read_summary("- [a](" + "a" * MANY),
    "fields of a figure": lambda: liquid("{% include figure " + "a" * MANY + " %}"),
    "options": lambda: LISTED.findall("'\\" * (MANY // 2)),
    "links into the IDE": lambda: description_of("[a](file://" * (MANY // 11)),
    "items": lambda: markdown_of("<ul>" + "<li>a" * 8_000),
    "lines of code": lambda: markdown_of("<pre>" + "<br>" * 19_000 + "x</pre>"),
    "formulas": lambda: markdown_of("<p>" + "\\(" * 190_000),
    "cells": lambda: markdown_of("<table><tr>" + "<td>a" * 8_000),
}  # fmt: skip


@pytest.mark.parametrize("name", SLOW)
def test_what_is_long_takes_no_longer_than_its_length(name):
    begun = time.process_time()
    SLOW[name]()
    assert time.process_time() - begun < (
        2 if name in {"items", "cells", "formulas", "lines of code"} else 1
    )


def test_a_file_of_anchors_may_be_named_often():
    page = "{{#include a.rs}}\n" * 3_000
    files = {"src/SUMMARY.md": "- [A](a.md)\n", "src/a.md": page}
    files["src/a.rs"] = "// ANCHOR: a\n" * 15_000
    begun = time.process_time()
    read_source(source(files))
    assert time.process_time() - begun < 2


def test_links_of_a_lesson_are_read_once():
    pages = {f"_episodes/{n}.md": "---\ntitle: a\n---\nx" for n in range(200)}
    begun = time.process_time()
    read_source(source(pages | {"_includes/links.md": "[a]: b\n" * 25_000}))
    assert time.process_time() - begun < 2


def test_feedback_beside_responses_is_read_once():
    said = "".join(
        f"<targetedfeedback explanation-id='f{n}'><p>Say {n}.</p></targetedfeedback>"
        for n in range(300)
    )
    response = (
        "<multiplechoiceresponse><label>Q</label><choicegroup>"
        "<choice correct='true' explanation-id='f7'>A</choice><choice correct='false'>B</choice>"
        "</choicegroup></multiplechoiceresponse>"
    )
    begun = time.process_time()
    found, _ = asked(response * 20 + f"<targetedfeedbackset>{said}</targetedfeedbackset>")
    assert time.process_time() - begun < 1.5
    assert [one.options[0].values["feedback"] for one in found] == ["Say 7."] * 20


def test_a_number_of_too_many_digits_is_refused():
    toml = f"a = {'9' * 5_000}\n"
    cases = json.dumps({"cases": [{"property": "f", "input": {"a": 1}, "expected": 1}]})
    book = {"book.toml": toml, "src/SUMMARY.md": ""}
    problem = {"a/canonical-data.json": cases, "a/metadata.toml": toml, "b": ""}
    for files, said in (
        (book, "book.toml: This is not valid TOML"),
        (problem, "a/metadata.toml: A number in it is too long"),
    ):
        with pytest.raises(ImportRefused, match=said):
            read_source(source(files))


def test_many_cases_of_one_name_are_told_at_once():
    cases = [
        {"uuid": f"{n}", "property": "f", "input": {"a": n}, "expected": n} for n in range(9_000)
    ]
    begun = time.process_time()
    read_calls(json.dumps({"cases": cases}), "a.json")
    assert time.process_time() - begun < 2

"""QTI 1.2 and 2: which questions items become, and what is said of the others."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from studio.importing.formats import read_course
from tests.studio.cartridges import (
    BLANK,
    choices,
    equal,
    feedback,
    item,
    pays,
    qti,
    read,
    shown,
    single,
    told,
)

DATA = Path(__file__).parents[3] / "shared/data/courses"
ITEMS = DATA / "qti-instructure"
needs_data = pytest.mark.skipif(not ITEMS.is_dir(), reason=f"There is no {ITEMS}.")


def questions_of(*items, **more):
    course = read({"quiz.xml": qti(*items, **more)})
    return [one for lesson in course.lessons for one in lesson.quiz.questions]


def first(presentation, processing, **more):
    """The question that an item becomes, beside another that makes the quiz one."""
    given = item("q1", presentation=presentation, processing=processing, **more)
    return questions_of(given, single("other"))[0]


def right(question):
    return [option.values["text"] for option in question.options if option.values["is_correct"]]


def between(low, high):
    return f"<vargte>{low}</vargte><varlte>{high}</varlte>"


def test_a_single_choice_is_told_by_its_structure():
    question = first(shown("<p>A &lt; B?</p>") + choices("yes", "no"), pays(equal("no")))
    assert (question.values["kind"], right(question)) == ("SINGLE", ["no"])
    assert question.values["prompt"] == "A < B?"
    assert (question.key, [one.key for one in question.options]) == ("q1", ["yes", "no"])


@pytest.mark.parametrize(
    "processing",
    [
        pays(f"<and>{equal('a')}{equal('b')}<not>{equal('c')}</not></and>"),
        pays(equal("a"), 50, "Add") + pays(equal("b"), 50, "Add") + pays(equal("c"), -50, "Add"),
        pays(f"<or>{equal('a')}{equal('b')}</or>"),
        pays(f"{equal('a')}{equal('b')}<not>{equal('c')}</not>", 3),
        pays(equal("a"), 33.33, "Add") + pays(equal("b"), 33.33, "Add") + pays(equal("c"), 0),
    ],
)
def test_what_is_right_of_many_is_what_pays(processing):
    question = first(shown("Which?") + choices("a", "b", "c", cardinality="Multiple"), processing)
    assert (question.values["kind"], right(question)) == ("MULTI", ["a", "b"])


def test_of_one_choice_the_best_paid_is_right():
    processing = pays(equal("a"), 40) + pays(equal("b"), 90) + pays(equal("c"), -10)
    assert right(first(shown("Which?") + choices("a", "b", "c"), processing)) == ["b"]


def test_feedback_goes_to_its_option_and_the_rest_into_the_explanation():
    question = first(
        shown("Which?") + choices("a", "b"),
        pays("<other/>", 0, feedback="general_fb")
        + pays(equal("b"), 0, feedback="b_fb")
        + pays(equal("a"), feedback="correct_fb"),
        feedback=feedback("general_fb", "<p>Because.</p>")
        + feedback("b_fb", "No, <b>not</b> b.")
        + feedback("correct_fb", "Yes."),
    )
    assert [one.values["feedback"] for one in question.options] == ["", "No, **not** b."]
    assert question.values["explanation"] == "Because.\n\nRight: Yes."


def test_a_blank_becomes_a_text():
    question = first(
        shown("The capital of France is") + BLANK + shown("on the Seine."),
        pays(equal("Paris", ' case="Yes"') + equal("paris")),
        cc_profile="cc.fib.v0p1",
        cc_weighting="2",
    )
    assert question.values["kind"] == "TEXT"
    assert question.values["accept"] == ["Paris", "paris"]
    assert question.values["match_case"] is True
    assert question.values["points"] == Decimal(2)
    assert question.values["prompt"] == r"The capital of France is \_\_\_\_ on the Seine."


@pytest.mark.parametrize(
    ("condition", "accept", "tolerance"),
    [
        (f"<or>{equal('5')}<and>{between(4.5, 5.5)}</and></or>", ["5"], "0.5"),
        (f"<or>{equal('14.0')}<and>{between(14, 14)}</and></or>", ["14.0"], ""),
        (between(10, 20), ["15"], "5"),
        (equal("7"), ["7"], ""),
    ],
)
def test_numbers_come_with_one_tolerance(condition, accept, tolerance):
    question = first(shown("How many?") + BLANK, pays(condition), kind="numerical_question")
    assert question.values["kind"] == "NUMERIC"
    assert (question.values["accept"], question.values["tolerance"]) == (accept, tolerance)


def test_an_essay_is_open_with_the_solution_as_its_model_answer():
    solution = feedback("s", "So.").replace("flow_mat", "solution")
    question = first(
        shown("Why?") + BLANK, pays("<other/>", 0), cc_profile="cc.essay.v0p1", feedback=solution
    )
    assert (question.values["kind"], question.values["model_answer"]) == ("OPEN", "So.")
    assert (question.values["points"], question.values["explanation"]) == (0, "")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"kind": "matching_question"}, "matching is not supported"),
        ({"kind": "calculated_question"}, "formulas are not supported"),
        ({"kind": "file_upload_question"}, "uploads are not supported"),
        (
            {"presentation": shown("a") + BLANK + BLANK, "processing": pays(equal("x"))},
            "several blanks",
        ),
        ({"presentation": shown("a") + choices("a", "b")}, "no answer is marked as right"),
        (
            {"kind": "riddle", "presentation": "<response_grp ident='r'/>"},
            "matching is not supported",
        ),
        (
            {
                "kind": "numerical_question",
                "presentation": shown("a") + BLANK,
                "processing": pays(between(1, 2)) + pays(between(1, 8)),
            },
            "its numbers have different tolerances",
        ),
    ],
)
def test_what_has_no_place_is_told_with_its_text(given, reason):
    given = {"presentation": shown("Do <b>this</b>.") + choices("x"), **given}
    course = read({"quiz.xml": qti(item("odd", **given), single())})
    [skipped] = course.skipped
    assert skipped.path == "quiz.xml:1 odd"
    assert reason in skipped.reason
    assert skipped.kind == "question"


def test_a_text_between_questions_is_kept_before_them():
    text = item("t", kind="text_only_question", presentation=shown("<p>Read <i>this</i>.</p>"))
    course = read({"quiz.xml": qti(text, single())})
    assert course.lessons[0].values["content"] == "Read *this*."
    assert told(course) == {"quiz.xml:1 t": "it asks nothing"}


def test_a_broken_file_does_not_stop_the_others():
    course = read({"a.xml": "<questestinterop>\n<item></questestinterop>", "b.xml": qti(single())})
    assert [lesson.title for lesson in course.lessons] == ["A quiz"]
    assert told(course)["a.xml"].startswith("This is not well-formed XML")
    assert (course.warnings[0].path, course.warnings[0].line) == ("a.xml", 2)


def test_a_simple_choice_of_qti_2_is_read_and_the_rest_told():
    two = (
        '<assessmentItem xmlns="urn:qti2" identifier="{0}" title="Two"><responseDeclaration '
        'identifier="R"><correctResponse><value>x</value></correctResponse></responseDeclaration>'
        "<itemBody><p>Which?</p>{1}</itemBody></assessmentItem>"
    )
    choice = (
        '<choiceInteraction responseIdentifier="R" maxChoices="1"><simpleChoice identifier="x">A'
        '</simpleChoice><simpleChoice identifier="y">B</simpleChoice></choiceInteraction>'
    )
    course = read(
        {
            "a.xml": two.format("one", choice),
            "b.xml": two.format("two", '<orderInteraction responseIdentifier="R"/>'),
        }
    )
    [question] = course.lessons[0].quiz.questions
    assert (question.values["prompt"], right(question)) == ("Which?", ["A"])
    assert told(course)["b.xml:1 two"] == "QTI 2 is read for simple choices only (Two)"


@needs_data
def test_every_item_of_the_samples_is_accounted_for():
    course = read_course(ITEMS)
    kinds = Counter(
        question.values["kind"] for lesson in course.lessons for question in lesson.quiz.questions
    )
    assert kinds == {"SINGLE": 12, "MULTI": 5, "TEXT": 2, "NUMERIC": 2, "OPEN": 2}
    left = [one for one in course.skipped if one.kind == "question"]
    assert sum(kinds.values()) + len(left) == 30
    broken = next(one for one in course.skipped if one.path == "items_1.2/fib.xml")
    assert "not well-formed" in broken.reason

"""Problems of OLX: each response is a question, or told with its text."""

import time

import pytest

from tests.studio.test_olx import reasons, unit


def asked(inside, attributes=""):
    """The questions of one problem, and the course."""
    course = unit(f'<problem url_name="p" display_name="Name" {attributes}>{inside}</problem>')
    quiz = next((lesson.quiz for lesson in course.lessons if lesson.quiz), None)
    return (quiz.questions if quiz else []), course


def options(question):
    return [
        (o.values["text"], o.values["is_correct"], o.values["feedback"]) for o in question.options
    ]


def test_choices_have_feedback_and_explanations():
    (one,), _ = asked(
        "<p>Look.</p><multiplechoiceresponse><label>What is <em>hot</em>?</label>"
        "<description>Choose.</description><choicegroup shuffle='true'>"
        "<choice correct='true' name='t'>Tea<choicehint>Yes.</choicehint></choice>"
        "<choice correct='false'>&lt;b&gt;Ice&lt;/b&gt;</choice></choicegroup>"
        "<solution><div><p>Explanation</p><p>It is boiled.</p></div></solution>"
        "</multiplechoiceresponse><demandhint><hint>Touch it.</hint></demandhint>",
        'markdown="&gt;&gt;Not this&lt;&lt;" weight="2.5"',
    )
    assert one.values["kind"] == "SINGLE"
    assert one.values["prompt"] == "Look.\n\nWhat is *hot*?\n\nChoose."
    assert options(one) == [("Tea", True, "Yes."), ("**Ice**", False, "")]
    assert one.options[0].key == "t"
    assert one.values["explanation"] == "It is boiled.\n\nHints:\n\n- Touch it."
    assert (one.values["shuffle"], str(one.values["points"])) == (True, "2.50")


def test_checkboxes_and_lists_to_choose_from():
    (many, listed, written), course = asked(
        "<choiceresponse><p>Which?</p><checkboxgroup>"
        "<choice correct='true'>A<choicehint selected='true'>Yes</choicehint>"
        "<choicehint selected='false'>No</choicehint></choice>"
        "<choice correct='true'>B</choice><choice correct='false'>C</choice></checkboxgroup>"
        "</choiceresponse><solution><p>First.</p></solution>"
        "<p>Then:</p><optionresponse><optioninput><option correct='True'>x</option>"
        "<option correct='False'>y<optionhint>Hm.</optionhint></option></optioninput>"
        "</optionresponse><p>And:</p><optionresponse>"
        "<optioninput options=\"('one','it\\'s','two')\" correct=\"two\"/></optionresponse>"
        "<p>Behind.</p>"
    )
    assert (many.key, listed.key, written.key) == ("p-1", "p-2", "p-3")
    assert [one.values["kind"] for one in (many, listed, written)] == ["MULTI", "SINGLE", "SINGLE"]
    assert options(many)[0] == ("A", True, "Yes")
    assert many.values["explanation"] == "First."
    assert listed.values["prompt"] == "Then:"
    assert options(listed) == [("x", True, ""), ("y", False, "Hm.")]
    assert written.values["prompt"] == "And:\n\nBehind."
    assert [one[:2] for one in options(written)][2] == ("two", True)
    assert [str(one.values["points"]) for one in (many, listed, written)] == ["1.00"] * 3
    (hint,) = course.skipped
    assert ("No" in hint.original, "Yes" in hint.original) == (True, False)


def test_texts_may_be_several_and_heed_capitals_unless_told():
    (one,), course = asked(
        "<stringresponse answer='Tea' type='ci'><additional_answer answer='chai'/>"
        "<additional_answer>cha</additional_answer><correcthint>Yes.</correcthint>"
        "<stringequalhint answer='milk'>No.</stringequalhint><textline/></stringresponse>"
    )
    assert one.values["prompt"] == "Name"
    assert one.values["accept"] == ["Tea", "chai", "cha"]
    assert not one.values["match_case"]
    assert one.values["explanation"] == "Yes."
    (hint,) = course.skipped
    assert (hint.kind, hint.reason) == (
        "hint", "feedback is kept for options that are chosen, not for others or what is typed",
    )  # fmt: skip
    assert "milk" in hint.original
    (exact,), _ = asked("<stringresponse answer='Tea'><p>?</p></stringresponse>")
    assert exact.values["match_case"]


@pytest.mark.parametrize(
    ("answer", "tolerance", "accept", "expected"),
    [("12", "", ["12"], ""), ("3.14", "", ["3.14"], "0.001%"), ("3.14", ".02", ["3.14"], "0.02"),
     ("3.14", "5%", ["3.14"], "5%"), ("[1, 4]", "", ["2.5"], "1.5"),
     ("-2e3", "1e-2", ["-2e3"], "0.01")],
)  # fmt: skip
def test_numbers_have_a_tolerance(answer, tolerance, accept, expected):
    given = f"<responseparam type='tolerance' default='{tolerance}'/>" if tolerance else ""
    (one,), _ = asked(
        f"<numericalresponse answer='{answer}'><p>?</p>{given}<formulaequationinput/>"
        "</numericalresponse>"
    )
    assert one.values["kind"] == "NUMERIC"
    assert (one.values["accept"], one.values["tolerance"]) == (accept, expected)


@pytest.mark.parametrize(
    ("inside", "reason"),
    [("<customresponse><p>?</p></customresponse>",
      'questions of the kind "customresponse" are not supported'),
     ("<stringresponse answer='a.*' type='ci regexp'><p>?</p></stringresponse>",
      "its answer is a pattern"),
     ("<numericalresponse answer='(1,4]'><p>?</p></numericalresponse>",
      "its answer is a formula, or a range with an open end"),
     ("<numericalresponse answer='3*4'><p>?</p></numericalresponse>",
      "its answer is a formula, or a range with an open end"),
     ("<numericalresponse answer='1'><p>?</p><responseparam type='tolerance' default='x'/>"
      "</numericalresponse>", "its tolerance is a formula"),
     ("<numericalresponse answer='1'><p>?</p><responseparam type='tolerance' default='1e-20'/>"
      "</numericalresponse>", "its numbers are too large or too small"),
     ("<optionresponse>a <optioninput options=\"('a','b')\" correct='a'/> b "
      "<optioninput options=\"('a','b')\" correct='a'/></optionresponse>", "it has several gaps"),
     ("<multiplechoiceresponse><p>?</p></multiplechoiceresponse>", "it has no options"),
     ("<script type='loncapa/python'>x = 1</script><numericalresponse answer='$x'><p>?</p>"
      "</numericalresponse>", "a program makes its values, anew for everybody"),
     ("<multiplechoiceresponse><p>?</p><choicegroup><choice correct='false'>a</choice>"
      "<choice correct='false'>b</choice></choicegroup></multiplechoiceresponse>",
      "Mark exactly one option as correct; none is.")],
)  # fmt: skip
def test_what_cannot_be_asked_is_told_with_its_text(inside, reason):
    questions, course = asked(inside)
    assert questions == []
    (skipped,) = course.skipped
    assert skipped.reason == reason
    assert skipped.original.startswith("<problem")


def test_texts_beside_a_program_are_asked_where_they_do_not_hang_on_it():
    questions, _ = asked(
        "<script type='text/javascript'>x()</script><p>It costs 5 $.</p>"
        "<numericalresponse answer='1'><p>?</p></numericalresponse>"
    )
    assert len(questions) == 1
    assert "x()" not in questions[0].values["prompt"]


def test_what_pops_up_stands_in_brackets_and_points_for_a_part_are_told():
    (one,), course = asked(
        "<numericalresponse answer='2' partial_credit='list'><p>The formula<clarification>See "
        "above.</clarification> gives?</p><responseparam partial_answers='1'/></numericalresponse>"
    )
    assert one.values["prompt"] == "The formula (See above.) gives?"
    assert [finding.code for finding in course.warnings] == ["points"]


def test_problems_with_very_many_responses_are_read_at_once():
    start = time.monotonic()
    one = "<p><numericalresponse answer='1'><p>?</p></numericalresponse></p>"
    questions, course = asked(one * 20_000)
    assert questions == []
    assert list(reasons(course).values()) == ["it has more than 200 questions"]
    questions, _ = asked(one * 200)
    assert len(questions) == 200
    assert time.monotonic() - start < 10

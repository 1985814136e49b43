"""GIFT: what becomes of every question, and what is said of those that have no place."""

import json
from collections import Counter
from pathlib import Path
from time import perf_counter

import pytest

from courses.models import Course
from studio.importing.files import Source, SourceFile
from studio.importing.formats import read_course, read_source
from studio.importing.gift.parser import parse
from studio.importing.refusal import ImportRefused
from tests.studio.test_import_folder import COURSE, bring, lesson, told, write

DATA = Path(__file__).parents[3] / "shared/data/courses"
SAMPLES = DATA / "gift-pegjs-pairs"
needs_data = pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"There is no {SAMPLES}.")
# By the names that the samples' expected counts have for our kinds.
KINDS = {
    "true or false": "truefalse", "description": "description", "essay": "essay",
    "choice": "multichoice", "short answer": "shortanswer", "number": "numerical",
    "matching": "match", "multiple answers": "multichoice-multi",
}  # fmt: skip
TYPES = {
    "TF": "true or false", "MC": "choice", "Short": "short answer", "Numerical": "number",
    "Matching": "matching", "Essay": "essay", "Description": "description",
}  # fmt: skip


def source(**files):
    def of(path, data):
        return SourceFile(path, len(data), lambda: data)

    named = {f"{name}.gift": text for name, text in files.items()}
    coded = {path: text.encode() if isinstance(text, str) else text for path, text in named.items()}
    return Source("quizzes", {path: of(path, data) for path, data in coded.items()})


def read(text):
    return read_source(source(check=text))


def questions(text):
    return [one for node in read(text).lessons for one in node.quiz.questions]


def only(text):
    (one,) = questions(text)
    return one


def options(one):
    values = [option.values for option in one.options]
    return [(each["text"], each["is_correct"], each["feedback"]) for each in values]


def reasons(course):
    return [one.reason for one in course.skipped if one.kind == "question"]


def warnings(course):
    return [str(one) for one in course.warnings if one.code != "id"]


@needs_data
def test_every_question_of_the_samples_is_found_and_told_apart():
    expected = json.loads((DATA / "EXPECTED.json").read_text())["open/gift-pegjs-pairs"]
    files = {path.name: parse(path.read_text()) for path in sorted(SAMPLES.glob("*.gift"))}
    counts = {name: len(file.questions) for name, file in files.items()}
    assert counts == expected["per_file"]
    every = [one for file in files.values() for one in file.questions]
    found = Counter(KINDS[one.kind] for one in every)
    # There a full stop behind the answers makes no gap; Moodle and we put one.
    wanted = Counter(expected["types"])
    wanted["multichoice"] += wanted.pop("multichoice+missingword")
    assert wanted.pop("category") == sum(len(file.categories) for file in files.values())
    assert found == wanted
    assert len(every) == expected["questions"] == 58


@needs_data
@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.gift")), ids=lambda path: path.stem)
def test_texts_and_answers_of_the_samples_are_those_of_another_reader(path):
    pairs = [
        one for one in json.loads(path.with_suffix(".json").read_text())
        if one["type"] != "Category"
    ]  # fmt: skip
    for one, other in zip(parse(path.read_text()).questions, pairs, strict=True):
        assert one.kind.replace("multiple answers", "choice") == TYPES[other["type"]]
        assert one.name == " ".join((other["title"] or "").split())
        ours, theirs = "".join(one.stem.text.split()), "".join(other["stem"]["text"].split())
        # The other reader once loses the gap at the end.
        assert ours.removesuffix("_____.") == theirs.removesuffix("_____.")
        assert one.stem.format == other["stem"]["format"]
        if other["type"] in ("MC", "Short"):
            assert [("".join(answer.text.text.split())) for answer in one.answers] == [
                "".join(choice["text"]["text"].split()) for choice in other["choices"]
            ]


@needs_data
def test_every_question_of_the_samples_is_imported_or_skipped():
    course = read_course(SAMPLES)
    taken = sum(len(node.quiz.questions) for node in course.lessons)
    skipped = [one for one in course.skipped if one.kind == "question"]
    assert (taken, len(skipped)) == (53, 5)
    assert all(one.reason and one.original for one in skipped)


def test_true_and_false_become_two_options_with_the_feedback_of_each():
    one = only("::tomb::Nobody lies there.{FALSE#Think.#Well done.####Nobody is buried there.}")
    assert (one.key, one.values["kind"], one.values["shuffle"]) == ("tomb", "SINGLE", False)
    assert options(one) == [("True", False, "Think."), ("False", True, "Well done.")]
    assert one.values["explanation"] == "Nobody is buried there."


def test_a_choice_keeps_order_feedback_and_the_one_right_answer():
    one = only("Which?{~a#not a =b#yes ~c}")
    assert one.values["kind"] == "SINGLE"
    assert options(one) == [("a", False, "not a"), ("b", True, "yes"), ("c", False, "")]


def test_partly_right_options_pay_nothing_and_that_is_said():
    course = read("::n::Which?{~%50%a ~b =c}")
    assert options(course.lessons[0].quiz.questions[0])[0] == ("a", False, "")
    assert warnings(course) == ["check.gift:1: Partly right answers pay nothing here."]


def test_weights_without_an_equals_sign_are_several_right_answers():
    one = only("Which?{~%50%a ~%33.33333%b ~%-100%c ~d}")
    assert one.values["kind"] == "MULTI"
    assert [right for _, right, _ in options(one)] == [True, True, False, False]


def test_several_full_answers_of_which_one_may_be_chosen_have_no_place():
    course = read("Good?{T}\n\nWhich?{=a =b ~c}")
    assert [one.line for one in course.lessons[0].quiz.questions] == [1]
    assert reasons(course)[0].startswith('several answers begin with "="')


def test_a_weight_behind_an_equals_sign_is_a_doubt():
    course = read("::n::Which?{=%50%a =%50%b ~c}")
    assert course.lessons[0].quiz.questions[0].values["kind"] == "MULTI"
    assert warnings(course) == [
        'check.gift:1: An answer begins with "=%": "=" by itself makes it right.'
    ]


def test_text_behind_the_answers_makes_a_gap():
    assert only("It is {=cold ~hot} here.").values["prompt"] == "It is _____ here."
    assert only("Two and two are {=four =4}.").values["prompt"] == "Two and two are _____."
    assert only("Two and two? {=four =4}").values["prompt"] == "Two and two?"


def test_short_answers_are_those_that_pay_in_full():
    course = read("::n::Where?{=Nazareth#Right.=%75%Nazereth#Misspelled.=%0%*#No.}")
    one = course.lessons[0].quiz.questions[0]
    assert (one.values["kind"], one.values["accept"]) == ("TEXT", ["Nazareth"])
    assert one.values["explanation"] == "Right.\n\nNazereth: Misspelled."
    assert len(warnings(course)) == 2


def test_an_asterisk_for_anything_has_no_place_unless_it_is_escaped():
    assert only("Which?{=SELECT \\* FROM t}").values["accept"] == ["SELECT * FROM t"]
    assert "holds * for anything" in reasons(read("Which?{=app*}\n\nAnd?{=tea}"))[0]


@pytest.mark.parametrize(
    ("answers", "accept", "tolerance"),
    [
        ("#1822", ["1822"], ""),
        ("#-3.142:0.001", ["-3.142"], "0.001"),
        ("#3.141..3.142", ["3.1415"], "0.0005"),
        ("#-5..5", ["0"], "5"),
        ("#=1822:0=%50%1822:2", ["1822"], ""),
        ("#=%100%9:0#Yes=%0%5:0#No", ["9"], ""),
        ("#=1:0.5=2:0.5~#No", ["1", "2"], "0.5"),
        ("#1e3:1e-2", ["1e3"], "0.01"),
    ],
)
def test_numbers_come_with_their_tolerance(answers, accept, tolerance):
    one = only(f"How many?{{{answers}}}")
    assert one.values["kind"] == "NUMERIC"
    assert (one.values["accept"], one.values["tolerance"]) == (accept, tolerance)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{#=1:0.1=2:0.2}", "its right answers have different tolerances"),
        ("{#lots}", '"lots" is no number'),
        ("{#5:1%}", '"1%" is no number'),
        ("{#nan}", '"nan" is no number'),
        ("{#1e99999}", '"1e99999" is no number'),
        ("{#}", "no answer of it is right"),
        ("{=a->b =c->d}", "questions of this type (matching) have no place here"),
        ("{>4 CONTIGUOUS\na\nb\nc}", "questions of this type (ordering) have no place here"),
        ("{1:SHORTANSWER:=x}", "questions of this type (embedded answers) have no place here"),
        ("{~a ~b}", "no answer of it is right"),
        ("{}", "it has no general feedback (####), which would be its model answer"),
        ("{=a ~a}", "Two options say the same."),
        ("{=a ~b", 'The "{" in line 1 is not closed: an empty line ends a question. Write "}" '),
        ("=a ~b}", 'The "}" in line 1 closes nothing. Write \\{ and \\} where braces are text.'),
        ('{=printf("{%d}") ~x}', 'The "}" in line 1 closes nothing. Write \\{ and \\} where '),
    ],
)
def test_what_has_no_place_is_skipped_with_its_reason_and_its_text(text, reason):
    course = read(f"::bad::Which? {text}\n\n::good::Fine?{{T}}")
    assert [one.key for one in course.lessons[0].quiz.questions] == ["good"]
    (skipped,) = [one for one in course.skipped if one.kind == "question"]
    assert skipped.reason.startswith(reason)
    assert skipped.path == "check.gift:1 bad"
    assert skipped.original == f"::bad::Which? {text}"


def test_an_essay_is_an_open_question_with_its_feedback_as_the_model_answer():
    (_, one) = questions("Q?{T}\n\nWrite a page.{####A good page is short.}")
    assert (one.values["kind"], one.values["points"]) == ("OPEN", 0)
    assert one.values["model_answer"] == "A good page is short."
    assert one.values["explanation"] == ""


def test_a_description_stands_before_the_questions_and_is_said():
    course = read("::Intro::Paper is allowed.\n\nstray\n\n::q::Fine?{T}")
    assert course.lessons[0].values["content"] == "Paper is allowed.\n\nstray"
    assert len(reasons(course)) == 2
    assert warnings(course) == ["check.gift:3: There are no answers and no name: stray text?"]


def test_categories_and_tags_are_topics_and_an_id_is_the_key():
    text = (
        "// title: What you know\n\n$CATEGORY: $course$/top/Loops//Ranges\n\n"
        "// [id:first-one] [tag:easy] [tag:a\\]b]\n::name::Q?{T}\n\n"
        "$CATEGORY: $course$\n\n::n::R?{T}"
    )
    (node,) = read(text).lessons
    first, second = node.quiz.questions
    assert node.title == "What you know"
    assert (first.key, first.values["topics"]) == ("first-one", ["easy", "a]b", "Loops/Ranges"])
    assert (second.key, second.values["topics"]) == ("n", [])


def test_a_comment_is_one_wherever_it_stands():
    one = only("What?{\n=this\n// ~never\n~that}")
    assert [text for text, _, _ in options(one)] == ["this", "that"]


def test_a_name_that_appears_twice_is_said_with_both_lines():
    course = read("::n::A?{T}\n\n::n::B?{F}")
    assert warnings(course) == ['check.gift:3: The name "n" appears twice: in line 1 and here.']
    assert [one.key for one in course.lessons[0].quiz.questions] == ["n", "n-2"]


def test_escaped_signs_are_text():
    one = only("// comment\nWhich \\{code\\}\\: a\\nb \\\\n?{~ \\= 2 = \\=\\= \\~ \\# \\\\ #\\#1}")
    assert one.values["prompt"] == "Which {code}: a\\\nb \\n?"
    assert options(one) == [("= 2", False, ""), ("== ~ # \\\\", True, "#1")]


def test_each_file_is_a_quiz_and_each_folder_a_module(tmp_path):
    write(tmp_path / "school", {
        "b.gift": "::x::Q?{T}", "a.gift.txt": "::y::Q?{T}", "10-last/c.gift": "::z::Q?{T}",
        "2-first/d.gift": "::w::![Pot](pot.svg)?{T}", "2-first/pot.svg": "<svg/>", "x.doc": "x",
    })  # fmt: skip
    course = read_course(tmp_path / "school", title="Own")
    assert (course.slug, course.values["title"], course.draft) == ("school", "Own", True)
    assert [(one.title, [each.title for each in one.lessons]) for one in course.modules] == [
        ("First", ["D"]), ("Last", ["C"]), ("Questions", ["A", "B"]),
    ]  # fmt: skip
    assert list(course.assets) == ["2-first/pot.svg"]
    assert [one.path for one in course.skipped] == ["x.doc"]


def test_a_single_file_is_a_source(tmp_path):
    write(tmp_path, {"loops.gift": "\ufeffQ?{T}\r\n\r\nR?{F}\r\n"})
    course = read_course(tmp_path / "loops.gift")
    assert course.slug == "loops"
    assert [len(one.quiz.questions) for one in course.lessons] == [2]


def test_what_is_no_utf_8_is_refused_by_name():
    with pytest.raises(ImportRefused, match=r"check\.gift:\d+: The text is not UTF-8"):
        read("Qu\xe9?{T}".encode("latin-1"))


def test_a_file_of_more_questions_than_a_quiz_holds_keeps_account_of_all():
    course = read("\n\n".join(f"::q{number}::Q{number}?{{T}}" for number in range(203)))
    assert len(course.lessons[0].quiz.questions) == 200
    assert reasons(course) == ["a quiz has at most 200 questions"] * 3


@pytest.mark.parametrize(
    "bad",
    ["{" * 500_000, "}" * 500_000, "{}" * 250_000, "a" * 1_000_000, "q{" + "~" * 500_000 + "}",
     "q{" + "=" * 500_000 + "}", "\\" * 500_001, "::" * 250_000, "q{~%" + "9" * 500_000 + "%}",
     "// " + "[tag:" * 20_000 + "\nq{=}", "[html]" + "<b>" * 12_000 + "{T}", "$CATEGORY:" * 90_000],
    ids=range(12),
)  # fmt: skip
def test_bad_input_is_borne_in_linear_time(bad):
    begun = perf_counter()
    course = read(f"{bad}\n\n::good::Fine?{{T}}")
    assert "good" in [one.key for one in course.lessons[0].quiz.questions]
    assert perf_counter() - begun < 5


@pytest.mark.django_db
def test_a_file_among_a_course_s_lessons_is_a_quiz_of_it(tmp_path):
    folder = write(tmp_path / "tea", {
        "course.yaml": COURSE, "01-water/01-boil.md": lesson("Boil", id="boil"),
        "01-water/02-check.gift": "::hot::Is it hot?{T}\n\n::cold::Cold?{=a->b =c->d}",
        "01-water/03-none.gift": "// nothing yet\n",
    })  # fmt: skip
    report = bring(folder)
    lines = told(report)
    assert "+ lesson water/check" in lines
    assert any(line.startswith("/ question 01-water/02-check.gift:3 cold") for line in lines)
    assert "/ quiz 01-water/03-none.gift#water/none (no question pays points)" in lines
    assert report.warnings == []
    assert Course.objects.get().lessons.get(key="water/check").quiz.questions.get().key == "hot"
    assert bring(folder).changes == 0
    write(folder, {"01-water/02-check.gift": "::hot::Hot?{T}".encode("utf-16")})
    with pytest.raises(ImportRefused, match=r"02-check\.gift:\d+: The text is not UTF-8"):
        bring(folder)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("// a note\n::Name::\nWhich?\n// one more\n{=a\n~b", 'The "{" in line 7 is not closed'),
        ("::Name::Which?\n=a\n~b\n}", 'The "}" in line 6 closes nothing'),
        ("Which?\n{=a\n~{b}\n~c}", 'The "}" in line 6 closes nothing'),
        ("Which? \\{ \\n {=a\n~b}\nWhich? {=c ~d}", 'Line 5 has another "{"'),
    ],
)
def test_what_is_said_of_a_brace_names_its_line(text, words):
    warnings = read(f"::Fine::Yes? {{T}}\n\n{text}").warnings
    assert any(words in one.message for one in warnings)

"""Writing GIFT: what is read again is the same, and what has no place is named."""

from copy import deepcopy
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.exporting.gift import write_gift
from studio.importing.files import Source, SourceFile
from studio.importing.folder.quiz_file import USUAL_RULES
from studio.importing.formats import read_course, read_source
from studio.importing.tree import (
    CourseNode,
    LessonNode,
    ModuleNode,
    OptionNode,
    QuestionNode,
    QuizNode,
)

DEMO = Path(__file__).parents[2] / "demo"
DEMOS = ["git-for-one", "javascript-in-the-browser", "python-basics"]
CODE = [
    "for (let i = 0; i < n; i++) { a[i] = {x: ~i}; } // never\n\nlet s = `#${i}`;",
    'print(f"{name}: {x!r:>10}")\n    # comment\nd = {"a": 1, **{}}',
    "a:hover { color: #fff; }\n\n// ~ =\n.b ~ .c::after { content: '\\201C' }",
    '#include <stdio.h>\nint main(void) { printf("%d\\n", p->x == 1 ? ~0 : 1); }',
    "[html]<b>x</b>", "%50%a", "####", "// [id:x]", "::name::", "$CATEGORY: x", "\\", "\\\\n", "=",
    "TRUE", "{}", "a -> b", "[", "\\~ \\\\{", "_____", "\\*",
]  # fmt: skip
texts = st.one_of(
    st.sampled_from(CODE),
    st.text("ab\\~=#{}:n%[]*->$/ \n\"'`", min_size=1, max_size=40),
    st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=20),
).map(str.strip)  # fmt: skip
said = texts.filter(bool)
lines = said.map(lambda text: " ".join(text.split()))
numbers = st.integers(-999, 999).map(str) | st.sampled_from(["0.5", "1e3", "-2.75", "007"])


def again(tree):
    def of(path, data):
        return SourceFile(path, len(data), lambda: data)

    files = write_gift(tree).files
    return read_source(Source(tree.slug, {path: of(path, data) for path, data in files.items()}))


def asked(one):
    values = one.values
    names = ("kind", "prompt", "accept", "tolerance", "explanation", "model_answer", "topics")
    options = [tuple(option.values.values()) for option in one.options]
    return one.key, *(values[name] for name in names), options


def question(kind, **given):
    values = {
        "kind": kind, "prompt": "Which?", "explanation": "", "topics": [], "accept": [],
        "tolerance": "", "match_case": False, "model_answer": "", "points": Decimal(1),
        "shuffle": True, **given,
    }  # fmt: skip
    return QuestionNode("which", 0, values)


def course(*questions, rules=(), banks=(), **about):
    usual = {
        "title": "Check", "summary": "", "content": "", "minutes": 5, "xp_reward": 20,
        "status": "PUBLISHED", "is_required": True,
    }  # fmt: skip
    for number, one in enumerate(questions):
        one.key = f"{one.key}-{number}"
    # A question that pays: without one the reader takes no quiz.
    payer = question("NUMERIC", accept=["1"])
    quiz = QuizNode({**USUAL_RULES, **dict(rules)}, dict(banks), [*questions, payer])
    node = LessonNode("own", "01-one/02-check.quiz.yaml", {**usual, **about}, quiz=quiz)
    return CourseNode("own", {}, "", "", False, [ModuleNode("one", "01-one", {}, [node])])


def same(*questions):
    tree = course(*questions)
    wanted = [asked(one) for one in tree.lessons[0].quiz.questions]
    found = again(deepcopy(tree))
    assert [asked(one) for one in found.lessons[0].quiz.questions] == wanted
    return found


@pytest.mark.parametrize("name", DEMOS)
def test_every_quiz_of_the_demo_courses_comes_back_the_same(name):
    tree = read_course(DEMO / name)
    wanted = [node for node in tree.lessons if node.quiz]
    found = again(tree).lessons
    assert [(one.title, one.values["content"]) for one in found] == [
        (one.title, one.values["content"]) for one in wanted
    ]
    assert [asked(one) for node in found for one in node.quiz.questions] == [
        asked(one) for node in wanted for one in node.quiz.questions
    ]


@given(said, st.lists(said, min_size=2, max_size=4, unique=True), texts, texts, st.data())
@settings(max_examples=50, deadline=None)
def test_choices_of_any_text_come_back(prompt, names, feedback, explanation, data):
    right = data.draw(st.integers(0, len(names) - 1))
    for kind, correct in (("SINGLE", {right}), ("MULTI", {right, 0})):
        one = question(kind, prompt=prompt, explanation=explanation)
        one.options = [
            OptionNode(
                f"o{at}", {"text": text, "is_correct": at in correct, "feedback": feedback}, 0
            )
            for at, text in enumerate(names)
        ]
        same(one)


@given(said, st.lists(lines, min_size=1, max_size=4), texts, st.lists(lines, max_size=3))
@settings(max_examples=50, deadline=None)
def test_texts_to_be_typed_come_back(prompt, accept, explanation, topics):
    named = list(dict.fromkeys(topic[:60].strip() for topic in topics if len(topic) < 60))
    same(question("TEXT", prompt=prompt, accept=accept, explanation=explanation, topics=named))


@given(st.lists(numbers, min_size=1, max_size=3), st.sampled_from(["", "0.01", "2", "10%", "0.5%"]))
@settings(max_examples=50, deadline=None)
def test_numbers_come_back_with_their_tolerance(accept, tolerance):
    same(question("NUMERIC", accept=accept, tolerance=tolerance))


@given(said, said, texts)
@settings(max_examples=50, deadline=None)
def test_open_questions_come_back_with_both_their_texts(prompt, answer, explanation):
    same(question("OPEN", prompt=prompt, model_answer=answer, explanation=explanation))


def test_true_and_false_are_written_as_such():
    one = question("SINGLE", shuffle=False)
    one.options = [
        OptionNode("a", {"text": "True", "is_correct": False, "feedback": "No."}, 0),
        OptionNode("b", {"text": "False", "is_correct": True, "feedback": ""}, 0),
    ]
    text = write_gift(course(one)).files["01-one/02-check.gift"].decode()
    assert "{FALSE#No.#\n}" in text
    assert same(one).lessons[0].quiz.questions[0].values["shuffle"] is False


def test_weights_make_a_hundred_percent_together():
    one = question("MULTI")
    one.options = [
        OptionNode(text, {"text": text, "is_correct": text in "abc", "feedback": ""}, 0)
        for text in "abcde"
    ]
    text = write_gift(course(one)).files["01-one/02-check.gift"].decode()
    assert text.count("~%33.33333%") == 3
    assert text.count("~%-50%") == 2


def test_a_file_says_title_id_and_topics_in_comments_and_is_the_same_each_time():
    tree = course(
        question("TEXT", accept=["it"], topics=["a]b"], prompt="{x}:\n\ny"), content="Go."
    )
    first, second = write_gift(tree), write_gift(tree)
    assert first.files == second.files
    assert first.files["01-one/02-check.gift"].decode() == (
        "// title: Check\n\n::Introduction::[markdown]Go.\n\n// [id:which-0] [tag:a\\]b]\n"
        "::which-0::[markdown]\\{x\\}\\:\\n\\ny {\n\t=it\n}\n\n"
        "// [id:which]\n::which::[markdown]Which? {#\n\t=1\n}\n"
    )


def test_what_gift_cannot_hold_is_named_once():
    typed = question("TEXT", accept=["p->x"], match_case=True, points=Decimal(2))
    typed.bank, typed.lesson = "loops", "boil"
    tree = course(typed, rules={"time_limit": 5, "shuffle": True}, banks={"loops": 1}, summary="S")
    tree.modules[0].lessons.append(LessonNode("boil", "01-one/01-boil.md", {"title": "Boil"}))
    lost = write_gift(tree).lost
    assert [(one.message, one.path) for one in lost] == [
        ("The quiz: GIFT has no place for id, minutes, XP, summary, banks, time limit and "
         "shuffling of questions.", "01-one/02-check.quiz.yaml"),
        ("Text: GIFT has no place for banks, capitals that count, lessons to study again "
         "and points.", "01-one/02-check.quiz.yaml"),
        ("Moodle takes answers with -> for pairs to be matched.", "01-one/02-check.quiz.yaml"),
        ("GIFT has no place for 1 lesson.", ""),
    ]  # fmt: skip


def test_a_quiz_that_was_written_on_the_site_lies_where_its_titles_say():
    tree = course(question("NUMERIC", accept=["1"]))
    (module,) = tree.modules
    (lesson,) = module.lessons
    module.key, module.source, module.values = "b74pt9kkxg", "", {"title": "Hot water"}
    lesson.key, lesson.source = "z33rf9r2gp", ""
    lesson.values["title"] = "Tea: check"
    assert list(write_gift(tree).files) == ["01-hot-water/01-tea-check.gift"]
    module.values["title"], lesson.values["title"] = "お湯", "x" * 120
    assert list(write_gift(tree).files) == [f"01-b74pt9kkxg/01-{'x' * 60}.gift"]

"""Trees as folders: what was written is read as the same tree, and written again as the same."""

from copy import deepcopy
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from studio.exporting.folder import write_folder
from studio.exporting.layout import layout_of
from studio.exporting.reading_back import read_back
from studio.exporting.written import zip_of
from studio.importing.archive import open_archive
from studio.importing.files import open_folder
from studio.importing.formats import read_course, read_source
from studio.importing.tree import CaseNode, as_text
from tests.studio.test_export_yaml import NASTY, VALUES

DEMO = Path(__file__).parents[2] / "demo"
COURSES = ["git-for-one", "javascript-in-the-browser", "python-basics"]

TEA = {
    "course.yaml": "id: tea\ntitle: Tea\nsummary: How to make tea.\nlanguage: python\n",
    "assets/pot.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "assets/pour.webm": "film",
    "01-water/module.yaml": "id: water\ntitle: Water\n",
    "01-water/01-boil.md": "---\nid: boil\ntitle: Boil\n---\nSee ![it](../assets/pot.svg).\n",
    "01-water/02-pour.md": "---\ntitle: Pour\ntype: video\nurl: ../assets/pour.webm\n---\nOn.\n",
    "01-water/03-taste/index.md": (
        "---\nid: taste\ntitle: Taste\ntype: interactive\nwidget: widget.html\n---\nTry it.\n"
    ),
    "01-water/03-taste/widget.html": "<p>Hot</p>",
    "02-leaves/01-check.quiz.yaml": (
        "id: check\ntitle: Check\nbanks: {some: 1}\nquestions:\n"
        "  - {id: q1, type: single, prompt: Is it hot?, lesson: boil, options: "
        "[{id: a, text: It is, correct: true}, {id: b, text: It is not}]}\n"
        "  - {id: q2, type: text, prompt: What is it?, accept: [tea, Tea leaves], bank: some}\n"
        "  - {id: q3, type: numeric, prompt: How long?, accept: '3.5', tolerance: 1%}\n"
        "  - {id: q4, type: open, prompt: Why?, model_answer: For its smell.}\n"
    ),
    "02-leaves/02-count/assignment.yaml": "title: Count\nlanguage: python\nfunction: count\n",
    "02-leaves/02-count/description.md": "Count the leaves.\n",
    "02-leaves/02-count/solution.py": "def count(leaves):\n    return len(leaves)\n",
    "02-leaves/02-count/tests.yaml": (
        "cases:\n  - {id: two, name: Two, visible: true, args: [[1, 2]], expect: 2}\n"
    ),
    "02-leaves/03-echo/assignment.yaml": "title: Echo\nlanguage: python\n",
    "02-leaves/03-echo/description.md": "Say it again.\n",
    "02-leaves/03-echo/solution.py": "print(input())\n",
    "02-leaves/03-echo/tests/sample/01_a.in": "tea\n",
    "02-leaves/03-echo/tests/sample/01_a.ans": "tea\n",
}


def make_tea():
    """A course of every kind of lesson, read from its files."""
    return read_back({path: text.encode() for path, text in TEA.items()}, "tea")


def told(tree):
    """All that makes it this course; where it lies may change."""
    return {
        "slug": tree.slug,
        "values": tree.values,
        "language": (tree.language, tree.language_name),
        "draft": tree.draft,
        "modules": [
            (one.key, one.compared, [lesson.key for lesson in one.lessons]) for one in tree.modules
        ],
        "lessons": {lesson.key: lesson.compared for lesson in tree.lessons},
        "questions": {
            lesson.key: [(one.key, one.compared) for one in lesson.quiz.questions]
            for lesson in tree.lessons
            if lesson.quiz
        },
        "assets": {path: file.read() for path, file in tree.assets.items()},
    }  # fmt: skip


def kept(tree):
    """Hold the law to a tree, and return what was written."""
    written = write_folder(tree)
    back = read_back(written.files, "x")
    assert told(back) == told(tree)
    assert written.lost == []
    assert write_folder(back).files == written.files
    return written


@pytest.mark.parametrize("slug", COURSES)
def test_our_own_courses_keep_the_law_and_their_files(slug):
    source = open_folder(DEMO / slug)
    written = kept(read_course(DEMO / slug))
    assert set(written.files) == {*source.files, "exported.yaml"}
    archive = zip_of(written.files, slug)
    assert archive == zip_of(dict(reversed(written.files.items())), slug)
    assert told(read_source(open_archive(archive, "x"))) == told(read_course(DEMO / slug))


def test_an_archive_bears_what_is_packed_densely():
    data = zip_of({"course.yaml": b"title: A\n", "assets/a.txt": b"a" * 3_000_000}, "top")
    assert open_archive(data, "x").files["assets/a.txt"].read() == b"a" * 3_000_000


def of_kind(tree, **wanted):
    return next(
        one
        for one in tree.lessons
        if all(bool(getattr(one, name)) == value for name, value in wanted.items())
    )


LINES = some.sampled_from(
    ["yes", "007", "a: b", "a #b", "- a", "'", '"', "`x`", "12:30", "null", "é, [a]", "{b}", "a:",
     "😀", "@a", "%", "&a", "*a", "!", "|", ">", "?", "\\", "\\n", "~", "1.10", "2024-01-31", "---"]
) | some.text(some.characters(categories=["L", "N", "P"]), min_size=1, max_size=30)  # fmt: skip
BLOCKS = (some.sampled_from([text.strip() or "a" for text in NASTY]) | LINES).map(
    lambda text: text.replace("\r\n", "\n").replace("\x7f", "").replace("\x01", "").strip() or "a"
)
PRINTED = some.sampled_from(NASTY) | some.text("ab \n\t\r\x01\u2028é", max_size=10)


@given(line=LINES, block=BLOCKS, minutes=some.integers(1, 600), xp=some.sampled_from([5, 10, 15]))
@settings(max_examples=25, deadline=None)
def test_lessons_keep_every_text(line, block, minutes, xp):
    tree = make_tea()
    tree.values |= {"title": line, "description": block, "tags": [line, "a"], "authors": [line]}
    tree.language_name = line
    tree.modules[0].values |= {"title": line, "description": line}
    for lesson in tree.modules[0].lessons:
        lesson.values |= {"title": line, "summary": line, "minutes": minutes}
        if not lesson.quiz and not lesson.assignment:
            lesson.values |= {"content": block, "xp_reward": xp, "is_preview": True}
    kept(tree)


@given(line=LINES, block=BLOCKS, points=some.integers(1, 10_000), flag=some.booleans())
@settings(max_examples=25, deadline=None)
def test_quizzes_keep_every_text(line, block, points, flag):
    tree = make_tea()
    quiz = of_kind(tree, quiz=True).quiz
    quiz.rules |= {"shuffle": flag, "wait": points % 100, "time_limit": points % 60 or None}
    for one in quiz.questions:
        one.values |= {"prompt": block, "explanation": block, "topics": [line]}
        if one.values["kind"] == "OPEN":
            one.values["model_answer"] = block
        else:
            one.values["points"] = (Decimal(points) / 100).quantize(Decimal("0.01"))
        for at, option in enumerate(one.options):
            option.values |= {"text": f"{at}{block}", "feedback": block}
            one.values["shuffle"] = flag
    quiz.banks = {line: 1}
    quiz.questions[1].bank = line
    kept(tree)


@given(line=LINES, block=BLOCKS, value=VALUES, printed=PRINTED)
@settings(max_examples=40, deadline=None)
def test_assignments_keep_every_value(line, block, value, printed):
    tree = make_tea()
    for lesson in [one for one in tree.lessons if one.assignment]:
        lesson.assignment.rules["hints"] = [block, line]
        for at, case in enumerate(lesson.assignment.cases):
            case.values |= {"name": line, "hint": line, "is_visible": bool(at % 2)}
            if not lesson.assignment.rules["function"]:
                case.values |= {"stdin": printed, "expected_stdout": printed}
            elif not case.values["raises"]:
                case.values |= {"args": [value], "kwargs": {line: value}, "expected": value}
    kept(tree)


def test_values_keep_their_types_their_order_and_their_depth():
    tree = make_tea()
    lesson = next(
        one for one in tree.lessons if one.assignment and one.assignment.rules["function"]
    )
    deep = 1
    for _ in range(19):
        deep = [deep]
    for value in ({"b": 1, "a": True, "": 1.0}, 10**3999, -0.0, deep, {"k" * 3000: None}, "\u2028"):
        case = lesson.assignment.cases[0]
        case.values |= {"args": [], "kwargs": {}, "expected": value, "raises": ""}
        back = read_back(write_folder(tree).files, "x")
        row = next(one for one in back.lessons if one.key == lesson.key).assignment.cases[0]
        assert as_text(row.values) == as_text(case.values)


def places(tree):
    return list(layout_of(tree).lessons.values())


def test_names_stay_where_the_order_stays():
    tree = make_tea()
    assert places(tree) == [
        lesson.source.replace("description.md", "assignment.yaml") for lesson in tree.lessons
    ]
    del tree.modules[0].lessons[1]
    left = [lesson.source for lesson in tree.modules[0].lessons]
    assert places(tree)[: len(left)] == left


@given(random=some.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_any_other_order_is_kept_by_new_numbers(random):
    tree = make_tea()
    lessons = tree.lessons
    random.shuffle(lessons)
    random.shuffle(tree.modules)
    for module in tree.modules:
        module.lessons = []
    for lesson in lessons:
        random.choice(tree.modules).lessons.append(lesson)
    written = write_folder(tree)
    assert written.lost == []
    back = read_back(written.files, "x")
    assert told(back)["modules"] == told(tree)["modules"]
    assert write_folder(back).files == written.files


def test_what_was_written_on_the_site_gets_a_name_of_its_title():
    tree = make_tea()
    lesson = deepcopy(of_kind(tree, quiz=False, assignment=False))
    lesson.key, lesson.source = "k2b3c4d5f6", ""
    lesson.values |= {"title": "On: the site / now", "widget": "<p>\n</p>", "content": "Text."}
    tree.modules[0].lessons.append(lesson)
    number = len(tree.modules[0].lessons)
    written = kept(tree)
    folder = f"{tree.modules[0].source}/{number:02}-on-the-site-now"
    assert written.files[f"{folder}/widget.html"]
    assert b"id: k2b3c4d5f6\n" in written.files[f"{folder}/index.md"]


@pytest.mark.parametrize(
    ("files", "order"),
    [
        (
            {"m/a.md", "m/b/index.md", "m/b/c.quiz.yaml"},
            ["m/a", "m/b", "m/b/c"],
        ),
        ({"m/10-a.md", "m/9-b.md"}, ["m/b", "m/a"]),
        ({"1-M x/Ä b.md", "1-M x/2. y_z/index.md"}, ["m x/y_z", "m x/ä b"]),
        ({"2024-review/01-2-2.md"}, ["review/2-2"]),
    ],
)
def test_ids_that_are_paths_survive_another_place(files, order):
    quiz = b"questions:\n  - {id: a, type: open, prompt: A, model_answer: B}\n"
    quiz += b"  - {id: b, type: text, prompt: A, accept: B}\n"
    texts = {path: quiz if path.endswith(".yaml") else b"Text." for path in files}
    tree = read_back({"course.yaml": b"id: x\ntitle: X\n", **texts}, "x")
    assert [one.key for one in tree.lessons] == order
    written = kept(tree)
    there = {path for path in written.files if "module.yaml" not in path}
    assert there == {"course.yaml", "exported.yaml", *files}
    tree.modules[0].lessons.reverse()
    tree.modules.insert(0, deepcopy(tree.modules[0]))
    tree.modules[0].key, tree.modules[0].source, tree.modules[0].lessons = "new", "", []
    kept(tree)


def test_what_an_import_would_refuse_is_told():
    tree = make_tea()
    quiz = of_kind(tree, quiz=True).quiz
    quiz.questions, quiz.banks = [], {}
    assert 'A quiz needs "questions".' in str(write_folder(tree).lost[0])
    tree = make_tea()
    lesson = of_kind(tree, quiz=False, assignment=False)
    lesson.values |= {"kind": "INTERACTIVE", "widget": ""}
    assert "widget" in str(write_folder(tree).lost[0])


def test_what_has_no_place_is_told():
    tree = make_tea()
    question = next(one for one in of_kind(tree, quiz=True).quiz.questions if one.options)
    question.values["tolerance"] = "1%"
    (lost,) = write_folder(tree).lost
    assert question.key in lost.message
    assert lost.path.endswith(".quiz.yaml")


def test_a_case_by_any_name_keeps_its_id():
    tree = make_tea()
    lesson = next(
        one for one in tree.lessons if one.assignment and not one.assignment.rules["function"]
    )
    values = deepcopy(lesson.assignment.cases[0].values)
    lesson.assignment.cases.append(CaseNode(f"sample-a_b-{'c' * 80}", values, ""))
    kept(tree)

"""JetBrains Academy: what becomes of every lesson, task and file."""

from pathlib import Path

import pytest

from courses.models import Course
from studio.importing.formats import read_course, read_source
from studio.importing.jetbrains.text import description_of, without_answers
from studio.importing.refusal import ImportRefused
from tests.studio.test_bad_sources import source
from tests.studio.test_import_folder import bring, told

DATA = Path(__file__).parents[3] / "shared/data/courses"
PYTHON = DATA / "jetbrains-introduction-to-python"
needs_data = pytest.mark.skipif(not PYTHON.is_dir(), reason=f"There is no {PYTHON}.")
PNG = "no real picture"
ADD = "def add(a, b):\n    return a + b\n"


def course_of(tasks=None, **files):
    """A course of one lesson. `tasks` are files in it, below the names of their tasks."""
    tasks = tasks or {"Add/task-info.yaml": "type: theory\n", "Add/task.md": "Add."}
    names = dict.fromkeys(path.split("/")[0] for path in tasks)
    usual = {
        "course-info.yaml": (
            "title: Sums\nsummary: How to add.\nprogramming_language: Python\ncontent:\n- First\n"
        ),
        "First/lesson-info.yaml": "content:\n" + "".join(f"- {name}\n" for name in names),
    }
    inside = {f"First/{path}": text for path, text in tasks.items()}
    return read_source(source(usual | inside | files))


def reasons(course):
    return {skipped.path: skipped.reason for skipped in course.skipped}


@needs_data
def test_every_task_of_a_real_course_is_a_lesson_and_every_file_is_accounted_for():
    course = read_course(PYTHON)
    assert (course.slug, course.language) == ("introduction-to-python", "python")
    assert len(course.modules) == 10
    assert len(course.lessons) == 84
    assert all(lesson.values["content"] for lesson in course.lessons)
    assert course.values["licence"] == "MIT"
    in_all = sum(1 for path in PYTHON.rglob("*") if path.is_file())
    yaml = sum(1 for path in PYTHON.rglob("*.yaml"))
    descriptions = sum(1 for path in PYTHON.rglob("task.md"))
    assert in_all == yaml + descriptions + len(course.assets) + len(course.skipped)
    (tests,) = (one.message for one in course.warnings if one.code == "tests")
    assert tests.startswith("The tests of 76 tasks cannot be run here")


@needs_data
@pytest.mark.django_db
def test_a_real_course_comes_in_whole_and_a_second_time_nothing_changes():
    report = bring(PYTHON)
    assert sum(line.kind == "lesson" for line in report.lines) == 84
    lost = [one.message for one in report.warnings if one.code == "reference"]
    assert [one for one in lost if "course:" in one] == []
    again = bring(PYTHON)
    assert again.changes == 0
    assert again.source_nodes == report.source_nodes
    assert Course.objects.get().lessons.count() == 84
    assert not told(again)[0].startswith("+")


@needs_data
def test_hints_and_links_between_tasks_are_those_of_the_site():
    course = read_course(PYTHON)
    text = next(one for one in course.lessons if one.key == "functions-args-and-kwargs")
    content = text.values["content"]
    assert content.count("<details><summary>Hint</summary>\n\n") == 3
    assert 'class="hint"' not in content
    assert "](../04-data-structures/07-data-structures-dictionaries.md)" in content


def test_sections_are_in_the_titles_of_modules():
    course = course_of(
        **{
            "course-info.yaml": "title: Sums\ncontent: [Part]\n",
            "Part/section-info.yaml": "custom_name: Part one\ncontent: [Lesson]\n",
            "Part/Lesson/lesson-info.yaml": "custom_name: Numbers\ncontent: [Task]\n",
            "Part/Lesson/Task/task-info.yaml": "type: theory\ncustom_name: What a sum is\n",
            "Part/Lesson/Task/task.md": "See [it](course://Part/Lesson/Task).",
        }
    )
    assert [module.title for module in course.modules] == ["Part one: Numbers"]
    assert [(one.title, one.key) for one in course.lessons] == [
        ("What a sum is", "part-lesson-task")
    ]
    assert (
        reasons(course)["First/Add/task.md"]
        == "it belongs to no task of the course, or is not read"
    )


def test_learners_get_the_starter_and_the_solution_folded():
    info = (
        "type: edu\nfiles:\n- name: src/add.py\n  visible: true\n  placeholders:\n"
        "  - offset: 26\n    length: 5\n    placeholder_text: your sum\n"
        "- name: tests/test_task.py\n  visible: false\n- name: n.txt\n  visible: true\n"
        "- name: gone.py\n  visible: true\n- name: pic.png\n  visible: false\n"
    )
    course = course_of(
        {
            "Add/task-info.yaml": info,
            "Add/task.md": "Add. ![A sum](pic.png)",
            "Add/src/add.py": ADD,
            "Add/tests/test_task.py": "assert add(1, 1) == 2",
            "Add/n.txt": "1 1",
            "Add/pic.png": PNG,
            "Add/other.py": "",
        }
    )
    content = course.lessons[0].values["content"]
    starter, solution = content.split("<details><summary>Solution</summary>")
    assert '```python title="src/add.py"\ndef add(a, b):\n    return your sum\n```' in starter
    assert ADD in solution
    assert ADD not in starter
    assert set(course.assets) == {"First/Add/n.txt", "First/Add/pic.png"}
    assert "[n.txt](../First/Add/n.txt)" in content
    assert reasons(course) == {
        "First/Add/tests/test_task.py": "it is hidden from learners: a test, or what a test needs",
        "First/Add/other.py": "the task does not name it",
    }
    assert "1 file is named by tasks, but not there." in [one.message for one in course.warnings]


def test_hidden_solutions_stay_hidden():
    info = (
        "type: edu\nsolution_hidden: true\nfiles:\n- name: add.py\n  placeholders:\n"
        "  - offset: 0\n    length: 3\n    placeholder_text: what\n"
    )
    files = {"Add/task-info.yaml": info, "Add/task.md": "Add.", "Add/add.py": ADD}
    content = course_of(files).lessons[0].values["content"]
    assert "what add(a, b)" in content
    assert "Solution" not in content


def test_a_choice_is_a_quiz_of_one_question():
    info = (
        "type: choice\nis_multiple_choice: {several}\noptions:\n- text: 1 + 1\n  is_correct: true\n"
        "- text: 2 - 2\n  is_correct: false\nmessage_correct: Right.\n"
        "message_incorrect: Look again.\nquiz_header: Choose one.\n"
    )
    course = course_of(
        {
            "One/task-info.yaml": info.replace("{several}", "false"),
            "One/task.md": "What is two?",
            "Two/task-info.yaml": info.replace("{several}", "true"),
            "Two/task.html": "<p>What <b>is</b> two?</p>",
        }
    )
    one, two = (lesson.quiz.questions[0] for lesson in course.lessons)
    assert (one.values["kind"], two.values["kind"]) == ("SINGLE", "MULTI")
    assert one.values["prompt"] == "What is two?\n\nChoose one."
    assert two.values["prompt"] == "What **is** two?\n\nChoose one."
    assert one.values["explanation"] == "Right."
    assert [(o.values["is_correct"], o.values["feedback"]) for o in one.options] == [
        (True, ""),
        (False, "Look again."),
    ]


def test_a_choice_without_a_key_is_kept_aside():
    info = "type: choice\noptions:\n- text: yes\n- text: no\n"
    other = {"Two/task-info.yaml": "type: theory\n", "Two/task.md": "Add."}
    course = course_of({"One/task-info.yaml": info, "One/task.md": "Is it?", **other})
    assert [lesson.title for lesson in course.lessons] == ["Two"]
    (skipped,) = course.skipped
    assert skipped.reason == "nothing says which option is correct"
    assert skipped.original == "Is it?"


def test_output_is_compared_where_the_language_runs_here():
    info = (
        "type: output\nfiles:\n- name: main.py\n  visible: true\n  placeholders:\n"
        "  - offset: 6\n    length: 7\n    placeholder_text: None\n- name: output.txt\n"
        "  visible: false\n- name: input.txt\n  visible: false\n"
    )
    tasks = {
        "Say/task-info.yaml": info,
        "Say/task.md": "Say what you are told.",
        "Say/main.py": "print(input())\n",
        "Say/output.txt": "tea\n",
        "Say/input.txt": "tea",
    }
    node = course_of(tasks).lessons[0]
    assert node.values["status"] == "PUBLISHED"
    assert node.values["content"] == "Say what you are told."
    assert node.assignment.rules["starter"] == "print(None)\n"
    assert node.assignment.rules["solution"] == "print(input())\n"
    (case,) = node.assignment.cases
    assert (case.values["stdin"], case.values["expected_stdout"]) == ("tea", "tea\n")
    kotlin = {path.replace("main.py", "main.kt"): text.replace("main.py", "main.kt")
              for path, text in tasks.items()}  # fmt: skip
    course = course_of(kotlin)
    assert course.lessons[0].assignment is None
    assert [one.code for one in course.warnings] == ["tests"]


def test_a_program_without_answers_to_take_out_is_a_draft():
    info = "type: output\nfiles:\n- name: main.py\n"
    tasks = {"Say/task-info.yaml": info, "Say/task.md": "Say.", "Say/main.py": "pass\n",
             "Say/tests/output.txt": "tea"}  # fmt: skip
    course = course_of(tasks)
    assert course.lessons[0].values["status"] == "DRAFT"
    assert [one.code for one in course.warnings] == ["unfinished"]


def test_other_types_are_told_with_their_text():
    course = course_of(
        {
            "Sort/task-info.yaml": "type: sorting\n",
            "Sort/task.md": "Sort these.",
            "Ide/task-info.yaml": "type: ide\n",
            "Ide/task.md": "Press a key.",
        }
    )
    assert [lesson.title for lesson in course.lessons] == ["Ide"]
    (skipped,) = course.skipped
    assert skipped.reason == 'tasks of the type "sorting" are not supported'
    assert skipped.original == "Sort these."
    assert [one.message for one in course.warnings] == [
        "1 task is to be done in an IDE: imported as texts."
    ]


def test_yaml_that_is_too_strange_costs_its_task_alone_and_is_told_with_its_line():
    course = course_of(
        {
            "One/task-info.yaml": "type: theory\nfiles: &here\n- name: a.py\n",
            "One/task.md": "One.",
            "Two/task-info.yaml": "type: theory\n",
            "Two/task.md": "Two.",
            "Gone/task.md": "Gone.",
        }
    )
    assert [lesson.title for lesson in course.lessons] == ["Two"]
    (strange,) = course.warnings
    assert str(strange) == "First/One/task-info.yaml:2: Aliases are not allowed."
    assert reasons(course) == {
        "First/One/task-info.yaml": "Aliases are not allowed.",
        "First/One/task.md": "its task cannot be read",
        "First/Gone/task-info.yaml": "there is no such file",
        "First/Gone/task.md": "its task cannot be read",
    }
    with pytest.raises(ImportRefused, match=r"course-info\.yaml:1: Aliases are not allowed\."):
        course_of(**{"course-info.yaml": "title: &name Sums\n"})


def test_what_is_said_of_the_ide_is_still_readable():
    text = (
        "Press &shortcut:RunClass; in %IDE_NAME%.\n\n"
        "Open [the tool](tool_window://Project).\n\n<div class='hint'>\nOne\n<div>x</div>\n</div>\n"
        '```\n<div class="hint">\n```\n<div class="hint">open'
    )
    assert description_of(text) == (
        "Press “Run Class” in the IDE.\n\nOpen the tool.\n\n\n\n"
        "<details><summary>Hint</summary>\n\n"
        '\nOne\n<div>x</div>\n\n\n</details>\n\n\n```\n<div class="hint">\n```\n\n\n'
        "<details><summary>Hint</summary>\n\nopen\n\n</details>"
    )


def test_placeholders_are_counted_as_their_editor_counts():
    assert without_answers("😀 a = 1", [(7, 1, "???")]) == "😀 a = ???"
    assert without_answers("abc", [(1, 1, "X"), (0, 2, "Y"), (2, 9, "Z")]) == "Yc"


def test_a_long_line_of_openings_is_read_at_once():
    text = "<div class=" * 20_000 + "[[" * 20_000 + "course://" * 20_000
    assert len(description_of(text)) > 200_000

"""What its author has not finished goes out and comes in again while it is a draft."""

import pytest

from assessments.models import Assignment, Quiz
from courses.errors import NotReady
from courses.models import Course, Lesson, Module
from studio.exporting.formats import WRITERS, export
from studio.importing.apply import import_course
from studio.importing.archive import open_archive
from studio.importing.folder.course import CourseFolder
from studio.importing.formats import read_source
from studio.importing.refusal import ImportRefused
from studio.outline import add_lesson, add_module, new_course
from studio.ready import publish_fair_lesson
from tests.assessments.builders import ask
from tests.studio.test_bad_sources import source

QUIZ = "{}title: Check\nid: check\nbanks: {}\nquestions: {}\n"
OPEN = "[{id: a, type: open, prompt: P, model_answer: M}]"
DRAWN = "[{id: a, type: text, bank: b, accept: x, prompt: P}]"
TASK = "{}id: add\ntitle: Add\nlanguage: python\n"
CASES = "cases: [{id: one, name: One, visible: true, expect_stdout: x}]\n"
WHOLE = {"description.md": "Print x.\n", "solution.py": "print('x')\n", "tests.yaml": CASES}


def quiz(questions, banks="{}"):
    return lambda draft: {"01-a/01-check.quiz.yaml": QUIZ.format(draft, banks, questions)}


def page(front):
    return lambda draft: {"01-a/01-one.md": f"---\nid: one\n{front}\n{draft}---\nText.\n"}


def task(**changed):
    files = {name: text for name, text in {**WHOLE, **changed}.items() if text}
    return lambda draft: {
        f"01-a/01-add/{name}": text
        for name, text in {"assignment.yaml": TASK.format(draft), **files}.items()
    }


UNFINISHED = [
    (quiz("[]"), 'A quiz needs "questions".'),
    (quiz(OPEN), "No question pays points, or none that is drawn for certain."),
    (quiz(DRAWN, "{b: 2}"), '2 are to be drawn from the bank "b", which has 1.'),
    (page("type: video"), 'A video needs a "url".'),
    (page("type: interactive"), 'An interactive lesson needs a "widget".'),
    (task(**{"description.md": "\n"}), "The task has no text."),
    (task(**{"solution.py": ""}), "no reference solution"),
    (task(**{"tests.yaml": ""}), "The assignment has no case"),
]


def read(files, course_is_draft=False):
    draft = "draft: true\n" if course_is_draft else ""
    course = f"format: 1\nid: tea\ntitle: Tea\n{draft}"
    return CourseFolder(source({"course.yaml": course, **files})).read()


@pytest.mark.parametrize(("written", "words"), UNFINISHED)
def test_what_is_not_finished_is_a_doubt_in_a_draft_and_a_fault_elsewhere(written, words):
    (doubt,) = read(written("draft: true\n")).warnings
    assert (words in doubt.message, doubt.code) == (True, "unfinished")
    plain = written("draft: false\n")
    assert read(plain, course_is_draft=True).warnings == [doubt]
    with pytest.raises(ImportRefused) as refused:
        read(plain)
    assert list(refused.value.findings) == [doubt]


@pytest.fixture
def unfinished(settings, tmp_path, db):
    """A course with a lesson of each kind as the editors make them, and some that were begun."""
    settings.MEDIA_ROOT = tmp_path
    course = new_course({"title": "Tea"})
    module = course.modules.get()
    for kind in ("ARTICLE", "VIDEO", "QUIZ", "ASSIGNMENT", "CODE_EXAMPLE", "INTERACTIVE"):
        add_lesson(module, kind.title(), kind)
    begun = Quiz.objects.get(lesson=add_lesson(module, "Begun", "QUIZ"))
    ask(begun, "OPEN", "What is tea?", points=0, model_answer="A leaf.")
    half = Assignment.objects.get(lesson=add_lesson(module, "Half", "ASSIGNMENT"))
    half.function, half.compare, half.starter = "brew", "exact", "def brew():\n    ...\n"
    half.save()
    add_module(course, "Later")
    return Course.objects.with_language().get(pk=course.pk)


def test_drafts_go_through_an_empty_school_to_the_byte(unfinished):
    first = export(unfinished, WRITERS["zip"])
    assert first.lost == []
    for model in (Lesson, Module, Course):
        model.objects.all().delete()
    report = import_course(read_source(open_archive(first.data, "x")))
    assert sum(report.counts.values()) == report.counts["created"]
    course = Course.objects.with_language().get()
    assert export(course, WRITERS["zip"]).data == first.data
    assert import_course(read_source(open_archive(first.data, "x"))).changes == 0


def test_what_came_in_unfinished_is_not_published_before_it_is_finished(unfinished):
    data = export(unfinished, WRITERS["zip"]).data
    report = import_course(read_source(open_archive(data, "x")), publish=True)
    assert not report.published
    for lesson in Lesson.objects.all():
        with pytest.raises(NotReady, match=r"no text|nobody could pass|no address|no reference"):
            publish_fair_lesson(lesson)

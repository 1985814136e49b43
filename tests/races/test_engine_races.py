"""An import at the gate with learners who begin a quiz, with authors, and with the sweep."""

import os
import time
from functools import partial

import pytest
from django.core.files.storage import default_storage
from django.db import transaction

from assessments.attempts import start_attempt
from assessments.models import Answer, Option, Quiz
from courses.models import Asset, Course
from enrollments.actions import enroll
from studio.editing import editing
from studio.importing.apply import import_course
from studio.importing.folder.course import CourseFolder
from studio.importing.marks import Marks
from studio.importing.refusal import ImportRefused
from studio.stored_files import forget_files
from tests.races.meeting import HalfWay, meet
from tests.studio.test_bad_sources import COURSE, source

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]
QUESTION = (
    "id: check\ntitle: Check\nquestions:\n"
    "  - {id: hot, type: single, prompt: Is it hot?, options: "
    "[{id: a, text: A, correct: true}, {id: b, text: B}, {id: c, text: C}]}\n"
)
OTHER_KEY = QUESTION.replace(
    ", correct: true}, {id: b, text: B", "}, {id: b, text: B, correct: true"
)
WITHOUT_C = QUESTION.replace(", {id: c, text: C}", "")


def bring(text, course=COURSE, **options):
    files = {"course.yaml": course, "01-water/01-check.quiz.yaml": text, "a.txt": "A file."}
    try:
        return import_course(CourseFolder(source(files)).read(), **options)
    except ImportRefused as refusal:
        return str(refusal)


@pytest.fixture
def quiz(ada) -> Quiz:
    bring(QUESTION)
    quiz = Quiz.objects.get()
    enroll(ada, quiz.lesson.course)
    return quiz


def stopping(monkeypatch) -> HalfWay:
    """An import stops when it has read and settled the questions, and written nothing yet."""
    stop = HalfWay(Marks.judge)

    def judge(marks):
        stop(marks)

    monkeypatch.setattr(Marks, "judge", judge)
    return stop


def test_an_attempt_waits_for_an_import_and_shows_what_is_there_then(ada, quiz, monkeypatch):
    stop = stopping(monkeypatch)
    _, waited = meet(stop, lambda: bring(WITHOUT_C), lambda: start_attempt(ada, quiz))
    assert waited
    gone = Option.objects.get(key="c")
    assert gone.deleted_at
    assert gone.pk not in Answer.objects.get().option_order


def test_an_import_waits_for_an_attempt_and_sees_that_it_asked(ada, quiz):
    stop = HalfWay(lambda: None)

    def begin():
        with transaction.atomic():
            start_attempt(ada, quiz)
            stop()

    told, waited = meet(stop, begin, lambda: bring(OTHER_KEY))
    assert waited
    assert "has attempts" in told


def test_a_dry_run_keeps_no_attempt_waiting(ada, quiz, monkeypatch):
    stop = stopping(monkeypatch)
    planning = partial(bring, WITHOUT_C, dry_run=True)
    (_, is_new), waited = meet(stop, planning, lambda: start_attempt(ada, quiz))
    assert (is_new, waited) == (True, False)


def test_an_import_waits_for_an_author_and_leaves_what_was_edited(quiz):
    stop = HalfWay(lambda: None)

    def edit():
        with editing(quiz.lesson.course) as course:
            course.summary = "Of the site."
            course.save(update_fields=["summary"])
            stop()

    other = COURSE.replace("How to make tea.", "Of the folder.")
    report, waited = meet(stop, edit, lambda: bring(QUESTION, other))
    assert waited
    assert str(report.lines[0]).startswith("! course tea (edited on the site")
    assert Course.objects.get(slug="tea").summary == "Of the site."


def test_a_file_that_an_import_found_is_not_forgotten_before_it_has_its_row(quiz, monkeypatch):
    name = Asset.objects.get().file.name
    Asset.objects.all().delete()
    place, before = default_storage.path(name), time.time() - 7200
    os.utime(place, (before, before))
    deleted, waited = meet(stopping(monkeypatch), lambda: bring(QUESTION), forget_files)
    assert (deleted, waited) == (0, False)
    assert default_storage.exists(Asset.objects.get().file.name)


def test_a_file_without_a_row_is_forgotten_when_nobody_imports(quiz):
    name = Asset.objects.get().file.name
    Asset.objects.all().delete()
    before = time.time() - 7200
    os.utime(default_storage.path(name), (before, before))
    assert forget_files() == 1
    assert not default_storage.exists(name)

"""Imports at the gate: one worker does it, nobody waits, and a dead one is no hindrance."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

import pytest
from django.db import connections

from accounts.models import User
from activity.models import Event
from courses.models import Course, CourseImport, Lesson
from studio import course_importing, course_imports, tasks
from studio.course_imports import Gone, NotNow
from tests.conftest import make_person
from tests.races.gate import at_once, in_own_connection
from tests.races.meeting import HalfWay, meet
from tests.studio.test_bad_sources import packed
from tests.studio.test_import_folder import COURSE, lesson

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]
CROWD = 6
Status = CourseImport.Status
FILES = {"course.yaml": COURSE, "01-water/01-boil.md": lesson("Boil", id="boil")}


@pytest.fixture(autouse=True)
def no_messages(monkeypatch):
    """No worker listens here; the rows alone say what is due."""
    for task in (tasks.plan_import, tasks.apply_import):
        monkeypatch.setattr(task, "delay", lambda key: None)


@pytest.fixture
def author(db) -> User:
    return make_person("root@example.org", "Root", role=User.Role.ADMIN)


@pytest.fixture
def confirmed(author) -> CourseImport:
    """An import that was said yes to, and that nobody has taken up."""
    row = course_imports.ask(author, packed(*FILES.items()), "tea.zip")
    course_importing.plan(row.pk)
    course_imports.confirm(row.pk, author)
    return row


class FirstHalfWay(HalfWay):
    """Only the first call waits for the word to go on."""

    def __call__(self, *args, **kwargs):
        if self.reached.is_set():
            return self.function(*args, **kwargs)
        return super().__call__(*args, **kwargs)


def assert_done_once(row):
    row.refresh_from_db()
    assert (row.status, row.report["changes"]) == (Status.DONE, 3)
    assert (Course.objects.count(), Lesson.objects.count()) == (1, 1)
    assert Event.objects.filter(kind=Event.Kind.COURSE_PUBLISHED).count() <= 1


def test_one_of_many_workers_applies_it(confirmed):
    applying = partial(course_importing.apply, confirmed.pk)
    (done,) = (one for one in at_once("courses_lesson", [applying] * CROWD) if one)
    assert done.status == Status.DONE
    assert_done_once(confirmed)


def test_the_second_worker_does_not_wait_for_the_first(confirmed, monkeypatch):
    stop = HalfWay(course_importing.import_course)
    monkeypatch.setattr(course_importing, "import_course", stop)
    applying = partial(course_importing.apply, confirmed.pk)
    came, waited = meet(stop, applying, applying)
    assert (came, waited) == (None, False)
    assert_done_once(confirmed)


def test_whoever_says_yes_again_meanwhile_does_not_wait(confirmed, author, monkeypatch):
    stop = HalfWay(course_importing.import_course)
    monkeypatch.setattr(course_importing, "import_course", stop)
    applying = partial(course_importing.apply, confirmed.pk)
    say_yes = partial(course_imports.confirm, confirmed.pk, author)
    assert meet(stop, applying, say_yes) == (None, False)
    assert_done_once(confirmed)


def test_whoever_says_no_meanwhile_is_told(confirmed, author, monkeypatch):
    stop = HalfWay(course_importing.import_course)
    monkeypatch.setattr(course_importing, "import_course", stop)
    monkeypatch.setattr(course_imports, "PATIENCE", "100ms")

    with ThreadPoolExecutor(1) as threads:
        applying = threads.submit(in_own_connection, partial(course_importing.apply, confirmed.pk))
        try:
            assert stop.reached.wait(20)
            with pytest.raises(NotNow, match="being worked on"):
                course_imports.discard(confirmed.pk, author)
        finally:
            stop.may_go.set()
        applying.result(timeout=20)
    assert_done_once(confirmed)


@pytest.mark.parametrize("word", ["confirm", "discard"])
def test_the_same_word_at_once_is_heard_once(author, word, monkeypatch):
    monkeypatch.setattr(course_imports, "PATIENCE", "20s")
    row = course_imports.ask(author, packed(*FILES.items()), "tea.zip")
    course_importing.plan(row.pk)

    def say():
        with suppress(Gone):
            getattr(course_imports, word)(row.pk, author)
            return True

    said = at_once("courses_courseimport", [say] * CROWD)
    if word == "discard":
        assert (said.count(True), CourseImport.objects.count()) == (1, 0)
    else:
        row.refresh_from_db()
        assert (said.count(True), row.status) == (CROWD, Status.APPLYING)


def test_a_worker_that_is_gone_sets_it_free(confirmed):
    worker = connections.create_connection("default")
    worker.set_autocommit(False)
    try:
        with worker.cursor() as cursor:
            cursor.execute("SELECT FROM courses_courseimport FOR NO KEY UPDATE")
        applying = partial(course_importing.apply, confirmed.pk)
        assert in_own_connection(applying) is None
    finally:
        worker.close()
    assert in_own_connection(applying).status == Status.DONE
    assert_done_once(confirmed)


def test_without_the_lock_two_would_be_at_it(confirmed, monkeypatch):
    def unlocked(key):
        return CourseImport.objects.select_related("by").filter(pk=key).first()

    stop = FirstHalfWay(course_importing.import_course)
    monkeypatch.setattr(course_importing, "held", unlocked)
    monkeypatch.setattr(course_importing, "import_course", stop)
    applying = partial(course_importing.apply, confirmed.pk)
    came, _ = meet(stop, applying, applying)
    assert came.status == Status.DONE


def test_the_same_upload_at_once_is_one_import(author):
    asking = partial(course_imports.ask, author, packed(*FILES.items()), "tea.zip")
    rows = at_once("courses_courseimport", [asking] * CROWD)
    assert len({row.pk for row in rows}) == CourseImport.objects.count() == 1

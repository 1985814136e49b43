"""A small course as an upload, and a worker that makes its plan and does what it says."""

import pytest
from django.core.files import storage

from studio import course_importing, course_imports
from studio.course_imports import Choices, Options
from tests.studio.test_bad_sources import packed
from tests.studio.test_import_folder import COURSE, lesson

FILES = {
    "course.yaml": COURSE,
    "01-water/module.yaml": "id: water\ntitle: Water\nsummary: Hot.\n",
    "01-water/01-boil.md": lesson("Boil", id="boil"),
    "01-water/02-cool.md": lesson("Cool", "See [nothing](nothing.md).", id="cool"),
}


def archive(**changed) -> bytes:
    return packed(*{**FILES, **changed}.items())


@pytest.fixture
def upload(root):
    """Ask as root, and let a worker make the plan."""

    def ask(data=None, name="tea.zip", **choices):
        row = course_imports.ask(root, data or archive(), name, Options(choices=Choices(**choices)))
        return course_importing.plan(row.pk)

    return ask


def bring(row):
    course_imports.confirm(row.pk, row.by)
    return course_importing.apply(row.pk)


def stored(row) -> bool:
    return storage.default_storage.exists(row.file)

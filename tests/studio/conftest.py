"""The authors' desk is open."""

import pytest

from assessments.models import Quiz
from tests.assessments.builders import make_quiz


@pytest.fixture(autouse=True)
def open_desk(settings):
    """In the demo school staff enter without a second factor; the gate has tests of its own."""
    settings.DEMO_SCHOOL = True


@pytest.fixture
def desk(as_, root):
    """The browser of somebody on the staff."""
    return as_(root)


@pytest.fixture
def quiz(lessons) -> Quiz:
    """A question of each kind; 70 percent of five points pass."""
    return make_quiz(lessons[0].module)

"""A quiz of one question of each kind."""

import pytest

from assessments.models import Quiz
from tests.assessments.builders import make_quiz


@pytest.fixture
def quiz(lessons) -> Quiz:
    """Untimed, as many attempts as one likes; 70 percent of five points pass."""
    return make_quiz(lessons[0].module)

"""A quiz of one question of each kind, and a model that drafts."""

import pytest

from assessments.models import Quiz
from tests.assessments.builders import make_quiz
from tests.doubles import model_endpoint as double


@pytest.fixture
def quiz(lessons) -> Quiz:
    """Untimed, as many attempts as one likes; 70 percent of five points pass."""
    return make_quiz(lessons[0].module)


@pytest.fixture(scope="session")
def model_server():
    with double.serving() as running:
        yield running


@pytest.fixture
def model(model_server, settings):
    """A model that is there, with a good draft for everything."""
    model_server.says, model_server.requests, model_server.seen = [double.draft()], [], []
    settings.AI_BASE_URL, settings.AI_MODEL = model_server.url, "double-1"
    settings.AI_API_KEY, settings.AI_SECONDS = "sk-not-for-anybody-1234567890", 1.0
    settings.AI_PRICE_IN, settings.AI_PRICE_OUT = 1.0, 2.0
    return model_server

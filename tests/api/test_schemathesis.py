"""A machine reads the schema and tries what it says, and what it does not say."""

from copy import deepcopy
from uuid import UUID

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings

from accounts.limits import Limit
from accounts.tokens import create_token
from api.access import UUID_FORM
from api.root import schema as document
from assessments import grading
from assessments.attempts import start_attempt
from assessments.submissions import submit
from lms.wsgi import application
from tests.assessments.builders import make_quiz
from tests.assessments.code_builders import WRONG, make_assignment

schema = schemathesis.openapi.from_dict(deepcopy(document()))
schema.app = application


@pytest.fixture
def token(ada, lessons, monkeypatch):
    """A student's token, and no limit: limits have tests of their own."""
    monkeypatch.setattr(Limit, "spend", lambda limit, who: None)
    # The test's transaction lives in this connection; Django's own client spares it the same way.
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield create_token(ada, "scan")[1]
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def keys(ada, lessons) -> dict[str, UUID]:
    """What exists, by the name that stands in an address or a body."""
    quiz = make_quiz(lessons[0].module, time_limit=60)
    attempt, _ = start_attempt(ada, quiz)
    essay = quiz.questions.get(kind="OPEN")
    submission = submit(ada, make_assignment(lessons[0].module), WRONG, graded=True)
    grading.grade(submission.pk)
    return {
        "quiz_id": quiz.pk,
        "attempt_id": attempt.pk,
        "questionId": essay.pk,
        "assignment_id": submission.assignment_id,
        "submission_id": submission.pk,
    }


def name_what_exists(case, keys):
    """Put keys that are there in the place of made-up ones, which are only ever not found."""
    for given in (case.path_parameters, case.body):
        if isinstance(given, dict):
            for name in keys.keys() & given.keys():
                if isinstance(given[name], str) and UUID_FORM.fullmatch(given[name]):
                    given[name] = str(keys[name])


@schema.parametrize()
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_the_api_does_what_its_schema_says(case, token, keys):
    numbers = ("xpAmount", "version")
    if isinstance(case.body, dict) and any(isinstance(case.body.get(x), float) for x in numbers):
        # To JSON Schema 10.0 is an integer, to this API on purpose not; there is no way to say so.
        return
    if any("\0" in str(value) for value in (case.query or {}).values()):
        # Refused for the whole site before the API is asked.
        return
    name_what_exists(case, keys)
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
    case.call_and_validate(headers=headers)

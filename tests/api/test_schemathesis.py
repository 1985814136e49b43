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
PACE = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
PROTECTED = [
    f"{method.upper()} {path}"
    for path, methods in document()["paths"].items()
    for method, operation in methods.items()
    if {} not in operation["security"]
]


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
def staff_token(root):
    return create_token(root, "scan")[1]


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


def is_beside_the_schema(case):
    """Whether the site refuses on purpose what the schema has no way to forbid."""
    numbers = ("xpAmount", "version")
    if isinstance(case.body, dict) and any(isinstance(case.body.get(x), float) for x in numbers):
        # To JSON Schema 10.0 is an integer, to this API not.
        return True
    # Refused for the whole site before the API is asked.
    return any("\0" in str(value) for value in (case.query or {}).values())


@schema.parametrize()
@PACE
def test_the_api_does_what_its_schema_says(case, token, keys):
    if is_beside_the_schema(case):
        return
    name_what_exists(case, keys)
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
    case.call_and_validate(headers=headers)


def has_broken_keys(case):
    """Whether the address is none of the API's: that is told before anybody is asked for."""
    given = (case.path_parameters or {}).items()
    # A course may be named by its slug, too.
    return not all(UUID_FORM.fullmatch(str(key)) for name, key in given if name != "course_id")


@schema.parametrize()
@settings(PACE, max_examples=3, phases=[Phase.generate])
def test_nobody_gets_past_a_door_without_saying_who(case, token, keys):
    if case.operation.label not in PROTECTED or is_beside_the_schema(case):
        return
    name_what_exists(case, keys)
    answer = case.call_and_validate(headers={"Accept-Encoding": "identity"})
    assert answer.status_code == (404 if has_broken_keys(case) else 401)


@schema.parametrize()
@settings(PACE, max_examples=3, phases=[Phase.generate])
def test_staff_are_answered_as_the_schema_says_and_not_for_others(case, token, keys, staff_token):
    if is_beside_the_schema(case):
        return
    name_what_exists(case, keys)
    headers = {"Authorization": f"Bearer {staff_token}", "Accept-Encoding": "identity"}
    answer = case.call_and_validate(headers=headers)
    if {"attempt_id", "submission_id"} & (case.path_parameters or {}).keys():
        assert answer.status_code in {400, 404, 422}


def test_most_of_the_api_is_protected():
    assert len(PROTECTED) > 15

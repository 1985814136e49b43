"""Any order of steps leaves rows that a small model foresees."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from accounts.limits import Limit
from assessments import running
from sandbox.verdict import CaseResult, Result, Status
from tests.assessments.builders import ask, make_quiz
from tests.assessments.code_builders import add_case, make_assignment
from tests.billing.seeing import sell
from tests.conftest import make_course, make_person
from tests.scans.machine import TwoLearners
from tests.scans.model import World

PACE = settings(
    max_examples=15,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    database=None,
    # What fails has twenty steps at most: making that shorter takes minutes.
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def judged(job, *rest):
    """The stub of a runner: what says "right" prints it."""
    said = "right\n" if "right" in job.source else "wrong\n"
    cases = [CaseResult(one.id, Status.OK, stdout=said) for one in job.cases]
    return Result("stub", "", cases)


@pytest.fixture
def world(db, root, settings, monkeypatch) -> World:
    settings.DEMO_SCHOOL = True
    sell(settings)
    monkeypatch.setattr(Limit, "spend", lambda limit, who: None)
    monkeypatch.setattr(running, "run_job", judged)
    course = make_course("tea")
    module = course.modules.first()
    quiz = make_quiz(module, questions=False)
    ask(quiz, "SINGLE", "Green?", right=["Yes"], wrong=["No"])
    assignment = make_assignment(module, function="", compare="tokens")
    add_case(assignment, "says", stdin="", expected_stdout="right\n", is_visible=True)
    people = {name: make_person(f"{name}@example.org", name.title()) for name in ("ada", "bob")}
    lessons = {one.slug: one for one in course.lessons.all()}
    return World(course, lessons, quiz, assignment, people, root)


def run(world, pace=PACE):
    machine = type("Machine", (TwoLearners,), {"world": world})
    run_state_machine_as_test(machine, settings=pace)


def test_two_learners_in_any_order(world):
    run(world)

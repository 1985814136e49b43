"""Assignments to be solved in tests."""

from typing import Any

from assessments.models import Assignment, TestCase
from courses.models import Lesson, Module
from tests.conftest import make_lesson

RIGHT = "def add(a, b):\n    return a + b\n"
WRONG = "def add(a, b):\n    return a - b\n"
STARTER = "def add(a, b):\n    ...\n"
ECHO = "print(input())\n"


def make_lesson_for(module: Module, slug: str, **fields: Any) -> Lesson:
    return make_lesson(
        module,
        slug,
        kind=Lesson.Kind.ASSIGNMENT,
        completion=Lesson.Completion.BY_PASSING,
        **{"position": 90, "xp_reward": 30, **fields},
    )


def make_assignment(module: Module, slug: str = "adding", **fields: Any) -> Assignment:
    """`add(a, b)`: two visible cases, and two hidden ones, of which the last pays two points."""
    lesson = fields.pop("lesson", None) or make_lesson_for(module, slug)
    values = {
        "function": "add", "compare": "exact", "starter": STARTER, "solution": RIGHT,
        "hints": ["Use `+`."], **fields,
    }  # fmt: skip
    assignment = Assignment.objects.create(lesson=lesson, **values)
    if assignment.function:
        add_case(assignment, "small", args=[1, 2], expected=3, is_visible=True)
        add_case(assignment, "zero", args=[0, 0], expected=0, is_visible=True)
        add_case(assignment, "negative", args=[-1, -2], expected=-3, hint="Think below zero.")
        add_case(assignment, "large", args=[10**20, 1], expected=10**20 + 1, points=2)
    return assignment


def make_program(module: Module, slug: str = "echoing", **fields: Any) -> Assignment:
    """Prints the line it reads: one visible case, one hidden."""
    values = {"function": "", "compare": "tokens", "solution": ECHO, "starter": "print()\n"}
    assignment = make_assignment(module, slug, **{**values, **fields})
    add_case(assignment, "hello", stdin="hello\n", expected_stdout="hello\n", is_visible=True)
    add_case(assignment, "secret", stdin="xyzzy\n", expected_stdout="xyzzy\n", hint="Any word.")
    return assignment


def add_case(assignment: Assignment, key: str, **fields: Any) -> TestCase:
    position = assignment.cases.count() + 1
    values = {"name": f"adds {key}", "position": position, **fields}
    return TestCase.objects.create(assignment=assignment, key=key, **values)

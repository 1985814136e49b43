"""What the machine knows: what stands before the first step, what should be true, and verdicts."""

import math
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from accounts.models import User
from accounts.tokens import create_token
from assessments.models import Assignment, Quiz
from courses.models import Course, Lesson


@dataclass
class World:
    """What stands before the first step, and is there again for the next run."""

    course: Course
    lessons: dict[str, Lesson]
    quiz: Quiz
    assignment: Assignment
    people: dict[str, User]
    root: User
    tokens: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tokens = {name: create_token(who, "scan")[1] for name, who in self.people.items()}
        self.desk = Client(raise_request_exception=False)
        self.desk.force_login(self.root)


@dataclass
class Learner:
    """What should be true of one of them."""

    place: str = ""  # the key of the enrolment; empty after leaving
    done: set[str] = field(default_factory=set)
    paid: dict[str, int] = field(default_factory=dict)
    attempt: str = ""
    attempts: int = 0
    is_open: bool = False
    chosen: str = ""
    version: int = 0
    waiting: list[tuple[uuid.UUID, str]] = field(default_factory=list)
    handed_in: int = 0


def first(*verdicts: Any) -> int | None:
    """The first that has something against it."""
    return next((one for one in verdicts if one), None)


def unreadable(body: dict[str, Any]) -> int | None:
    """JSON knows no NaN and no infinity."""
    floats = [one for one in body.values() if isinstance(one, float)]
    return None if all(map(math.isfinite, floats)) else 400


def malformed(key: Any) -> int | None:
    """Of a key that stands in a body."""
    return None if isinstance(key, str) and key and "\0" not in key else 422


def fits(name: str, value: Any) -> bool:
    """Whether Stripe could have said so."""
    if name == "livemode":
        return value is False
    if name == "created":
        return type(value) is int and 0 <= value < 10**11
    forms = {"id": set("-_"), "type": set("_.")}
    return (
        isinstance(value, str) and bool(value) and value.isascii()
        and all(one.isalnum() or one in forms[name] for one in value)
        and (name == "id" or value == value.lower())
    )  # fmt: skip

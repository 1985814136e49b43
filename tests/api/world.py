"""Where the rows of the table of bad inputs happen, and the list of their builders."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from courses.models import Course, Lesson
from tests.api.conftest import Program

type Request = Callable[[], HttpResponse]
type Builder = Callable[["World"], Iterable[Request]]
ENROLL, AWARD = "/api/enrollments", "/api/xp/award"
BUILDERS: dict[str, Builder] = {}


@dataclass
class World:
    """The cast, and what a builder needs: ada is in the course, bob is not."""

    ada: User
    bob: User
    root: User
    course: Course
    lessons: list[Lesson]
    program: Callable[[User], Program]
    stranger: Program
    monkeypatch: Any

    def enroll(self, **changes: Any) -> Request:
        """bob enrols himself, with these fields otherwise; `...` leaves a field out."""
        body = {"userId": "bob@example.org", "courseId": "python-basics", **changes}
        return self.enroll_raw({key: value for key, value in body.items() if value is not ...})

    def enroll_raw(self, body: Any, **extra: Any) -> Request:
        return partial(self.program(self.bob).post, ENROLL, body, **extra)

    def award(self, **changes: Any) -> Request:
        """ada takes the XP of lesson 1, with these fields otherwise."""
        body = self.award_body() | changes
        body = {key: value for key, value in body.items() if value is not ...}
        return partial(self.program(self.ada).post, AWARD, body)

    def award_amount(self, literal: str) -> Request:
        """The amount as these very characters of JSON."""
        raw = json.dumps(self.award_body() | {"xpAmount": "@"}).replace('"@"', literal)
        return partial(self.program(self.ada).post, AWARD, raw.encode())

    def award_body(self) -> dict[str, Any]:
        return {
            "userId": "ada@example.org",
            "courseId": "python-basics",
            "lessonId": "lesson-1",
            "xpAmount": 10,
        }

    def mark(self, method: str, lesson: object, user: User | None = None) -> Request:
        path = f"/api/lessons/{lesson}/completion"
        return partial(self.program(user or self.ada).send, method, path)

    def by_session(self, **headers: str) -> Request:
        """bob's browser enrols him, with these headers."""
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(self.bob)
        browser.cookies["csrftoken"] = "s" * 32
        body = json.dumps({"userId": "bob@example.org", "courseId": "python-basics"})
        return partial(
            browser.post, ENROLL, body, content_type="application/json",
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )  # fmt: skip


def row(*keys: str) -> Callable[[Builder], Builder]:
    def keep(builder: Builder) -> Builder:
        BUILDERS.update(dict.fromkeys(keys, builder))
        return builder

    return keep

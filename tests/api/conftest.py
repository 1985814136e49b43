"""Programs that speak to the API: each with the token of one of the cast."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from accounts.tokens import create_token


class Program:
    """A client of the API. Without a token it is a stranger."""

    def __init__(self, token: str | None = None) -> None:
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {token}"} if token is not None else {}

    def send(self, method: str, path: str, body: Any = None, **extra: Any) -> HttpResponse:
        """`body` as JSON, or as it is when it is bytes."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        kind = extra.pop("content_type", "application/json")
        headers = {**self.headers, **extra.pop("headers", {})}
        data = b"" if body is None else raw
        # Said twice, because Django's client says nothing of an empty body by itself.
        extra = {"CONTENT_TYPE": kind, **extra}
        return self.client.generic(method, path, data, kind, headers=headers, **extra)

    def get(self, path: str, **extra: Any) -> HttpResponse:
        return self.send("GET", path, **extra)

    def post(self, path: str, body: Any, **extra: Any) -> HttpResponse:
        return self.send("POST", path, body, **extra)

    def put(self, path: str) -> HttpResponse:
        return self.send("PUT", path)

    def delete(self, path: str) -> HttpResponse:
        return self.send("DELETE", path)


@pytest.fixture
def program(db: None) -> Callable[[User], Program]:
    """`program(ada).post(...)`: a program with a token of that person."""
    return lambda user: Program(create_token(user, "test")[1])


@pytest.fixture
def stranger(db: None) -> Program:
    return Program()


def code_of(response: HttpResponse) -> str:
    """The error's code, after a look at the error's shape."""
    assert response["Content-Type"].startswith("application/json")
    body = json.loads(response.content)
    stands = {"answer"} if body["error"]["code"] == "stale_answer" else set()
    assert set(body) == {"error"} | stands
    assert set(body["error"]) == {"code", "detail", "fields"}
    assert "Traceback" not in body["error"]["detail"]
    return body["error"]["code"]

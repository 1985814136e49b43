"""What a browser without scripts sees of a quiz: its forms, filled in and sent."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

from django.test import Client

from assessments.clock import read_clock
from assessments.models import Answer, Attempt

Field = tuple[str, str]


@dataclass
class Form:
    """A form as the page has it: what it would send, and its buttons."""

    id: str
    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    choices: list[Field] = field(default_factory=list)
    buttons: list[Field] = field(default_factory=list)

    @property
    def data(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, value in self.fields:
            found.setdefault(name, []).append(value)
        return found


class Page(HTMLParser):
    """The forms of a page and the addresses that it names."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: set[str] = set()
        self.area: list[str] | None = None
        self.open: Form | None = None
        self.elsewhere: list[tuple[str, Field]] = []
        self.feed(html)
        for key, button in self.elsewhere:
            self.form(key).buttons.append(button)

    def form(self, key: str) -> Form:
        return next(form for form in self.forms if form.id == key)

    def handle_starttag(self, tag: str, attrs: Iterable[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        for name in ("href", "hx-get", "src"):
            if given.get(name):
                self.links.add(given[name])
        if tag == "form":
            key, way = given.get("id", ""), given.get("method", "get")
            self.open = Form(key, given.get("action", ""), way)
            self.forms.append(self.open)
        elif tag == "button" and given.get("form"):
            self.elsewhere.append((given["form"], (given.get("name", ""), given.get("value", ""))))
        elif self.open is not None:
            self.take(tag, given)

    def take(self, tag: str, given: dict[str, str]) -> None:
        assert self.open is not None
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "button":
            self.open.buttons.append((name, value))
        elif tag == "textarea":
            self.area = [name, ""]
        elif tag == "input" and given.get("type") in ("radio", "checkbox"):
            self.open.choices.append((name, value))
            if "checked" in given:
                self.open.fields.append((name, value))
        elif tag == "input" and name:
            self.open.fields.append((name, value))

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.area[1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area is not None and self.open is not None:
            self.open.fields.append((self.area[0], self.area[1]))
            self.area = None
        if tag == "form":
            self.open = None


def page_of(answer: Any) -> Page:
    return Page(answer.content.decode())


def send(browser: Client, form: Form, *, go: str = "", **changes: Any) -> Any:
    """Press the button `go` of a form, after filling in `changes`."""
    if go:
        assert ("go", go) in form.buttons, (go, form.buttons)
    data: dict[str, Any] = {**form.data, **changes}
    if go:
        data["go"] = go
    return browser.post(form.action, data)


def filled(answer: Answer, *, right: bool) -> dict[str, list[str]]:
    """What to type or choose in the form of a page to be right, or wrong."""
    question = answer.question
    if question.has_options:
        keys = question.options.filter(is_correct=right).values_list("pk", flat=True)
        chosen = [str(key) for key in keys][: None if question.kind == "MULTI" else 1]
        return {f"a-{question.pk}": chosen}
    return {f"a-{question.pk}": [question.accept[0] if question.accept and right else "99"]}


def run_out(attempt: Attempt, seconds: float = 60) -> None:
    """Let the clock of the attempt have run out so long ago; less than nothing: it still runs."""
    deadline = read_clock() - timedelta(seconds=seconds)
    Attempt.objects.filter(pk=attempt.pk).update(deadline=deadline)

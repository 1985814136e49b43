"""Every route of the site by every method, knocked at by everybody; and the table of who may."""

import inspect
import re
from collections.abc import Iterable, Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from time import time
from typing import NamedTuple

from allauth.account.internal.flows import login
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import get_resolver

from accounts.models import User
from tests.routes import GAP, NAMED, NOBODYS, OF_A_TABLE, View, address, below, form_of, methods_of
from tests.scans.doors.brought import brought_to
from tests.scans.doors.school import ROLES, School

TABLE = Path(__file__).with_name("table.txt")
LINE = re.compile(r"(GET|POST|PUT|DELETE) +(\S+)((?: +\w+){5})(?: +# (.+))?")
HOME = "(home)"
# What stands before a gap, and the name of the gap.
PLACE = re.compile(r"([\w-]+)/[\^(]*(?:\?P)?<(?:\w+:)?(\w+)>")
ALREADY_OVER = re.compile(r"attempts/<[^>]+>/(help|rating|replies|review|self-checks)\b")
ASKED_WITH = ("GET", "POST", "PUT", "DELETE")


class Knock(NamedTuple):
    method: str
    path: str

    @property
    def line(self) -> tuple[str, str]:
        """What it is called in the table: the admin's pages of all tables have one name."""
        return self.method, form_of(self.path) or HOME


class Line(NamedTuple):
    """What each role is answered, and why nobody is let in if that is so."""

    answers: dict[str, str]
    remark: str


def knocks() -> Iterator[Knock]:
    for _, path, view in below(get_resolver().url_patterns):
        for method in ASKED_WITH:
            if method in methods_taken(view):
                yield Knock(method, path)


def knocks_of(role: str) -> Iterator[Knock]:
    """A guest looks at the pages of all tables in the admin, the others at one of each form."""
    lines = set()
    for knock in knocks():
        if knock.line not in lines or (knock.method == "GET" and role == "guest"):
            lines.add(knock.line)
            yield knock


def unlisted() -> list[str]:
    """What there is and the table does not name, and the other way round."""
    there, said = {knock.line for knock in knocks()}, set(table())
    return [f"Say who may {' '.join(line)}" for line in sorted(there - said)] + [
        f"There is no {' '.join(line)}" for line in sorted(said - there)
    ]


def methods_taken(view: View) -> set[str]:
    """By a view that says nothing of it, at least looking and sending."""
    innermost = inspect.unwrap(view)
    inside = inspect.getclosurevars(innermost).nonlocals if inspect.isfunction(innermost) else {}
    if operations := getattr(inside.get("self"), "operations", None):
        return {method for one in operations for method in one.methods}
    return methods_of(view) - {"PUT", "DELETE"}


def table() -> dict[tuple[str, str], Line]:
    found = {}
    for text in TABLE.read_text().splitlines():
        if text and not text.startswith("#"):
            said = LINE.fullmatch(text.rstrip())
            assert said, f"No line of the table: {text}"
            method, path, answers, remark = said.groups()
            assert (method, path) not in found, f"Twice in the table: {text}"
            by_role = dict(zip(ROLES, answers.split(), strict=True))
            found[method, path] = Line(by_role, remark or "")
    return found


def address_in(school: School, path: str) -> str:
    """Where every gap of the path names something that is there."""
    if OF_A_TABLE.match(path):
        return address(path, **of_a_table(school, path))
    places = [f"{before}/{gap}" for before, gap in PLACE.findall(path)]
    if ALREADY_OVER.search(path):
        places[0] = places[0].replace("attempts", "closed")
    gaps = {gap for _, gap in GAP.findall(path)} | set(NAMED.findall(path))
    named = {place.rpartition("/")[2]: place for place in places if place in school.things}
    filled = {gap: school.things.get(named.get(gap, gap)) for gap in gaps}
    assert all(filled.values()), f"Say what stands in the gaps of {path}: {filled}"
    return address(path, **filled)


def of_a_table(school: School, path: str) -> dict[str, str]:
    """The oldest row, where there is one."""
    room, thing = path.split("/")[1:3]
    row = apps.get_model(room, thing)._base_manager.order_by("pk").first()
    key = str(row.pk) if row else NOBODYS
    return {"object_id": key, "pk": key, "verb": school.things["do/verb"]}


class Visitor:
    """Somebody's browser that leaves nothing behind, and is who it was after each knock."""

    def __init__(self, school: School, role: str) -> None:
        self.school, self.browser = school, Client(raise_request_exception=False)
        if user := school.who(role):
            self.browser.force_login(user)
            just_proved(self.browser, user)
        self.cookies = self.browser.cookies.output(header="", sep=";")

    def answer(self, knock: Knock) -> str:
        """What the door says to somebody who brings nothing along."""
        cache.clear()
        self.browser.cookies = SimpleCookie(self.cookies)
        given = brought_to(knock.path, self.school.things) if knock.method != "GET" else {}
        with transaction.atomic():
            said = self.browser.generic(knock.method, address_in(self.school, knock.path), **given)
            if said.streaming:
                list(said)
            transaction.set_rollback(True)
        return said_by(said)


def differing(school: School, role: str, knocks: Iterable[Knock]) -> list[str]:
    """Where this role is answered something else than the table says."""
    visitor, said, found = Visitor(school, role), table(), []
    for knock in knocks:
        expected = said[knock.line].answers[role] if knock.line in said else "nothing"
        got = visitor.answer(knock)
        if got != expected:
            found.append(f"{knock.method} {knock.path}, {role}: {got} in place of {expected}")
    return found


def just_proved(browser: Client, user: User) -> None:
    """Where the password is asked for anew, it was given."""
    session = browser.session
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": time(), "reauthenticated": True}
    ]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session.save()


def said_by(answer: HttpResponse) -> str:
    """The status; of ways to prove who one is, the name."""
    led_to = answer.headers.get("Location", "").partition("?")[0]
    ways = {
        resolve_url(settings.LOGIN_URL): "login",
        resolve_url("admin:login"): "login",
        resolve_url("account_reauthenticate"): "again",
        resolve_url("mfa_activate_totp"): "factor",
    }
    return ways.get(led_to, str(answer.status_code))

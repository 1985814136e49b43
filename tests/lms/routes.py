"""Every address of the site, with something in each gap."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

NOBODYS = "00000000-0000-0000-0000-000000000000"
# What stands in a gap where the test names nothing better.
USUAL = {
    "slug": "python-basics",
    "lesson_slug": "lesson-1",
    "course_id": "python-basics",
    "handle": "ada",
    "path": "pictures/one.png",
    "code": "a-code-that-nobody-has",
    "number": "1",
    "uidb36": "1",
    "content_type_id": "1",
    "object_id": NOBODYS,
    "app_label": "accounts",
}
GAP = re.compile(r"<(?:(\w+):)?(\w+)>")
NAMED = re.compile(r"\(\?P<(\w+)>(?:[^()\[\]]|\[[^]]*\])+\)")


def routes() -> Iterator[str]:
    """Each as it is written; of the admin, which has the same pages for all, one of each form."""
    known = set()
    for route in patterns(get_resolver().url_patterns):
        form = re.sub(r"^admin/\w+/\w+/", "admin/room/thing/", route)
        if form not in known:
            known.add(form)
            yield route


def patterns(listed: list[Any], before: str = "") -> Iterator[str]:
    for one in listed:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, route)
        elif isinstance(one, URLPattern):
            yield route


def address(route: str, **given: str) -> str:
    """The route as an address, its gaps filled."""
    known = {**USUAL, **given}
    plain = NAMED.sub(lambda found: known.get(found[1], "one.webp"), route)
    plain = GAP.sub(lambda found: known.get(found[2], usual(found[1])), plain)
    return "/" + re.sub(r"[\^$\\]", "", plain).replace("|/)", "/)")


def usual(kind: str | None) -> str:
    return {"uuid": NOBODYS, "uuidstr": NOBODYS, "int": "1"}.get(kind or "", "something")

"""Every address of the site with its view, as the URL configuration has them."""

import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver

View = Callable[..., Any]
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
OF_A_TABLE = re.compile(r"^admin/(?!password_change/)\w+/\w+/")
GAP = re.compile(r"<(?:(\w+):)?(\w+)>")
NAMED = re.compile(r"\(\?P<(\w+)>(?:[^()\[\]]|\[[^]]*\])+\)")


class Route(NamedTuple):
    """The name with its namespaces; the path as it is written; the view."""

    name: str
    path: str
    view: View


def routes() -> Iterator[Route]:
    """All there are; of the admin, which has the same pages for all tables, one of each form."""
    known = set()
    for route in below(get_resolver().url_patterns):
        form = form_of(route.path)
        if form not in known:
            known.add(form)
            yield route


def form_of(path: str) -> str:
    """The pages of all tables in the admin have the same form."""
    return OF_A_TABLE.sub("admin/room/thing/", path)


def below(
    patterns: Sequence[URLPattern | URLResolver], before: str = "", spaces: tuple[str, ...] = ()
) -> Iterator[Route]:
    for one in patterns:
        path = f"{before}{one.pattern}"
        if isinstance(one, URLResolver):
            inner = (*spaces, one.namespace) if one.namespace else spaces
            yield from below(one.url_patterns, path, inner)
        else:
            yield Route(":".join((*spaces, one.name or "")), path, one.callback)


def address(path: str, /, **given: str) -> str:
    """A path as an address, its gaps filled."""
    known = {**USUAL, **given}
    plain = NAMED.sub(lambda found: known.get(found[1], "one.webp"), path)
    plain = GAP.sub(lambda found: known.get(found[2], usual(found[1])), plain)
    return "/" + re.sub(r"[\^$\\]", "", plain).replace("|/)", "/)")


def usual(kind: str | None) -> str:
    return {"uuid": NOBODYS, "uuidstr": NOBODYS, "int": "1"}.get(kind or "", "something")


def methods_of(view: View | None) -> set[str]:
    """What `require_http_methods` lets through; of a view without it, whatever comes."""
    while view is not None:
        if view.__closure__ if inspect.isfunction(view) else False:
            known = inspect.getclosurevars(view).nonlocals
            if "request_method_list" in known:
                return set(known["request_method_list"])
        view = getattr(view, "__wrapped__", None)
    return {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}


def takes_posts(view: View) -> bool:
    return "POST" in methods_of(view)

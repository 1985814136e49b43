"""Every address of the site with its view, as the URL configuration has them."""

import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

View = Callable[..., Any]


def routes() -> Iterator[tuple[str, str, View]]:
    """The name of each, with its namespaces; its path; its view. The admin's are left out."""
    for name, path, view in below(get_resolver().url_patterns):
        if not path.startswith("admin/"):
            yield name, path, view


def below(
    patterns: Sequence[URLPattern | URLResolver], before: str = "", spaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, str, View]]:
    for one in patterns:
        path = f"{before}{one.pattern}"
        if isinstance(one, URLResolver):
            inner = (*spaces, one.namespace) if one.namespace else spaces
            yield from below(one.url_patterns, path, inner)
        else:
            yield ":".join((*spaces, one.name or "")), path, one.callback


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

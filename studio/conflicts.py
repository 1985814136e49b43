"""Two authors, one text: both versions are shown, and nothing of either is lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

NOT_SENT_AGAIN = {"csrfmiddlewaretoken", "version", "go"}


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that says one thing here and another there."""

    label: str
    theirs: str
    mine: str


def differences(mine: Any, theirs: Any) -> list[Difference]:
    found = []
    for bound in mine:
        if bound.is_hidden or bound.name not in theirs.fields:
            continue
        here, there = as_text(bound), as_text(theirs[bound.name])
        if here.split() != there.split():
            found.append(Difference(str(bound.label), there, here))
    return found


def as_text(bound: Any) -> str:
    """The value as one would read it: a choice by its words."""
    value = bound.value()
    choices = getattr(bound.field, "choices", None)
    if choices is not None:
        names = {str(key): str(words) for key, words in choices}
        return names.get(str(value or ""), str(value or ""))
    if isinstance(value, bool) or (value in ("on", None) and bound.widget_type == "checkbox"):
        return "yes" if value else "no"
    return str(value if value is not None else "").replace("\r\n", "\n")


def conflict(
    request: HttpRequest, mine: Sequence[Any], theirs: Sequence[Any], version: str, *, title: str
) -> HttpResponse:
    """Show both; keeping mine sends all that was typed again, over what stands now."""
    found = [one for pair in zip(mine, theirs, strict=False) for one in differences(*pair)]
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in NOT_SENT_AGAIN
        for value in values
    ]
    context = {
        "differences": found, "sent": sent, "version": version, "title": title,
        "go": request.POST.get("go", ""), "nav": "studio",
    }  # fmt: skip
    return render(request, "studio/conflict.html", context, status=409)

"""Two authors, one text: both versions are shown, and nothing of either is lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from studio.admin.assignment_forms import plain_lines

MOST_ROWS = 200
NOT_SENT_AGAIN = {"csrfmiddlewaretoken", "version", "go"}


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that says one thing here and another there."""

    label: str
    theirs: str
    mine: str


def differences(mine: Any, theirs: Any) -> list[Difference]:
    """What two forms of a row say otherwise. None stands for a row that the other side lacks."""
    found = []
    for bound in mine or theirs:
        if bound.is_hidden:
            continue
        here, there = text_in(mine, bound), text_in(theirs, bound)
        if here != there:
            found.append(Difference(str(bound.label), there, here))
    return found


def text_in(form: Any, bound: Any) -> str:
    """What the form says in that field; of a row that is not there, what an empty one says."""
    if form and bound.name in form.fields:
        return as_text(form[bound.name])
    return "no" if bound.widget_type == "checkbox" else ""


def pairs(mine: Sequence[Any], theirs: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Forms of the same row side by side. Rows of one side alone stand beside None."""
    standing = {one.instance.pk: one for one in theirs if not one.instance._state.adding}
    told = [one for one in mine if one.instance.pk in standing or one.has_changed()]
    beside = [(one, standing.pop(one.instance.pk, None)) for one in told]
    return [*beside, *((None, one) for one in standing.values())]


def as_text(bound: Any) -> str:
    """The value as one would read it: a choice by its words."""
    value = bound.value()
    choices = getattr(bound.field, "choices", None)
    if choices is not None:
        names = {str(key): str(words) for key, words in choices}
        return names.get(str(value or ""), str(value or ""))
    if isinstance(value, bool) or (value in ("on", None) and bound.widget_type == "checkbox"):
        return "yes" if value else "no"
    return plain_lines(str(value if value is not None else ""))


def conflict(
    request: HttpRequest, mine: Sequence[Any], theirs: Sequence[Any], version: str, *, title: str
) -> HttpResponse:
    """Show both; keeping mine sends all that was typed again, over what stands now."""
    found = [one for pair in pairs(mine, theirs) for one in differences(*pair)]
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


def standing_first(sent: QueryDict, prefix: str, keys: set[UUID]) -> QueryDict:
    """What was sent of a list of rows, those that somebody deleted meanwhile as new ones.

    What was taken out here and deleted there is left out.
    """
    total = sent.get(f"{prefix}-TOTAL_FORMS", "")
    count = min(int(total), MOST_ROWS) if total.isascii() and total.isdigit() else 0
    rows = [row_of(sent, f"{prefix}-{place}-") for place in range(count)]
    if not any(row.get("id") and key_of(row) not in keys for row in rows):
        return sent
    standing = [row for row in rows if key_of(row) in keys]
    new = [row for row in rows if row not in standing and not is_taken_out(row)]
    made = sent.copy()
    for name in [one for one in sent if one.startswith(f"{prefix}-")]:
        del made[name]
    made[f"{prefix}-TOTAL_FORMS"] = str(len(standing) + len(new))
    made[f"{prefix}-INITIAL_FORMS"] = str(len(standing))
    for place, row in enumerate([*standing, *({**row, "id": ""} for row in new)]):
        made.update({f"{prefix}-{place}-{name}": value for name, value in row.items()})
    return made


def row_of(sent: QueryDict, start: str) -> dict[str, str]:
    found = {name.removeprefix(start): name for name in sent if name.startswith(start)}
    return {name: str(sent.get(full, "")) for name, full in found.items()}


def key_of(row: dict[str, str]) -> UUID | None:
    try:
        return UUID(row.get("id", ""))
    except ValueError:
        return None


def is_taken_out(row: dict[str, str]) -> bool:
    return bool(row.get("archived") or row.get("DELETE"))

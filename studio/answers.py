"""What the editors answer with: a word that is read out, a way on, a token of what was seen."""

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from accounts.keys import uuid7

WHOLE = ("HX-Boosted", "HX-History-Restore-Request")


def is_htmx(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page; a boosted or restored page is a whole one."""
    asked = request.headers
    return asked.get("HX-Request") == "true" and not any(
        asked.get(name) == "true" for name in WHOLE
    )


def go_to(request: HttpRequest, address: str, said: str = "") -> HttpResponse:
    """Lead on after something was done, and tell it on the page that comes."""
    if said:
        messages.success(request, said)
    if is_htmx(request):
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address, status=303)


def said_aloud(answer: HttpResponse, text: str) -> HttpResponse:
    answer["HX-Trigger"] = json.dumps({"say": {"text": text, "urgent": False}})
    return answer


def version_of(forms: Iterable[Any]) -> str:
    """A token of all that these forms would show unchanged: another one means somebody saved.

    Of the rows that stand: forms that were sent do not know of a row that was added meanwhile.
    Of the fields alone, so that moving or publishing a lesson is no conflict for who writes it.
    """
    values = [
        [str(form.instance.pk), *(form.get_initial_for_field(field, name) for name, field in rows)]
        for form, rows in ((form, sorted(form.fields.items())) for form in forms)
        if not form.instance._state.adding
    ]
    return sha256(json.dumps(values, default=str).encode()).hexdigest()[:32]


def is_stale(request: HttpRequest, version: str) -> bool:
    """Whether what was sent was written over something else than what stands now."""
    return request.POST.get("version", version) != version


def key_sent(request: HttpRequest) -> UUID:
    """The key that a form carries of what it makes, so that sending it twice makes one."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid7()


def sent_before(row: Any, *names: str) -> bool:
    """Whether the form of this new row made it already, by what those fields say.

    One that says something else is meant as another row, and gets another key.
    """
    twin = type(row).objects.filter(pk=row.pk).first() if row._state.adding else None
    if twin is None:
        return False
    if all(getattr(twin, name) == getattr(row, name) for name in names):
        return True
    row.pk = uuid7()
    return False

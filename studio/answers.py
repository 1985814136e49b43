"""What the editors answer with: a word that is read out, a way on, a token of what was seen."""

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


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

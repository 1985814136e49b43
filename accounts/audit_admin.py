"""What is added, changed and deleted in the admin is noted, whatever model it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import ModelAdmin
from django.db.models import Model
from django.http import HttpRequest

from accounts import audit

# How many of one deletion are noted one by one: the admin deletes a page of a list at most.
MOST = 1000


class NotedAdmin(ModelAdmin):  # type: ignore[type-arg]
    """Notes along with Django's own log. What was typed into fields is left out, their names stay.

    An admin whose verbs note all that it does says `verbs_note`. What an action logs in words of
    its own is noted by its verb.
    """

    def is_noted_by_verbs(self) -> bool:
        return bool(getattr(self, "verbs_note", False))

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        if not self.is_noted_by_verbs():
            audit.note("ADDED", obj, person=whose(obj), model=label(obj), parts=parts_of(message))
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        if isinstance(message, list) and not self.is_noted_by_verbs():
            audit.note(
                "CHANGED",
                obj,
                person=whose(obj),
                model=label(obj),
                fields=fields_of(message),
                parts=parts_of(message),
            )
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        rows = queryset[:MOST] if not self.is_noted_by_verbs() else ()
        for obj in rows:
            audit.note("DELETED", obj, person=whose(obj), model=label(obj))
        return super().log_deletions(request, queryset)


def noted(admin_class: type[ModelAdmin[Any]]) -> type[ModelAdmin[Any]]:
    """The same admin, noted."""
    return type(admin_class.__name__, (NotedAdmin, admin_class), {"__doc__": admin_class.__doc__})


def label(obj: Model) -> str:
    return str(obj._meta.label_lower)


def whose(obj: Model) -> Any:
    """Whom a row of somebody's belongs to."""
    return getattr(obj, "user_id", None)


def fields_of(message: Iterable[dict[str, Any]]) -> list[str]:
    changed = (one["changed"] for one in message if "changed" in one)
    return sorted({str(name) for one in changed for name in one.get("fields", ())})


def parts_of(message: Any) -> list[str]:
    """Which kinds of rows in the form were added, changed or deleted, without their words."""
    if not isinstance(message, list):
        return []
    said = (change for one in message for change in one.values())
    return sorted({str(one["name"]) for one in said if "name" in one})

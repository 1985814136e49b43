"""What a message is about, in few words: which work of which course, what was decided, by whom."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User

DECISIONS = {
    "ACCEPTED": _("Accepted"),
    "CHANGES": _("Changes asked for"),
    "RETURNED": _("Returned without grade"),
}

type Names = Mapping[str, str]


def about_of(data: Mapping[str, Any]) -> str:
    """What muting a message with this data mutes."""
    return f"course:{data['course']}" if data.get("course") else ""


def facts_of(kind: str, data: Mapping[str, Any], names: Names) -> list[str]:
    """What its data knows and its title has not said."""
    work = gettext("Assignment") if data.get("assignment") else ""
    work = work or (gettext("Quiz") if data.get("quiz") else "")
    course = str(data.get("course_title") or "")
    decided = "" if kind == "CHANGES_ASKED" else str(data.get("decision"))
    decision = str(DECISIONS.get(decided, ""))
    name = names.get(str(data.get("by")), "")
    by = gettext("by %s") % name if name else ""
    return [fact for fact in (work, course, decision, by) if fact]


def names_of(told: Iterable[Mapping[str, Any]]) -> Names:
    """What those are called who did something, as of now; one query, if anybody did."""
    keys = {key for data in told if (key := key_in(data.get("by")))}
    if not keys:
        return {}
    people = User.objects.filter(pk__in=keys, deleted_at=None)
    return {str(pk): name for pk, name in people.values_list("pk", "name")}


def key_in(said: object) -> UUID | None:
    try:
        return UUID(str(said))
    except ValueError:
        return None

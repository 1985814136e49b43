"""How a person likes the site to be: the schema of `Profile.preferences`."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError


class Preferences(BaseModel):
    """Every key that may stand in the column, with what holds when it does not."""

    model_config = ConfigDict(extra="forbid", strict=True)

    theme: Literal["system", "light", "dark"] = "system"
    shortcuts: bool = True
    show_points: bool = True
    tab_indents: bool = False
    # Whether visits may be counted under one's name. Off: they are counts of nobody.
    named_visits: bool = False


def complete(stored: dict[str, Any]) -> dict[str, Any]:
    """Return every preference. Keys and values that this version does not know are left out."""
    known = {key: value for key, value in stored.items() if key in Preferences.model_fields}
    try:
        return Preferences.model_validate(known).model_dump()
    except ValidationError as problem:
        unreadable = {error["loc"][0] for error in problem.errors()}
        return complete({key: value for key, value in known.items() if key not in unreadable})


def changed(stored: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Return the preferences with `new` laid over them; an unknown key or type raises."""
    return Preferences.model_validate({**complete(stored), **new}).model_dump()

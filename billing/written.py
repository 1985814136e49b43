"""What came of a look: sentences. And setting the fields of a row, only those that differ."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model


@dataclass(slots=True)
class Written:
    """What changed, and what of Stripe's has no place here; both in sentences."""

    changed: list[str] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)


def set_fields(row: Model, values: dict[str, Any]) -> list[str]:
    """Save the values that differ from what the row holds. Return their names."""
    names = [name for name, value in values.items() if getattr(row, name) != value]
    for name in names:
        setattr(row, name, values[name])
    if names:
        row.save(update_fields=names)
    return names


def change(what: str, names: list[str], was: str, is_now: str) -> list[str]:
    """The sentence about a row whose fields of these names were set; none if none was."""
    if not names:
        return []
    if was != is_now:
        return [f"{what} was {was}, is {is_now}"]
    return [f"{what} has another {', '.join(names)}"]

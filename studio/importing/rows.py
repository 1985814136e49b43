"""Rows that an import makes or changes, written in few statements at the end."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model

AT_ONCE = 50


class Rows:
    """New rows, and those that are other than before; unchanged ones cost nothing."""

    def __init__(self) -> None:
        self.new: list[Any] = []
        self.changed: dict[Any, None] = {}

    def add[Row: Model](self, row: Row) -> Row:
        """Remember a new row."""
        self.new.append(row)
        return row

    def place(self, row: Model, values: dict[str, Any]) -> None:
        """Set what is other than before, and remember the row if anything is."""
        for name, value in values.items():
            refers = isinstance(value, Model)
            attribute, wanted = (f"{name}_id", value.pk) if refers else (name, value)
            if getattr(row, attribute) != wanted:
                setattr(row, name, value)
                self.touch(row)

    def has(self, row: Model) -> bool:
        """Whether the row is new, or other than before."""
        return row._state.adding or row in self.changed

    def touch(self, row: Model) -> None:
        """Remember a row that was changed elsewhere."""
        if not row._state.adding:
            self.changed[row] = None

    def write(self, model: type[Any], fields: Sequence[str]) -> None:
        """Write what there is of one table: new rows whole, changed ones in these fields."""
        model.objects.bulk_create([row for row in self.new if isinstance(row, model)])
        changed = [row for row in self.changed if isinstance(row, model)]
        model.objects.bulk_update(changed, fields, batch_size=AT_ONCE)

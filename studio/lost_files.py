"""Which files rows refer to, and which of those the storage does not have."""

from collections.abc import Iterator
from itertools import batched, islice
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db.models import FileField, QuerySet

from accounts.export_making import FOLDER

# What somebody took along of their own data is gone within a day, the file before its row: none
# of it is missed, and a backup would keep it.
PASSING = f"{FOLDER}/"
# So many names are held at once, however many files a school has.
AT_ONCE = 2_000
MOST_NAMED = 20


def columns() -> Iterator[tuple[str, "QuerySet[Any, str]"]]:
    """Each column of a table that names files, and the names in it."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, FileField):
                given = model._base_manager.filter(**{f"{field.attname}__gt": ""})
                given = given.exclude(**{f"{field.attname}__startswith": PASSING})
                names = given.order_by(field.attname).values_list(field.attname, flat=True)
                yield field.attname, names.distinct()


def names_of_rows() -> Iterator[str]:
    """Of all files that are to stay."""
    for _, names in columns():
        yield from names.iterator(AT_ONCE)


def lost() -> Iterator[str]:
    """Those that are not there. One whose row has gone as well by then was deleted meanwhile."""
    for column, names in columns():
        for some in batched(names.iterator(AT_ONCE), AT_ONCE):
            if away := [name for name in some if not default_storage.exists(name)]:
                yield from names.filter(**{f"{column}__in": away})


def count_lost() -> tuple[int, list[str]]:
    """How many, and the first of them by name."""
    names = lost()
    first = list(islice(names, MOST_NAMED))
    return len(first) + sum(1 for _ in names), first

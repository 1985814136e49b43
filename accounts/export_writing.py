"""Writing all that is known of a person into one archive: for machines, and to be read.

Rows are read a few thousand at a time and written as they come, so that somebody of whom much is
known takes no more memory than anybody else.
"""

import json
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import IO, Any
from uuid import UUID

from django.contrib.staticfiles import finders
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils.timezone import now

from accounts import personal
from accounts.models import User
from accounts.personal import Fate, Table
from accounts.school import school

AT_ONCE = 2_000
# So many rows of each table stand on the page; the file beside it has all.
ON_THE_PAGE = 200
JSON_OF_A_TABLE = "data/{app}/{name}.json"
# Who did something to somebody: a key would tell of another person, and say nothing.
YOU, STAFF = "you", "somebody of the staff"
# Where snapshots keep who did it.
BY = "by"


def write_export(user: User, out: IO[bytes]) -> None:
    """Write the archive to a file that can be sought in."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        sections = [write_table(archive, table, user) for table in exported()]
        for one in files_of(user):
            with suppress(FileNotFoundError):
                if (content := one.content()) is not None:
                    archive.writestr(one.path, content)
        archive.write(str(finders.find("export/export.css")), "style.css")
        archive.writestr("index.html", page_of(user, [one for one in sections if one["count"]]))


def exported() -> list[Table]:
    return [table for table in personal.tables() if table.fate is not Fate.NOBODYS]


def files_of(user: User) -> Iterator[personal.File]:
    for room in personal.ROOMS.values():
        if room.files:
            yield from room.files(user)


def write_table(archive: zipfile.ZipFile, table: Table, user: User) -> dict[str, Any]:
    """Write all rows of a person, and return what the page says of them."""
    columns, path, count = columns_of(table), path_of(table.model), 0
    shown: list[list[str]] = []
    with archive.open(path, "w") as file:
        file.write(b"[")
        for row in rows_of(table, user, columns):
            text = json.dumps(row, ensure_ascii=False)
            file.write((",\n" if count else "\n").encode() + text.encode("utf-8", "replace"))
            count += 1
            if count <= ON_THE_PAGE:
                shown.append([as_text(value) for value in row.values()])
        file.write(b"\n]\n" if count else b"]\n")
    title = table.model._meta.verbose_name_plural
    names = [column.replace("__", " ").replace("_", " ") for column in columns]
    return {
        "title": str(title)[:1].upper() + str(title)[1:], "path": path, "count": count,
        "names": names, "rows": shown, "more": count - len(shown),
    }  # fmt: skip


def columns_of(table: Table) -> list[str]:
    """All columns but those that are held back, and what makes keys readable."""
    fields = [one for one in table.model._meta.concrete_fields if one.name not in table.hides]
    columns = [one.name if one.name in table.acts else one.attname for one in fields]
    return [*columns, *table.reads, *table.adds]


def path_of(model: type[Model]) -> str:
    meta = model._meta
    return JSON_OF_A_TABLE.format(app=meta.app_label, name=meta.model_name)


def rows_of(table: Table, user: User, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    for rows in table.rows_of(user):
        shown = rows.filter(table.shown) if table.shown is not None else rows
        read = shown.annotate(**table.adds).values("pk", *columns)
        for row in personal.in_batches(read, AT_ONCE):
            yield {name: told(row[name], user, by=name in table.acts) for name in columns}


def told(value: Any, user: User, *, by: bool = False) -> Any:
    """A value as its person may read it; `by`: it is the key of who did something."""
    if by and value:
        return YOU if str(value) == str(user.pk) else STAFF
    if isinstance(value, dict):
        return {name: told(one, user, by=name == BY) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [told(one, user) for one in value]
    return plain(value)


def plain(value: Any) -> Any:
    """A value as JSON can hold it; times are ISO 8601, in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value


def as_text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def page_of(user: User, sections: list[dict[str, Any]]) -> str:
    context = {
        "person": user, "sections": sections, "school": school().title, "made_at": now(),
        "most": ON_THE_PAGE,
    }  # fmt: skip
    return render_to_string("people/export.html", context)

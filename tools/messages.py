"""The words of the site in other languages: taken out of the sources, checked, compiled.

`python -m tools.messages` writes locale/*/LC_MESSAGES/django.po and .mo anew; `check` only looks.
Babel reads the sources, so that nobody needs the programs of GNU gettext.
"""

import io
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from tools.memory import ROOT

# How each counts. Arabic as Django's own words do: none, one, two, few, many, other.
LANGUAGES = {
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
    "n%100>=11 && n%100<=99 ? 4 : 5);",
    "de": "nplurals=2; plural=(n != 1);",
}
# Which of these forms may say their number in a word, or not at all: each stands for one number.
SILENT = {"ar": (0, 1, 2), "de": (0,)}
# Faces and rooms with words for people. Commands speak English, to those who run the server.
ROOMS = (
    *("accounts", "activity", "api", "assessments", "billing", "certificates", "classroom"),
    *("courses", "enrollments", "gamification", "lms", "notifications", "progress", "studio"),
)
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# What Django itself says badly in one of them: files of ours are read before its own.
UNITS = ("year", "month", "week", "day", "hour", "minute")
# And what it does not say at all yet, in its admin.
OF_ITS_ADMIN = (
    "Filter by %(field_name)s", "Run", "Search %(name)s", "Pagination %(name)s",
    "Pagination %(name)s entries", "- Select an option -",
    "Are you sure you want to delete the %(object_name)s “%(escaped_object)s”? "
    "All of the following related items will be deleted:",
)  # fmt: skip
OF_DJANGO: tuple[tuple[str | None, str | tuple[str, str]], ...] = (
    (None, "%(delta)s ago"),
    *((None, (f"{one} ago", f"%(count)s {unit}s ago"))
      for one, unit in (("an hour", "hour"), ("a minute", "minute"), ("a second", "second"))),
    *((context, (f"%(num)d {unit}", f"%(num)d {unit}s"))
      for context in (None, "naturaltime-past") for unit in UNITS),
    *((None, text) for text in OF_ITS_ADMIN),
)  # fmt: skip
NOTE = "Translators:"
PLACE = re.compile(r"%\(\w+\)[sd]|%%|%[sd]|\{\{|\}\}|\{\w*\}")
TAG = re.compile(r"</?[a-zA-Z][^>]*>")


def source_files() -> Iterator[Path]:
    root = Path(ROOT)
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            if not {"migrations", "management"} & set(path.parts):
                yield path
    yield from sorted(path for path in (root / "templates").rglob("*") if path.is_file())


def messages_of(path: Path) -> Iterator[tuple[int, Any, list[str], str | None]]:
    text = path.read_text()
    if path.suffix != ".py":
        # What is left of a template is words and calls; brackets let them stand on any column.
        text = f"({templatize(text, origin=str(path))}\n)"
    yield from extract(
        "python", io.BytesIO(text.encode()), KEYWORDS, [NOTE], strip_comment_tags=True
    )


def extracted() -> Catalog:
    """Every message of the sources, in the order of the files."""
    found = Catalog(charset="utf-8")
    for path in source_files():
        place = str(path.relative_to(ROOT))
        for _line, words, notes, context in messages_of(path):
            found.add(words, None, [(place, 0)], auto_comments=notes, context=context)
    for context, words in OF_DJANGO:
        found.add(words, None, [("django", 0)], context=context)
    return found


def po_of(language: str) -> Path:
    return Path(ROOT) / "locale" / language / "LC_MESSAGES" / "django.po"


def empty(language: str) -> Catalog:
    # Babel writes the time into the file, unless it is told one.
    then = datetime(2026, 1, 1, tzinfo=UTC)
    catalog = Catalog(locale=language, charset="utf-8", creation_date=then, revision_date=then)
    kind = ("Content-Type", "text/plain; charset=utf-8")
    catalog.mime_headers = [kind, ("Plural-Forms", LANGUAGES[language])]
    return catalog


def stored(language: str) -> Catalog:
    path = po_of(language)
    if not path.exists():
        return empty(language)
    with path.open("rb") as file:
        return read_po(file, locale=language, charset="utf-8")


def brought_up_to_date(language: str, found: Catalog) -> Catalog:
    catalog = stored(language)
    catalog.update(found, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return catalog


def in_po(catalog: Catalog) -> bytes:
    """As the file holds it: no dates and no line numbers, which would change with every line."""
    text = io.BytesIO()
    write_po(text, catalog, width=100, omit_header=True, include_lineno=False)
    plural = LANGUAGES[str(catalog.locale)]
    head = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {catalog.locale}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {plural}\\n"\n\n'
    )
    return head.encode() + text.getvalue()


def in_mo(catalog: Catalog) -> bytes:
    compiled, full = io.BytesIO(), empty(str(catalog.locale))
    for message in catalog:
        # An empty form would be shown as it is: what is not translated stays English.
        if message.id and not is_empty(message):
            full.add(message.id, message.string, context=message.context)
    write_mo(compiled, full)
    return compiled.getvalue()


def write() -> None:
    """Take the messages out of the sources; what was translated stays."""
    found = extracted()
    for language in LANGUAGES:
        catalog = brought_up_to_date(language, found)
        path = po_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(in_po(catalog))
        path.with_suffix(".mo").write_bytes(in_mo(catalog))


def forms_of(message: Message) -> list[str]:
    said = message.string
    return [said] if isinstance(said, str) else list(said or [""])


def is_empty(message: Message) -> bool:
    return not all(forms_of(message))


def faults_of(message: Message, language: str) -> list[str]:
    """What is wrong with a translation that is there: places, tags, quotes."""
    sources = [message.id] if isinstance(message.id, str) else list(message.id)
    forms, wanted = forms_of(message), set(PLACE.findall(sources[-1]))
    found = []
    for number, form in enumerate(forms):
        may_leave_out = len(forms) > 1 and number in SILENT[language]
        places = set(PLACE.findall(form))
        if places - wanted or (wanted - places and not may_leave_out):
            found.append("other places for values")
        tags = Counter(TAG.findall(form))
        if tags not in [Counter(TAG.findall(source)) for source in sources]:
            found.append("other tags")
        # Many messages stand in attributes, where a straight quote would end them.
        if TAG.sub("", form).count('"') > TAG.sub("", sources[-1]).count('"'):
            found.append("a straight quote")
    return found


def faults(language: str, found: Catalog) -> list[str]:
    """All that is wrong with a language, in lines for people; nothing if it is whole."""
    catalog, path = stored(language), po_of(language)
    if in_po(brought_up_to_date(language, found)) != path.read_bytes():
        return [f"{language}: not what the sources say now. Run: make messages"]
    told = [] if in_mo(catalog) == path.with_suffix(".mo").read_bytes() else ["stale .mo file"]
    for message in catalog:
        if message.id:
            wrong = ["not translated"] if is_empty(message) else faults_of(message, language)
            told += [f"{wrong[0]}: {message.id!r}"] if wrong or message.fuzzy else []
    return [f"{language}: {one}" for one in told]


def main(arguments: list[str]) -> int:
    if arguments != ["check"]:
        write()
        return 0
    found = extracted()
    told = [one for language in LANGUAGES for one in faults(language, found)]
    print("\n".join([*told[:40], f"{len(told)} in all"]) if told else "every message is translated")
    return 1 if told else 0


if __name__ == "__main__":
    # Templates are read as the site reads them, with its settings.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    sys.exit(main(sys.argv[1:]))

"""Tables of patterns and sentences, and how what a learner wrote is quoted in them."""

import re
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from assessments.glosses.errors import Error

# Two quotations at most stand in one text.
MAX_QUOTED = 28
LEFT_OPEN = _("A bracket is opened on this line and not closed.")

TYPES = {
    "str": _("text"),
    "int": _("a whole number"),
    "float": _("a decimal number"),
    "bool": _("`True` or `False`"),
    "list": _("a list"),
    "tuple": _("a tuple"),
    "dict": _("a dictionary"),
    "set": _("a set"),
    "NoneType": "`None`",
    "function": _("a function"),
    "builtin_function_or_method": _("a function"),
    "method": "a method",
    "module": _("a module"),
    "range": _("a range"),
    "type": _("a class"),
    "generator": _("a generator"),
    "bytes": "bytes",
}

type Rule = tuple[re.Pattern[str], str]
type Table = Mapping[str, list[Rule]]


def table(rules: Mapping[str, Iterable[tuple[str, str]]]) -> Table:
    """Compile sentences by kind of error. A pattern has to fit the whole message.

    Its groups fill the sentence: `kind…` is the name of a type, `number…` a number, anything else
    is quoted.
    """
    return {
        kind: [(re.compile(pattern), text) for pattern, text in rows]
        for kind, rows in rules.items()
    }


def look_up(found: Table, error: Error) -> str:
    """The sentence for an error; "" if there is none."""
    return _first(found.get(error.kind, ()), error.message)


def look_at_code(rules: Iterable[Rule], error: Error) -> str:
    """The sentence for a line as it was written."""
    return _first(rules, error.code)


def _first(rules: Iterable[Rule], text: str) -> str:
    for pattern, sentence in rules:
        if found := pattern.fullmatch(text):
            groups = found.groupdict(default="")
            return gettext(sentence).format_map(
                {name: _shown(name, one) for name, one in groups.items()}
            )
    return ""


def leaves_open(code: str) -> bool:
    """Whether a line opens more round or square brackets than it closes."""
    return sum(map(code.count, "([")) > sum(map(code.count, ")]"))


def _shown(name: str, text: str) -> str:
    if not text:
        return ""
    if name.startswith("number"):
        return text[:9]
    return kind(text) if name.startswith("kind") else quoted(text)


def kind(name: str) -> str:
    if name in TYPES:
        return gettext(TYPES[name])
    return gettext("an object of class %(name)s") % {"name": quoted(name)}


def quoted(text: str) -> str:
    """A name as code, on one line, cut."""
    plain = "".join(mark if mark.isprintable() and mark != "`" else " " for mark in text[:200])
    plain = " ".join(plain.split())
    return f"`{plain if len(plain) <= MAX_QUOTED else plain[: MAX_QUOTED - 1] + '…'}`"

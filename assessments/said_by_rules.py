"""What the built-in rules said, in the language of who reads.

It is stored in English, and a person may have changed it since. So a sentence is found again by
the form that its rule gave it; what has no such form stays as it is.
"""

import re
from functools import lru_cache

from django.conf import settings
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from assessments.analyser import LANGUAGES
from assessments.analyser.analysis import rules_of
from assessments.analyser.enough import RIGHT_FIRST
from assessments.analyser.words import (
    BY_SHAPE,
    NO_FIGURES,
    NOTHING_FOUND,
    NOTHING_YET,
    TOO_LITTLE,
)

SENTENCES = (BY_SHAPE, NO_FIGURES, NOTHING_FOUND, NOTHING_YET, TOO_LITTLE, RIGHT_FIRST)
# Stands for a name while a form is made of words.
GAP = "\N{OBJECT REPLACEMENT CHARACTER}"
MORE = r"(?: The same goes for (?P<more>\d+) more places?\.)?"
SIZE = re.compile(r"These are (\d+) lines of code with (no|one|\d+) functions?\.")
FIRST = re.compile(r"Worth changing first: (.*?\(line \d+\))\.(?= |\Z)")
PLACE = re.compile(r"(.+?) \(line (\d+)\)(?: and )?")


def remark(rule: str, text: str) -> str:
    """A remark of a rule, as it is read."""
    if get_language() == settings.LANGUAGE_CODE:
        return text
    for form, words in forms_of(rule):
        if told := form.fullmatch(text):
            said = _(words).format(name=told.groupdict().get("name"))
            return f"{said} {and_more(int(told['more']))}" if told["more"] else said
    return text


def summary(text: str) -> str:
    """What the rules said of the whole, as it is read; nobody else says it in these words."""
    if get_language() == settings.LANGUAGE_CODE:
        return text
    for sentence in SENTENCES:
        text = text.replace(sentence, _(sentence))
    return FIRST.sub(worth_changing, SIZE.sub(size, text))


@lru_cache(maxsize=512)
def forms_of(rule: str) -> list[tuple[re.Pattern[str], str]]:
    """The sentences that a rule may say, each after the form by which it is found again."""
    words = list[str]()
    for language in sorted(LANGUAGES):
        catalogue = rules_of(language).CATALOGUE
        if fault := catalogue.rules.get(rule):
            words += [fault.weakness, fault.suggestion]
        if merit := catalogue.merits.get(rule):
            words.append(merit.text)
    return [(form_of(one), one) for one in dict.fromkeys(words) if one]


def form_of(words: str) -> re.Pattern[str]:
    """Names are what stands in the gaps; in all gaps of a sentence it is the same one."""
    begin, *parts = (re.escape(part) for part in words.format(name=GAP).split(GAP))
    gaps = ["(?P<name>.+)", *["(?P=name)"] * len(parts)]
    return re.compile("".join([begin, *(map("".join, zip(gaps, parts, strict=False))), MORE]))


def and_more(number: int) -> str:
    said = ngettext(
        "The same goes for %(number)s more place.", "The same goes for %(number)s more places.",
        number,
    )  # fmt: skip
    return said % {"number": number}


def size(told: re.Match[str]) -> str:
    number = {"no": 0, "one": 1}.get(told[2])
    number = int(told[2]) if number is None else number
    functions = ngettext("one function", "%(number)s functions", number) if number else ""
    lines = ngettext("%(number)s line of code", "%(number)s lines of code", int(told[1]))
    return _("These are %(lines)s with %(functions)s.") % {
        "lines": lines % {"number": told[1]},
        "functions": functions % {"number": number} if number else _("no functions"),
    }


def worth_changing(told: re.Match[str]) -> str:
    places = [
        _("%(what)s (line %(line)s)") % {"what": _(title), "line": line}
        for title, line in PLACE.findall(told[1])
    ]
    listed = _("%(one)s and %(other)s") % dict(zip(("one", "other"), places, strict=True)) \
        if len(places) == 2 else places[0]  # fmt: skip
    return _("Worth changing first: %(places)s.") % {"places": listed}

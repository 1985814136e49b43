"""What the built-in rules said, in the language of who reads.

It is stored in English, and a person may have changed it since. So a text is found again by the
form that the rules gave it, from its first word to its last; any other stays word for word.
"""

import re
from functools import cache, lru_cache

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

ALONE = (NOTHING_YET, TOO_LITTLE, RIGHT_FIRST)
# Stands for a name while a form is made of words.
GAP = "\N{OBJECT REPLACEMENT CHARACTER}"
# So many digits are a number for everybody; of thousands of them Python makes none.
MORE = r"(?: The same goes for (?P<more>\d{1,9}) more places?\.)?"
SIZE = r"These are (?P<lines>\d{1,9}) lines of code with (?P<functions>no|one|\d{1,9}) functions?\."
PLACE = r"(?P<what{number}>{titles}) \(line (?P<line{number}>\d{{1,9}})\)"


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
    if text in ALONE:
        return _(text)
    if (told := whole_form().fullmatch(text)) is None:
        return text
    said = [
        size(told) if told["lines"] else _(NO_FIGURES),
        worth_changing(told) if told["what1"] else "",
        *(_(one) for one in (NOTHING_FOUND, BY_SHAPE) if one in text),
    ]
    return " ".join(filter(None, said))


@cache
def whole_form() -> re.Pattern[str]:
    """What `words.summary` makes where there is something to say: its sentences in their order."""
    catalogues = [rules_of(language).CATALOGUE for language in sorted(LANGUAGES)]
    known = {one.title for catalogue in catalogues for one in catalogue.rules.values()}
    titles = "|".join(map(re.escape, sorted(known)))
    first, other = (PLACE.format(number=number, titles=titles) for number in (1, 2))
    places = rf"Worth changing first: {first}(?: and {other})?\."
    begin, nothing, shape = map(re.escape, (NO_FIGURES, NOTHING_FOUND, BY_SHAPE))
    return re.compile(f"(?:{SIZE}|{begin}) (?:{places}|{nothing})(?: {shape})?")


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
    number = {"no": 0, "one": 1}.get(told["functions"])
    number = int(told["functions"]) if number is None else number
    functions = ngettext("one function", "%(number)s functions", number) if number else ""
    lines = ngettext("%(number)s line of code", "%(number)s lines of code", int(told["lines"]))
    return _("These are %(lines)s with %(functions)s.") % {
        "lines": lines % {"number": told["lines"]},
        "functions": functions % {"number": number} if number else _("no functions"),
    }


def worth_changing(told: re.Match[str]) -> str:
    one, other = (
        _("%(what)s (line %(line)s)") % {"what": _(what), "line": line} if what else ""
        for what, line in (told.group("what1", "line1"), told.group("what2", "line2"))
    )
    listed = _("%(one)s and %(other)s") % {"one": one, "other": other} if other else one
    return _("Worth changing first: %(places)s.") % {"places": listed}

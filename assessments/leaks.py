"""The guard: whether a text gives away the reference solution or a hidden case. No database.

What its learner can see in any case is never a leak. Texts are compared in three forms, so that
capitals, spaces, quotation marks, wide letters, invisible signs and breaks of lines hide nothing:
`packed` without spaces, `words` alone, and the numbers among them.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

QUOTES_SOLUTION = "quotes the reference solution"
QUOTES_CASE = "quotes a hidden test"

# So many signs in a row, spaces not counted, are no accident.
RUN = 24
# A line of the solution that is no shorter gives it away by itself, two lines of any length do.
WHOLE_LINE = 12
SHORTEST_TEXT, SHORTEST_DIGITS = 4, 3
# Lists of small values: so many in a row, or the whole list with its signs.
WINDOW, SHORTEST_LIST, SHORTEST_PACKED = 8, 3, 5
# Of a case with pages of input its beginning is enough: nobody quotes it all.
LONGEST_READ, MOST_RUNS = 16_000, 200_000

# Quotation marks and the marks of Markdown go; dashes are one sign.
TABLE: dict[int, str | None] = {
    **dict.fromkeys(map(ord, "“”„«»″‘’‚‹›′`´\"'*_~")),
    **dict.fromkeys(map(ord, "‐‑‒–—−"), "-"),
}
# A word that may stand in any sentence is given away by quoting it, or in a sentence on tests.
QUOTED = re.compile(r"""["'`“”„«»‘’]\s*([^\W\d_]+)\s*["'`“”«»‘’]""")
OF_TESTS = re.compile(r"\b(?:hidden|secret|expect(?:s|ed)?|stdin)\b")
SENTENCE = re.compile(r"[.!?\n]\s")
RARE_WORD = 12
WORD = re.compile(r"\d+(?:\.\d+)?|[^\W\d]+")
GROUPED = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


class Case(Protocol):
    """What is hidden of a hidden case."""

    name: str
    args: Any
    kwargs: Any
    expected: Any
    stdin: str
    expected_stdout: str


@dataclass(frozen=True, slots=True)
class Forms:
    """A text as it is compared. Words stand between spaces, so a part of one is not found."""

    packed: str
    words: str
    known: frozenset[str]
    pointed_at: frozenset[str]

    def has(self, phrase: str) -> bool:
        return f" {phrase} " in self.words


def forms(text: str) -> Forms:
    plain = normal(text)
    words = words_of(plain)
    # 1,000,000 is one number, and 1,200 may be two: both are looked for.
    joined = words_of(GROUPED.sub("", plain))
    known = frozenset((*words, *joined))
    phrases = f" {' '.join(words)}  {' '.join(joined)} "
    return Forms("".join(plain.split()), phrases, known, frozenset(pointed_at(text)))


def pointed_at(text: str) -> Iterator[str]:
    """Words in quotation marks, and those of sentences about tests."""
    plain = usual(text)
    yield from QUOTED.findall(plain)
    for sentence in SENTENCE.split(plain):
        if OF_TESTS.search(sentence):
            yield from words_of(sentence)


def usual(text: str) -> str:
    """Without capitals and what cannot be seen; wide letters as usual ones."""
    seen = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return unicodedata.normalize("NFKC", seen).casefold()


def normal(text: str) -> str:
    """The same without quotation marks."""
    return usual(text).translate(TABLE)


def words_of(plain: str) -> list[str]:
    return [number(word) if word[0].isdigit() else word for word in WORD.findall(plain)]


def number(text: str) -> str:
    """One way to write a number without its sign."""
    try:
        value = format(abs(Decimal(text)), "f")
    except InvalidOperation:
        return text
    whole, point, rest = value.partition(".")
    rest = rest.rstrip("0")
    return f"{whole.lstrip('0') or '0'}{point if rest else ''}{rest}"


@dataclass(slots=True)
class Secrets:
    """What must not be said, in the forms in which it is looked for."""

    runs: set[str] = field(default_factory=set)
    packed: set[str] = field(default_factory=set)
    phrases: set[str] = field(default_factory=set)
    common: set[str] = field(default_factory=set)

    def without(self, visible: Forms) -> "Secrets":
        """Those that nobody can see in any case."""
        return Secrets(
            {one for one in self.runs if one not in visible.packed},
            {one for one in self.packed if one not in visible.packed},
            {one for one in self.phrases if not visible.has(one)},
            self.common - visible.known,
        )

    def are_in(self, text: Forms) -> bool:
        places = range(len(text.packed) - RUN + 1)
        return (
            not self.common.isdisjoint(text.pointed_at)
            or any(text.packed[place : place + RUN] in self.runs for place in places)
            or any(one in text.packed for one in self.packed)
            or any(one in text.known if " " not in one else text.has(one) for one in self.phrases)
        )

    def add_runs(self, packed: str) -> None:
        room = MOST_RUNS - len(self.runs)
        places = range(min(len(packed) - RUN + 1, room))
        self.runs.update(packed[place : place + RUN] for place in places)

    def add_text(self, text: str) -> None:
        """A text of a case: as a whole, by its lines, and every long part of it."""
        self.add_runs(forms(text[:LONGEST_READ]).packed)
        for line in {text, *text.splitlines()}:
            self.add_line(line)

    def add_line(self, line: str) -> None:
        plain = normal(line)
        packed, words = "".join(plain.split()), words_of(plain)
        if len(packed) < SHORTEST_DIGITS:
            return
        if len(words) == 1 and packed.strip("-+.") == words[0]:
            self.add_word(words[0])
        elif len(packed) >= (SHORTEST_TEXT if not packed.isalnum() else 2 * SHORTEST_TEXT):
            self.packed.add(packed)
        if len(words) >= SHORTEST_LIST:
            self.phrases.add(" ".join(words))

    def add_word(self, word: str) -> None:
        if word.isalpha() and SHORTEST_TEXT <= len(word) < RARE_WORD:
            self.common.add(word)
        elif len(word) >= RARE_WORD or sum(map(str.isdigit, word)) >= SHORTEST_DIGITS:
            self.phrases.add(word)

    def add_value(self, value: Any) -> None:
        """A value of a case: each text and number in it, and lists as a whole and in parts."""
        waiting = [value]
        while waiting:
            match waiting.pop():
                case bool() | None:
                    continue
                case str() as text:
                    self.add_text(text)
                case int() | float() as amount:
                    self.add_word(number(repr(amount)))
                case list() as items:
                    self.add_list(items)
                    waiting.extend(items)
                case dict() as members:
                    self.add_list(members)
                    waiting.extend((*members, *members.values()))

    def add_list(self, value: Any) -> None:
        plain = normal(json.dumps(value, ensure_ascii=False)[:LONGEST_READ])
        words, packed = words_of(plain), "".join(plain.split()).strip("[]{}")
        if len(words) >= SHORTEST_LIST:
            self.phrases.add(" ".join(words))
        if len(packed) >= SHORTEST_PACKED and "," in packed:
            self.packed.add(packed)
        for place in range(len(words) - WINDOW + 1):
            self.phrases.add(" ".join(words[place : place + WINDOW]))


@dataclass(frozen=True, slots=True)
class Guard:
    """Finds what must not be told. Made once for a submission, asked for every text."""

    solution: Secrets
    cases: Secrets

    def find(self, text: str) -> str:
        """Why a text is held back; empty: it may be shown."""
        read = forms(text)
        if self.solution.are_in(read):
            return QUOTES_SOLUTION
        return QUOTES_CASE if self.cases.are_in(read) else ""


def guard(solution: str, hidden: Iterable[Case], visible: str) -> Guard:
    """Guard a solution and hidden cases from whoever can see `visible`."""
    seen = forms(visible)
    return Guard(secrets_of(solution).without(seen), secrets_of_cases(hidden).without(seen))


def guard_of_texts(texts: Iterable[str], visible: str) -> Guard:
    """Guard long texts, such as explanations: short ones are what everybody says."""
    secrets = Secrets()
    for text in texts:
        secrets.add_runs(forms(text).packed)
    return Guard(Secrets(), secrets.without(forms(visible)))


def secrets_of(solution: str) -> Secrets:
    """Every long part of a solution, its telling lines, and any two lines in a row."""
    secrets = Secrets()
    secrets.add_runs(forms(solution).packed)
    lines = [packed for line in solution.splitlines() if (packed := forms(line).packed)]
    whole = [line.rstrip(":;{},") for line in lines]
    # A line of nothing but letters is a sentence like any other.
    telling = [line for line in whole if len(line) >= WHOLE_LINE and not line.isalnum()]
    pairs = [first + second for first, second in zip(lines, whole[1:], strict=False)]
    secrets.packed.update(telling, (pair for pair in pairs if len(pair) >= WHOLE_LINE))
    return secrets


def secrets_of_cases(hidden: Iterable[Case]) -> Secrets:
    secrets = Secrets()
    for case in hidden:
        for value in (case.args, case.expected, list((case.kwargs or {}).values())):
            secrets.add_value(value)
        for text in (case.stdin, case.expected_stdout, case.name):
            secrets.add_text(text)
    return secrets

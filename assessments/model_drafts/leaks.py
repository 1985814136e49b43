"""The guard: whether a text gives away the reference solution or a hidden case. No database.

What its learner can see in any case is never a leak. Texts are compared in three forms, so that
capitals, spaces, quotation marks, invisible signs, look-alikes and breaks of lines hide nothing:
`packed` without spaces, `words` alone, and the numbers among them.
"""

import json
import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any, Protocol

from accounts.signs import usual

QUOTES_SOLUTION = "quotes the reference solution"
QUOTES_CASE = "quotes a hidden test"

# So many signs in a row, spaces not counted, are no accident.
RUN = 24
# A line of the solution that is no shorter gives it away by itself, two lines of any length do.
WHOLE_LINE = 12
SHORTEST_TEXT, SHORTEST_DIGITS = 4, 3
# Lists of small values: so many in a row, or the whole list with its signs.
WINDOW, SHORTEST_LIST, SHORTEST_PACKED = 8, 3, 5
# Of pages of input the beginning is enough: nobody quotes it all. What is read of all cases is
# shared among them, so that the last one has its part.
LONGEST_READ, MOST_READ = 16_000, 120_000
MOST_SOLUTION, MOST_VISIBLE = 64_000, 250_000

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
    """A text as it is compared. `joined` reads 1,000,000 as one number, which `words` does not."""

    packed: str
    words: list[str]
    joined: list[str]
    pointed_at: set[str]


def forms(text: str) -> Forms:
    plain = normal(text)
    words, grouped = words_of(plain), GROUPED.sub("", plain)
    joined = words_of(grouped) if grouped != plain else words
    return Forms("".join(plain.split()), words, joined, set(pointed_at(text)))


def pointed_at(text: str) -> Iterator[str]:
    """Words in quotation marks, and those of sentences about tests."""
    plain = usual(text)
    yield from QUOTED.findall(plain)
    for sentence in SENTENCE.split(plain):
        if OF_TESTS.search(sentence):
            yield from words_of(sentence)


def normal(text: str) -> str:
    """As it is usual, and without quotation marks."""
    return usual(text).translate(TABLE)


def words_of(plain: str) -> list[str]:
    return [number(word) if word[0].isdigit() else word for word in WORD.findall(plain)]


def number(text: str) -> str:
    """One way to write a number without its sign."""
    if text.isdecimal():
        return text.lstrip("0") or "0"
    try:
        value = format(abs(Decimal(text)), "f")
    except InvalidOperation:
        return text
    whole, point, rest = value.partition(".")
    rest = rest.rstrip("0")
    return f"{whole.lstrip('0') or '0'}{point if rest else ''}{rest}"


@dataclass(frozen=True, slots=True)
class Hidden:
    """What must not be said. Each part is looked for only where one begins with the same signs."""

    parts: set[str]
    phrases: set[str]
    common: set[str]
    lengths: dict[str, set[int]]
    counts: dict[str, set[int]]

    def parts_in(self, packed: str) -> Iterator[str]:
        for place in range(len(packed) - SHORTEST_TEXT + 1):
            for length in self.lengths.get(packed[place : place + SHORTEST_TEXT], ()):
                if (part := packed[place : place + length]) in self.parts:
                    yield part

    def phrases_in(self, words: list[str]) -> Iterator[str]:
        for place, word in enumerate(words):
            for count in self.counts.get(word, ()):
                if (phrase := " ".join(words[place : place + count])) in self.phrases:
                    yield phrase

    def found_in(self, text: Forms) -> Iterator[str]:
        yield from self.common.intersection(text.pointed_at)
        yield from self.phrases_in(text.words)
        yield from self.phrases_in(text.joined)
        yield from self.parts_in(text.packed)

    def without(self, visible: Forms) -> "Hidden":
        """What nobody can see in any case."""
        parts, words = set(self.parts_in(visible.packed)), {*visible.words, *visible.joined}
        phrases = {*self.phrases_in(visible.words), *self.phrases_in(visible.joined)}
        return Hidden(
            self.parts - parts,
            self.phrases - phrases,
            self.common - words,
            self.lengths,
            self.counts,
        )


@dataclass(slots=True)
class Secrets:
    """Gathers what must not be said, in the forms in which it is looked for."""

    parts: set[str] = field(default_factory=set)
    phrases: set[str] = field(default_factory=set)
    common: set[str] = field(default_factory=set)

    def hidden(self) -> Hidden:
        lengths, counts = defaultdict[str, set[int]](set), defaultdict[str, set[int]](set)
        for part in self.parts:
            lengths[part[:SHORTEST_TEXT]].add(len(part))
        for phrase in self.phrases:
            counts[phrase.partition(" ")[0]].add(phrase.count(" ") + 1)
        return Hidden(self.parts, self.phrases, self.common, dict(lengths), dict(counts))

    def add_runs(self, packed: str) -> None:
        places = range(len(packed) - RUN + 1)
        self.parts.update(packed[place : place + RUN] for place in places)

    def add_words(self, words: list[str]) -> None:
        for place in range(max(len(words) - WINDOW + 1, 1)):
            self.phrases.add(" ".join(words[place : place + WINDOW]))

    def add_text(self, text: str) -> None:
        """A text of a case: every long part of it, and its lines."""
        plain = normal(text)
        self.add_runs("".join(plain.split()))
        for line in {plain, *plain.splitlines()}:
            self.add_line(line)

    def add_line(self, plain: str) -> None:
        packed, words = "".join(plain.split()), words_of(plain)
        if len(packed) < SHORTEST_DIGITS:
            return
        if len(words) == 1 and packed.strip("-+.") == words[0]:
            self.add_word(words[0])
        elif (SHORTEST_TEXT if not packed.isalnum() else 2 * SHORTEST_TEXT) <= len(packed) < RUN:
            self.parts.add(packed)
        if len(words) >= SHORTEST_LIST:
            self.add_words(words)

    def add_word(self, word: str) -> None:
        if word.isalpha() and SHORTEST_TEXT <= len(word) < RARE_WORD:
            self.common.add(word)
        elif len(word) >= RARE_WORD or sum(map(str.isdigit, word)) >= SHORTEST_DIGITS:
            self.phrases.add(word)

    def add_list(self, text: str) -> None:
        plain = normal(text)
        words, packed = words_of(plain), "".join(plain.split()).strip("[]{}")
        if len(words) >= SHORTEST_LIST:
            self.add_words(words)
        self.add_runs(packed)
        if SHORTEST_PACKED <= len(packed) < RUN and "," in packed:
            self.parts.add(packed)

    def add_case(self, case: Case, room: int) -> None:
        """What is hidden of a case, as far as there is room for each kind of it."""
        values = [case.args, case.expected, list((case.kwargs or {}).values())]
        members = list(islice(members_of(values), room))
        lists = (json.dumps(one, ensure_ascii=False) for one in members if isinstance(one, list))
        for text in within(lists, room):
            self.add_list(text)
        own = [case.name, *(one for one in members if isinstance(one, str))]
        for texts in (own, [case.stdin], [case.expected_stdout]):
            for text in within(texts, room):
                self.add_text(text)
        for one in members:
            if isinstance(one, int | float) and not isinstance(one, bool):
                self.add_word(number(repr(one)))


def members_of(values: list[Any]) -> Iterator[Any]:
    """Every value inside of some, the outer ones first; of an object a list of its pairs."""
    waiting = deque(values)
    while waiting:
        one = waiting.popleft()
        if isinstance(one, dict):
            one = [word for pair in one.items() for word in pair]
        if isinstance(one, list):
            waiting.extend(one)
        yield one


def within(texts: Iterable[str], room: int) -> Iterator[str]:
    """Texts one after the other, until so many signs of them are read."""
    for text in texts:
        yield text[:room]
        room -= len(text) + 1
        if room <= 0:
            break


@dataclass(frozen=True, slots=True)
class Guard:
    """Finds what must not be told. Made once for a submission, asked for every text."""

    solution: Hidden
    cases: Hidden

    def find(self, text: str) -> str:
        """Why a text is held back; empty: it may be shown."""
        read = forms(text)
        if any(True for _ in self.solution.found_in(read)):
            return QUOTES_SOLUTION
        return QUOTES_CASE if any(True for _ in self.cases.found_in(read)) else ""


def guard(solution: str, hidden: Iterable[Case], visible: str) -> Guard:
    """Guard a solution and hidden cases from whoever can see `visible`."""
    seen = forms(visible[:MOST_VISIBLE])
    cases = secrets_of_cases(list(hidden)).hidden()
    return Guard(secrets_of(solution).hidden().without(seen), cases.without(seen))


def guard_of_texts(texts: Iterable[str], visible: str) -> Guard:
    """Guard long texts, such as explanations: short ones are what everybody says."""
    secrets = Secrets()
    for text in within(texts, MOST_READ):
        secrets.add_runs("".join(normal(text).split()))
    return Guard(Secrets().hidden(), secrets.hidden().without(forms(visible[:MOST_VISIBLE])))


def secrets_of(solution: str) -> Secrets:
    """Every long part of a solution, its telling lines, and any two lines in a row."""
    secrets = Secrets()
    plain = normal(solution[:MOST_SOLUTION])
    secrets.add_runs("".join(plain.split()))
    lines = [packed for line in plain.splitlines() if (packed := "".join(line.split()))]
    whole = [line.rstrip(":;{},") for line in lines]
    # A line of nothing but letters is a sentence like any other.
    telling = [line for line in whole if WHOLE_LINE <= len(line) < RUN and not line.isalnum()]
    pairs = [first + second for first, second in zip(lines, whole[1:], strict=False)]
    secrets.parts.update(telling, (pair for pair in pairs if WHOLE_LINE <= len(pair) < RUN))
    return secrets


def secrets_of_cases(hidden: list[Case]) -> Secrets:
    secrets = Secrets()
    room = min(LONGEST_READ, MOST_READ // (4 * len(hidden))) if hidden else 0
    for case in hidden:
        secrets.add_case(case, room)
    return secrets

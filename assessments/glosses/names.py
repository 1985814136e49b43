"""Which name somebody may have meant who wrote another one."""

import re
from collections.abc import Iterable

WORD = re.compile(r"[^\W\d]\w*")
# What is quoted or a comment names nothing. A quote that is not closed goes on to the line's end:
# were each tried anew, thousands of them would take quadratic time.
ASIDE = re.compile(r"\"(?:[^\"\\\n]|\\.)*+\"?|'(?:[^'\\\n]|\\.)*+'?|#[^\n]*|//[^\n]*")
MAX_NAMES = 4000
LONGEST = 60
SHORTEST = 3


def written(source: str) -> list[str]:
    """The words of a program in their order, each once."""
    return list(dict.fromkeys(WORD.findall(ASIDE.sub(" ", source))))[:MAX_NAMES]


def nearest(name: str, words: Iterable[str]) -> str:
    """The word that differs least from a name: by capitals or underscores, or by one slip.

    "" if there is none.
    """
    if not name or len(name) > LONGEST:
        return ""
    slip = ""
    plain = _plain(name)
    for word in words:
        if word == name or abs(len(word) - len(name)) > SHORTEST:
            continue
        if _plain(word) == plain:
            return word
        if not slip and min(len(word), len(name)) >= SHORTEST and is_a_slip(name, word):
            slip = word
    return slip


def is_a_slip(one: str, other: str) -> bool:
    """Whether one mark was left out, added, mistaken, or changed places with its neighbour."""
    shorter = min(len(one), len(other))
    start = 0
    while start < shorter and one[start] == other[start]:
        start += 1
    end = 0
    while end < shorter - start and one[-1 - end] == other[-1 - end]:
        end += 1
    mine, theirs = one[start : len(one) - end], other[start : len(other) - end]
    return max(len(mine), len(theirs)) <= 1 or (len(mine) == 2 and mine == theirs[::-1])


def is_declared_in(name: str, source: str) -> bool:
    """Whether a program declares this name anywhere, by a word such as `def` or `const`."""
    words = "def|class|for|as|let|const|var|function"
    return re.search(rf"\b(?:{words}) {re.escape(name[:LONGEST])}\b", source) is not None


def is_assigned_in(name: str, source: str) -> bool:
    return re.search(rf"\b{re.escape(name[:LONGEST])}\b[ \t]*=(?!=)", source) is not None


def _plain(word: str) -> str:
    return word.replace("_", "").casefold()

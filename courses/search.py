"""What a person types into the search field, taken apart. No database."""

import re
from dataclasses import dataclass
from typing import Self

MAX_SEARCH = 200
# Only plain words can be misspelt; who writes "this" or -that means it exactly.
PLAIN = re.compile(r"(?!.*(?:^|\s)-)(?=.*\w{4})[\w\s.+#/-]+")
# A minus that excludes nothing. PostgreSQL stacks each of them as a NOT and gives up at 32.
LOOSE_MINUS = re.compile(r"-(?![\w\"])|-(?=\"\W*(?:-|$))")
ONE_WORD = re.compile(r"[^\W\d_]{4,20}")


@dataclass(frozen=True, slots=True)
class Words:
    text: str

    @classmethod
    def of(cls, typed: str) -> Self:
        return cls(LOOSE_MINUS.sub(" ", typed.replace("\0", " ")[:MAX_SEARCH]).strip())

    @property
    def are_plain(self) -> bool:
        return PLAIN.fullmatch(self.text) is not None

    @property
    def swapped(self) -> list[str]:
        """A single word with any two neighbours swapped: "pyhton" shares too few trigrams."""
        word = self.text
        if not ONE_WORD.fullmatch(word):
            return []
        swaps = (
            word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)
        )
        return sorted({swap for swap in swaps if swap != word})

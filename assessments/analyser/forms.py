"""What is left of a text without its names, comments and spaces: the same for texts alike.

Only names that the text itself chose are replaced, by a number each in the order in which they
first appear. Whatever else a name may stand for, a built-in, an attribute, something imported,
would do something else under another name, so it stays.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

# Texts of fewer tokens are alike by chance, and longer ones by copying.
LEAST_TOKENS, MOST_LINES = 20, 1_000
# A change of what a token is makes old digests and new ones strangers.
VERSION = 1

Places = Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Token:
    """`is_name`: the text chose this name itself."""

    line: int
    text: str
    is_name: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """`places`: for each line that a token begins on, the line and the number of its first token.

    Texts of one digest have as many tokens, so a token's number is the way from one to the other.
    """

    digest: str = ""
    places: tuple[tuple[int, int], ...] = ()


def form_of(language: str, tokens: Sequence[Token]) -> Form:
    """Nothing of a text too small to mean anything. The tokens are in the order of the text."""
    places: dict[int, int] = {}
    for number, token in enumerate(tokens):
        places.setdefault(token.line, number)
    if len(tokens) < LEAST_TOKENS or len(places) > MOST_LINES:
        return Form()
    digest, names = sha256(f"{language} {VERSION}".encode()), dict[str, int]()
    for token in tokens:
        if token.is_name:
            word = f"\nname {names.setdefault(token.text, len(names))}"
        else:
            # With its length ahead no token can pass for two others.
            word = f"\n{len(token.text)} {token.text}"
        digest.update(word.encode("utf-8", "replace"))
    return Form(digest.hexdigest(), tuple(places.items()))


def line_across(line: int, here: Places, there: Places) -> int | None:
    """The line over there of what stands on this line here; None if there is no telling."""
    if not here or not there:
        return None
    # A line without a token of its own, such as a comment, is about what comes next.
    at = bisect_left(here, line, key=lambda place: place[0])
    number = here[min(at, len(here) - 1)][1]
    found = bisect_right(there, number, key=lambda place: place[1])
    return there[max(0, found - 1)][0]

"""Names, ids and short texts of other systems as ours."""

import re

from django.utils.text import slugify

from courses.texts import fault_of_line

SLUG = re.compile(r"(?=.{1,80}\Z)[a-z0-9]+(-[a-z0-9]+)*")
# Control characters and half characters: nobody sees them, and the database takes not all of them.
UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# Stands at the end of a text that was longer than what is read of one: no character, in no text.
CUT = "\ufdd0"
# What is left of an id where a number is put behind it.
LONGEST_STEM = 76


class Keys:
    """Ids that are in use. Each gets one of its own: the second `tea` is `tea-2`."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._next: dict[str, int] = {}

    def free(self, key: str) -> str:
        """The id, or the first one with a number behind it that nobody has."""
        found, stem = key, key[:LONGEST_STEM]
        while found in self._taken:
            number = self._next.get(stem, 2)
            self._next[stem] = number + 1
            found = f"{stem}-{number}"
        self._taken.add(found)
        return found


def cleaned(text: str) -> str:
    """The text without what cannot be shown or kept."""
    return UNWANTED.sub("", text).replace(CUT, "")


def one_line(text: str, longest: int) -> str:
    """The text as one line that can be shown, cut to a length."""
    line = " ".join(UNWANTED.sub(" ", text).replace(CUT, "").split())
    if fault_of_line(line):
        line = "".join(char for char in line if not fault_of_line(char))
    return line[:longest].strip()


def slug_of(name: str) -> str:
    """A name as the id of a course; "" if nothing of it can stand in an address."""
    return slugify(name.replace("_", "-"))[:80].strip("-")


def file_name(key: str) -> str:
    """A key as the name of a file: it says nothing that an order could be read from."""
    return key if not key[0].isdigit() else f"n{key}"

"""Texts that an mdBook takes from other files, put where they are asked for."""

import posixpath
import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from courses.models import MAX_TEXT
from studio.importing.files import text_of
from studio.importing.foreign import ForeignCourse
from studio.importing.prose import fenced
from studio.importing.refusal import ImportRefused

CALL = re.compile(r"(?P<escaped>\\?)\{\{[ \t]*+#(?P<name>[a-z_]++)(?P<given>[^{}\n]*+)\}\}")
ANCHOR = re.compile(r"\bANCHOR(?P<end>_END)?:[ \t]{0,9}(?P<name>[\w-]+)")
TAKEN = {"include", "rustdoc_include", "playground", "playpen"}
DEEPEST = 10
# What an include costs, however short it is: files may include each other many times.
LEAST = 50
ROOM = 2 * MAX_TEXT


class CannotInclude(Exception):
    """An include that stays as it is written. The message says why."""


@dataclass(slots=True)
class Lines:
    """A file that is taken from: its lines, and where its anchors begin and end.

    Lines with anchors are not shown. `before` says how many are that stand before a line, and
    `sizes` how many characters these have.
    """

    shown: list[str] = field(default_factory=list)
    anchors: dict[str, tuple[int, int]] = field(default_factory=dict)
    before: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=lambda: [0])

    @classmethod
    def of(cls, text: str) -> "Lines":
        found, begun = cls(), dict[str, int]()
        lines = text.removesuffix("\n").split("\n")
        for number, line in enumerate(lines):
            hit = ANCHOR.search(line)
            found.before.append(len(found.shown))
            if hit is None:
                found.shown.append(line)
                found.sizes.append(found.sizes[-1] + len(line) + 1)
            elif hit["end"] and hit["name"] in begun:
                found.anchors.setdefault(hit["name"], (begun[hit["name"]], number))
            elif not hit["end"]:
                begun.setdefault(hit["name"], number)
        found.before.append(len(found.shown))
        for name, start in begun.items():
            found.anchors.setdefault(name, (start, len(lines)))
        return found

    def part(self, place: str, room: int = ROOM) -> list[str]:
        """The lines that `place` means: "", "3", "3:5", "3:", ":5" or the name of an anchor.

        Raises CannotInclude where there are none, or more than there is room for.
        """
        count = len(self.before) - 1
        first, colon, last = place.partition(":")
        if not place:
            start, end = 0, count
        elif _is_number(first) and _is_number(last) and (first or last):
            start = max(int(first or 1), 1) - 1
            end = int(last) if last else count if colon else start + 1
        elif first in self.anchors:
            start, end = self.anchors[first]
        else:
            raise CannotInclude(f'there is no anchor "{first[:60]}"')
        begin, stop = (self.before[min(at, count)] for at in (start, end))
        if self.sizes[max(begin, stop)] - self.sizes[begin] > room:
            raise CannotInclude("the page would become too long")
        return self.shown[begin:stop]


class Includes:
    """Resolves the includes of the pages of one book; `used` are the files that were taken."""

    def __init__(self, course: ForeignCourse) -> None:
        self.course = course
        self.used: set[str] = set()
        self.known: dict[str, Lines] = {}
        self.room = 0

    def resolved(self, text: str, path: str, first_line: int = 1) -> str:
        """The text of the page `path`; what cannot be resolved stays and is told, with its line."""
        self.room = ROOM
        return self._resolved(text, path, first_line, 0)

    def _resolved(self, text: str, path: str, first_line: int, depth: int) -> str:
        lines = list[str]()
        for number, line in enumerate(text.split("\n"), start=first_line):

            def put(hit: re.Match[str], number: int = number) -> str:
                try:
                    return self._put(hit, path, depth)
                except CannotInclude as reason:
                    given = hit["given"].strip()[:120]
                    message = f'The include "{given}" is not resolved: {reason}.'
                    self.course.warn(message, path, number, "include")
                    return hit[0]

            lines.append(CALL.sub(put, line))
        return "\n".join(lines)

    def _put(self, hit: re.Match[str], path: str, depth: int) -> str:
        name, given = hit["name"], hit["given"].strip()
        if hit["escaped"]:
            return hit[0][1:]
        if name == "title":
            return ""
        if name not in TAKEN:
            return hit[0]
        if depth >= DEEPEST:
            raise CannotInclude("includes are nested too deeply")
        if name in {"playground", "playpen"}:
            file = self._inside(given.split(" ")[0], path)
            return fenced(self._taken(file, "", depth), "rust")
        file, _, place = given.partition(":")
        return self._taken(self._inside(file, path), place.strip(), depth)

    def _inside(self, given: str, path: str) -> str:
        """The file that is meant, which must be one of the source."""
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(given.strip())))
        if target.startswith(("..", "/")):
            raise CannotInclude("it leads out of the book")
        if target not in self.course.files:
            raise CannotInclude("there is no such file")
        return target

    def _taken(self, file: str, place: str, depth: int) -> str:
        if file not in self.known:
            try:
                self.known[file] = Lines.of(text_of(self.course.files[file], 4 * MAX_TEXT))
            except ImportRefused as refusal:
                raise CannotInclude(refusal.findings[0].message.rstrip(".").lower()) from refusal
        self.used.add(file)
        text = "\n".join(self.known[file].part(place, self.room - LEAST))
        self.room -= LEAST + len(text)
        return self._resolved(text, file, 1, depth + 1) if "{{" in text else text


def _is_number(text: str) -> bool:
    return not text or (text.isascii() and text.isdigit() and len(text) < 10)

"""Boxes of the Carpentries' Markdown in ours: callouts, folded solutions, lists of aims."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from studio.importing.prose import blocks_of

CALLOUTS = {
    "challenge": "TRY", "discussion": "TRY", "exercise": "TRY", "callout": "NOTE",
    "prereq": "NOTE", "prerequisite": "NOTE", "checklist": "NOTE", "testimonial": "NOTE",
    "note": "NOTE", "tip": "TIP", "caution": "WARNING", "warning": "WARNING",
}  # fmt: skip
FOLDED = {"solution": "Solution", "answer": "Answer", "hint": "Hint", "spoiler": "More"}
SECTIONS = {"objectives": "Objectives", "questions": "Questions", "keypoints": "Key points"}
TEACHERS = {"instructor"}
BOXES = {*CALLOUTS, *FOLDED, *SECTIONS, *TEACHERS}
# Their content stays as it is.
PLAIN = {"tab", "group-tab", "figure", "div", "overview"}
HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(\S.*)\Z")
NAME = re.compile(r"[A-Za-z][\w-]*")
CLASS = re.compile(r"\.([A-Za-z][\w-]*)")
DEEPEST = 8

# Gets the name of a box that is for teachers, its text and its line.
Aside = Callable[[str, str, int], None]
Warn = Callable[[str, int], None]


@dataclass(slots=True)
class Box:
    """An open box. Without a kind its lines are those of the box around it."""

    kind: str
    number: int
    lines: list[str] = field(default_factory=list)


def boxed(kind: str, lines: list[str]) -> list[str]:
    """The lines of a box in our dialect."""
    lines = trimmed(lines)
    if kind in SECTIONS:
        return ["", f"## {SECTIONS[kind]}", "", *lines, ""]
    if kind in CALLOUTS:
        quoted = [f"> {line}".rstrip() for line in lines]
        return ["", f"> [!{CALLOUTS[kind]}]", *quoted, ""]
    title = FOLDED[kind]
    if lines and (hit := HEADING.match(lines[0])):
        title, lines = hit[1].rstrip("# "), trimmed(lines[1:])
    summary = escape(re.sub(r"[`*]", "", title), quote=False)
    return ["", f"<details><summary>{summary}</summary>", "", *lines, "", "</details>", ""]


def trimmed(lines: list[str]) -> list[str]:
    """The lines without empty ones at both ends."""
    start, end = 0, len(lines)
    while start < end and not lines[start].strip():
        start += 1
    while end > start and not lines[end - 1].strip():
        end -= 1
    return lines[start:end]


def without_divs(text: str, first_line: int, warn: Warn, aside: Aside) -> str:
    """The text with fenced divs (::: challenge … :::) as boxes."""
    return _Divs(first_line, warn, aside).read(text)


class _Divs:
    def __init__(self, first_line: int, warn: Warn, aside: Aside) -> None:
        self.first_line, self.warn, self.aside = first_line, warn, aside
        self.open = [Box("", 0)]

    def read(self, text: str) -> str:
        for block in blocks_of(text):
            if block.is_code:
                self.open[-1].lines.extend(block.written())
                continue
            for number, line in enumerate(block.lines, start=self.first_line + block.number - 1):
                self._line(line, number)
        while len(self.open) > 1:
            self.warn(f'The box "{self.open[-1].kind}" has no end.', self.open[-1].number)
            self._close()
        return "\n".join(self.open[0].lines)

    def _line(self, line: str, number: int) -> None:
        words = line.strip()
        if not words.startswith(":::"):
            self.open[-1].lines.append(line)
            return
        name = words.strip(":").strip()
        if name:
            self._begin(name, line, number)
        elif len(self.open) > 1:
            self._close()
        else:
            self.warn("A box ends here that has not begun.", number)

    def _begin(self, name: str, line: str, number: int) -> None:
        hit = CLASS.search(name) if name.startswith("{") else NAME.match(name)
        if hit is None:
            self.open[-1].lines.append(line)
            return
        kind = hit[1] if name.startswith("{") else hit[0]
        if kind not in BOXES and kind not in PLAIN:
            self.warn(f'Boxes of the kind "{kind[:40]}" are not known: its text stays.', number)
        if kind in BOXES and len(self.open) <= DEEPEST:
            self.open.append(Box(kind, number))
        else:
            self.open.append(Box("", number, self.open[-1].lines))

    def _close(self) -> None:
        box = self.open.pop()
        if box.kind in TEACHERS:
            self.aside(box.kind, "\n".join(box.lines), box.number)
        elif box.kind:
            self.open[-1].lines += boxed(box.kind, box.lines)

"""The table of contents of an mdBook: SUMMARY.md, line by line."""

import re
from dataclasses import dataclass, field

LINK = re.compile(
    r"(?P<indent>[ \t]*)(?P<bullet>(?:[-*+]|\d{1,9}[.)])[ \t]+)?"
    r"\[(?P<title>(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\]"
    r"\((?P<url><[^<>]*>|[^()\s]*+(?:\([^()\s]*+\)[^()\s]*+)*+)[^()]*+\)"
)
HEADING = re.compile(r"(?P<level>#{1,6})[ \t]+(?P<title>.+)")
RULE = re.compile(r"(?:-{3,}|\*{3,}|_{3,})\Z")


@dataclass(slots=True)
class Chapter:
    """`path` is relative to the summary, "" for a draft. `part` is the heading above it.

    `is_before` and `is_behind` tell chapters without a number: in front of those that have one,
    and behind them.
    """

    title: str
    path: str
    line: int
    part: str = ""
    is_before: bool = False
    is_behind: bool = False
    below: list["Chapter"] = field(default_factory=list)

    @property
    def all_below(self) -> list["Chapter"]:
        """Its chapters and theirs, in the order of reading."""
        found, waiting = list[Chapter](), self.below[::-1]
        while waiting:
            one = waiting.pop()
            found.append(one)
            waiting += one.below[::-1]
        return found


@dataclass(slots=True)
class Summary:
    """`strays` are lines that say nothing here, by their number."""

    chapters: list[Chapter] = field(default_factory=list)
    strays: dict[int, str] = field(default_factory=dict)


def read_summary(text: str) -> Summary:
    summary, part, is_first, in_comment = Summary(), "", True, False
    # The chapters that the next one may stand below, with how far they are indented.
    above: list[tuple[int, Chapter]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        words = line.strip()
        if in_comment or words.startswith("<!--"):
            in_comment = "-->" not in words
            continue
        if heading := HEADING.match(words):
            # The first one is the title of the table itself.
            is_title = is_first and not summary.chapters
            part, is_first, above = "" if is_title else plain(heading["title"]), False, []
        elif hit := LINK.match(line):
            indent = len(hit["indent"].expandtabs(4))
            chapter = Chapter(plain(hit["title"]), _path(hit["url"]), number, part)
            _place(summary, above, chapter, indent if hit["bullet"] else -1)
        elif words and not RULE.match(words):
            summary.strays[number] = words
    return summary


def _place(
    summary: Summary, above: list[tuple[int, Chapter]], chapter: Chapter, indent: int
) -> None:
    """Put a chapter where it belongs; an indent of -1: it has no number."""
    if indent < 0:
        above.clear()
        chapter.is_behind = any(not one.is_before for one in summary.chapters)
        chapter.is_before = not chapter.is_behind
        summary.chapters.append(chapter)
        return
    while above and above[-1][0] >= indent:
        above.pop()
    (above[-1][1].below if above else summary.chapters).append(chapter)
    above.append((indent, chapter))


def _path(url: str) -> str:
    return url.strip("<>").removeprefix("./")


def plain(title: str) -> str:
    """A title as plain text: without marks for code, and without a heading's attributes."""
    title = re.sub(r"\\([^\w\s]|_)", r"\1", title)
    return " ".join(title.partition(" {#")[0].replace("`", "").rstrip("# ").split())

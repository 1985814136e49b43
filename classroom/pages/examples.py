"""Code in a lesson's text that can be run, in its place in the text."""

import re
from dataclasses import dataclass
from functools import lru_cache

from assessments.models import Assignment
from courses.markup import TITLE, parser
from courses.models import Lesson

LANGUAGES = {
    "python": Assignment.Language.PYTHON,
    "py": Assignment.Language.PYTHON,
    "javascript": Assignment.Language.JAVASCRIPT,
    "js": Assignment.Language.JAVASCRIPT,
}
KINDS = {Lesson.Kind.ARTICLE, Lesson.Kind.CODE_EXAMPLE}
FIGURE = re.compile(r'<figure class="code">.*?</figure>', re.DOTALL)
# The runner has no page: what speaks to one can only be run in a browser.
NEEDS_A_PAGE = re.compile(r"\b(?:document|window|localStorage|navigator|alert|prompt|fetch)\b")


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code as its author wrote it. `number` counts all blocks of the text, from 1."""

    number: int
    language: str
    source: str
    title: str

    @property
    def can_run(self) -> bool:
        if not self.language or not self.source.strip():
            return False
        is_script = self.language == Assignment.Language.JAVASCRIPT
        return not (is_script and NEEDS_A_PAGE.search(self.source))


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the lesson's HTML, and the block that ends it, if that can be run."""

    html: str
    block: Block | None


@lru_cache(maxsize=256)
def blocks_of(text: str) -> tuple[Block, ...]:
    """All blocks of code of a Markdown text, in its order."""
    tokens = parser.parse(text, {"formulas": [], "resolve": None})
    found = [token for token in tokens if token.type in ("fence", "code_block")]
    blocks = []
    for number, token in enumerate(found, start=1):
        info = token.info.strip()
        title = TITLE.search(info)
        language = LANGUAGES.get(info.split(maxsplit=1)[0].lower() if info else "", "")
        blocks.append(Block(number, language, token.content, title[1].strip() if title else ""))
    return tuple(blocks)


def runnable(lesson: Lesson) -> dict[int, Block]:
    """The blocks of a lesson that may be run, by their number. One query if its text is far."""
    if lesson.kind not in KINDS or not FIGURE.search(lesson.content_html):
        return {}
    return {block.number: block for block in blocks_of(lesson.content) if block.can_run}


def pieces_of(lesson: Lesson) -> list[Piece]:
    """The lesson's HTML, cut after each block that can be run; empty if there is none."""
    blocks = runnable(lesson)
    figures = list(FIGURE.finditer(lesson.content_html))
    if not blocks or len(figures) != len(blocks_of(lesson.content)):
        return []
    pieces, start = [], 0
    for number, figure in enumerate(figures, start=1):
        if number in blocks:
            pieces.append(Piece(lesson.content_html[start : figure.end()], blocks[number]))
            start = figure.end()
    return [*pieces, Piece(lesson.content_html[start:], None)]

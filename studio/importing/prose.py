"""A Markdown text taken apart: prose here, fenced code there. Line by line, each looked at once."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

# Also inside lists and quotations, where something stands before the fence.
FENCE = re.compile(r"^(?P<before>[ \t]*+(?:>[ \t]?+)*+[ \t]*+)(?P<mark>`{3,}|~{3,})(?P<info>.*)$")
QUOTE = re.compile(r"[ \t]*>")


@dataclass(slots=True)
class Block:
    """Lines of prose, or the lines between `opening` and `closing` of a fence.

    `number` is the line of the text on which the block begins, from 1.
    """

    number: int
    opening: str = ""
    lines: list[str] = field(default_factory=list)
    closing: str = ""
    mark: str = ""
    is_quoted: bool = False

    @property
    def is_code(self) -> bool:
        return bool(self.mark)

    @property
    def info(self) -> str:
        """What stands behind the opening fence."""
        hit = FENCE.match(self.opening)
        return hit["info"].strip() if hit else ""

    @info.setter
    def info(self, info: str) -> None:
        hit = FENCE.match(self.opening)
        if hit:
            self.opening = f"{hit['before']}{hit['mark']}{info}"

    def written(self) -> list[str]:
        if not self.is_code:
            return self.lines
        return [self.opening, *self.lines, *([self.closing] if self.closing else [])]


def blocks_of(text: str) -> Iterator[Block]:
    """The text as blocks, in their order. A fence without an end reaches to that of the text."""
    prose = Block(1)
    code: Block | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        if code and not _is_inside(code, line):
            yield code
            code, prose = None, Block(number)
        if code:
            if _closes(code, line):
                code.closing = line
                yield code
                code, prose = None, Block(number + 1)
            else:
                code.lines.append(line)
            continue
        hit = FENCE.match(line)
        if hit and not (hit["mark"][0] == "`" and "`" in hit["info"]):
            yield prose
            code = Block(number, line, mark=hit["mark"], is_quoted=bool(QUOTE.match(line)))
        else:
            prose.lines.append(line)
    yield code or prose


def text_of_blocks(blocks: list[Block]) -> str:
    return "\n".join(line for block in blocks for line in block.written())


def in_prose(text: str, change: Callable[[str], str]) -> str:
    """The text with its prose changed. Code is left as it is."""
    blocks = list(blocks_of(text))
    for block in blocks:
        if not block.is_code and block.lines:
            block.lines = change("\n".join(block.lines)).split("\n")
    return text_of_blocks(blocks)


def fenced(code: str, language: str = "", title: str = "") -> str:
    """Code as a block that nothing inside it can end."""
    longest = max((len(run) for run in re.findall("`{3,}", code)), default=2)
    mark = "`" * (longest + 1)
    name = title.replace('"', "").replace("`", "")
    info = language + (f' title="{name}"' if name else "")
    return f"{mark}{info.strip()}\n{code.rstrip()}\n{mark}"


def _is_inside(code: Block, line: str) -> bool:
    """A block inside a quotation ends with it."""
    return not code.is_quoted or bool(QUOTE.match(line))


def _closes(code: Block, line: str) -> bool:
    hit = FENCE.match(line)
    return bool(hit and hit["mark"].startswith(code.mark) and not hit["info"].strip())

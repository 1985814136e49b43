"""The dialect of mdBook in ours: lines of code that nobody sees, listings, headings."""

import re
from collections.abc import Mapping

from studio.importing.mdbook.summary import plain
from studio.importing.prose import Block, blocks_of, text_of_blocks

HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(\S.*)\Z")
ATTRIBUTES = re.compile(r"(?<=\S)[ \t]\{[#.][^{}]*\}[ \t]*\Z")
# Comments and anchors that stand before the first heading.
NO_TEXT = re.compile(r"\s*+(?:<!--.*-->|<a [^<>]*+>\s?</a>)?+\s*+\Z")
HIDDEN = re.compile(r"[ \t]*#(?:[ \t].*)?\Z")
DOUBLED = re.compile(r"([ \t]*)##")
HIDES = re.compile(r"\bhidelines=([^\s,]{1,20})")
LANGUAGE = re.compile(r"\{?[.:]?\s?([\w+#-]*)")
LISTING = re.compile(r"<Listing(?P<given>(?:\s[\w-]+=\"[^\"]*\"|\s)*)>|(?P<end></Listing>)")
GIVEN = re.compile(r"([\w-]+)=\"([^\"]*)\"")
MARKED = re.compile(r"`\[([^`]*)\]`")
# Blocks of the quiz tools: what is marked in them stands between `[ and ]`.
MARKING = {"ide": "rust", "aquascope": "rust"}


def page_of(text: str, title: str, hides: Mapping[str, str] | None = None) -> str:
    """The text of a chapter with that title, which the site prints itself.

    `hides` says, by language, with what hidden lines of code begin.
    """
    blocks = list(blocks_of(text))
    listings = _Listings()
    for block in blocks:
        if block.is_code:
            _show_code(block, hides or {})
        elif block.lines:
            lines = listings.named("\n".join(block.lines)).split("\n")
            block.lines = [_heading(line) for line in lines]
    if blocks and not blocks[0].is_code:
        blocks[0].lines = without_title(blocks[0].lines, title)
    return text_of_blocks(blocks).strip("\n")


def without_title(lines: list[str], title: str) -> list[str]:
    """The lines without the heading that says no more than the title."""
    at = next((at for at, line in enumerate(lines) if not NO_TEXT.match(line)), len(lines))
    hit = HEADING.match(lines[at]) if at < len(lines) else None
    if hit and _bare(hit[2]) == _bare(title):
        return lines[:at] + lines[at + 1 :]
    is_underlined = at + 1 < len(lines) and re.match(r"=+\s*\Z", lines[at + 1])
    if is_underlined and _bare(lines[at]) == _bare(title):
        return lines[:at] + lines[at + 2 :]
    return lines


def _bare(title: str) -> str:
    return re.sub(r"[*_\s]+", " ", plain(title)).strip().casefold()


def _heading(line: str) -> str:
    return ATTRIBUTES.sub("", line) if line.lstrip().startswith("#") else line


def _show_code(block: Block, hides: Mapping[str, str]) -> None:
    """Leave of a block of code what readers see, and of its info what our renderer knows."""
    info = block.info
    hit = LANGUAGE.match(info)
    language = hit[1].lower() if hit else ""
    if language in MARKING:
        block.lines = [MARKED.sub(r"\1", line) for line in block.lines]
        language = MARKING[language]
    own = HIDES.search(info)
    prefix = own[1].strip("\"'") if own else hides.get(language, "")
    if prefix:
        block.lines = [line for line in block.lines if not line.lstrip().startswith(prefix)]
    elif language == "rust":
        shown = [line for line in block.lines if not HIDDEN.match(line)]
        block.lines = [DOUBLED.sub(r"\1#", line, count=1) for line in shown]
    if info:
        title = re.search(r'title="[^"]*"', info)
        block.info = f"{language} {title[0]}" if title else language


class _Listings:
    """Code with a number, the name of its file and a caption, as plain lines around it."""

    def __init__(self) -> None:
        self.captions: list[str] = []

    def named(self, text: str) -> str:
        return LISTING.sub(self._tag, text)

    def _tag(self, hit: re.Match[str]) -> str:
        if hit["end"]:
            caption = self.captions.pop() if self.captions else ""
            return f"\n{caption}\n" if caption else ""
        given = dict(GIVEN.findall(hit["given"]))
        number, words = given.get("number", ""), " ".join(given.get("caption", "").split())
        name = f"Listing {number}" if number else ""
        self.captions.append(": ".join(part for part in (name, words) if part))
        file = given.get("file-name", "")
        return f"Filename: {file}\n" if file else ""

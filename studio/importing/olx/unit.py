"""A unit of OLX taken apart: its texts, its videos, its questions, and what has no place here."""

import json
from dataclasses import dataclass, field

from studio.importing.foreign import ForeignCourse
from studio.importing.olx.blocks import Block, Blocks, original_of
from studio.importing.olx.links import OlxLinks
from studio.importing.olx.problem import questions_of, read_problem
from studio.importing.refusal import ImportRefused
from studio.importing.strict_xml import attribute, children, inner_html
from studio.importing.tree import QuestionNode

# What only holds other blocks.
HOLDERS = {"vertical", "unit", "wrapper", "problemset", "videosequence", "conditional", "randomize",
           "split_test", "library_content", "itembank", "sequential"}  # fmt: skip
DRAWN = {"randomize", "split_test", "library_content", "itembank"}
TEXTS = {"html", "static_tab", "about"}
DEEPEST = 12


@dataclass(slots=True)
class Unit:
    """`path` is the file of the first text; names are those of blocks, for links that mean them.

    Videos come with their address and what belongs to them.
    """

    texts: list[str] = field(default_factory=list)
    videos: list[tuple[Block, str, str]] = field(default_factory=list)
    questions: list[QuestionNode] = field(default_factory=list)
    path: str = ""
    text_names: list[str] = field(default_factory=list)
    question_names: list[str] = field(default_factory=list)


def read_unit(course: ForeignCourse, blocks: Blocks, links: OlxLinks, inside: list[Block]) -> Unit:
    """The unit that holds these blocks."""
    reader = _Reader(course, blocks, links)
    for one in inside:
        reader.read(one, 0)
    return reader.unit


class _Reader:
    def __init__(self, course: ForeignCourse, blocks: Blocks, links: OlxLinks) -> None:
        self.course, self.blocks, self.links = course, blocks, links
        self.unit = Unit()

    def read(self, block: Block, depth: int) -> None:
        if block.tag in HOLDERS and depth < DEEPEST:
            if block.tag in DRAWN:
                message = "Not all learners were shown all of this: here they are."
                self.course.warn(message, block.path, block.line, "drawn")
            for one in self.blocks.within(block):
                self.read(one, depth + 1)
        elif block.tag in TEXTS:
            self._html(block)
        elif block.tag == "video":
            self._video(block)
        elif block.tag == "problem":
            self._problem(block)
        elif block.tag in {"pdf", "google-document"}:
            self._linked(block)
        else:
            reason = f'blocks of the kind "{block.tag[:40]}" are not supported'
            self._leave(block, reason)

    def _leave(self, block: Block, reason: str) -> None:
        self.course.skip(block.where, reason, "block", original_of(block.element))

    def _html(self, block: Block) -> None:
        try:
            beside = self.blocks.text_beside(block)
        except ImportRefused as refusal:
            self._leave(block, refusal.findings[0].message)
            return
        # HTML in the element itself is mostly escaped there, or stands in a CDATA section.
        element = block.element
        inline = inner_html(element) if len(element) else (element.text or "")
        html, path = beside if beside and not inline.strip() else (inline, block.path)
        self._text(block, self.links.markdown(html), path)

    def _text(self, block: Block, text: str, path: str) -> None:
        if not text:
            self._leave(block, "it has no text")
            return
        self.unit.path = self.unit.path or path
        self.unit.texts.append(text)
        self.unit.text_names.append(block.name)

    def _video(self, block: Block) -> None:
        address = self._address(block)
        if address:
            beside = {"Handout": block.value("handout"), "Transcript": block.value("track")}
            links = [f"[{name}](<{self._placed(url)}>)" for name, url in beside.items() if url]
            self.unit.videos.append((block, address, "\n\n".join(links)))
        else:
            self._leave(block, "nothing says where the video is")

    def _address(self, block: Block) -> str:
        """On YouTube, at normal speed, or the first of its other sources."""
        by_speed = dict(
            one.strip().split(":", 1) for one in block.value("youtube").split(",") if ":" in one
        )
        key = block.value("youtube_id_1_0") or by_speed.get("1.00") or by_speed.get("1.0", "")
        if key:
            return f"https://www.youtube.com/watch?v={key.strip()}"
        sources = _addresses(block.value("html5_sources"))
        sources += [attribute(one, "src") for one in children(block.element, "source")]
        sources.append(block.value("source"))
        first = next((one for one in sources if one), "")
        return self._placed(first)

    def _placed(self, url: str) -> str:
        """Where a link leads, as it may stand in Markdown."""
        return "".join(self.links.place(url).replace("<", "").replace(">", "").split("\n"))

    def _problem(self, block: Block) -> None:
        problem = read_problem(block)
        if not problem.responses:
            self._text(block, self.links.markdown(inner_html(block.element)), block.path)
            return
        found = list(questions_of(self.course, problem, self.links))
        self.unit.questions += found
        self.unit.question_names += [block.name] if found else []

    def _linked(self, block: Block) -> None:
        """A document that lies elsewhere, or in the course."""
        if block.value("url"):
            url, title = self._placed(block.value("url")), block.title or "PDF"
            text = f"[{title.replace('[', '').replace(']', '')}](<{url}>)"
        else:
            text = self.links.markdown(block.value("embed_code"))
        self._text(block, text, block.path)


def _addresses(text: str) -> list[str]:
    """The addresses of a list that is written as JSON."""
    try:
        found = json.loads(text or "[]")
    except (ValueError, RecursionError):
        return []
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []

"""The blocks of an OLX course: inline, or in a file that an empty element points to."""

import json
import posixpath
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field

from studio.importing.files import Source, text_of
from studio.importing.foreign import ForeignCourse
from studio.importing.refusal import ImportRefused
from studio.importing.strict_xml import (
    Element,
    attribute,
    children,
    line_of,
    local,
    parse_xml,
    source_of,
)

MAX_POLICY = 4 * 1024 * 1024
# What opens doors elsewhere, by the names of attributes.
SECRET = re.compile(
    r"(?i)passport|secret|passw|token|credential|api_?key|(?:client|consumer|oauth|lti)_?key"
)


@dataclass(slots=True)
class Block:
    """A block with the file that it stands in. `policy` overrides its attributes."""

    element: Element
    path: str
    policy: dict[str, str] = field(default_factory=dict)

    @property
    def tag(self) -> str:
        return local(self.element)

    @property
    def name(self) -> str:
        """Its identity among blocks of its kind; "" if it has none."""
        return attribute(self.element, "url_name") or attribute(self.element, "slug")

    @property
    def title(self) -> str:
        return self.value("display_name") or self.value("name")

    @property
    def line(self) -> int:
        return line_of(self.element)

    @property
    def where(self) -> str:
        return f"{self.path}:{self.line} {self.tag} {self.name}".strip()

    @property
    def for_staff(self) -> bool:
        return self.value("visible_to_staff_only").lower() == "true"

    def value(self, name: str) -> str:
        return self.policy.get(name) or attribute(self.element, name)


class Blocks:
    """Finds the blocks of one course; `seen` are the files that were read."""

    def __init__(self, source: Source, root: str, seen: set[str]) -> None:
        self.files, self.root, self.seen = source.files, root, seen
        self.policies: dict[str, dict[str, str]] = {}
        self.secrets: set[str] = set()
        self.lost: list[tuple[str, str, str, str]] = []

    def read_policy(self, run: str) -> None:
        """Read what the policy of a run says of its blocks. One that cannot be read is told."""
        path = f"{self.root}policies/{run}/policy.json"
        if path not in self.files:
            return
        self.seen.add(path)
        try:
            data = json.loads(text_of(self.files[path], MAX_POLICY))
        except ImportRefused as refusal:
            self.lost.append((path, refusal.findings[0].message, "file", ""))
            return
        except (ValueError, RecursionError):
            self.lost.append((path, "it is not valid JSON", "file", ""))
            return
        for name, values in data.items() if isinstance(data, dict) else ():
            found = values if isinstance(values, dict) else {}
            self.secrets |= {one for one in found if SECRET.search(one)}
            self.policies[name] = {one: _as_text(value) for one, value in found.items()}

    def top(self, path: str) -> Block:
        """The course or library itself. Raises ImportRefused."""
        self.seen.add(path)
        top = Block(parse_xml(self.files[path].read(), path), path)
        self.read_policy(top.name or "course")
        return self._loaded(top) or top

    def within(self, block: Block) -> Iterator[Block]:
        """The blocks inside a block, each of them once: a second mention is told, not read."""
        for element in children(block.element):
            one = self._loaded(Block(element, block.path))
            if one is not None:
                yield one

    def _loaded(self, block: Block) -> Block | None:
        """The block with what its file says; None, told, if that cannot be read."""
        tag, name = block.tag, block.name
        for one in block.element.iter():
            self.secrets |= {key for key in one.attrib if SECRET.search(str(key))}
        block.policy = self.policies.get(f"{tag}/{name}", {})
        path = f"{self.root}{tag}/{name.replace(':', '/')}.xml"
        if not name or len(block.element) or (block.element.text or "").strip():
            return block
        if path not in self.files:
            return block
        if path in self.seen:
            self.lost.append((block.where, "it stands in the course already", "block", ""))
            return None
        self.seen.add(path)
        try:
            element = parse_xml(self.files[path].read(), path)
        except ImportRefused as refusal:
            original = self.files[path].read().decode("utf-8", "replace")
            self.lost.append((path, refusal.findings[0].message, "block", original))
            return None
        for key, value in block.element.attrib.items():
            if key not in element.attrib:
                element.set(key, value)
        loaded = Block(element, path, block.policy)
        for one in element.iter():
            self.secrets |= {key for key in one.attrib if SECRET.search(str(key))}
        return loaded

    def text_beside(self, block: Block) -> tuple[str, str] | None:
        """The HTML of a block in a file of its own, and that file; None if there is none."""
        name = block.value("filename") or block.name
        for one in (f"{self.root}html/{name}.html", f"{self.root}html/{name}"):
            path = posixpath.normpath(one)
            if name and path in self.files and not path.endswith(".xml"):
                self.seen.add(path)
                return text_of(self.files[path], MAX_POLICY), path
        return None


def original_of(element: Element) -> str:
    """The element as it stands in its file, without what opens doors elsewhere."""
    copy = deepcopy(element)
    for one in copy.iter():
        for name in [key for key in one.attrib if SECRET.search(str(key))]:
            del one.attrib[name]
    return source_of(copy)


def tell(course: ForeignCourse, blocks: Blocks) -> None:
    """What was found on the way: lost blocks, and credentials that were left behind."""
    for path, reason, kind, original in blocks.lost:
        course.skip(path, reason, kind, original)
    if blocks.secrets:
        names = ", ".join(sorted(blocks.secrets))[:200]
        course.warn(f"Credentials were left out: {names}.", code="credentials")


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else json.dumps(value)

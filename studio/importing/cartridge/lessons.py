"""Resources of a cartridge as lessons: each kind in the way that suits it."""

import posixpath
import re
from dataclasses import dataclass
from functools import partial
from html import unescape

from studio.importing.cartridge.canvas import apply_meta
from studio.importing.cartridge.manifest import MANIFEST, Leaf, Resource
from studio.importing.cartridge.places import Places
from studio.importing.foreign import ForeignCourse, Part
from studio.importing.html_converter import address_of
from studio.importing.html_text import (
    looks_like_html,
    markdown_of,
    markdown_of_text,
    title_of,
)
from studio.importing.names import one_line
from studio.importing.qti.reader import Assessment, add_quiz, assessments_of
from studio.importing.relinking import relinked
from studio.importing.strict_xml import (
    Element,
    attribute,
    child,
    children,
    descendants,
    inner_html,
    parse_xml,
    text_of_element,
)
from studio.importing.tree import ModuleNode

PAGES = (".html", ".htm", ".xhtml")
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif")
# Where our own cartridges keep the Markdown that a page was made of, and the video above it.
SOURCE, VIDEO = "waymark:source", "waymark:video"
META = re.compile(
    r"<meta\s+name=\"(workflow_state|waymark:source|waymark:video)\"\s+content=\"([^\"]*)\"",
    re.IGNORECASE,
)
NO_TOOL = "External tools are not supported: only the description of this one was taken over."
NO_TALK = "Discussions are not supported: only the text of this one was taken over."
NO_HANDING_IN = "Assignments of other systems are not supported: only the text was taken over."


@dataclass(frozen=True, slots=True)
class Page:
    """A file of HTML as it was found. `is_draft` where Canvas says that it is not published."""

    title: str
    text: str
    is_draft: bool
    video: str = ""


def page_of(course: ForeignCourse, path: str) -> Page:
    data = course.files[path].read()
    try:
        html = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        html = data.decode("cp1252", "replace")
        course.warn("The text is not UTF-8: it was read as Windows-1252.", path, code="encoding")
    meta = {name.lower(): unescape(text) for name, text in META.findall(html)}
    text = meta[SOURCE] if SOURCE in meta else markdown_of(html)
    is_draft = meta.get("workflow_state") == "unpublished"
    return Page(title_of(html), text, is_draft, meta.get(VIDEO, ""))


class Lessons:
    """Adds lessons to a course; links of their texts are led to files by `places`."""

    def __init__(self, course: ForeignCourse, places: Places) -> None:
        self.course, self.places = course, places

    def is_task(self, path: str) -> bool:
        """Whether a page has the settings of an assignment of Canvas beside it."""
        beside = posixpath.join(posixpath.dirname(path), "assignment_settings.xml")
        return path.lower().endswith(PAGES) and beside in self.course.files

    def add(self, module: ModuleNode, leaf: Leaf, resource: Resource, path: str) -> set[str]:
        """Returns which further files were read. Raises ImportRefused for one that is broken."""
        kind = resource.kind
        if not path and kind in {"quiz", "bank", "web", "associated"}:
            reason = "its file is not in the cartridge"
            self.course.skip(f"{MANIFEST}#{resource.key}", reason, "lesson", leaf.title)
            return set()
        if kind in {"quiz", "bank"}:
            return self._quizzes(module, leaf, resource, path)
        if kind == "associated" and self.is_task(path):
            return self._task(module, leaf, resource, path)
        if kind in {"web", "associated"}:
            self._web(module, leaf, resource, path)
        elif kind in {"link", "topic", "tool", "assignment"}:
            self._described(module, leaf, resource, path)
        else:
            reason = f'resources of the type "{one_line(resource.type, 80)}" are not supported'
            self.course.skip(path or f"{MANIFEST}#{resource.key}", reason, "resource", leaf.title)
        return set()

    def link(self, module: ModuleNode, leaf: Leaf, key: str, origin: str, url: str) -> None:
        """A video where we can show it, else a page that leads there."""
        title = leaf.title or url
        address = address_of(url)
        part = Part(key, title, origin, line=leaf.line or 1, is_draft=leaf.is_draft)
        if not address.startswith(("http://", "https://")):
            part.text = markdown_of_text(f"{title}: {url}")
            self.course.warn("This address is not one of the web.", origin, leaf.line, "address")
            address = ""
        self.course.page(module, part, address)

    def tool(
        self, module: ModuleNode, leaf: Leaf, key: str, origin: str, url: str, text: str = ""
    ) -> None:
        self.course.warn(NO_TOOL, origin, leaf.line, "tool")
        address = address_of(url)
        link = f"[{one_line(leaf.title, 120)}](<{address}>)" if address.startswith("http") else ""
        self._page(module, leaf, key, origin, "\n\n".join(one for one in (text, link) if one))

    def _page(
        self, module: ModuleNode, leaf: Leaf, key: str, origin: str, text: str, video: str = ""
    ) -> None:
        home = posixpath.dirname(origin)
        part = Part(key, leaf.title, origin, self._mended(text, home), is_draft=leaf.is_draft)
        self.course.page(module, part, video)

    def _mended(self, text: str, home: str) -> str:
        return relinked(text, lambda url: self.places.link(url, home))

    def _web(self, module: ModuleNode, leaf: Leaf, resource: Resource, path: str) -> None:
        if path.lower().endswith(PAGES):
            page = page_of(self.course, path)
            leaf.title = leaf.title or page.title or posixpath.basename(path)
            leaf.is_draft |= page.is_draft
            self._page(module, leaf, resource.key, path, page.text, page.video)
        elif path in self.course.assets or self.course.keep_file(path):
            leaf.title = leaf.title or posixpath.basename(path)
            mark = "!" if path.lower().endswith(PICTURES) else ""
            text = f"{mark}[{one_line(leaf.title, 120)}](<{posixpath.basename(path)}>)"
            home = posixpath.dirname(path)
            part = Part(resource.key, leaf.title, posixpath.join(home, resource.key), text)
            part.is_draft = leaf.is_draft
            self.course.page(module, part)

    def _task(self, module: ModuleNode, leaf: Leaf, resource: Resource, path: str) -> set[str]:
        beside = posixpath.join(posixpath.dirname(path), "assignment_settings.xml")
        settings = parse_xml(self.course.files[beside].read(), beside)
        page = page_of(self.course, path)
        leaf.title = leaf.title or text_of_element(child(settings, "title")) or page.title
        leaf.is_draft |= text_of_element(child(settings, "workflow_state")) == "unpublished"
        self.course.warn(NO_HANDING_IN, path, code="task")
        self._page(module, leaf, resource.key, path, page.text)
        return {beside}

    def _described(self, module: ModuleNode, leaf: Leaf, resource: Resource, path: str) -> None:
        """What is a small file of XML: a link, a discussion, a tool, an assignment."""
        root = parse_xml(self.course.files[path].read(), path) if path else resource.inline
        origin = path or MANIFEST
        leaf.title = leaf.title or text_of_element(child(root, "title")) or resource.key
        if resource.kind == "link":
            url = attribute(next(descendants(root, "url"), None), "href")
            self.link(module, leaf, resource.key, origin, url)
            return
        text = _text_of(
            child(root, "text") if resource.kind != "tool" else child(root, "description")
        )
        if resource.kind == "tool":
            addresses = children(root, "secure_launch_url", "launch_url")
            launch = text_of_element(addresses[0]) if addresses else ""
            self.tool(module, leaf, resource.key, origin, launch, text)
            return
        files = [attribute(one, "href") for one in descendants(root, "attachment")]
        attached = [f"[{posixpath.basename(href)}](<{href}>)" for href in files if href]
        message = NO_TALK if resource.kind == "topic" else NO_HANDING_IN
        self.course.warn(message, origin, code=resource.kind)
        self._page(module, leaf, resource.key, origin, "\n\n".join([text, *attached]))

    def _quizzes(self, module: ModuleNode, leaf: Leaf, resource: Resource, path: str) -> set[str]:
        found = assessments_of(parse_xml(self.course.files[path].read(), path), path)
        if not found:
            self.course.skip(path, "it holds no questions that can be read", "quiz")
        used, mend = {path}, partial(self._mended, home=posixpath.dirname(path))
        for one in found:
            folder = next((posixpath.dirname(href) for href in resource.files if "/" in href), "")
            used.add(self._meta(one, folder, resource))
            one.is_draft |= resource.kind == "bank"
            key = resource.key if one is found[0] else one.key
            title = leaf.title if one is found[0] and leaf.title else one.title
            part = Part(key, title or "Quiz", path, line=one.line, is_draft=leaf.is_draft)
            add_quiz(self.course, module, one, part, mend)
        return used

    def _meta(self, assessment: Assessment, folder: str, resource: Resource) -> str:
        """Settings beside the quiz, or in the folder that Canvas names after it."""
        used = apply_meta(self.course.files, assessment, folder)
        return used or apply_meta(self.course.files, assessment, resource.key)


def _text_of(element: Element | None) -> str:
    if element is None:
        return ""
    text = inner_html(element) if len(element) else "".join(element.itertext())
    return markdown_of(text) if len(element) or looks_like_html(text) else markdown_of_text(text)

"""A course as a Common Cartridge 1.1 with QTI 1.2: what Moodle and Canvas both read.

Pages carry their Markdown beside the HTML, so that our own reader gets back what was written.
"""

import posixpath
from collections.abc import Iterator
from html import escape
from urllib.parse import quote, unquote

from lxml import etree

from courses.links import Links, asset_address, lesson_address
from courses.markdown import render
from courses.markup import quiz_file
from courses.models import Lesson
from studio.exporting.cartridge_html import html_of, line_of
from studio.exporting.cartridge_lost import lost_of
from studio.exporting.qti import add, assessment_of, document, identifier
from studio.exporting.written import Written
from studio.importing.cartridge.lessons import SOURCE, VIDEO
from studio.importing.cartridge.manifest import MANIFEST
from studio.importing.names import UNWANTED
from studio.importing.relinking import relinked
from studio.importing.strict_xml import Element
from studio.importing.tree import CourseNode, LessonNode

Kind = Lesson.Kind
CC = "http://www.imsglobal.org/xsd/imsccv1p1"
LOM = "http://ltsc.ieee.org/xsd/imsccv1p1/LOM/manifest"
TYPES = {
    ".html": "webcontent",
    ".qti.xml": "imsqti_xmlv1p2/imscc_xmlv1p1/assessment",
    ".link.xml": "imswl_xmlv1p1",
}
ASSETS = "web_resources"
BASE = "$IMS-CC-FILEBASE$"


def write_cartridge(tree: CourseNode) -> Written:
    return Cartridge(tree).write()


class Cartridge:
    """One course on its way out. Names come from keys, so the same course gives the same bytes."""

    def __init__(self, tree: CourseNode) -> None:
        self.tree = tree
        self.paths = dict(_paths(tree))
        sources = {lesson.source: lesson.key for lesson in tree.lessons}
        self.links = Links.of(tree.slug, sources, list(tree.assets))
        self.files: dict[str, bytes] = {}

    def write(self) -> Written:
        for lesson in self.tree.lessons:
            self.files[self.paths[lesson.key]] = self._lesson(lesson)
        for path, file in self.tree.assets.items():
            self.files[f"{ASSETS}/{path}"] = file.read()
        self.files[MANIFEST] = self._manifest()
        return Written(dict(sorted(self.files.items())), list(lost_of(self.tree)))

    def _lesson(self, lesson: LessonNode) -> bytes:
        path = self.paths[lesson.key]
        if lesson.quiz:
            return assessment_of(lesson, lesson.quiz, lambda text: self._short(lesson, text))
        if path.endswith(".link.xml"):
            root = etree.Element(f"{{{CC}/imswl_v1p1}}webLink", nsmap={None: f"{CC}/imswl_v1p1"})
            add(root, "title", lesson.title)
            add(root, "url", href=lesson.values["video_url"], target="_blank")
            return document(root)
        return self._page(lesson).encode()

    def _page(self, lesson: LessonNode) -> str:
        content = UNWANTED.sub("", self._content(lesson))
        video = lesson.values.get("video_url", "")
        shown = relinked(content, lambda url: self._beside(lesson, url))
        meta = f'<meta name="{SOURCE}" content="{_attribute(shown)}">\n'
        if video.startswith("https://"):
            meta += f'<meta name="{VIDEO}" content="{_attribute(video)}">\n'
            content = f"[{lesson.title}](<{video}>)\n\n{content}"
        html = html_of(content, lambda url: self._beside(lesson, url))
        title = escape(UNWANTED.sub("", lesson.title))
        return (
            f'<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
            f"{meta}</head>\n<body>\n{html}</body>\n</html>\n"
        )

    def _content(self, lesson: LessonNode) -> str:
        """The text, with links to what stands beside it on the site: quizzes, a video, captions."""
        lines = []
        for line in lesson.values["content"].split("\n"):
            quiz = quiz_file(line)
            found = self._beside(lesson, quiz) if quiz else None
            lines.append(f"[Take the quiz]({quote(str(quiz))})" if found else line)
        files = asset_address(self.tree.slug, "")
        own = [("Video", "video_url"), ("Captions", "captions"), ("Picture of the video", "poster")]
        for words, name in reversed(own):
            address = lesson.values.get(name, "")
            if address.startswith(files):
                path = posixpath.relpath(
                    unquote(address.removeprefix(files)), posixpath.dirname(lesson.source) or "."
                )
                lines = [f"[{words}](<{path}>)", "", *lines]
        return "\n".join(lines)

    def _target(self, lesson: LessonNode, url: str) -> str | None:
        """Where a link of a lesson leads inside the cartridge, with its anchor."""
        address = self.links.address(lesson.source, url)
        if address is None:
            return None
        files = asset_address(self.tree.slug, "")
        if address.startswith(files):
            return f"{ASSETS}/{unquote(address.removeprefix(files))}"
        lessons = lesson_address(self.tree.slug, "").rstrip("/")
        key = address.removeprefix(f"{lessons}/").partition("/#")[0].rstrip("/")
        return self.paths.get(key)

    def _beside(self, lesson: LessonNode, url: str) -> str | None:
        target = self._target(lesson, url)
        if target is None:
            return None
        return posixpath.relpath(target, posixpath.dirname(self.paths[lesson.key]))

    def _short(self, lesson: LessonNode, text: str) -> str:
        """HTML inside of a quiz: links begin at the cartridge, and a single paragraph is a line."""

        def resolve(url: str) -> str | None:
            target = self._target(lesson, url)
            return f"{BASE}/{quote(target)}" if target else None

        return line_of(html_of(text, resolve))

    def _manifest(self) -> bytes:
        space = f"{CC}/imscp_v1p1"
        root = etree.Element(f"{{{space}}}manifest", nsmap={None: space, "lom": LOM})
        root.set("identifier", identifier(self.tree.slug))
        metadata = add(root, "metadata")
        add(metadata, "schema", "IMS Common Cartridge")
        add(metadata, "schemaversion", "1.1.0")
        self._describe(metadata)
        organization = add(add(root, "organizations"), "organization", identifier="organization")
        organization.set("structure", "rooted-hierarchy")
        self._organize(add(organization, "item", identifier="root"))
        resources = add(root, "resources")
        for lesson in self.tree.lessons:
            self._resource(resources, identifier(lesson.key), self.paths[lesson.key])
        for number, path in enumerate(sorted(self.tree.assets), start=1):
            self._resource(resources, f"file-{number}", f"{ASSETS}/{path}")
        return document(root)

    def _describe(self, metadata: Element) -> None:
        values = self.tree.values
        general = add(etree.SubElement(metadata, f"{{{LOM}}}lom"), "general")
        add(add(general, "title"), "string", values["title"])
        about = "\n\n".join(text for text in (values["summary"], values["description"]) if text)
        if about:
            add(add(general, "description"), "string", render(about).strip())
        for tag in values["tags"]:
            add(add(general, "keyword"), "string", tag)
        if values["licence"]:
            rights = add(general.getparent(), "rights")
            add(add(rights, "copyrightAndOtherRestrictions"), "value", "yes")
            add(add(rights, "description"), "string", values["licence"])

    def _organize(self, root: Element) -> None:
        taken = {identifier(lesson.key) for lesson in self.tree.lessons}
        for module in self.tree.modules:
            name = identifier(module.key)
            while name in taken:
                name += "_"
            taken.add(name)
            item = add(root, "item", identifier=name)
            add(item, "title", module.title)
            for lesson in module.lessons:
                key = identifier(lesson.key)
                leaf = add(item, "item", identifier=f"i{key}", identifierref=key)
                add(leaf, "title", lesson.title)

    def _resource(self, resources: Element, key: str, path: str) -> None:
        kind = "webcontent" if path.startswith(f"{ASSETS}/") else ""
        kind = kind or next(type for ending, type in TYPES.items() if path.endswith(ending))
        resource = add(resources, "resource", identifier=key, type=kind)
        if kind == "webcontent":
            resource.set("href", quote(path))
        add(resource, "file", href=quote(path))


def _paths(tree: CourseNode) -> Iterator[tuple[str, str]]:
    """The file of every lesson, by its key."""
    for lesson in tree.lessons:
        name = identifier(lesson.key).removeprefix("_")
        if lesson.quiz:
            yield lesson.key, f"quizzes/{name}.qti.xml"
        elif _is_link(lesson):
            yield lesson.key, f"links/{name}.link.xml"
        else:
            yield lesson.key, f"pages/{name}.html"


def _is_link(lesson: LessonNode) -> bool:
    """A video and nothing else: with a text below it, it is a page."""
    video = str(lesson.values.get("video_url", ""))
    return video.startswith("https://") and not lesson.values["content"].strip()


def _attribute(text: str) -> str:
    return escape(text).replace("\n", "&#10;")

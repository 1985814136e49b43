"""Common Cartridge 1.0 to 1.3, and what Canvas exports as one, read into the tree."""

import posixpath

from studio.importing.cartridge.canvas import (
    SETTINGS,
    SYLLABUS,
    full_quiz,
    headings_of,
    is_canvas,
    title_of_course,
)
from studio.importing.cartridge.lessons import Lessons, page_of
from studio.importing.cartridge.manifest import (
    MANIFEST,
    Heading,
    Leaf,
    Manifest,
    Resource,
    read_manifest,
)
from studio.importing.cartridge.places import Places
from studio.importing.files import Source
from studio.importing.foreign import ForeignCourse
from studio.importing.html_text import looks_like_html, markdown_of, markdown_of_text
from studio.importing.refusal import ImportRefused
from studio.importing.tree import CourseNode, ModuleNode

# Made into lessons even where no module has them: nobody should look for a quiz in vain.
TAKEN_IN = ("quiz", "bank")
STRAYS = "Not in a module"


def is_cartridge(source: Source) -> bool:
    return MANIFEST in source.files


def read_cartridge(source: Source, slug: str, title: str) -> CourseNode:
    return Cartridge(source, slug, title).read()


class Cartridge:
    """Reads one source. Raises ImportRefused where its manifest cannot be read."""

    def __init__(self, source: Source, slug: str, title: str) -> None:
        self.source, self.files = source, source.files
        self.manifest: Manifest = read_manifest(source)
        self.is_canvas = is_canvas(source)
        name = title or (title_of_course(source) if self.is_canvas else "") or self.manifest.title
        tags = ["canvas"] if self.is_canvas else ["common-cartridge"]
        self.course = ForeignCourse(source, slug, name, tags=tags)
        self.places = Places(path for path in self.files if path != MANIFEST)
        self.lessons = Lessons(self.course, self.places)
        self.done: set[str] = set()
        self.read_files: set[str] = {MANIFEST}

    def read(self) -> CourseNode:
        self._describe()
        self._name_owners()
        for heading in self._headings():
            module = self.course.module(heading.key, heading.title)
            for leaf in heading.leaves:
                self._leaf(module, leaf)
        self._take_in()
        for resource in self.manifest.resources.values():
            if resource.key not in self.done:
                self._orphan(resource)
        self._files()
        return self.course.finish()

    def _describe(self) -> None:
        text = self.manifest.description
        read = markdown_of if looks_like_html(text) else markdown_of_text
        self.course.description = read(text)
        if SYLLABUS in self.files:
            self.read_files.add(SYLLABUS)
            syllabus = page_of(self.course, SYLLABUS).text
            self.course.description = f"{self.course.description}\n\n{syllabus}".strip()
        for title, line in self.manifest.flattened:
            message = f'The heading "{title}" inside a module was left out: its lessons follow.'
            self.course.warn(message, MANIFEST, line, "flattened")

    def _headings(self) -> list[Heading]:
        headings = headings_of(self.source) if self.is_canvas else []
        headings = headings or self.manifest.headings
        if any(heading.leaves for heading in headings):
            return headings
        self.course.warn("No order is given: all is in one module.", MANIFEST, code="order")
        leaves = [
            Leaf("", one.key) for one in self.manifest.resources.values() if self._teaches(one)
        ]
        return [Heading("lessons", "Lessons", leaves)]

    def _teaches(self, resource: Resource) -> bool:
        """Whether it would be a lesson by itself: no file that others show, and no settings."""
        path = self._path(resource)
        if resource.kind == "web":
            return path.lower().endswith((".html", ".htm", ".xhtml"))
        if resource.kind == "associated":
            return self.lessons.is_task(path)
        return bool(resource.kind)

    def _path(self, resource: Resource) -> str:
        """Its file: with all questions, where it is a quiz that Canvas has twice."""
        if resource.kind in TAKEN_IN and (full := full_quiz(self.files, resource.key)):
            return full
        found = (self.places.find(href) for href in resource.files)
        return next((path for path in found if path), "")

    def _paths(self, resource: Resource) -> list[str]:
        found = [self.places.find(href) for href in resource.files]
        return [path for path in found if path]

    def _name_owners(self) -> None:
        """Let links by key, and links to a twin, lead to the file that becomes the lesson."""
        owners = dict[str, str]()
        for resource in self.manifest.resources.values():
            path = self._path(resource)
            if path:
                owners[resource.key] = path
                if resource.kind in TAKEN_IN:
                    owners |= dict.fromkeys(self._paths(resource), path)
        self.places.owners = owners

    def _leaf(self, module: ModuleNode, leaf: Leaf) -> None:
        where = f"{MANIFEST}#{leaf.key or leaf.ref}"
        resource = self.manifest.resources.get(leaf.ref)
        if leaf.kind == "ContextModuleSubHeader":
            self.course.skip(where, "a heading between lessons is not kept", "heading", leaf.title)
        elif leaf.kind == "ContextExternalTool":
            self._finish(resource)
            self.lessons.tool(module, leaf, leaf.ref or leaf.key, MANIFEST, leaf.url)
        elif resource is None and leaf.url:
            self.lessons.link(module, leaf, leaf.key, MANIFEST, leaf.url)
        elif resource is None:
            self.course.skip(where, "the cartridge does not hold it", "lesson", leaf.title)
        elif resource.key in self.done:
            self.course.skip(where, "it has its place already", "lesson", leaf.title)
        else:
            self._resource(module, leaf, resource)

    def _finish(self, resource: Resource | None) -> None:
        if resource is not None:
            self.done.add(resource.key)
            self.read_files |= {self._path(resource), *self._paths(resource)}

    def _resource(self, module: ModuleNode, leaf: Leaf, resource: Resource) -> None:
        path = self._path(resource)
        self._finish(resource)
        if not path and resource.inline is None:
            reason = "its file is not in the cartridge"
            self.course.skip(f"{MANIFEST}#{resource.key}", reason, "lesson", leaf.title)
            return
        try:
            used = self.lessons.add(module, leaf, resource, path)
        except ImportRefused as refusal:
            self.course.warn_of(refusal)
            reason = refusal.findings[0].message.rstrip(".")
            self.course.skip(path or f"{MANIFEST}#{resource.key}", reason)
        else:
            self.read_files |= used

    def _take_in(self) -> None:
        """Quizzes that no module has, as drafts in one of their own."""
        module: ModuleNode | None = None
        for resource in self.manifest.resources.values():
            if resource.key in self.done:
                continue
            path = self._path(resource)
            bank = resource.kind == "associated" and path.endswith(".xml.qti")
            if resource.kind in TAKEN_IN or bank:
                module = module or self.course.module("not-in-a-module", STRAYS)
                resource.type = "question-bank" if bank else resource.type
                self._resource(module, Leaf("", resource.key, is_draft=True), resource)
        if module is not None and not module.lessons:
            self.course.modules.remove(module)

    def _orphan(self, resource: Resource) -> None:
        """What no module has: kept as a file if a lesson shows it, else told."""
        paths = self._paths(resource)
        if any(path.startswith(SETTINGS) or path in self.read_files for path in paths):
            return
        path = self._path(resource)
        if path and resource.kind == "web" and not self._teaches(resource):
            return
        self.read_files |= {path, *paths}
        is_page = resource.kind == "web" and bool(path)
        text = page_of(self.course, path).text if is_page else ""
        linked = path in self.places.linked
        reason = "no module has it" if path else "its file is not in the cartridge"
        if linked:
            reason = "no module has it, though a lesson links to it"
        self.course.skip(path or f"{MANIFEST}#{resource.key}", reason, "resource", text)

    def _files(self) -> None:
        """Files that lessons show are kept, each of the others is told."""
        origins = set(self.course.origins)
        for path in sorted(self.files):
            if path.casefold() in origins or path in self.course.assets:
                continue
            if path in self.places.linked and path not in self.read_files:
                self.course.keep_file(path)
            elif path in self.read_files:
                continue
            elif path.startswith(SETTINGS) or posixpath.basename(path) == "assignment_settings.xml":
                self.course.skip(path, "settings of the other system are not taken over")
            else:
                self.course.skip(path, "no lesson shows it")

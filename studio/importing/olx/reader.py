"""OLX, the format of Open edX: a course or a library, read into the tree."""

import posixpath
import re

from studio.importing.files import Source, text_of
from studio.importing.folder.quiz_file import MAX_QUESTIONS
from studio.importing.foreign import ForeignCourse, Part
from studio.importing.names import slug_of
from studio.importing.olx.blocks import Block, Blocks, original_of, tell
from studio.importing.olx.links import TARGET, OlxLinks
from studio.importing.olx.unit import Unit, read_unit
from studio.importing.refusal import ImportRefused, refuse
from studio.importing.tree import CourseNode, LessonNode, ModuleNode

COURSE, LIBRARY = "course.xml", "library.xml"
UNITS = {"vertical", "unit", "library"}
# Other systems' courses have files of these names as well.
OTHERS = ("moodle_backup.xml", "imsmanifest.xml")
MAX_ABOUT = 1024 * 1024
LICENCE = re.compile(r"creative-commons:\s?(?:ver=([\d.]+)\s)?((?:(?:BY|NC|ND|SA)\s?)+)")


def is_olx(source: Source) -> bool:
    return bool(_top(source)) and not any(path in source.files for path in OTHERS)


def read_olx(source: Source, slug: str, title: str) -> CourseNode:
    return OlxCourse(source, slug, title).read()


def _top(source: Source) -> str:
    """The file that everything hangs on: at the root, or one folder down."""
    for name in (COURSE, LIBRARY):
        if name in source.files:
            return name
    found = [
        path
        for path in source.files
        if path.count("/") == 1 and posixpath.basename(path) in {COURSE, LIBRARY}
    ]
    return found[0] if found else ""


class OlxCourse:
    """Reads a course: chapters are modules, a unit's texts are a lesson, its problems a quiz."""

    def __init__(self, source: Source, slug: str = "", title: str = "") -> None:
        path = _top(source)
        self.root = path.removesuffix(posixpath.basename(path))
        self.files, self.seen, self.names = source.files, set[str](), set[str]()
        self.blocks = Blocks(source, self.root, self.seen)
        self.top = self.blocks.top(path)
        if self.top.tag not in {"course", "library"}:
            raise refuse("This is neither a course nor a library of Open edX.", path, 1)
        code = self.top.value("course") or self.top.value("library")
        named = title or self.top.title
        self.course = ForeignCourse(source, slug or slug_of(code), named, tags=["open-edx"])
        self.links = OlxLinks(source, self.root)

    def read(self) -> CourseNode:
        """Raises ImportRefused with every reason."""
        self._about()
        if self.top.tag == "library":
            module = self.course.module(self.top.name or "library", self.top.title or "Questions")
            self._unit(module, self.top, self.top.title or "Questions", is_draft=False)
        else:
            self._chapters()
        self.course.modules = [one for one in self.course.modules if one.lessons]
        self._rest()
        tell(self.course, self.blocks)
        return self.course.finish()

    def _about(self) -> None:
        hit = LICENCE.match(self.top.value("license"))
        if hit:
            terms = "-".join(hit[2].split())
            self.course.licence = f"CC-{terms}-{hit[1] or '4.0'}"
        summary = self.links.markdown(self._page("short_description"))
        self.course.summary = " ".join(summary.split())
        self.course.description = self.links.markdown(self._page("overview"))

    def _page(self, name: str) -> str:
        path = f"{self.root}about/{name}.html"
        if path not in self.files:
            return ""
        self.seen.add(path)
        try:
            return text_of(self.files[path], MAX_ABOUT)
        except ImportRefused as refusal:
            self.course.warn(refusal.findings[0].message, path)
            return ""

    def _chapters(self) -> None:
        """Chapters, and what stands beside them without one."""
        alone: ModuleNode | None = None
        for block in self.blocks.within(self.top):
            if block.tag == "chapter":
                alone = None
                self._chapter(block)
            elif block.tag == "sequential" or block.tag in UNITS:
                alone = alone or self.course.module("course", self.course.title)
                self._sequence(alone, block, is_draft=False)
            else:
                self._leave(block)

    def _chapter(self, block: Block) -> None:
        module = self.course.module(block.name or block.title, block.title or "Chapter")
        for one in self.blocks.within(block):
            self._sequence(module, one, is_draft=block.for_staff)
        if module.lessons:
            self._mark(block.name, module.lessons[0])

    def _sequence(self, module: ModuleNode, block: Block, *, is_draft: bool) -> None:
        """The units of a sequence, whose title goes before theirs where there are several."""
        is_draft = is_draft or block.for_staff
        before = len(module.lessons)
        if block.tag != "sequential":
            self._unit(module, block, block.title or module.title, is_draft=is_draft)
        else:
            units = list(self.blocks.within(block))
            loose = [one for one in units if one.tag not in UNITS]
            if loose:
                read = read_unit(self.course, self.blocks, self.links, loose)
                self._lessons(module, block, read, block.title or module.title, is_draft)
            for one in units:
                if one.tag in UNITS:
                    title = one.title or block.title or "Unit"
                    if len(units) > 1 and block.title and title != block.title:
                        title = f"{block.title}: {title}"
                    self._unit(module, one, title, is_draft=is_draft)
        if len(module.lessons) > before:
            self._mark(block.name, module.lessons[before])

    def _unit(self, module: ModuleNode, block: Block, title: str, *, is_draft: bool) -> None:
        inside = list(self.blocks.within(block)) if block.tag in UNITS else [block]
        read = read_unit(self.course, self.blocks, self.links, inside)
        if not inside:
            self.course.skip(block.where, "there is nothing in it", "block")
        self._lessons(module, block, read, title, is_draft or block.for_staff)

    def _lessons(
        self, module: ModuleNode, block: Block, unit: Unit, title: str, is_draft: bool
    ) -> None:
        """A unit as lessons: its text, its videos, its questions."""
        made = list[LessonNode]()
        text = "\n\n".join(one for one in unit.texts if one)
        only = sum((bool(text), len(unit.videos), bool(unit.questions))) == 1
        key = self._key(block, title)
        if text:
            part = Part(key, title, unit.path or block.path, text, is_draft=is_draft)
            made.append(self.course.page(module, part))
            self._mark_all(unit.text_names, made[-1])
        for video, address, beside in unit.videos:
            named = title if only else f"{title}: {video.title or 'Video'}"
            part = Part(video.name or key, named, video.path, beside, video.line, is_draft=is_draft)
            made.append(self.course.page(module, part, address))
            self._mark(video.name, made[-1])
        for start in range(0, len(unit.questions), MAX_QUESTIONS):
            some = unit.questions[start : start + MAX_QUESTIONS]
            number = start // MAX_QUESTIONS + 1
            named = title if only else f"{title}: questions"
            named += f" ({number})" if len(unit.questions) > MAX_QUESTIONS else ""
            part = Part(f"{key} quiz", named, block.path, is_draft=is_draft)
            quiz = self.course.quiz(module, part, some)
            made += [quiz] if quiz else []
            if quiz:
                self._mark_all(unit.question_names, quiz)
        if made:
            self._mark(block.name, made[0])

    def _key(self, block: Block, title: str) -> str:
        """The name of the block; its title where others have the same name."""
        is_new = block.name and block.name not in self.names
        self.names.add(block.name)
        return block.name if is_new else title

    def _mark(self, name: str, lesson: LessonNode) -> None:
        """Jumps to the block of that name lead to this lesson."""
        if name:
            self.course.origins.setdefault(f"{TARGET}{name}".casefold(), lesson)

    def _mark_all(self, names: list[str], lesson: LessonNode) -> None:
        for name in names:
            self._mark(name, lesson)

    def _leave(self, block: Block) -> None:
        reason = f'blocks of the kind "{block.tag[:40]}" are not supported'
        self.course.skip(block.where, reason, "block", original_of(block.element))

    def _rest(self) -> None:
        static = f"{self.root}static/"
        for path in self.files:
            if path in self.seen:
                continue
            if path.startswith(static):
                self.course.keep_file(path)
            else:
                self.course.skip(path, "no block of the course names it, or it is not read")

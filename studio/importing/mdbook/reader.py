"""A book of mdBook: SUMMARY.md says what is in it, its chapters become lessons."""

import posixpath
import re
from typing import Any

from courses.models import MAX_TEXT
from studio.importing.files import Source, text_of
from studio.importing.folder.frontmatter import split
from studio.importing.foreign import ForeignCourse, Part
from studio.importing.licence import licence_of
from studio.importing.mdbook.includes import CALL, Includes
from studio.importing.mdbook.quiz import questions_in, toml_of
from studio.importing.mdbook.summary import Chapter, Summary, read_summary
from studio.importing.mdbook.text import page_of
from studio.importing.refusal import ImportRefused, refuse
from studio.importing.served import is_served
from studio.importing.tree import CourseNode, LessonNode, ModuleNode

BOOK, SUMMARY = "book.toml", "SUMMARY.md"
MAIL = re.compile(r" ?<[^<>]*>")


def is_mdbook(source: Source) -> bool:
    return any(path in source.files for path in (BOOK, f"src/{SUMMARY}", SUMMARY))


def read_mdbook(source: Source, slug: str, title: str) -> CourseNode:
    return Book(source, slug, title).read()


class Book:
    """Reads a book. A chapter with others below it becomes a module; those without share one."""

    def __init__(self, source: Source, slug: str = "", title: str = "") -> None:
        self.course = ForeignCourse(source, slug, title, tags=["mdbook"])
        self.files = source.files
        self.title = title
        self.includes = Includes(self.course)
        self.seen = {BOOK}
        self.quizzes: dict[str, LessonNode | None] = {}
        self.hides: dict[str, str] = {}
        self.root = "src"
        self.has_numbers = False

    def read(self) -> CourseNode:
        """Raises ImportRefused with every reason."""
        if BOOK in self.files:
            self._about(toml_of(self.course, BOOK))
        summary = self._summary()
        self.course.licence = licence_of(self.course.source)
        self.has_numbers = any(not one.is_before for one in summary.chapters)
        run: ModuleNode | None = None
        named: tuple[str, bool, bool] | None = None
        for chapter in summary.chapters:
            group = (chapter.part, chapter.is_before, chapter.is_behind)
            if chapter.below:
                run = None
                module = self._module_of(chapter)
                for one in [chapter, *chapter.all_below]:
                    self._chapter(module, one)
            else:
                if run is None or group != named:
                    run, named = self._run_of(chapter), group
                self._chapter(run, chapter)
        self.course.modules = [module for module in self.course.modules if module.lessons]
        self._rest()
        return self.course.finish()

    def _about(self, data: dict[str, Any]) -> None:
        book = data.get("book")
        book = book if isinstance(book, dict) else {}
        words = {name: text for name, text in book.items() if isinstance(text, str)}
        if not self.title and words.get("title"):
            self.course.title = " ".join(words["title"].split())[:120]
        self.course.summary = self.course.description = words.get("description", "")
        authors = book.get("authors") or [words.get("author", "")]
        names = [one for one in authors if isinstance(one, str)] if _is_list(authors) else []
        self.course.authors = [MAIL.sub("", " ".join(name.split())) for name in names]
        self.root = posixpath.normpath(words.get("src", "src")).strip("/")
        self.course.language = "rust" if isinstance(data.get("rust"), dict) else ""
        found: Any = data
        for name in ("output", "html", "code", "hidelines"):
            found = found.get(name) if isinstance(found, dict) else None
        if isinstance(found, dict):
            self.hides = {name: text for name, text in found.items() if isinstance(text, str)}

    def _summary(self) -> Summary:
        places = [posixpath.normpath(f"{self.root}/{SUMMARY}"), SUMMARY]
        path = next((place for place in places if place in self.files), "")
        if not path:
            raise refuse(f"{SUMMARY} is missing: it says which chapters there are.", places[0])
        self.root = posixpath.dirname(path)
        self.seen.add(path)
        summary = read_summary(text_of(self.files[path], 4 * MAX_TEXT))
        for number, words in summary.strays.items():
            message = f'This line names no chapter and is left out: "{words[:60]}".'
            self.course.warn(message, path, number, "summary")
        return summary

    def _module_of(self, chapter: Chapter) -> ModuleNode:
        key = _key(chapter.path) if chapter.path else chapter.title
        return self.course.module(key, chapter.title, chapter.part)

    def _run_of(self, chapter: Chapter) -> ModuleNode:
        """The module of chapters that stand beside each other with nothing below them."""
        title = chapter.part or "Chapters"
        if chapter.is_before and self.has_numbers:
            title = "Introduction"
        elif chapter.is_behind:
            title = "Appendices"
        return self.course.module(title, title)

    def _chapter(self, module: ModuleNode, chapter: Chapter) -> None:
        where = f"{self._path(SUMMARY)}:{chapter.line}"
        if not chapter.path:
            self.course.skip(f"{where} {chapter.title}", "a draft: it has no file yet", "lesson")
            return
        path = self._path(chapter.path)
        if path not in self.files:
            self.course.skip(f"{where} {chapter.path}", "there is no such file", "lesson")
            return
        if path in self.seen:
            self.course.skip(f"{where} {path}", "the summary names it a second time", "lesson")
            return
        self.seen.add(path)
        try:
            text, first_line = self._text(path)
        except ImportRefused as refusal:
            self.course.skip(path, refusal.findings[0].message, "lesson")
            return
        resolved = self.includes.resolved(text, path, first_line)
        content = page_of(resolved, chapter.title, self.hides)
        part = Part(_key(chapter.path), chapter.title, path, content, first_line)
        lesson = self.course.page(module, part)
        self._name(lesson, path)
        self._quizzes(module, lesson, path)

    def _path(self, path: str) -> str:
        return posixpath.normpath(posixpath.join(self.root, path))

    def _text(self, path: str) -> tuple[str, int]:
        text = text_of(self.files[path], 4 * MAX_TEXT)
        try:
            _, content, first_line = split(text, path)
        except ImportRefused as refusal:
            self.course.warn(refusal.findings[0].message, path, refusal.findings[0].line)
            return text, 1
        return content, first_line

    def _name(self, lesson: LessonNode, path: str) -> None:
        """Links mean the page also by the names it has once the book is built."""
        name = path.removesuffix(".md")
        names = [f"{name}.html"]
        if posixpath.basename(name).lower() in {"readme", "index"}:
            folder = posixpath.dirname(name)
            names += [posixpath.join(folder, "index.html"), folder]
        for one in names:
            self.course.origins.setdefault(one.casefold(), lesson)

    def _quizzes(self, module: ModuleNode, lesson: LessonNode, path: str) -> None:
        """Make the quizzes that a page names, behind it, and put links to them in their place."""

        def place(hit: re.Match[str]) -> str:
            if hit["name"] != "quiz" or hit["escaped"]:
                return hit[0]
            file = posixpath.normpath(posixpath.join(posixpath.dirname(path), hit["given"].strip()))
            if file not in self.files:
                message = f'There is no quiz "{hit["given"].strip()[:120]}".'
                self.course.warn(message, path, 0, "include")
                return ""
            if file not in self.quizzes:
                self.quizzes[file] = self._quiz(module, lesson.title, file)
            quiz = self.quizzes[file]
            if quiz is None:
                return ""
            target = posixpath.relpath(quiz.source, posixpath.dirname(lesson.source))
            return f"{{{{quiz: {target.removesuffix('.quiz.yaml')}}}}}"

        lesson.values["content"] = CALL.sub(place, lesson.values["content"]).rstrip()

    def _quiz(self, module: ModuleNode, title: str, path: str) -> LessonNode | None:
        try:
            questions = questions_in(self.course, path)
        except ImportRefused as refusal:
            original = self.files[path].read().decode("utf-8", "replace")
            self.course.skip(path, refusal.findings[0].message, "quiz", original)
            return None
        name = posixpath.basename(path).removesuffix(".toml")
        return self.course.quiz(module, Part(f"quiz {name}", f"Quiz: {title}", path), questions)

    def _rest(self) -> None:
        """Every file that is not a chapter: served, used, or left out with a reason."""
        start = f"{self.root}/" if self.root else ""
        for path in self.files:
            if path in self.seen or path in self.quizzes:
                continue
            if path.startswith(start) and path.endswith(".md"):
                if path not in self.includes.used:
                    self.course.skip(path, f"{SUMMARY} does not name it")
            elif path.startswith(start) and is_served(path):
                self.course.keep_file(path)
            elif path not in self.includes.used:
                self.course.skip(path, "it is no part of the book")


def _key(path: str) -> str:
    """What identifies a chapter: its path, for a README that of its folder."""
    name = path.removesuffix(".md")
    folder, last = posixpath.split(name)
    if last.lower() in {"readme", "index"} and folder:
        name = folder
    return name.replace("/", " ")


def _is_list(value: object) -> bool:
    return isinstance(value, list)

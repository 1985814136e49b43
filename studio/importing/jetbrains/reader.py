"""JetBrains Academy: a course as folders with a small YAML file each, read into the tree."""

import posixpath
from collections import Counter

from django.utils.text import slugify

from assessments.models import Assignment, Question
from sandbox.job import SourceRefused, clean_source
from studio.importing.files import Source
from studio.importing.folder.case_files import blank
from studio.importing.foreign import ForeignCourse, Part
from studio.importing.foreign_questions import Choice, Found, question_of
from studio.importing.html_text import looks_like_html, markdown_of
from studio.importing.jetbrains.task import (
    INFO,
    INPUTS,
    OUTPUTS,
    Code,
    Task,
    missing_in,
    read_task,
    text_beside,
)
from studio.importing.licence import licence_of
from studio.importing.loose_yaml import is_true, mappings, values_in, word, words
from studio.importing.names import slug_of
from studio.importing.refusal import ImportRefused
from studio.importing.strict_yaml import MAX_BYTES, Mapping
from studio.importing.tree import AssignmentNode, CaseNode, CourseNode, LessonNode, ModuleNode

COURSE, SECTION, LESSON = "course-info.yaml", "section-info.yaml", "lesson-info.yaml"
REMOTE = ("course-remote-info.yaml", "section-remote-info.yaml", "lesson-remote-info.yaml")
# What becomes a text to read: with tests that do not run here, or for an IDE.
TESTED = {"edu", "remote_edu", "code", "dataset", "framework"}
PROGRAMS = {str(one) for one in Assignment.Language}
LANGUAGES = {"c++": "cpp", "c#": "csharp", "c": "c"}
MOST_SUMMARY = 240


def is_jetbrains(source: Source) -> bool:
    return COURSE in source.files


def read_jetbrains(source: Source, slug: str, title: str) -> CourseNode:
    return JetBrainsFolder(source, slug, title).read()


class JetBrainsFolder:
    """Reads the folder of a course: `content` says which lessons and tasks there are, in order."""

    def __init__(self, source: Source, slug: str = "", title: str = "") -> None:
        self.source = source
        self.values = values_in(source, COURSE)
        named = word(self.values, "title")
        self.course = ForeignCourse(
            source, slug or slug_of(named), title or named, tags=["jetbrains"]
        )
        self.by_folder: dict[str, list[str]] = {}
        self.seen = {COURSE, REMOTE[0]}
        self.tested, self.missing = Counter[str](), 0
        self.hide = is_true(self.values, "solutions_hidden")

    def read(self) -> CourseNode:
        """Raises ImportRefused with every reason."""
        self._about()
        for path in self.source.files:
            for folder in _parents(path):
                self.by_folder.setdefault(folder, []).append(path)
        for name in words(self.values, "content"):
            self._item(name)
        self._tell()
        for path in self.source.files:
            if path not in self.seen:
                self.course.skip(path, "it belongs to no task of the course, or is not read")
        return self.course.finish()

    def _about(self) -> None:
        summary = " ".join(word(self.values, "summary").split())
        self.course.summary = summary[:MOST_SUMMARY]
        self.course.description = summary
        language = word(self.values, "programming_language").strip().lower()
        self.course.language = LANGUAGES.get(language, slugify(language))[:60]
        self.course.licence = licence_of(self.source)

    def _item(self, name: str) -> None:
        """A section with lessons, or a lesson."""
        if f"{name}/{SECTION}" not in self.source.files:
            self._lesson(name)
            return
        self.seen |= {f"{name}/{SECTION}", f"{name}/{REMOTE[1]}"}
        values = self._values(f"{name}/{SECTION}", "section") or Mapping()
        for lesson in words(values, "content"):
            self._lesson(f"{name}/{lesson}", word(values, "custom_name") or name)

    def _lesson(self, folder: str, section: str = "") -> None:
        info = f"{folder}/{LESSON}"
        self.seen |= {info, f"{folder}/{REMOTE[2]}"}
        values = self._values(info, "module")
        if values is None:
            return
        title = word(values, "custom_name") or posixpath.basename(folder)
        key = folder.replace("/", " ")
        module = self.course.module(key, f"{section}: {title}" if section else title)
        for name in words(values, "content"):
            self._task(module, f"{folder}/{name}")
        if module.lessons:
            first = module.lessons[0]
            self.course.origins.setdefault(folder.casefold(), first)

    def _values(self, path: str, kind: str) -> Mapping | None:
        """The fields of a file that has to be there; None, said, if it cannot be read."""
        if path not in self.source.files:
            self.course.skip(path, "there is no such file", kind)
            return None
        try:
            return values_in(self.source, path)
        except ImportRefused as refusal:
            self._refused(path, refusal, kind)
            return None

    def _refused(self, path: str, refusal: ImportRefused, kind: str) -> None:
        """One file that is too strange for us does not cost the course."""
        finding = refusal.findings[0]
        self.course.warn(finding.message, finding.path, finding.line)
        self.course.skip(path, finding.message, kind, self._raw(path))

    def _raw(self, path: str) -> str:
        return self.source.files[path].read()[:MAX_BYTES].decode("utf-8", "replace")

    def _task(self, module: ModuleNode, folder: str) -> None:
        info = f"{folder}/{INFO}"
        if info in self.seen:
            self.course.skip(info, "it is named a second time", "lesson")
            return
        paths = self.by_folder.get(folder, [])
        self.seen |= {info, *paths}
        values = self._values(info, "lesson")
        if values is None:
            for path in paths:
                if path != info:
                    self.course.skip(path, "its task cannot be read")
            return
        try:
            task = read_task(self.source, folder, paths, values, self.hide)
        except ImportRefused as refusal:
            self._refused(info, refusal, "lesson")
            return
        self.missing += len(missing_in(self.source, task))
        lesson = self._made(module, task)
        if lesson:
            self.course.origins.setdefault(folder.casefold(), lesson)
        for path in task.kept:
            self.course.keep_file(path)
        for path, reason in task.left.items():
            self.course.skip(path, reason)

    def _made(self, module: ModuleNode, task: Task) -> LessonNode | None:
        part = Part(task.folder.replace("/", " "), task.title, task.origin, task.article)
        if task.kind == "choice":
            return self._choice(module, part, task)
        if task.kind == "output":
            return self._output(module, part, task)
        if task.kind in {"theory", "ide"} | TESTED:
            self.tested[task.kind] += 1
            return self.course.page(module, part)
        reason = f'tasks of the type "{task.kind[:40]}" are not supported'
        self.course.skip(task.folder, reason, "lesson", task.description)
        return None

    def _choice(self, module: ModuleNode, part: Part, task: Task) -> LessonNode | None:
        """A quiz of one question. Without a key, which some sites keep to themselves, nothing."""
        options = mappings(task.values, "options")
        known = {"true": True, "correct": True, "false": False, "incorrect": False}
        marks = [known.get(word(one, "is_correct").lower()) for one in options]
        if not options or None in marks:
            reason = "nothing says which option is correct"
            self.course.skip(task.folder, reason, "lesson", task.description)
            return None
        several = is_true(task.values, "is_multiple_choice")
        wrong = word(task.values, "message_incorrect")
        choices = [
            Choice(_markdown(word(one, "text")), bool(mark), "" if mark else wrong)
            for one, mark in zip(options, marks, strict=True)
        ]
        kinds = Question.Kind
        header = word(task.values, "quiz_header")
        found = Found(
            kinds.MULTI if several else kinds.SINGLE,
            "\n\n".join(text for text in (task.article, header) if text),
            key=task.folder.replace("/", " "),
            choices=choices,
            explanation=word(task.values, "message_correct"),
            path=task.origin,
            line=1,
            original=task.description,
        )
        question = question_of(self.course, found)
        part.text = ""
        return self.course.quiz(module, part, [question]) if question else None

    def _output(self, module: ModuleNode, part: Part, task: Task) -> LessonNode:
        """A program that has to print something; a text to read where it cannot run here."""
        expected = text_beside(self.source, task.folder, OUTPUTS)
        code = task.codes[0] if len(task.codes) == 1 else None
        if expected is None or code is None or code.language not in PROGRAMS:
            self.tested[task.kind] += 1
            return self.course.page(module, part)
        task.codes = []
        part.text = task.article
        given = text_beside(self.source, task.folder, INPUTS) or ""
        values = blank("Prints what is expected") | {
            "is_visible": True,
            "stdin": given,
            "expected_stdout": expected,
        }
        node = AssignmentNode(_rules(code), [CaseNode("output", values, task.origin)])
        lesson = self.course.assignment(module, part, node)
        if not node.rules["solution"]:
            message = "Imported as a draft: it needs a solution."
            self.course.warn(message, task.origin, 1, "unfinished")
        return lesson

    def _tell(self) -> None:
        """One sentence a course, not one a task."""
        if count := sum(self.tested[kind] for kind in TESTED | {"output"}):
            tasks = "1 task" if count == 1 else f"{count} tasks"
            message = (
                f"The tests of {tasks} cannot be run here: what is to be done is a text to read."
            )
            self.course.warn(message, COURSE, 0, "tests")
        if count := self.tested["ide"]:
            tasks = "1 task is" if count == 1 else f"{count} tasks are"
            self.course.warn(f"{tasks} to be done in an IDE: imported as texts.", COURSE, 0, "ide")
        if self.missing:
            files = "1 file is" if self.missing == 1 else f"{self.missing} files are"
            message = f"{files} named by tasks, but not there."
            self.course.warn(message, COURSE, 0, "reference")


def _rules(code: Code) -> dict[str, object]:
    return {
        "language": code.language,
        "function": "",
        "compare": str(Assignment.Compare.TRIM),
        "tolerance": 1e-6,
        "pass_percent": 100,
        "cpu_seconds": 2.0,
        "memory": 128,
        "hints": [],
        "starter": _source(code.starter),
        "solution": _source(code.solution),
    }


def _source(text: str) -> str:
    """Source text that can be run; "" if it cannot."""
    try:
        return clean_source(text) if text.strip() else ""
    except SourceRefused:
        return ""


def _markdown(text: str) -> str:
    return markdown_of(text) if looks_like_html(text) else text


def _parents(path: str) -> list[str]:
    names = path.split("/")
    return ["/".join(names[:count]) for count in range(1, len(names))]

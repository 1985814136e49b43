"""Exercism's canonical data: folders of problems, read into the tree as docs/authoring.md says."""

import posixpath
import re
import tomllib
from typing import Any

from django.utils.text import slugify

from assessments.models import Assignment
from courses.models import Difficulty, Lesson
from courses.texts import fault_of_line
from sandbox.job import MAX_SOURCE, SourceRefused, clean_source
from studio.importing.exercism.cases import Calls, read_calls
from studio.importing.exercism.task import DATA, TASKS, TEXTS, task_of
from studio.importing.files import Source, text_of
from studio.importing.refusal import Finding, ImportRefused, refuse
from studio.importing.strict_yaml import MAX_BYTES
from studio.importing.tree import (
    RESERVED,
    AssignmentNode,
    CourseNode,
    LessonNode,
    ModuleNode,
    Skipped,
)

MAX_DATA = 1024 * 1024
SOLUTIONS = ("solution.py", ".meta/example.py", ".meta/exemplar.py")
READ = {DATA, *TEXTS, "metadata.toml"}
SLUG = re.compile(r"(?=.{1,80}\Z)[a-z0-9]+(-[a-z0-9]+)*")
WANTED = "Imported as a draft: it needs a solution, on the site or beside it as solution.py."


def is_exercism(source: Source) -> bool:
    return any(posixpath.basename(path) == DATA for path in source.files)


def read_exercism(source: Source, slug: str, title: str) -> CourseNode:
    return ExercismFolder(source, slug, title).read()


class ExercismFolder:
    """Reads a folder with one problem, several or a whole repository of them, as one course."""

    def __init__(self, source: Source, slug: str = "", title: str = "") -> None:
        self.source, self.files = source, source.files
        name = source.name.replace("-", " ").replace("_", " ").strip()
        self.slug = slug or slugify(source.name)[:80].strip("-") or "exercism"
        self.title = title[:120] or (name[:1].upper() + name[1:])[:120] or "Exercism"
        self.errors: list[Finding] = []
        self.warnings: list[Finding] = []
        self.skipped: list[Skipped] = []
        self.taken: set[str] = set()

    def read(self) -> CourseNode:
        """Raises ImportRefused with every reason."""
        if self.slug in RESERVED or not SLUG.fullmatch(self.slug):
            raise refuse(f'The id "{self.slug}" is not allowed. Use small letters and hyphens.')
        if fault := fault_of_line(self.title):
            raise refuse(f"The title: {fault}")
        folders = [posixpath.dirname(path) for path in self.files if _is_data(path)]
        lessons = [node for folder in sorted(folders) if (node := self._problem(folder))]
        self._refuse_twins(lessons)
        for path in self.files:
            if path not in self.taken:
                self.skipped.append(Skipped(path, "it belongs to no problem, or is not read"))
        if self.errors:
            raise ImportRefused(self.errors)
        count = "1 problem" if len(lessons) == 1 else f"{len(lessons)} problems"
        return CourseNode(
            slug=self.slug,
            values={
                "title": self.title,
                "summary": f"{count} from Exercism's problem specifications.",
                "description": "",
                "difficulty": str(Difficulty.BEGINNER),
                "licence": self._licence(),
                "authors": [],
                "tags": ["exercism"],
                "opens_to_all": True,
                "language": "python",
            },
            language="python",
            language_name="Python",
            draft=True,
            modules=[ModuleNode("problems", "problems", _named("Problems"), lessons)],
            skipped=self.skipped,
            warnings=self.warnings,
        )

    def _licence(self) -> str:
        names = [name for name in self.files if name.upper().startswith("LICENSE")]
        texts = [text_of(self.files[name], MAX_BYTES) for name in names]
        return "MIT" if any("MIT License" in text[:200] for text in texts) else ""

    def _refuse_twins(self, lessons: list[LessonNode]) -> None:
        seen: dict[str, str] = {}
        for lesson in lessons:
            other = seen.setdefault(lesson.key, lesson.source)
            if other != lesson.source:
                message = f'The problem "{lesson.key}" appears twice: in {other} and here.'
                self.errors.append(Finding(message, lesson.source, code="twice"))

    def _problem(self, folder: str) -> LessonNode | None:
        """The lesson of one problem; None if there is nothing in it to be solved here."""
        start = f"{folder}/" if folder else ""
        self.taken |= {start + name for name in READ}
        path = start + DATA
        try:
            calls = read_calls(text_of(self.files[path], MAX_DATA), path)
            slug = slugify(posixpath.basename(folder) or calls.exercise)[:80].strip("-")
            if not slug:
                raise refuse("The problem has no name that could stand in an address.", path)
            if f"{start}.deprecated" in self.files:
                self.taken.add(f"{start}.deprecated")
                calls.leave_out("the problem is deprecated")
            self.skipped += [
                Skipped(f"{slug}/{one.key}", one.reason, "case") for one in calls.skipped
            ]
            if not calls.cases:
                self.skipped.append(Skipped(slug, "no case of it can be run here", "lesson"))
                return None
            return self._lesson(start, slug, calls)
        except ImportRefused as refusal:
            self.errors += refusal.findings
            return None

    def _lesson(self, start: str, slug: str, calls: Calls) -> LessonNode:
        about = self._metadata(f"{start}metadata.toml")
        solution = self._solution(start)
        source = next((start + name for name in TASKS if start + name in self.files), start + DATA)
        title = about.get("title") or slug.replace("-", " ").capitalize()
        if not solution:
            self.warnings.append(Finding(WANTED, source, code="unfinished"))
        values = {
            "title": title[:120],
            "summary": about.get("blurb", "")[:240],
            "kind": str(Lesson.Kind.ASSIGNMENT),
            "content": task_of(self.files, start, about),
            "minutes": 15,
            "xp_reward": 20,
            "status": str(Lesson.Status.PUBLISHED if solution else Lesson.Status.DRAFT),
            "is_preview": False,
            "is_required": True,
        }
        rules = {
            "language": str(Assignment.Language.PYTHON),
            "function": calls.functions[0].name,
            "compare": str(Assignment.Compare.VALUE),
            "tolerance": 1e-6,
            "pass_percent": 100,
            "cpu_seconds": 2.0,
            "memory": 128,
            "hints": [],
            "starter": calls.starter,
            "solution": solution,
        }
        return LessonNode(slug, source, values, assignment=AssignmentNode(rules, calls.cases))

    def _metadata(self, path: str) -> dict[str, str]:
        """What metadata.toml says, each as one line."""
        if path not in self.files:
            return {}
        try:
            found: dict[str, Any] = tomllib.loads(text_of(self.files[path], MAX_BYTES))
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise refuse(f"This is not valid TOML: {error}.", path) from error
        return {name: " ".join(text.split()) for name, text in found.items() if _is_text(text)}

    def _solution(self, start: str) -> str:
        path = next((start + name for name in SOLUTIONS if start + name in self.files), "")
        if not path:
            return ""
        self.taken.add(path)
        try:
            return clean_source(text_of(self.files[path], 4 * MAX_SOURCE))
        except SourceRefused as refusal:
            raise refuse(str(refusal), path) from refusal


def _is_data(path: str) -> bool:
    return posixpath.basename(path) == DATA


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _named(title: str) -> dict[str, str]:
    return {"title": title, "description": ""}

"""Exercism's canonical data: folders of problems, read into the tree as docs/authoring.md says."""

import posixpath
import tomllib
from typing import Any

from django.utils.text import slugify

from assessments.models import Assignment
from sandbox.job import MAX_SOURCE, SourceRefused, clean_source
from studio.importing.exercism.cases import Calls, read_calls
from studio.importing.exercism.task import DATA, TASKS, TEXTS, task_of
from studio.importing.files import Source, text_of
from studio.importing.foreign import ForeignCourse, Part
from studio.importing.names import one_line, slug_of
from studio.importing.refusal import Finding, ImportRefused, refuse
from studio.importing.strict_yaml import MAX_BYTES
from studio.importing.tree import AssignmentNode, CourseNode, ModuleNode

MAX_DATA = 1024 * 1024
SOLUTIONS = ("solution.py", ".meta/example.py", ".meta/exemplar.py")
READ = {DATA, *TEXTS, "metadata.toml"}
MINUTES, LONGEST_KEY, LONGEST_SUMMARY = 15, 70, 240
WANTED = "Imported as a draft: it needs a solution, on the site or beside it as solution.py."


def is_exercism(source: Source) -> bool:
    return any(posixpath.basename(path) == DATA for path in source.files)


def read_exercism(source: Source, slug: str, title: str) -> CourseNode:
    return ExercismFolder(source, slug, title).read()


class ExercismFolder:
    """Reads a folder with one problem, several or a whole repository of them, as one course."""

    def __init__(self, source: Source, slug: str = "", title: str = "") -> None:
        self.files = source.files
        name = source.name.replace("-", " ").replace("_", " ").strip()
        named = title or name[:1].upper() + name[1:] or "Exercism"
        slug = slug or slug_of(source.name) or "exercism"
        self.course = ForeignCourse(source, slug, named, tags=["exercism"])
        self.seen: dict[str, str] = {}
        self.taken: set[str] = set()

    def read(self) -> CourseNode:
        """Raises ImportRefused with every reason."""
        module = self.course.module("problems", "Problems")
        module.source = "problems"
        for folder in sorted(posixpath.dirname(path) for path in self.files if _is_data(path)):
            try:
                self._problem(module, folder)
            except ImportRefused as refusal:
                self.course.errors += refusal.findings
        for path in self.files:
            if path not in self.taken:
                self.course.skip(path, "it belongs to no problem, or is not read")
        count = len(module.lessons)
        problems = "1 problem" if count == 1 else f"{count} problems"
        self.course.summary = f"{problems} from Exercism's problem specifications."
        self.course.licence = self._licence()
        self.course.language = "python"
        return self.course.finish()

    def _licence(self) -> str:
        names = [name for name in self.files if name.upper().startswith("LICENSE")]
        texts = [text_of(self.files[name], MAX_BYTES) for name in names]
        return "MIT" if any("MIT License" in text[:200] for text in texts) else ""

    def _problem(self, module: ModuleNode, folder: str) -> None:
        """The lesson of one problem. Raises ImportRefused; what cannot be run here is told."""
        start = f"{folder}/" if folder else ""
        self.taken |= {start + name for name in READ}
        path = start + DATA
        calls = read_calls(text_of(self.files[path], MAX_DATA), path)
        slug = slugify(posixpath.basename(folder) or calls.exercise)[:LONGEST_KEY].strip("-")
        if not slug:
            raise refuse("The problem has no name that could stand in an address.", path)
        if f"{start}.deprecated" in self.files:
            self.taken.add(f"{start}.deprecated")
            calls.leave_out("the problem is deprecated")
        for one in calls.skipped:
            self.course.skip(f"{slug}/{one.key}", one.reason, "case")
        if not calls.cases:
            self.course.skip(slug, "no case of it can be run here", "lesson")
            return
        source = next((start + name for name in TASKS if start + name in self.files), path)
        other = self.seen.setdefault(slug, source)
        if other != source:
            message = f'The problem "{slug}" appears twice: in {other} and here.'
            raise ImportRefused([Finding(message, source, code="twice")])
        self._lesson(module, start, Part(slug, "", source, minutes=MINUTES), calls)

    def _lesson(self, module: ModuleNode, start: str, part: Part, calls: Calls) -> None:
        about = self._metadata(f"{start}metadata.toml")
        solution = self._solution(start)
        if not solution:
            self.course.warn(WANTED, part.origin, code="unfinished")
        part.title = about.get("title") or part.key.replace("-", " ").capitalize()
        part.text = task_of(self.files, start, about)
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
        lesson = self.course.assignment(module, part, AssignmentNode(rules, calls.cases))
        lesson.values["summary"] = about.get("blurb", "")[:LONGEST_SUMMARY]
        # The report and the lesson name the file that learners' task stands in.
        lesson.source = part.origin

    def _metadata(self, path: str) -> dict[str, str]:
        """What metadata.toml says, each as one line."""
        if path not in self.files:
            return {}
        try:
            found: dict[str, Any] = tomllib.loads(text_of(self.files[path], MAX_BYTES))
        except tomllib.TOMLDecodeError as error:
            raise refuse(f"This is not valid TOML: {str(error)[:200]}.", path) from error
        except (ValueError, RecursionError) as error:
            message = "A number in it is too long, or its values are nested too deeply."
            raise refuse(message, path) from error
        texts = {name: text for name, text in found.items() if isinstance(text, str)}
        return {name: one_line(text, MAX_BYTES) for name, text in texts.items()}

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

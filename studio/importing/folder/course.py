"""A folder of Markdown and YAML, read into the tree. docs/authoring.md describes the format."""

import math
import re
from collections.abc import Iterable, Sequence

from django.utils.text import slugify

from courses.links import plain_name
from courses.models import MAX_TEXT, Difficulty
from courses.texts import LONGEST_LINE, MOST_LINES
from studio.importing.agreement import FILE as MARKS
from studio.importing.agreement import read_marks
from studio.importing.files import Source, SourceFile, text_of
from studio.importing.folder.assignment_file import NOT_GIVEN, AssignmentFile
from studio.importing.folder.fields import Fields
from studio.importing.folder.lesson_file import LessonFile, title_of_name
from studio.importing.folder.quiz_file import QuizFile
from studio.importing.gift.reader import read_gift_lesson
from studio.importing.refusal import Finding, ImportRefused, refuse
from studio.importing.served import is_served
from studio.importing.strict_yaml import MAX_BYTES, load
from studio.importing.tree import RESERVED, CourseNode, LessonNode, ModuleNode, Skipped

DIFFICULTIES: dict[str, str] = {choice.value.lower(): choice.value for choice in Difficulty}
NUMBER = re.compile(r"^(\d+)[-_. ]")
QUIZZES = (".quiz.yaml", ".quiz.yml")
GIFT = ".gift"
ASSIGNMENT = "assignment.yaml"
# The description of a course may be as long as a lesson.
MAX_WITH_TEXT = MAX_BYTES + 4 * MAX_TEXT
MISPLACED = {ASSIGNMENT, "assignment.yml"}


def in_order(names: Iterable[str]) -> list[str]:
    """Names by the number in front of them; those without one last, by name."""

    def place(name: str) -> tuple[float, str]:
        hit = NUMBER.match(name)
        return (int(hit[1][:9]) if hit else math.inf, name.casefold())

    return sorted(names, key=place)


class CourseFolder:
    """Reads one source, noting all its faults before refusing it."""

    def __init__(self, source: Source) -> None:
        self.source, self.files = source, source.files
        self.errors: list[Finding] = []
        self.warnings: list[Finding] = []
        self.skipped: list[Skipped] = []
        self.taken: set[str] = set()

    def read(self) -> CourseNode:
        if "course.yaml" not in self.files:
            raise refuse(f"Cannot read {self.source.name}: there is no course.yaml.")
        self.taken.add("course.yaml")
        course, order = self._course()
        course.modules = self._sorted(
            [self._module(course, name) for name in in_order(self._folders(""))], order
        )
        self._refuse_twins(course.modules, "module")
        self._refuse_twins(course.lessons, "lesson")
        self._refuse_unknown_lessons(course.lessons)
        self._refuse_strays()
        course.exported = self._exported()
        course.assets = self._assets()
        course.skipped, course.warnings = self.skipped, self.warnings
        if self.errors:
            raise ImportRefused(self.errors)
        return course

    def _course(self) -> tuple[CourseNode, list[str]]:
        text = text_of(self.files["course.yaml"], MAX_WITH_TEXT)
        mapping = load(text, "course.yaml", max_bytes=MAX_WITH_TEXT)
        fields = Fields(mapping, "course.yaml", self.errors)
        if fields.integer("format", 1, 0, 9999) != 1:
            fields.error("Only format 1 can be read.", fields.line_of("format"))
        slug = fields.slug("id", 80)
        if "id" not in fields.items:
            slug = slugify(plain_name(self.source.name))[:80]
        if slug in RESERVED or (not slug and "id" not in fields.items):
            fields.error(f'The id "{slug}" is not allowed.', fields.line_of("id"))
        order = fields.texts("modules", 120, most=200)
        language = fields.slug("language", 60)
        course = CourseNode(
            slug=slug,
            values={
                "title": fields.text("title", 120, required=True),
                "summary": fields.text("summary", 240),
                "description": fields.text("description", MAX_TEXT, lines=True),
                "difficulty": fields.choice("difficulty", DIFFICULTIES, str(Difficulty.BEGINNER)),
                "licence": fields.text("licence", 60),
                "authors": fields.texts("authors", LONGEST_LINE, MOST_LINES),
                "tags": fields.texts("tags", LONGEST_LINE, MOST_LINES),
                "opens_to_all": fields.boolean("opens_to_all", True),
                "language": language,
            },
            language=language,
            language_name=fields.text("language_name", 60) or language.capitalize(),
            draft=fields.boolean("draft", False),
            is_named="id" in fields.items,
        )
        fields.finish()
        return course, order

    def _exported(self) -> frozenset[str]:
        """The marks of the export that the folder came from; without them it is like any other."""
        file = self.files.get(MARKS)
        if file is None:
            return frozenset()
        self.taken.add(MARKS)
        try:
            return read_marks(file)
        except ImportRefused as refusal:
            message = f"{MARKS} is not as an export wrote it, and is not looked at."
            self.warnings.append(Finding(message, MARKS, refusal.findings[0].line, "exported"))
            return frozenset()

    def _folders(self, under: str) -> set[str]:
        """Names of the folders in a folder, without those that cannot hold lessons."""
        found = {
            path[len(under) :].split("/")[0]
            for path in self.files
            if path.startswith(under) and "/" in path[len(under) :]
        }
        return {
            name
            for name in found
            if name != "assets" and not name.startswith(".") and self._teaches(f"{under}{name}/")
        }

    def _teaches(self, folder: str) -> bool:
        ends = (".md", "module.yaml", ASSIGNMENT, GIFT, *QUIZZES)
        return any(path.startswith(folder) and path.endswith(ends) for path in self.files)

    def _module(self, course: CourseNode, name: str) -> ModuleNode:
        path = f"{name}/module.yaml"
        plain = plain_name(name)
        identity = title = summary = ""
        if path in self.files:
            self.taken.add(path)
            fields = Fields(load(text_of(self.files[path], MAX_BYTES), path), path, self.errors)
            identity = fields.identity("id", 120, made=True)
            title, summary = fields.text("title", 120), fields.text("summary", 400)
            fields.finish()
        title = title or title_of_name(plain) or "Module"
        module = ModuleNode(
            identity or plain.casefold()[:120], name, {"title": title, "description": summary}
        )
        module.lessons = self._lessons(course, f"{name}/", f"{plain}/")
        if not module.lessons:
            self.warnings.append(Finding("The module has no lessons.", name, code="empty"))
        return module

    def _lessons(self, course: CourseNode, folder: str, plain: str) -> list[LessonNode]:
        """Lessons of a folder in order; a folder inside it is a lesson with files of its own."""
        here = {
            path[len(folder) :]
            for path in self.files
            if path.startswith(folder) and "/" not in path[len(folder) :]
        }
        lessons: list[LessonNode] = []
        for name in in_order(here | self._folders(folder)):
            path = f"{folder}{name}"
            key = f"{plain}{plain_name(name)}"
            if name not in here:
                lessons += self._lesson_folder(course, f"{path}/", f"{key}/")
            elif name.endswith(GIFT):
                lessons += self._gift(path, key.removesuffix(GIFT))
            elif name.endswith(QUIZZES):
                lessons.append(self._lesson(course, path, key.rpartition(".quiz.")[0]))
            elif name.endswith(".md") and name != "index.md":
                lessons.append(self._lesson(course, path, key.removesuffix(".md")))
        return lessons

    def _lesson_folder(self, course: CourseNode, folder: str, plain: str) -> list[LessonNode]:
        if f"{folder}{ASSIGNMENT}" in self.files:
            return [self._lesson(course, f"{folder}{ASSIGNMENT}", plain.rstrip("/"))]
        index = f"{folder}index.md"
        first = [self._lesson(course, index, plain.rstrip("/"))] if index in self.files else []
        return first + self._lessons(course, folder, plain)

    def _lesson(self, course: CourseNode, path: str, key: str) -> LessonNode:
        self.taken.add(path)
        key = key.casefold()[:200]
        try:
            if path.endswith(QUIZZES):
                told = (self.errors, self.warnings)
                return QuizFile(self.files, path, *told, is_draft=course.draft).read(key)
            if path.endswith(f"/{ASSIGNMENT}"):
                return self._assignment(course, path, key)
            file = LessonFile(self.files, path, course, self.errors, self.warnings)
            node = file.read(key)
            self.taken |= file.used
            return node
        except ImportRefused as refusal:
            self.errors += refusal.findings
            return LessonNode(path, path, {"title": path})

    def _gift(self, path: str, key: str) -> list[LessonNode]:
        """The quiz in a file of GIFT, or none where nothing in it has a place here."""
        self.taken.add(path)
        try:
            lesson, told = read_gift_lesson(self.source, path, key.casefold()[:200])
        except ImportRefused as refusal:
            self.errors += refusal.findings
            return []
        self.warnings += told.warnings
        self.skipped += told.skipped
        return [lesson] if lesson else []

    def _assignment(self, course: CourseNode, path: str, key: str) -> LessonNode:
        folder, told = path.removesuffix(ASSIGNMENT), (self.errors, self.warnings)
        file = AssignmentFile(self.files, folder, *told, is_draft=course.draft)
        node = file.read(key)
        self.taken |= file.used
        for other in file.held_back:
            self._skip(other, NOT_GIVEN)
        return node

    def _skip(self, path: str, reason: str) -> None:
        self.taken.add(path)
        self.skipped.append(Skipped(path, reason))

    def _refuse_strays(self) -> None:
        """What belongs to an assignment is never left to be served as a file of the course."""
        for path in self.files:
            folder, _, name = path.rpartition("/")
            if path in self.taken:
                continue
            if name.lower() in MISPLACED:
                message = "An assignment is a folder inside a module, with its assignment.yaml."
                self.errors.append(Finding(message, path, code="place"))
            elif name.lower() == "tests.yaml" and f"{folder}/{ASSIGNMENT}" not in self.files:
                message = "There is no assignment.yaml beside these cases."
                self.errors.append(Finding(message, path, code="place"))

    def _assets(self) -> dict[str, SourceFile]:
        assets = {}
        for path, file in self.files.items():
            if path in self.taken:
                continue
            if is_served(path):
                assets[path] = file
            elif path.endswith((".md", GIFT, *QUIZZES)):
                self._skip(path, "it belongs to no module")
            else:
                self._skip(path, "files of this kind are not served")
        return assets

    def _sorted(self, modules: list[ModuleNode], order: list[str]) -> list[ModuleNode]:
        by_key = {module.key: module for module in modules}
        for key in order:
            if key not in by_key:
                message = f'Unknown reference "{key}" in "modules".'
                self.errors.append(Finding(message, "course.yaml", code="reference"))
        listed = [by_key[key] for key in dict.fromkeys(order) if key in by_key]
        rest = [module for module in modules if module.key not in order]
        if order:
            for module in rest:
                message = f'"modules" does not name {module.key}: it comes last.'
                self.warnings.append(Finding(message, "course.yaml", code="order"))
        return listed + rest

    def _refuse_twins(self, nodes: Sequence[ModuleNode | LessonNode], what: str) -> None:
        seen: dict[str, str] = {}
        for node in nodes:
            other = seen.setdefault(node.key.casefold(), node.source)
            if other != node.source:
                message = f'The {what} id "{node.key}" appears twice: in {other} and here.'
                self.errors.append(Finding(message, node.source, code="twice"))

    def _refuse_unknown_lessons(self, lessons: list[LessonNode]) -> None:
        keys = {lesson.key for lesson in lessons}
        for lesson in lessons:
            for question in lesson.quiz.questions if lesson.quiz else []:
                if question.lesson and question.lesson not in keys:
                    message = f'Unknown reference "{question.lesson}" in "lesson".'
                    place = (lesson.source, question.lesson_line)
                    self.errors.append(Finding(message, *place, "reference"))

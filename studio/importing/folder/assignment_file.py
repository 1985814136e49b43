"""One assignment of the folder format: its rules, its task, its code and its cases."""

from collections.abc import Mapping as Files
from typing import Any

from assessments.fairness import NO_CASE, NO_SOLUTION, faults_of_rules
from assessments.models import Assignment
from assessments.models.assignment import LONGEST_HINT, MOST_HINTS
from courses.models import MAX_TEXT, Lesson
from sandbox.job import MAX_SOURCE, SourceRefused, clean_source
from studio.importing.files import SourceFile, text_of
from studio.importing.folder.assignment_cases import CasesReader
from studio.importing.folder.fields import Fields
from studio.importing.folder.lesson_file import UNFINISHED, doubts_about, title_from
from studio.importing.refusal import Finding, ImportRefused
from studio.importing.strict_yaml import MAX_BYTES, load
from studio.importing.tree import AssignmentNode, LessonNode

Compare, Language = Assignment.Compare, Assignment.Language
LANGUAGES: dict[str, str] = {choice.value: choice.value for choice in Language}
COMPARES: dict[str, str] = {choice.value: choice.value for choice in Compare}
ENDINGS = {Language.PYTHON: ".py", Language.JAVASCRIPT: ".js", Language.JAVA: ".java"}
MAX_WITH_HINTS = MAX_BYTES + 4 * MOST_HINTS * LONGEST_HINT
CODE = ("starter", "solution")
# Files beside the task that learners may be given. Anything else could be a solution.
GIVEN = (
    *(".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".pdf", ".csv"),
    *(".mp4", ".webm", ".ogg", ".mp3", ".m4a", ".vtt"),
)
NOT_GIVEN = "only pictures, sounds, videos, .pdf and .csv are served from an assignment's folder"


class AssignmentFile:
    """Reads the assignment in `folder`; faults go to `errors`, doubts to `warnings`.

    `used` are the files that were read, `held_back` those that nobody may be given. What is not
    finished yet is a doubt in a draft, be it the lesson or, with `is_draft`, all of its course.
    """

    def __init__(
        self, files: Files[str, SourceFile], folder: str, errors: list[Finding],
        warnings: list[Finding], *, is_draft: bool = False,
    ) -> None:  # fmt: skip
        self.files, self.folder, self.errors, self.warnings = files, folder, errors, warnings
        self.is_draft = is_draft
        self.path, self.task = f"{folder}assignment.yaml", f"{folder}description.md"
        self.used = {self.path, self.task}

    @property
    def held_back(self) -> list[str]:
        inside = [path for path in self.files if path.startswith(self.folder)]
        tests = f"{self.folder}tests/"
        return [
            path
            for path in inside
            if path not in self.used
            and (path.startswith(tests) or not path.lower().endswith(GIVEN))
        ]

    def read(self, key: str) -> LessonNode:
        """Return the lesson with its assignment; `key` is its identity unless its file has one."""
        text = text_of(self.files[self.path], MAX_WITH_HINTS)
        mapping = load(text, self.path, max_bytes=MAX_WITH_HINTS)
        fields = Fields(mapping, self.path, self.errors)
        identity = fields.identity("id", 200, made=True)
        values = self._values(fields)
        rules = read_rules(fields)
        fields.finish()
        for name in CODE:
            rules[name] = self._code(name, rules["language"])
        reader = CasesReader(
            self.files, self.folder, Assignment(**rules), self.errors, self.warnings
        )
        try:
            cases = reader.read()
        except ImportRefused as refusal:
            self.errors += refusal.findings
            cases = None
        self.used |= reader.used
        if not rules["solution"]:
            self._lacking(str(NO_SOLUTION), self.path)
        if cases == []:
            self._lacking(str(NO_CASE), self.path)
        return LessonNode(
            identity or key, self.task, values, assignment=AssignmentNode(rules, cases or [])
        )

    def _lacking(self, message: str, path: str) -> None:
        found = self.warnings if self.is_draft else self.errors
        found.append(Finding(message, path, 1, UNFINISHED))

    def _values(self, fields: Fields) -> dict[str, Any]:
        draft = fields.boolean("draft", False)
        self.is_draft |= draft
        content = self._content()
        return {
            "title": fields.text("title", 120) or title_from(content, self.folder.rstrip("/")),
            "summary": fields.text("summary", 240),
            "kind": str(Lesson.Kind.ASSIGNMENT),
            "content": content,
            "minutes": fields.integer("minutes", 10, 1, 600),
            "xp_reward": fields.integer("xp", 20, 1, 1000),
            "status": str(Lesson.Status.DRAFT if draft else Lesson.Status.PUBLISHED),
            "is_preview": fields.boolean("preview", False),
            "is_required": fields.boolean("required", True),
        }

    def _content(self) -> str:
        if self.task not in self.files:
            message = "description.md is missing: it says what is to be solved."
            self.errors.append(Finding(message, self.path, 1, "reference"))
            return ""
        # Not stripped in front: findings name lines of the file.
        content = text_of(self.files[self.task], 4 * MAX_TEXT).rstrip("\n")
        if len(content) > MAX_TEXT:
            message = f"The text has more than {MAX_TEXT:,} characters."
            self.errors.append(Finding(message, self.task, 1, "length"))
            return ""
        if not content.strip():
            self._lacking("The task has no text.", self.task)
        self.warnings += doubts_about(content, self.task, 1)
        return content

    def _code(self, name: str, language: str) -> str:
        """The text of starter or solution; "" if there is none."""
        wanted = f"{self.folder}{name}{ENDINGS[Language(language)]}"
        for ending in ENDINGS.values():
            path = f"{self.folder}{name}{ending}"
            if path in self.files and path != wanted:
                self.used.add(path)
                message = f"The language is {language}, but this file is of another."
                self.errors.append(Finding(message, path, code="language"))
        if wanted not in self.files:
            return ""
        self.used.add(wanted)
        try:
            text = text_of(self.files[wanted], 4 * MAX_SOURCE)
            return clean_source(text) if text.strip() else ""
        except ImportRefused as refusal:
            self.errors += refusal.findings
        except SourceRefused as refusal:
            self.errors.append(Finding(str(refusal), wanted, code="length"))
        return ""


def read_rules(fields: Fields) -> dict[str, Any]:
    """The rules, by the names of the model."""
    language = read_language(fields)
    function = fields.text("function", 80)
    usual = Compare.EXACT if function else Compare.TOKENS
    compare = fields.choice("compare", COMPARES, str(usual))
    if "tolerance" in fields.items and compare != Compare.APPROX:
        message = 'A "tolerance" goes with "compare: approx" only.'
        fields.error(message, fields.line_of("tolerance"))
    limits = Fields(fields.mapping("limits"), fields.path, fields.errors)
    rules = {
        "language": language,
        "function": function,
        "compare": compare,
        "tolerance": fields.number("tolerance", 1e-6, 0.0, 1e6),
        "pass_percent": fields.integer("pass", 100, 1, 100),
        "cpu_seconds": limits.number("seconds", 2.0, 0.1, 20.0),
        "memory": limits.integer("memory", 128, 32, 1024),
        "hints": fields.texts("hints", LONGEST_HINT, MOST_HINTS, lines=True),
    }
    limits.finish()
    for name, words in faults_of_rules(Assignment(**rules)):
        fields.error(f'"{name}": {words}', fields.line_of(name))
    return rules


def read_language(fields: Fields) -> str:
    """The one language, given as such or as a list of one."""
    both = [name for name in ("language", "languages") if name in fields.items]
    several = fields.one_or_several("languages", 20)
    one = fields.text("language", 20)
    given = [*([one] if one else []), *several]
    line = fields.line_of(both[-1]) if both else fields.line
    choices = ", ".join(LANGUAGES)
    if len(given) > 1 or len(both) > 1:
        message = "An assignment has one language. Write another assignment for the other."
        fields.error(message, line)
    elif not given:
        fields.error(f'"language" is missing: one of {choices}.', line)
    elif given[0] not in LANGUAGES:
        fields.error(f'"language" must be one of {choices}.', line)
    return given[0] if given and given[0] in LANGUAGES else str(Language.PYTHON)

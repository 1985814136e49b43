"""What every source becomes: one tree of plain values, compared and applied by the same code."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from studio.importing.files import SourceFile
from studio.importing.refusal import Finding

# Slugs of courses that would be addresses of something else.
RESERVED = {"admin", "api", "static", "media", "new", "files", "enrollment"}


def fingerprint(values: dict[str, Any]) -> str:
    """A hash of field values; equal for a node of the source and the row made from it."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(slots=True)
class OptionNode:
    key: str
    values: dict[str, Any]
    line: int


@dataclass(slots=True)
class QuestionNode:
    """`bank` is a name, `lesson` the key of the lesson to study again; "" for none.

    `lines` says where its texts begin, by the name of their field.
    """

    key: str
    line: int
    values: dict[str, Any]
    bank: str = ""
    lesson: str = ""
    lesson_line: int = 0
    lines: dict[str, int] = field(default_factory=dict)
    options: list[OptionNode] = field(default_factory=list)

    @property
    def compared(self) -> dict[str, Any]:
        """All that makes it this question, in a form that its row gives as well."""
        options = [{"key": option.key, **option.values} for option in self.options]
        return {**self.values, "bank": self.bank, "lesson": self.lesson, "options": options}

    @property
    def texts(self) -> list[tuple[str, int]]:
        """Its texts, each with the line on which it begins."""
        own = [(str(self.values[name]), line) for name, line in self.lines.items()]
        for option in self.options:
            own += [(option.values[name], option.line) for name in ("text", "feedback")]
        return own


@dataclass(slots=True)
class QuizNode:
    """`rules` are fields of the model; `banks` say how many questions are drawn from each.

    `kept` are banks of the site that the source does not have and that stay.
    """

    rules: dict[str, Any]
    banks: dict[str, int]
    questions: list[QuestionNode]
    kept: dict[str, int] = field(default_factory=dict)

    @property
    def compared(self) -> dict[str, Any]:
        return {**self.rules, "banks": {**self.kept, **self.banks}}


def as_text(values: dict[str, Any]) -> str:
    """Values by their names as a text: compared as it, True is not 1, nor 1 the same as 1.0.

    The names inside a value stay in their order: programs see it.
    """
    return json.dumps(dict(sorted(values.items())), ensure_ascii=False)


@dataclass(slots=True)
class CaseNode:
    """`values` are fields of the model; `line` is where it stands in its file `path`."""

    key: str
    values: dict[str, Any]
    path: str
    line: int = 0

    @property
    def compared(self) -> str:
        return as_text(self.values)


@dataclass(slots=True)
class AssignmentNode:
    """`rules` are fields of the model."""

    rules: dict[str, Any]
    cases: list[CaseNode]

    @property
    def compared(self) -> dict[str, Any]:
        return {**self.rules, "cases": [[case.key, case.compared] for case in self.cases]}


@dataclass(slots=True)
class LessonNode:
    """`values` are fields of the model, by name, without those that the site itself gives."""

    key: str
    source: str
    values: dict[str, Any]
    first_line: int = 1
    quiz: QuizNode | None = None
    assignment: AssignmentNode | None = None

    @property
    def title(self) -> str:
        return str(self.values["title"])

    @property
    def compared(self) -> dict[str, Any]:
        """Its fields, and what it is judged by: all that its line in the report speaks of."""
        judged = self.quiz or self.assignment
        return {**self.values, **(judged.compared if judged else {})}


@dataclass(slots=True)
class ModuleNode:
    key: str
    source: str
    values: dict[str, Any]
    lessons: list[LessonNode] = field(default_factory=list)

    @property
    def title(self) -> str:
        return str(self.values["title"])

    @property
    def compared(self) -> dict[str, Any]:
        return self.values


@dataclass(slots=True)
class Skipped:
    """What has no place here. `original` is its text where the source cannot be looked at again."""

    path: str
    reason: str
    kind: str = "file"
    original: str = ""


@dataclass(slots=True)
class CourseNode:
    """`exported` are the marks of what was exported into the source; none where it was not.

    `is_foreign` says that another system made it, `is_named` that it says its own slug.
    """

    slug: str
    values: dict[str, Any]
    language: str
    language_name: str
    draft: bool
    modules: list[ModuleNode] = field(default_factory=list)
    assets: dict[str, SourceFile] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    exported: frozenset[str] = frozenset()
    is_foreign: bool = False
    is_named: bool = True

    @property
    def lessons(self) -> list[LessonNode]:
        return [lesson for module in self.modules for lesson in module.lessons]

    @property
    def size(self) -> int:
        """How many nodes the source has, the course among them."""
        quizzes = [one.quiz for one in self.lessons if one.quiz]
        assignments = [one.assignment for one in self.lessons if one.assignment]
        own = len(self.modules) + len(self.lessons) + len(self.assets) + len(self.skipped)
        questions = sum(len(quiz.questions) for quiz in quizzes)
        return 1 + own + questions + sum(len(one.cases) for one in assignments)

"""The tree of a course that stands in the database: the same that reading its folder makes."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Prefetch

from assessments.assignments import WRITTEN
from assessments.models import Assignment, Option, Question, Quiz, TestCase
from courses.models import Asset, Course, Lesson, Module
from studio.importing.files import SourceFile
from studio.importing.outline import LESSON_VALUES, MODULE_VALUES, VALUES
from studio.importing.quiz_rows import OPTION_VALUES, QUESTION_VALUES, RULES
from studio.importing.refusal import Finding, refuse
from studio.importing.tree import (
    AssignmentNode,
    CaseNode,
    CourseNode,
    LessonNode,
    ModuleNode,
    OptionNode,
    QuestionNode,
    QuizNode,
)

COURSE_VALUES = [
    "title", "summary", "description", "difficulty", "licence", "authors", "tags", "opens_to_all",
]  # fmt: skip
NOT_HELD = "The folder has no place for it"


def tree_of(course: Course) -> CourseNode:
    """The course with its drafts and without what was deleted. Eight queries, whatever its size.

    `warnings` tell what no tree holds. Nobody's name, address or attempt is read.
    """
    lessons = Lesson.objects.filter(course=course, deleted_at=None).in_outline_order()
    lessons = lessons.select_related("assignment", "quiz").prefetch_related(
        "quiz__banks",
        Prefetch("quiz__questions", Question.objects.live().in_order().select_related("bank")),
        Prefetch("quiz__questions__options", Option.objects.filter(deleted_at=None)),
        Prefetch("assignment__cases", TestCase.objects.live().in_order()),
    )
    modules = list(course.modules.filter(deleted_at=None).order_by("position", "id"))
    language = course.language
    tree = CourseNode(
        slug=course.slug,
        values={
            **{name: getattr(course, name) for name in COURSE_VALUES},
            "language": language.slug if language else "",
        },
        language=language.slug if language else "",
        language_name=language.name if language else "",
        draft=course.status != Course.Status.PUBLISHED,
        warnings=_not_held(course, modules),
    )
    _leave_addresses_out(tree)
    for module in modules:
        values = {name: getattr(module, name) for name in MODULE_VALUES}
        tree.modules.append(ModuleNode(module.key, module.source, values))
    homes = {module.pk: node for module, node in zip(modules, tree.modules, strict=True)}
    told = [row for row in lessons if row.module_id in homes]
    keys = {row.pk: row.key for row in told}
    for row in told:
        homes[row.module_id].lessons.append(_lesson(row, keys, tree.warnings))
    assets = course.assets.order_by("path")
    tree.assets = {row.path: SourceFile(row.path, row.size, _reader(row)) for row in assets}
    return tree


def _lesson(row: Lesson, keys: dict[Any, str], lost: list[Finding]) -> LessonNode:
    names = VALUES.get(Lesson.Kind(row.kind), LESSON_VALUES)
    node = LessonNode(row.key, row.source, {name: getattr(row, name) for name in names})
    if row.kind == Lesson.Kind.QUIZ:
        quiz = getattr(row, "quiz", None) or Quiz(lesson=row)
        node.quiz = _quiz(quiz, keys)
        used = {one.bank for one in node.quiz.questions}
        for name in sorted(node.quiz.banks.keys() - used):
            message = f'The bank "{name}" has no questions and is left out.'
            lost.append(Finding(message, row.source, code="lost"))
            del node.quiz.banks[name]
    elif row.kind == Lesson.Kind.ASSIGNMENT:
        node.assignment = _assignment(getattr(row, "assignment", None) or Assignment(lesson=row))
    return node


def _quiz(quiz: Quiz, keys: dict[Any, str]) -> QuizNode:
    is_new = quiz._state.adding
    banks = {} if is_new else {bank.name: bank.pick for bank in quiz.banks.all()}
    questions: Sequence[Question] = [] if is_new else list(quiz.questions.all())
    rules = {name: getattr(quiz, name) for name in RULES}
    return QuizNode(rules, banks, [_question(one, keys) for one in questions])


def _question(row: Question, keys: dict[Any, str]) -> QuestionNode:
    """What its lesson to study again was called is gone with the lesson."""
    return QuestionNode(
        row.key,
        0,
        {name: getattr(row, name) for name in QUESTION_VALUES},
        bank=row.bank.name if row.bank else "",
        lesson=keys.get(row.taught_in_id, ""),
        lines=dict.fromkeys(("prompt", "explanation", "model_answer"), 0),
        options=[
            OptionNode(one.key, {name: getattr(one, name) for name in OPTION_VALUES}, 0)
            for one in row.options.all()
        ],
    )


def _assignment(assignment: Assignment) -> AssignmentNode:
    cases = [] if assignment._state.adding else list(assignment.cases.all())
    return AssignmentNode(
        {name: getattr(assignment, name) for name in WRITTEN},
        [CaseNode(case.key, case.compared, "") for case in cases],
    )


def _reader(asset: Asset) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            with asset.source_file.open("rb") as stream:
                return bytes(stream.read())
        except OSError as error:
            raise refuse("The file is missing in the storage.", asset.path) from error

    return read


def _not_held(course: Course, modules: Sequence[Module]) -> list[Finding]:
    """What the site has of a course and no format has."""
    found = []
    if course.required_plan != Course.Plan.FREE:
        found.append(f"the plan that it needs ({course.get_required_plan_display()})")
    language = course.language
    if language and language.required_plan != Course.Plan.FREE:
        plan = language.get_required_plan_display()
        found.append(f"the plan that all courses in {language} need ({plan})")
    if course.prerequisite_id:
        found.append("the course that comes before it")
    if course.cover_id:
        found.append("its cover")
    if course.status == Course.Status.ARCHIVED:
        found.append("that it is archived: it becomes a draft")
    found += [f"the syllabus of {module.key}" for module in modules if module.syllabus]
    return [Finding(f"{NOT_HELD}: {what}.", "course.yaml", code="lost") for what in found]


def _leave_addresses_out(tree: CourseNode) -> None:
    """Authors are names: an e-mail address among them goes nowhere."""
    authors = tree.values["authors"]
    tree.values["authors"] = [name for name in authors if "@" not in name]
    if len(tree.values["authors"]) < len(authors):
        message = "An e-mail address among the authors is left out: write names only."
        tree.warnings.append(Finding(message, "course.yaml", code="lost"))

"""Assessments of QTI 1.2 as quizzes, whether they lie in a cartridge or by themselves."""

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from studio.importing.files import Source
from studio.importing.foreign import ForeignCourse, Part
from studio.importing.foreign_questions import Found, question_of
from studio.importing.qti.item import NO_ANSWER, Left, material_of, read_item
from studio.importing.qti.newer import read_newer
from studio.importing.qti.scoring import metadata_of, number
from studio.importing.refusal import ImportRefused
from studio.importing.strict_xml import (
    Element,
    attribute,
    children,
    descendants,
    line_of,
    local,
    parse_xml,
    text_of_element,
)
from studio.importing.tree import CourseNode, LessonNode, ModuleNode, QuestionNode

ROOT = re.compile(rb"<(?:[\w.-]+:)?(questestinterop|assessmentItem|assessmentTest)[\s>/]")
ENDINGS = (".xml", ".qti")
HEAD = 4096
Mend = Callable[[str], str]


@dataclass(slots=True)
class Assessment:
    """What stands between <assessment> and its end, or a bank of items, or items alone."""

    key: str
    title: str
    path: str
    line: int
    items: list[Element]
    intro: str = ""
    rules: dict[str, Any] = field(default_factory=dict)
    is_draft: bool = False
    shuffle: bool | None = None
    drawn: list[str] = field(default_factory=list)


def assessments_of(root: Element, path: str) -> list[Assessment]:
    """Every assessment and bank of a file; items outside of them are one more."""
    if local(root) == "assessmentItem":
        key, title = attribute(root, "identifier"), attribute(root, "title")
        return [Assessment(key, title or key, path, line_of(root), [root])]
    found = [_assessment(one, path) for one in children(root, "assessment", "objectbank")]
    loose = [
        item for one in children(root) if local(one) in {"item", "section"} for item in _items(one)
    ]
    if loose:
        stem = posixpath.basename(path).partition(".")[0]
        title = attribute(loose[0], "title") if len(loose) == 1 else ""
        found.append(Assessment(stem, title or stem, path, line_of(loose[0]), loose))
    return found


def _items(element: Element) -> list[Element]:
    return [element] if local(element) == "item" else list(descendants(element, "item"))


def _assessment(element: Element, path: str) -> Assessment:
    fields = metadata_of(element)
    bank = local(element) == "objectbank"
    title = attribute(element, "title") or fields.get("bank_title", "")
    one = Assessment(
        attribute(element, "ident"), title, path, line_of(element), _items(element), is_draft=bank
    )
    intros = [
        material_of(inside)
        for inside in children(element, "presentation_material", "objectives", "rubric")
    ]
    one.intro = "\n\n".join(text for text in intros if text)
    attempts = number(fields.get("cc_maxattempts", ""))
    if attempts is not None and 1 <= attempts <= 100:
        one.rules["max_attempts"] = int(attempts)
    minutes = number(fields.get("qmd_timelimit", ""))
    if minutes is not None and 1 <= minutes <= 600:
        one.rules["time_limit"] = int(minutes)
    for section in descendants(element, "section"):
        for selection in descendants(section, "selection_number"):
            name = attribute(section, "title") or attribute(section, "ident")
            one.drawn.append(f"{name}: {text_of_element(selection)}")
    return one


def add_quiz(
    course: ForeignCourse, module: ModuleNode, assessment: Assessment, part: Part, mend: Mend = str
) -> LessonNode | None:
    """A quiz of the course; items that have no place are told. `mend` sets right its links."""
    questions, texts = list[QuestionNode](), list[str]()
    for item in assessment.items:
        read = read_newer if local(item) == "assessmentItem" else read_item
        found = read(item, assessment.path)
        if isinstance(found, Left):
            where = f"{assessment.path}:{found.line} {found.key}".strip()
            course.skip(where, found.reason, "question", found.text)
            if found.is_text and found.text:
                texts.append(mend(found.text))
        elif question := question_of(course, _mended(found, assessment, mend)):
            questions.append(question)
            if found.model_answer == NO_ANSWER:
                message = "The question has no model answer: write one."
                course.warn(message, found.path, found.line, "unfinished")
    for words in assessment.drawn:
        message = f"All questions are asked, none is drawn by chance ({words})."
        course.warn(message, assessment.path, assessment.line, "drawn")
    part.text = "\n\n".join(text for text in [part.text, mend(assessment.intro), *texts] if text)
    part.is_draft = part.is_draft or assessment.is_draft
    return course.quiz(module, part, questions, assessment.rules)


def _mended(found: Found, assessment: Assessment, mend: Mend) -> Found:
    found.prompt, found.explanation = mend(found.prompt), mend(found.explanation)
    found.model_answer = mend(found.model_answer)
    for choice in found.choices:
        choice.text, choice.feedback = mend(choice.text), mend(choice.feedback)
    if assessment.shuffle is not None:
        found.shuffle = assessment.shuffle
    return found


def is_qti(source: Source) -> bool:
    """Whether there are files of QTI and no manifest says what they belong to."""
    return "imsmanifest.xml" not in source.files and any(
        path.lower().endswith(ENDINGS) and ROOT.search(file.read()[:HEAD])
        for path, file in source.files.items()
    )


def read_qti(source: Source, slug: str, title: str) -> CourseNode:
    """One module, with a quiz for each assessment, and one for each file of items alone."""
    course = ForeignCourse(source, slug, title, tags=["qti"])
    module = course.module("quizzes", "Quizzes")
    # The order of their names is the only one there is.
    for path, file in source.files.items():
        if not path.lower().endswith(ENDINGS):
            course.skip(path, "it is no file of QTI")
            continue
        try:
            root = parse_xml(file.read(), path)
        except ImportRefused as refusal:
            unreadable(course, path, refusal)
            continue
        add_file(course, module, root, path)
    return course.finish()


def unreadable(course: ForeignCourse, path: str, refusal: ImportRefused) -> None:
    """One file that is broken does not stop the others: it is told, by name and line."""
    course.warn_of(refusal)
    course.skip(path, refusal.findings[0].message.rstrip("."))


def add_file(course: ForeignCourse, module: ModuleNode, root: Element, path: str) -> None:
    """What a file of QTI holds, in a module; items of QTI 2 are told."""
    found = assessments_of(root, path)
    for one in found:
        part = Part(one.key or path, one.title, path, line=one.line)
        add_quiz(course, module, one, part)
    if not found:
        course.skip(path, "it holds no questions that can be read")

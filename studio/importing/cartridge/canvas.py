"""What Canvas writes beside the cartridge: modules, settings, quizzes with all their questions."""

import posixpath
from typing import Any

from assessments.models import Quiz
from studio.importing.cartridge.manifest import Heading, Leaf
from studio.importing.files import Source, SourceFile
from studio.importing.html_text import markdown_of
from studio.importing.qti.reader import Assessment
from studio.importing.qti.scoring import number
from studio.importing.strict_xml import (
    Element,
    attribute,
    child,
    children,
    line_of,
    parse_xml,
    text_of_element,
)

SETTINGS = "course_settings/"
CANVAS = f"{SETTINGS}canvas_export.txt"
MODULES = f"{SETTINGS}module_meta.xml"
SYLLABUS = f"{SETTINGS}syllabus.html"
QUIZZES = "non_cc_assessments/"
HIDDEN = {"unpublished", "locked", "deleted"}


def is_canvas(source: Source) -> bool:
    return CANVAS in source.files or MODULES in source.files


def headings_of(source: Source) -> list[Heading]:
    """The modules in their order; none where the course has none."""
    if MODULES not in source.files:
        return []
    root = parse_xml(source.files[MODULES].read(), MODULES)
    return [_heading(one) for one in sorted(children(root, "module"), key=_position)]


def _heading(module: Element) -> Heading:
    title = text_of_element(child(module, "title"))
    hidden = _is_hidden(module)
    leaves = [
        _leaf(one, hidden)
        for one in sorted(children(child(module, "items"), "item"), key=_position)
    ]
    return Heading(attribute(module, "identifier") or title, title, leaves, hidden)


def _leaf(item: Element, hidden: bool) -> Leaf:
    return Leaf(
        text_of_element(child(item, "title")),
        text_of_element(child(item, "identifierref")),
        attribute(item, "identifier"),
        text_of_element(child(item, "url")),
        text_of_element(child(item, "content_type")),
        hidden or _is_hidden(item),
        line_of(item),
    )


def _position(element: Element) -> int:
    found = number(text_of_element(child(element, "position")))
    return 0 if found is None else int(found)


def _is_hidden(element: Element) -> bool:
    return text_of_element(child(element, "workflow_state")) in HIDDEN


def title_of_course(source: Source) -> str:
    path = f"{SETTINGS}course_settings.xml"
    if path not in source.files:
        return ""
    return text_of_element(child(parse_xml(source.files[path].read(), path), "title"))


def full_quiz(files: dict[str, SourceFile], key: str) -> str:
    """The file with all questions of a quiz; "" where there is only its twin in the cartridge."""
    path = f"{QUIZZES}{key}.xml.qti"
    return path if path in files else ""


def apply_meta(files: dict[str, SourceFile], assessment: Assessment, folder: str) -> str:
    """Let what Canvas says of a quiz hold; return the file that says it, "" if there is none."""
    path = posixpath.join(folder, "assessment_meta.xml")
    if path not in files:
        return ""
    meta = parse_xml(files[path].read(), path)

    def told(name: str) -> str:
        return text_of_element(child(meta, name))

    assessment.title = told("title") or assessment.title
    assessment.intro = markdown_of(told("description")) or assessment.intro
    assessment.rules |= _rules(told("time_limit"), told("allowed_attempts"))
    if told("show_correct_answers") == "false":
        assessment.rules["review"] = str(Quiz.Review.NEVER)
    if told("shuffle_answers"):
        assessment.shuffle = told("shuffle_answers") == "true"
    assessment.is_draft |= told("available") == "false"
    return path


def _rules(minutes: str, attempts: str) -> dict[str, Any]:
    rules = dict[str, Any]()
    for name, text, most in (("time_limit", minutes, 600), ("max_attempts", attempts, 100)):
        value = number(text)
        if value is not None:
            rules[name] = int(value) if 1 <= value <= most else None
    return rules

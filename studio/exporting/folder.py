"""A course as the folder of Markdown and YAML that docs/authoring.md describes."""

from typing import Any

from courses.models import Difficulty
from studio.exporting.assignment_text import assignment_files
from studio.exporting.layout import Layout, layout_of, path_key
from studio.exporting.lesson_text import identity, lesson_files, line
from studio.exporting.quiz_text import quiz_text
from studio.exporting.reading_back import differences
from studio.exporting.written import Written
from studio.exporting.yaml_text import Bare, document, number, optional, several, truth
from studio.importing.agreement import FILE as MARKS
from studio.importing.agreement import marks_of, written_marks
from studio.importing.folder.course import DIFFICULTIES
from studio.importing.refusal import Finding, ImportRefused
from studio.importing.tree import CourseNode, LessonNode, ModuleNode

NAMES = {value: name for name, value in DIFFICULTIES.items()}


def write_folder(tree: CourseNode) -> Written:
    """The files of the course. What reading them would not give back is told."""
    layout = layout_of(tree)
    files = {"course.yaml": document(_course(tree)).encode()}
    for module in tree.modules:
        folder = layout.modules[module.key]
        files[f"{folder}/module.yaml"] = document(_module(module, folder)).encode()
        for lesson in module.lessons:
            files |= _lesson(lesson, layout)
    assets, lost = _assets(tree)
    files[MARKS] = written_marks(marks_of(tree, assets)).encode()
    written = Written(dict(sorted({**assets, **files}.items())), lost)
    written.lost += differences(tree, written.files)
    return written


def _course(tree: CourseNode) -> dict[str, Any]:
    values = tree.values
    named = tree.language and tree.language_name != tree.language.capitalize()
    is_usual = values["difficulty"] == Difficulty.BEGINNER
    return {
        "format": number(1),
        "id": identity(tree.slug),
        "title": line(values["title"]),
        "language": optional(tree.language),
        "language_name": line(tree.language_name) if named else None,
        "difficulty": None if is_usual else Bare(NAMES[values["difficulty"]]),
        "summary": line(values["summary"]),
        "description": optional(values["description"]),
        "licence": line(values["licence"]),
        "authors": several(values["authors"]),
        "tags": several(values["tags"]),
        "opens_to_all": None if values["opens_to_all"] else truth(False),
        "draft": truth(True) if tree.draft else None,
    }


def _module(module: ModuleNode, folder: str) -> dict[str, Any]:
    return {
        "id": identity(module.key, path_key(folder)),
        "title": line(module.values["title"]),
        "summary": line(module.values["description"]),
    }


def _lesson(node: LessonNode, layout: Layout) -> dict[str, bytes]:
    path = layout.lessons[node.key]
    if node.quiz:
        return {path: quiz_text(node, node.quiz, path_key(path))}
    if node.assignment:
        return assignment_files(node, node.assignment, path, path_key(path))
    return lesson_files(node, path, path_key(path))


def _assets(tree: CourseNode) -> tuple[dict[str, bytes], list[Finding]]:
    files, lost = dict[str, bytes](), list[Finding]()
    for path, file in tree.assets.items():
        try:
            files[path] = file.read()
        except ImportRefused as refusal:
            lost += refusal.findings
    return files, lost

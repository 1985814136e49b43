"""What a folder that was written would not give back to whoever imports it."""

from collections.abc import Callable, Mapping
from typing import Any

from studio.importing.files import Source, SourceFile, checked
from studio.importing.folder.course import CourseFolder
from studio.importing.refusal import Finding, ImportRefused
from studio.importing.tree import CourseNode, LessonNode


def read_back(files: Mapping[str, bytes], name: str) -> CourseNode:
    """The course in these files. Raises ImportRefused."""
    sources = [SourceFile(path, len(data), _reader(data)) for path, data in files.items()]
    return CourseFolder(Source(name, checked(sources))).read()


def _reader(data: bytes) -> Callable[[], bytes]:
    return lambda: data


def differences(tree: CourseNode, files: Mapping[str, bytes]) -> list[Finding]:
    """One finding for every place where the folder says something else than the tree."""
    try:
        back = read_back(files, tree.slug)
    except ImportRefused as refusal:
        return [
            Finding(f"An import refuses it: {one.message}", one.path, one.line, "refused")
            for one in refusal.findings
        ]
    found = [_other("course.yaml", _course(tree), _course(back))]
    before = {module.key: module for module in tree.modules}
    for module in back.modules:
        if module.key in before:
            old = before[module.key]
            found.append(_other(module.source, _children(old), _children(module)))
    rows = {lesson.key: lesson for lesson in tree.lessons}
    found += [
        _other(lesson.source, _judged(rows[lesson.key]), _judged(lesson))
        for lesson in back.lessons
        if lesson.key in rows
    ]
    return [one for one in found if one]


def _course(tree: CourseNode) -> dict[str, Any]:
    return {
        **tree.values,
        "slug": tree.slug,
        "language name": tree.language_name if tree.language else "",
        "draft": tree.draft,
        "modules": [module.key for module in tree.modules],
        "files": sorted(tree.assets),
    }


def _children(module: Any) -> dict[str, Any]:
    return {**module.values, "lessons": [lesson.key for lesson in module.lessons]}


def _judged(lesson: LessonNode) -> dict[str, Any]:
    questions = lesson.quiz.questions if lesson.quiz else []
    asked = {f"question {one.key}": one.compared for one in questions}
    return {**lesson.compared, **asked, "questions": [one.key for one in questions]}


def _other(path: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Finding | None:
    names = {*before, *after}
    changed = sorted(n for n in names if not _is_same(before.get(n), after.get(n)))
    if not changed:
        return None
    return Finding(f"An import would read this otherwise: {', '.join(changed)}.", path, 0, "lost")


def _is_same(one: Any, other: Any) -> bool:
    """Whether they are equal but for line ends and the spaces around texts."""
    if isinstance(one, str) and isinstance(other, str):
        return _tidy(one) == _tidy(other)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_is_same(one[n], other[n]) for n in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_is_same, one, other))
    return bool(one == other)


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()

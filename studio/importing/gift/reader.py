"""GIFT: files of questions as quizzes, by themselves as a course or among a course's lessons."""

import posixpath
import re

from courses.links import plain_name
from studio.importing.files import Source, text_of
from studio.importing.folder.quiz_file import MAX_QUESTIONS
from studio.importing.foreign import ForeignCourse, Part
from studio.importing.foreign_questions import question_of
from studio.importing.gift.parser import GiftFile, GiftQuestion, Kind, parse
from studio.importing.gift.questions import BECOMES, NoPlace, found_of
from studio.importing.gift.text import markdown
from studio.importing.names import SLUG
from studio.importing.refusal import ImportRefused, refuse
from studio.importing.tree import CourseNode, LessonNode, ModuleNode, QuestionNode

# Moodle's own examples have the second ending.
ENDINGS = (".gift", ".gift.txt")
MAX_BYTES = 5 * 1024 * 1024
MAX_PARTS = 10_000
APART = re.compile(r"\n[ \t]*\n")
NAMELESS = "Without an id or a name: {}. Edited, such a question would be another one."
TOO_MANY = f"a quiz has at most {MAX_QUESTIONS} questions"


def is_gift(source: Source) -> bool:
    return any(_is_gift(path) for path in source.files)


def read_gift(source: Source, slug: str, title: str) -> CourseNode:
    """A course with a quiz for each file and a module for each folder. Raises ImportRefused."""
    course = ForeignCourse(source, slug, title, tags=["gift"])
    modules: dict[str, ModuleNode] = {}
    for path in sorted(source.files, key=_place):
        if not _is_gift(path):
            course.keep_file(path)
            continue
        folder = posixpath.dirname(path)
        if folder not in modules:
            modules[folder] = course.module(folder or "questions", _title(folder) or "Questions")
        try:
            _quiz(course, modules[folder], path, _plain_path(path))
        except ImportRefused as refusal:
            course.errors += refusal.findings
    course.modules = [module for module in modules.values() if module.lessons]
    return course.finish()


def read_gift_lesson(
    source: Source, path: str, key: str
) -> tuple[LessonNode | None, ForeignCourse]:
    """One file among a course's own lessons, and what there is to be said of it.

    There is no lesson where no question pays points. Raises ImportRefused.
    """
    course = ForeignCourse(source, "gift", "GIFT")
    lesson = _quiz(course, course.module("gift", "GIFT"), path, key)
    if lesson:
        lesson.key, lesson.source = key, path
    return lesson, course


def _quiz(course: ForeignCourse, module: ModuleNode, path: str, key: str) -> LessonNode | None:
    text = text_of(course.files[path], MAX_BYTES)
    if len(APART.findall(text)) > MAX_PARTS:
        raise refuse(f"The file has more than {MAX_PARTS:,} questions.", path)
    file = parse(text)
    _tell_twins(course, file, path)
    questions, intro = list[QuestionNode](), list[str]()
    for one in file.questions:
        if one.kind == Kind.DESCRIPTION:
            intro.append(_introduced(course, one, path))
        elif len(questions) == MAX_QUESTIONS:
            course.skip(_where(one, path), TOO_MANY, "question", one.original)
        elif node := _question(course, one, path):
            questions.append(node)
    nameless = sum(not one.id and not one.name for one in file.questions)
    if nameless and questions:
        words = "1 question" if nameless == 1 else f"{nameless} questions"
        course.warn(NAMELESS.format(words), path, code="id")
    title = file.title or _title(path)
    return course.quiz(module, Part(key, title, path, "\n\n".join(intro)), questions)


def _question(course: ForeignCourse, one: GiftQuestion, path: str) -> QuestionNode | None:
    """The question as ours, or None; what is wrong or doubtful about it is said either way."""
    node = None
    try:
        node = question_of(course, found_of(one, path))
    except NoPlace as reason:
        course.skip(_where(one, path), str(reason), "question", one.original)
    if node is None and (one.error or one.kind in BECOMES):
        course.warn(f"Not imported: {course.skipped[-1].reason}", path, one.line, "question")
    for doubt in one.doubts:
        course.warn(doubt, path, one.line, "doubt")
    # An id of our own may be longer than what is kept of other systems' names.
    if node and SLUG.fullmatch(one.id):
        node.key = one.id
    return node


def _introduced(course: ForeignCourse, one: GiftQuestion, path: str) -> str:
    """The text of a description: nothing is asked, so it stands before the questions."""
    reason = "it asks nothing: its text is in the quiz's introduction"
    course.skip(_where(one, path), reason, "question", one.original)
    for doubt in one.doubts:
        course.warn(doubt, path, one.line, "doubt")
    return markdown(one.stem)


def _tell_twins(course: ForeignCourse, file: GiftFile, path: str) -> None:
    seen: dict[str, int] = {}
    for one in file.questions:
        name = one.id or one.name
        if name in seen and name:
            message = f'The name "{name[:80]}" appears twice: in line {seen[name]} and here.'
            course.warn(message, path, one.line, "twice")
        seen.setdefault(name, one.line)


def _where(one: GiftQuestion, path: str) -> str:
    return f"{path}:{one.line} {(one.id or one.name)[:80]}".strip()


def _is_gift(path: str) -> bool:
    return path.lower().endswith(ENDINGS)


def _place(path: str) -> list[tuple[int, str]]:
    """Files in the order of the numbers in their names, wherever these stand."""
    return [(int(part[:9]), "") if part.isdecimal() else (-1, part.casefold())
            for part in re.split(r"(\d+)", path)]  # fmt: skip


def _plain_path(path: str) -> str:
    """The path without the numbers that order it, and without its ending."""
    names = path.lower().removesuffix(".txt").removesuffix(".gift").split("/")
    return "-".join(plain_name(name) for name in names)


def _title(path: str) -> str:
    name = re.sub(r"\.gift(\.txt)?$", "", posixpath.basename(path), flags=re.IGNORECASE)
    words = plain_name(name).replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]

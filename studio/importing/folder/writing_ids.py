"""Writing the ids that were made of texts into the files of a folder, where they belong.

Every id goes in front of the other fields of its question, option or case; nothing else in the
file is touched, neither comments nor spaces nor the ends of lines.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from studio.importing.files import Source, open_folder
from studio.importing.folder.course import QUIZZES, CourseFolder
from studio.importing.folder.fields import NULLS
from studio.importing.refusal import refuse
from studio.importing.tree import CourseNode, LessonNode

# What stands without quotation marks and is a text to every reader of YAML.
PLAIN = re.compile(r"[a-z][a-z0-9-]*")
NO_TEXTS = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
FOLDERS_ONLY = "Ids can be written into a folder with a course.yaml only."


@dataclass(slots=True)
class Named:
    """A thing in a file with the id it goes by, and what is in it."""

    key: str
    options: "list[Named]" = field(default_factory=list)


def write_ids(root: Path, *, dry_run: bool = False) -> dict[str, int]:
    """Write missing ids; return how many there are by file. Raises ImportRefused."""
    if not root.is_dir():
        raise refuse(FOLDERS_ONLY)
    source = open_folder(root)
    if "course.yaml" not in source.files:
        raise refuse(FOLDERS_ONLY)
    tree, places = CourseFolder(source).read(), files_in(root)
    written, texts = dict[str, int](), dict[Path, bytes]()
    for path, (name, things) in things_in(tree, source).items():
        place = places[path]
        text = place.read_bytes().decode()
        changed, number = with_ids(text, name, things)
        if number:
            written[path], texts[place] = number, changed.encode()
    if not dry_run:
        write_all(texts)
    return written


def write_all(texts: dict[Path, bytes]) -> None:
    """Write the files, or none where one of them cannot be written. Raises ImportRefused."""
    for place in texts:
        try:
            place.open("r+b").close()
        except OSError as error:
            raise refuse(f"Cannot write {place}: {error.strerror}.") from error
    for place, data in texts.items():
        try:
            place.write_bytes(data)
        except OSError as error:
            raise refuse(f"Cannot write {place}: {error.strerror}.") from error


def told(written: dict[str, int], *, dry_run: bool) -> str:
    number = sum(written.values())
    if not number:
        return "No id is missing."
    ids = "1 id" if number == 1 else f"{number:,} ids"
    files = "1 file" if len(written) == 1 else f"{len(written):,} files"
    return f"{ids} {'would be ' if dry_run else ''}written into {files}."


def files_in(root: Path) -> dict[str, Path]:
    """Every file by its path in the course, as the reader of the folder names it."""
    top = root
    while not (top / "course.yaml").is_file():
        top = next(one for one in sorted(top.iterdir()) if (one / "course.yaml").is_file())
    found = (place for place in top.rglob("*") if place.is_file())
    return {
        unicodedata.normalize("NFC", place.relative_to(top).as_posix()): place for place in found
    }


def things_in(tree: CourseNode, source: Source) -> dict[str, tuple[str, list[Named]]]:
    """By file: the name of the field that lists them, and all that has an id there."""
    found: dict[str, tuple[str, list[Named]]] = {}
    for lesson in tree.lessons:
        if lesson.quiz and lesson.source.endswith(QUIZZES):
            found[lesson.source] = ("questions", list(questions_of(lesson)))
        for case in lesson.assignment.cases if lesson.assignment else []:
            if case.path.endswith("tests.yaml") and case.path in source.files:
                found.setdefault(case.path, ("cases", []))[1].append(Named(case.key))
    return found


def questions_of(lesson: LessonNode) -> Iterator[Named]:
    for one in lesson.quiz.questions if lesson.quiz else []:
        yield Named(one.key, [Named(option.key) for option in one.options])


def with_ids(text: str, name: str, things: Iterable[Named]) -> tuple[str, int]:
    """The text with an id for each thing in its list `name` that has none, and how many."""
    tree: Any = YAML(typ="rt", pure=True).compose(text.removeprefix("\ufeff"))
    shift = len(text) - len(text.removeprefix("\ufeff"))
    places = sorted(
        missing(listed(tree, name), things), key=lambda place: -place[0].start_mark.index
    )
    for node, key in places:
        if pair := pair_of(node, "id"):
            text = filled(text, pair, shift, key)
        else:
            text = inserted(text, node.start_mark.index + shift, node, key)
    return text, len(places)


def missing(nodes: list[MappingNode], things: Iterable[Named]) -> Iterator[tuple[MappingNode, str]]:
    for node, thing in zip(nodes, things, strict=True):
        if is_nothing(field_of(node, "id")):
            yield node, thing.key
        if thing.options:
            yield from missing(listed(node, "options"), thing.options)


def is_nothing(value: Node | None) -> bool:
    """Whether there is no value: no field, nothing behind its colon, or null."""
    is_plain = isinstance(value, ScalarNode) and value.style is None
    return value is None or (is_plain and value.value in NULLS)


def listed(node: Node, name: str) -> list[MappingNode]:
    value = field_of(node, name)
    return list(value.value) if isinstance(value, SequenceNode) else []


def field_of(node: Node, name: str) -> Node | None:
    pair = pair_of(node, name)
    return pair[1] if pair else None


def pair_of(node: Node, name: str) -> tuple[Node, Node] | None:
    """The name of a field and its value, as they stand there."""
    pairs = node.value if isinstance(node, MappingNode) else []
    return next(((key, value) for key, value in pairs if key.value == name), None)


def inserted(text: str, at: int, node: MappingNode, key: str) -> str:
    """The text with the id in front of the fields of the thing that begins at `at`."""
    field = f"id: {spelt(key)}"
    if node.flow_style:
        return f"{text[: at + 1]}{field}, {text[at + 1 :].lstrip(' ')}"
    end = "\r\n" if "\r\n" in text else "\n"
    return f"{text[:at]}{field}{end}{' ' * node.start_mark.column}{text[at:]}"


def filled(text: str, pair: tuple[Node, Node], shift: int, key: str) -> str:
    """The text with the id behind the colon of its field, in the place of null or of nothing."""
    name, value = pair
    start = text.index(":", name.end_mark.index + shift) + 1
    end = value.end_mark.index + shift if value.value else start
    return f"{text[:start]} {spelt(key)}{text[end:]}"


def spelt(key: str) -> str:
    return key if PLAIN.fullmatch(key) and key not in NO_TEXTS else repr(key)

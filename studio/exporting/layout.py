"""Where every module and lesson lies in the folder: where it lay, as long as that still fits.

A level keeps its names if reading them gives its order; otherwise its numbers are given anew.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.text import slugify

from courses.links import plain_name
from studio.importing.files import FORBIDDEN, LITTER, allowed_name
from studio.importing.folder.course import ASSIGNMENT, QUIZZES, in_order
from studio.importing.folder.fields import is_identity
from studio.importing.refusal import ImportRefused
from studio.importing.tree import CourseNode, LessonNode, ModuleNode

INDEX, TASK = "index.md", "description.md"
LONGEST = 60
# Readers take these off together with the number.
BEFORE_A_NAME = "-_. "


@dataclass(slots=True)
class Entry:
    """A lesson at some level: `parts` are the names of folders below it, and of its file."""

    lesson: LessonNode
    parts: list[str]
    is_new: bool = False


@dataclass(slots=True)
class Unit:
    """What has one name at a level: a file, or a folder with all that lies in it."""

    name: str
    entries: list[Entry]

    def takes(self, name: str) -> bool:
        """Whether another lesson of a folder of this name may lie in it."""
        parts = self.entries[0].parts
        return self.name == name and len(parts) > 1 and parts[1:] != [ASSIGNMENT]


@dataclass(slots=True)
class Layout:
    """Names of modules by their keys, and files of lessons by theirs."""

    modules: dict[str, str]
    lessons: dict[str, str]


def layout_of(tree: CourseNode) -> Layout:
    found = [_module_name(module) for module in tree.modules]
    names = named(found, is_new=not all(module.source for module in tree.modules))
    modules = {module.key: name for module, name in zip(tree.modules, names, strict=True)}
    lessons = dict[str, str]()
    for module in tree.modules:
        entries = [_entry(lesson, module) for lesson in module.lessons]
        _place(entries, modules[module.key], lessons)
    return Layout(modules, lessons)


def path_key(path: str) -> str:
    """The identity that a lesson in this file has if its file gives none."""
    names = [plain_name(name) for name in path.split("/")]
    last = names.pop()
    if last.endswith(QUIZZES):
        names.append(last.rpartition(".quiz.")[0])
    elif last not in (INDEX, ASSIGNMENT):
        names.append(last.removesuffix(".md"))
    return "/".join(names).casefold()[:200]


def named(names: Sequence[str], *, is_new: bool = False) -> list[str]:
    """The names if they give this order and none is new; otherwise numbered anew."""
    folded = {name.casefold() for name in names}
    fit = len(folded) == len(names) and all(map(is_fit, names)) and in_order(names) == list(names)
    if fit and not is_new:
        return list(names)
    width = max(2, len(str(len(names))))
    return [f"{at:0{width}}-{_plain(name)}" for at, name in enumerate(names, start=1)]


def is_fit(name: str) -> bool:
    """Whether a file or folder may have this name and is looked into for lessons."""
    try:
        is_allowed = "/" not in name and allowed_name(name) == name
    except ImportRefused:
        return False
    return is_allowed and name not in {*LITTER, INDEX, "assets"} and not name.startswith(".")


def _plain(name: str) -> str:
    """The name without its number, as short and harmless as it has to be."""
    stem, ending = _split(name)
    stem = plain_name(stem).lstrip(BEFORE_A_NAME)
    stem = FORBIDDEN.sub("-", unicodedata.normalize("NFC", stem)).replace("/", "-")
    return f"{stem[:LONGEST].rstrip() or 'part'}{ending}"


def _split(name: str) -> tuple[str, str]:
    ending = next((one for one in (*QUIZZES, ".md") if name.endswith(one)), "")
    return name.removesuffix(ending), ending


def _module_name(module: ModuleNode) -> str:
    """The folder of a module. What cannot stand as its id has to be its name."""
    if is_identity(module.key, made=True):
        return module.source or slugify(module.title) or module.key
    is_named = plain_name(module.source).casefold()[:120] == module.key
    return module.source if is_named else module.key


def _entry(lesson: LessonNode, module: ModuleNode) -> Entry:
    """Where a lesson lay below its module, in the form that its kind has now."""
    start = f"{module.source}/"
    is_here = bool(module.source) and lesson.source.startswith(start)
    *folders, last = lesson.source.removeprefix(start if is_here else "").split("/")
    if not is_here:
        folders = folders[-1:] if last in (INDEX, TASK) else []
    is_folder = bool(folders) and last in (INDEX, TASK)
    stem = folders.pop() if is_folder else _split(last)[0]
    is_new = not lesson.source
    stem = stem or slugify(lesson.title) or slugify(lesson.key) or "lesson"
    if lesson.assignment:
        end = [stem, ASSIGNMENT]
    elif lesson.quiz:
        end = [last if last.endswith(QUIZZES) else f"{stem}{QUIZZES[0]}"]
    elif is_folder or (lesson.values.get("widget") and not last.endswith(".md")):
        end = [stem, INDEX]
    else:
        end = [f"{stem}.md"]
    return Entry(lesson, [*folders, *end], is_new)


def _place(entries: Sequence[Entry], folder: str, places: dict[str, str]) -> None:
    """Note the files of these lessons in `places`, by their keys."""
    units = _units(entries)
    is_new = any(entry.is_new for entry in entries)
    for unit, name in zip(units, named([unit.name for unit in units], is_new=is_new), strict=True):
        inside = list[Entry]()
        for entry in unit.entries:
            rest = entry.parts[1:]
            if len(rest) > 1 or (rest and rest[0] not in (INDEX, ASSIGNMENT)):
                inside.append(Entry(entry.lesson, rest, entry.is_new))
            else:
                places[entry.lesson.key] = "/".join([folder, name, *rest])
        _place(inside, f"{folder}/{name}", places)


def _units(entries: Sequence[Entry]) -> list[Unit]:
    """What is one file or folder: lessons of a folder stay together as long as they follow."""
    units = list[Unit]()
    for entry in entries:
        name, *rest = entry.parts
        if units and rest and rest not in ([INDEX], [ASSIGNMENT]) and units[-1].takes(name):
            units[-1].entries.append(entry)
        else:
            units.append(Unit(name, [entry]))
    return units

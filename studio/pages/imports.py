"""What the pages of imports show: the last ones, and one with its plan or what it did."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext, gettext_lazy, ngettext

from accounts.numerals import grouped
from courses.models import Course, CourseImport
from studio.pages.import_names import Names, names_of
from studio.pages.import_words import (
    NAMING,
    WORDS,
    counted,
    fields_in_words,
    findings,
    in_words,
)
from studio.pages.waiting import Waiting, waiting

Status = CourseImport.Status
PER_PAGE = 20
# A plan with more lines than that is folded up: its modules say how much each of them holds.
UNFOLDED = 30
UNFOLDED_WARNINGS = 8
# What a refusal speaks of where a choice would help against it.
WAYS_OUT = {
    "overwrite": (
        "--overwrite",
        gettext_lazy("take the folder's side"),
        gettext_lazy("take the file's side"),
    ),
    "regrade": ("--regrade",),
}


@dataclass(frozen=True, slots=True)
class ImportsPage:
    """The last imports of everybody."""

    rows: list[CourseImport]
    waiting: Waiting


def imports_page() -> ImportsPage:
    """Two queries."""
    rows = CourseImport.objects.select_related("by").defer("plan", "report")
    return ImportsPage(list(rows[:PER_PAGE]), waiting())


@dataclass(frozen=True, slots=True)
class Node:
    """A line of a plan: its sign and what that means, what it speaks of, and where that stands."""

    action: str
    kind: str
    key: str
    name: str
    detail: str
    place: str
    effect: str
    original: str

    @property
    def sign(self) -> str:
        return WORDS[self.action][0]

    @property
    def word(self) -> str:
        return str(WORDS[self.action][1])


@dataclass(slots=True)
class Group:
    """The lines of a module, or of what belongs to none."""

    title: str
    changed: list[Node] = field(default_factory=list)
    unchanged: list[Node] = field(default_factory=list)

    @property
    def counts(self) -> list[str]:
        return counted(Counter(one.action for one in [*self.changed, *self.unchanged]))


@dataclass(frozen=True, slots=True)
class ImportPage:
    """An import as its page shows it: the plan, or, when it is done, what it did."""

    row: CourseImport
    told: dict[str, Any]
    conflicts: Sequence[Node]
    groups: Sequence[Group]
    standing: str = ""

    @property
    def changes(self) -> int:
        return int(self.told.get("changes", 0))

    @property
    def counts(self) -> list[str]:
        return counted(self.told.get("counts", {}))

    @property
    def source_nodes(self) -> int:
        return int(self.told.get("source_nodes", 0))

    @property
    def raised(self) -> int:
        return int(self.told.get("attempts_raised", 0))

    @property
    def effects(self) -> list[str]:
        return [in_words(text) for text in self.told.get("effects", ())]

    @property
    def errors(self) -> list[tuple[str, str]]:
        return findings(self.told.get("errors", ()))

    @property
    def warnings(self) -> list[tuple[str, str]]:
        return findings(self.told.get("warnings", ()))

    @property
    def first_warnings(self) -> list[tuple[str, str]]:
        return self.warnings[:UNFOLDED_WARNINGS]

    @property
    def other_warnings(self) -> list[tuple[str, str]]:
        return self.warnings[UNFOLDED_WARNINGS:]

    @property
    def slug(self) -> str:
        return str(self.told.get("course", ""))

    @property
    def is_new(self) -> bool:
        """Whether the course itself is, or was, made by it."""
        return makes_a_course(self.told.get("nodes", ()))

    @property
    def title(self) -> str:
        """What the course is called that it goes into; of a new one what the source says."""
        return self.standing or str(self.told.get("title", ""))

    @property
    def other_title(self) -> str:
        """What the source calls it, where the course that is there has another title."""
        told = str(self.told.get("title", ""))
        return told if told != self.title else ""

    @property
    def headline(self) -> str:
        """What became of it so far, in a few words."""
        status, changes = self.row.status, self.changes
        number = ngettext("%(changes)s change", "%(changes)s changes", changes) % {
            "changes": grouped(changes)
        }
        if status == Status.DONE:
            return (
                gettext("Imported: %(number)s") % {"number": number}
                if changes
                else gettext("Imported: nothing changed")
            )
        if status == Status.READY:
            return (
                gettext("The plan: %(number)s") % {"number": number}
                if changes
                else gettext("The plan: nothing would change")
            )
        return {Status.REFUSED: gettext("It cannot be imported like this")}.get(
            Status(status), self.row.get_status_display()
        )

    @property
    def is_unfolded(self) -> bool:
        return sum(len(group.changed) for group in self.groups) <= UNFOLDED

    @property
    def choices(self) -> list[str]:
        """The choices that mean something: in a new course nobody has edited or answered anything,
        and against a refusal only what it names helps.

        What was chosen can always be taken back.
        """
        row = self.row
        sensible = {"overwrite": not self.is_new, "publish": True, "regrade": not self.is_new}
        if row.status != Status.READY:
            said = " ".join(one["message"] for one in self.told.get("errors", ()))
            sensible = {
                name: any(str(words) in said for words in WAYS_OUT.get(name, ()))
                for name in sensible
            }
        if self.is_new and self.told.get("published") and not row.publish:
            sensible["publish"] = False
        return [name for name, makes_sense in sensible.items() if makes_sense or getattr(row, name)]

    @property
    def may_do_something(self) -> bool:
        """Whether saying yes to the plan has any consequence."""
        return bool(self.changes or self.told.get("published") or self.row.regrade)


def makes_a_course(nodes: Iterable[dict[str, Any]]) -> bool:
    return any(one["kind"] == "course" and one["action"] == "created" for one in nodes)


def import_page(row: CourseImport) -> ImportPage:
    """What the page shows was told when it was worked out.

    Three queries for a course that is there: its title, its questions, its cases. None for one
    that is only planned.
    """
    told = row.report or row.plan
    nodes = told.get("nodes", ())
    is_there = bool(nodes) and (bool(row.report) or not makes_a_course(nodes))
    course = Course.objects.filter(slug=told.get("course", "")).first() if is_there else None
    names = names_of(course, {one["kind"] for one in nodes}) if course else {}
    outline = Outline(told.get("modules", ()), names)
    lines = [(outline.home_of(one), outline.node_of(one)) for one in nodes]
    conflicts = [node for _, node in lines if node.action == "conflict"]
    standing = course.title if course else ""
    return ImportPage(row, told, conflicts, outline.groups_of(lines), standing)


class Outline:
    """What the modules and lessons of a source are called, and which lesson is in which module."""

    def __init__(self, modules: Iterable[dict[str, Any]], names: Names) -> None:
        self.names = names
        self.modules = {module["key"]: module["title"] for module in modules}
        self.lessons = {key: one for m in modules for key, one in m["lessons"].items()}
        self.homes = {key: module["key"] for module in modules for key in module["lessons"]}

    def home_of(self, line: dict[str, Any]) -> str:
        """The title of the group that a line belongs to."""
        kind, key = line["kind"], line["key"]
        if line["action"] == "skipped":
            return gettext("Left out")
        if kind in {"course", "file"}:
            return gettext("The course") if kind == "course" else gettext("Files")
        home = key if kind == "module" else self.homes.get(self._lesson_of(kind, key), "")
        return (
            gettext("module %(home)s") % {"home": home}
            if home in self.modules
            else gettext("Not in the folder any more")
        )

    def node_of(self, line: dict[str, Any]) -> Node:
        kind, key = line["kind"], line["key"]
        lesson = self.lessons.get(self._lesson_of(kind, key), {})
        name = f"“{lesson['title']}”" if lesson and kind == "lesson" else key
        if kind == "module" and key in self.modules:
            name = f"“{self.modules[key]}”"
        if kind in {"question", "case"}:
            own = self.names.get((kind, key), key.rpartition("/")[2])
            name = (
                gettext("%(own)s of “%(lesson)s”") % {"own": own, "lesson": lesson["title"]}
                if lesson
                else own
            )
        path, number = line.get("path") or lesson.get("source", ""), line.get("line") or 0
        detail = self._detail_of(line)
        place = f"{path}:{number}" if path and number else path
        effect = in_words(line.get("effect") or "")
        original = str(line.get("original") or "")
        return Node(line["action"], kind, key, name, detail, place, effect, original)

    def _detail_of(self, line: dict[str, Any]) -> str:
        detail = str(line["detail"])
        if line["action"] in NAMING:
            return fields_in_words(detail, line["kind"])
        if line["action"] != "moved":
            return detail
        place = detail.removeprefix("moved").removeprefix(" to ")
        return gettext("to “%(get)s”") % {"get": self.modules.get(place, place)} if place else ""

    def groups_of(self, lines: Iterable[tuple[str, Node]]) -> list[Group]:
        """Module by module in the order of the source. Conflicts stand by themselves."""
        homes = [
            gettext("The course"),
            *(gettext("module %(key)s") % {"key": key} for key in self.modules),
        ]
        homes += [gettext("Files"), gettext("Not in the folder any more"), gettext("Left out")]
        groups = {home: Group(home) for home in homes}
        for key, title in self.modules.items():
            groups[gettext("module %(key)s") % {"key": key}].title = title
        for home, node in lines:
            if node.action != "conflict":
                group = groups[home]
                (group.unchanged if node.action == "unchanged" else group.changed).append(node)
        return [group for group in groups.values() if group.changed or group.unchanged]

    @staticmethod
    def _lesson_of(kind: str, key: str) -> str:
        return key.rpartition("/")[0] if kind in {"question", "case"} else key

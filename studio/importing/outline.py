"""Bringing the modules and lessons of a tree into the database."""

from collections.abc import Iterable, Set
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.text import slugify
from django.utils.timezone import now

from courses.models import Course, Lesson, Module
from progress.models import LessonProgress
from studio.importing.agreement import mark
from studio.importing.assignments import AssignmentImport
from studio.importing.compare import Verdict, is_edited, is_own, judge
from studio.importing.orders import Orders, has_place
from studio.importing.quizzes import QuizImport
from studio.importing.refusal import Finding, refuse
from studio.importing.report import Action, Line, Report
from studio.importing.rows import Rows
from studio.importing.tree import CourseNode, LessonNode, ModuleNode, fingerprint

MODULE_VALUES = ["title", "description"]
LESSON_VALUES = [
    "title", "summary", "kind", "content", "minutes", "xp_reward", "status", "is_preview",
    "is_required", "video_url", "captions", "poster", "widget", "widget_height",
]  # fmt: skip
QUIZ_VALUES = [
    "title", "summary", "kind", "content", "minutes", "xp_reward", "status", "is_required",
]  # fmt: skip
VALUES = {Lesson.Kind.QUIZ: QUIZ_VALUES, Lesson.Kind.ASSIGNMENT: [*QUIZ_VALUES, "is_preview"]}
MODULE_FIELDS = [*MODULE_VALUES, "source", "slug", "position", "imported_hash", "deleted_at"]
LESSON_FIELDS = [
    *LESSON_VALUES, "module", "source", "slug", "position", "imported_hash", "deleted_at",
    "content_html", "rendering", "updated_at",
]  # fmt: skip
NO_MODULE = "its module was deleted on the site since the last import"


class OutlineImport:
    """One course's outline. The methods run in the order in which they stand."""

    def __init__(
        self, course: Course, tree: CourseNode, report: Report, quizzes: QuizImport,
        assignments: AssignmentImport, *, overwrite: bool,
    ) -> None:  # fmt: skip
        self.course, self.tree, self.report, self.overwrite = course, tree, report, overwrite
        self.quizzes, self.assignments, self.rows = quizzes, assignments, Rows()
        self.orders = Orders(report, tree.exported, overwrite=overwrite)
        # Lessons that a conflict leaves as the site has them.
        self.left: set[str] = set()
        self.named = {node.key for node in tree.lessons}
        # Lines of the report: of lessons of the source, and of those that go.
        self.lines: dict[str, Line] = {}
        self.archived: dict[UUID, Line] = {}

    @property
    def alive(self) -> list[Lesson]:
        """What is there of the source's lessons; not those of the site that it does not name."""
        rows = [lesson for lesson in self.lessons.values() if lesson.deleted_at is None]
        return [row for row in rows if row.key in self.named or not self._is_own(row)]

    @property
    def own(self) -> list[Lesson]:
        """Lessons of the site that the source does not name: they stay as they are."""
        rows = self.lessons.values()
        return [row for row in rows if row.key not in self.named and self._is_own(row)]

    def run(self) -> None:
        self._modules()
        self._lessons()
        self.quizzes.run(self.tree.lessons, self.lessons, self.left)
        self.assignments.run(self.tree.lessons, self.lessons, self.left, self.lines)
        self._vanished()
        self._tell_of_work()

    def _modules(self) -> None:
        self.modules = {module.key: module for module in self.course.modules.all()}
        self.module_slugs = slugs_of(self.modules.values())
        keys = [node.key for node in self.tree.modules]
        before = self._known(self.modules.values(), set(keys))
        moved = self.orders.moved("modules", self.course.slug, before, keys)
        for position, node in enumerate(self.tree.modules, start=1):
            row = self.modules.get(node.key)
            stays = moved is None and row is not None and row.deleted_at is None
            row, verdict = self._settle(node, row, self.module_slugs)
            place = {} if stays else {"position": position}
            self.rows.place(row, {"source": node.source, **place})
            self._tell("module", node, verdict, "moved" if node.key in (moved or ()) else "")

    def _lessons(self) -> None:
        rows = self.course.lessons.select_related("module").in_outline_order()
        self.lessons = {lesson.key: lesson for lesson in rows}
        self.lesson_slugs = slugs_of(self.lessons.values())
        self.quizzes.absent = {
            lesson.key
            for node in self.tree.modules
            for lesson in node.lessons
            if lesson.key not in self.lessons and is_lost(None, self.modules[node.key])
        }
        for node in self.tree.modules:
            self._lessons_of(node, self.modules[node.key])

    def _lessons_of(self, node: ModuleNode, module: Module) -> None:
        here = [one for one in self.lessons.values() if one.module_id == module.pk]
        keys = [lesson.key for lesson in node.lessons]
        before = self._known(here, self.named)
        moved = self.orders.moved("lessons", node.key, before, keys, node.source)
        for position, lesson in enumerate(node.lessons, start=1):
            row = self.lessons.get(lesson.key)
            if is_lost(row, module):
                self._leave(lesson, row)
                continue
            if row and lesson.quiz:
                self.quizzes.keep_banks(lesson.quiz, row)
            stays = moved is None and has_place(row, module)
            came = row is not None and row.module_id != module.pk and not row.deleted_at
            row, verdict = self._settle(lesson, row, self.lesson_slugs)
            if verdict.is_left:
                self.left.add(lesson.key)
            place = {} if stays else {"module": module, "position": position}
            self.rows.place(row, {"source": lesson.source, **place})
            is_moved = lesson.key in (moved or ())
            hint = f"moved to {node.key}" if came else "moved" if is_moved else ""
            self._tell("lesson", lesson, verdict, "" if stays else hint)

    def _known(self, rows: Iterable[Module | Lesson], named: Set[str]) -> list[str]:
        """What the source may have the order of: not what was written on the site since."""
        alive = [row for row in rows if row.deleted_at is None]
        return [row.key for row in alive if row.key in named or not self._is_own(row)]

    def _leave(self, node: LessonNode, row: Lesson | None) -> None:
        """Tell of a lesson that would vanish; one that is elsewhere stays there as it is."""
        if row:
            self._refuse_other_kind(node, row)
            self.left.add(node.key)
        self._tell("lesson", node, Verdict(Action.CONFLICT, NO_MODULE), "")

    def _settle(
        self, node: ModuleNode | LessonNode, row: Any, slugs: set[str]
    ) -> tuple[Any, Verdict]:
        """Give the node its row with the wanted values, and say what that took."""
        if row is None:
            row = self._new_row(node)
            verdict = Verdict(Action.CREATED)
        else:
            self._refuse_other_kind(node, row)
            verdict = judge(
                node.compared, self._compared(row, list(node.values)), row.imported_hash,
                deleted=row.deleted_at is not None, overwrite=self.overwrite,
                is_exported=self._is_exported(row), is_untouched=self._is_untouched(node),
            )  # fmt: skip
        if verdict.action in {Action.CREATED, Action.RESTORED}:
            row.slug = free_slug(row.slug or node.key.rpartition("/")[2], slugs)
        if verdict.is_written:
            self.rows.place(row, {**node.values, "deleted_at": None})
        if not verdict.is_left:
            self.rows.place(row, {"imported_hash": fingerprint(node.compared)})
        return row, verdict

    def _new_row(self, node: ModuleNode | LessonNode) -> Module | Lesson:
        if isinstance(node, ModuleNode):
            module = self.rows.add(Module(course=self.course, key=node.key))
            self.modules[node.key] = module
            return module
        is_judged = node.quiz or node.assignment
        by = Lesson.Completion.BY_PASSING if is_judged else Lesson.Completion.BY_HAND
        lesson = self.rows.add(Lesson(course=self.course, key=node.key, completion=by))
        self.lessons[node.key] = lesson
        return lesson

    def _refuse_other_kind(self, node: ModuleNode | LessonNode, row: Any) -> None:
        """A quiz stays one: what learners did in the one means nothing for the other."""
        if isinstance(node, LessonNode):
            before, after = sort_of(row.kind), sort_of(node.values.get("kind", ""))
            if before != after:
                article = "an" if before == "assignment" else "a"
                message = f'"{node.key}" is {article} {before} on the site: '
                raise refuse(f"{message}give this {after} another id.", node.source)

    def _compared(self, row: Module | Lesson, names: list[str]) -> dict[str, Any]:
        """What `compared` of its node says, as the row has it."""
        own = {name: getattr(row, name) for name in names}
        if not isinstance(row, Lesson):
            return own
        return {**own, **self.quizzes.rules_of(row), **self.assignments.rules_of(row)}

    def _is_exported(self, row: Module | Lesson) -> bool:
        """Whether the row is as it was when the source was exported."""
        if not self.tree.exported:
            return False
        if isinstance(row, Module):
            told = mark("module", row.key, self._compared(row, MODULE_VALUES))
        else:
            values = self._compared(row, names_of(row)) | self.quizzes.told_rules_of(row)
            told = mark("lesson", row.key, values)
        return told in self.tree.exported

    def _is_untouched(self, node: ModuleNode | LessonNode) -> bool:
        """Whether the source has the node as it was when it was exported."""
        if not self.tree.exported:
            return False
        if isinstance(node, ModuleNode):
            return mark("module", node.key, node.compared) in self.tree.exported
        banks = {"banks": node.quiz.banks} if node.quiz else {}
        return mark("lesson", node.key, node.compared | banks) in self.tree.exported

    def _is_own(self, row: Module | Lesson) -> bool:
        """Whether the row was written on the site and is none of what was exported."""
        return is_own(row) and not self._is_exported(row)

    def _tell(self, kind: str, node: ModuleNode | LessonNode, verdict: Verdict, moved: str) -> None:
        verdict = verdict.and_moved(moved)
        line = self.report.add(verdict.action, kind, node.key, verdict.detail, path=node.source)
        if isinstance(node, LessonNode):
            self.lines[node.key] = line

    def _vanished(self) -> None:
        """Archive what is in the source no more; keep what was edited on the site."""
        chapters = {node.key for node in self.tree.modules}
        for lesson in self.alive:
            if lesson.key not in self.named:
                self._archive("lesson", lesson, names_of(lesson))
        busy = {lesson.module_id for lesson in [*self.alive, *self.own]}
        for module in self.modules.values():
            if module.deleted_at or module.key in chapters:
                continue
            if not self._is_own(module):
                if module.pk in busy:
                    message = f"The module {module.key} stays: it has lessons of the site."
                    self.report.warnings.append(Finding(message, code="kept"))
                else:
                    self._archive("module", module, MODULE_VALUES)

    def _archive(self, kind: str, row: Module | Lesson, names: list[str]) -> None:
        edited = is_edited(self._compared(row, names), row.imported_hash)
        edited = edited and not self._is_exported(row)
        edited = edited or (isinstance(row, Lesson) and self.quizzes.has_edited(row))
        if edited and not self.overwrite:
            message = f"The {kind} {row.key} vanished but was edited on the site: it stays."
            self.report.warnings.append(Finding(message, row.source, code="conflict"))
            return
        self.rows.place(row, {"deleted_at": now(), "imported_hash": ""})
        line = self.report.add(Action.ARCHIVED, kind, row.key, path=row.source)
        if isinstance(row, Lesson):
            self.archived[row.pk] = line

    def _tell_of_work(self) -> None:
        """Say how many learners have done the lessons that go."""
        if not self.archived:
            return
        rows = LessonProgress.objects.filter(lesson__in=self.archived).order_by().values("lesson")
        for key, number in rows.annotate(number=Count("pk")).values_list("lesson", "number"):
            done = "1 learner has" if number == 1 else f"{number:,} learners have"
            self.archived[key].effect = f"{done} done it"

    def write(self) -> None:
        moment = now()
        for row in self.rows.changed:
            if isinstance(row, Lesson):
                row.updated_at = moment
        self.rows.write(Module, MODULE_FIELDS)
        self.rows.write(Lesson, LESSON_FIELDS)


def names_of(row: Lesson) -> list[str]:
    """The names of the fields that an import compares of a lesson of this kind."""
    return VALUES.get(Lesson.Kind(row.kind), LESSON_VALUES)


def slugs_of(rows: Iterable[Module | Lesson]) -> set[str]:
    """The slugs that are taken."""
    return {row.slug for row in rows if row.deleted_at is None}


def is_lost(row: Lesson | None, module: Module) -> bool:
    """Whether a lesson that comes into this module would not be seen: it was deleted here."""
    if module.deleted_at is None:
        return False
    return row is None or row.module_id != module.pk or row.deleted_at is not None


def sort_of(kind: str) -> str:
    """What a lesson of this kind is called among those that cannot become each other."""
    return kind.lower() if kind in VALUES else "lesson"


def free_slug(wanted: str, taken: set[str]) -> str:
    """A slug that nothing else has, and remember it as taken."""
    base = slugify(wanted)[:76] or "part"
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    taken.add(slug)
    return slug

"""Bringing a tree into the database: one transaction, the dry run is the same with a rollback."""

from typing import Any

from django.db import connection, transaction
from django.utils.text import slugify
from django.utils.timezone import now

from accounts.models import User
from courses.actions import publish_course
from courses.errors import CourseRefusal, NotReady
from courses.links import Links
from courses.markdown import RENDERING, render
from courses.models import Course, Lesson, Module, ProgrammingLanguage
from studio.editing import editing
from studio.importing.assets import AssetImport
from studio.importing.compare import Verdict, is_edited, judge, moved_within
from studio.importing.refusal import Finding, refuse
from studio.importing.report import Action, Report
from studio.importing.tree import CourseNode, LessonNode, ModuleNode, fingerprint

WRITTEN = {Action.CREATED, Action.RESTORED, Action.UPDATED}
MODULE_FIELDS = [
    "title",
    "description",
    "source",
    "slug",
    "position",
    "imported_hash",
    "deleted_at",
]
LESSON_VALUES = [
    "title", "summary", "kind", "content", "minutes", "xp_reward", "status", "is_preview",
    "is_required", "video_url", "captions", "poster", "widget", "widget_height",
]  # fmt: skip
LESSON_FIELDS = [
    *LESSON_VALUES, "module", "source", "slug", "position", "imported_hash", "deleted_at",
    "content_html", "rendering", "updated_at",
]  # fmt: skip


def import_course(
    tree: CourseNode, *, dry_run: bool = False, overwrite: bool = False, publish: bool = False,
    by: User | None = None,
) -> Report:  # fmt: skip
    """Make the site's course what the tree says, and report on every node.

    What was edited on the site since the last import is left alone and reported as a conflict,
    unless `overwrite`. `publish` publishes a course that is a draft. Raises ImportRefused.
    """
    report = Report(tree.slug, dry_run, warnings=list(tree.warnings))
    run = CourseImport(tree, report, overwrite)
    try:
        with transaction.atomic():
            run.apply(publish, by)
            transaction.set_rollback(dry_run)
    except BaseException:
        run.forget_files()
        raise
    for skipped in tree.skipped:
        report.add(Action.SKIPPED, "file", skipped.path, skipped.reason)
    return report


class CourseImport:
    """One import of one tree. The methods run in the order in which they stand."""

    def __init__(self, tree: CourseNode, report: Report, overwrite: bool) -> None:
        self.tree, self.report, self.overwrite = tree, report, overwrite
        self.files: AssetImport | None = None
        self.new_modules: list[Module] = []
        self.new_lessons: list[Lesson] = []
        self.changed: dict[Module | Lesson, None] = {}

    def apply(self, publish: bool, by: User | None) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
                [f"import {self.tree.slug}"],
            )
        course, is_new = self._course()
        with editing(course) as locked:
            self.course = locked
            self.files = AssetImport(locked, self.report)
            self.files.run(self.tree.assets)
            self._modules()
            self._lessons()
            self._vanished()
            self._render()
            self._write()
            if publish or (is_new and not self.tree.draft):
                self._publish(by)

    def forget_files(self) -> None:
        if self.files:
            self.files.undo()

    def _course(self) -> tuple[Course, bool]:
        wanted = self.tree.values
        course = Course.objects.select_related("language").filter(slug=self.tree.slug).first()
        if course is None:
            course = Course(slug=self.tree.slug)
            self._set_course(course)
            course.save(force_insert=True)
            self.report.add(Action.CREATED, "course", course.slug)
            return course, True
        if course.deleted_at:
            raise refuse(f"The course {course.slug} was deleted on the site: restore it first.")
        if not course.imported_hash and not self.overwrite:
            raise refuse(
                f"The course {course.slug} was written on the site. --overwrite replaces it."
            )
        row = {name: getattr(course, name) for name in wanted if name != "language"}
        row["language"] = course.language.slug if course.language else ""
        verdict = judge(wanted, row, course.imported_hash, deleted=False, overwrite=self.overwrite)
        self.report.add(verdict.action, "course", course.slug, verdict.detail)
        if verdict.action == Action.UPDATED or not course.imported_hash:
            self._set_course(course)
            course.save()
        return course, False

    def _set_course(self, course: Course) -> None:
        for name, value in self.tree.values.items():
            if name != "language":
                setattr(course, name, value)
        course.language = None
        if self.tree.language:
            course.language, _ = ProgrammingLanguage.objects.get_or_create(
                slug=self.tree.language,
                defaults={"name": self.tree.language_name, "difficulty": course.difficulty},
            )
        course.imported_hash = fingerprint(self.tree.values)

    def _modules(self) -> None:
        self.modules = {module.key: module for module in self.course.modules.exclude(key="")}
        self.module_slugs = set(
            self.course.modules.filter(deleted_at=None).values_list("slug", flat=True)
        )
        alive = [m for m in self.modules.values() if m.deleted_at is None]
        moved = moved_within([m.key for m in alive], [node.key for node in self.tree.modules])
        for position, node in enumerate(self.tree.modules, start=1):
            row, verdict = self._settle(node, self.modules.get(node.key), self.module_slugs)
            self._place(row, {"source": node.source, "position": position})
            self._tell("module", node.key, verdict, "moved" if node.key in moved else "")

    def _lessons(self) -> None:
        rows = self.course.lessons.select_related("module").in_outline_order().exclude(key="")
        self.lessons = {lesson.key: lesson for lesson in rows}
        self.lesson_slugs = set(
            self.course.lessons.filter(deleted_at=None).values_list("slug", flat=True)
        )
        for node in self.tree.modules:
            module = self.modules[node.key]
            here = [one.key for one in self.lessons.values() if one.module_id == module.pk]
            moved = moved_within(here, [lesson.key for lesson in node.lessons])
            for position, lesson in enumerate(node.lessons, start=1):
                row = self.lessons.get(lesson.key)
                came = row is not None and row.module_id != module.pk and not row.deleted_at
                row, verdict = self._settle(lesson, row, self.lesson_slugs)
                self._place(row, {"source": lesson.source, "module": module, "position": position})
                hint = f"moved to {node.key}" if came else "moved" if lesson.key in moved else ""
                self._tell("lesson", lesson.key, verdict, hint)

    def _settle(
        self, node: ModuleNode | LessonNode, row: Any, slugs: set[str]
    ) -> tuple[Any, Verdict]:
        """Give the node its row with the wanted values, and say what that took."""
        if row is None:
            row = self._new_row(node)
            verdict = Verdict(Action.CREATED)
        else:
            current = {name: getattr(row, name) for name in node.values}
            verdict = judge(
                node.values, current, row.imported_hash,
                deleted=row.deleted_at is not None, overwrite=self.overwrite,
            )  # fmt: skip
        if verdict.action in {Action.CREATED, Action.RESTORED}:
            row.slug = free_slug(row.slug or node.key.rpartition("/")[2], slugs)
        if verdict.action in WRITTEN:
            self._place(row, {**node.values, "deleted_at": None})
        if verdict.action != Action.CONFLICT:
            self._place(row, {"imported_hash": fingerprint(node.values)})
        return row, verdict

    def _new_row(self, node: ModuleNode | LessonNode) -> Module | Lesson:
        if isinstance(node, ModuleNode):
            module = Module(course=self.course, key=node.key)
            self.new_modules.append(module)
            self.modules[node.key] = module
            return module
        lesson = Lesson(course=self.course, key=node.key)
        self.new_lessons.append(lesson)
        self.lessons[node.key] = lesson
        return lesson

    def _place(self, row: Any, values: dict[str, Any]) -> None:
        """Set what is other than before, and remember the row for writing if anything is."""
        for name, value in values.items():
            attribute = "module_id" if name == "module" else name
            wanted = value.pk if name == "module" else value
            if getattr(row, attribute) != wanted:
                setattr(row, name, value)
                if not row._state.adding:
                    self.changed[row] = None

    def _tell(self, kind: str, key: str, verdict: Verdict, moved: str) -> None:
        action, detail = verdict.action, verdict.detail
        if moved and action == Action.UNCHANGED:
            action, detail = Action.MOVED, moved
        elif moved and action == Action.UPDATED:
            detail = f"{detail}, {moved}"
        self.report.add(action, kind, key, detail)

    def _vanished(self) -> None:
        """Archive what is in the source no more; keep what was edited on the site."""
        named = {node.key for node in self.tree.lessons}
        chapters = {node.key for node in self.tree.modules}
        for lesson in self.lessons.values():
            if lesson.key not in named and lesson.deleted_at is None:
                row = {name: getattr(lesson, name) for name in LESSON_VALUES}
                self._archive("lesson", lesson, row)
        busy = {one.module_id for one in self.lessons.values() if one.deleted_at is None}
        busy |= set(
            self.course.lessons.filter(key="", deleted_at=None).values_list("module_id", flat=True)
        )
        for module in self.modules.values():
            if module.deleted_at is None and module.key not in chapters:
                if module.pk in busy:
                    message = f"The module {module.key} stays: it has lessons of the site."
                    self.report.warnings.append(Finding(message, code="kept"))
                else:
                    row = {"title": module.title, "description": module.description}
                    self._archive("module", module, row)

    def _archive(self, kind: str, row: Module | Lesson, values: dict[str, Any]) -> None:
        if is_edited(values, row.imported_hash) and not self.overwrite:
            message = f"The {kind} {row.key} vanished but was edited on the site: it stays."
            self.report.warnings.append(Finding(message, row.source, code="conflict"))
            return
        self._place(row, {"deleted_at": now(), "imported_hash": ""})
        self.report.add(Action.ARCHIVED, kind, row.key)

    def _render(self) -> None:
        """Render every text: also an unchanged one, whose links may lead elsewhere now."""
        alive = [lesson for lesson in self.lessons.values() if lesson.deleted_at is None]
        own = self.course.lessons.filter(key="", deleted_at=None).values_list("source", "slug")
        sources = {lesson.source: lesson.slug for lesson in alive} | dict(own)
        links = Links.of(self.course.slug, sources, list(self.tree.assets))
        first_lines = {node.key: node.first_line for node in self.tree.lessons}
        for lesson in alive:
            lost = list[str]()
            html = render(lesson.content, resolve=links.resolver(lesson.source, lost.append))
            self._place(lesson, {"content_html": html, "rendering": RENDERING})
            self._dangling(lost, lesson.content, lesson.source, first_lines.get(lesson.key, 1))
        lost = list[str]()
        html = render(self.course.description, resolve=links.resolver("course.yaml", lost.append))
        self._dangling(lost, self.course.description, "course.yaml", 0)
        if (html, RENDERING) != (self.course.description_html, self.course.rendering):
            self.course.description_html, self.course.rendering = html, RENDERING
            self.course.save(update_fields=["description_html", "rendering"])

    def _dangling(self, lost: list[str], text: str, source: str, first_line: int) -> None:
        for url in dict.fromkeys(lost):
            line = first_line + text[: max(0, text.find(url))].count("\n") if first_line else 0
            message = f'Unknown reference "{url[:120]}".'
            self.report.warnings.append(Finding(message, source, line, "reference"))

    def _write(self) -> None:
        moment = now()
        Module.objects.bulk_create(self.new_modules)
        modules = [row for row in self.changed if isinstance(row, Module)]
        lessons = [row for row in self.changed if isinstance(row, Lesson)]
        if modules:
            Module.objects.bulk_update(modules, MODULE_FIELDS)
        Lesson.objects.bulk_create(self.new_lessons)
        for lesson in lessons:
            lesson.updated_at = moment
        if lessons:
            Lesson.objects.bulk_update(lessons, LESSON_FIELDS, batch_size=50)

    def _publish(self, by: User | None) -> None:
        try:
            publish_course(self.course, by)
        except NotReady as refusal:
            for problem in refusal.problems:
                self.report.warnings.append(Finding(f"Not published: {problem}", code="draft"))
        except CourseRefusal as refusal:
            message = f"Not published: {refusal.message}"
            self.report.warnings.append(Finding(message, code="draft"))


def free_slug(wanted: str, taken: set[str]) -> str:
    """A slug that nothing else has, and remember it as taken."""
    base = slugify(wanted)[:76] or "part"
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    taken.add(slug)
    return slug

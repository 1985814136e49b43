"""Bringing a tree into the database: one transaction, the dry run is the same with a rollback."""

from collections.abc import Callable
from dataclasses import asdict

from django.db import connection, transaction

from accounts import audit
from accounts.models import User
from assessments.assignments import problems_of_assignments, refuse_unfair_assignments
from courses.actions import publish_course
from courses.checks import SEEN, problems_of_lesson
from courses.errors import CourseRefusal, NotReady
from courses.links import Links
from courses.markdown import RENDERING
from courses.models import Course, Lesson, ProgrammingLanguage
from studio.editing import editing
from studio.effects import watching
from studio.importing.agreement import mark
from studio.importing.assets import AssetImport
from studio.importing.assignments import AssignmentImport
from studio.importing.compare import judge
from studio.importing.outline import OutlineImport
from studio.importing.provenance import refusal_of_other
from studio.importing.quizzes import QuizImport
from studio.importing.refusal import Finding, refuse
from studio.importing.report import Action, Report
from studio.importing.shown_files import shown_files
from studio.importing.texts import Texts
from studio.importing.tree import CourseNode, fingerprint
from studio.quiz_checks import problems_of_quizzes, refuse_empty_quizzes

Later = Callable[[Callable[[], object]], object]
Step = Callable[[], object]


def at_once(act: Callable[[], object]) -> None:
    act()


def nothing() -> None:
    pass


def import_course(
    tree: CourseNode, *, dry_run: bool = False, overwrite: bool = False, publish: bool = False,
    regrade: bool = False, by: User | None = None, later: Later = at_once,
    on_node: Step = nothing,
) -> Report:  # fmt: skip
    """Make the site's course what the tree says, and report on every node.

    What was edited on the site since the last import is left alone and reported as a conflict,
    unless `overwrite`. `publish` publishes a course that is a draft. A change of what is right
    about a question that was asked is refused, unless `regrade`, which afterwards marks all
    attempts in the course anew. Inside a transaction of the caller's that must not be done yet:
    `later` gets it, to be called after the commit. `on_node` is called for every line of the
    report, `tree.size` times and for what is archived. Raises ImportRefused.
    """
    report = Report(tree.slug, dry_run, warnings=list(tree.warnings), on_line=on_node)
    run = ImportRun(tree, report, overwrite=overwrite, regrade=regrade)
    with transaction.atomic():
        quizzes = run.apply(publish, by)
        if dry_run:
            quizzes.marks.foretell()
        if not dry_run and report.does_something:
            audit.note("COURSE_IMPORTED", run.course, by=by)
        transaction.set_rollback(dry_run)
    if not dry_run:
        later(quizzes.marks.mark_anew)
    for skipped in tree.skipped:
        report.add(
            Action.SKIPPED, skipped.kind, skipped.path, skipped.reason,
            path=skipped.path, original=skipped.original,
        )  # fmt: skip
    return report


class ImportRun:
    """One import of one tree. The methods run in the order in which they stand."""

    def __init__(self, tree: CourseNode, report: Report, *, overwrite: bool, regrade: bool) -> None:
        self.tree, self.report = tree, report
        self.overwrite, self.regrade = overwrite, regrade

    def apply(self, publish: bool, by: User | None) -> QuizImport:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
                [f"import {self.tree.slug}"],
            )
        course, is_new = self._course()
        with watching(course) as effects, editing(course) as locked:
            self.course = locked
            quizzes = self._bring()
            if publish or (is_new and not self.tree.draft):
                self._publish(by)
            self._tell_of_pictures()
        self.report.effects = effects.sentences
        return quizzes

    def _bring(self) -> QuizImport:
        """Bring in files, outline, quizzes and assignments."""
        exported = self.tree.exported
        self.files = AssetImport(self.course, self.report, exported, overwrite=self.overwrite)
        self.files.run(self.tree.assets)
        quizzes = QuizImport(
            self.course, self.report, exported, overwrite=self.overwrite, regrade=self.regrade
        )
        assignments = AssignmentImport(self.course, self.report)
        self.outline = OutlineImport(
            self.course, self.tree, self.report, quizzes, assignments, overwrite=self.overwrite
        )
        self.outline.run()
        self._let_files_go(quizzes)
        self._render(self.outline)
        self.outline.write()
        quizzes.write()
        assignments.write()
        self._check_what_judges(assignments)
        return quizzes

    def _let_files_go(self, quizzes: QuizImport) -> None:
        gone, shown = self.files.gone, dict[str, str]()
        if gone:
            lessons = [*self.outline.alive, *self.outline.own]
            shown = shown_files(self.course, lessons, quizzes, gone, self.files.paths)
        self.files.let_go(shown)

    def _course(self) -> tuple[Course, bool]:
        wanted = self.tree.values
        rows = Course.objects.select_related("language").filter(slug=self.tree.slug)
        course = rows.select_for_update(no_key=True, of=("self",)).first()
        if course is None:
            course = Course(slug=self.tree.slug)
            self._set_course(course)
            course.save(force_insert=True)
            self.report.add(Action.CREATED, "course", course.slug)
            return course, True
        if course.deleted_at:
            raise refuse(f"The course {course.slug} was deleted on the site: restore it first.")
        other = None if self.overwrite else refusal_of_other(self.tree, course)
        if other:
            raise other
        row = {name: getattr(course, name) for name in wanted if name != "language"}
        row["language"] = course.language.slug if course.language else ""
        verdict = judge(
            wanted, row, course.imported_hash, deleted=False, overwrite=self.overwrite,
            is_exported=mark("course", course.slug, row) in self.tree.exported,
            is_untouched=mark("course", course.slug, wanted) in self.tree.exported,
        )  # fmt: skip
        is_own = not course.imported_hash and not self._was_exported(course)
        if verdict.is_left and is_own:
            raise refuse(
                f"The course {course.slug} was written on the site. --overwrite replaces it."
            )
        line = self.report.add(verdict.action, "course", course.slug, verdict.detail)
        if course.title != wanted["title"]:
            line.effect = f"on the site it is called “{course.title}”"
        is_other = verdict.is_written or course.imported_hash != fingerprint(wanted)
        if is_other and not verdict.is_left:
            self._set_course(course)
            course.save(update_fields=[*wanted, "imported_hash", "updated_at"])
        return course, False

    def _was_exported(self, course: Course) -> bool:
        """Whether the source was made from this course, not from another of its name.

        Ids that the site makes are random: sources share them only by an export.
        """
        keys = [module.key for module in self.tree.modules]
        return bool(self.tree.exported) and course.modules.filter(key__in=keys).exists()

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

    def _render(self, outline: OutlineImport) -> None:
        """Render what changed, or everything where links may lead elsewhere now.

        A text whose links lead nowhere is rendered each time: that is how it is told.
        """
        sources = {lesson.source: lesson.slug for lesson in [*outline.alive, *outline.own]}
        links = Links.of(self.course.slug, sources, self.files.paths)
        links_hash = fingerprint(asdict(links))
        texts = Texts(links, self.report, everything=links_hash != self.course.links_hash)
        first_lines = {node.key: node.first_line for node in self.tree.lessons}
        for lesson in outline.alive:
            if texts.is_due(lesson, [lesson.content_html], is_other=outline.rows.has(lesson)):
                html = texts.html(lesson.content, lesson.source, first_lines.get(lesson.key, 1))
                outline.rows.place(lesson, {"content_html": html, "rendering": RENDERING})
        outline.quizzes.render(texts, outline.alive, outline.rows)
        html = texts.html(self.course.description, "course.yaml", 0)
        wanted = {"description_html": html, "rendering": RENDERING, "links_hash": links_hash}
        if any(getattr(self.course, name) != value for name, value in wanted.items()):
            for name, value in wanted.items():
                setattr(self.course, name, value)
            self.course.save(update_fields=list(wanted))

    def _check_what_judges(self, assignments: AssignmentImport) -> None:
        """A file is fair by itself; with what was edited on the site, what came of it may not be.

        What is hardly meant about an assignment was said with its file and line.
        """
        brought = self.course.lessons.shown().exclude(imported_hash="")
        found = problems_of_quizzes(brought)
        if assignments.assignments:
            found += [one for one in problems_of_assignments(brought) if one.is_error]
        for problem in found:
            self.report.warnings.append(Finding(str(problem), code=problem.code))

    def _tell_of_pictures(self) -> None:
        """Tell what learners could not see or read, in the words that keep a course from them.

        What kept this one from being published was told.
        """
        told = {finding.message for finding in self.report.warnings}
        shown = [one for one in self.outline.alive if one.status == Lesson.Status.PUBLISHED]
        for lesson in shown:
            for problem in problems_of_lesson(lesson, self.course):
                if problem.code in SEEN and f"Not published: {problem}" not in told:
                    finding = Finding(problem.message, lesson.source, code=problem.code)
                    self.report.warnings.append(finding)

    def _publish(self, by: User | None) -> None:
        try:
            refuse_empty_quizzes(self.course)
            refuse_unfair_assignments(self.course)
            self.report.published = publish_course(self.course, by)
        except NotReady as refusal:
            for problem in refusal.problems:
                self.report.warnings.append(Finding(f"Not published: {problem}", code="draft"))
        except CourseRefusal as refusal:
            message = f"Not published: {refusal.message}"
            self.report.warnings.append(Finding(message, code="draft"))

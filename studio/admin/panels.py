"""What stands above the form of a course, module or lesson: state, outline, what to mend."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.labels import in_sentence
from assessments.assignments import problems_of_assignments
from assessments.models import Assignment, Quiz
from courses.actions import problems_before_publishing
from courses.checks import Problem, problems_of_lesson
from courses.models import Course, Lesson, Module
from studio.quiz_checks import problems_of_quizzes


@dataclass(frozen=True, slots=True)
class Button:
    """One verb, pressed as a form of its own."""

    label: str
    url: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the outline: a module or a lesson that can be opened and moved."""

    title: str
    note: str
    url: str
    up: str
    down: str
    is_module: bool


@dataclass(frozen=True, slots=True)
class Link:
    """A way from here to what belongs to it."""

    label: str
    url: str


OUTLINE = gettext_lazy("Outline")


@dataclass(frozen=True, slots=True)
class Panel:
    state: str
    buttons: Sequence[Button]
    problems: Sequence[Problem]
    rows: Sequence[Row] = ()
    preview: str = ""
    hint: str = ""
    links: Sequence[Link] = ()
    heading: str | Promise = OUTLINE


def verb_url(kind: str, pk: UUID, verb: str, app: str = "courses") -> str:
    return reverse(f"admin:{app}_{kind}_verb", args=[pk, verb])


def course_panel(course: Course) -> Panel:
    if course.deleted_at:
        state, verbs = "Deleted", ["restore"]
    else:
        state = course.get_status_display()
        verbs = {
            Course.Status.DRAFT: ["publish"],
            Course.Status.PUBLISHED: ["unpublish", "archive"],
            Course.Status.ARCHIVED: ["publish", "unpublish"],
        }[Course.Status(course.status)]
    labels = {
        "publish": _("Publish"), "unpublish": _("Back to draft"), "archive": _("Archive"),
        "restore": _("Restore"),
    }  # fmt: skip
    return Panel(
        state=state,
        buttons=[Button(labels[verb], verb_url("course", course.pk, verb)) for verb in verbs],
        problems=[
            *problems_before_publishing(course),
            *problems_of_quizzes(course.lessons.shown()),
            *problems_of_assignments(course.lessons.shown()),
        ],
        rows=outline_rows(course),
        preview="" if course.is_published else _first_lesson(course),
        hint=from_folder(bool(course.imported_hash)),
    )


def module_panel(module: Module) -> Panel:
    rows = outline_rows(module.course, module)
    if not module.deleted_at:
        return Panel(state="", buttons=[], problems=[], rows=rows)
    button = Button(_("Restore, with its lessons"), verb_url("module", module.pk, "restore"))
    return Panel(state="Deleted", buttons=[button], problems=[], rows=rows)


def lesson_panel(lesson: Lesson) -> Panel:
    verb = "publish" if lesson.status == Lesson.Status.DRAFT else "hide"
    label = _("Publish") if verb == "publish" else _("Hide from learners")
    state: str = lesson.get_status_display()
    if lesson.deleted_at:
        state, verb, label = "Deleted", "restore", _("Restore")
    elif lesson.module.deleted_at:
        state = _("Deleted with its module")
    return Panel(
        state=state,
        buttons=[Button(label, verb_url("lesson", lesson.pk, verb))],
        problems=[
            *problems_of_lesson(lesson, lesson.course),
            *problems_of_quizzes(Lesson.objects.filter(pk=lesson.pk)),
            *problems_of_assignments(Lesson.objects.filter(pk=lesson.pk)),
        ],
        preview=f"{lesson.get_absolute_url()}?preview=1",
        hint=from_folder(bool(lesson.imported_hash)),
        links=_links_to_what_judges(lesson),
    )


def _links_to_what_judges(lesson: Lesson) -> list[Link]:
    """Where the questions of a quiz are written, or the cases of an assignment."""
    if lesson.kind == Lesson.Kind.QUIZ:
        keys = Quiz.objects.filter(lesson=lesson).values_list("pk", flat=True)
        return [Link(_("Rules and questions"), quiz_url(key)) for key in keys]
    if lesson.kind == Lesson.Kind.ASSIGNMENT:
        assignments = Assignment.objects.filter(lesson=lesson).only("pk")
        return [link for one in assignments for link in _links_to_assignment(one.pk)]
    return []


def _links_to_assignment(key: UUID) -> list[Link]:
    return [
        Link(_("Code, rules and cases"), assignment_url(key)),
        Link(_("Trial and numbers"), reverse("studio:assignment", args=[key])),
    ]


def assignment_url(key: UUID) -> str:
    return reverse("admin:assessments_assignment_change", args=[key])


def quiz_url(key: UUID) -> str:
    return reverse("admin:assessments_quiz_change", args=[key])


def _first_lesson(course: Course) -> str:
    """Where the course begins, for authors: a draft has no page of its own."""
    first = course.lessons.with_drafts().in_outline_order().values_list("slug", flat=True).first()
    return f"{reverse('classroom:lesson', args=[course.slug, first])}?preview=1" if first else ""


def from_folder(imported: bool) -> str:
    if not imported:
        return ""
    return _(
        "This comes from a course folder. What you change here stays: "
        "the next import reports it as a conflict."
    )


def outline_rows(course: Course, only: Module | None = None) -> list[Row]:
    """Modules and lessons in order, also empty ones and drafts. Two queries."""
    modules = course.modules.filter(deleted_at=None).order_by("position", "id")
    lessons: dict[UUID, list[Lesson]] = {}
    for lesson in (
        course.lessons.with_drafts()
        .defer("content", "content_html", "widget")
        .order_by("position", "id")
    ):
        lessons.setdefault(lesson.module_id, []).append(lesson)
    rows: list[Row] = []
    for module in modules:
        if only is not None and module.pk != only.pk:
            continue
        own = lessons.get(module.pk, [])
        if only is None:
            rows.append(_row("module", module, _("%(own)s lessons") % {"own": len(own)}))
        rows += [_row("lesson", lesson, note_of(lesson)) for lesson in own]
    return rows


def note_of(lesson: Lesson) -> str:
    is_draft = lesson.status == Lesson.Status.DRAFT
    said = _("draft, %(kind)s, %(minutes)s min") if is_draft else _("%(kind)s, %(minutes)s min")
    return said % {"kind": in_sentence(lesson.get_kind_display()), "minutes": lesson.minutes}


def _row(kind: str, one: Module | Lesson, note: str) -> Row:
    return Row(
        title=one.title,
        note=note,
        url=reverse(f"admin:courses_{kind}_change", args=[one.pk]),
        up=verb_url(kind, one.pk, "up"),
        down=verb_url(kind, one.pk, "down"),
        is_module=kind == "module",
    )

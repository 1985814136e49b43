"""Assignments in the admin: code, rules, and the cases that solutions are run with."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.numerals import grouped
from assessments.assignments import problems_of_assignments
from assessments.authoring import save_assignment
from assessments.models import Assignment, TestCase, Trial
from assessments.trials import latest
from courses.models import Course, Lesson
from studio.admin.assignment_forms import AssignmentForm, CaseForm, CaseFormSet
from studio.admin.panels import Link, Panel, from_folder
from studio.admin.verbs import RefusingAdmin

TRIED = {
    Trial.Status.PENDING: gettext_lazy("It waits to be tried out."),
    Trial.Status.RUNNING: gettext_lazy("It is being tried out."),
    Trial.Status.PASSED: gettext_lazy("Tried out: the reference solution passes."),
    Trial.Status.FAILED: gettext_lazy("Tried out: something is to be mended."),
    Trial.Status.ERROR: gettext_lazy("It could not be tried out, through a fault of ours."),
}


class CaseInline(admin.StackedInline):  # type: ignore[type-arg]
    model = TestCase
    form = CaseForm
    formset = CaseFormSet
    can_delete = False
    verbose_name = gettext_lazy("case")
    verbose_name_plural = gettext_lazy("cases")
    fieldsets = (
        (None, {"fields": ("name", ("is_visible", "points", "position", "archived"), "hint")}),
        (
            gettext_lazy("A call of a function"),
            {"fields": ("args", "kwargs", "expected", "raises", "function")},
        ),
        (gettext_lazy("A run of a program"), {"fields": ("stdin", "expected_stdout")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Archived ones come last."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.order_by(F("deleted_at").asc(nulls_first=True), "position", "id")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Only what its cases can use, once it has some.

        By the rules that stand: those of a form that was refused would change its own fields.
        """
        first, called, run = super().get_fieldsets(request, obj)
        rows = Assignment.objects.filter(pk=obj.pk, cases__isnull=False) if obj else None
        functions = list(rows.values_list("function", flat=True)[:1]) if rows is not None else []
        if not functions:
            return [first, called, run]
        return [first, called if functions[0] else run]

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if obj and obj.cases.exists() else 2


@admin.register(Assignment)
class AssignmentAdmin(RefusingAdmin):
    """Its title, task, minutes and XP are its lesson's, and so are its beginning and end."""

    form = AssignmentForm
    list_display = ("title", "course", "status", "language", "live_cases", "pass_percent")
    list_filter = (
        "lesson__status", "language", ("lesson__course", admin.RelatedOnlyFieldListFilter),
    )  # fmt: skip
    list_select_related = ("lesson__course",)
    search_fields = ("lesson__title", "lesson__course__title")
    inlines = (CaseInline,)
    fieldsets = (
        (
            gettext_lazy("Code"),
            {"fields": ("language", "function", "starter", "solution", "hints")},
        ),
        (gettext_lazy("Judging"), {"fields": ("compare", "tolerance", "pass_percent")}),
        (gettext_lazy("Limits of a case"), {"fields": ("cpu_seconds", "memory")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        live = Count("cases", filter=Q(cases__deleted_at=None))
        rows: QuerySet[Any] = (
            super()
            .get_queryset(request)
            .filter(lesson__deleted_at=None, lesson__module__deleted_at=None)
            .select_related("lesson__course")
            .annotate(live_count=live)
        )
        return rows

    @admin.display(description=gettext_lazy("assignment"), ordering="lesson__title")
    def title(self, assignment: Assignment) -> str:
        return assignment.lesson.title

    @admin.display(description=gettext_lazy("course"), ordering="lesson__course__title")
    def course(self, assignment: Assignment) -> str:
        return str(assignment.lesson.course)

    @admin.display(description=gettext_lazy("status"), ordering="lesson__status")
    def status(self, assignment: Assignment) -> str:
        return str(assignment.lesson.get_status_display())

    @admin.display(description=gettext_lazy("cases"), ordering="live_count")
    def live_cases(self, assignment: Assignment) -> int:
        return int(getattr(assignment, "live_count", 0))

    def course_of(self, obj: Assignment) -> Course:
        return obj.lesson.course

    def has_add_permission(self, request: HttpRequest) -> bool:
        """An assignment is made with its lesson."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Its lesson is deleted instead; what learners handed in is kept."""
        return False

    def save_model(self, request: HttpRequest, obj: Assignment, form: Any, change: bool) -> None:
        """It is saved with its cases, below."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        assignment: Assignment = form.instance
        (cases,) = formsets
        cases.save(commit=False)
        waiting = save_assignment(assignment, cases.cases())
        if waiting:
            tell_about_verdicts(request, assignment, waiting)

    def panel(self, obj: Assignment) -> Panel:
        return assignment_panel(obj)

    def view_on_site(self, obj: Assignment) -> str | None:
        return None


def tell_about_verdicts(request: HttpRequest, assignment: Assignment, count: int) -> None:
    """Submissions keep their verdicts until somebody has looked at what judging them changes."""
    page = reverse("studio:rejudge", args=[assignment.pk])
    text = ngettext(
        "{count} submission was judged by other cases or rules. "
        '<a href="{page}">See what would change</a>.',
        "{count} submissions were judged by other cases or rules. "
        '<a href="{page}">See what would change</a>.',
        count,
    )
    messages.warning(request, format_html(text, count=grouped(count), page=page))


def assignment_panel(assignment: Assignment) -> Panel:
    lesson, trial = assignment.lesson, latest(assignment)
    tried = TRIED[Trial.Status(trial.status)] if trial else _("It has not been tried out yet.")
    hints = [tried, from_folder(bool(lesson.imported_hash))]
    return Panel(
        state=str(lesson.get_status_display()),
        buttons=[],
        problems=problems_of_assignments(Lesson.objects.filter(pk=lesson.pk)),
        preview=f"{lesson.get_absolute_url()}?preview=1",
        hint=" ".join(str(one) for one in hints if one),
        links=[
            Link(_("What trying it out found"), reverse("studio:assignment", args=[assignment.pk])),
            Link(_("Title, task and XP"), reverse("admin:courses_lesson_change", args=[lesson.pk])),
        ],
    )

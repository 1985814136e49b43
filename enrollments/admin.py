"""Who is in which course, and the backfill with its progress."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy, ngettext

from accounts import audit
from accounts.models import User
from accounts.numerals import grouped
from accounts.read_only import KeptAdmin, ReadOnlyAdmin
from enrollments import actions, backfill, tasks
from enrollments.errors import EnrollmentRefused
from enrollments.models import BackfillRun, DueEnrollment, Enrollment


class EnrollForm(forms.ModelForm):  # type: ignore[type-arg]
    """Whom to put into which course. Somebody who left comes back into the old row."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        user, course = cleaned.get("user"), cleaned.get("course")
        if not (user and course):
            return cleaned
        # Of whom staff took out nothing is asked, as nothing is where the list puts them back.
        if not Enrollment.objects.of(user).filter(course=course).taken_out().exists():
            try:
                actions.check_open(user, course)
            except EnrollmentRefused as refusal:
                raise ValidationError(str(refusal)) from None
        return cleaned

    def validate_constraints(self) -> None:
        """One row per person and course: the verb finds it, so a second one is no error."""


@admin.register(Enrollment)
class EnrollmentAdmin(KeptAdmin):
    """Rows are made by enrolling and end by leaving; none is ever deleted."""

    verbs_note = True
    form = EnrollForm
    list_display = ["user", "course", "status", "source", "enrolled_at"]
    list_filter = ["status", "source", "course"]
    list_select_related = ["user", "course"]
    search_fields = ["user__email", "course__slug"]
    autocomplete_fields = ["user", "course"]
    fields = ["user", "course"]
    actions = ["take_out", "pause", "resume"]

    def has_enroll_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("enrollments.change_enrollment")

    def save_model(
        self, request: HttpRequest, obj: Enrollment, form: ModelForm[Enrollment], change: bool
    ) -> None:
        user, course = obj.user, obj.course
        by = request.user if isinstance(request.user, User) else None
        if by is not None:
            actions.put_back(user, course, by=by)
        row, came = actions.enroll(user, course, Enrollment.Source.STAFF, by=by)
        if came:
            audit.note("ENROLLED", course, person=user)
        obj.pk = row.pk
        obj.refresh_from_db()

    @admin.action(
        description=gettext_lazy("Take out of the course (progress is kept)"),
        permissions=["enroll"],
    )
    def take_out(self, request: HttpRequest, rows: QuerySet[Enrollment]) -> None:
        by = request.user if isinstance(request.user, User) else None
        left = sum(
            actions.leave(place.user, place.course, by=by, even_paused=True)
            for place in rows.select_related("user", "course")
        )
        said = ngettext("%(left)s person was taken out.", "%(left)s people were taken out.", left)
        messages.success(request, said % {"left": grouped(left)})

    @admin.action(description=gettext_lazy("Pause"), permissions=["enroll"])
    def pause(self, request: HttpRequest, rows: QuerySet[Enrollment]) -> None:
        held = actions.pause(rows)
        said = ngettext("%(held)s enrolment is paused.", "%(held)s enrolments are paused.", held)
        messages.success(request, said % {"held": grouped(held)})

    @admin.action(description=gettext_lazy("End the pause"), permissions=["enroll"])
    def resume(self, request: HttpRequest, rows: QuerySet[Enrollment]) -> None:
        freed = actions.end_pause(rows)
        said = ngettext("%(freed)s enrolment goes on.", "%(freed)s enrolments go on.", freed)
        messages.success(request, said % {"freed": grouped(freed)})


@admin.register(BackfillRun)
class BackfillRunAdmin(KeptAdmin):
    """Adding a row asks for a run; the list shows how far each one is."""

    list_display = ["created_at", "status", "progress", "inserted", "course", "missing"]
    fields = ["course", "missing", "batch_size"]
    readonly_when_made = ["status", "progress", "inserted", "error", "finished_at"]
    autocomplete_fields = ["course"]

    @admin.display(description=gettext_lazy("people looked at"))
    def progress(self, run: BackfillRun) -> str:
        return gettext("%(users_done)s of %(users_total)s (%(percent)s%%)") % {
            "users_done": run.users_done,
            "users_total": run.users_total,
            "percent": run.percent,
        }

    def get_fields(self, request: HttpRequest, obj: BackfillRun | None = None) -> Any:
        return [*self.fields, *self.readonly_when_made] if obj else self.fields

    def save_model(
        self, request: HttpRequest, obj: BackfillRun, form: ModelForm[BackfillRun], change: bool
    ) -> None:
        run = backfill.request_run(
            course=obj.course,
            missing=obj.missing,
            batch_size=obj.batch_size,
            started_by=request.user if isinstance(request.user, User) else None,
        )
        obj.pk = run.pk
        obj.refresh_from_db()
        tasks.run_backfill.delay_on_commit(str(run.pk))


@admin.register(DueEnrollment)
class DueEnrollmentAdmin(ReadOnlyAdmin):
    list_display = ["user", "tries", "created_at", "error"]
    list_select_related = ["user"]

"""Courses in the admin: written, checked in words, published."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from assessments.model_drafts import drafting
from courses import actions
from courses.form_fields import LinesField
from courses.models import Course, Module
from studio.admin.panels import Panel, course_panel
from studio.admin.verbs import AuthorsAdmin, DeletedFilter, LabelledFormSet
from studio.editing import editing
from studio.outline import settle_module
from studio.ready import publish_fair


def publish(request: HttpRequest, course: Course) -> str:
    by = request.user if isinstance(request.user, User) else None
    return "published." if publish_fair(course, by) else ""


def unpublish(request: HttpRequest, course: Course) -> str:
    return _("a draft again.") if actions.unpublish_course(course) else ""


def archive(request: HttpRequest, course: Course) -> str:
    return "archived." if actions.archive_course(course) else ""


def restore(request: HttpRequest, course: Course) -> str:
    return _("restored as a draft.") if actions.restore_course(course) else ""


DRAFTS = gettext_lazy(
    "When learners read feedback that a language model has drafted. It never touches a grade. "
    "After a person: reviewers find each draft in their queue. At once: it is shown as AI, which "
    "can be wrong, and a person may still correct it. Never: nothing of this course is sent to the "
    "model."
)
NO_MODEL = gettext_lazy(" No model is configured here now, so none is asked, whatever is chosen.")


class CourseForm(forms.ModelForm):  # type: ignore[type-arg]
    tags = LinesField(
        label=gettext_lazy("Tags"), required=False, help_text=gettext_lazy("One per line.")
    )
    authors = LinesField(
        label=gettext_lazy("Authors"),
        required=False,
        help_text=gettext_lazy("Names only, one per line."),
    )

    class Meta:
        model = Course
        fields = "__all__"  # noqa: DJ007 (the admin class names the fields)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """What was chosen before stays, also when it is published no more."""
        super().__init__(*args, **kwargs)
        if "ai_drafts" in self.fields:
            words = str(DRAFTS) if drafting.is_on() else f"{DRAFTS}{NO_MODEL}"
            self.fields["ai_drafts"].help_text = words
        if "prerequisite" in self.fields:
            field: Any = self.fields["prerequisite"]
            chosen = Q(pk=self.instance.prerequisite_id)
            field.queryset = Course.objects.filter(
                chosen | Q(pk__in=Course.objects.published().values("pk"))
            )

    def clean_prerequisite(self) -> Course | None:
        """Courses that wait for each other are closed for ever."""
        first: Course | None = self.cleaned_data["prerequisite"]
        if first and first.pk == self.instance.pk:
            raise forms.ValidationError(_("A course cannot wait for itself."))
        if first and first.comes_after(self.instance):
            raise forms.ValidationError(_("That course waits for this one: nobody could begin."))
        return first


class ModuleInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Module
    fields = ("title", "description", "position")
    formset = LabelledFormSet
    extra = 1
    show_change_link = True
    verbose_name_plural = gettext_lazy("modules (save, then open one to add lessons)")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(deleted_at=None).order_by("position", "id")


@admin.register(Course)
class CourseAdmin(AuthorsAdmin):
    """A course page: its state and outline above, its fields below, its modules at the end."""

    form = CourseForm
    list_display = ("title", "language", "status", "lessons", "minutes", "opens_to_all")
    list_filter = ("status", "language", "difficulty", "opens_to_all", DeletedFilter)
    list_select_related = ("language",)
    search_fields = ("title", "slug", "summary")
    autocomplete_fields = ("language", "prerequisite", "cover")
    inlines = (ModuleInline,)
    actions = ("publish_them", "unpublish_them", "archive_them")
    fieldsets = (
        (None, {"fields": ("title", "slug", "summary", "description")}),
        (gettext_lazy("In the catalogue"), {"fields": ("language", "difficulty", "tags", "cover")}),
        (
            gettext_lazy("Who may learn"),
            {"fields": ("opens_to_all", "required_plan", "prerequisite")},
        ),
        (gettext_lazy("Feedback"), {"fields": ("ai_drafts",)}),
        (gettext_lazy("Origin"), {"fields": ("authors", "licence"), "classes": ("collapse",)}),
    )
    verbs: ClassVar = {
        "publish": publish, "unpublish": unpublish, "archive": archive, "restore": restore,
    }  # fmt: skip

    @admin.display(description=gettext_lazy("lessons"), ordering="lesson_count")
    def lessons(self, course: Course) -> str:
        return _("%(lesson_count)s (%(required_count)s required)") % {
            "lesson_count": course.lesson_count,
            "required_count": course.required_count,
        }

    @admin.action(description=gettext_lazy("Publish"), permissions=["change"])
    def publish_them(self, request: HttpRequest, rows: QuerySet[Course]) -> None:
        self.do_to_all(request, "publish", rows)

    @admin.action(description=gettext_lazy("Back to draft"), permissions=["change"])
    def unpublish_them(self, request: HttpRequest, rows: QuerySet[Course]) -> None:
        self.do_to_all(request, "unpublish", rows)

    @admin.action(description=gettext_lazy("Archive"), permissions=["change"])
    def archive_them(self, request: HttpRequest, rows: QuerySet[Course]) -> None:
        self.do_to_all(request, "archive", rows)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Course], search_term: str
    ) -> tuple[QuerySet[Course], bool]:
        """Only what learners can finish is offered as the course that comes first."""
        rows, twice = super().get_search_results(request, queryset, search_term)
        if request.GET.get("field_name") == "prerequisite":
            rows = rows.filter(pk__in=Course.objects.published().values("pk"))
        return rows, twice

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The slug is the course's address and its name for imports: it stays as it was made."""
        return ("slug",) if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj else {"slug": ("title",)}

    def panel(self, obj: Course) -> Panel:
        return course_panel(obj)

    def delete_verb(self, obj: Course) -> bool:
        return actions.delete_course(obj)

    def view_on_site(self, obj: Course) -> str | None:
        return obj.get_absolute_url() if obj.is_published else None

    def save_model(
        self, request: HttpRequest, obj: Course, form: ModelForm[Course], change: bool
    ) -> None:
        actions.save_rendered_course(obj)

    def save_formset(
        self, request: HttpRequest, form: ModelForm[Course], formset: Any, change: bool
    ) -> None:
        """Save modules: new ones come last, deleted ones are hidden."""
        with editing(form.instance) as course:
            modules = formset.save(commit=False)
            for module in modules:
                if module._state.adding:
                    settle_module(module, course)
                module.save()
            for module in formset.deleted_objects:
                actions.delete_module(module)

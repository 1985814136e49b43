"""Modules in the admin, with their lessons."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import actions
from courses.models import Course, Lesson, Module
from studio.admin.lesson import LessonRowForm
from studio.admin.panels import Panel, module_panel
from studio.admin.verbs import AuthorsAdmin, DeletedFilter, LabelledFormSet
from studio.editing import editing
from studio.outline import make_judged, settle_lesson


def restore(request: HttpRequest, module: Module) -> str:
    return _("restored, with its lessons.") if actions.restore_module(module) else ""


def move_up(request: HttpRequest, module: Module) -> str:
    return _("moved up.") if actions.move_module(module, "up") else ""


def move_down(request: HttpRequest, module: Module) -> str:
    return _("moved down.") if actions.move_module(module, "down") else ""


class ModuleForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Module
        fields = "__all__"  # noqa: DJ007 (the admin class names the fields)

    def clean_slug(self) -> str:
        """Slugs are unique in the course; the database refuses what slips through."""
        slug: str = self.cleaned_data["slug"]
        chosen = self.cleaned_data.get("course")
        course = chosen.pk if isinstance(chosen, Course) else self.instance.course_id
        others = Module.objects.filter(course=course, slug=slug, deleted_at=None)
        if self.instance.deleted_at is None and others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Another module of this course has this slug."))
        return slug


class LessonInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Lesson
    form = LessonRowForm
    fields = ("title", "kind", "minutes", "status", "is_required", "position")
    formset = LabelledFormSet
    extra = 1
    show_change_link = True
    verbose_name_plural = gettext_lazy("lessons (save, then open one to write its text)")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        lessons = super().get_queryset(request).filter(deleted_at=None)
        return lessons.defer("content", "content_html", "widget").order_by("position", "id")


@admin.register(Module)
class ModuleAdmin(AuthorsAdmin):
    form = ModuleForm
    list_display = ("title", "course", "position", "lesson_count")
    list_filter = (("course", admin.RelatedOnlyFieldListFilter), DeletedFilter)
    list_select_related = ("course",)
    search_fields = ("title", "course__title")
    autocomplete_fields = ("course",)
    fields = ("course", "title", "slug", "description", "syllabus", "position")
    prepopulated_fields = {"slug": ("title",)}
    inlines = (LessonInline,)
    verbs: ClassVar = {"restore": restore, "up": move_up, "down": move_down}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        live = Count("lessons", filter=Q(lessons__deleted_at=None))
        rows: QuerySet[Any] = (
            super().get_queryset(request).select_related("course").annotate(live_lessons=live)
        )
        return rows

    @admin.display(description=gettext_lazy("lessons"), ordering="live_lessons")
    def lesson_count(self, module: Module) -> int:
        return int(getattr(module, "live_lessons", 0))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A module stays in its course: progress is counted there."""
        return ("course",) if obj else ()

    def panel(self, obj: Module) -> Panel:
        return module_panel(obj)

    def delete_verb(self, obj: Module) -> bool:
        return actions.delete_module(obj)

    def save_model(
        self, request: HttpRequest, obj: Module, form: forms.ModelForm[Module], change: bool
    ) -> None:
        with editing(obj.course) as course:
            if not change and not obj.position:
                places = course.modules.filter(deleted_at=None).values_list("position", flat=True)
                obj.position = max(places, default=0) + 1
            obj.save()

    def save_formset(
        self, request: HttpRequest, form: forms.ModelForm[Module], formset: Any, change: bool
    ) -> None:
        """Save lessons: new ones come last, deleted ones are hidden."""
        module = form.instance
        with editing(module.course) as course:
            lessons = formset.save(commit=False)
            for lesson in lessons:
                if lesson._state.adding:
                    settle_lesson(lesson, module, course)
                lesson.save()
                make_judged(lesson)
            for lesson in formset.deleted_objects:
                actions.delete_lesson(lesson)

"""Lessons in the admin: a large field for the text, a preview, buttons to publish and move."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import actions
from courses.models import Lesson, Module
from courses.videos import WANTED, is_shown
from studio.admin.panels import Panel, lesson_panel
from studio.admin.verbs import AuthorsAdmin, DeletedFilter
from studio.editing import editing
from studio.outline import JUDGED, make_judged
from studio.quiz_checks import lacks_questions
from studio.ready import publish_fair_lesson, unfair

Kind = Lesson.Kind
NOT_YET = gettext_lazy(
    "Save the quiz as a draft, write a question that pays points, then publish it."
)
NOT_FAIR_YET = gettext_lazy(
    "Save the assignment as a draft, give it a reference solution and cases, then publish it."
)
TAUGHT_BY_TEXT = [Kind.ARTICLE, Kind.VIDEO, Kind.CODE_EXAMPLE, Kind.INTERACTIVE]


def publish(request: HttpRequest, lesson: Lesson) -> str:
    return "published." if publish_fair_lesson(lesson) else ""


def hide(request: HttpRequest, lesson: Lesson) -> str:
    return _("hidden from learners.") if actions.hide_lesson(lesson) else ""


def restore(request: HttpRequest, lesson: Lesson) -> str:
    return "restored." if actions.restore_lesson(lesson) else ""


def move_up(request: HttpRequest, lesson: Lesson) -> str:
    return _("moved up.") if actions.move_lesson(lesson, "up") else ""


def move_down(request: HttpRequest, lesson: Lesson) -> str:
    return _("moved down.") if actions.move_lesson(lesson, "down") else ""


class LessonRowForm(forms.ModelForm):  # type: ignore[type-arg]
    """Offers the kinds that can be written here.

    A quiz or an assignment stays one, and nothing becomes one: what learners did hangs on it.
    """

    class Meta:
        model = Lesson
        fields = "__all__"  # noqa: DJ007 (the admin class names the fields)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own, kinds = Kind(self.instance.kind), list(TAUGHT_BY_TEXT)
        if self.instance._state.adding:
            kinds += JUDGED
        elif own not in TAUGHT_BY_TEXT:
            kinds = [own]
        if "kind" in self.fields:
            field: Any = self.fields["kind"]
            field.choices = [(kind.value, kind.label) for kind in kinds]

    def clean(self) -> dict[str, Any]:
        """What is judged is done by passing it, and learners see it once it can be passed."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        kind = data.get("kind", self.instance.kind)
        if kind in JUDGED:
            self.instance.completion = Lesson.Completion.BY_PASSING
            is_shown_now = data.get("status") == Lesson.Status.PUBLISHED
            if is_shown_now and "status" in self.changed_data and self._is_unfinished():
                self.add_error("status", NOT_YET if kind == Kind.QUIZ else NOT_FAIR_YET)
        return data

    def _is_unfinished(self) -> bool:
        """Whether nobody could pass it."""
        lesson = self.instance
        return lesson._state.adding or lacks_questions(lesson) or bool(unfair(lesson))


class LessonForm(LessonRowForm):
    class Meta:
        model = Lesson
        fields = "__all__"  # noqa: DJ007 (the admin class names the fields)
        widgets = {
            "content": forms.Textarea(attrs={"rows": 32, "class": "vLargeTextField lesson-text"}),
            "widget": forms.Textarea(attrs={"rows": 12, "class": "vLargeTextField lesson-text"}),
        }
        help_texts = {
            "content": gettext_lazy("Markdown. The page prints the title: begin with a paragraph."),
            "video_url": WANTED,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "widget_height" in self.fields:
            self.fields["widget_height"].required = False

    def clean_widget_height(self) -> int:
        """Most lessons have no widget, and nothing to say about its height."""
        height: int | None = self.cleaned_data["widget_height"]
        return Lesson._meta.get_field("widget_height").get_default() if height is None else height

    def clean_slug(self) -> str:
        """Addresses are unique in the course; the database refuses what slips through."""
        slug: str = self.cleaned_data["slug"]
        module = self.cleaned_data.get("module")
        others = Lesson.objects.filter(slug=slug, deleted_at=None).exclude(pk=self.instance.pk)
        if isinstance(module, Module) and others.filter(course=module.course_id).exists():
            raise forms.ValidationError(_("Another lesson of this course has this slug."))
        return slug

    def clean_module(self) -> Module:
        """A lesson stays in its course: progress is counted there."""
        module: Module = self.cleaned_data["module"]
        if not self.instance._state.adding and module.course_id != self.instance.course_id:
            raise forms.ValidationError(_("Choose a module of the same course."))
        return module

    def clean_video_url(self) -> str:
        """The page plays what it knows and nothing else."""
        url: str = self.cleaned_data["video_url"].strip()
        module = self.cleaned_data.get("module")
        if url and isinstance(module, Module) and not is_shown(url, module.course.slug):
            raise forms.ValidationError(WANTED)
        return url


@admin.register(Lesson)
class LessonAdmin(AuthorsAdmin):
    form = LessonForm
    list_display = ("title", "course", "module", "kind", "status", "minutes", "xp_reward")
    list_filter = (
        "status", "kind", "is_preview", ("course", admin.RelatedOnlyFieldListFilter), DeletedFilter
    )  # fmt: skip
    list_select_related = ("course", "module")
    search_fields = ("title", "slug", "course__title")
    autocomplete_fields = ("module",)
    prepopulated_fields = {"slug": ("title",)}
    actions = ("publish_them", "hide_them")
    fieldsets = (
        (None, {"fields": ("module", "title", "slug", "kind", "summary", "content")}),
        (
            gettext_lazy("Learning"),
            {"fields": ("minutes", "xp_reward", "status", "is_required", "is_preview")},
        ),
        (
            gettext_lazy("Video"),
            {"fields": ("video_url", "captions", "poster"), "classes": ("collapse",)},
        ),
        (
            gettext_lazy("Interactive"),
            {"fields": ("widget", "widget_height"), "classes": ("collapse",)},
        ),
    )
    verbs: ClassVar = {
        "publish": publish, "hide": hide, "restore": restore, "up": move_up, "down": move_down,
    }  # fmt: skip

    @admin.action(description=gettext_lazy("Publish"), permissions=["change"])
    def publish_them(self, request: HttpRequest, rows: QuerySet[Lesson]) -> None:
        self.do_to_all(request, "publish", rows.select_related("course"))

    @admin.action(description=gettext_lazy("Hide from learners"), permissions=["change"])
    def hide_them(self, request: HttpRequest, rows: QuerySet[Lesson]) -> None:
        self.do_to_all(request, "hide", rows.select_related("course"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("course", "module")

    def panel(self, obj: Lesson) -> Panel:
        return lesson_panel(obj)

    def delete_verb(self, obj: Lesson) -> bool:
        return actions.delete_lesson(obj)

    def save_model(
        self, request: HttpRequest, obj: Lesson, form: forms.ModelForm[Lesson], change: bool
    ) -> None:
        obj.course = obj.module.course
        with editing(obj.course):
            if not change and not obj.position:
                siblings = Lesson.objects.filter(module=obj.module, deleted_at=None)
                obj.position = max(siblings.values_list("position", flat=True), default=0) + 1
            actions.save_rendered(obj)
            make_judged(obj)

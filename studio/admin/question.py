"""Questions in the admin: the prompt, the key, and what is told about it afterwards."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import questions as writing
from assessments.models import Option, Question
from courses.models import Course
from studio.admin.panels import Button, Link, Panel, from_folder, quiz_url, verb_url
from studio.admin.question_forms import OptionForm, OptionFormSet, QuestionForm
from studio.admin.verbs import DeletedFilter, RefusingAdmin, tell_about_marks
from studio.editing import editing
from studio.quiz_checks import NOTHING_PAYS, lacks_questions


def archive(request: HttpRequest, question: Question) -> str:
    if not writing.archive_question(question):
        return ""
    lesson = question.quiz.lesson
    if lesson.status == lesson.Status.PUBLISHED and lacks_questions(lesson):
        messages.warning(request, f"{lesson}: {NOTHING_PAYS}")
    return _("archived. No new attempt asks it.")


def restore(request: HttpRequest, question: Question) -> str:
    return "restored." if writing.restore_question(question) else ""


def move_up(request: HttpRequest, question: Question) -> str:
    return _("moved up.") if writing.move_question(question, "up") else ""


def move_down(request: HttpRequest, question: Question) -> str:
    return _("moved down.") if writing.move_question(question, "down") else ""


class OptionInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Option
    form = OptionForm
    formset = OptionFormSet
    fields = ("text", "is_correct", "feedback", "position", "archived")
    can_delete = False
    verbose_name_plural = gettext_lazy(
        "options (for single and multiple choice; the texts are Markdown)"
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.order_by("position", "id")

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 1 if obj else 4


@admin.register(Question)
class QuestionAdmin(RefusingAdmin):
    form = QuestionForm
    list_display = ("__str__", "quiz", "kind", "points", "position")
    list_filter = ("kind", ("quiz", admin.RelatedOnlyFieldListFilter), DeletedFilter)
    list_select_related = ("quiz__lesson",)
    search_fields = ("prompt", "quiz__lesson__title")
    autocomplete_fields = ("quiz",)
    inlines = (OptionInline,)
    fieldsets = (
        (None, {"fields": ("quiz", "kind", "prompt", "points", "bank", "shuffle")}),
        (
            gettext_lazy("Key of text and number questions"),
            {"fields": ("accept", "tolerance", "match_case")},
        ),
        (
            gettext_lazy("Shown afterwards"),
            {"fields": ("explanation", "model_answer", "taught_in", "topics")},
        ),
    )
    verbs: ClassVar = {"archive": archive, "restore": restore, "up": move_up, "down": move_down}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("quiz__lesson__course")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A question stays in its quiz: attempts were asked it there."""
        return ("quiz",) if obj else ()

    def course_of(self, obj: Question) -> Course:
        return obj.quiz.lesson.course

    def panel(self, obj: Question) -> Panel:
        return question_panel(obj)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """It is archived instead, by its button."""
        return False

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Lessons and banks are chosen here, not made in passing."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in ("bank", "taught_in"):
            for sign in ("add", "change", "delete", "view"):
                setattr(field.widget, f"can_{sign}_related", False)
        return field

    def save_model(self, request: HttpRequest, obj: Question, form: Any, change: bool) -> None:
        """It is saved with its options, below."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        question: Question = form.instance
        (options,) = formsets
        options.save(commit=False)
        with editing(self.course_of(question)):
            marked = writing.save_question(question, options.options())
        if marked:
            tell_about_marks(request, question.quiz_id, marked, _("marked by the old key"))

    def response_add(self, request: HttpRequest, obj: Any, *args: Any) -> HttpResponse:
        """The next question belongs to the same quiz."""
        answer = super().response_add(request, obj, *args)
        if "_addanother" in request.POST:
            return redirect(f"{request.path}?quiz={obj.quiz_id}")
        return answer

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return HttpResponseRedirect(quiz_url(obj.quiz_id))

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return HttpResponseRedirect(quiz_url(obj.quiz_id))


def question_panel(question: Question) -> Panel:
    verb, label = ("restore", _("Restore")) if question.deleted_at else ("archive", _("Archive"))
    statistics = reverse("studio:quiz", args=[question.quiz_id])
    return Panel(
        state=_("Archived") if question.deleted_at else "",
        buttons=[Button(label, verb_url("question", question.pk, verb, "assessments"))],
        problems=[],
        hint=from_folder(bool(question.imported_hash)),
        links=[
            Link(_("All questions of the quiz"), quiz_url(question.quiz_id)),
            Link(_("How it measures"), f"{statistics}#question-{question.pk}"),
            Link(_("Add another question"), f"{add_url()}?quiz={question.quiz_id}"),
        ],
    )


def add_url() -> str:
    return reverse("admin:assessments_question_add")

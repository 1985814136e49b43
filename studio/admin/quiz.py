"""Quizzes in the admin: their rules, their banks, and their questions in order."""

from __future__ import annotations

from math import ceil
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.models import Bank, Question, Quiz
from assessments.questions import BankInUse, refuse_bank_in_use, save_banks, save_rules
from courses.models import Course
from studio.admin.panels import Link, Panel, Row, from_folder, verb_url
from studio.admin.verbs import LabelledFormSet, RefusingAdmin, tell_about_marks
from studio.quiz_checks import problems_of_quiz


class BankFormSet(LabelledFormSet):
    """Two banks of one name are told in words; a bank with questions stays."""

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            if form.cleaned_data.get("DELETE"):
                try:
                    refuse_bank_in_use(form.instance)
                except BankInUse as refusal:
                    raise forms.ValidationError(str(refusal)) from None


class BankInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Bank
    fields = ("name", "pick")
    formset = BankFormSet
    extra = 0
    verbose_name_plural = gettext_lazy("banks (an attempt is asked some questions of each)")


@admin.register(Quiz)
class QuizAdmin(RefusingAdmin):
    """Its title, text, minutes and XP are its lesson's, and so are its beginning and end."""

    list_display = ("title", "course", "status", "questions", "pass_percent", "max_attempts")
    list_filter = (
        "lesson__status", ("lesson__course", admin.RelatedOnlyFieldListFilter),
    )  # fmt: skip
    list_select_related = ("lesson__course",)
    search_fields = ("lesson__title", "lesson__course__title")
    inlines = (BankInline,)
    fieldsets = (
        (
            gettext_lazy("Rules"),
            {"fields": ("pass_percent", "time_limit", "max_attempts", "wait", "review")},
        ),
        (gettext_lazy("Page"), {"fields": ("layout", "shuffle")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        live = Count("questions", filter=Q(questions__deleted_at=None))
        rows: QuerySet[Any] = (
            super()
            .get_queryset(request)
            .filter(lesson__deleted_at=None, lesson__module__deleted_at=None)
            .select_related("lesson__course")
            .annotate(live_questions=live)
        )
        return rows

    @admin.display(description=gettext_lazy("quiz"), ordering="lesson__title")
    def title(self, quiz: Quiz) -> str:
        return quiz.lesson.title

    @admin.display(description=gettext_lazy("course"), ordering="lesson__course__title")
    def course(self, quiz: Quiz) -> str:
        return str(quiz.lesson.course)

    @admin.display(description=gettext_lazy("status"), ordering="lesson__status")
    def status(self, quiz: Quiz) -> str:
        return str(quiz.lesson.get_status_display())

    @admin.display(description=gettext_lazy("questions"), ordering="live_questions")
    def questions(self, quiz: Quiz) -> int:
        return int(getattr(quiz, "live_questions", 0))

    def course_of(self, obj: Quiz) -> Course:
        return obj.lesson.course

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A quiz is made with its lesson."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Its lesson is deleted instead; what learners did in it is kept."""
        return False

    def save_model(self, request: HttpRequest, obj: Quiz, form: Any, change: bool) -> None:
        """It is saved with its banks, below."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        quiz: Quiz = form.instance
        judged = save_rules(quiz)
        super().save_related(request, form, formsets, change)
        if judged:
            tell_about_marks(request, quiz.pk, judged, _("judged by the old passing score"))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        banks = formset.save(commit=False)
        save_banks(form.instance, banks, formset.deleted_objects)

    def panel(self, obj: Quiz) -> Panel:
        return quiz_panel(obj)

    def view_on_site(self, obj: Quiz) -> str | None:
        return None


def quiz_panel(quiz: Quiz) -> Panel:
    lesson = quiz.lesson
    rows = [question_row(row) for row in _with_options(quiz)]
    links = [
        Link(_("Add a question"), f"{reverse('admin:assessments_question_add')}?quiz={quiz.pk}"),
        Link(_("Title, text and XP"), reverse("admin:courses_lesson_change", args=[lesson.pk])),
        Link(_("Statistics"), reverse("studio:quiz", args=[quiz.pk])),
    ]
    archived = quiz.questions.exclude(deleted_at=None).count()
    if archived:
        page = reverse("admin:assessments_question_changelist")
        links.append(
            Link(
                _("Archived (%(archived)s)") % {"archived": archived},
                f"{page}?quiz__id__exact={quiz.pk}&deleted=1",
            )
        )
    return Panel(
        state=str(lesson.get_status_display()),
        buttons=[],
        problems=problems_of_quiz(quiz),
        rows=rows,
        preview=f"{lesson.get_absolute_url()}?preview=1",
        hint=from_folder(bool(lesson.imported_hash)),
        links=links,
        heading=_("Questions"),
    )


def _with_options(quiz: Quiz) -> QuerySet[Question]:
    live = Count("options", filter=Q(options__deleted_at=None))
    rows = Question.objects.live().filter(quiz=quiz).select_related("bank")
    return rows.annotate(live_options=live).in_order()


def question_row(question: Question) -> Row:
    options = getattr(question, "live_options", 0)
    points = question.points.normalize()
    notes = [
        str(question.get_kind_display()).lower(),
        ngettext("%(points)s point", "%(points)s points", ceil(points)) % {"points": f"{points:f}"},
        _("%(options)s options") % {"options": options} if options else "",
        _("bank %(bank)s") % {"bank": question.bank} if question.bank else "",
    ]
    return Row(
        title=str(question) or "A question",
        note=", ".join(note for note in notes if note),
        url=reverse("admin:assessments_question_change", args=[question.pk]),
        up=verb_url("question", question.pk, "up", "assessments"),
        down=verb_url("question", question.pk, "down", "assessments"),
        is_module=False,
    )

"""Learners' code in the admin, and what came of it: to look at, never to change by hand."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.read_only import ReadOnlyAdmin, ReadOnlyInline
from assessments.models import (
    Draft,
    Rejudging,
    Run,
    RunnerCheck,
    Submission,
    TestResult,
    Trial,
)

OF_ASSIGNMENT = ("assignment__lesson__title", "assignment__lesson__course__title")
TEXTS_OF_LESSON = ("lesson__content", "lesson__content_html", "lesson__widget")
TEXTS_OF_ASSIGNMENT = (
    "assignment__starter", "assignment__solution", "assignment__hints",
    *(f"assignment__{text}" for text in TEXTS_OF_LESSON),
)  # fmt: skip
TEXTS_OF_SUBMISSION = (
    "submission__source", "submission__compile_output", "submission__fault",
    *(f"submission__{text}" for text in TEXTS_OF_ASSIGNMENT),
)  # fmt: skip


class ListWithoutTexts(ChangeList):
    """A hundred rows without the code and texts that only the page of one shows."""

    model_admin: CodeAdmin

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: list[str | None] | None = None
    ) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request, exclude_parameters)
        return rows.defer(*self.model_admin.long_texts)


class CodeAdmin(ReadOnlyAdmin):
    long_texts: ClassVar[tuple[str, ...]] = ()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ListWithoutTexts


class WorkAdmin(CodeAdmin):
    """Work of the code queue. Nobody looks for a claim."""

    exclude = ("claim", "leased_until")
    list_filter: ClassVar[tuple[str, ...]] = ("status", "created_at")


class ResultInline(ReadOnlyInline):
    """How each case ended, hidden ones too: this page is for staff."""

    model = TestResult
    fields = ("position", "case", "outcome", "points", "expected", "got", "seconds")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("case")


@admin.register(Submission)
class SubmissionAdmin(WorkAdmin):
    list_display = (
        "user__email", "assignment", "is_graded", "number", "status", "outcome", "percent",
        "created_at",
    )  # fmt: skip
    list_filter = ("status", "outcome", "is_graded", "created_at")
    list_select_related = ("user", "assignment__lesson")
    search_fields = ("user__email", *OF_ASSIGNMENT)
    inlines = (ResultInline,)
    long_texts = ("source", "compile_output", "fault", *TEXTS_OF_ASSIGNMENT)


@admin.register(TestResult)
class TestResultAdmin(CodeAdmin):
    list_display = ("submission", "case", "outcome", "points", "was_visible", "seconds")
    list_filter = ("outcome", "was_visible")
    list_select_related = ("submission__assignment__lesson", "case")
    search_fields = ("submission__user__email", "case__name")
    long_texts = (
        "expected", "got", "stdout", "stderr", "case__args", "case__kwargs", "case__expected",
        "case__stdin", "case__expected_stdout", *TEXTS_OF_SUBMISSION,
    )  # fmt: skip


@admin.register(Run)
class RunAdmin(WorkAdmin):
    list_display = ("user__email", "lesson", "language", "status", "outcome", "created_at")
    list_filter = ("status", "outcome", "language", "created_at")
    list_select_related = ("user", "lesson")
    search_fields = ("user__email", "lesson__title")
    long_texts = ("source", "stdin", "stdout", "stderr", "fault", *TEXTS_OF_LESSON)


@admin.register(Draft)
class DraftAdmin(CodeAdmin):
    list_display = ("user__email", "assignment", "version", "saved_at")
    list_filter = ("saved_at",)
    list_select_related = ("user", "assignment__lesson")
    search_fields = ("user__email", *OF_ASSIGNMENT)
    long_texts = ("source", *TEXTS_OF_ASSIGNMENT)


@admin.register(Trial)
class TrialAdmin(WorkAdmin):
    """Asked for and read in the studio."""

    list_display = ("assignment", "revision", "status", "created_at", "finished_at")
    list_select_related = ("assignment__lesson",)
    search_fields = OF_ASSIGNMENT
    long_texts = ("findings", "fault", *TEXTS_OF_ASSIGNMENT)


@admin.register(Rejudging)
class RejudgingAdmin(WorkAdmin):
    """Asked for and read in the studio."""

    list_display = (
        "assignment", "is_preview", "lower", "status", "looked_at", "asked_by", "created_at",
    )  # fmt: skip
    list_filter = ("is_preview", "lower", "status", "created_at")
    list_select_related = ("assignment__lesson", "asked_by")
    search_fields = OF_ASSIGNMENT
    long_texts = ("changes", "reason", "fault", *TEXTS_OF_ASSIGNMENT)


@admin.register(RunnerCheck)
class RunnerCheckAdmin(WorkAdmin):
    list_display = ("runner", "status", "created_at", "finished_at", "asked_by")
    list_select_related = ("asked_by",)
    long_texts = ("walls", "fault")

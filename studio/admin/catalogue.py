"""Languages and files of courses in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from accounts.read_only import ReadOnlyAdmin
from courses.models import Asset, ProgrammingLanguage


@admin.register(ProgrammingLanguage)
class LanguageAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "slug", "difficulty", "required_plan", "is_active", "courses")
    list_filter = ("is_active", "difficulty", "required_plan")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        live = Count("courses", filter=Q(courses__deleted_at=None))
        rows: QuerySet[Any] = super().get_queryset(request).annotate(live_courses=live)
        return rows

    @admin.display(description=gettext_lazy("courses"), ordering="live_courses")
    def courses(self, language: ProgrammingLanguage) -> int:
        return int(getattr(language, "live_courses", 0))

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """People follow languages: one that is out of use is made inactive."""
        return False


@admin.register(Asset)
class AssetAdmin(ReadOnlyAdmin):
    """Files come in with a course's folder."""

    list_display = ("path", "course", "size", "sha256")
    list_filter = (("course", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("course",)
    search_fields = ("path", "course__title")

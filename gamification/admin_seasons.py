"""Seasons and challenges in the admin: to make, until they have begun; then to look at."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.read_only import ReadOnlyAdmin
from gamification.challenge_making import publish_challenge
from gamification.models import (
    Challenge,
    ChallengeEntry,
    ChallengeTask,
    Season,
    SeasonResult,
)
from gamification.season_errors import ContestRefused
from gamification.seasons import fill_boards


@admin.register(Season)
class SeasonAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Two seasons never overlap. Once one is closed, its window stays."""

    list_display = ["title", "starts_at", "ends_at", "goal_days", "closed_at", "told_at"]
    prepopulated_fields = {"slug": ["title"]}
    search_fields = ["title", "slug"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and (obj is None or obj.closed_at is None)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_delete_permission(request, obj)
        return may and obj is not None and obj.closed_at is None

    def save_model(self, request: HttpRequest, obj: Season, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        # It holds every payment up while it counts: only where there is something to count.
        if not change or {"starts_at", "ends_at"} & set(form.changed_data):
            fill_boards(obj)


@admin.register(SeasonResult)
class SeasonResultAdmin(ReadOnlyAdmin):
    list_display = ["season", "user", "active_days", "goal", "points", "rank", "is_top"]
    list_filter = ["season", "is_top"]
    list_select_related = ["season", "user"]
    search_fields = ["user__email"]


class TaskInline(admin.TabularInline):  # type: ignore[type-arg]
    model = ChallengeTask
    extra = 0
    autocomplete_fields = ["lesson"]


@admin.register(Challenge)
class ChallengeAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A draft until it is published. Once somebody has started, it stays as it is."""

    list_display = ["title", "course", "opens_at", "closes_at", "minutes", "is_published"]
    list_select_related = ["course"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["course"]
    readonly_fields = ["is_published"]
    search_fields = ["title", "slug"]
    inlines = [TaskInline]
    actions = ["publish"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and (obj is None or not obj.entries.exists())

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_delete_permission(request, obj)
        return may and obj is not None and not obj.entries.exists()

    @admin.action(description="Publish", permissions=["change"])
    def publish(self, request: HttpRequest, rows: QuerySet[Challenge]) -> None:
        for challenge in rows:
            try:
                publish_challenge(challenge)
                messages.success(request, f"{challenge.title} is published.")
            except ContestRefused as refusal:
                messages.error(request, f"{challenge.title}: {refusal}")


@admin.register(ChallengeEntry)
class ChallengeEntryAdmin(ReadOnlyAdmin):
    list_display = ["challenge", "user", "started_at", "deadline", "has_extra_time", "finished_at"]
    list_filter = ["challenge", "has_extra_time"]
    list_select_related = ["challenge", "user"]
    search_fields = ["user__email", "challenge__title"]

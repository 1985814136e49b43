"""Seasons and challenges in the admin: to make, until they have begun; then to look at."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import ForeignKey, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.read_only import ReadOnlyAdmin
from courses.form_fields import RowField
from courses.models import Lesson
from gamification import challenge_making, seasons
from gamification.admin_refusals import RefusingAdmin
from gamification.models import (
    Challenge,
    ChallengeEntry,
    ChallengeTask,
    Season,
    SeasonResult,
)
from gamification.season_errors import ContestRefused, NoTasks


@admin.register(Season)
class SeasonAdmin(RefusingAdmin):
    """Two seasons never overlap. What is promised stays once one has begun; closed, all of it."""

    verbs_note = True
    list_display = ["title", "starts_at", "ends_at", "goal_days", "closed_at", "told_at"]
    search_fields = ["title", "slug"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return seasons.PROMISED if obj and obj.starts_at <= now() else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if obj else {"slug": ["title"]}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and (obj is None or obj.closed_at is None)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_delete_permission(request, obj)
        return may and obj is not None and obj.starts_at > now()

    def save_model(self, request: HttpRequest, obj: Season, form: Any, change: bool) -> None:
        seasons.write_season(obj)

    def delete_model(self, request: HttpRequest, obj: Season) -> None:
        if not seasons.call_off(obj):
            raise PermissionDenied


@admin.register(SeasonResult)
class SeasonResultAdmin(ReadOnlyAdmin):
    list_display = ["season", "user", "active_days", "goal", "points", "rank", "is_top"]
    list_filter = ["season", "is_top"]
    list_select_related = ["season", "user"]
    search_fields = ["user__email"]


class TaskFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """The tasks of a challenge: what the verb would refuse stands above them."""

    def clean(self) -> None:
        super().clean()
        challenge = self.instance
        if any(self.errors) or challenge.course_id is None:
            return
        try:
            challenge_making.refuse_wrong_tasks(challenge.course, self.lessons)
            if challenge.is_published and not self.lessons:
                raise NoTasks
        except ContestRefused as refusal:
            raise ValidationError(str(refusal)) from refusal

    @property
    def lessons(self) -> list[Lesson]:
        """Those that are to stay, by their numbers."""
        said = [form.cleaned_data for form in self.forms]
        rows = [row for row in said if row.get("lesson") and not row.get("DELETE")]
        return [row["lesson"] for row in sorted(rows, key=lambda row: row["position"])]


class TaskInline(admin.TabularInline):  # type: ignore[type-arg]
    """Whoever may change the challenge may change its tasks."""

    model = ChallengeTask
    formset = TaskFormSet
    extra = 0
    autocomplete_fields = ["lesson"]
    formfield_overrides: ClassVar = {ForeignKey: {"form_class": RowField}}

    def has_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    has_view_permission = has_add_permission = has_permission
    has_change_permission = has_delete_permission = has_permission


@admin.register(Challenge)
class ChallengeAdmin(RefusingAdmin):
    """A draft until it is published. Once somebody has started, it stays as it is."""

    verbs_note = True
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

    def save_model(self, request: HttpRequest, obj: Challenge, form: Any, change: bool) -> None:
        """With its tasks, by the verb: see `save_related`."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        (tasks,) = formsets
        # What it would write is what the admin's record of the change speaks of.
        tasks.save(commit=False)
        plan = challenge_making.plan_of(form.instance, tasks.lessons)
        if change:
            challenge_making.change_challenge(form.instance, plan)
        else:
            challenge_making.write(form.instance, plan)

    def delete_model(self, request: HttpRequest, obj: Challenge) -> None:
        if not challenge_making.call_off(obj):
            raise PermissionDenied

    @admin.action(description=gettext_lazy("Publish"), permissions=["change"])
    def publish(self, request: HttpRequest, rows: QuerySet[Challenge]) -> None:
        for challenge in rows:
            try:
                challenge_making.publish_challenge(challenge)
                messages.success(request, _("%(title)s is published.") % {"title": challenge.title})
            except ContestRefused as refusal:
                messages.error(request, f"{challenge.title}: {refusal}")


@admin.register(ChallengeEntry)
class ChallengeEntryAdmin(ReadOnlyAdmin):
    list_display = ["challenge", "user", "started_at", "deadline", "has_extra_time", "finished_at"]
    list_filter = ["challenge", "has_extra_time"]
    list_select_related = ["challenge", "user"]
    search_fields = ["user__email", "challenge__title"]

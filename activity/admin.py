"""What happened, to read."""

from django.contrib import admin

from accounts.read_only import NewestPages, ReadOnlyAdmin
from activity.models import AnalyticsEvent, Event


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "user", "kind", "subject"]
    list_filter = ["kind", "created_at"]
    list_select_related = ["user"]
    search_fields = ["user__email", "subject"]


@admin.register(AnalyticsEvent)
class AnalyticsEventAdmin(ReadOnlyAdmin):
    """Looks, newest first. The hash that a visitor is known by for a day is shown to nobody."""

    list_display = ["created_at", "name", "view", "metric", "value", "words", "user"]
    list_filter = ["name", "metric"]
    list_select_related = ["user"]
    fields = ["created_at", "name", "view", "metric", "value", "words", "course", "weight", "user"]
    ordering = ["-created_at"]
    paginator = NewestPages

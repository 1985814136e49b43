"""What happened, to read."""

from django.contrib import admin

from accounts.read_only import ReadOnlyAdmin
from activity.models import Event


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "user", "kind", "subject"]
    list_filter = ["kind", "created_at"]
    list_select_related = ["user"]
    search_fields = ["user__email", "subject"]

"""How far learners are, to read: progress is made by learning."""

from django.contrib import admin

from accounts.read_only import ReadOnlyAdmin
from progress.models import CourseProgress


@admin.register(CourseProgress)
class CourseProgressAdmin(ReadOnlyAdmin):
    list_display = ["user", "course", "done", "total", "completed_at", "last_active_at"]
    list_filter = ["completed_at"]
    list_select_related = ["user", "course"]
    search_fields = ["user__email", "course__slug"]

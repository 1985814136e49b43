"""How one person learns, for whoever teaches."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.models import User
from activity.cursors import read_cursor
from assessments.timeline import timeline_of
from studio.access import TO_COURSES, insight_courses, staff_or_reviewers
from studio.pages.insights_students import taken_out_of


@require_safe
@staff_or_reviewers
def student(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything there is, newest first. Of a closed account nothing is shown."""
    person = get_object_or_404(User, pk=pk, deleted_at=None)
    page = timeline_of(person, read_cursor(request.GET.get("before", "")))
    came_from = request.GET.get("course", "")[:200]
    course = insight_courses(request).filter(slug=came_from).first() if came_from else None
    gone = None
    if course and request.user.has_perm(TO_COURSES):
        gone = taken_out_of(course).filter(user=person).first()
    context = {"page": page, "course": course, "gone": gone, "nav": "studio"}
    return render(request, "studio/student.html", context)

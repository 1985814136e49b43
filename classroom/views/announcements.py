"""What staff announced, read by those whom it is for."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import may_work_as_staff
from classroom.requests import learner
from courses.markdown import render as render_text
from notifications.models import Announcement


@require_safe
@login_required
def announcement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """To others it is not there; staff read it before it is sent as well."""
    user = learner(request, known=True)
    rows = Announcement.objects.select_related("course")
    visible = rows if may_work_as_staff(user) else rows.readable_by(user)
    found = get_object_or_404(visible, pk=pk)
    context = {"announcement": found, "html": render_text(found.text), "nav": "classroom"}
    return render(request, "classroom/announcement.html", context)

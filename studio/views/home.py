"""The first page of the authors' desk."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.access import GIVE_REVIEW
from accounts.models import User
from studio.access import member_of_staff, staff_only
from studio.pages.home import home_page
from studio.setting_up.steps import still_to_do


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The quizzes for staff; for reviewers who are none the queue, or the way to its lock."""
    user = request.user
    if isinstance(user, User) and not user.is_staff and user.has_perm(GIVE_REVIEW):
        return redirect("studio:reviews")
    return quizzes(request)


@staff_only
def quizzes(request: HttpRequest) -> HttpResponse:
    """Courses with their quizzes, drafts too: attempts, pass rate, reports that wait."""
    page = home_page(request.GET.get("page", "1")[:6])
    context = {"page": page, "setup": still_to_do(member_of_staff(request)), "nav": "studio"}
    return render(request, "studio/home.html", context)

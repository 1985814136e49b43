"""The link by which people bring others, and the way in for those who come by one."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from classroom.pages.referrals import referrals_page
from classroom.points import school_shows_points
from classroom.requests import learner, with_points
from gamification.referral_cookies import keep_click, keep_own
from gamification.referrals import is_known


@require_safe
@login_required
@with_points
def referrals(request: HttpRequest) -> HttpResponse:
    """One's own link, and how many came. The browser keeps whose link it has shown."""
    page = referrals_page(learner(request, known=True))
    answer = render(request, "classroom/referrals.html", {"page": page, "nav": "progress"})
    keep_own(answer, page.code)
    return answer


@require_safe
def invitation(request: HttpRequest, code: str) -> HttpResponse:
    """Lead whoever comes by a link to the sign-up page, whatever has become of the link.

    Guests keep whose link it was. Who is signed in is nobody new, whatever they open.
    """
    answer = redirect("account_signup")
    answer["Cache-Control"] = "no-store, private"
    if learner(request) is None and school_shows_points() and is_known(code):
        keep_click(answer, code)
    return answer

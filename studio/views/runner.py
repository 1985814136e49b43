"""The runner of learners' code: does it hold, and how long is its queue?"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments import runner_checks
from studio.access import member_of_staff, staff_only
from studio.pages.runner import runner_page


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def runner(request: HttpRequest) -> HttpResponse:
    """Show the last self-test and the queue; a POST asks for a self-test."""
    if request.method == "POST":
        runner_checks.ask(member_of_staff(request))
        messages.info(request, _("The runner is tested in the background, in a few seconds."))
        return HttpResponseRedirect(request.path, status=303)
    return render(request, "studio/runner.html", {"page": runner_page(), "nav": "studio"})

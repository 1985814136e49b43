"""The health of the site, for whoever looks after it."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from studio import looks
from studio.access import member_of_staff
from studio.looking import MAY_SEE
from studio.pages.site_health import site_health_page


@require_http_methods(["GET", "HEAD", "POST"])
def site_health(request: HttpRequest) -> HttpResponse:
    """Show what the last look found; a POST asks for another, which nobody waits for."""
    by = member_of_staff(request)
    if not by.has_perm(MAY_SEE):
        raise PermissionDenied
    if request.method == "POST":
        if looks.ask(by):
            messages.info(request, _("The site is looked over in the background."))
        else:
            messages.info(request, _("A look is under way already."))
        return HttpResponseRedirect(request.path, status=303)
    frame = {**admin.site.each_context(request), "is_nav_sidebar_enabled": False}
    context = {**frame, "title": _("Health of the site"), "page": site_health_page()}
    return render(request, "admin/health.html", context)

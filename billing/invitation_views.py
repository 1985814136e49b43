"""The pages of whoever is invited to a seat, or has one."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.joining import let_in
from accounts.models import User
from billing import seats
from billing.errors import BillingRefused
from billing.models.subscriptions import INVITATION
from billing.requests import member, see_other, where_seats_are_sold
from billing.seat_pages import held_by, invitation_page


@where_seats_are_sold
@require_safe
def invitation(request: HttpRequest, invitation: str) -> HttpResponse:
    """What is offered, by whom, until when: to whoever has the link."""
    user = request.user if isinstance(request.user, User) else None
    page = invitation_page(invitation, user)
    if page is None or page.state == "gone":
        context = {"page": page}
        return render(request, "billing/seats_gone.html", context, status=HTTPStatus.NOT_FOUND)
    if page.state == "guest":
        let_in(request)
    return render(request, "billing/seats_invitation.html", {"page": page})


@where_seats_are_sold
@require_POST
def taking(request: HttpRequest) -> HttpResponse:
    """Take the seat. The invitation comes in the form: addresses of refusals stand in logs."""
    text = request.POST.get("invitation", "")
    if not INVITATION.fullmatch(text):
        raise Http404(_("No such invitation."))
    shown = reverse("billing:seat_invitation", args=[text])
    if not request.user.is_authenticated:
        return redirect_to_login(shown)
    try:
        seat = seats.take(member(request), text)
    except BillingRefused:
        # Its page says why.
        return see_other(shown)
    payer = seat.subscription.customer.user
    messages.success(
        request,
        _("You have a seat. It is paid by %(value)s.") % {"value": payer.name or "somebody else"},
    )
    return see_other(reverse("billing:overview"))


@where_seats_are_sold
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def leaving(request: HttpRequest, seat_id: UUID) -> HttpResponse:
    """What giving one's seat back means; the second press does it."""
    seat = held_by(member(request), seat_id)
    if seat is None:
        raise Http404(_("You have no such seat."))
    if request.method != "POST":
        return render(request, "billing/seats_leaving.html", {"seat": seat, "nav": "settings"})
    if seats.leave(member(request), seat):
        messages.success(request, _("You have given the seat back."))
    return see_other(reverse("billing:overview"))

"""The page of whoever pays for seats, and what they do on it."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.numerals import grouped
from billing import seats
from billing.errors import BillingRefused, InvitesTooOften
from billing.models import Seat, Subscription
from billing.pricing import MOST_SEATS
from billing.requests import (
    member,
    members_only,
    not_too_often,
    see_other,
    where_seats_are_sold,
)
from billing.seat_forms import InviteForm, QuantityForm
from billing.seat_pages import (
    paid_by,
    quantity_page,
    seats_page_of,
    subscription_of,
)
from billing.views import LATER, asking

read_or_send = require_http_methods(["GET", "HEAD", "POST"])


def back() -> HttpResponse:
    return see_other(reverse("billing:seats"))


@where_seats_are_sold
@read_or_send
@login_required
def seats_page(request: HttpRequest) -> HttpResponse:
    """Who has a seat, who is promised one; and more can be invited at once."""
    paid = subscription_of(member(request))
    if request.method != "POST":
        return show_seats(request, paid, InviteForm())
    form = InviteForm(request.POST)
    if paid is None or not form.is_valid():
        return show_seats(request, paid, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        sent = seats.invite(paid, form.cleaned_data["emails"])
    except BillingRefused as refusal:
        form.add_error("emails", str(refusal))
        return refused(show_seats(request, paid, form), refusal)
    messages.success(request, said_of(len(sent), len(set(form.cleaned_data["emails"]))))
    return back()


def said_of(sent: int, named: int) -> str:
    known = named - sent
    words = [_("%(sent)s invited.") % {"sent": sent} if sent else ""]
    if known:
        words.append(
            ngettext(
                "%(known)s has a seat or an invitation already.",
                "%(known)s have a seat or an invitation already.",
                known,
            )
            % {"known": known}
        )
    return " ".join(filter(None, words))


def show_seats(
    request: HttpRequest, paid: Subscription | None, form: InviteForm, status: int = 200
) -> HttpResponse:
    page = seats_page_of(paid, request.GET.get("page", "")) if paid else None
    context = {"page": page, "form": form, "most_seats": MOST_SEATS, "nav": "settings"}
    return render(request, "billing/seats.html", context, status=status)


def refused(answer: HttpResponse, refusal: BillingRefused) -> HttpResponse:
    """The page that says why, under the status of the refusal."""
    answer.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    if isinstance(refusal, InvitesTooOften):
        answer.status_code = HTTPStatus.TOO_MANY_REQUESTS
        answer["Retry-After"] = str(refusal.wait)
    return answer


@where_seats_are_sold
@require_POST
@members_only("billing:seats")
def mail_again(request: HttpRequest, seat_id: UUID) -> HttpResponse:
    """Send a new invitation in place of the one before."""
    seat = mine_or_404(request, seat_id)
    try:
        if seats.resend(seat):
            messages.success(
                request, _("A new invitation goes to %(email)s.") % {"email": seat.email}
            )
    except BillingRefused as refusal:
        messages.error(request, str(refusal))
    return back()


@where_seats_are_sold
@read_or_send
@login_required
def removal(request: HttpRequest, seat_id: UUID) -> HttpResponse:
    """What taking a seat back means; the second press does it."""
    seat = mine_or_404(request, seat_id)
    if request.method != "POST":
        return render(request, "billing/seats_removal.html", {"seat": seat, "nav": "settings"})
    if seats.remove(member(request), seat):
        messages.success(request, _("The seat is free again."))
    return back()


def mine_or_404(request: HttpRequest, key: UUID) -> Seat:
    seat = paid_by(member(request), key)
    if seat is None:
        raise Http404(_("You pay for no such seat."))
    return seat


@where_seats_are_sold
@read_or_send
@login_required
@not_too_often
def quantity(request: HttpRequest) -> HttpResponse:
    """What another number of seats costs; the second press pays for it."""
    paid = subscription_of(member(request))
    if paid is None or paid.status not in Subscription.CURRENT:
        return back()
    form = QuantityForm(request.POST if request.method == "POST" else request.GET)
    if not form.is_valid():
        return show_quantity(request, paid, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    wanted: int = form.cleaned_data["quantity"]
    if request.method != "POST":
        return show_quantity(request, paid, form)
    return asking(
        request, lambda: changed(request, paid, wanted), "quantity", back=reverse("billing:seats")
    )


def changed(request: HttpRequest, paid: Subscription, wanted: int) -> str:
    if seats.change_quantity(paid, wanted):
        messages.success(
            request,
            ngettext(
                "You pay for %(wanted)s seat now.", "You pay for %(wanted)s seats now.", wanted
            )
            % {"wanted": grouped(wanted)},
        )
    else:
        messages.info(request, LATER)
    return reverse("billing:seats")


def show_quantity(
    request: HttpRequest, paid: Subscription, form: QuantityForm, status: int = 200
) -> HttpResponse:
    wanted = form.cleaned_data.get("quantity", paid.quantity)
    page = quantity_page(paid, wanted)
    context = {"page": page, "form": form, "nav": "settings"}
    return render(request, "billing/seats_quantity.html", context, status=status)


@where_seats_are_sold
@require_POST
@members_only("billing:seats")
def earlier(request: HttpRequest) -> HttpResponse:
    """Bring over the seats of a subscription that has ended."""
    paid = subscription_of(member(request))
    if paid is None:
        return back()
    try:
        came = seats.take_over(paid)
    except BillingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            ngettext("%(came)s seat taken over.", "%(came)s seats taken over.", came)
            % {"came": grouped(came)},
        )
    return back()

"""Prices, paying, and what somebody pays for."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.settings_views import SECTIONS
from billing import gateway, pages, subscriptions
from billing.access import is_selling, plan_of
from billing.checkouts import start_checkout
from billing.errors import (
    BillingRefused,
    GatewayAway,
    GatewayRefused,
    GatewayUnheard,
    NotConnected,
)
from billing.forms import CheckoutForm, PortalForm
from billing.models import Price
from billing.models.subscriptions import GRACE
from billing.paying import Paying
from billing.plans import course_called
from billing.pricing import MOST_SEATS, SEATS_AT_FIRST, newest_of, pricing_page
from billing.requests import member, members_only, not_too_often, see_other
from billing.seat_forms import QuantityForm
from courses.models import Course

REFUSED = gettext_lazy("Our payment provider refused that. Your plan is unchanged.")
LATER = gettext_lazy(
    "Our payment provider has it. It takes a few minutes until this page shows it."
)
UNHEARD = gettext_lazy(
    "Our payment provider did not answer in time, so we do not know yet whether it worked. "
    "This page will say so in a few minutes."
)


def show(request: HttpRequest, name: str, status: int = 200, **context: Any) -> HttpResponse:
    """A page of the reader's own billing, which stands among the settings."""
    context |= {"sections": SECTIONS, "section": "billing", "nav": "settings"}
    context["connected"] = is_selling()
    return render(request, f"billing/{name}.html", context, status=status)


def plan_address() -> str:
    """The line that says which plan it is: the focus goes there."""
    return reverse("billing:overview") + "#plan"


def asking(
    request: HttpRequest, ask: Callable[[], str], *kept: str, back: str = ""
) -> HttpResponse:
    """Send the browser to the address that comes of asking Stripe; or say why there is none.

    `kept` names the fields that the page for a second try has to send again; `back` is the page
    that will show what became of a change of which nothing was heard, if not one's plan.
    """
    try:
        if not is_selling():
            raise NotConnected
        with gateway.for_a_page():
            return see_other(ask())
    except BillingRefused as refusal:
        return refused(request, str(refusal))
    except GatewayRefused:
        return refused(request, str(REFUSED))
    except GatewayUnheard:
        messages.warning(request, UNHEARD)
        return see_other(back or plan_address())
    except GatewayAway:
        fields = {name: request.POST[name] for name in kept if name in request.POST}
        answer = show(request, "away", HTTPStatus.SERVICE_UNAVAILABLE, fields=fields)
        answer["Retry-After"] = "30"
        return answer


def refused(request: HttpRequest, why: str) -> HttpResponse:
    return show(request, "refused", HTTPStatus.CONFLICT, why=why)


@require_safe
def pricing(request: HttpRequest) -> HttpResponse:
    """What the plans cost, for everybody; a 404 that says so where nothing is sold."""
    return show_prices(request, request.GET)


def show_prices(
    request: HttpRequest, asked: QueryDict, status: int = 200, form: CheckoutForm | None = None
) -> HttpResponse:
    """`asked`: a currency, and what is chosen so far."""
    user = request.user if isinstance(request.user, User) else None
    held = plan_of(user) if user else None
    currency, speaks = asked.get("currency", ""), request.headers.get("Accept-Language", "")
    page = pricing_page(user, held, currency, speaks, seats_asked(asked))
    if page is None:
        return render(request, "billing/nothing_sold.html", status=HTTPStatus.NOT_FOUND)
    paying = Paying(page.subscription, now()) if page.subscription else None
    context: dict[str, Any] = {"page": page, "paying": paying, "form": form, "nav": "pricing"}
    context["course"] = course_called(asked.get("course", ""))
    context |= {"wanted": asked.get("price"), "most_seats": MOST_SEATS, "grace": GRACE}
    return render(request, "billing/pricing.html", context, status=status)


def seats_asked(asked: QueryDict) -> int:
    """How many seats somebody would like to pay for; 0: the number is none."""
    form = QuantityForm({"quantity": asked.get("quantity", SEATS_AT_FIRST)})
    return form.cleaned_data["quantity"] if form.is_valid() else 0


@require_POST
@members_only("pricing")
@not_too_often
def checkout(request: HttpRequest) -> HttpResponse:
    """Take somebody to the page on which they pay."""
    form = CheckoutForm(request.POST)
    if not form.is_valid():
        return show_prices(request, request.POST, HTTPStatus.UNPROCESSABLE_ENTITY, form)
    price, quantity = form.cleaned_data["price"], form.cleaned_data["quantity"]
    course = course_called(request.POST.get("course", ""))
    if "total" in request.POST:
        return see_other(total_address(price, quantity, course))
    begin = lambda: start_checkout(member(request), price, quantity, course)  # noqa: E731
    return asking(request, begin, "price", "quantity", "course")


def total_address(price: Price, quantity: int, course: Course | None) -> str:
    """The prices once more, with what so many seats come to."""
    chosen = {"currency": price.currency, "price": price.pk, "quantity": quantity}
    chosen |= {"course": course.slug} if course else {}
    return f"{reverse('pricing')}?{urlencode(chosen)}#choose-{price.plan_id.lower()}"


@require_safe
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """My plan, how I pay, and what I have paid."""
    asked = request.GET.get
    page = pages.billing_page(member(request), asked("page", ""), asked("moves", ""))
    return show(request, "overview", page=page)


@require_safe
@login_required
def returned(request: HttpRequest) -> HttpResponse:
    """Back from paying. The page asks again by itself until the plan is open."""
    if not is_selling():
        return see_other(plan_address())
    looks = request.GET.get("look", "")
    course = course_called(request.GET.get("course", ""))
    page = pages.arrival_of(member(request), int(looks) if looks in pages.COUNTED else 0, course)
    shown = {"page": page, "nav": "settings"}
    if not getattr(request, "htmx", False):
        return render(request, "billing/return.html", shown)
    answer = render(request, "billing/return.html#state", shown)
    if page.said:
        answer["HX-Trigger"] = json.dumps({"say": {"text": page.said, "urgent": False}})
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@members_only("billing:cancel")
@not_too_often
def cancel(request: HttpRequest) -> HttpResponse:
    """What ends and what stays; the second press has it end."""
    user = member(request)
    if request.method == "POST":
        return asking(request, lambda: changed(request, subscriptions.cancel(user)))
    found = newest_of(user)
    paying = Paying(found, now()) if found else None
    if not is_selling() or not paying or not paying.goes_on or paying.ends_at:
        return see_other(plan_address())
    return show(request, "cancel", paying=paying)


@require_POST
@members_only("billing:overview")
@not_too_often
def resume(request: HttpRequest) -> HttpResponse:
    """Have the plan go on after all."""
    user = member(request)
    return asking(request, lambda: changed(request, subscriptions.resume(user)))


def changed(request: HttpRequest, is_known: bool) -> str:
    if not is_known:
        messages.info(request, LATER)
    return plan_address()


@require_POST
@members_only("billing:overview")
@not_too_often
def portal(request: HttpRequest) -> HttpResponse:
    """Stripe's own page for cards, addresses and changes of plan."""
    form = PortalForm(request.POST)
    if not form.is_valid():
        return show(
            request, "refused", 422, why=_("The form asked for something that is not there.")
        )
    flow, price = form.cleaned_data["flow"], form.cleaned_data["price"]
    if price:
        change = lambda: subscriptions.change_of_plan(member(request), price)  # noqa: E731
        return asking(request, change, "price")
    return asking(request, lambda: subscriptions.portal_of(member(request), flow), "flow")


@require_safe
@login_required
def invoice(request: HttpRequest, number: str) -> HttpResponse:
    """One of my invoices, to read or print. Anybody else's is not there."""
    page = pages.invoice_page(member(request), number)
    if page is None:
        raise Http404(_("No such invoice of yours."))
    return show(request, "invoice", page=page)


@require_POST
@login_required
@not_too_often
def invoice_file(request: HttpRequest, number: str) -> HttpResponse:
    """Stripe's own copy. Its address is good for a while, so it is asked for and not kept."""
    found = pages.my_invoice(member(request), number)
    if found is None:
        raise Http404(_("No such invoice of yours."))
    return asking(request, lambda: gateway.invoice_link(found.stripe_invoice_id))

"""One person's points: found by their address, given and taken back with a reason; pauses."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from gamification import ledger, streak_choices, taking_back
from gamification.granting import grant_once
from gamification.models import XPTransaction
from gamification.streak_choices import ChoiceRefused
from studio.access import member_of_staff, staff_only
from studio.answers import go_to
from studio.motivation_forms import GrantForm, PauseForm, PersonForm, ReasonForm
from studio.pages import motivation
from studio.pages.health import health_page
from studio.pages.waiting import waiting
from studio.views.motivation import page_of, show, with_right

ADD = "gamification.add_xptransaction"
NOBODY = gettext_lazy("Nobody here has this address.")
Source = XPTransaction.Source


@require_safe
@staff_only
def health(request: HttpRequest) -> HttpResponse:
    """Whether points do good, by numbers that say what they are of."""
    return show(request, "motivation_health", page=health_page())


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def people(request: HttpRequest) -> HttpResponse:
    """Find somebody by their whole address, or say that there is nobody.

    It is asked for by POST: what stands in an address is kept in logs.
    """
    form = PersonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        found = User.objects.filter(email__iexact=form.cleaned_data["email"]).first()
        if found is not None:
            return go_to(request, reverse("studio:person", args=[found.pk]))
        form.add_error("email", NOBODY)
    status = 422 if form.errors else 200
    return show(request, "motivation_people", status=status, form=form, waiting=waiting())


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Their ledger; a POST gives XP."""
    found = get_object_or_404(User.objects.select_related("standing", "profile"), pk=pk)
    if request.method == "POST":
        return give(request, found)
    return show_person(request, found, GrantForm())


@with_right(ADD)
def give(request: HttpRequest, found: User) -> HttpResponse:
    """Given once, however often the form comes within some minutes."""
    form, by = GrantForm(request.POST), member_of_staff(request)
    if form.is_valid():
        try:
            _, is_new = grant_once(
                found, form.cleaned_data["base"], by, form.cleaned_data["reason"]
            )
        except ledger.GrantRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            said = (
                gettext("Given.")
                if is_new
                else gettext("You gave the same some minutes ago: it was given once.")
            )
            messages.success(request, said)
            return go_to(request, reverse("studio:person", args=[found.pk]))
    return show_person(request, found, form)


def show_person(request: HttpRequest, found: User, form: GrantForm) -> HttpResponse:
    page = motivation.person_page(found, page_of(request))
    status = 422 if form.errors else 200
    return show(request, "motivation_person", status=status, page=page, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@with_right(ADD)
def take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask why, then write the counter-entry. Taken back before, nothing changes."""
    payments = XPTransaction.objects.exclude(source_type=Source.REVERSAL)
    entry = get_object_or_404(payments.select_related("user", "reversed_by"), pk=pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            taking_back.take_back(entry, member_of_staff(request), form.cleaned_data["reason"])
        except ledger.GrantRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return go_to(
                request, reverse("studio:person", args=[entry.user_id]), gettext("Taken back.")
            )
    status = 422 if form.errors else 200
    return show(request, "motivation_take_back", status=status, entry=entry, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@with_right("gamification.add_pause")
def pauses(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Days on which somebody's streak waits, beyond those that they may choose."""
    found = get_object_or_404(User, pk=pk)
    form = PauseForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
        try:
            streak_choices.pause(found, first, last, given_by=member_of_staff(request))
        except ChoiceRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return go_to(request, request.path, gettext("The streak waits on these days."))
    status = 422 if form.errors else 200
    page = motivation.pauses_page(found)
    return show(request, "motivation_pauses", status=status, page=page, form=form)


@require_safe
@staff_only
def uncounted(request: HttpRequest) -> HttpResponse:
    """Lessons that were ticked too fast to count on boards: a hint, and no verdict."""
    return show(request, "motivation_uncounted", page=motivation.uncounted_page(page_of(request)))

"""Points, as staff see them: the overview, times that pay more, and referrals to look at."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gamification import ledger, referrals
from gamification.models import Multiplier, Referral
from gamification.multiplier_making import announce, call_off
from studio.access import View, member_of_staff, staff_only
from studio.answers import go_to
from studio.motivation_forms import DecisionForm, MultiplierForm
from studio.pages import motivation

HAS_BEGUN = gettext_lazy("It has begun, and was promised: it stays.")
DECIDED = gettext_lazy("Somebody has decided this one before.")
VERBS = {
    "accept": (referrals.accept, gettext_lazy("It is accepted.")),
    "reject": (referrals.reverse_reward, gettext_lazy("It pays nothing.")),
}


def with_right(right: str) -> Callable[[View], View]:
    """`staff_only`, and of the staff those who hold this right in the admin."""

    def decorate(view: View) -> View:
        @staff_only
        @wraps(view)
        def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not member_of_staff(request).has_perm(right):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return handle

    return decorate


def show(request: HttpRequest, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    template = f"studio/{name}.html"
    return render(request, template, {**context, "nav": "studio"}, status=status)


def page_of(request: HttpRequest) -> str:
    return request.GET.get("page", "1")


@require_safe
@staff_only
def overview(request: HttpRequest) -> HttpResponse:
    """What is on, what waits, and whether points do good."""
    return show(request, "motivation", page=motivation.overview_page())


@require_safe
@staff_only
def multipliers(request: HttpRequest) -> HttpResponse:
    """All times that paid, pay or will pay more."""
    page = motivation.multipliers_page(page_of(request))
    return show(request, "motivation_multipliers", page=page)


@require_http_methods(["GET", "HEAD", "POST"])
@with_right("gamification.add_multiplier")
def new_multiplier(request: HttpRequest) -> HttpResponse:
    """Announce one. What breaks a rule is refused with a sentence."""
    form = MultiplierForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            announce(form.instance, by=member_of_staff(request))
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return go_to(request, reverse("studio:multipliers"), _("It is announced."))
    words = {"title": _("Announce a time that pays more"), "button": _("Announce it")}
    return show_form(request, form, words, (_("Multipliers"), "studio:multipliers"))


def show_form(
    request: HttpRequest, form: Any, words: dict[str, str], back: tuple[str | Promise, str]
) -> HttpResponse:
    """A form on a page of its own: `words` say what it makes, `back` where it came from."""
    status = 422 if form.is_bound and form.errors else 200
    context = {"form": form, "words": words, "back": (back[0], reverse(back[1]))}
    return show(request, "motivation_form", status=status, **context)


@require_POST
@with_right("gamification.delete_multiplier")
def call_multiplier_off(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Once it has gone, saying so again changes nothing."""
    found = Multiplier.objects.filter(pk=pk).first()
    if found is not None and not call_off(found):
        page = motivation.multipliers_page("1")
        return show(request, "motivation_multipliers", status=409, page=page, refusal=HAS_BEGUN)
    return go_to(request, reverse("studio:multipliers"), _("It is called off."))


@require_safe
@staff_only
def referral_list(request: HttpRequest) -> HttpResponse:
    """Those to look at first; others by what became of them."""
    page = motivation.referrals_page(page_of(request), request.GET.get("show", ""))
    return show(request, "motivation_referrals", page=page)


@require_POST
@with_right("gamification.change_referral")
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Accept a flagged one, or see that one pays nothing: with a reason."""
    referral = get_object_or_404(Referral, pk=pk)
    form = DecisionForm(request.POST, auto_id=f"referral-{referral.pk}-%s")
    shown = motivation.shown_by(request.GET.get("show", ""))
    if not form.is_valid():
        page = motivation.referrals_page(page_of(request), shown, referral.pk, form)
        return show(request, "motivation_referrals", status=422, page=page, form=form)
    verb, said = VERBS[form.cleaned_data["decision"]]
    try:
        done = verb(referral, member_of_staff(request), form.cleaned_data["reason"])
    except ledger.GrantRefused as refusal:
        return refuse(request, shown, str(refusal))
    if not done:
        return refuse(request, shown, str(DECIDED))
    return go_to(request, f"{reverse('studio:referrals')}?show={shown}", str(said))


def refuse(request: HttpRequest, shown: str, refusal: str) -> HttpResponse:
    page = motivation.referrals_page("1", shown)
    return show(request, "motivation_referrals", status=409, page=page, refusal=refusal)

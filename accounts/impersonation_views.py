"""Beginning to look at the site as a learner sees it, and being oneself again."""

from functools import wraps
from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts import impersonation
from accounts.impersonation import KEY, LookRefused, may_impersonate, refusal_of
from accounts.models import User


class ReasonForm(forms.Form):
    """Why, for the audit log."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=500,
        help_text=gettext_lazy(
            "It stands in the audit log. The person is told that somebody looked, and not why."
        ),
    )


def for_those_who_may(view: Any) -> Any:
    """To everybody else the page is not there."""

    @login_required
    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (isinstance(request.user, User) and may_impersonate(request.user)):
            raise Http404
        return view(request, request.user, *args, **kwargs)  # type: ignore[no-any-return]

    return handle


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who_may
def begin(request: HttpRequest, by: User, pk: UUID) -> HttpResponse:
    """Ask why; then the site is as this person sees it."""
    person = get_object_or_404(User.objects.select_related("profile"), pk=pk, deleted_at=None)
    if refusal := refusal_of(person, by):
        return show(request, person, status=403, refusal=refusal)
    answer: HttpResponse = ask(request, person, by)
    return answer


@reauthentication_required  # type: ignore[untyped-decorator]
def ask(request: HttpRequest, person: User, by: User) -> HttpResponse:
    """Whoever signed in a while ago proves anew who they are, before the form."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return show(request, person, status=422 if form.is_bound else 200, form=form)
    try:
        impersonation.begin(request, person, by, form.cleaned_data["reason"])
    except LookRefused as refusal:
        return show(request, person, status=403, refusal=refusal)
    return redirect("classroom:dashboard")


def show(request: HttpRequest, person: User, status: int, **context: Any) -> HttpResponse:
    context |= {"person": person, "nav": "studio", "minutes": impersonation.LASTS.seconds // 60}
    return render(request, "people/look.html", context, status=status)


@require_POST
@login_required
def end(request: HttpRequest) -> HttpResponse:
    """Be oneself again. Pressed twice it is the same."""
    if KEY not in request.session:
        return redirect("home")
    person = impersonation.end(request, "by hand")
    messages.success(request, _("You are yourself again."))
    return redirect("studio:student", person)

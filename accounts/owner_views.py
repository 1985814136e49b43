"""The page behind the one-time link, on which the owner's account is made; and invitations."""

from http import HTTPStatus

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.account.models import Login
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import joining
from accounts.limits import Limit, address_of
from accounts.models import User
from accounts.owner import OwnerExists, create_owner, is_setup_token, is_without_owner
from accounts.owner_forms import TAKEN, OwnerForm

TOKEN = "setup_token"  # noqa: S105 - where the session keeps it
TRIES = Limit("setup", 30, 600)
LINKS = Limit("join", 60, 600)


def take_in_link(request: HttpRequest) -> HttpResponse:
    """Keep the token out of every address from here on: those stand in logs and histories."""
    if wait := TRIES.spend(address_of(request)):
        return too_many(request, wait)
    token = request.GET.get("t", "")
    if not (is_setup_token(token) and is_without_owner()):
        return over(request)
    request.session[TOKEN] = token
    return redirect("setup:owner")


@require_http_methods(["GET", "HEAD", "POST"])
def owner(request: HttpRequest) -> HttpResponse:
    """Make the owner's account, once, and sign in with it."""
    if request.user.is_authenticated:
        return redirect("setup:checklist")
    if not (is_setup_token(request.session.get(TOKEN, "")) and is_without_owner()):
        return over(request)
    form = OwnerForm(request.POST or None)
    if request.method == "POST":
        if wait := TRIES.spend(address_of(request)):
            return too_many(request, wait)
        if form.is_valid():
            return begin(request, form)
    return show(request, form)


def show(request: HttpRequest, form: OwnerForm) -> HttpResponse:
    """The form, with what is wrong in it."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    answer = render(request, "account/owner.html", {"form": form}, status=status)
    answer["Cache-Control"] = "no-store, private"
    return answer


def begin(request: HttpRequest, form: OwnerForm) -> HttpResponse:
    """The account, and in with it; or what came in between."""
    data = form.cleaned_data
    try:
        user = create_owner(data["email"], data["name"], data["password1"], data["timezone"])
    except OwnerExists:
        return over(request)
    except IntegrityError:
        # Somebody signed up with this very address just now.
        form.add_error("email", TAKEN)
        return show(request, form)
    request.session.pop(TOKEN, None)
    login = Login(user=user, email=user.email)
    answer: HttpResponse = perform_password_login(request, {"email": user.email}, login)
    # The second factor comes next, and would ask for the password that was typed just now.
    reauthenticate_by_password(request)
    return answer


def over(request: HttpRequest) -> HttpResponse:
    """The link is used up or too old; only a school without an owner is told how to get another."""
    context = {"is_without_owner": is_without_owner()}
    return render(request, "account/owner_link_over.html", context, status=HTTPStatus.GONE)


def too_many(request: HttpRequest, wait: int) -> HttpResponse:
    answer = render(request, "429.html", {"retry_after": wait}, status=429)
    answer["Retry-After"] = str(wait)
    return answer


@require_safe
def join(request: HttpRequest, invitation: str) -> HttpResponse:
    """The link of invitation: it opens signing up to this browser."""
    if wait := LINKS.spend(address_of(request)):
        return too_many(request, wait)
    if isinstance(request.user, User):
        return redirect("home")
    if not joining.show_invitation(request, invitation):
        return render(request, "account/not_invited.html", status=HTTPStatus.NOT_FOUND)
    return redirect("account_signup")

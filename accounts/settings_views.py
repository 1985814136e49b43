"""The settings pages: one section, one address, one Save."""

import json
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.adapter import get_adapter as social_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import avatars, preferences, sessions, tokens
from accounts.actions import HandleTaken, save_profile, set_preferences, set_time_zone
from accounts.models import User
from accounts.names import NOT_AVAILABLE
from accounts.settings_forms import (
    AppearanceForm,
    AvatarForm,
    PrivacyForm,
    ProfileForm,
    TimeForm,
    TokenForm,
)
from accounts.zones import local_time

SECTIONS = [
    ("profile", gettext_lazy("Profile"), "user"),
    ("account", gettext_lazy("Account"), "key-round"),
    ("sessions", gettext_lazy("Sessions"), "monitor"),
    ("privacy", gettext_lazy("Privacy"), "eye"),
    ("data", gettext_lazy("Your data"), "download"),
    ("notifications", gettext_lazy("Notifications"), "bell"),
    ("appearance", gettext_lazy("Appearance"), "sun"),
    ("time", gettext_lazy("Time zone"), "clock"),
    ("tokens", gettext_lazy("API tokens"), "terminal"),
]

# Pages that a section leads to.
WITHIN = {"erasure": "data"}
SWAPPED = {"profile", "privacy", "appearance", "time"}

one_section = require_http_methods(["GET", "HEAD", "POST"])


def see_other(name: str) -> HttpResponse:
    """Answer a POST that was done: fetch this page next."""
    response = redirect(name)
    response.status_code = HTTPStatus.SEE_OTHER
    return response


def me(request: HttpRequest) -> User:
    return cast("User", request.user)


def page(request: HttpRequest, section: str, status: int = 200, **context: Any) -> HttpResponse:
    """Render a section, or for htmx its form alone where it has one that swaps itself."""
    part = "#form" if section in SWAPPED and getattr(request, "htmx", False) else ""
    shown = WITHIN.get(section, section)
    context |= {"sections": SECTIONS, "section": shown, "nav": "settings"}
    if section == "profile":
        context.setdefault("avatar_form", AvatarForm())
    return render(request, f"settings/{section}.html{part}", context, status=status)


def saved(request: HttpRequest, section: str, said: str, **context: Any) -> HttpResponse:
    """Go back to the section and say so; htmx gets the section at once."""
    if not getattr(request, "htmx", False):
        messages.success(request, said)
        return see_other(f"settings:{section}")
    response = page(request, section, **context)
    response["HX-Trigger"] = json.dumps({"toast": {"text": said}})
    return response


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return render(
        request, "settings/index.html", {"sections": SECTIONS, "section": "", "nav": "settings"}
    )


@login_required
@one_section
def profile(request: HttpRequest) -> HttpResponse:
    """What a person says about themself."""
    mine = me(request).profile
    form = ProfileForm(request.POST or None, instance=mine)
    if request.method != "POST":
        return page(request, "profile", form=form)
    if form.is_valid():
        try:
            save_profile(form.save(commit=False), form.cleaned_data["name"])
        except HandleTaken:
            form.add_error("handle", NOT_AVAILABLE)
        else:
            return saved(request, "profile", gettext("Profile saved."), form=form)
    mine.refresh_from_db()
    return page(request, "profile", 422, form=form)


@login_required
@require_POST
def avatar(request: HttpRequest) -> HttpResponse:
    """Set the picture, or take it away with `wanted=0`."""
    mine = me(request).profile
    if request.POST.get("wanted") == "0":
        avatars.remove_avatar(mine)
        messages.success(request, gettext("Picture removed."))
        return see_other("settings:profile")
    form = AvatarForm(request.POST, request.FILES)
    status = 422
    if form.is_valid():
        try:
            avatars.set_avatar(mine, form.cleaned_data["avatar"])
        except avatars.AvatarRefused as refusal:
            form.add_error("avatar", str(refusal))
            status = 413 if isinstance(refusal, avatars.AvatarTooLarge) else 422
        else:
            messages.success(request, gettext("Picture saved."))
            return see_other("settings:profile")
    return page(request, "profile", status, form=ProfileForm(instance=mine), avatar_form=form)


@login_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """The way to allauth's pages: email, password, providers, second factor."""
    return page(
        request,
        "account",
        has_second_factor=is_mfa_enabled(request.user),
        has_password=me(request).has_usable_password(),
        providers=social_adapter().list_providers(request),
    )


@login_required
@one_section
def sessions_list(request: HttpRequest) -> HttpResponse:
    """Where one is signed in; `end` names one session, or `others`."""
    user = me(request)
    if request.method != "POST":
        found = sessions.sessions_of(user)
        others = any(not session.is_current() for session in found)
        return page(request, "sessions", sessions=found, has_others=others)
    wanted = request.POST.get("end", "")
    if wanted == "others":
        sessions.end_sessions(user, keep=request)
    elif not (wanted.isdecimal() and sessions.end_session(user, int(wanted[:18]))):
        messages.info(request, gettext("That session had ended already."))
        return see_other("settings:sessions")
    messages.success(request, gettext("Ended."))
    return see_other("settings:sessions")


@login_required
@one_section
def appearance(request: HttpRequest) -> HttpResponse:
    stored = preferences.complete(me(request).profile.preferences)
    form = AppearanceForm(request.POST or None, initial=stored)
    if request.method != "POST":
        return page(request, "appearance", form=form)
    if not form.is_valid():
        return page(request, "appearance", 422, form=form)
    set_preferences(me(request), **form.cleaned_data)
    return saved(request, "appearance", gettext("Appearance saved."), form=form)


@login_required
@one_section
def privacy(request: HttpRequest) -> HttpResponse:
    """Whether visits are counted under one's name, and the way to what others see."""
    stored = preferences.complete(me(request).profile.preferences)
    form = PrivacyForm(request.POST or None, initial=stored)
    if request.method != "POST":
        return page(request, "privacy", form=form)
    wanted = bool(request.POST.get("named_visits"))
    set_preferences(me(request), named_visits=wanted)
    return saved(
        request, "privacy", gettext("Privacy saved."), form=PrivacyForm({"named_visits": wanted})
    )


@login_required
@one_section
def time(request: HttpRequest) -> HttpResponse:
    """The person's time zone, with what the clock says there."""
    user = me(request)
    form = TimeForm(request.POST or None, initial={"timezone": user.timezone})
    clock: dict[str, Any] = {"zone": user.timezone, "local_time": local_time(user.zone)}
    if request.method != "POST":
        return page(request, "time", form=form, **clock)
    if not form.is_valid():
        return page(request, "time", 422, form=form, **clock)
    set_time_zone(user, form.cleaned_data["timezone"])
    clock = {"zone": user.timezone, "local_time": local_time(user.zone)}
    return saved(request, "time", gettext("Time zone saved."), form=form, **clock)


@login_required
@one_section
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]
def tokens_list(request: HttpRequest) -> HttpResponse:
    """Keys to the API. The text of a new one is in this answer and nowhere else."""
    user, text, status = me(request), "", 200
    form = TokenForm(request.POST or None)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _, text = tokens.create_token(user, **form.cleaned_data)
            except tokens.TokenRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                form, status = TokenForm(), 200
    alive = user.api_tokens.alive()
    return page(request, "tokens", status, form=form, new_token=text, tokens=alive)


@login_required
@require_POST
def token_revocation(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """Revoke one of one's own tokens; a second time changes nothing."""
    tokens.revoke_token(get_object_or_404(me(request).api_tokens, pk=token_id))
    messages.success(request, gettext("Token revoked."))
    return see_other("settings:tokens")

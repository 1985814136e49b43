"""The settings of what one is told."""

from http import HTTPStatus
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.preferences import complete
from accounts.settings_views import one_section, page
from accounts.zones import local_time
from notifications import actions
from notifications.channels import available
from notifications.models import Contact, Mute, Preference
from notifications.settings_forms import QuietForm, choices_in, matrix, topics_of


def me(request: HttpRequest) -> User:
    return cast("User", request.user)


def back(request: HttpRequest, text: str) -> HttpResponse:
    messages.success(request, text)
    return HttpResponseRedirect(reverse("settings_notifications:page"), status=HTTPStatus.SEE_OTHER)


@login_required
@one_section
def notifications(request: HttpRequest) -> HttpResponse:
    """Topics by channels, quiet hours, and what is muted."""
    user = me(request)
    contact = Contact.objects.filter(user=user).first() or Contact(user=user)
    form = QuietForm(request.POST if request.method == "POST" else None, instance=contact)
    if request.method == "POST" and form.is_valid():
        actions.choose(user, choices_in(request.POST, available()))
        actions.keep_quiet_hours(form.save(commit=False))
        return back(request, "Notifications saved.")
    return show(request, user, form, 422 if request.method == "POST" else 200)


def show(request: HttpRequest, user: User, form: QuietForm, status: int) -> HttpResponse:
    """The page; after a problem with what was ticked."""
    channels = available()
    topics = topics_of(points=complete(user.profile.preferences)["show_points"])
    if status == HTTPStatus.OK:
        kept = list(Preference.objects.filter(user=user))
    else:
        chosen = choices_in(request.POST, channels).items()
        kept = [Preference(topic=t, channel=c, is_on=is_on) for (t, c), is_on in chosen]
    return page(
        request,
        "notifications",
        status,
        form=form,
        channels=channels,
        rows=matrix(topics, channels, kept),
        mutes=list(Mute.objects.filter(user=user)),
        zone=user.zone.key,
        local_time=local_time(user.zone),
    )


@require_POST
@login_required
def unmuting(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hear of it again. Done twice, nothing more happens."""
    actions.unmute(me(request), pk)
    return back(request, "You hear of it again.")

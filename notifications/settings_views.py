"""The settings of what one is told."""

from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.preferences import complete
from accounts.settings_views import one_section, page
from accounts.zones import local_time
from notifications import actions, vapid
from notifications.browsers import browsers_of, fingerprint
from notifications.channels import available
from notifications.models import Channel, Contact, Mute, Preference
from notifications.phones import is_code_good
from notifications.settings_forms import (
    CodeForm,
    PhoneForm,
    QuietForm,
    choices_in,
    matrix,
    topics_of,
)


def me(request: HttpRequest) -> User:
    return cast("User", request.user)


def back(request: HttpRequest, text: str) -> HttpResponse:
    messages.success(request, text)
    return HttpResponseRedirect(reverse("settings_notifications:page"), status=HTTPStatus.SEE_OTHER)


@login_required
@one_section
def notifications(request: HttpRequest) -> HttpResponse:
    """Topics by channels, quiet hours, and what is muted."""
    if request.method != "POST":
        return show(request)
    user = me(request)
    form = QuietForm(request.POST, instance=contact_of(user))
    if not form.is_valid():
        return show(request, form, status=422)
    actions.choose(user, choices_in(request.POST, available()))
    actions.keep_quiet_hours(form.save(commit=False))
    return back(request, _("Notifications saved."))


def contact_of(user: User) -> Contact:
    return Contact.objects.filter(user=user).first() or Contact(user=user)


def show(
    request: HttpRequest,
    form: QuietForm | None = None,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The page. `form`: with a problem, beside which stands what was ticked, though not kept."""
    user, channels = me(request), available()
    topics = topics_of(points=complete(user.profile.preferences)["show_points"])
    if form is None:
        kept = list(Preference.objects.filter(user=user))
    else:
        chosen = choices_in(request.POST, channels).items()
        kept = [Preference(topic=t, channel=c, is_on=is_on) for (t, c), is_on in chosen]
    if Channel.PUSH in channels:
        more["push_key"] = vapid.public_key()
        more["browsers"] = [(one, fingerprint(one)) for one in browsers_of(user)]
    contact = contact_of(user)
    if Channel.SMS in channels:
        more = {"phone_form": PhoneForm(), "code_form": CodeForm(), "telephone": contact, **more}
        more["is_code_good"] = is_code_good(contact)
    return page(
        request,
        "notifications",
        status,
        form=form or QuietForm(instance=contact),
        channels=channels,
        rows=matrix(topics, channels, kept),
        mutes=list(Mute.objects.filter(user=user)),
        zone=user.zone.key,
        local_time=local_time(user.zone),
        **more,
    )


@require_POST
@login_required
def unmuting(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hear of it again. Done twice, nothing more happens."""
    actions.unmute(me(request), pk)
    return back(request, _("You hear of it again."))

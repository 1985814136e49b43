"""The inbox, and the bell that opens its newest."""

import json
from collections.abc import Callable
from functools import wraps
from html import unescape
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, strip_tags
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import is_aware, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from activity.cursors import Cursor
from notifications import actions
from notifications.facts import names_of
from notifications.inbox import SHOWN, count_unread, cursor_of, inbox_of, latest
from notifications.messages import MESSAGES, told
from notifications.models import Mute, Notification

type View = Callable[..., HttpResponse]

NAV = "notifications"
UNCLEAR = gettext_lazy("Nothing was changed: the form did not say saved=1 or saved=0.")
NO_MOMENT = gettext_lazy("Nothing was changed: the form did not say until which moment.")


def me(request: HttpRequest) -> User:
    return cast("User", request.user)


def is_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


def form_of_inbox(view: View) -> View:
    """A form of the inbox: guests are sent to sign in, and from there to the inbox."""

    @require_POST
    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        return redirect_to_login(reverse("notifications:inbox"))

    return handle


@require_safe
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """What I was told: unread, all, saved."""
    show, before = request.GET.get("show", ""), request.GET.get("before", "")
    page = inbox_of(me(request), show, before, now())
    return render(request, "notifications/inbox.html", {"page": page, "nav": NAV})


@require_safe
@login_required
@never_cache
def latest_part(request: HttpRequest) -> HttpResponse:
    """The newest that are unread, for the bell's panel."""
    return render(request, "notifications/_latest.html", {"rows": latest(me(request))})


@require_safe
@login_required
@never_cache
def thing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Go to what it is about, or read here what somebody wrote; it is read by that."""
    row = get_object_or_404(Notification, pk=pk, user=me(request), kind__in=MESSAGES)
    if request.method != "HEAD":
        actions.mark_done(me(request), pk)
    words = told(row.kind, row.data, names_of([row.data]))
    ours = words.url.startswith("/") and url_has_allowed_host_and_scheme(words.url, None)
    if not words.is_letter:
        return HttpResponseRedirect(words.url if ours else reverse("notifications:inbox"))
    context = {"row": row, "words": words, "url": words.url if ours else "", "nav": NAV}
    return render(request, "notifications/letter.html", context)


@form_of_inbox
def done(request: HttpRequest, pk: UUID) -> HttpResponse:
    """It was read. What was done before changes nothing."""
    place = place_of(request, pk)
    actions.mark_done(me(request), pk, *others_in(request))
    return answer(request, _("Done."), place, "done")


@form_of_inbox
def unread(request: HttpRequest, pk: UUID) -> HttpResponse:
    """It is to be read again. What is unread already stays so."""
    place = place_of(request, pk)
    actions.mark_unread(me(request), pk)
    return answer(request, _("Marked unread."), place, "done")


@form_of_inbox
def saved(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`saved=1` keeps it, `saved=0` no longer."""
    place = place_of(request, pk)
    wanted = request.POST.get("saved")
    if wanted not in ("0", "1"):
        return unclear(str(UNCLEAR))
    actions.set_saved(me(request), pk, saved=wanted == "1")
    text = _("Saved.") if wanted == "1" else _("Not saved any more.")
    return answer(request, text, place, "save")


@form_of_inbox
def muting(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hear no more of what it is about."""
    place = place_of(request, pk)
    muted = actions.mute(me(request), pk)
    text = words_of(muted) if muted else _("Nothing changed.")
    return answer(request, text, place, "done", is_news=True)


def words_of(mute: Mute) -> str:
    """What it did, and where it is undone."""
    words = _(
        "You hear no more of {title}. What it said counts as read. "
        'To hear of it again: <a href="{settings}">Settings, Muted</a>.'
    )
    settings = reverse("settings_notifications:page") + "#muted"
    return format_html(words, title=format_html("<bdi>{}</bdi>", mute.title), settings=settings)


@form_of_inbox
def all_done(request: HttpRequest) -> HttpResponse:
    """All was read that was there when the page was shown."""
    until = moment_in(request.POST.get("until", ""))
    if until is None:
        return unclear(str(NO_MOMENT))
    count = actions.mark_all_read(me(request), until)
    text = _("%(count)s marked read.") % {"count": count}
    return answer(request, text, is_news=True)


def unclear(text: str) -> HttpResponse:
    return HttpResponse(text, status=422, content_type="text/plain; charset=utf-8")


def moment_in(text: str) -> Any:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and is_aware(moment) else None


def place_of(request: HttpRequest, pk: UUID) -> Cursor | None:
    """Where in the list it stands, so that the focus can stay there; 404 if it is not theirs."""
    mine = Notification.objects.filter(user=me(request)).only("created_at")
    row = get_object_or_404(mine, pk=pk)
    return cursor_of(row) if is_htmx(request) else None


def others_in(request: HttpRequest) -> list[UUID]:
    """What is done with it, in one press: no more than a page shows, and all of it theirs."""
    try:
        keys = [UUID(key) for key in request.POST.getlist("also")[: SHOWN + 1]]
    except ValueError as error:
        raise Http404 from error
    mine = Notification.objects.filter(user=me(request), pk__in=keys)
    if len(keys) > SHOWN or (keys and mine.count() < len(set(keys))):
        raise Http404
    return keys


def answer(
    request: HttpRequest,
    text: str,
    place: Cursor | None = None,
    button: str = "",
    *,
    is_news: bool = False,
) -> HttpResponse:
    """The list anew with the count in the header; without htmx the page that the form stood on."""
    show, before = request.POST.get("show", ""), request.POST.get("before", "")[:60]
    if not is_htmx(request):
        messages.success(request, text)
        query = urlencode(
            {key: value for key, value in {"show": show, "before": before}.items() if value}
        )
        address = reverse("notifications:inbox") + (f"?{query}" if query else "")
        return HttpResponseRedirect(address, status=HTTPStatus.SEE_OTHER)
    user = me(request)
    page = inbox_of(user, show, before, now(), (place, button) if place else None)
    context = {
        "page": page,
        "bell": count_unread(user),
        "oob": True,
        "toast": text if is_news else "",
    }
    response = render(request, "notifications/_bundle.html", context)
    response["HX-Trigger"] = json.dumps({"say": {"text": spoken(text)}})
    return response


def spoken(text: str) -> str:
    """The words alone, to be read out."""
    return unescape(strip_tags(text))

"""Announcements: written, looked at, tried out, sent in two presses, withdrawn."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.keys import uuid7
from notifications import announcing
from notifications.announcing import AnnouncementRefusal, HasStarted, NoTime, Stale
from notifications.models import Announcement
from studio.access import announcements_for, member_of_staff, staff_only
from studio.announcement_forms import AnnouncementForm, SendingForm
from studio.answers import go_to, key_sent
from studio.conflicts import conflict
from studio.pages.announcements import (
    Reach,
    announcement_page,
    announcements_page,
    reach_of,
)
from studio.views.course import READ_OR_WRITE

NO_VERSION = -1
TRIED = gettext_lazy("The test is in your own notifications.")
TRIED_BEFORE = gettext_lazy("The test of this version is in your notifications already.")


def one_or_404(request: HttpRequest, pk: UUID) -> Announcement:
    return get_object_or_404(announcements_for(request), pk=pk)


@require_safe
@staff_only
def announcements(request: HttpRequest) -> HttpResponse:
    """Drafts first, then what is scheduled, then what was sent, with how many it reached."""
    page = announcements_page(announcements_for(request), request.GET.get("page", "1")[:6])
    return render(request, "studio/announcements.html", {"page": page, "nav": "studio"})


@require_http_methods(READ_OR_WRITE)
@staff_only
def new_announcement(request: HttpRequest) -> HttpResponse:
    """Keep a draft. Sent twice, the form makes one."""
    announcements_for(request)
    form = form_of(request, Announcement(pk=key_sent(request)))
    if form.is_bound and form.is_valid():
        made = announcing.write(member_of_staff(request), form.words(), form.instance.pk)
        return go_to(request, address_of(made), _("The draft is kept. Nobody has been told."))
    return show_form(request, form, key=key_sent(request) if form.is_bound else uuid7())


@require_safe
@staff_only
def audience(request: HttpRequest) -> HttpResponse:
    """How many a choice would reach, for the form on which it is made."""
    announcements_for(request)
    form = AnnouncementForm(by=member_of_staff(request))
    context = {"page": reach_of_choice(form, request.GET.get("to", "")[:40])}
    return render(request, "studio/_announcement_audience.html", context)


@require_safe
@staff_only
def announcement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How it reads, whom it is for, and what can be done with it."""
    return show(request, one_or_404(request, pk))


@require_http_methods(READ_OR_WRITE)
@staff_only
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change one that nobody was told. Changed meanwhile by somebody else, both are shown."""
    found = one_or_404(request, pk)
    if not found.is_open and request.method != "POST":
        return show(request, found, refusal=str(TOO_LATE))
    form, version = form_of(request, found), version_sent(request, found)
    if not (form.is_bound and form.is_valid()):
        return show_form(request, form, version=version)
    try:
        announcing.change(found, form.words(), version)
    except Stale as refusal:
        standing = one_or_404(request, pk)
        saved = AnnouncementForm(instance=standing, by=member_of_staff(request))
        title, token = str(standing), str(refusal.standing.version)
        return conflict(request, [form], [saved], token, title=title)
    except HasStarted as refusal:
        form.add_error(None, str(refusal))
        return show_form(request, form, version=version, status=409)
    return go_to(request, address_of(found), _("The announcement is changed."))


@require_POST
@staff_only
def test(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show it to oneself as others will find it."""
    found = one_or_404(request, pk)
    is_new = announcing.try_out(found, member_of_staff(request))
    return go_to(request, address_of(found), str(TRIED if is_new else TRIED_BEFORE))


@require_http_methods(READ_OR_WRITE)
@staff_only
def send(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The second press: say when, and send."""
    found = one_or_404(request, pk)
    form = SendingForm(request.POST if request.method == "POST" else None,
                       initial={"send_at": found.send_at})  # fmt: skip
    if not found.is_open:
        return show(request, found, refusal=str(TOO_LATE))
    if not form.is_bound or not form.is_valid():
        return show_sending(request, found, form)
    at = form.cleaned_data["send_at"]
    try:
        announcing.send(found, version_sent(request, found), at)
    except NoTime as refusal:
        form.add_error("send_at", str(refusal))
        return show_sending(request, found, form)
    except AnnouncementRefusal as refusal:
        return show(request, one_or_404(request, pk), refusal=str(refusal))
    # The page itself says that it is being sent, and when it was.
    return go_to(request, address_of(found), _("It will be sent at its time.") if at else "")


@require_http_methods(READ_OR_WRITE)
@staff_only
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask, and take it back on a POST, before anybody was told."""
    found = one_or_404(request, pk)
    if request.method != "POST" and found.is_open:
        context = {"announcement": found, "nav": "studio"}
        return render(request, "studio/announcement_withdraw.html", context)
    try:
        announcing.withdraw(found)
    except AnnouncementRefusal as refusal:
        return show(request, one_or_404(request, pk), refusal=str(refusal))
    return go_to(request, reverse("studio:announcements"), _("The announcement is withdrawn."))


TOO_LATE = gettext_lazy(
    "It is being sent, was sent, or was withdrawn: nothing of it can be changed."
)


def address_of(found: Announcement) -> str:
    return reverse("studio:announcement", args=[found.pk])


def form_of(request: HttpRequest, found: Announcement) -> AnnouncementForm:
    sent = request.POST if request.method == "POST" else None
    return AnnouncementForm(sent, instance=found, by=member_of_staff(request))


def version_sent(request: HttpRequest, found: Announcement) -> int:
    """The version that the page was written over; what says none was written over nothing."""
    if request.method != "POST":
        return found.version
    said = request.POST.get("version", "")[:9]
    return int(said) if said.isascii() and said.isdigit() else NO_VERSION


def show(request: HttpRequest, found: Announcement, *, refusal: str = "") -> HttpResponse:
    context = {"page": announcement_page(found), "refusal": refusal, "nav": "studio"}
    return render(request, "studio/announcement.html", context, status=409 if refusal else 200)


def reach_of_choice(form: AnnouncementForm, to: str) -> Reach | None:
    """Whom an announcement for these would reach; None: nothing is chosen yet."""
    empty = form.empty_one_for(to)
    return reach_of(empty) if empty else None


def show_form(
    request: HttpRequest, form: AnnouncementForm, *, status: int = 422, **context: Any
) -> HttpResponse:
    """With how many what is chosen would reach, also where no script asks for it."""
    standing = None if form.instance._state.adding else form.instance
    context |= {"form": form, "announcement": standing, "nav": "studio"}
    context["page"] = reach_of_choice(form, form["to"].value() or "")
    status = status if form.is_bound else 200
    return render(request, "studio/announcement_form.html", context, status=status)


def show_sending(request: HttpRequest, found: Announcement, form: SendingForm) -> HttpResponse:
    """Whom it would reach, and when. Nobody: then there is nothing to press."""
    page = announcement_page(found)
    context = {"page": page, "form": form, "nav": "studio"}
    status = 422 if form.is_bound else 200
    return render(request, "studio/announcement_send.html", context, status=status)

"""What the pages of announcements show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, QuerySet, Value, When
from django.db.models.functions import Now
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

from courses.markdown import render
from notifications.announcing import why_nobody
from notifications.audiences import Audience, audience_of
from notifications.models import Announcement
from studio.pages.waiting import Waiting, waiting

PER_PAGE = 50
State = Announcement.State
# What can still be changed comes first.
TITLES = {
    State.DRAFT: gettext_lazy("Drafts"),
    State.SCHEDULED: gettext_lazy("Scheduled"),
    State.SENT: gettext_lazy("Sent"),
    State.WITHDRAWN: gettext_lazy("Withdrawn"),
}
PLACE = Case(
    When(send_at=None, withdrawn_at=None, then=Value(0)),
    When(send_at__gt=Now(), withdrawn_at=None, then=Value(1)),
    When(withdrawn_at=None, then=Value(2)),
    default=Value(3),
)


@dataclass(frozen=True, slots=True)
class Section:
    """Those of one state; what is about to be sent, or is being sent, stands with what was."""

    state: Announcement.State
    title: str
    rows: Sequence[Announcement]


@dataclass(frozen=True, slots=True)
class AnnouncementsPage:
    """Drafts, what is scheduled, what was sent, what was withdrawn."""

    page: Page[Announcement]
    sections: Sequence[Section]
    waiting: Waiting


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom one would reach, counted while it can still be sent; or why nobody."""

    announcement: Announcement
    audience: Audience | None
    refusal: str


@dataclass(frozen=True, slots=True)
class AnnouncementPage(Reach):
    """One of them as it will be read, and whom it would reach."""

    html: SafeString


def announcements_page(rows: QuerySet[Announcement], number: str) -> AnnouncementsPage:
    """Three queries."""
    in_order = rows.defer("text").annotate(place=PLACE).order_by("place", "-created_at", "-pk")
    page: Page[Any] = Paginator(in_order, PER_PAGE).get_page(number)
    sections = [
        Section(state, str(title), [one for one in page if one.place == place])
        for place, (state, title) in enumerate(TITLES.items())
    ]
    return AnnouncementsPage(page, [one for one in sections if one.rows], waiting())


def announcement_page(found: Announcement) -> AnnouncementPage:
    """One query, for the audience of one that can still be sent."""
    reach = reach_of(found)
    html = mark_safe(render(found.text))  # noqa: S308 - the renderer sanitises
    return AnnouncementPage(found, reach.audience, reach.refusal, html)


def reach_of(found: Announcement) -> Reach:
    audience = audience_of(found) if found.is_open else None
    return Reach(found, audience, why_nobody(audience, found) if audience else "")

"""Announcements: written, sent at their time, and told batch by batch to whom they are for.

Each batch is one transaction under the announcement's lock: whoever is told and how far it is
come together. A kill loses at most the batch under way; whoever goes on begins after the last one,
and nobody can be told twice. One that found the lock taken goes home.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.numerals import grouped
from courses.models import Course
from notifications import tasks, telling
from notifications.audiences import Audience, about_of, audience_of, everybody, kind_of
from notifications.models import Announcement, Notification

BATCH = 10_000  # people
LATEST = timedelta(days=366)


class AnnouncementRefusal(Exception):
    """What cannot be done with an announcement now, in a sentence."""


class HasStarted(AnnouncementRefusal):
    """People have been told, or it was taken back."""


class ForNobody(AnnouncementRefusal):
    """Nobody would be told."""


class NoTime(AnnouncementRefusal):
    """It cannot be sent then."""


class Stale(AnnouncementRefusal):
    """Somebody changed it meanwhile. `standing` is what they made of it."""

    def __init__(self, standing: Announcement) -> None:
        super().__init__(_("Somebody changed it since you opened it. Read it again."))
        self.standing = standing


@dataclass(frozen=True)
class Words:
    """What is announced, and to whom: to a course, or to everybody."""

    course: Course | None
    title: str
    text: str

    def are_those_of(self, announcement: Announcement) -> bool:
        course = self.course.pk if self.course else None
        said = (announcement.course_id, announcement.title, announcement.text)
        return said == (course, self.title, self.text)


# ---- writing it ---------------------------------------------------------------------------------


def write(author: User, words: Words, key: UUID) -> Announcement:
    """Keep it as a draft. The same words under the same key are one announcement."""
    said = {"author": author, **vars(words)}
    made, is_new = Announcement.objects.get_or_create(pk=key, defaults=said)
    if is_new or (made.author_id == author.pk and words.are_those_of(made)):
        return made
    return Announcement.objects.create(**said)


def change(announcement: Announcement, words: Words, version: int) -> Announcement:
    """Put other words in place of those that stood under this version."""
    with transaction.atomic():
        standing = may_change(locked(announcement))
        if standing.version != version and not words.are_those_of(standing):
            raise Stale(standing)
        return keep(standing, **vars(words))


def send(announcement: Announcement, version: int, at: datetime | None = None) -> Announcement:
    """Send it as it stands: then, or now. Until it has started the time can be changed."""
    with transaction.atomic():
        standing = may_change(locked(announcement))
        if standing.version != version:
            raise Stale(standing)
        moment = now()
        if at and at <= moment:
            raise NoTime(_("That time has passed. Leave it empty to send now."))
        if at and at > moment + LATEST:
            raise NoTime(_("Choose a time within a year."))
        if refusal := why_nobody(audience_of(standing), standing):
            raise ForNobody(refusal)
        sent = keep(standing, send_at=at or moment)
        audit.note("ANNOUNCEMENT_SENT", sent)
        if not at:
            tasks.carry_on_announcement.delay_on_commit(str(sent.pk))
        return sent


def withdraw(announcement: Announcement) -> Announcement:
    """Take it back before anybody was told. Withdrawn before, it stays so."""
    with transaction.atomic():
        standing = locked(announcement)
        if standing.withdrawn_at:
            return standing
        audit.note("ANNOUNCEMENT_WITHDRAWN", standing)
        return keep(may_change(standing), withdrawn_at=now())


def try_out(announcement: Announcement, person: User) -> bool:
    """Put it into somebody's own notifications, whatever they like; say whether it is new there.

    Its data is what everybody is told; changed, it can be tried again.
    """
    subject = f"{announcement.subject}:test:{announcement.version}"
    made = Notification.objects.bulk_create(
        [
            Notification(
                user=person, kind=kind_of(announcement), subject=subject, data=data_of(announcement)
            )
        ],
        ignore_conflicts=True,
    )
    return Notification.objects.filter(pk=made[0].pk).exists()


def locked(announcement: Announcement) -> Announcement:
    return Announcement.objects.select_for_update().get(pk=announcement.pk)


def may_change(standing: Announcement) -> Announcement:
    """Refuse what people have been told, or what was taken back."""
    if standing.withdrawn_at:
        raise HasStarted(_("It was withdrawn: nothing of it can be changed."))
    if standing.started_at:
        raise HasStarted(_("It is being sent, or was: nothing of it can be changed."))
    return standing


def keep(standing: Announcement, **fields: Any) -> Announcement:
    for name, value in fields.items():
        setattr(standing, name, value)
    standing.version += 1
    standing.save(update_fields=[*fields, "version"])
    return standing


def why_nobody(audience: Audience, announcement: Announcement) -> str:
    """Why there is nobody to tell; "" if there is."""
    if audience.listening:
        return ""
    if not audience.people and announcement.course_id:
        return _("Nobody is learning in this course now.")
    if not audience.people:
        return _("Nobody here has confirmed an address yet.")
    if announcement.course_id:
        return _("Everybody in this course has switched announcements off.")
    return _(
        "Nobody has switched on news of the school yet. "
        "People here with a confirmed address: %(people)s."
    ) % {"people": grouped(audience.people)}


# ---- telling it ---------------------------------------------------------------------------------


def carry_on(announcement: UUID) -> int:
    """Tell whoever has not been told yet, and return how many were. Nothing is due: nothing done.

    Whoever came after it started is told nothing: so it ends.
    """
    told = 0
    while (batch := tell_batch(announcement)) is not None:
        told += batch
    return told


def tell_batch(announcement: UUID) -> int | None:
    """Tell the next people and note how far it is. None: there is nothing more to do here."""
    with transaction.atomic():
        due = Announcement.objects.due(now()).select_related("course")
        row = due.select_for_update(of=("self",), skip_locked=True).filter(pk=announcement).first()
        if row is None:
            return None
        row.started_at = row.started_at or now()
        people = next_people(row)
        if not people:
            finish(row)
            return None
        told = telling.tell(people, kind_of(row), row.subject, data_of(row), about_of(row))
        row.reached_through = people[-1]
        row.save(update_fields=["started_at", "reached_through"])
        return told.people


def next_people(row: Announcement) -> list[UUID]:
    people = everybody(row).order_by("pk")
    if row.reached_through:
        people = people.filter(pk__gt=row.reached_through)
    return list(people.values_list("pk", flat=True)[:BATCH])


def finish(row: Announcement) -> None:
    """Count whom it has reached, by the rows that there are."""
    row.reached = Notification.objects.filter(kind=kind_of(row), subject=row.subject).count()
    row.sent_at = now()
    row.save(update_fields=["started_at", "reached", "sent_at"])


def those_due() -> list[UUID]:
    """What a lost message or a killed worker left, and what waited for its time."""
    due = Announcement.objects.due(now()).order_by("send_at", "pk")
    return list(due.values_list("pk", flat=True))


def data_of(row: Announcement) -> dict[str, str]:
    said = {"title": row.title, "url": reverse("classroom:announcement", args=[row.pk])}
    if row.course:
        said |= {"course": str(row.course.pk), "course_title": row.course.title}
    return said

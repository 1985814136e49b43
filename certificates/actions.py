"""Issuing, revoking, putting a name right. Every verb may be called twice."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import now

from accounts import audit
from accounts.models import User
from activity.actions import record
from activity.models import Event
from certificates.errors import NameUsedUp, NotCurrent
from certificates.models import Certificate
from certificates.names import clean_holder
from certificates.revocations import begin_edition
from certificates.snapshots import snapshot_of
from courses.models import Course


# Without a savepoint: a completion whose certificate cannot be written is not written either.
@transaction.atomic(savepoint=False)
def issue(
    user: User, course: Course, at: datetime, by: User | None = None
) -> tuple[Certificate, bool]:
    """Issue the certificate, or find the one that is there; say whether it is new.

    By hand (`by`) a new one also takes the place of one that was revoked, and is as private.
    """
    fresh = Certificate(
        user=user,
        course=course,
        holder=user.name,
        snapshot=snapshot_of(user, course, at, by_hand=by is not None),
        issued_at=at,
        is_private=user.is_minor,
        issued_by=by,
    )
    if by:
        revoked = Certificate.objects.current().filter(user=user, course=course)
        revoked.exclude(revoked_at=None).update(superseded_by=fresh)
        hidden = Certificate.objects.filter(superseded_by=fresh, is_private=True)
        fresh.is_private = fresh.is_private or hidden.exists()
    # Two at once: the second waits for the first at the unique index, and finds its row.
    Certificate.objects.bulk_create([fresh], ignore_conflicts=True)
    found = Certificate.objects.current().get(user=user, course=course)
    if found.pk != fresh.pk:
        return found, False
    record(user, Event.Kind.CERTIFICATE_ISSUED, f"certificate:{fresh.pk}", told(fresh), at=at)
    if by:
        audit.note("CERTIFICATE_ISSUED", fresh, by=by, person=user)
    return fresh, True


def told(certificate: Certificate) -> dict[str, Any]:
    """What an event keeps of a certificate."""
    title = certificate.snapshot["title"]
    return {
        "title": title,
        "url": certificate.get_absolute_url(),
        "course": str(certificate.course_id),
        "course_title": title,
    }


@transaction.atomic
def revoke(certificate: Certificate, by: User, reason: str) -> bool:
    """Take the certificate back for good. The holder reads the reason. Twice changes nothing."""
    rows = Certificate.objects.current().filter(pk=certificate.pk, revoked_at=None)
    if not rows.update(revoked_at=now(), revoked_by=by, reason=reason):
        return False
    transaction.on_commit(begin_edition, robust=True)
    certificate.refresh_from_db()
    data = {**told(certificate), "reason": reason}
    record(certificate.user, Event.Kind.CERTIFICATE_REVOKED, f"certificate:{certificate.pk}", data)
    whose = certificate.user_id
    audit.note("CERTIFICATE_REVOKED", certificate, by=by, person=whose, reason=reason)
    return True


@transaction.atomic
def correct_name(certificate: Certificate, name: str, by: User) -> Certificate:
    """Issue the same certificate under another name; the older one points to it.

    Holders may do so once, staff whenever they are asked to. Raises InvalidName, NameUsedUp,
    NotCurrent.
    """
    name = clean_holder(name)
    rows = Certificate.objects.select_for_update(of=("self",)).select_related("user")
    old = rows.get(pk=certificate.pk)
    if old.status != Certificate.Status.VALID or not old.shown_holder:
        raise NotCurrent
    if name == old.holder:
        return old
    if not may_correct(old, by):
        raise NameUsedUp
    corrected = Certificate(
        user=old.user,
        course_id=old.course_id,
        holder=name,
        snapshot=old.snapshot,
        is_private=old.is_private,
        issued_by=by,
    )
    # The reference is checked at the end of the transaction: by then the newer one is there.
    Certificate.objects.filter(pk=old.pk).update(superseded_by=corrected)
    corrected.save(force_insert=True)
    if by.pk != old.user_id:
        audit.note("CERTIFICATE_RENAMED", corrected, by=by, person=old.user_id)
    transaction.on_commit(begin_edition, robust=True)
    return corrected


def may_correct(certificate: Certificate, by: User) -> bool:
    """Whether the person may still put the name right: a holder, once."""
    if by.pk != certificate.user_id:
        return True
    mine = Certificate.objects.filter(user=by, course=certificate.course_id, issued_by=by)
    return not mine.filter(supersedes__isnull=False).exists()


@transaction.atomic
def set_private(certificate: Certificate, private: bool) -> None:
    """Show the certificate to all who have its code, or only to those who know the name too.

    Those that it replaced go with it: their pages name the same course and lead here.
    """
    chain = Certificate.objects.filter(user=certificate.user_id, course=certificate.course_id)
    # A correction that is under way is waited for, so that the newer one is found as well.
    list(chain.order_by("pk").select_for_update().values_list("pk"))
    chain.update(is_private=private)


def forget_erased() -> int:
    """Take the names of people who were erased since out of their certificates; how many."""
    erased = Certificate.objects.filter(user__deleted_at__isnull=False).exclude(holder="")
    return erased.update(holder="", credential="", key=None)


# An event names its course as `course:<uuid>`.
MISSING = """
    SELECT event.user_id, substr(event.subject, 8)::uuid, event.created_at
    FROM activity_event event
    WHERE event.kind = 'COURSE_COMPLETED' AND NOT EXISTS (
      SELECT FROM certificates_certificate certificate
      WHERE certificate.user_id = event.user_id
        AND certificate.course_id = substr(event.subject, 8)::uuid)
    ORDER BY event.id LIMIT %s
"""
UNFOUNDED = """
    SELECT count(*) FROM certificates_certificate certificate
    WHERE issued_by_id IS NULL AND superseded_by_id IS NULL AND revoked_at IS NULL AND NOT EXISTS (
      SELECT FROM activity_event event
      WHERE event.user_id = certificate.user_id AND event.kind = 'COURSE_COMPLETED'
        AND event.subject = 'course:' || certificate.course_id)
"""


def missing(limit: int = 500) -> list[tuple[Any, Any, datetime]]:
    """Completions without a certificate: whose, of which course, and when."""
    with connection.cursor() as cursor:
        cursor.execute(MISSING, [limit])
        return list(cursor.fetchall())


def unfounded() -> int:
    """How many certificates stand that nobody issued and no completion accounts for."""
    with connection.cursor() as cursor:
        cursor.execute(UNFOUNDED)
        return int(cursor.fetchone()[0])


def issue_missing(limit: int = 500) -> int:
    """Issue what the history of the school owes; return how many."""
    rows = missing(limit)
    people = User.objects.in_bulk({row[0] for row in rows})
    courses = Course.objects.select_related("language").in_bulk({row[1] for row in rows})
    return sum(issue(people[who], courses[what], at)[1] for who, what, at in rows)

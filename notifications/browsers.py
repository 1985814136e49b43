"""Browsers that show messages: how one is added, and when it hears nothing more.

A browser is remembered in the session in which it was added. Who signs out there, ends that session
from elsewhere or changes their password wants nothing shown by it any more; a session that only ran
out changes nothing.
"""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import User
from notifications.models import PushSubscription

MOST = 10
IN_SESSION = "browser_that_is_told"

# The first that is named: each calls itself by the names of older ones, too.
PROGRAMS = {
    "Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet", "Firefox": "Firefox",
    "FxiOS": "Firefox", "CriOS": "Chrome", "Chrome": "Chrome", "Safari": "Safari",
}  # fmt: skip
SYSTEMS = {
    "Windows": "Windows", "Android": "Android", "iPhone": "iPhone", "iPad": "iPad",
    "Mac OS X": "Mac", "CrOS": "ChromeOS", "Linux": "Linux",
}  # fmt: skip


class TooMany(Exception):
    """Somebody has as many browsers as anybody may have."""


def name_of(agent: str) -> str:
    """What a person calls the browser that says this of itself: "Firefox on Linux"."""
    program = next((PROGRAMS[one] for one in PROGRAMS if f"{one}/" in agent), _("A browser"))
    system = next((SYSTEMS[one] for one in SYSTEMS if re.search(rf"\b{one}", agent)), "")
    return (
        _("%(program)s on %(system)s") % {"program": program, "system": system}
        if system
        else program
    )


def fingerprint(row: PushSubscription) -> str:
    """By this the page finds out whether the browser that shows it is this one."""
    return sha256(row.endpoint.encode()).hexdigest()


def browsers_of(user: User) -> list[PushSubscription]:
    return list(PushSubscription.objects.filter(user=user, gone_at=None))


@transaction.atomic
def add(user: User, endpoint: str, p256dh: str, auth: str, name: str) -> PushSubscription:
    """Let this browser show messages of this person, and of nobody else. Raises TooMany."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    same = PushSubscription.objects.filter(endpoint=endpoint)
    # With what was on its way to it.
    same.exclude(user=user).delete()
    others = PushSubscription.objects.filter(user=user, gone_at=None).exclude(endpoint=endpoint)
    if others.count() >= MOST:
        raise TooMany
    row = PushSubscription(user=user, endpoint=endpoint, p256dh=p256dh, auth=auth, label=name)
    PushSubscription.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["endpoint"],
        update_fields=["user", "p256dh", "auth", "label", "created_at", "gone_at"],
    )
    return same.get()


def remove(user: User, pk: UUID) -> bool:
    """Show nothing there any more. Done twice, or of somebody else's, nothing happens."""
    return bool(PushSubscription.objects.filter(user=user, pk=pk).delete()[0])


def note_gone(endpoint: str) -> None:
    """Its service says that nobody listens there any more."""
    PushSubscription.objects.filter(endpoint=endpoint, gone_at=None).update(gone_at=now())


def remove_of_session(user: User, session: Mapping[str, Any]) -> None:
    """Show nothing more in the browser of a session that was ended."""
    if key := session.get(IN_SESSION):
        remove(user, UUID(key))


def remove_all(user: User, kept: Mapping[str, Any]) -> None:
    """Show nothing more in any browser but that of the session that stays."""
    others = PushSubscription.objects.filter(user=user)
    if key := kept.get(IN_SESSION):
        others = others.exclude(pk=UUID(key))
    others.delete()

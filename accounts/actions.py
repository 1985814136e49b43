"""What is done to accounts."""

import logging
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, QuerySet, RestrictedError
from django.utils.timezone import now
from django.utils.translation import gettext_lazy

from accounts import audit, consents, mail, preferences
from accounts.models import Profile, User
from accounts.own_data import Consent
from accounts.sessions import end_all_access
from accounts.signals import preferences_changed

logger = logging.getLogger(__name__)

UNVERIFIED_LIFETIME = timedelta(days=14)


class HandleTaken(Exception):
    """Somebody else has this handle."""


@transaction.atomic
def deactivate(user: User) -> bool:
    """Close the account: nothing is deleted, nothing can be entered. Say whether it was open."""
    changed = User.objects.filter(pk=user.pk, is_active=True).update(is_active=False)
    user.is_active = False
    if changed:
        end_all_access(user)
        audit.note("ACCOUNT_CLOSED", user)
    return bool(changed)


@transaction.atomic
def reactivate(user: User) -> bool:
    """Open a deactivated account again; an erased one stays closed. Say whether it was closed."""
    closed = User.objects.filter(pk=user.pk, is_active=False, deleted_at=None)
    changed = closed.update(is_active=True)
    user.refresh_from_db(fields=["is_active"])
    if changed:
        audit.note("ACCOUNT_OPENED", user)
    return bool(changed)


@transaction.atomic
def remove_second_factor(user: User, *, reason: str) -> bool:
    """Help a person who lost app and codes: take both away, end all access, tell them by mail.

    The reason stands in the audit log: how somebody made sure who it was that asked.
    """
    removed, _ = Authenticator.objects.filter(user_id=user.pk).delete()
    if removed:
        audit.note("SECOND_FACTOR_TAKEN", user, reason=reason)
        end_all_access(user)
        mail.write("second_factor_removed", user, gettext_lazy("Your second factor was removed"))
    return bool(removed)


@transaction.atomic
def save_person(user: User, *, role_changed: bool, by: User) -> None:
    """Store what staff changed. A new role brings its rights and asks to sign in anew.

    Only somebody with all rights hands them out or takes them away, and only with the role.
    """
    before = User.objects.get(pk=user.pk).role if role_changed else ""
    if role_changed and by.is_superuser:
        user.is_superuser = user.role == User.Role.ADMIN
    user.save()
    if role_changed:
        audit.note("ROLE_CHANGED", user, by=by, before=before, after=user.role)
        end_all_access(user)


def groups_of(user: User) -> set[str]:
    return set(user.groups.values_list("name", flat=True))


def note_groups(user: User, before: set[str]) -> None:
    """Say which groups somebody came into, and which they left."""
    after = groups_of(user)
    if after != before:
        added, removed = sorted(after - before), sorted(before - after)
        audit.note("GROUPS_CHANGED", user, added=added, removed=removed)


def set_time_zone(user: User, zone: str) -> None:
    """Show this person times in `zone`, an IANA name."""
    user.timezone = zone
    user.save(update_fields=["timezone"])


def set_language(user: User, language: str) -> None:
    """Speak to this person in `language`, one of those of the site."""
    user.language = language
    user.save(update_fields=["language"])


def unverified(patience: timedelta = timedelta(0)) -> QuerySet[User]:
    """Sign-ups of two weeks ago whose email was never verified."""
    due = User.objects.filter(
        date_joined__lt=now() - UNVERIFIED_LIFETIME - patience,
        last_login=None,
        role=User.Role.USER,
        is_active=True,
    ).exclude(emailaddress__verified=True)
    return due.filter(emailaddress__isnull=False, socialaccount=None).distinct()


def remove_unverified() -> int:
    """Delete those that left no history; how many.

    What hangs on the person decides: a row that another table protects stays. Enrolments made at
    sign-up are not history and go with the account.
    """
    removed = 0
    for user in unverified().iterator():
        try:
            with transaction.atomic():
                user.delete()
        except (ProtectedError, RestrictedError):
            logger.info("The unverified account %s stays: it has a history", user.pk)
        else:
            removed += 1
    return removed


@transaction.atomic
def set_preferences(user: User, **new: Any) -> None:
    """Store how the person likes the site; `accounts.preferences` says what may stand there."""
    before = user.profile.preferences
    if "named_visits" in new:
        words = consents.words_of_visits()
        consents.note(user, Consent.Kind.VISITS, is_given=new["named_visits"], text=words)
    user.profile.preferences = preferences.changed(before, new)
    user.profile.save(update_fields=["preferences"])
    preferences_changed.send(
        User,
        user=user,
        before=preferences.complete(before),
        after=preferences.complete(user.profile.preferences),
    )


def save_profile(profile: Profile, name: str) -> None:
    """Store the profile and the name that goes with it, or raise `HandleTaken`."""
    try:
        with transaction.atomic():
            profile.user.name = name
            profile.user.save(update_fields=["name"])
            profile.save()
    except IntegrityError as error:
        if "handle" in str(error):
            raise HandleTaken from error
        raise

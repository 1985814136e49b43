"""Signed-in browsers of a person: which there are, and how they end."""

from typing import Any, cast

from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

from accounts import tokens
from accounts.models import User
from accounts.session_store import SessionStore
from accounts.signals import sessions_ended


def sessions_of(user: User) -> list[Any]:
    """Live sessions of the person, newest first; dead ones are swept away on the way."""
    sessions = UserSession.objects.purge_and_list(user)
    return sorted(sessions, key=lambda session: session.created_at, reverse=True)


def renew_key(request: HttpRequest) -> None:
    """Go on in the same session by another key: whoever knew the old one gets nothing by it."""
    before = request.session.session_key
    request.session.cycle_key()
    after = request.session.session_key
    UserSession.objects.filter(session_key=before).update(session_key=after)


def end_session(user: User, session_id: int) -> bool:
    """End one session of this person; say whether there was one."""
    session = UserSession.objects.filter(user_id=user.pk, pk=session_id).first()
    if session is None:
        return False
    held = dict(SessionStore(session.session_key).items())
    session.end()
    sessions_ended.send(User, user=user, ended=held, kept={})
    return True


@transaction.atomic
def end_sessions(user: User, keep: HttpRequest | None = None) -> None:
    """End every session of the person but the one of `keep`.

    The epoch is part of the hash in each session, so that those nobody listed end as well.
    """
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])
    kept = keep is not None and keep.user.is_authenticated and keep.user.pk == user.pk
    current = keep.session.session_key if keep is not None and kept else None
    for session in UserSession.objects.filter(user_id=user.pk).exclude(session_key=current):
        session.end()
    if keep is not None and kept:
        cast("User", keep.user).session_epoch = user.session_epoch
        update_session_auth_hash(keep, user)
        UserSession.objects.filter(session_key=current).delete()
        UserSession.objects.create_from_request(keep)
    held = dict(keep.session.items()) if keep is not None and kept else {}
    sessions_ended.send(User, user=user, ended=None, kept=held)


@transaction.atomic
def end_all_access(user: User, keep: HttpRequest | None = None) -> None:
    """End all other sessions and all API tokens: what a change of credentials asks for."""
    end_sessions(user, keep)
    tokens.revoke_all(user)

"""What follows for an account when its credentials change: everything else signed in ends."""

import time
from typing import Any

from allauth.account.signals import (
    authentication_step_completed,
    email_changed,
    password_changed,
    password_reset,
    password_set,
    user_logged_in,
)
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User
from accounts.sessions import end_all_access, renew_key


@receiver([password_changed, password_set])
@receiver([authenticator_added, authenticator_removed, authenticator_reset])
def end_the_others(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """The browser in which it happened stays signed in."""
    end_all_access(user, keep=request)


@receiver(email_changed)
def end_the_others_if_changed(
    sender: Any, request: HttpRequest, user: User, from_email_address: Any = None, **kwargs: Any
) -> None:
    """Changed, not verified for the first time: then there is no address before it."""
    if from_email_address is not None:
        end_all_access(user, keep=request)


@receiver(user_logged_in)
def note_the_time(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    """From here the month counts after which one signs in again."""
    request.session["signed_in_at"] = int(time.time())


@receiver(authentication_step_completed)
def renew_the_key(
    sender: Any, request: HttpRequest, *, reauthenticated: bool = False, **kwargs: Any
) -> None:
    """Whoever proves again who they are goes on by a key of then; signing in brings its own."""
    if reauthenticated:
        renew_key(request)


@receiver(password_reset)
def end_all(sender: Any, user: User, **kwargs: Any) -> None:
    """Whoever resets a password does not trust any browser; the second factor stays."""
    end_all_access(user)

"""What follows from what happened: whoever it happened to is told, where they are signed in."""

from datetime import timedelta
from typing import Any

from allauth.account.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.timezone import now

from accounts.keys import uuid7
from accounts.models import User
from accounts.signals import looked_at, sessions_ended
from activity.models import Event
from activity.signals import event_recorded
from notifications import browsers
from notifications.facts import about_of
from notifications.messages import MESSAGES, kind_of
from notifications.telling import tell

# What is older when it is recorded is history that was brought in: it is news to nobody.
NEWS = timedelta(days=7)


@receiver(event_recorded)
def tell_of_what_happened(sender: Any, event: Event, **kwargs: Any) -> None:
    kind = kind_of(event)
    if event.user_id and kind in MESSAGES and event.created_at > now() - NEWS:
        # What is told whatever was muted offers no muting.
        about = "" if MESSAGES[kind].topic.always_mail else about_of(event.data)
        tell([event.user_id], kind, event.subject, event.data, about, event.created_at)


@receiver(user_logged_out)
def show_nothing_more_here(
    sender: Any, request: HttpRequest, user: User | None, **kwargs: Any
) -> None:
    """Who signs out does so by a form; a session that ran out ends on any page, and is no wish."""
    if user is not None and request.method == "POST":
        browsers.remove_of_session(user, request.session)


@receiver(looked_at)
def tell_of_a_look(sender: Any, user: User, **kwargs: Any) -> None:
    """Each time: it is theirs to know, whoever it was and why."""
    tell([user.pk], "STAFF_LOOKED", f"look:{uuid7()}", {})


@receiver(sessions_ended)
def show_nothing_more_there(sender: Any, user: User, ended: Any, kept: Any, **kwargs: Any) -> None:
    if ended is None:
        browsers.remove_all(user, kept)
    else:
        browsers.remove_of_session(user, ended)

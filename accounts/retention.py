"""What of accounts is forgotten by itself: sessions, tokens, sign-ups that nobody finished."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import now

from accounts import audit, upkeep
from accounts.actions import remove_unverified, unverified
from accounts.audit_entries import AuditEntry
from accounts.models import ApiToken

AT_ONCE = timedelta(0)
# So long one's own list still tells of a token that opens nothing any more.
ENDED_TOKENS = timedelta(days=90)


def ended_sessions(patience: timedelta = AT_ONCE) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lt=now() - patience)


def left_browsers(patience: timedelta = AT_ONCE) -> QuerySet[UserSession]:
    """Addresses and browsers of sessions that have ended."""
    same = Session.objects.filter(session_key=OuterRef("session_key"))
    rows: QuerySet[UserSession] = UserSession.objects.filter(~Exists(same))
    return rows.filter(last_seen_at__lt=now() - patience)


def ended_tokens(patience: timedelta = AT_ONCE) -> QuerySet[ApiToken]:
    limit = now() - ENDED_TOKENS - patience
    return ApiToken.objects.filter(Q(expires_at__lt=limit) | Q(revoked_at__lt=limit))


def forget() -> int:
    """Forget all that; how much there was."""
    sessions = ended_sessions().count()
    call_command("clearsessions")
    browsers, _ = left_browsers().delete()
    tokens, _ = ended_tokens().delete()
    notes = audit.forget() + upkeep.forget()
    return int(sessions + browsers + tokens + remove_unverified() + notes)


def overdue(patience: timedelta) -> int:
    """What should be gone, and is not."""
    rows = (
        ended_sessions(patience),
        left_browsers(patience),
        ended_tokens(patience),
        AuditEntry.objects.filter(keep_until__lte=now() - patience),
        upkeep.Upkeep.objects.old(patience),
    )
    # One with a history stays: see `actions.remove_unverified`.
    sign_ups = unverified(patience).filter(events=None)
    return sum(one.count() for one in (*rows, sign_ups))

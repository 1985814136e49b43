"""Sign-ins that failed, in the audit log: enough to see an attack, and too few to fill a table."""

from datetime import timedelta
from typing import Any

from django.utils.timezone import now

from accounts import audit
from accounts.audit_entries import AuditEntry
from accounts.models import User

# In an hour one line of an account and an address, and no more than so many of all.
HOUR, MOST = timedelta(hours=1), 500


def note_failure(kind: str, person: User | None, **data: Any) -> None:
    """What was typed is kept nowhere: it may be a password in the wrong field."""
    lately = AuditEntry.objects.filter(kind=kind, created_at__gt=now() - HOUR)
    known = list(lately.values_list("person", "ip")[:MOST])
    this = (person.pk if person else None, audit.where(audit.REQUEST.get()))
    if len(known) < MOST and this not in known:
        audit.note(kind, person, **data)


def whose(credentials: dict[str, Any]) -> User | None:
    """The account that was meant, if there is one."""
    email = str(credentials.get("email") or credentials.get("username") or "")
    return User.objects.filter(email=email.lower()[:254]).first() if email.isprintable() else None

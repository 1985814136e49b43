"""Noting in the audit log: `note("ROLE_CHANGED", person, before="USER", after="ADMIN")`."""

from contextvars import ContextVar
from ipaddress import ip_address
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.http import HttpRequest
from django.utils.timezone import now

from accounts.audit_entries import AuditEntry
from accounts.audit_kinds import KINDS
from accounts.limits import address_of
from accounts.models import User

# The request that is being answered; `accounts.middleware.circumstances` keeps it here.
REQUEST: ContextVar[HttpRequest | None] = ContextVar("request", default=None)

AT_ONCE = 5000


class SaysTooMuch(ValueError):
    """A note would hold what its kind does not name."""


def note(
    kind: str,
    target: Model | None = None,
    *,
    by: User | None = None,
    person: User | UUID | None = None,
    reason: str = "",
    **data: Any,
) -> None:
    """Note what is being done, in the transaction in which it is done.

    Who, from where and in which request is read from the request. `by`: where none is known, as in
    a task. `person`: whom it concerns, if the target is not that person.
    """
    known = KINDS[kind]
    if extra := data.keys() - known.says:
        raise SaysTooMuch(f"{kind} does not name {', '.join(sorted(extra))}")
    request, moment = REQUEST.get(), now()
    whom = person or (target if isinstance(target, User) else None)
    AuditEntry.objects.create(
        created_at=moment,
        keep_until=moment + known.kept,
        kind=kind,
        actor_id=key_of(by or who_asks(request)),
        person_id=key_of(whom),
        target=name_of(target),
        title=title_of(target),
        reason=reason.strip()[:500],
        data=data,
        ip=where(request),
        request_id=getattr(request, "id", "")[:32],
    )


def forget() -> int:
    """Delete what has been kept long enough; how many. The triggers let nothing else go."""
    expired, gone = AuditEntry.objects.filter(keep_until__lte=now()).order_by("keep_until"), 0
    while some := AuditEntry.objects.filter(pk__in=expired.values("pk")[:AT_ONCE]).delete()[0]:
        gone += some
    return gone


def key_of(person: User | UUID | None) -> UUID | None:
    return person.pk if isinstance(person, User) else person


def who_asks(request: HttpRequest | None) -> User | None:
    """Whoever is really there, whomever they look as."""
    there = getattr(request, "impersonator", None) or getattr(request, "user", None)
    return there if isinstance(there, User) else None


def name_of(target: Model | None) -> str:
    """`course:<uuid>`, as elsewhere in the house."""
    return f"{target._meta.model_name}:{target.pk}"[:100] if target is not None else ""


def title_of(target: Model | None) -> str:
    """How it is called, now; people have no title, and no name of theirs is copied."""
    title = getattr(target, "title", "")
    return title[:200] if isinstance(title, str) else ""


def where(request: HttpRequest | None) -> str | None:
    if request is None:
        return None
    try:
        return str(ip_address(address_of(request)))
    except ValueError:
        return None

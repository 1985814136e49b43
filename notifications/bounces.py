"""What a provider of mail tells later: that a mail came back, or was called unwanted."""

import logging
from typing import Any

from anymail.signals import EventType, RejectReason
from django.db import transaction

from notifications.models import EmailLog

logger = logging.getLogger(__name__)

State = EmailLog.State
# Whatever else is said, the address may work tomorrow.
FOR_GOOD = {RejectReason.BOUNCED, RejectReason.INVALID, None}
NOT_DELIVERED = {EventType.BOUNCED, EventType.REJECTED, EventType.FAILED}
HEARD_OF = "bounce"


def hear(sender: Any, event: Any, **kwargs: Any) -> None:
    """Write down what became of a mail. An address that does not want our mail gets no more."""
    state = state_of(event.event_type, event.reject_reason)
    if state is None:
        return
    address = (event.recipient or "").lower()[:254]
    name = str(event.message_id or "")[:200]
    fault = " ".join(str(event.description or event.mta_response or state).split())[:200]
    with transaction.atomic():
        found = EmailLog.objects.filter(provider_id=name).exclude(provider_id="")
        if address:
            found = found.filter(to=address)
        # A complaint is not taken back by a bounce.
        if found.exclude(state=State.COMPLAINED).update(state=state, fault=fault):
            return
        if not found.exists():
            hear_of_address(address, name, state, fault)


def hear_of_address(address: str, name: str, state: str, fault: str) -> None:
    """It came before the answer to the mail it is about: what it says of the address counts."""
    known = EmailLog.objects.filter(to=address).exclude(to="").values_list("user", flat=True)
    user = known.first()
    if not known.exists() or state == State.FAILED:
        logger.warning("A provider told of a mail that is not known: %s", state)
        return
    EmailLog.objects.create(
        user_id=user, kind=HEARD_OF, to=address, state=state, fault=fault, provider_id=name
    )


def state_of(event_type: str, reason: str | None) -> str | None:
    if event_type == EventType.COMPLAINED or reason == RejectReason.SPAM:
        return State.COMPLAINED
    if event_type == EventType.FAILED:
        return State.FAILED
    if event_type in NOT_DELIVERED:
        return State.BOUNCED if reason in FOR_GOOD else State.FAILED
    return None

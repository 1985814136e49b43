"""What can be seen to be wrong with mail, push and text messages: in sentences."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThan
from django.utils.timezone import now

from notifications.channels import available
from notifications.models import Channel, Delivery, EmailLog, Outgoing

# A sweep comes by every few seconds.
PATIENCE = timedelta(minutes=10)
LATELY = timedelta(days=7)

State = Outgoing.State
SAYS = {
    State.UNCERTAIN: "{} of the last seven days that may not have arrived",
    State.FAILED: "{} of the last seven days that were refused",
}
CALLED = {Channel.PUSH: "Push messages", Channel.SMS: "Text messages"}


def waiting_too_long(rows: QuerySet[Any]) -> int:
    """What did not leave is due later after each try, and waits all the same."""
    late = LessThan(Coalesce("stuck_since", "due_at"), now() - PATIENCE)
    return rows.filter(late, state__in=Outgoing.WAITING).count()


def faults() -> list[tuple[str, int]]:
    """Each fault, and how many mails have it."""
    return faults_of(EmailLog.objects.all(), "Mails")


def message_faults() -> list[tuple[str, int]]:
    """Each fault, and how many push and text messages have it, where the site sends such."""
    # That a browser is gone is how browsers are.
    rows = Delivery.objects.filter(push_subscription__gone_at=None)
    ways = [channel for channel in CALLED if channel in available()]
    return [one for way in ways for one in faults_of(rows.filter(channel=way), CALLED[way])]


def faults_of(rows: QuerySet[Any], called: str) -> list[tuple[str, int]]:
    late = waiting_too_long(rows)
    lately = rows.filter(state__in=SAYS, created_at__gt=now() - LATELY)
    counted = dict(lately.order_by().values_list("state").annotate(Count("pk")))
    found = [(SAYS[state].format(called), counted.get(state, 0)) for state in SAYS]
    waiting = (f"{called} that wait for more than ten minutes", late)
    return [one for one in [waiting, *found] if one[1]]

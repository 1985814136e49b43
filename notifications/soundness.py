"""What can be seen to be wrong with mail: in sentences."""

from datetime import timedelta

from django.db.models import Count
from django.utils.timezone import now

from notifications.models import EmailLog

# A sweep comes by every few seconds; a mail that was refused for now says when it is due again.
PATIENCE = timedelta(minutes=10)
LATELY = timedelta(days=7)

State = EmailLog.State
SAYS = {
    State.UNCERTAIN: "Mails of the last seven days that may not have arrived",
    State.FAILED: "Mails of the last seven days that were refused",
}


def waiting_too_long() -> int:
    return EmailLog.objects.filter(state__in=EmailLog.WAITING, due_at__lt=now() - PATIENCE).count()


def faults() -> list[tuple[str, int]]:
    """Each fault, and how many mails have it."""
    late = waiting_too_long()
    lately = EmailLog.objects.filter(state__in=SAYS, created_at__gt=now() - LATELY)
    counted = dict(lately.order_by().values_list("state").annotate(Count("pk")))
    found = [(SAYS[state], counted.get(state, 0)) for state in SAYS]
    return [one for one in [("Mails that wait for more than ten minutes", late), *found] if one[1]]

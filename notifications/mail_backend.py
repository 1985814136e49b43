"""The mailer of everything that is not a notification: it writes down that a mail left, and sends.

Whoever sends knows nothing of it, and nothing of it may cost them the mail.
"""

import contextlib
import logging
import re
from collections.abc import Sequence

from django.core.mail import EmailMessage, mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError, transaction
from django.utils.timezone import now

from accounts.models import User
from notifications import mail_faults
from notifications.mailing import TRANSPORT, name_given
from notifications.models import EmailLog
from notifications.outbox import LEASE, NotTaken, Refused, words

logger = logging.getLogger(__name__)

State = EmailLog.State
# What a mail is about, where its writer says so; otherwise it is about an account.
SAYS_KIND = "Keywords"
ACCOUNT = "account"
# Codes to type, and addresses: a subject with one of these is not kept.
SECRET = re.compile(r"://|\d{4,}|\b[A-Z0-9]{2,6}(?:-[A-Z0-9]{2,6})+\b|\bcode\b", re.IGNORECASE)


class Recorded(BaseEmailBackend):
    """Sends by the transport, and leaves a row for each mail and each address."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return sum(self.send(message) for message in email_messages)

    def send(self, message: EmailMessage) -> int:
        rows, transport = begin(message), mailers[TRANSPORT]
        is_connected = False
        try:
            transport.open()
            is_connected = True
            sent = transport.send_messages([message])
        except Exception as fault:
            is_certain = isinstance(mail_faults.certainty(fault), NotTaken | Refused)
            never_left = is_certain or not is_connected
            end(rows, State.FAILED if never_left else State.UNCERTAIN, fault=words(fault))
            raise
        finally:
            with contextlib.suppress(Exception):
                transport.close()
        end(rows, State.SENT, sent_at=now(), provider_id=name_given(message)[:200])
        return sent or 0


def begin(message: EmailMessage) -> list[EmailLog]:
    """Write down that it leaves now. A row that is left like this is a mail that may be lost."""
    addresses = [address.lower()[:254] for address in message.recipients()]
    kind = message.extra_headers.get(SAYS_KIND, ACCOUNT)
    subject = str(message.subject)
    try:
        with transaction.atomic():
            people = dict(User.objects.filter(email__in=addresses).values_list("email", "pk"))
            return EmailLog.objects.bulk_create(
                EmailLog(
                    user_id=people.get(to),
                    kind=kind[:24],
                    to=to,
                    subject="" if SECRET.search(subject) else subject[:200],
                    state=State.HANDED,
                    claimed_until=now() + LEASE,
                    tries=1,
                )
                for to in addresses
            )
    except DatabaseError:
        logger.exception("A mail is sent that could not be written down")
        return []


def end(rows: list[EmailLog], state: str, **became: object) -> None:
    if not rows:
        return
    try:
        with transaction.atomic():
            found = EmailLog.objects.filter(pk__in=[row.pk for row in rows])
            found.update(state=state, claimed_until=None, **became)
    except DatabaseError:
        logger.exception("What became of a mail could not be written down")

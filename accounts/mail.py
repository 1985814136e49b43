"""Mail about accounts: sent after the commit, and never at the price of a page."""

import logging
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string

from accounts.school import school

logger = logging.getLogger(__name__)


def deliver_on_commit(message: EmailMessage) -> None:
    transaction.on_commit(lambda: deliver(message))


def deliver(message: EmailMessage) -> None:
    """Hand a mail to the server. A failure is logged: such mails can be asked for again."""
    try:
        message.send()
    except Exception:
        # Each backend fails in its own way, and none of them may cost the person the page.
        logger.exception("A mail was not sent: %s", message.subject)


def write(template: str, email: str, subject: str, **context: Any) -> None:
    """Send a text of ours, templates/people/mail/<template>.txt, after the commit."""
    context |= {"site_name": school().title, "site_url": settings.SITE_URL}
    text = render_to_string(f"people/mail/{template}.txt", context)
    deliver_on_commit(EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [email]))

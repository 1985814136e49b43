"""Every mail of the site: text and HTML that say the same, why it came, and sound headers.

Mail about accounts is sent after the commit, and never at the price of a page.
"""

import email.policy
import logging
from collections.abc import Mapping
from email.header import Header
from email.headerregistry import Address, AddressHeader
from email.message import EmailMessage as Written
from email.policy import Policy
from email.utils import make_msgid
from typing import Any, cast

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override as speaking

from accounts.models import User
from accounts.school import school

logger = logging.getLogger(__name__)

SECURITY = _(
    "You get this because it is about the security of your account. It cannot be switched off."
)
# How long a line of a mail should be at the most, and may be (RFC 5322, 2.1.1).
USUAL_LINE, LONGEST_LINE = 78, 998
# Headers that are no text: a program reads them, so they are never encoded as text is.
STRUCTURED = ("List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted", "Message-ID")


class Bare(str):
    """What a structured header says, folded at spaces alone; Python would encode a long word."""

    name: str

    def __new__(cls, name: str, said: str) -> "Bare":
        bare = super().__new__(cls, said)
        bare.name = name
        return bare

    def fold(self, *, policy: Policy) -> str:
        first, *others = self.split(" ")
        lines = [f"{self.name}: {first}"]
        for word in others:
            if len(lines[-1]) + len(word) < USUAL_LINE:
                lines[-1] += f" {word}"
            else:
                lines.append(f" {word}")
        if any(
            not (one.isascii() and one.isprintable()) or len(one) > LONGEST_LINE for one in lines
        ):
            raise ValueError(f"The header {self.name} cannot be written.")
        return "".join(f"{line}{policy.linesep}" for line in lines)


class Letter(EmailMultiAlternatives):
    """A mail with headers as they are to arrive."""

    def message(self, *, policy: Policy | None = email.policy.default) -> Written:
        written = super().message(policy=policy)
        for name in STRUCTURED:
            if said := self.extra_headers.get(name):
                del written[name]
                written[name] = Bare(name, said)
        sender = sender_of(written)
        del written["From"]
        written["From"] = Bare("From", sender)
        return written


def sender() -> str:
    """The school by its name of today, unless the operator has named another."""
    if settings.IS_SENDER_NAMED:
        return str(settings.DEFAULT_FROM_EMAIL)
    return str(Address(school().title, "noreply", settings.SITE_HOST))


def sender_of(written: Written) -> str:
    """Who sends it; Python would fold a long name in quotes so that its commas part addresses."""
    (one,) = cast("AddressHeader", written["From"]).addresses
    if not one.display_name or (str(one).isascii() and len(str(one)) < USUAL_LINE):
        return str(one)
    name = " ".join(Header(one.display_name, "utf-8").encode().split())
    return f"{name} <{one.addr_spec}>"


def letter(
    template: str,
    to: str,
    subject: str,
    reason: str,
    *,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> Letter:
    """A mail of two templates, <template>.txt and <template>.html, on one layout.

    `reason` says why it came; `name`, if the context has one, whom it greets.
    """
    # A title may have been written by somebody: a line break would be a header of theirs.
    subject = " ".join(subject.split())
    context |= {
        "subject": subject,
        "reason": reason,
        "site_name": school().title,
        "site_url": settings.SITE_URL,
    }
    mail = Letter(
        subject,
        render_to_string(f"{template}.txt", context).strip() + "\n",
        sender(),
        [to],
        headers={
            "Message-ID": make_msgid(domain=host()),
            "Auto-Submitted": "auto-generated",
            **(headers or {}),
        },
    )
    mail.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    return mail


def letter_of_words(to: str, subject: str, words: str, reason: str, **more: Any) -> Letter:
    """A mail of paragraphs. An address of ours is a link; what is set in is a code to type."""
    paragraphs = [
        {
            "text": text.strip(),
            "is_code": text.startswith("    "),
            "is_link": text.strip().startswith(f"{settings.SITE_URL}/") and " " not in text.strip(),
        }
        for text in words.strip("\n").split("\n\n")
        if text.strip()
    ]
    return letter(
        "mail/words", to, subject, reason, words=words.strip(), paragraphs=paragraphs, **more
    )


def host() -> str:
    """The site's host as it stands in the name of a mail."""
    return f"[IPv6:{settings.SITE_HOST}]" if ":" in settings.SITE_HOST else settings.SITE_HOST


def deliver_on_commit(message: EmailMessage) -> None:
    transaction.on_commit(lambda: deliver(message))


def deliver(message: EmailMessage) -> None:
    """Hand a mail to the server. A failure is logged: such mails can be asked for again."""
    try:
        message.send()
    except Exception:
        # Each backend fails in its own way, and none of them may cost the person the page.
        logger.exception("A mail was not sent: %s", message.subject)


def write(template: str, to: User, subject: str | Promise) -> None:
    """Tell of an account's security by templates/people/mail/<template>.txt, after the commit."""
    site = {"site_name": school().title, "site_url": settings.SITE_URL}
    with speaking(to.speaks):
        words = render_to_string(f"people/mail/{template}.txt", site)
        mail = letter_of_words(to.email, str(subject), words, str(SECURITY), name=to.name)
    deliver_on_commit(mail)

"""A mail to oneself: does it leave, and what became of it?"""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.limits import Limit
from accounts.mail import deliver, letter_of_words
from accounts.models import User
from accounts.school import school
from notifications.models import EmailLog
from studio.setting_up.step import State, Step

KIND = "setup"
REASON = gettext_lazy("You get this because you asked for a test.")
OFTEN = Limit("setup_mail", 5, 600)
NOWHERE = {
    "console.EmailBackend": gettext_lazy("in the log"),
    "dummy.EmailBackend": "nowhere",
    "filebased.EmailBackend": gettext_lazy(
        "in files in {folder}, the code of whoever signs up among it"
    ),
}
SETTING = "EMAIL_URL=smtp+tls://user:password@mail.example:587   # in .env, then start again"
DOMAIN = gettext_lazy(
    "If it lies in the spam folder, the domain of {sender} lacks SPF or DKIM: docs/self-hosting.md."
)
WORDS = {
    EmailLog.State.FAILED: gettext_lazy("The mail server refused it"),
    EmailLog.State.UNCERTAIN: gettext_lazy("The connection broke while it left"),
    EmailLog.State.BOUNCED: gettext_lazy("It came back"),
    EmailLog.State.COMPLAINED: gettext_lazy("It was called unwanted"),
}


def send_to(user: User) -> int | None:
    """Send a test; return the seconds to wait if there were too many."""
    if wait := OFTEN.spend(str(user.pk)):
        return wait
    name = school().title
    text = _(
        "This is the test: mail of %(name)s arrives.\n\nIf you found it in the spam "
        "folder, the domain lacks SPF or DKIM.\n\n%(site_url)s/setup/\n"
    ) % {"name": name, "site_url": settings.SITE_URL}
    headers = {"Keywords": KIND}
    subject = _("A test from %(name)s") % {"name": name}
    deliver(
        letter_of_words(user.email, subject, text, str(REASON), name=user.name, headers=headers)
    )
    return None


def kept_here(transport: dict[str, Any]) -> str:
    """Where mail ends that does not leave this machine; empty if it leaves."""
    backend = ".".join(transport["BACKEND"].split(".")[-2:])
    folder = transport.get("OPTIONS", {}).get("file_path", "")
    return str(NOWHERE.get(backend, "")).format(folder=folder)


def mail_step(user: User) -> Step:
    """One query."""
    title, verb = _("Email"), _("Send a test to me")
    if where := kept_here(settings.MAILERS["transport"]):
        text = _("Mail is not set up and reaches nobody: what is sent stands %(where)s.") % {
            "where": where
        }
        return Step("mail", title, State.OPEN, text, SETTING)
    last = EmailLog.objects.filter(user=user, kind=KIND).order_by("-created_at").first()
    if last is None:
        text = _("Nothing was sent yet. The test goes to %(email)s.") % {"email": user.email}
        return Step("mail", title, State.OPEN, text, verb=verb)
    if last.state in WORDS:
        text = f"{WORDS[EmailLog.State(last.state)]}: {last.fault or 'no reason was told'}."
        return Step("mail", title, State.BAD, text, SETTING, verb=verb)
    sender = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">")
    text = _("The mail server took a test for %(to)s. %(format)s") % {
        "to": last.to,
        "format": DOMAIN.format(sender=sender),
    }
    return Step("mail", title, State.DONE, text, verb=verb)

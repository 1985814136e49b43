"""A mail to oneself: does it leave, and what became of it?"""

from typing import Any

from django.conf import settings

from accounts.limits import Limit
from accounts.mail import deliver, letter_of_words
from accounts.models import User
from accounts.school import school
from notifications.models import EmailLog
from studio.setting_up.step import State, Step

KIND = "setup"
REASON = "You get this because you asked for a test."
OFTEN = Limit("setup_mail", 5, 600)
NOWHERE = {
    "console.EmailBackend": "in the log",
    "dummy.EmailBackend": "nowhere",
    "filebased.EmailBackend": "in files in {folder}, the code of whoever signs up among it",
}
SETTING = "EMAIL_URL=smtp+tls://user:password@mail.example:587   # in .env, then start again"
DOMAIN = (
    "If it lies in the spam folder, the domain of {sender} lacks SPF or DKIM: docs/self-hosting.md."
)
WORDS = {
    EmailLog.State.FAILED: "The mail server refused it",
    EmailLog.State.UNCERTAIN: "The connection broke while it left",
    EmailLog.State.BOUNCED: "It came back",
    EmailLog.State.COMPLAINED: "It was called unwanted",
}


def send_to(user: User) -> int | None:
    """Send a test; return the seconds to wait if there were too many."""
    if wait := OFTEN.spend(str(user.pk)):
        return wait
    name = school().title
    text = (
        f"This is the test: mail of {name} arrives.\n\n"
        f"If you found it in the spam folder, the domain lacks SPF or DKIM.\n\n"
        f"{settings.SITE_URL}/setup/\n"
    )
    headers = {"Keywords": KIND}
    subject = f"A test from {name}"
    deliver(letter_of_words(user.email, subject, text, REASON, name=user.name, headers=headers))
    return None


def kept_here(transport: dict[str, Any]) -> str:
    """Where mail ends that does not leave this machine; empty if it leaves."""
    backend = ".".join(transport["BACKEND"].split(".")[-2:])
    folder = transport.get("OPTIONS", {}).get("file_path", "")
    return NOWHERE.get(backend, "").format(folder=folder)


def mail_step(user: User) -> Step:
    """One query."""
    title, verb = "Email", "Send a test to me"
    if where := kept_here(settings.MAILERS["transport"]):
        text = f"Mail is not set up and reaches nobody: what is sent stands {where}."
        return Step("mail", title, State.OPEN, text, SETTING)
    last = EmailLog.objects.filter(user=user, kind=KIND).order_by("-created_at").first()
    if last is None:
        text = f"Nothing was sent yet. The test goes to {user.email}."
        return Step("mail", title, State.OPEN, text, verb=verb)
    if last.state in WORDS:
        text = f"{WORDS[EmailLog.State(last.state)]}: {last.fault or 'no reason was told'}."
        return Step("mail", title, State.BAD, text, SETTING, verb=verb)
    sender = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">")
    text = f"The mail server took a test for {last.to}. {DOMAIN.format(sender=sender)}"
    return Step("mail", title, State.DONE, text, verb=verb)

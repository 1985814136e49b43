"""What is kept for a time, and forgotten by the rooms themselves: all of it at one place."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from accounts import export_making
from accounts import retention as accounts
from assessments import retention as code
from billing import deliveries, seat_retention
from notifications import actions as notifications
from notifications import mail_retention, phones
from progress import attention
from studio import uploads

# Tasks come by twice a day, and may be left out once. What is there for so long is kept too long.
PATIENCE = timedelta(days=1, hours=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """`overdue` counts what should be gone by a patience; `forget` is what the task calls."""

    what: str
    overdue: Callable[[timedelta], int]
    forget: Callable[[], object]


KEPT = (
    Kept("Sessions, tokens, unfinished sign-ups, old notes", accounts.overdue, accounts.forget),
    Kept("Exports", export_making.overdue, export_making.forget_exports),
    Kept("Runs, outputs of code, and words of models", code.overdue, code.forget),
    Kept("Messages of Stripe's", deliveries.overdue, deliveries.forget),
    Kept("Invitations to seats", seat_retention.overdue, seat_retention.forget_addresses),
    Kept("Mail, push and text messages", mail_retention.overdue, lambda: (
        mail_retention.forget_old_mail() + mail_retention.forget_old_messages()
    )),
    Kept("Codes that confirm a telephone", phones.overdue, phones.forget_old_codes),
    Kept("Notifications", notifications.overdue, notifications.forget_old),
    Kept("Uploaded courses", uploads.overdue, uploads.forget_uploads),
    Kept("Whom lists of students named", attention.namings_overdue, attention.forget_namings),
)  # fmt: skip


def kept_too_long() -> dict[str, int]:
    counts = {one.what: one.overdue(PATIENCE) for one in KEPT}
    return {what: count for what, count in counts.items() if count}


def forget_all() -> None:
    for one in KEPT:
        one.forget()

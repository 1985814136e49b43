"""Doors to the background."""

from uuid import UUID

from celery import shared_task

from notifications import (
    actions,
    announcing,
    digests,
    mail_retention,
    mailing,
    outbox,
    phones,
    pushing,
    texting,
)
from notifications.channels import available
from notifications.models import Channel


@shared_task
def send_mail() -> None:
    """Send what is due by mail. Where there is more than one turn can do, ask for another."""
    if outbox.send_due(mailing.Mail()):
        send_mail.delay()


@shared_task
def send_pushes() -> None:
    """Send what is due to browsers, where the site has a key for it."""
    if Channel.PUSH in available() and outbox.send_due(pushing.Push()):
        send_pushes.delay()


@shared_task
def send_texts() -> None:
    """Send what is due to telephones, where the site has a gateway for it."""
    if Channel.SMS in available() and outbox.send_due(texting.Texts()):
        send_texts.delay()


@shared_task
def begin_weekly_mail() -> int:
    """Make the weekly mail due where it is Monday morning."""
    return digests.claim_week()


@shared_task
def forget_old_mail() -> int:
    """Delete what is known of mail that left long ago."""
    return mail_retention.forget_old_mail()


@shared_task
def forget_old_messages() -> int:
    """Delete what is known of messages that left long ago, browsers that are gone, old codes."""
    return mail_retention.forget_old_messages() + phones.forget_old_codes()


@shared_task
def forget_old_notifications() -> int:
    """Delete what was read and not saved long ago."""
    return actions.forget_old()


@shared_task
def carry_on_announcement(key: str) -> None:
    """Tell an announcement to whoever has not been told it yet."""
    announcing.carry_on(UUID(key))


@shared_task
def carry_on_announcements() -> int:
    """Wake up for those whose time has come, and for those that a killed worker left."""
    due = announcing.those_due()
    for one in due:
        carry_on_announcement.delay(str(one))
    return len(due)

"""Doors to the background."""

from celery import shared_task

from billing import deliveries, due_mail, gateway, reconciling, seat_retention, telling


@shared_task
def handle_delivery(key: str) -> None:
    """Look after one message of Stripe's."""
    deliveries.handle(key)


@shared_task
def take_up_deliveries() -> int:
    """The sweep: look after messages whose wake-up was lost, or whose time has come again."""
    return deliveries.take_up()


@shared_task
def tell_stripe() -> int:
    """Tell Stripe of addresses that changed, and end what closed accounts pay for."""
    return telling.tell_stripe()


@shared_task
def mail_invitations() -> int:
    """Send invitations to seats that are due: those just made, and those that failed."""
    return due_mail.mail_invitations()


@shared_task
def mail_plans() -> int:
    """Tell who paid that their plan is open."""
    return due_mail.mail_plans()


@shared_task
def forget_seat_addresses() -> int:
    """Whom nobody has to know of any more."""
    return seat_retention.forget_addresses()


@shared_task
def reconcile() -> int:
    """Twice a day: forget old messages, and compare everything with Stripe, if things are sold."""
    deliveries.forget()
    if not gateway.is_configured():
        return 0
    return len(reconciling.reconcile().mended)

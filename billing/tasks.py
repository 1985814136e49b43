"""Doors to the background."""

from celery import shared_task

from billing import deliveries


@shared_task
def handle_delivery(key: str) -> None:
    """Look after one message of Stripe's."""
    deliveries.handle(key)


@shared_task
def take_up_deliveries() -> int:
    """The sweep: look after messages whose wake-up was lost, or whose time has come again."""
    return deliveries.take_up()

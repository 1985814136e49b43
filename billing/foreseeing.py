"""What Stripe says that a change would come to, before anybody asks for it."""

from typing import Any

from billing.client import client, in_our_words, plain
from billing.gateway import only_item
from billing.transport import within

# The page stands without the answer: nobody waits long for it.
SECONDS = 4.0


@in_our_words
def next_total(subscription_id: str, quantity: int) -> int:
    """What the next invoice would come to with so many seats: the rest of this period as well.

    Two requests, that change nothing. As for the gateway, no transaction is open meanwhile.
    """
    with within(SECONDS):
        stripe = client(SECONDS)
        item = only_item(plain(stripe.v1.subscriptions.retrieve(subscription_id)))
        wish = {"items": [{"id": item, "quantity": quantity}]}
        asked: Any = {"subscription": subscription_id, "subscription_details": wish}
        return int(plain(stripe.v1.invoices.create_preview(asked))["total"])

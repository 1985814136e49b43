"""Refusals that a person may see, and what keeps Stripe from answering."""


class BillingRefused(Exception):
    """What was asked cannot be done now. `text` is for the person who asked."""

    text = "That is not possible now."

    def __init__(self, text: str = "") -> None:
        super().__init__(text or self.text)


class GatewayTrouble(Exception):
    """Stripe did not do what was asked. No text of it holds a key or a card."""


class GatewayAway(GatewayTrouble):
    """Stripe cannot be reached, is busy or broken: the same may work later."""


class GatewayRefused(GatewayTrouble):
    """Stripe answered that it will not: the same would be refused again."""

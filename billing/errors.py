"""Refusals that a person may see, and what keeps Stripe from answering."""

from django.utils.translation import gettext_lazy as _


class BillingRefused(Exception):
    """What was asked cannot be done now. `text` is for the person who asked."""

    text = _("That is not possible now.")

    def __init__(self, text: str = "") -> None:
        super().__init__(text or self.text)


class NotConnected(BillingRefused):
    """There is no key of Stripe's, or none any more."""

    text = _("Payments are not connected at the moment, so nothing was changed at Stripe.")


class GatewayTrouble(Exception):
    """Stripe did not do what was asked. No text of it holds a key or a card."""

    def __init__(self, text: str = "", code: str = "") -> None:
        super().__init__(text)
        # Stripe's own word for it, such as resource_missing, where it gave one.
        self.code = code


class GatewayAway(GatewayTrouble):
    """Stripe cannot be reached, is busy or broken: the same may work later."""


class GatewayUnheard(GatewayAway):
    """Stripe was asked to change something, and no answer came: it may have been done."""


class GatewayOdd(GatewayAway):
    """Stripe answered, and one thing it said was not understood. All else may be well."""


class GatewayRefused(GatewayTrouble):
    """Stripe answered that it will not: the same would be refused again."""


class SeatsFull(BillingRefused):
    """Not so many seats are free."""


class TooFewSeats(BillingRefused):
    """More are taken than would be paid for."""


class SeatsClosed(BillingRefused):
    text = _("This subscription is not paid for now, so its seats are closed.")


class InvitationGone(BillingRefused):
    text = _("This invitation does not work any more. Whoever invited you can send a new one.")


class OtherAddress(BillingRefused):
    """The invitation was sent to an address that this person has not verified as theirs."""

    text = _("This invitation was sent to another email address than yours.")


class OwnSeat(BillingRefused):
    """Whoever pays holds the plan already, and would use up a seat."""

    text = _("You hold the plan yourself without a seat.")


class HasSeat(BillingRefused):
    text = _("You have a seat of this subscription already.")


class InvitesTooOften(BillingRefused):
    """So many mails are more than anybody needs. `wait` is in seconds."""

    def __init__(self, text: str, wait: int) -> None:
        super().__init__(text)
        self.wait = wait

"""What carries text messages: one class with one method, named by SMS_GATEWAY.

docs/notifications.md shows how to write one for a provider.
"""

import sys
from typing import Protocol
from uuid import uuid4

from django.conf import settings
from django.utils.module_loading import import_string


class TryLater(Exception):
    """It was certainly not taken; another time it may be."""


class RefusedForGood(Exception):
    """It was certainly not taken, and never will be: such a number, or such a text."""


class Gateway(Protocol):
    """One way to telephones. Made anew for each batch, without arguments."""

    def send(self, to: str, text: str) -> str:
        """Hand over one text to a number such as +4915112345678, within ten seconds or so.

        Return the provider's name for it, or nothing. Raise TryLater or RefusedForGood only where
        that is certain. Whatever else is raised leaves open whether it was sent: it is not sent
        again.
        """


def chosen() -> Gateway:
    """The one in the settings."""
    gateway: Gateway = import_string(settings.SMS_GATEWAY)()
    return gateway


class Console:
    """Writes text messages to standard output instead of sending them: for trying things out."""

    def send(self, to: str, text: str) -> str:
        sys.stdout.write(f"Text message to {to}: {text}\n")
        sys.stdout.flush()
        return str(uuid4())

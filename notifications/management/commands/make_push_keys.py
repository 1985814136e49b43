"""Make the key by which push services know this site."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from notifications import vapid


class Command(BaseCommand):
    help = (
        "Print a new pair of keys for push messages, as lines for the environment. Nothing is "
        "stored. Make it once: browsers that were added under another key hear nothing more."
    )

    def handle(self, **options: Any) -> None:
        private = vapid.new_key()
        contact = settings.PUSH_CONTACT or f"mailto:{settings.CONTACT_EMAIL or 'you@example.org'}"
        self.stdout.write(
            f"# The public half, which browsers are given: {vapid.public_key(private)}"
        )
        self.stdout.write(f"PUSH_VAPID_PRIVATE_KEY={private}")
        self.stdout.write(f"PUSH_CONTACT={contact}")

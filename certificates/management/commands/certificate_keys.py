"""Look at the keys that certificates are signed with, or change to a new one."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from certificates import keys
from certificates.models import SigningKey


class Command(BaseCommand):
    help = "List the keys that certificates are signed with. The first is made when it is needed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--rotate",
            action="store_true",
            help="sign with a new key from now on; older keys still prove what they signed",
        )

    def handle(self, **options: Any) -> None:
        if options["rotate"]:
            keys.rotate()
        keys.signer()
        for key in SigningKey.objects.order_by("-created_at"):
            until = f"retired {key.retired_at:%Y-%m-%d}" if key.retired_at else "signs"
            self.stdout.write(f"{key.pk}  made {key.created_at:%Y-%m-%d}  {until}")

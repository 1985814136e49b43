"""Print the link by which a new school gets its owner."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.owner import MINUTES, is_without_owner, setup_link


class Command(BaseCommand):
    help = (
        "Print a link that makes the owner's account: it works for half an hour, once, and only "
        "while nobody administers the school. Exit code 0: printed; 1: there is an owner."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-needed",
            action="store_true",
            help="print nothing, and exit with 0, where there is an owner or a demo school",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_needed"] and (settings.DEMO_SCHOOL or not is_without_owner()):
            return
        if not is_without_owner():
            raise CommandError("This school has an owner. `createsuperuser` makes another admin.")
        self.stdout.write(f"Open {setup_link()} (one time, within {MINUTES} minutes)")

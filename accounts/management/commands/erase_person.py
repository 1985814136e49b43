"""Erase a person from the shell."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.emails import InvalidEmail, canonical_email
from accounts.erasure import LastAdmin, erase_person
from accounts.models import User


class Command(BaseCommand):
    help = (
        "Erase a person for good: who they were and what they wrote goes; points, scores and "
        "payments stay under a pseudonym. What they pay for is ended at Stripe by a worker. "
        "Asks first, where somebody sits there."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="who is to be erased")
        parser.add_argument(
            "--noinput", action="store_false", dest="interactive", help="do not ask first"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = User.objects.get(email=canonical_email(options["email"]))
        except (User.DoesNotExist, InvalidEmail) as error:
            raise CommandError("Nobody has this email address.") from error
        if options["interactive"] and not is_sure(user):
            raise CommandError("Nobody was erased.")
        try:
            erase_person(user)
        except LastAdmin as refusal:
            raise CommandError(
                "Nobody else administers this school. Make another admin first."
            ) from refusal
        self.stdout.write("Erased.")


def is_sure(user: User) -> bool:
    """Ask whoever sits there; a script is not asked."""
    if not sys.stdin.isatty():
        return True
    return input(f"Erase {user.name} <{user.email}> for good? Type yes: ").strip() == "yes"

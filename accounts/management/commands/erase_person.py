"""Erase a person from the shell."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.emails import InvalidEmail
from accounts.erasure import LastAdmin, erase_person
from accounts.models import User


class Command(BaseCommand):
    help = (
        "Erase a person for good: who they were and what they wrote goes; points, scores and "
        "payments stay under a pseudonym. What they pay for is ended at Stripe by a worker. "
        "Asks first; where nobody can be asked, only --no-input erases."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "person", help="who is to be erased: an email address, or the key of the account"
        )
        parser.add_argument(
            "--noinput", "--no-input", action="store_false", dest="interactive",
            help="do not ask first",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = User.objects.named(options["person"])
        except (User.DoesNotExist, InvalidEmail) as error:
            raise CommandError("Nobody has this email address or key.") from error
        if user.deleted_at:
            self.stdout.write("This account was erased before.")
            return
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
    """Ask whoever sits there."""
    if not sys.stdin.isatty():
        raise CommandError("Nobody was erased: there is no terminal to ask at. Say --no-input.")
    try:
        answer = input(f"Erase {user.name} <{user.email}> for good? Type yes: ")
    except EOFError:
        return False
    return answer.strip() == "yes"

"""Make an API token from the shell."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.emails import InvalidEmail
from accounts.models import ApiToken, User
from accounts.tokens import TokenRefused, create_token


class Command(BaseCommand):
    help = "Make an API token for a person; print it, alone on standard output, this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "person", help="whose token it is: an email address, or the key of the account"
        )
        parser.add_argument("--name", default="Command line", help="what will use it")
        parser.add_argument(
            "--days",
            type=int,
            default=ApiToken.LIFETIME.days,
            help=f"how long it lives, 1 to {ApiToken.LIFETIME.days} (default: the most)",
        )

        parser.add_argument(
            "--read-only", action="store_true", help="it may look at everything and change nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = User.objects.named(options["person"])
            _, text = create_token(
                user, options["name"][:60], options["days"], reads_only=options["read_only"]
            )
        except (User.DoesNotExist, InvalidEmail) as error:
            raise CommandError("Nobody has this email address or key.") from error
        except TokenRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(text)

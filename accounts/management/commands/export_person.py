"""Write all that is known of a person to a file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import audit
from accounts.emails import InvalidEmail
from accounts.export_writing import write_export
from accounts.models import User
from accounts.private_files import private_file


class Command(BaseCommand):
    help = "Write all that is known of a person to a zip: pages to read, JSON, code, certificates."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "person", help="whose data it is: an email address, or the key of the account"
        )
        parser.add_argument("path", type=Path, help="the file to write")
        parser.add_argument("--overwrite", action="store_true", help="also over one that is there")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["path"]
        try:
            user = User.objects.named(options["person"])
        except (User.DoesNotExist, InvalidEmail) as error:
            raise CommandError("Nobody has this email address or key.") from error
        if path.exists() and not path.is_file():
            raise CommandError(f"{path} could not be written: it is no file.")
        if path.exists() and path.stat().st_size and not options["overwrite"]:
            raise CommandError(f"{path} is there already. Name another, or say --overwrite.")
        try:
            with private_file(path) as out:
                write_export(user, out)
                audit.note("EXPORT_ASKED", user)
        except OSError as error:
            raise CommandError(f"{path} could not be written: {error.strerror}.") from error
        self.stdout.write(f"Written to {path}.")

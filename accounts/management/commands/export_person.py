"""Write all that is known of a person to a file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.emails import InvalidEmail, canonical_email
from accounts.export_writing import write_export
from accounts.models import User


class Command(BaseCommand):
    help = "Write all that is known of a person to a zip: pages to read, JSON, code, certificates."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="whose data it is")
        parser.add_argument("path", type=Path, help="the file to write")
        parser.add_argument("--overwrite", action="store_true", help="also over one that is there")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["path"]
        try:
            user = User.objects.get(email=canonical_email(options["email"]))
        except (User.DoesNotExist, InvalidEmail) as error:
            raise CommandError("Nobody has this email address.") from error
        if not options["overwrite"] and path.is_file() and path.stat().st_size:
            raise CommandError(f"{path} is there already. Name another, or say --overwrite.")
        try:
            with path.open("wb") as out:
                path.chmod(0o600)
                write_export(user, out)
        except OSError as error:
            raise CommandError(f"{path} could not be written: {error.strerror}.") from error
        self.stdout.write(f"Written to {path}.")

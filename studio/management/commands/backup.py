"""Write the whole school into one file."""

import json
import signal
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from tqdm import tqdm

from studio.backups.errors import BackupRefused
from studio.backups.making import make_backup


@contextmanager
def tidying_up() -> Iterator[None]:
    """TERM, as service managers send it, leaves as little behind as Ctrl-C."""
    usual = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, usual)


class Command(BaseCommand):
    help = (
        "Write the whole school into one file that only its owner can read: one moment of the "
        "database, all files, and a manifest by which `restore` tells that nothing is missing. "
        "The site goes on meanwhile. SECRET_KEY and the other settings are not in it: keep them "
        "elsewhere. Exit code 0: done; 1: refused, and nothing is left; 2: wrong usage."
    )

    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "path", type=Path, help="the file to write, or a folder, for a name by date and time"
        )
        parser.add_argument(
            "--files-are-lost",
            action="store_true",
            help="go on although no file that the database knows of is there",
        )
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        with tqdm(unit="B", unit_scale=True, disable=options["json"]) as bar, tidying_up():
            try:
                made = make_backup(
                    options["path"], bar.update, files_are_lost=options["files_are_lost"]
                )
            except BackupRefused as refusal:
                raise CommandError(str(refusal)) from None
            except OperationalError as error:
                raise CommandError(f"The database does not answer: {error}") from None
        facts = {
            "path": str(made.path),
            "bytes": made.size,
            "rows": made.rows,
            "files": made.files,
            "lacking": made.lacking,
            "noted": made.is_noted,
            "seconds": round(time.monotonic() - began, 1),
        }
        if options["json"]:
            self.stdout.write(json.dumps(facts))
            return
        for name in made.lacking:
            self.stdout.write(f"warning: {name} is missing in the storage.")
        if not made.is_noted:
            self.stdout.write("warning: made, and not noted: the site will ask for a backup.")
        size = f"{made.size / 1e6:,.1f} MB"
        text = f"{made.path}: {made.rows:,} rows and {made.files:,} files, {size}."
        self.stdout.write(text)

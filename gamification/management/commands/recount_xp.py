"""Rebuild the cached totals of XP."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from gamification import ledger


class Command(BaseCommand):
    help = "Sum everybody's ledger afresh. Levels follow by themselves."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count only, change nothing")
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")

    def handle(self, **options: Any) -> None:
        wrong = ledger.wrong_standings() if options["dry_run"] else ledger.recount_all()
        said = "Would mend" if options["dry_run"] else "Mended"
        text = json.dumps({"wrong": wrong}) if options["json"] else f"{said} {wrong} totals."
        self.stdout.write(text)

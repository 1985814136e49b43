"""Report whether everybody is where they should be."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from enrollments import verification


class Command(BaseCommand):
    help = (
        "Report people without any enrolment, duplicate enrolments, and pairs of person and open "
        "course that are missing. Exit code 1 if anything is off."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, **options: Any) -> None:
        report = verification.verify()
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict()))
        else:
            for line in report.lines():
                self.stdout.write(line)
        if not report.is_clean:
            raise CommandError("Something is off: run backfill_enrollments --missing.")

"""Render the texts again that an older version of the renderer made."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from assessments.rendering import render_again as render_questions_again
from courses.actions import render_again


class Command(BaseCommand):
    help = (
        "Render courses, lessons and questions whose HTML an older version of the renderer made, "
        "or all of them. Exit code 0: done, also when there was nothing to do."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="every text, also the current ones")
        parser.add_argument("--json", action="store_true", help="report for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        everything = options["all"]
        count = render_again(everything=everything) + render_questions_again(everything=everything)
        if options["json"]:
            self.stdout.write(json.dumps({"rendered": count}))
        else:
            self.stdout.write(f"{count} texts rendered." if count else "Nothing to do.")

"""Hold every cache against its facts and every queue against the clock."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from studio import looking
from studio.health import CHECKS, Outcome, examine


class Command(BaseCommand):
    help = (
        "Compare every cache with what it is a cache of, look for work that is stuck, and attack "
        "the sandbox. --fix mends what a recount or a sweep can mend. Exit code 0: all is well; "
        "1: something is off and was not mended."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = [check.name for check in CHECKS]
        parser.add_argument("--fix", action="store_true", help="mend what can be mended")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")
        parser.add_argument(
            "--only", action="append", choices=names, metavar="NAME",
            help=f"one check, or several: {', '.join(names)}",
        )  # fmt: skip

    def handle(self, **options: Any) -> None:
        wanted = options["only"] or [check.name for check in CHECKS]
        fix, as_json = options["fix"], options["json"]
        began, outcomes = now(), []
        for check in CHECKS:
            if check.name not in wanted:
                continue
            outcome = examine(check, fix=fix)
            outcomes.append(outcome)
            if not as_json:
                self.tell(outcome, fix=fix)
        left = sum(bool(one.left.count) for one in outcomes)
        if as_json:
            report = {"clean": not left, "checks": [as_dict(one) for one in outcomes]}
            self.stdout.write(json.dumps(report, indent=2))
        if options["only"] is None:
            looking.note(outcomes, began)
        if left:
            more = "" if fix else " --fix mends what a recount or a sweep can mend."
            raise CommandError(f"{left} of {len(outcomes)} checks found something.{more}")

    def tell(self, outcome: Outcome, *, fix: bool) -> None:
        check, left = outcome.check, outcome.left
        state = "off" if left.count else "mended" if outcome.mended else "well"
        count = f"{outcome.found.count}" if outcome.found.count else ""
        if outcome.mended and left.count:
            count += f", {outcome.mended} mended"
        self.stdout.write(f"{state:<8}{check.title}{f': {count}' if count else ''}")
        for line in left.details:
            self.stdout.write(f"        {line}")
        if left.count and check.advice and (fix or check.mend is None):
            self.stdout.write(f"        {check.advice}")


def as_dict(outcome: Outcome) -> dict[str, Any]:
    return {
        "name": outcome.check.name,
        "title": str(outcome.check.title),
        "found": outcome.found.count,
        "mended": outcome.mended,
        "left": outcome.left.count,
        "details": list(outcome.left.details),
    }

"""Attack the sandbox and say which walls hold."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments import runners


class Command(BaseCommand):
    help = (
        "Attack the runner that SANDBOX_RUNNER names with programs that a learner might hand in, "
        "and print which walls hold. Exit code 0: all of them; 1: one does not, or the runner "
        "does not run."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="report for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        runner = runners.chosen()
        walls = runner.self_test()
        if options["json"]:
            told = [{"name": one.name, "holds": one.holds, "detail": one.detail} for one in walls]
            self.stdout.write(json.dumps({"runner": runner.name, "walls": told}, indent=2))
        else:
            for one in walls:
                detail = f" ({one.detail})" if one.detail else ""
                self.stdout.write(f"{'holds' if one.holds else 'OPEN '}  {one.name}{detail}")
        fallen = sum(not one.holds for one in walls)
        if fallen or not walls:
            raise CommandError(f"{runner.name}: {fallen} of {len(walls)} do not hold.")

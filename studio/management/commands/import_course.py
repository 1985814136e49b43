"""Bring a course folder or archive into the site."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from studio.importing.apply import import_course
from studio.importing.formats import read_course
from studio.importing.refusal import Finding, ImportRefused
from studio.importing.report import Action


class Command(BaseCommand):
    help = (
        "Import a course from a folder of Markdown and YAML, or of Exercism's canonical data, or "
        "from a .zip of it (docs/authoring.md). "
        "A new course is published at once, unless its course.yaml says draft: true. "
        "Exit code 0: done, also when there was nothing to do; 1: refused; 2: wrong usage."
    )

    # They would ask the database, and fail with a traceback where it cannot be reached.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="the folder or .zip file")
        parser.add_argument(
            "--id", default="", help="the course's address, for formats that have none"
        )
        parser.add_argument(
            "--title", default="", help="the course's title, for formats that have none"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would change, change nothing"
        )
        parser.add_argument("--json", action="store_true", help="report for machines")
        parser.add_argument(
            "--publish", action="store_true", help="publish the course if it is a draft"
        )
        parser.add_argument(
            "--overwrite", action="store_true", help="replace what was edited on the site as well"
        )
        parser.add_argument(
            "--regrade",
            action="store_true",
            help=(
                "let a changed key or passing score raise attempts that were made before: all in "
                "the course are marked anew, so that a run that was stopped can be repeated"
            ),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_course(
                read_course(options["path"], options["id"], options["title"]),
                dry_run=options["dry_run"],
                overwrite=options["overwrite"],
                publish=options["publish"],
                regrade=options["regrade"],
            )
        except ImportRefused as refusal:
            self._refuse(refusal.findings, options["json"])
        if options["json"]:
            self.stdout.write(json.dumps(report.to_json(), indent=2))
            return
        for line in report.lines:
            if line.action != Action.UNCHANGED or options["verbosity"] > 1:
                self.stdout.write(str(line))
        for warning in report.warnings:
            self.stdout.write(f"warning: {warning}")
        self.stdout.write(f"{report.course}: {report.summary}")

    def _refuse(self, findings: tuple[Finding, ...], as_json: bool) -> None:
        if as_json:
            errors = [finding.to_json() for finding in findings]
            self.stdout.write(json.dumps({"errors": errors}, indent=2))
        raise CommandError("\n".join(str(finding) for finding in findings), returncode=1)

"""Bring a course folder or archive into the site."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from studio.importing.apply import import_course
from studio.importing.folder.writing_ids import told, write_ids
from studio.importing.formats import read_course
from studio.importing.refusal import Finding, ImportRefused
from studio.importing.report import Action, Report

CHANGES = 2


class Command(BaseCommand):
    help = (
        "Import a course from a folder of Markdown and YAML, from one of another system, or from "
        "an archive of it (docs/authoring.md names them all). "
        "A new course is published at once, unless its course.yaml says draft: true. "
        "Exit code 0: done, also when there was nothing to do; 1: refused. With --dry-run 0: "
        "nothing to do; 2: there are changes; 1: it would be refused. Wrong usage is 2 as well, "
        "with nothing but the usage on the error output."
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

        parser.add_argument(
            "--write-ids",
            action="store_true",
            help=(
                "import nothing: write the ids that questions, options and cases of a folder lack "
                "into its files"
            ),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["write_ids"]:
                self._write_ids(options)
                return
            report = self._import(options)
        except ImportRefused as refusal:
            self._refuse(refusal.findings, options["json"])
        if options["json"]:
            self.stdout.write(json.dumps(report.to_json(), indent=2))
        else:
            self._tell(report, options["verbosity"] > 1)
        if report.dry_run and report.does_something:
            sys.exit(CHANGES)

    def _import(self, options: dict[str, Any]) -> Report:
        tree = read_course(options["path"], options["id"], options["title"])
        # None: only where somebody looks at it.
        quiet = True if options["json"] else None
        with tqdm(total=tree.size, unit=" parts", delay=1, leave=False, disable=quiet) as bar:
            return import_course(
                tree,
                dry_run=options["dry_run"],
                overwrite=options["overwrite"],
                publish=options["publish"],
                regrade=options["regrade"],
                on_node=bar.update,
            )

    def _tell(self, report: Report, whole: bool) -> None:
        for line in report.lines:
            if line.action != Action.UNCHANGED or whole:
                self.stdout.write(line.placed)
        for warning in report.warnings:
            self.stdout.write(f"warning: {warning}")
        for sentence in report.effects:
            self.stdout.write(sentence)
        self.stdout.write(f"{report.course}: {report.summary}")

    def _write_ids(self, options: dict[str, Any]) -> None:
        written = write_ids(options["path"], dry_run=options["dry_run"])
        if options["json"]:
            self.stdout.write(json.dumps({"ids": sum(written.values()), "files": written}))
        else:
            for path, number in written.items():
                self.stdout.write(f"{path}: {number}")
            self.stdout.write(told(written, dry_run=options["dry_run"]))
        if options["dry_run"] and written:
            sys.exit(CHANGES)

    def _refuse(self, findings: tuple[Finding, ...], as_json: bool) -> None:
        if as_json:
            errors = [finding.to_json() for finding in findings]
            self.stdout.write(json.dumps({"errors": errors}, indent=2))
        raise CommandError("\n".join(str(finding) for finding in findings), returncode=1)

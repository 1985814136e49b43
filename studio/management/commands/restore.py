"""Bring a school back from one file."""

import json
from argparse import ArgumentParser
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from tqdm import tqdm

from studio.backups.errors import BackupRefused
from studio.backups.parcel import Manifest, Reader
from studio.backups.restoring import checked, go_forward, warnings, why_not_here, write


class Command(BaseCommand):
    help = (
        "Restore a file of `backup` into an empty database and MEDIA_ROOT. Every part is held "
        "against its checksum before anything is written; a backup of an older version is "
        "migrated; in the end `doctor` looks at all of it. Killed before it says that the data are "
        "there, it can be run again. Exit code 0: done; 1: refused, or doctor found something; "
        "2: wrong usage."
    )

    # They would ask tables that are not there yet.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="what `backup` has written")
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="check the whole file, beside a school that runs as well, and write nothing",
        )
        parser.add_argument(
            "--key-is-lost", action="store_true", help="restore without the old SECRET_KEY"
        )
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.restore(**options)
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from None
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {error}") from None

    def restore(self, path: Path, **options: Any) -> None:
        as_json = options["json"]
        is_lost = options["key_is_lost"]
        with (
            tqdm(unit="B", unit_scale=True, disable=as_json) as bar,
            checked(
                path, bar.update, key_is_lost=is_lost, is_written=not options["dry_run"]
            ) as reader,
        ):
            if options["dry_run"]:
                return self.say_whole(reader, as_json=as_json)
            write(reader, bar.update)
        warned = self.say_there(reader.manifest, as_json=as_json)
        if go_forward() and not as_json:
            self.stdout.write("They were of an older version and have been migrated.")
        self.look(reader.manifest, warned, as_json=as_json)

    def say_there(self, manifest: Manifest, *, as_json: bool) -> list[str]:
        """At once, into a pipe as well: by this sentence it is known what a restore that is killed
        from here on has left. Return what else is to be known, which takes counting all rows."""
        if as_json:
            return warnings(manifest)
        rows, files = sum(manifest.rows.values()), len(manifest.files)
        self.stdout.write(f"The data are there: {rows:,} rows and {files:,} files.")
        self.stdout.flush()
        warned = warnings(manifest)
        for text in warned:
            self.stdout.write(f"warning: {text}")
        return warned

    def say_whole(self, reader: Reader, *, as_json: bool) -> None:
        manifest = reader.manifest
        refusal = why_not_here(reader)
        facts = {
            "whole": True, "made_at": manifest.made_at, "version": manifest.version,
            "refusal": refusal,
        }  # fmt: skip
        text = f"Whole, made at {manifest.made_at} by version {manifest.version}."
        if refusal:
            text += f" It could not be restored here: {refusal}"
        self.stdout.write(json.dumps(facts) if as_json else text)

    def look(self, manifest: Manifest, warned: list[str], *, as_json: bool) -> None:
        """End with what `doctor` finds."""
        out, trouble = StringIO(), ""
        try:
            call_command("doctor", json=as_json, stdout=out if as_json else self.stdout)
        except CommandError as found:
            trouble = str(found)
        if as_json:
            facts = {
                "rows": sum(manifest.rows.values()),
                "files": len(manifest.files),
                "warnings": warned,
                "doctor": json.loads(out.getvalue()),
            }
            self.stdout.write(json.dumps(facts))
        if trouble:
            raise CommandError(f"The school is restored. {trouble}")

"""Write a course of the site as files."""

import json
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from courses.models import Course
from studio.exporting.folder import write_folder
from studio.exporting.formats import WRITERS, archive_of
from studio.exporting.saving import save_archive, save_folder
from studio.exporting.tree_of import tree_of
from studio.importing.files import SourceFile
from studio.importing.refusal import Finding, ImportRefused
from studio.importing.tree import CourseNode

FOLDER = "folder"


class Command(BaseCommand):
    help = (
        "Export a course as a folder of Markdown and YAML, or as an archive (docs/authoring.md). "
        "The same course gives the same bytes. People, attempts and submissions stay here. "
        "Exit code 0: done; 1: refused; 2: wrong usage."
    )

    # They would ask the database, and fail with a traceback where it cannot be reached.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("course", help="its slug")
        parser.add_argument("path", type=Path, help="the folder or archive to write")
        parser.add_argument(
            "--format", choices=(FOLDER, *WRITERS), help="otherwise told by the ending of the path"
        )
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help=(
                "replace an archive, or the same course in a folder: files that are no longer "
                "part of it are removed"
            ),
        )
        parser.add_argument("--json", action="store_true", help="report for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        course = Course.objects.with_language().filter(slug=options["course"]).first()
        try:
            if course is None or course.deleted_at:
                raise ImportRefused(f"There is no course {options['course']}.")
            lost, files = self._export(tree_of(course), options)
        except ImportRefused as refusal:
            self._refuse(refusal.findings, options["json"])
        except OSError as error:
            self._refuse((Finding(f"Cannot write {options['path']}: {error}"),), options["json"])
        if options["json"]:
            report = {
                "course": options["course"],
                "path": str(options["path"]),
                "files": files,
                "warnings": [one.to_json() for one in lost],
                "errors": [],
            }
            self.stdout.write(json.dumps(report, indent=2))
            return
        for one in lost:
            self.stdout.write(f"warning: {one}")
        self.stdout.write(f"{options['course']}: {files:,} files in {options['path']}.")

    def _export(self, tree: CourseNode, options: dict[str, Any]) -> tuple[list[Finding], int]:
        """Write it; return what is lost by it, and how many files there are."""
        path, name = options["path"], options["format"] or format_of(options["path"])
        with tqdm(total=len(tree.assets), unit=" files", delay=1, disable=options["json"]) as bar:
            tree.assets = {key: _counted(file, bar) for key, file in tree.assets.items()}
            if name != FOLDER:
                archive = archive_of(tree, WRITERS[name])
                save_archive(archive.data, path, overwrite=options["overwrite"])
                return archive.lost, archive.files
            written = write_folder(tree)
            save_folder(written.files, path, tree.slug, overwrite=options["overwrite"])
        return [*tree.warnings, *written.lost], len(written.files)

    def _refuse(self, findings: tuple[Finding, ...], as_json: bool) -> None:
        if as_json:
            errors = [finding.to_json() for finding in findings]
            self.stdout.write(json.dumps({"errors": errors}, indent=2))
        raise CommandError("\n".join(str(finding) for finding in findings), returncode=1)


def format_of(path: Path) -> str:
    """The format with the longest ending that fits; a folder where none does."""
    fitting = [one for one in WRITERS.values() if path.name.lower().endswith(one.ending)]
    return max(fitting, key=lambda one: len(one.ending)).name if fitting else FOLDER


def _counted(file: SourceFile, bar: "tqdm[Any]") -> SourceFile:
    def read() -> bytes:
        bar.update()
        return file.read()

    return replace(file, read=read)

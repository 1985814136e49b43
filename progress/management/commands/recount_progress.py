"""Rebuild the cached counts of progress."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from courses.actions import recount_courses, wrong_courses
from courses.models import Course
from progress import actions, verification
from progress.last_active import recount_last_active


class Command(BaseCommand):
    help = (
        "Count courses' lessons and every learner's progress afresh, and finish what is complete."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count only, change nothing")
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")

    def handle(self, **options: Any) -> None:
        wrong = verification.wrong_rows() + wrong_courses()
        if not options["dry_run"]:
            recount_courses()
            recount_last_active()
            courses = Course.objects.order_by("pk")
            for course in tqdm(courses, unit=" courses", disable=options["json"]):
                actions.recount_course(course)
            while actions.finish_those_done():
                pass
        said = "Would mend" if options["dry_run"] else "Mended"
        text = json.dumps({"wrong": wrong}) if options["json"] else f"{said} {wrong} rows."
        self.stdout.write(text)

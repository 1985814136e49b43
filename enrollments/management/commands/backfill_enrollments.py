"""Enrol people who are already here."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from accounts.models import User
from courses.models import Course
from enrollments import backfill, tasks
from enrollments.errors import BackfillActive


def positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 1_000_000:
        raise ArgumentTypeError("a whole number from 1 to 1000000")
    return int(text)


class Command(BaseCommand):
    help = (
        "Enrol people who have no enrolment at all in every published course that opens to all. "
        "Nobody who left a course is brought back. May be interrupted and run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--missing", action="store_true", help="fill every missing pair of person and course"
        )
        parser.add_argument("--course", metavar="SLUG", help="only this published course")
        parser.add_argument(
            "--batch-size", type=positive, default=10_000, metavar="N", help="people a transaction"
        )
        parser.add_argument("--dry-run", action="store_true", help="count only, change nothing")
        parser.add_argument(
            "--async", action="store_true", dest="background", help="let a worker do it"
        )
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")

    def handle(self, **options: Any) -> None:
        course = self.course(options["course"])
        if not backfill.open_courses(course) or not User.objects.exists():
            self.summary(options, "Nothing to do.", users=0, inserted=0)
        elif options["dry_run"]:
            self.dry_run(course, options)
        elif options["background"]:
            self.background(course, options)
        else:
            self.run(course, options)

    def course(self, slug: str | None) -> Course | None:
        if slug is None:
            return None
        course = Course.objects.published().filter(slug=slug).first()
        if course is None:
            raise CommandError(f"No published course: {slug}")
        return course

    def bar(self, options: dict[str, Any]) -> "tqdm[Any]":
        return tqdm(total=User.objects.count(), unit=" people", disable=options["json"])

    def dry_run(self, course: Course | None, options: dict[str, Any]) -> None:
        users = pairs = 0
        steps = backfill.batches(
            backfill.open_courses(course),
            missing=options["missing"],
            batch_size=options["batch_size"],
            dry_run=True,
        )
        with self.bar(options) as bar:
            for batch in steps:
                users, pairs = users + batch.users, pairs + batch.inserted
                bar.update(batch.users)
        self.summary(options, f"Would create {pairs}.", users=users, would_insert=pairs)

    def background(self, course: Course | None, options: dict[str, Any]) -> None:
        run = backfill.request_run(
            course=course, missing=options["missing"], batch_size=options["batch_size"]
        )
        tasks.run_backfill.delay_on_commit(str(run.pk))
        text = f"Handed to a worker as {run.pk}. The admin shows how far it is."
        self.summary(options, text, run=str(run.pk))

    def run(self, course: Course | None, options: dict[str, Any]) -> None:
        try:
            with self.bar(options) as bar:
                run = backfill.run_now(
                    course=course,
                    missing=options["missing"],
                    batch_size=options["batch_size"],
                    on_batch=lambda batch: bar.update(batch.users),
                )
        except BackfillActive as refusal:
            raise CommandError(str(refusal)) from None
        seconds = (run.finished_at - run.created_at).total_seconds() if run.finished_at else 0.0
        done = f"Looked at {run.users_done} people, created {run.inserted} enrolments"
        text = f"{done} in {seconds:.1f} s."
        self.summary(
            options, text, users=run.users_done, inserted=run.inserted, seconds=round(seconds, 1)
        )

    def summary(self, options: dict[str, Any], text: str, **facts: Any) -> None:
        self.stdout.write(json.dumps(facts) if options["json"] else text)

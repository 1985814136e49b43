"""Count afresh what the insight pages show."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from courses.models import Course
from studio.insights.counting import count_all


class Command(BaseCommand):
    help = "Count how every course goes, for its insight pages, or the courses named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="SLUG", help="courses; all, if none")

    def handle(self, **options: Any) -> None:
        courses = Course.objects.filter(deleted_at=None).order_by("pk")
        if slugs := set(options["slugs"]):
            courses = courses.filter(slug__in=slugs)
            if missing := slugs - {course.slug for course in courses}:
                raise CommandError(f"There is no course {', '.join(sorted(missing))}.")
        done = count_all(tqdm(courses, unit=" courses", disable=None))
        self.stdout.write(f"Counted {done} course{'' if done == 1 else 's'}.")

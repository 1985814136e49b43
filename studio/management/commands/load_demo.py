"""Fill an empty site with the demo school."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from studio import demo_school
from studio.importing.refusal import ImportRefused


class Command(BaseCommand):
    help = (
        "Load three courses, three accounts whose password everybody knows, and people who learn. "
        "A second run changes nothing. Refuses unless DEMO_SCHOOL or DEBUG is set. "
        "Exit code 0: done; 1: refused."
    )
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEMO_SCHOOL or settings.DEBUG):
            raise CommandError(
                "This is no demo school: its accounts would be open to everybody. "
                "Set DEMO_SCHOOL=1 where that is wanted."
            )
        try:
            school = demo_school.load()
        except ImportRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        for report in school.courses:
            self.stdout.write(f"{report.course}: {report.summary}")
        self.stdout.write(f"{school.new_people} new people.")
        if school.trouble:
            self.stderr.write(school.trouble)
        for email in (demo_school.STUDENT, demo_school.REVIEWER, demo_school.ADMIN):
            self.stdout.write(f"  {email}  {demo_school.PASSWORD}")

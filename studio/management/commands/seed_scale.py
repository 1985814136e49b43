"""Fill an empty school with synthetic people, to measure with."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from studio import scale


def number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 10_000_000:
        raise ArgumentTypeError("a whole number from 1 to 10000000")
    return int(text)


class Command(BaseCommand):
    help = (
        f"Make a large synthetic school: people of the domain {scale.DOMAIN} in synthetic courses, "
        "with marks, XP and events that fit together. It states the wanted end: run again, it "
        "goes on where it was interrupted, and adds what is missing to a larger number of people. "
        "Refused where real people are, because what happened is never deleted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--users", type=number, required=True, metavar="N")
        parser.add_argument("--courses", type=number, required=True, metavar="M")
        parser.add_argument(
            "--lessons", type=number, default=50, metavar="N", help="in each course, at most 500"
        )
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")

    def handle(self, **options: Any) -> None:
        if options["courses"] > 9999 or options["lessons"] > 500:
            raise CommandError("At most 9999 courses of 500 lessons.", returncode=2)
        school = scale.School(options["users"], options["courses"], options["lessons"])
        with tqdm(total=school.users, unit=" people", disable=options["json"]) as bar:
            try:
                added = scale.seed(school, lambda there: bar.update(there - bar.n))
            except scale.ScaleRefused as refusal:
                raise CommandError(str(refusal)) from None
        facts = {"users": school.users, "courses": school.courses, "added": added}
        text = f"{school.users} people in {school.courses} courses; {added} of them are new."
        self.stdout.write(json.dumps(facts) if options["json"] else text)

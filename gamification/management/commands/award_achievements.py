"""Award the badges that people have earned and do not have yet."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from accounts.models import User
from gamification.achievements.backfill import award_all
from gamification.achievements.registry import ACHIEVEMENTS


class Command(BaseCommand):
    help = (
        "Award everybody the badges that they have earned by what happened and do not have yet. "
        "Nothing is awarded twice or taken away. May be interrupted and run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count only, change nothing")
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")

    def handle(self, **options: Any) -> None:
        total = User.objects.count()
        with tqdm(total=total, unit=" people", disable=options["json"]) as bar:
            done = award_all(dry_run=options["dry_run"], on_batch=bar.update)
        if options["json"]:
            named = {f"{key}:{tier}": n for (key, tier), n in sorted(done.items())}
            facts = {"people": total, "awarded": named, "dry_run": options["dry_run"]}
            self.stdout.write(json.dumps(facts))
            return
        verb = "Would award" if options["dry_run"] else "Awarded"
        for (key, tier), n in sorted(done.items()):
            one = ACHIEVEMENTS[key]
            self.stdout.write(f"{n:>9,}  {one.title}, tier {tier} of {len(one.tiers)}")
        self.stdout.write(f"{verb} {done.total():,} badges. Looked at {total:,} people.")

"""Award the badges that people have earned and do not have yet, and pay bonuses where they pay."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from accounts.models import User
from gamification.achievements.backfill import award_all, pay_all
from gamification.achievements.registry import ACHIEVEMENTS
from gamification.ledger import Source
from gamification.policy import policy


class Command(BaseCommand):
    help = (
        "Award everybody the badges that they have earned by what happened and do not have yet; "
        "where bonuses pay, pay those that were earned as well. Nothing is awarded or paid twice, "
        "or taken away. May be interrupted and run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count only, change nothing")
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")

    def handle(self, **options: Any) -> None:
        total = User.objects.count()
        looks = total * (2 if policy().bonuses_pay else 1)
        with tqdm(total=looks, unit=" people", disable=options["json"]) as bar:
            done = award_all(dry_run=options["dry_run"], on_batch=bar.update)
            paid = pay_all(dry_run=options["dry_run"], on_batch=bar.update)
        if options["json"]:
            named = {f"{key}:{tier}": n for (key, tier), n in sorted(done.items())}
            facts = {"people": total, "awarded": named, "paid": dict(sorted(paid.items()))}
            self.stdout.write(json.dumps({**facts, "dry_run": options["dry_run"]}))
            return
        verb = "Would award" if options["dry_run"] else "Awarded"
        for (key, tier), n in sorted(done.items()):
            one = ACHIEVEMENTS[key]
            self.stdout.write(f"{n:>9,}  {one.title}, tier {tier} of {len(one.tiers)}")
        for source, n in sorted(paid.items()):
            self.stdout.write(f"{n:>9,}  {Source(source).label}")
        if paid:
            said = "Would pay" if options["dry_run"] else "Paid"
            self.stdout.write(f"{said} {paid.total():,} bonuses.")
        self.stdout.write(f"{verb} {done.total():,} badges. Looked at {total:,} people.")

"""Compare who pays here with who pays at Stripe, and mend what messages missed."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing import gateway, reconciling


class Command(BaseCommand):
    help = (
        "Compare all subscriptions, the messages of the last days and checkouts that were left "
        "open with Stripe, and look again at every customer who differs. Exit code 0: all is as "
        "at Stripe, or is now; 1: something could not be matched, or was wrong in a dry run."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="ask only, change nothing")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, **options: Any) -> None:
        if not gateway.is_configured():
            raise CommandError("Nothing is sold here: STRIPE_SECRET_KEY is not set.")
        dry = options["dry_run"]
        row = reconciling.reconcile(keep=not dry)
        if options["json"]:
            facts = {
                "dry_run": dry, "looked_at": row.looked_at, "mended": row.mended,
                "unmatched": row.unmatched, "trouble": row.trouble,
            }  # fmt: skip
            self.stdout.write(json.dumps(facts, indent=2))
        else:
            self.tell(row.mended, "would be mended" if dry else "mended")
            self.tell(row.unmatched, "unmatched")
            self.stdout.write(f"Compared {row.looked_at:,} customers.")
        if row.trouble:
            raise CommandError(f"Not all could be compared: {row.trouble}")
        if row.unmatched or (dry and row.mended):
            raise CommandError(f"{len(row.unmatched)} unmatched, {len(row.mended)} differed.")

    def tell(self, found: list[dict[str, str]], word: str) -> None:
        for one in found:
            self.stdout.write(f"{word:<16}{one['customer']:<24}{one['what']}")

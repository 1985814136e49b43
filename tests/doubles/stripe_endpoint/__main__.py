"""Serve it by itself: python -m tests.doubles.stripe_endpoint PORT [--webhook URL] [--price …]."""

import argparse
import sys
import threading

from tests.doubles.stripe_endpoint import StripeEndpoint, serving

USUAL = [
    "price_pro_month_eur:1200:eur:month",
    "price_pro_month_usd:1300:usd:month",
    "price_pro_year_eur:12000:eur:year",
    "price_team_month_eur:900:eur:month",
]


def make_prices(stripe: StripeEndpoint, said: list[str]) -> None:
    for one in said:
        id, amount, currency, interval = one.split(":")
        stripe.price(id, int(amount), currency, interval)


def main() -> None:
    parser = argparse.ArgumentParser(prog="stripe_endpoint", description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--webhook", default="", help="the address that is told of events")
    parser.add_argument("--price", action="append", help="id:amount:currency:interval")
    wishes = parser.parse_args()
    with serving(wishes.port) as stripe:
        make_prices(stripe, wishes.price or USUAL)
        stripe.webhook_url = wishes.webhook
        names = ("STRIPE_API_BASE", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET")
        sys.stdout.writelines(f"{name}={stripe.settings()[name]}\n" for name in names)
        sys.stdout.write(f"# The desk: {stripe.base}/\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main()

"""`python -m bench [NAME …] [--scale 0.01] [--json FILE]`: all of them, or those named.

Times travel from no machine to another; ratios within one run do. Nothing is asserted here.
"""

import argparse
import importlib
import json
import os
import sys
import tempfile
import time
from pathlib import Path

import django

from bench.figures import Figure

BENCHES = (
    "backfill", "recount", "pages", "growth", "signups", "workers", "quiz", "grading", "importing",
    "front_end", "achievements", "seasons", "boards", "insights",
    "announcements", "backups",
)  # fmt: skip


def main() -> int:
    chosen = parse()
    if chosen.list:
        for name in BENCHES:
            print(f"{name:12} {headline(name)}")
        return 0
    if not os.environ.get("DATABASE_URL"):
        print("Set DATABASE_URL to a server for measuring, or use `make bench`.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as folder:
        be_like_production(Path(folder))
        figures = run(chosen.names or list(BENCHES), chosen.scale)
    if chosen.json:
        Path(chosen.json).write_text(json.dumps(figures, indent=1) + "\n")
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument("--scale", type=float, default=1.0, help="0.01 is a hundredth of the size")
    parser.add_argument("--json", metavar="FILE", help="write the figures there as well")
    parser.add_argument("--list", action="store_true", help="say what there is")
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - set(BENCHES):
        parser.error(f"no bench is called {', '.join(sorted(unknown))}")
    return chosen


def be_like_production(folder: Path) -> None:
    """Before Django's settings are read. Static files go into a folder of ours."""
    (folder / "static").mkdir()
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "BENCH_STATIC": str(folder / "static"),
        "DEBUG": "0",
        "DEMO_SCHOOL": "0",
        "LOG_FORMAT": "json",
    }


def headline(name: str) -> str:
    # Read, not imported: Django is not set up yet.
    return (Path(__file__).parent / f"{name}.py").read_text().splitlines()[0].strip('"')


def run(names: list[str], scale: float) -> list[dict[str, object]]:
    django.setup()
    from bench.databases import MIGRATED, Databases  # noqa: PLC0415 - it needs Django
    from bench.stage import Stage  # noqa: PLC0415

    stage = Stage(Databases(os.environ["DATABASE_URL"]), scale)
    figures: list[dict[str, object]] = []
    try:
        for name in names:
            print(f"\n{name}: {headline(name)}", flush=True)
            began = time.monotonic()
            for figure in importlib.import_module(f"bench.{name}").run(stage):
                show(name, figure, figures)
            print(f"  ({time.monotonic() - began:.0f} s)", flush=True)
            stage.databases.drop_all(spare=MIGRATED)
    finally:
        stage.databases.drop_all()
    return figures


def show(name: str, figure: Figure, figures: list[dict[str, object]]) -> None:
    print(f"  {figure}", flush=True)
    figures.append({"bench": name, **figure.as_dict()})


if __name__ == "__main__":
    sys.exit(main())

"""`python -m faults [NAME …] [--times 3]`: every experiment, or those named.

Exit code 1: a criterion did not hold. What could not be run is said, and has not passed.
"""

import argparse
import importlib
import os
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django

from tools import children
from tools.children import Failed
from tools.servers import Servers, open_temporary_folder
from tools.with_servers import environment


@dataclass(frozen=True)
class Experiment:
    """A function of a module in `faults.experiments`, and its number in the list of faults."""

    name: str
    module: str
    number: str = "–"


EXPERIMENTS = (
    Experiment("restart", "database", "5"),
    Experiment("cut", "database", "6"),
    Experiment("wire", "database"),
    Experiment("away", "broker", "3"),
    Experiment("hangs", "broker", "14"),
    Experiment("forgets", "broker", "13"),
    Experiment("two_beats", "broker"),
    Experiment("killed_grader", "work", "11"),
    Experiment("seen_twice", "work", "15"),
    Experiment("killed_web", "work"),
    Experiment("same_lesson", "together", "7"),
    Experiment("other_lessons", "together", "8"),
    Experiment("webhook", "together", "9"),
    Experiment("deploy", "deploying", "20"),
    Experiment("jump", "clocks", "17"),
    Experiment("killed_backfill", "learners", "1"),
    Experiment("two_backfills", "learners", "2"),
    Experiment("refused", "learners", "4"),
    Experiment("uploads", "disk", "18"),
    Experiment("no_room_for_rows", "disk", "19"),
)
NAMES = {one.name: one for one in EXPERIMENTS}


def main() -> int:
    chosen = parse()
    named = [NAMES[name] for name in chosen.names] or list(EXPERIMENTS)
    if chosen.list:
        print("\n".join(f"{one.number:>5}  {one.name}" for one in named))
        return 0
    signal.signal(signal.SIGTERM, leave)
    children.end_with_make()
    children.adopt_orphans()
    keep_mounts_to_ourselves()
    folder = open_temporary_folder()
    try:
        with servers(folder) as (postgres, valkey):
            return run(named * chosen.times, folder, postgres, valkey)
    except Failed as problem:
        print(problem, file=sys.stderr)
        return 1
    finally:
        children.end_orphans()
        if chosen.keep:
            print(f"Logs are in {folder}.")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def leave(number: int, _: object) -> None:
    """Stop everything on the way out, as after Ctrl-C."""
    sys.exit(128 + number)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m faults", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--times", type=int, default=1, help="so often, one after the other")
    parser.add_argument("--list", action="store_true", help="say what there is")
    parser.add_argument("--keep", action="store_true", help="leave the logs where they are")
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - NAMES.keys():
        parser.error(f"no experiment is called {', '.join(sorted(unknown))}")
    return chosen


def keep_mounts_to_ourselves() -> None:
    """What root mounts here nobody else sees, and it is gone with this process."""
    if os.geteuid() == 0 and hasattr(os, "unshare"):
        os.unshare(os.CLONE_NEWNS)
        subprocess.run(["mount", "--make-rprivate", "/"], check=True)


@contextmanager
def servers(folder: Path) -> Iterator[tuple[Any, Any]]:
    """PostgreSQL and Valkey of our own, and the settings of a production site beside them."""
    from faults.machine import Postgres, Valkey  # noqa: PLC0415

    postgres = Postgres(folder)
    try:
        valkey = Valkey(folder)
        try:
            be_like_production(folder, Servers(postgres.url, valkey.url))
            yield postgres, valkey
        finally:
            valkey.stop()
    finally:
        postgres.stop()


def be_like_production(folder: Path, given: Servers) -> None:
    """Before Django's settings are read."""
    for name in ("static", "media", "mail"):
        (folder / name).mkdir()
    settings = environment(given, folder)
    os.environ.clear()
    os.environ |= settings
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "faults.settings",
        "BENCH_STATIC": str(folder / "static"),
        "DATABASE_POOL": "0",
        "LOG_FORMAT": "plain",
    }


def run(named: list[Experiment], folder: Path, postgres: Any, valkey: Any) -> int:
    django.setup()
    from bench.databases import Databases  # noqa: PLC0415 - it needs Django
    from bench.stage import Stage  # noqa: PLC0415
    from faults.report import Line, summary  # noqa: PLC0415
    from faults.scene import Scene  # noqa: PLC0415

    stage = Stage(Databases(postgres.url), 1.0)
    lines: list[Line] = []
    for one in named:
        print(f"\n{one.name}, {headline(one)}", flush=True)
        began = time.monotonic()
        scene = Scene(folder, stage, postgres, valkey)
        missing = carry_out(one, scene)
        lines.append(Line(one.name, one.number, scene.finding, missing, time.monotonic() - began))
        print(lines[-1].words(), flush=True)
    print(summary(lines), flush=True)
    return int(any(line.verdict == "FAILED" for line in lines))


def carry_out(one: Experiment, scene: Any) -> str:
    """Run it on a school of its own; return what it needs and has not."""
    from faults.finding import NotRun  # noqa: PLC0415

    try:
        scene.open_school()
        act(one)(scene)
        scene.examine()
    except NotRun as reason:
        return str(reason)
    except Exception:
        scene.finding.broken.append(f"it broke:\n{traceback.format_exc()}")
    return ""


def act(one: Experiment) -> Any:
    return getattr(importlib.import_module(f"faults.experiments.{one.module}"), one.name)


def headline(one: Experiment) -> str:
    """Fault and load, as the function says them first."""
    return " ".join(str(act(one).__doc__).partition("\n\n")[0].split())


if __name__ == "__main__":
    sys.exit(main())

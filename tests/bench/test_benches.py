"""Every bench runs at a tiny size, finds what it counts to be right, and says its ratios."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
# All in one process: they share the migrated database and the collected files.
pytestmark = pytest.mark.xdist_group("benches")


def bench(*arguments):
    command = [sys.executable, "-m", "bench", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False
    )


# Of the session: tests that need a database are run apart from those that need none.
@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    file = tmp_path_factory.mktemp("bench") / "figures.json"
    answer = bench("--scale", "0.0005", "--json", str(file))
    assert answer.returncode == 0, answer.stderr
    return json.loads(file.read_text()), answer.stdout


def test_every_bench_prints_ratios(tiny):
    figures, said = tiny
    benches = {
        "backfill",
        "recount",
        "pages",
        "growth",
        "signups",
        "workers",
        "quiz",
        "front_end",
        "grading",
        "importing",
        "achievements",
        "seasons",
        "boards",
        "insights",
        "announcements",
        "backups",
    }
    assert {figure["bench"] for figure in figures} == benches
    assert said.count(", ratio ") == len(figures) > 20


def named(tiny, start):
    return next(figure for figure in tiny[0] if figure["name"].startswith(start))


def test_what_does_not_depend_on_the_clock_is_met(tiny):
    for start in (
        "a second run, rows written",
        "killed and run again",
        "requests that failed",
        "lost or not enrolled",
        "first lesson view, bytes",
        "first lesson view, requests",
        "worst layout shift",
        "refused by the CSP",
        "dashboard, HTML",
        "course home, HTML",
        "lesson, HTML",
        "restored pages that differ",
        "findings of doctor that differ",
    ):
        assert named(tiny, start)["met"], start


def test_they_leave_no_database_behind(tiny, db):
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'waymark_bench_%'")
        assert cursor.fetchone()[0] == 0


def test_the_list_names_each_bench():
    answer = bench("--list")
    assert len(answer.stdout.splitlines()) == 16


def test_an_unknown_bench_is_refused():
    assert bench("speed").returncode == 2

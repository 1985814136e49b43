"""Calling the doctor as a machine does."""

import json
from collections.abc import Iterable
from io import StringIO
from typing import Any

from django.core.management import CommandError, call_command

from studio.health import CHECKS

ALL_BUT_SANDBOX = [check.name for check in CHECKS if check.name != "sandbox"]
type Report = dict[str, dict[str, Any]]


def doctor(*args: str, only: Iterable[str] = ALL_BUT_SANDBOX) -> tuple[Report, int]:
    """The report by check, and the exit code."""
    out, code = StringIO(), 0
    names = [word for name in only for word in ("--only", name)]
    try:
        call_command("doctor", "--json", *names, *args, stdout=out)
    except CommandError as refusal:
        code = refusal.returncode
    report = json.loads(out.getvalue())
    assert report["clean"] is (code == 0)
    return {one["name"]: one for one in report["checks"]}, code


def counts(report: Report, name: str) -> tuple[int, int, int]:
    return report[name]["found"], report[name]["mended"], report[name]["left"]

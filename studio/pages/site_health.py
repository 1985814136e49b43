"""What the admin shows of the site's health: the last look, check by check, and older ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise

from accounts.upkeep import Upkeep
from studio.health import CHECKS, Check
from studio.looking import is_old
from studio.setting_up.machine import by_docker

MOST_OLDER = 30


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check said, in the words of today. `command` is empty where a person has to help."""

    title: str | Promise
    left: int
    since: datetime | None
    details: Sequence[str]
    command: str
    advice: str | Promise


@dataclass(frozen=True, slots=True)
class Older:
    look: Upkeep
    off: Sequence[str | Promise]


@dataclass(frozen=True, slots=True)
class SiteHealth:
    """`due` is a look that waits or is under way; `broken` the last one, if it came to no end."""

    due: Upkeep | None
    broken: Upkeep | None
    last: Upkeep | None
    off: Sequence[Finding]
    well: Sequence[Finding]
    older: Sequence[Older]

    @property
    def is_old(self) -> bool:
        return self.last is not None and is_old(self.last)


def site_health_page() -> SiteHealth:
    """One query."""
    looks = Upkeep.objects.looks().last_first()
    rows = list(looks.select_related("asked_by")[: MOST_OLDER + 2])
    ended = [row for row in rows if row.ended_at]
    whole = [row for row in ended if not row.fault]
    last = whole[0] if whole else None
    found = findings(last) if last else []
    return SiteHealth(
        due=next((row for row in rows if row.ended_at is None), None),
        broken=ended[0] if ended and ended[0].fault else None,
        last=last,
        off=[one for one in found if one.left],
        well=[one for one in found if not one.left],
        older=[
            Older(row, [one.title for one in findings(row) if one.left])
            for row in ended
            if row is not last
        ][:MOST_OLDER],
    )


def findings(look: Upkeep) -> list[Finding]:
    """Check by check, in the order of the doctor; what is no check any more is left out."""
    said = {one["name"]: one for one in look.found}
    return [finding(check, said[check.name]) for check in CHECKS if check.name in said]


def finding(check: Check, said: dict[str, Any]) -> Finding:
    return Finding(
        title=check.title,
        left=said["left"],
        since=parse_datetime(said["since"]) if said["since"] else None,
        details=said["details"],
        command=command_of(check) if check.mend else "",
        advice=check.advice,
    )


def command_of(check: Check) -> str:
    words = f"python manage.py doctor --fix --only {check.name}"
    return by_docker(f"docker compose run --rm web {words}", f".venv/bin/{words}")

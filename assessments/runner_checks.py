"""Testing the runner from time to time: asked for by staff, done by whoever runs code."""

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from django.db import transaction

from accounts.models import User
from assessments import runners, tasks, work
from assessments.models import RunnerCheck, Work
from assessments.models.work import OPEN
from sandbox.runner import Wall


def ask(by: User | None) -> RunnerCheck:
    """Note that the runner is to be tested. While a test is due, asking again changes nothing."""
    check, is_new = RunnerCheck.objects.get_or_create(
        runner=runners.chosen().name, status__in=OPEN, defaults={"asked_by": by}
    )
    if is_new:
        tasks.check_runner.delay_on_commit(str(check.pk))
    return check


def latest() -> RunnerCheck | None:
    """The last test that has come to an end."""
    return RunnerCheck.objects.exclude(status__in=OPEN).order_by("-finished_at").first()


def attack(key: UUID) -> RunnerCheck | None:
    """Take up a test; None if it is not due, or if the self-test itself broke."""
    check = work.claim(RunnerCheck, key)
    if check is None:
        return None
    runner = runners.chosen()
    walls = work.carry_out(check, runner.self_test)
    return None if walls is None else finish(check, runner.name, sorted(runner.languages), walls)


@transaction.atomic
def finish(
    check: RunnerCheck, runner: str, languages: Sequence[str], walls: Sequence[Wall]
) -> RunnerCheck | None:
    """Write which walls hold, unless somebody else has it by now."""
    if work.lock_held(check) is None:
        return None
    check.runner, check.languages = runner, list(languages)
    check.walls = [asdict(one) for one in walls]
    holds = bool(walls) and all(one.holds for one in walls)
    ended = work.end(check, Work.Status.PASSED if holds else Work.Status.FAILED)
    check.save(update_fields=["runner", "languages", "walls", *ended])
    return check

"""Running what somebody asked to be run, as it is: what it printed is all that comes of it."""

from uuid import UUID

from django.db import transaction

from assessments import work
from assessments.judging import ENDS
from assessments.models import Outcome, Run, Work
from assessments.outputs import KEPT, seconds_of, storable
from assessments.running import run_job
from sandbox.job import Case, Job, Language, Mode
from sandbox.verdict import CaseResult, Status

ENDED = ["outcome", "stdout", "stderr", "is_cut", "seconds"]


def run_program(key: UUID) -> Run | None:
    """Take up a run; None if it is not due, or could not be run now."""
    run = work.claim(Run, key)
    if run is None:
        return None
    job = Job(Language(run.language), Mode.STDIO, run.source, [Case("run", stdin=run.stdin)])
    result = work.carry_out(run, lambda: run_job(job))
    return finish(run, result.cases[0]) if result else None


@transaction.atomic
def finish(run: Run, case: CaseResult) -> Run | None:
    """Write what came of it, unless the run is somebody else's by now."""
    if work.lock_held(run) is None:
        return None
    passed = case.status is Status.OK
    run.outcome = Outcome.PASSED if passed else ENDS[case.status]
    run.stdout, run.stderr = storable(case.stdout, KEPT), storable(case.stderr, KEPT)
    run.is_cut = case.cut or max(len(case.stdout), len(case.stderr)) > KEPT
    run.seconds = seconds_of(case.cpu_seconds)
    ended = work.end(run, Work.Status.PASSED if passed else Work.Status.FAILED)
    run.save(update_fields=[*ENDED, *ended])
    return run

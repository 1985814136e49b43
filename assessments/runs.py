"""Running a program of a lesson as it is: an example, or an own try with own input. No grade."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments import tasks
from assessments.errors import TooOften
from assessments.limits import GUEST_RUNS
from assessments.models import Run
from assessments.models.assignment import MAX_INPUT
from assessments.submissions import lock_queue_of, spend
from courses.models import Lesson
from sandbox.job import SourceRefused, clean_source

TOO_LONG = _("Input must be text of at most 64 KB.")


def run_program(
    user: User, lesson: Lesson, language: str, source: str | bytes, stdin: str = ""
) -> Run:
    """Run a program for somebody who may read the lesson. Raises SourceRefused, TooOften."""
    text = clean_source(source)
    if len(stdin.encode("utf-8", "replace")) > MAX_INPUT or "\x00" in stdin:
        raise SourceRefused(TOO_LONG)
    spend(user, graded=False)
    with transaction.atomic():
        lock_queue_of(user)
        return keep(Run(user=user, lesson=lesson, language=language, source=text, stdin=stdin))


def run_example(address: str, lesson: Lesson, language: str, source: str) -> Run:
    """Run an example, as its lesson shows it, for a guest at an address. Raises TooOften."""
    wait = GUEST_RUNS.spend(address)
    if wait:
        raise TooOften(wait)
    return keep(Run(lesson=lesson, language=language, source=clean_source(source)))


def keep(run: Run) -> Run:
    run.save(force_insert=True)
    tasks.run_program.delay_on_commit(str(run.pk))
    return run

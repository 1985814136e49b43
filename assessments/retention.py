"""What is forgotten after a while: ungraded tries, what code printed, and what a model said."""

from datetime import timedelta

from django.db.models import QuerySet
from django.db.models.functions import Now

from assessments.models import ModelRun, Run, Submission, TestResult

AT_ONCE = timedelta(0)
RUNS = timedelta(days=7)
OUTPUT = timedelta(days=180)


def old_tries(patience: timedelta = AT_ONCE) -> QuerySet[Submission]:
    return Submission.objects.filter(is_graded=False, finished_at__lt=Now() - RUNS - patience)


def old_runs(patience: timedelta = AT_ONCE) -> QuerySet[Run]:
    return Run.objects.filter(finished_at__lt=Now() - RUNS - patience)


def old_compilations(patience: timedelta = AT_ONCE) -> QuerySet[Submission]:
    past = Submission.objects.filter(finished_at__lt=Now() - OUTPUT - patience)
    return past.exclude(compile_output="")


def old_words(patience: timedelta = AT_ONCE) -> QuerySet[ModelRun]:
    said = ModelRun.objects.filter(finished_at__lt=Now() - OUTPUT - patience)
    return said.exclude(prompt="", answer="")


def old_outputs(patience: timedelta = AT_ONCE) -> QuerySet[TestResult]:
    past = Submission.objects.filter(finished_at__lt=Now() - OUTPUT - patience)
    return TestResult.objects.filter(submission__in=past).exclude(stdout="", stderr="", got="")


def forget() -> tuple[int, int]:
    """Delete old runs and clear old outputs; return how many of each. Verdicts stay."""
    tries = old_tries().delete()[1].get(Submission._meta.label, 0)
    runs = old_runs().delete()[1].get(Run._meta.label, 0)
    old_compilations().update(compile_output="")
    old_words().update(prompt="", answer="")
    return tries + runs, old_outputs().update(stdout="", stderr="", got="", is_cut=True)


def overdue(patience: timedelta) -> int:
    """What should be gone, and is not."""
    kinds = (old_tries, old_runs, old_compilations, old_words, old_outputs)
    return sum(rows(patience).count() for rows in kinds)

"""What is forgotten after a while: ungraded tries, what code printed, and what a model said."""

from datetime import timedelta

from django.db.models.functions import Now

from assessments.models import ModelRun, Run, Submission, TestResult

RUNS = timedelta(days=7)
OUTPUT = timedelta(days=180)


def forget() -> tuple[int, int]:
    """Delete old runs and clear old outputs; return how many of each. Verdicts stay."""
    now = Now()
    tries = Submission.objects.filter(is_graded=False, finished_at__lt=now - RUNS)
    runs = Run.objects.filter(finished_at__lt=now - RUNS)
    gone = sum(rows.delete()[1].get(rows.model._meta.label, 0) for rows in (tries, runs))
    past = Submission.objects.filter(finished_at__lt=now - OUTPUT)
    past.exclude(compile_output="").update(compile_output="")
    said = ModelRun.objects.filter(finished_at__lt=now - OUTPUT)
    said.exclude(prompt="", answer="").update(prompt="", answer="")
    old = TestResult.objects.filter(submission__in=past).exclude(stdout="", stderr="", got="")
    return gone, old.update(stdout="", stderr="", got="", is_cut=True)

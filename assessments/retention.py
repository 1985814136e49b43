"""What is forgotten after a while: tries that left no grade, and what graded code printed."""

from datetime import timedelta

from assessments.models import Run, Submission, TestResult
from assessments.models.attempt import CLOCK

RUNS = timedelta(days=7)
OUTPUT = timedelta(days=180)


def forget() -> tuple[int, int]:
    """Delete old runs and clear old outputs; return how many of each. Verdicts stay."""
    moment = CLOCK
    tries = Submission.objects.filter(is_graded=False, finished_at__lt=moment - RUNS)
    runs = Run.objects.filter(finished_at__lt=moment - RUNS)
    gone = sum(rows.delete()[1].get(rows.model._meta.label, 0) for rows in (tries, runs))
    old = TestResult.objects.filter(submission__finished_at__lt=moment - OUTPUT)
    cleared = old.exclude(stdout="", stderr="").update(stdout="", stderr="")
    return gone, cleared

"""Doors to the background. What runs code has a queue of its own: see CELERY_TASK_ROUTES."""

from uuid import UUID

from celery import Task, shared_task

from accounts.models import User
from assessments import (
    analysing,
    attempts,
    grading,
    programs,
    promises,
    rejudging,
    retention,
    runner_checks,
    trying,
    work,
)
from assessments import regrading as quizzes
from assessments.model_drafts import drafting, pausing, wanting
from assessments.models import (
    ModelRun,
    Quiz,
    Rejudging,
    Run,
    RunnerCheck,
    Submission,
    Trial,
    Work,
)
from assessments.reviewing import telling


@shared_task
def close_overdue_attempts() -> int:
    """Close what its learner left behind."""
    return attempts.close_overdue()


@shared_task
def complete_those_passed() -> int:
    """Complete what was passed while the door to it was closed."""
    return promises.complete_those_passed()


@shared_task
def regrade_quiz(quiz: str, by: str, *, lower: bool, reason: str) -> int:
    """Mark a quiz of many attempts again. One that is lost is asked for again by staff."""
    staff = User.objects.get(pk=UUID(by))
    row = Quiz.objects.get(pk=UUID(quiz))
    return len(quizzes.regrade(row, by=staff, lower=lower, reason=reason))


@shared_task
def grade_submission(key: str) -> None:
    """Judge a submission; what the rules say of it follows by itself."""
    graded = grading.grade(UUID(key))
    if graded is not None and graded.submission.is_graded:
        analyse_submission.delay(key)
        if drafting.is_on():
            want_draft_for_submission.delay(key)


@shared_task
def analyse_submission(key: str) -> None:
    """Write the analysis of a judged submission."""
    analysing.analyse(UUID(key))


@shared_task
def run_program(key: str) -> None:
    """Run a program as it is."""
    programs.run_program(UUID(key))


@shared_task
def try_assignment(key: str) -> None:
    """Find out whether the cases of an assignment tell right from wrong."""
    trying.try_out(UUID(key))


@shared_task
def judge_again(key: str) -> None:
    """Judge the submissions of an assignment by its cases as they stand."""
    rejudging.judge_again(UUID(key))


@shared_task
def check_runner(key: str) -> None:
    """Attack the runner where it works, and note which walls hold."""
    runner_checks.attack(UUID(key))


@shared_task
def want_draft_for_submission(key: str) -> None:
    """Let a model draft feedback on judged code, if that is wanted."""
    if run := wanting.want_for_submission(UUID(key)):
        draft_by_model.delay(str(run))


@shared_task
def want_draft_for_attempt(key: str) -> None:
    """Let a model draft feedback on a quiz, if that is wanted."""
    if run := wanting.want_for_attempt(UUID(key)):
        draft_by_model.delay(str(run))


@shared_task
def draft_by_model(key: str) -> None:
    """Ask the model once; if that is to be done again, say so for then."""
    wait = drafting.draft(UUID(key))
    if wait is not None:
        draft_by_model.apply_async((key,), countdown=wait)


@shared_task
def drafts_forgotten() -> int:
    """Ask for drafts whose message was lost, and look whether drafts are to pause.

    Without a model, end what still waits for one.
    """
    if not drafting.is_on():
        return drafting.end_all()
    pausing.pause_if_often()
    keys = wanting.forgotten()
    for key in keys:
        draft_by_model.delay(str(key))
    return len(keys)


TAKEN_UP: tuple[tuple[type[Work], Task], ...] = (
    (Submission, grade_submission),
    (Run, run_program),
    (Trial, try_assignment),
    (Rejudging, judge_again),
    (RunnerCheck, check_runner),
    (ModelRun, draft_by_model),
)


@shared_task
def take_up_forgotten() -> int:
    """Send again what nobody took up, or whose worker is gone."""
    sent = 0
    for model, task in TAKEN_UP:
        for key in work.forgotten(model):
            task.delay(str(key))
            sent += 1
    return sent


@shared_task
def analyse_forgotten() -> int:
    """Send again what should have been analysed by now."""
    keys = analysing.overdue()
    for key in keys:
        analyse_submission.delay(str(key))
    return len(keys)


@shared_task
def tell_review(key: str) -> None:
    """Tell a learner of a review that cannot be taken back any more."""
    telling.tell(UUID(key))


@shared_task
def tell_sent_reviews() -> int:
    """Tell of the reviews whose message was lost."""
    return telling.tell_sent()


@shared_task
def forget_old_code() -> tuple[int, int]:
    """Forget tries that left no grade, and what old code printed."""
    return retention.forget()

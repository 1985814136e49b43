"""Asking a model for a draft: wanted once, asked three times at most, written once.

One claim is one request, so a worker that dies costs a try as a failure does. Whoever lost the
claim writes nothing. No grade hangs on any of it (docs/feedback.md).
"""

import logging
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from assessments import work
from assessments.clock import read_clock
from assessments.model_drafts import budget, draft_writing, pausing
from assessments.model_drafts.asking import Asked, Subject, in_words_from_now_on, request_of
from assessments.model_drafts.draft_schema import NotADraft
from assessments.model_drafts.draft_writing import Words
from assessments.model_drafts.model_endpoint import endpoint
from assessments.model_drafts.model_failures import (
    Busy,
    Fault,
    NoAnswer,
    NoSchemas,
    TooLong,
    Unreadable,
)
from assessments.models import Attempt, ModelRun, Review, Submission, Work
from assessments.models.attempt import CLOCK
from assessments.outputs import storable
from assessments.reviewing import reviews
from courses.models import Course
from enrollments.access import lock_place

logger = logging.getLogger(__name__)

Outcome = ModelRun.Outcome
MOST_TRIES = 3
# Seconds before the second and the third request.
PAUSES = {1: 60.0, 2: 300.0}
LONGEST_PAUSE = 15 * 60.0
LOST = "Whoever asked was gone each time."
NOT_ON = "No model is configured any more."
SWITCHED_OFF = "The course has turned drafts off."
PAUSED = "Reviewers decided otherwise than drafts suggested, too often."
A_PERSON_FIRST = "A person has given feedback already."
NEWER = "A newer submission is there."
UNUSABLE = (str(Outcome.UNREADABLE.label), str(Outcome.TOO_LONG.label))


def is_on() -> bool:
    """Whether there is a model."""
    return bool(settings.AI_BASE_URL)


def draft(key: UUID) -> float | None:
    """Ask once for a draft that is due, and write what came of it.

    Return the seconds until it is to be asked for again; None: it has an outcome, or is not due.
    """
    if give_up_lost(key):
        return None
    run = work.claim(ModelRun, key)
    if run is None:
        return None
    with work.kept(run):
        try:
            return take_up(run, subject_of(run))
        except Exception as error:
            return fall(run, subject_of(run), error, {})


def subject_of(run: ModelRun) -> Subject:
    """What the draft is about, with its person and its place in the course."""
    if run.attempt_id is None:
        return Submission.objects.with_assignment().get(model_run=run)
    return Attempt.objects.with_quiz().get(model_run=run)


def course_of(subject: Subject) -> Course:
    lesson = subject.quiz.lesson if isinstance(subject, Attempt) else subject.assignment.lesson
    return lesson.course


def take_up(run: ModelRun, subject: Subject) -> float | None:
    """Ask, unless there is a reason not to."""
    if why := why_not_asked(subject):
        return close(run, subject, *why)
    if wait := budget.wait():
        return postpone(run, float(wait))
    return ask(run, subject)


def why_not_asked(subject: Subject) -> tuple[Outcome, str] | None:
    if course_of(subject).ai_drafts == Course.Drafts.OFF:
        return Outcome.OFF, SWITCHED_OFF
    if not is_on():
        return Outcome.AWAY, NOT_ON
    if needless := why_needless(subject):
        return needless
    if is_paused_for(subject):
        return Outcome.PAUSED, PAUSED
    return (Outcome.SPENT, budget.SPENT_BY_SITE) if budget.is_spent() else None


def is_paused_for(subject: Subject) -> bool:
    """Drafts of quizzes suggest no decision, and those shown at once wait for none: they go on."""
    waits = course_of(subject).ai_drafts == Course.Drafts.AFTER_REVIEW
    return waits and isinstance(subject, Submission) and pausing.current() is not None


def ask(run: ModelRun, subject: Subject) -> float | None:
    """Send one request and write its outcome."""
    asked = Asked(run, subject, request_of(run, subject), time.monotonic())
    try:
        answer = endpoint().ask(asked.request)
    except NoAnswer as failure:
        if isinstance(failure, NoSchemas):
            in_words_from_now_on(asked)
        return come_back(run, subject, failure, asked.tally(failure))
    try:
        finish(run, subject, draft_writing.read(subject, answer.content), asked.tally(answer))
    except NotADraft as error:
        unreadable = Unreadable(str(error), answer.content, answer.usage)
        return come_back(run, subject, unreadable, asked.tally(unreadable))
    except Exception as error:
        # It was paid for, whatever broke afterwards.
        return fall(run, subject, error, asked.tally(answer))
    return None


def fall(run: ModelRun, subject: Subject, error: Exception, fields: dict[str, Any]) -> float | None:
    """Something of ours broke: a try like any other. The words of the error stay in the log."""
    logger.error("The draft %s broke", run.pk, exc_info=error)
    return come_back(run, subject, Fault(type(error).__name__, 500), fields)


def come_back(
    run: ModelRun, subject: Subject, failure: NoAnswer, fields: dict[str, Any]
) -> float | None:
    """Ask again later, if that may help; else say why there is no draft."""
    logger.warning("No draft for %s yet: %s: %s", run.pk, failure.outcome, failure)
    # A model that writes what cannot be used is given one more chance.
    again = isinstance(failure, Unreadable | TooLong) and run.fault.startswith(UNUSABLE)
    label, told = str(failure.outcome.label), str(failure)
    said = told if told.startswith(label) else f"{label}: {told}"
    if not failure.may_pass or run.tries >= MOST_TRIES or again:
        return close(run, subject, failure.outcome, said, fields)
    if not isinstance(failure, NoSchemas):
        offer_to_people(run, subject)
    return postpone(run, pause_after(run, failure), said, fields)


@transaction.atomic
def offer_to_people(run: ModelRun, subject: Subject) -> None:
    """From the first failure on a person may take the work up, while the model is asked again."""
    lock_place(subject.user, course_of(subject))
    if work.lock_held(run) is not None and not why_needless(subject):
        put_in_queue(subject, Review.Reason.NO_DRAFT)


def pause_after(run: ModelRun, failure: NoAnswer) -> float:
    """In seconds."""
    if isinstance(failure, NoSchemas):
        return 0.0
    if isinstance(failure, Busy) and failure.wait is not None:
        return min(max(failure.wait, 1.0), LONGEST_PAUSE)
    return PAUSES[run.tries]


def postpone(
    run: ModelRun, wait: float, fault: str = "", asked: dict[str, Any] | None = None
) -> float:
    """Let it be taken up later. Where nothing was asked, no try is counted."""
    work.held(run).update(
        **work.NOT_CLAIMED,
        **(asked or {}),
        status=Work.Status.PENDING,
        due_at=CLOCK + timedelta(seconds=wait),
        tries=F("tries") - (1 if asked is None else 0),
        fault=storable(fault or run.fault, work.LONGEST_FAULT),
    )
    return wait


@transaction.atomic
def close(
    run: ModelRun,
    subject: Subject,
    outcome: Outcome,
    fault: str,
    fields: dict[str, Any] | None = None,
) -> None:
    """There is no draft. What a model owed is a person's work now, unless nobody needs it."""
    lock_place(subject.user, course_of(subject))
    if work.lock_held(run) is None:
        return
    end(run, Work.Status.FAILED, outcome, fault, fields or {})
    if outcome in (Outcome.OFF, Outcome.SPENT) and not draft_writing.has_feedback(subject):
        reviews.withdraw(subject)
    if outcome not in ModelRun.NEEDLESS and not why_needless(subject):
        put_in_queue(subject, Review.Reason.NO_DRAFT)


def end(run: ModelRun, status: str, outcome: Outcome, fault: str, fields: dict[str, Any]) -> None:
    """Write the outcome on the row, which is locked."""
    ended = work.end(run, status)
    for name, value in {**fields, "outcome": outcome}.items():
        setattr(run, name, value)
    run.fault = storable(fault, work.LONGEST_FAULT)
    run.save(update_fields=[*ended, *fields, "outcome"])


@transaction.atomic
def finish(run: ModelRun, subject: Subject, words: Words, fields: dict[str, Any]) -> None:
    """Write the draft, unless the claim is lost by now, or nobody needs it."""
    course = course_of(subject)
    lock_place(subject.user, course)
    if work.lock_held(run) is None:
        return
    # A reviewer who is at it writes in the same analysis.
    review = Review.objects.filter(**reviews.of_subject(subject))
    review.select_for_update(no_key=True).first()
    if needless := why_needless(subject):
        end(run, Work.Status.FAILED, *needless, fields)
        return
    at_once = course.ai_drafts == Course.Drafts.AT_ONCE and not words.are_held
    if not draft_writing.keep(subject, words, read_clock() if at_once else None):
        end(run, Work.Status.FAILED, Outcome.PERSON, A_PERSON_FIRST, fields)
        return
    outcome = Outcome.HELD if words.are_held else Outcome.DRAFTED
    end(run, Work.Status.PASSED, outcome, "", fields)
    if at_once:
        # What lies on the desk of a reviewer who is at it has changed.
        review.update(version=F("version") + 1)
        reviews.withdraw(subject)
        withdraw_older(subject)
    else:
        put_in_queue(subject, Review.Reason.HELD if words.are_held else Review.Reason.DRAFT)


def put_in_queue(subject: Subject, reason: Review.Reason) -> None:
    """A person reads it, and not what the same learner handed in before."""
    reviews.put_in_queue(subject, reason)
    withdraw_older(subject)


def withdraw_older(subject: Subject) -> None:
    if isinstance(subject, Submission):
        reviews.withdraw_older(subject)


def why_needless(subject: Subject) -> tuple[Outcome, str] | None:
    """Why a draft would help nobody; None: it would."""
    decided = ~Q(decision="") & Q(**reviews.of_subject(subject))
    if draft_writing.has_feedback(subject) or Review.objects.filter(decided).exists():
        return Outcome.PERSON, A_PERSON_FIRST
    if isinstance(subject, Submission):
        later = Submission.objects.of(subject.user).graded().exclude(status=Work.Status.ERROR)
        if later.filter(assignment=subject.assignment, number__gt=subject.number or 0).exists():
            return Outcome.REPLACED, NEWER
    return None


def give_up_lost(key: UUID) -> bool:
    """Whether the row was taken up often enough, by workers of which none came back."""
    lost = ModelRun.objects.due().filter(pk=key, tries__gte=MOST_TRIES).first()
    if lost is None:
        return False
    # Held by nobody: whoever ends it takes the claim that was left behind.
    close(lost, subject_of(lost), Outcome.TIMED_OUT, LOST)
    return True


def end_all(limit: int = 100) -> int:
    """Without a model nobody takes them up: say of each that there is no draft."""
    keys = list(ModelRun.objects.due().values_list("pk", flat=True)[:limit])
    for key in keys:
        draft(key)
    return len(keys)

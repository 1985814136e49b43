"""Attempts and code of before or elsewhere, brought in with their dates."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from assessments.answering import SAVED_FIELDS, Given, apply
from assessments.attempts import Finished, close, start_attempt
from assessments.errors import AlreadyBegun
from assessments.grading import Graded, tell, verdict_of, write
from assessments.models import Answer, Assignment, Quiz, Submission, TestCase
from enrollments.access import lock_place
from sandbox.verdict import Result

Replies = Callable[[Sequence[Answer]], Sequence[Given]]


@transaction.atomic
def bring_in(
    user: User, quiz: Quiz, replies: Replies, began: datetime, ended: datetime
) -> Finished:
    """Make the attempt that somebody began and ended then; `replies` sees what is asked.

    Raises what `start_attempt` raises, and AlreadyBegun if an attempt is open.
    """
    attempt, is_new = start_attempt(user, quiz, at=began)
    if not is_new:
        raise AlreadyBegun
    answers = list(attempt.answers.select_related("question"))
    given = {one.question: one for one in replies(answers)}
    seconds = round((ended - began).total_seconds() / max(1, len(given)))
    answered = [answer for answer in answers if answer.question_id in given]
    for answer in answered:
        apply(answer, given[answer.question_id], "", 0, ended)
        answer.seconds = seconds
    Answer.objects.bulk_update(answered, SAVED_FIELDS)
    finished = close(attempt, at=ended)
    if finished is None:
        raise AlreadyBegun
    return finished


@transaction.atomic
def bring_in_code(
    user: User,
    assignment: Assignment,
    source: str,
    ran: tuple[Sequence[TestCase], Result],
    at: datetime,
) -> Graded:
    """Make the submission that somebody handed in then; `ran` is what running it comes to."""
    place = lock_place(user, assignment.lesson.course)
    earlier = Submission.objects.of(user).graded().filter(assignment=assignment).count()
    submission = Submission.objects.create(
        user=user,
        assignment=assignment,
        is_graded=True,
        number=earlier + 1,
        source=source,
        created_at=at,
        started_at=at,
    )
    verdict = verdict_of(submission, *ran)
    write(submission, verdict, ran[1], assignment.revision, at)
    return tell(submission, place, at)

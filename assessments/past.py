"""Attempts made before or elsewhere, brought in with their dates."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from assessments.answering import SAVED_FIELDS, Given, apply
from assessments.attempts import Finished, close, start_attempt
from assessments.errors import AlreadyBegun
from assessments.models import Answer, Quiz

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

"""Asking a person about a submission. The answer is the submission's review."""

from django.db import transaction

from accounts.models import User
from assessments.errors import AlreadyAsked, TooOften
from assessments.limits import HELP
from assessments.models import HelpRequest, Review, Submission
from assessments.reviewing.reviews import check_judged, put_in_queue


def ask_for_help(user: User, submission: Submission, text: str) -> HelpRequest:
    """Ask once about an own submission, failing or not, before a person has reviewed it.

    Raises NotJudged, AlreadyAsked, AlreadyReviewed, TooOften.
    """
    check_judged(submission)
    if HelpRequest.objects.filter(submission=submission).exists():
        raise AlreadyAsked
    wait = HELP.spend(str(user.pk))
    if wait:
        raise TooOften(wait)
    return ask(submission, text)


@transaction.atomic
def ask(submission: Submission, text: str) -> HelpRequest:
    """Keep the question and let it wait, both or neither."""
    # By its key: a question that is refused must not stay on the submission in hand.
    request, is_new = HelpRequest.objects.get_or_create(
        submission_id=submission.pk, defaults={"text": text}
    )
    if not is_new:
        raise AlreadyAsked
    put_in_queue(submission, Review.Reason.HELP)
    return request

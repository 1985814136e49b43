"""Asking a person about a submission or an attempt. The answer is its review."""

from django.db import transaction

from accounts.models import User
from assessments.errors import AlreadyAsked, NotFinished, NotInPlan, TooOften
from assessments.limits import HELP
from assessments.models import Attempt, HelpRequest, Review, Submission
from assessments.reviewing.reviews import check_judged, of_subject, put_in_queue
from billing.features import lacks
from billing.models import Feature


def ask_for_help(user: User, subject: Submission | Attempt, text: str) -> HelpRequest:
    """Ask once about own work, failing or not, before a person has reviewed it.

    Raises NotJudged, NotFinished, AlreadyAsked, NotInPlan, AlreadyReviewed, TooOften.
    """
    check_judged(subject)
    if isinstance(subject, Attempt) and (subject.is_open or subject.is_practice):
        raise NotFinished
    if HelpRequest.objects.filter(**of_subject(subject)).exists():
        raise AlreadyAsked
    if lacking := lacks(user, Feature.HELP):
        raise NotInPlan(lacking)
    wait = HELP.spend(str(user.pk))
    if wait:
        raise TooOften(wait)
    return ask(subject, text)


@transaction.atomic
def ask(subject: Submission | Attempt, text: str) -> HelpRequest:
    """Keep the question and let it wait, both or neither."""
    # By its key: a question that is refused must not stay on the work in hand.
    of = {f"{name}_id": one.pk for name, one in of_subject(subject).items()}
    request, is_new = HelpRequest.objects.get_or_create(**of, defaults={"text": text})
    if not is_new:
        raise AlreadyAsked
    put_in_queue(subject, Review.Reason.HELP)
    return request

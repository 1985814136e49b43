"""Asking a person about a submission. The answer is the submission's review."""

from django.db import transaction

from accounts.models import User
from activity.actions import record
from activity.models import Event
from assessments.clock import read_clock
from assessments.errors import AlreadyAsked, ReportClosed, TooOften
from assessments.limits import HELP
from assessments.models import HelpRequest, Review, Submission
from assessments.reviews import put_in_queue


def ask_for_help(user: User, submission: Submission, text: str) -> HelpRequest:
    """Ask once about an own submission, failing or not. Raises AlreadyAsked, TooOften."""
    if HelpRequest.objects.filter(submission=submission).exists():
        raise AlreadyAsked
    wait = HELP.spend(str(user.pk))
    if wait:
        raise TooOften(wait)
    return ask(submission, text)


@transaction.atomic
def ask(submission: Submission, text: str) -> HelpRequest:
    """Keep the question and let it wait, both or neither."""
    request, is_new = HelpRequest.objects.get_or_create(
        submission=submission, defaults={"text": text}
    )
    if not is_new:
        raise AlreadyAsked
    put_in_queue(submission, Review.Reason.HELP)
    return request


@transaction.atomic
def give_help(request: HelpRequest, by: User, reply: str) -> HelpRequest:
    """Answer a question once. Raises ReportClosed."""
    locked = HelpRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if not locked.is_open:
        raise ReportClosed
    locked.reply, locked.replied_by, locked.replied_at = reply, by, read_clock()
    locked.save(update_fields=["reply", "replied_by", "replied_at"])
    submission = locked.submission
    lesson = submission.assignment.lesson
    data = {
        "title": lesson.title,
        "url": submission.get_absolute_url(),
        "course_title": lesson.course.title,
    }
    record(submission.user, Event.Kind.HELP_GIVEN, f"help:{locked.pk}", data)
    return locked

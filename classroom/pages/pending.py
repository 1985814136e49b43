"""What is going on about handed-in work that nobody has spoken of yet, in a sentence."""

from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.feedback import Seen, Voice
from assessments.model_drafts.drafting import is_on
from assessments.models import Attempt, ModelRun, Review, Submission
from assessments.review_numbers import median_wait
from billing.features import allows
from billing.models import Feature
from courses.models import Course

Outcome = ModelRun.Outcome
# By then the row of a draft that is wanted is there.
SOON = timedelta(minutes=1)
WRITTEN = {
    Course.Drafts.AT_ONCE: gettext_lazy("An AI review is being written."),
    Course.Drafts.AFTER_REVIEW: gettext_lazy(
        "AI is writing a draft, which a person reads before you do."
    ),
}
WHY = {
    Outcome.REFUSED: gettext_lazy("the model would not answer"),
    Outcome.UNREADABLE: gettext_lazy("its answer could not be read"),
    Outcome.TOO_LONG: gettext_lazy("its answer was too long"),
    Outcome.TIMED_OUT: gettext_lazy("no answer came in time"),
    Outcome.BUSY: gettext_lazy("its provider had too many requests"),
    Outcome.AWAY: gettext_lazy("the model cannot be reached"),
    Outcome.FAULT: gettext_lazy("the model's service has a fault"),
    Outcome.SPENT: gettext_lazy("the limit for AI reviews was used up"),
}
NOT_RUN = gettext_lazy("AI review did not run: {why}. It will not affect your grade.")
LEFT_OUT = {
    Outcome.REPLACED: gettext_lazy("AI review was left out: you have handed in something newer."),
    Outcome.PERSON: gettext_lazy("AI review was left out: a person was first."),
    Outcome.OFF: gettext_lazy("AI review was left out: it was turned off for this course."),
    Outcome.PAUSED: gettext_lazy("AI review was left out: for now people review without it."),
}
AGAIN = gettext_lazy(
    "AI did not answer at first. It is asked again; your grade does not wait for it."
)
READ_FIRST = gettext_lazy("A person reads the AI review before you do.")
IN_SOMEBODYS_HANDS = gettext_lazy("A person is reading it now.")


@dataclass(frozen=True, slots=True)
class Pending:
    """Sentences about what is still to come, or did not. `is_open`: it is worth asking again."""

    told: list[str] = field(default_factory=list)
    is_open: bool = False
    waits_for_person: bool = False


def pending_of(
    work: Submission | Attempt, course: Course, seen: list[Seen], *, is_expected: bool = False
) -> Pending:
    """At most two queries. The work carries its review, its model run and the clock.

    `is_expected`: a draft will be asked for, though nothing says so yet.
    """
    review: Review | None = getattr(work, "review", None)
    run: ModelRun | None = getattr(work, "model_run", None)
    spoken = {one.voice for one in seen}
    if Voice.PERSON in spoken:
        waits = review is not None and review.waiting_since is not None
        told = [_("Your reply waits for a person.")] if waits else []
        return Pending(told, is_open=waits)
    waits = review is not None and in_hands(review, work)
    is_written = run.is_open if run else is_expected
    told = []
    if run and is_needless(run, work):
        told, is_written = [str(LEFT_OUT[Outcome.REPLACED])], False
    elif run and is_written and run.tries and run.fault:
        told = [str(AGAIN)]
    elif is_written:
        told = [str(WRITTEN.get(Course.Drafts(course.ai_drafts), READ_FIRST))]
    elif run and Voice.AI not in spoken:
        told = told_of_model(run, waits=waits)
    if review and waits:
        told += told_of_person(review, work, course)
    return Pending(told, is_open=waits or is_written, waits_for_person=waits)


def is_needless(run: ModelRun, work: Submission | Attempt) -> bool:
    """Whether a draft that nobody is asking for right now will be left out for a newer one."""
    return run.status == ModelRun.Status.PENDING and getattr(work, "is_replaced", False)


def in_hands(review: Review, work: Submission | Attempt) -> bool:
    """Whether a person has it or will have it; what was decided a moment ago is on its way."""
    on_its_way = review.sent_at is not None and review.sent_at > work.moment
    return review.waiting_since is not None or on_its_way


def is_expected(submission: Submission, course: Course) -> bool:
    """Whether a draft of a model will be asked for in a moment."""
    ended = submission.finished_at
    is_recent = ended is not None and submission.moment - ended < SOON
    is_wanted = course.ai_drafts != Course.Drafts.OFF and not submission.user.is_staff
    if not (is_on() and is_wanted and is_recent) or hasattr(submission, "model_run"):
        return False
    return allows(submission.user, Feature.DRAFTS)


def told_of_model(run: ModelRun, *, waits: bool) -> list[str]:
    """Why there is no draft to read. Of one that waits for a person nothing is promised."""
    if run.outcome in LEFT_OUT:
        return [str(LEFT_OUT[Outcome(run.outcome)])]
    if run.outcome == Outcome.HELD:
        # Once thrown away, or out of the queue, nobody reads it.
        return [str(READ_FIRST)] if waits else []
    if run.outcome in WHY:
        return [NOT_RUN.format(why=WHY[Outcome(run.outcome)])]
    return []


def told_of_person(review: Review, work: Submission | Attempt, course: Course) -> list[str]:
    """Who has it, or how many come before it and how long that takes."""
    is_claimed = review.claimed_until is not None and review.claimed_until > work.moment
    if is_claimed or review.waiting_since is None:
        return [str(IN_SOMEBODYS_HANDS)]
    ahead = count_ahead(review)
    median = median_wait(course)
    usual = (
        [_("Half of all reviews here come within %(span)s.") % {"span": span(median)}]
        if median
        else []
    )
    place = (
        ngettext(
            "Waiting for a person: %(ahead)s other comes before it.",
            "Waiting for a person: %(ahead)s others come before it.",
            ahead,
        )
        % {"ahead": ahead}
        if ahead
        else _("Waiting for a person: yours is next.")
    )
    return [place, *usual]


def span(time: timedelta) -> str:
    """A wait, rounded up: "20 min", "5 h", "3 days"."""
    minutes = ceil(time.total_seconds() / 60)
    if minutes < 60:
        return _("%(minutes)s min") % {"minutes": minutes}
    hours = ceil(minutes / 60)
    return f"{hours} h" if hours < 48 else _("%(ceil)s days") % {"ceil": ceil(hours / 24)}


def count_ahead(review: Review) -> int:
    """How many a reviewer is given before this one. One query."""
    asked, older = Q(reason=Review.Reason.HELP), Q(waiting_since__lt=review.waiting_since)
    before = asked & older if review.reason == Review.Reason.HELP else asked | older
    return Review.objects.waiting().filter(before).exclude(pk=review.pk).count()

"""What is going on about handed-in work that nobody has spoken of yet, in a sentence."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Q

from assessments.feedback import Seen, Voice
from assessments.models import Attempt, ModelRun, Review, Submission

Outcome = ModelRun.Outcome
SOON = timedelta(minutes=1)
WHY = {
    Outcome.REFUSED: "the model would not answer",
    Outcome.UNREADABLE: "its answer could not be read",
    Outcome.TOO_LONG: "its answer was too long",
    Outcome.TIMED_OUT: "no answer came in time",
    Outcome.BUSY: "too many asked at the same time",
    Outcome.AWAY: "the model cannot be reached",
    Outcome.FAULT: "the model's service has a fault",
    Outcome.SPENT: "the limit for AI reviews is used up for now",
}
NOT_RUN = "AI review did not run: {why}. It will not affect your grade."
REPLACED = "AI review was left out: you have handed in something newer."
READ_FIRST = "A person reads the AI review before you do."
IN_SOMEBODYS_HANDS = "A person is reading it now."


@dataclass(frozen=True, slots=True)
class Pending:
    """Sentences about what is still to come, or did not. `is_open`: it is worth asking again."""

    told: list[str] = field(default_factory=list)
    is_open: bool = False
    waits_for_person: bool = False


def pending_of(work: Submission | Attempt, seen: list[Seen]) -> Pending:
    """At most one query. The work carries its review, its model run and the clock."""
    review: Review | None = getattr(work, "review", None)
    run: ModelRun | None = getattr(work, "model_run", None)
    spoken = {one.voice for one in seen}
    if Voice.PERSON in spoken:
        waits = review is not None and review.waiting_since is not None
        told = ["Your reply waits for a person."] if waits else []
        return Pending(told, is_open=waits)
    waits = review is not None and in_hands(review, work)
    told = [] if Voice.AI in spoken else told_of_model(work, run)
    is_written = run is not None and run.is_open
    if review and waits:
        told.append(told_of_person(review, work))
    return Pending(told, is_open=waits or is_written, waits_for_person=waits)


def in_hands(review: Review, work: Submission | Attempt) -> bool:
    """Whether a person has it or will have it; what was decided a moment ago is on its way."""
    on_its_way = review.sent_at is not None and review.sent_at > work.moment
    return review.waiting_since is not None or on_its_way


def told_of_model(work: Submission | Attempt, run: ModelRun | None) -> list[str]:
    """What became of the draft. Of one that a person reads first nothing is promised."""
    if run is None:
        return []
    if run.is_open:
        return ["An AI review is being written. You can leave this page; it will stand here."]
    if run.outcome == Outcome.REPLACED:
        return [REPLACED]
    if run.outcome == Outcome.HELD:
        return [READ_FIRST]
    if run.outcome in WHY:
        return [NOT_RUN.format(why=WHY[Outcome(run.outcome)])]
    return []


def told_of_person(review: Review, work: Submission | Attempt) -> str:
    is_claimed = review.claimed_until is not None and review.claimed_until > work.moment
    if is_claimed or review.waiting_since is None:
        return IN_SOMEBODYS_HANDS
    ahead = count_ahead(review)
    if not ahead:
        return "Waiting for a person: yours is next."
    others = "1 other comes" if ahead == 1 else f"{ahead} others come"
    return f"Waiting for a person: {others} before it."


def count_ahead(review: Review) -> int:
    """How many a reviewer is given before this one. One query."""
    asked, older = Q(reason=Review.Reason.HELP), Q(waiting_since__lt=review.waiting_since)
    before = asked & older if review.reason == Review.Reason.HELP else asked | older
    return Review.objects.waiting().filter(before).exclude(pk=review.pk).count()

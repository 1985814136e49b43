"""What the drafts of a model cost, how they end, and how far reviewers agree with them."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from assessments.agreement import gap, quadratic_kappa
from assessments.models import (
    Analysis,
    AttemptAnalysis,
    HelpRequest,
    ModelRun,
    Remark,
    Review,
    Submission,
    SubmissionAnalysis,
)
from assessments.models.attempt import CLOCK

WINDOW = timedelta(days=30)
# So many drafts that were changed, of so many, and they are more work than help.
OFTEN, ENOUGH = 0.25, 50
SUGGESTED = {"accept": Review.Decision.ACCEPTED, "changes": Review.Decision.CHANGES}
Outcome = ModelRun.Outcome
# What is our side's or the endpoint's doing, and not a choice.
FAULTS = (
    Outcome.REFUSED, Outcome.UNREADABLE, Outcome.TOO_LONG, Outcome.TIMED_OUT, Outcome.BUSY,
    Outcome.AWAY, Outcome.FAULT,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ModelNumbers:
    """Over so many days: of runs by when they were asked for, of reviews by when they were decided.

    `published` counts drafts that a person sent, changed or not; `overridden`, those of them whose
    suggested decision the person changed; `suggested`, those that suggested one.
    """

    outcomes: dict[str, int]
    waiting: int
    tokens_in: int
    tokens_out: int
    cost: Decimal
    published: int
    suggested: int
    overridden: int
    gap: float | None
    kappa: float | None
    verdicts: dict[str, int]
    learners: int
    asking: int

    @property
    def runs(self) -> int:
        return sum(self.outcomes.values()) + self.waiting

    @property
    def fault_rate(self) -> float | None:
        ended = sum(self.outcomes.values())
        return sum(self.outcomes.get(one, 0) for one in FAULTS) / ended if ended else None

    @property
    def cost_each(self) -> Decimal | None:
        """Of all runs, for each draft that was sent."""
        return self.cost / self.published if self.published else None

    @property
    def override_rate(self) -> float | None:
        return self.overridden / self.suggested if self.suggested else None

    @property
    def is_overridden_often(self) -> bool:
        """Whether reviewers should rather begin by themselves."""
        return self.suggested >= ENOUGH and (self.override_rate or 0) > OFTEN

    @property
    def asking_rate(self) -> float | None:
        """Which part of those who handed in asked a person."""
        return self.asking / self.learners if self.learners else None

    def verdict_rate(self, verdict: str) -> float | None:
        """Which part of the drafted remarks of reviews that were sent ended so."""
        count = sum(self.verdicts.values())
        return self.verdicts.get(verdict, 0) / count if count else None

    @property
    def accepted_rate(self) -> float | None:
        return self.verdict_rate(Remark.Verdict.ACCEPTED)

    @property
    def edited_rate(self) -> float | None:
        return self.verdict_rate(Remark.Verdict.EDITED)

    @property
    def discarded_rate(self) -> float | None:
        """Thrown out, or left undecided, which is not sent either."""
        left = self.verdict_rate(Remark.Verdict.UNDECIDED)
        thrown = self.verdict_rate(Remark.Verdict.DISCARDED)
        return None if left is None or thrown is None else left + thrown


def model_numbers(window: timedelta = WINDOW) -> ModelNumbers:
    """Eight queries."""
    lately = ModelRun.objects.filter(created_at__gt=CLOCK - window).order_by()
    drafts, handed_in = sent_drafts(window), handed_in_within(window)
    sums = lately.aggregate(
        waiting=Count("pk", filter=Q(outcome="")),
        tokens_in=Sum("tokens_in", default=0),
        tokens_out=Sum("tokens_out", default=0),
        cost=Sum("cost", default=Decimal(0)),
    )
    by_outcome = lately.exclude(outcome="").values_list("outcome").annotate(n=Count("pk"))
    decisions = decisions_of(drafts)
    figures = figures_of(drafts)
    return ModelNumbers(
        **sums,
        outcomes=dict(by_outcome),
        published=decisions.total() + sent_quiz_drafts(window),
        suggested=sum(n for (suggested, _), n in decisions.items() if suggested in SUGGESTED),
        overridden=sum(n for pair, n in decisions.items() if is_override(*pair)),
        gap=gap(figures),
        kappa=quadratic_kappa(figures),
        verdicts=verdicts_of(drafts),
        learners=handed_in.aggregate(n=Count("user", distinct=True))["n"],
        asking=askers(handed_in).aggregate(n=Count("submission__user", distinct=True))["n"],
    )


def sent_drafts(window: timedelta) -> QuerySet[SubmissionAnalysis]:
    """Drafts about code that a person has sent, as they were or changed."""
    return (
        SubmissionAnalysis.objects.filter(kind=Analysis.Kind.HYBRID)
        .filter(
            submission__review__sent_at__lte=CLOCK,
            submission__review__decided_at__gt=CLOCK - window,
        )
        .order_by()
    )


def sent_quiz_drafts(window: timedelta) -> int:
    rows = AttemptAnalysis.objects.filter(kind=Analysis.Kind.HYBRID)
    decided = {
        "attempt__review__sent_at__lte": CLOCK,
        "attempt__review__decided_at__gt": CLOCK - window,
    }
    return rows.filter(**decided).count()


def decisions_of(drafts: QuerySet[SubmissionAnalysis]) -> Counter[tuple[str | None, str]]:
    """How often a draft suggested one thing and the person decided another, or the same."""
    pairs = drafts.values_list("drafted__decision", "submission__review__decision")
    rows = pairs.annotate(n=Count("pk"))
    return Counter({(suggested, decided): n for suggested, decided, n in rows})


def is_override(suggested: str | None, decided: str) -> bool:
    return suggested in SUGGESTED and SUGGESTED[suggested] != decided


def figures_of(drafts: QuerySet[SubmissionAnalysis]) -> Counter[tuple[int, int]]:
    """How often a draft said one overall figure and the person another, or the same."""
    pairs = drafts.exclude(overall=None).values_list("drafted__overall", "overall")
    rows = pairs.annotate(n=Count("pk"))
    return Counter({(said, final): n for said, final, n in rows if said is not None})


def verdicts_of(drafts: QuerySet[SubmissionAnalysis]) -> dict[str, int]:
    """What became of the remarks of drafts."""
    remarks = Remark.objects.filter(analysis__in=drafts).exclude(drafted="").order_by()
    return dict(remarks.values_list("verdict").annotate(n=Count("pk")))


def handed_in_within(window: timedelta) -> QuerySet[Submission]:
    return Submission.objects.of_learners().filter(created_at__gt=CLOCK - window).order_by()


def askers(submissions: QuerySet[Submission]) -> QuerySet[HelpRequest]:
    """What was asked of a person about those."""
    return HelpRequest.objects.filter(submission__in=submissions).order_by()

"""How learners fare with one assignment and each of its cases, and with many in a list."""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from assessments.items import ENOUGH
from assessments.models import Assignment, Outcome, Submission, TestCase, TestResult, Work
from assessments.models.trial import Trial

PASSED = Work.Status.PASSED


@dataclass(frozen=True, slots=True)
class Share:
    """In so many first submissions a case was run, and in so many it passed."""

    run: int
    passed: int

    @property
    def of_one(self) -> float | None:
        """The share that passed; None while there are few."""
        return self.passed / self.run if self.run >= ENOUGH else None


@dataclass(frozen=True, slots=True)
class AssignmentNumbers:
    """What learners handed in: staff are left out. `cases` holds shares by the ids of cases."""

    submissions: int
    learners: int
    passed: int
    first_passed: int
    cases: dict[UUID, Share]

    @property
    def are_enough(self) -> bool:
        return self.learners >= ENOUGH


def assignment_numbers(assignment: Assignment) -> AssignmentNumbers:
    """Three queries."""
    rows = Submission.objects.of_learners().filter(assignment=assignment).order_by()
    whole = rows.aggregate(
        submissions=Count("pk"),
        learners=Count("user", distinct=True),
        passed=Count("user", distinct=True, filter=Q(status=PASSED)),
    )
    first = first_ones(rows)
    first_passed = sum(status == PASSED for status in first.values_list("status", flat=True))
    return AssignmentNumbers(**whole, first_passed=first_passed, cases=shares(first))


def first_ones(rows: QuerySet[Submission]) -> QuerySet[Submission]:
    """Everybody's first: whoever hands in again has seen what failed."""
    return rows.order_by("user", "number").distinct("user")


def shares(first: QuerySet[Submission]) -> dict[UUID, Share]:
    results = TestResult.objects.filter(submission__in=first.values("pk")).order_by()
    counted = results.values("case").annotate(
        run=Count("pk"), passed=Count("pk", filter=Q(outcome=Outcome.PASSED))
    )
    return {row["case"]: Share(row["run"], row["passed"]) for row in counted}


@dataclass(slots=True)
class AssignmentTally:
    """One assignment in a list of many."""

    cases: int = 0
    submissions: int = 0
    learners: int = 0
    passed: int = 0
    waiting: int = 0
    trial: Trial | None = field(default=None)

    @property
    def pass_percent(self) -> int | None:
        """How many of those who handed in have passed; None while they are few."""
        return 100 * self.passed // self.learners if self.learners >= ENOUGH else None


def assignment_tallies(assignments: Collection[Assignment]) -> dict[UUID, AssignmentTally]:
    """One tally for each assignment, after four queries."""
    found = {one.pk: AssignmentTally() for one in assignments}
    revisions = {one.pk: one.revision for one in assignments}
    live = TestCase.objects.live().filter(assignment__in=found).order_by()
    for key, count in live.values_list("assignment").annotate(n=Count("pk")):
        found[key].cases = count
    rows = Submission.objects.of_learners().filter(assignment__in=found).order_by()
    sums = rows.values("assignment").annotate(
        submissions=Count("pk"),
        people=Count("user", distinct=True),
        through=Count("user", distinct=True, filter=Q(status=PASSED)),
    )
    for row in sums:
        tally = found[row["assignment"]]
        tally.submissions, tally.learners = row["submissions"], row["people"]
        tally.passed = row["through"]
    judged = Submission.objects.graded().filter(assignment__in=found, percent__isnull=False)
    for key, revision, count in (
        judged.order_by().values_list("assignment", "revision").annotate(n=Count("pk"))
    ):
        if revision < revisions[key]:
            found[key].waiting += count
    for trial in Trial.objects.filter(assignment__in=found).defer("findings"):
        if trial.revision == revisions[trial.assignment_id]:
            found[trial.assignment_id].trial = trial
    return found

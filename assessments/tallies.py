"""Numbers of many quizzes at once, for lists of them."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from assessments.items import ENOUGH
from assessments.models import Attempt, Question, QuestionReport, Quiz


@dataclass(slots=True)
class Tally:
    """What learners did in a quiz: practice is not counted, nor what staff try out."""

    questions: int = 0
    attempts: int = 0
    learners: int = 0
    passed: int = 0
    reports: int = 0

    @property
    def pass_percent(self) -> int | None:
        """How many of those who finished an attempt have passed; None while they are few."""
        if self.learners < ENOUGH:
            return None
        return 100 * self.passed // self.learners


def tallies(quizzes: Collection[Quiz]) -> dict[UUID, Tally]:
    """One tally for each quiz, after three queries."""
    found = {quiz.pk: Tally() for quiz in quizzes}
    attempts = Attempt.objects.of_learners().filter(quiz__in=quizzes).order_by()
    people = Count("user", distinct=True)
    passed = Count("user", distinct=True, filter=Q(passed=True))
    sums = attempts.values("quiz").annotate(attempts=Count("pk"), people=people, through=passed)
    for row in sums:
        tally = found[row["quiz"]]
        tally.attempts, tally.learners = row["attempts"], row["people"]
        tally.passed = row["through"]
    asked = Question.objects.live().filter(quiz__in=quizzes).order_by()
    questions = asked.values("quiz").annotate(n=Count("pk"))
    for key, count in questions.values_list("quiz", "n"):
        found[key].questions = count
    waiting = QuestionReport.objects.filter(question__quiz__in=quizzes, status="OPEN").order_by()
    reports = waiting.values("question__quiz").annotate(n=Count("pk"))
    for key, count in reports.values_list("question__quiz", "n"):
        found[key].reports = count
    return found

"""How the people of the demo school solve assignments: most at once, some after a first try.

What they hand in is run for real, once for each text: the same text comes to the same results.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from accounts.models import User
from assessments.models import Assignment, TestCase
from assessments.past import bring_in_code
from assessments.running import run_cases
from courses.models import Course, Lesson
from progress.actions import record_view
from sandbox.verdict import Result
from studio.demo_people import LEARNERS

# Threads only wait for the children that run the code.
AT_ONCE = 2
FAILS_FIRST = 0.4
# Every eighth is one that some fail at first.
HARD = 8


Ran = tuple[Sequence[TestCase], Result]


@dataclass(slots=True)
class Solutions:
    """For each lesson its assignment, and what running its solution or starter came to."""

    assignments: dict[UUID, Assignment] = field(default_factory=dict)
    solved: dict[UUID, Ran] = field(default_factory=dict)
    begun: dict[UUID, Ran] = field(default_factory=dict)

    @classmethod
    def of(cls, courses: Sequence[Course]) -> "Solutions":
        """Run them all. Raises RunnerAway and RunnerFailed."""
        rows = Assignment.objects.filter(lesson__course__in=courses).select_related(
            "lesson__course"
        )
        assignments = {one.lesson_id: one for one in rows.order_by("lesson__slug")}
        cases = {key: list(one.cases.live().in_order()) for key, one in assignments.items()}
        # The first try of those who need two is what everybody is given to begin with.
        too_much = {person.stops_at for person in LEARNERS}
        hard = [
            key
            for place, (key, one) in enumerate(assignments.items())
            if place % HARD == 0 or one.lesson.slug in too_much
        ]

        def run(key: UUID, source: str) -> Ran:
            return cases[key], run_cases(assignments[key], source, cases[key])

        with ThreadPoolExecutor(AT_ONCE) as pool:
            solved = pool.map(lambda key: run(key, assignments[key].solution), assignments)
            begun = pool.map(lambda key: run(key, assignments[key].starter), hard)
            return cls(
                assignments,
                dict(zip(assignments, solved, strict=True)),
                dict(zip(hard, begun, strict=True)),
            )


def hand_in(
    user: User, lesson: Lesson, moment: datetime, solutions: Solutions, *, surely: bool = False
) -> None:
    """Solve the lesson's assignment at that moment; unless `surely`, some fail once before."""
    chance = Random(f"{user.email} {lesson.key}")  # noqa: S311 (the same school every time)
    assignment, solved = solutions.assignments[lesson.pk], solutions.solved[lesson.pk]
    began = max(moment - timedelta(minutes=lesson.minutes), user.date_joined)
    record_view(user, lesson, began)
    begun = solutions.begun.get(lesson.pk)
    if begun and not surely and chance.random() < FAILS_FIRST:
        halfway = began + (moment - began) / 2
        bring_in_code(user, assignment, assignment.starter, begun, halfway)
    bring_in_code(user, assignment, assignment.solution, solved, moment)


def give_up(user: User, lesson: Lesson, moment: datetime, solutions: Solutions) -> None:
    """Hand in what fails, once or a few times, and never come back."""
    chance = Random(f"{user.email} {lesson.key}")  # noqa: S311
    record_view(user, lesson, moment)
    begun = solutions.begun.get(lesson.pk)
    if begun is None:
        return
    assignment = solutions.assignments[lesson.pk]
    for _ in range(chance.randint(1, 3)):
        moment += timedelta(minutes=chance.randint(4, 15))
        bring_in_code(user, assignment, assignment.starter, begun, moment)

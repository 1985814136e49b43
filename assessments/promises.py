"""What passing promised: the lesson is completed, also if its door was closed just then."""

from datetime import datetime
from random import SystemRandom
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Min, OuterRef, QuerySet
from django.db.models.functions import Least

from accounts.models import User
from assessments.models import Attempt, Submission, Work
from courses.models import Lesson
from enrollments.models import Enrollment
from progress.actions import complete_by_passing
from progress.models import LessonProgress


def owed() -> QuerySet[Any]:
    """Person, lesson, and when what passed first was handed in: not completed, and open now."""
    quizzes = Attempt.objects.counted().filter(passed=True).annotate(lesson=F("quiz__lesson"))
    quizzes = quizzes.annotate(ended=Least("closed_at", "deadline"))
    code = Submission.objects.graded().filter(status=Work.Status.PASSED)
    code = code.annotate(lesson=F("assignment__lesson"), ended=F("created_at"))
    return _still_owed(quizzes).union(_still_owed(code)).order_by()


def _still_owed(passed: QuerySet[Any]) -> QuerySet[Any]:
    lesson = OuterRef("lesson")
    done = LessonProgress.objects.filter(user=OuterRef("user"), lesson=lesson)
    learns = Enrollment.objects.learning().filter(user=OuterRef("user"), course__lessons=lesson)
    live = Lesson.objects.live().values("pk")
    rows = passed.filter(~Exists(done), Exists(learns), lesson__in=live)
    pairs = rows.order_by().values_list("user", "lesson")
    first: QuerySet[Any] = pairs.annotate(handed_in=Min("ended"))
    return first


def complete_those_passed(limit: int = 500) -> int:
    """Complete what is owed; return how many lessons."""
    found: list[tuple[UUID, UUID, datetime]] = list(owed())
    # Any of them: what cannot be completed now must not stand in the way of the rest.
    due = SystemRandom().sample(found, min(limit, len(found)))
    people = User.objects.in_bulk([user for user, _, _ in due])
    lessons = Lesson.objects.select_related("course").in_bulk([lesson for _, lesson, _ in due])
    return sum(complete_by_passing(people[one], lessons[lesson], at) for one, lesson, at in due)

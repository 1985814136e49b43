"""What passing promised and is not done yet, though its door is open."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef

from assessments.models import Attempt, Submission, Work
from courses.models import Lesson
from enrollments.models import Enrollment
from progress.models import LessonProgress


def passed_but_open() -> int:
    """How many lessons somebody has passed and not completed, in courses they learn in now."""
    quizzes = Attempt.objects.counted().filter(passed=True).annotate(lesson=F("quiz__lesson"))
    code = Submission.objects.graded().filter(status=Work.Status.PASSED)
    code = code.annotate(lesson=F("assignment__lesson"))
    return sum(len(owed(rows)) for rows in (quizzes, code))


def owed(passed: Any) -> set[tuple[UUID, UUID]]:
    """Pairs of person and lesson."""
    lesson = OuterRef("lesson")
    done = LessonProgress.objects.filter(user=OuterRef("user"), lesson=lesson)
    learns = Enrollment.objects.learning().filter(user=OuterRef("user"), course__lessons=lesson)
    live = Lesson.objects.live().values("pk")
    rows = passed.filter(~Exists(done), Exists(learns), lesson__in=live)
    return set(rows.order_by().values_list("user", "lesson").distinct())

"""Completing a lesson and reading what it paid, in one transaction."""

from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from courses.models import Lesson
from enrollments.access import require_enrollment
from gamification import ledger
from gamification.levels import level_of
from progress.actions import Completion, complete_lesson, uncomplete_lesson
from progress.models import LessonProgress


@dataclass(frozen=True)
class Receipt:
    """What a change of one lesson came to. `xp_awarded` is what this change paid, maybe nothing."""

    completion: Completion
    xp_awarded: int
    total_xp: int

    @property
    def level(self) -> int:
        return level_of(self.total_xp)

    @property
    def message(self) -> str:
        if not self.xp_awarded:
            return "Lesson complete. Its XP were paid before."
        text = f"Lesson complete. You earned {self.xp_awarded} XP."
        if self.level > level_of(self.total_xp - self.xp_awarded):
            text += f" You reached level {self.level}."
        if self.completion.course_completed:
            text += " That was the last lesson of the course."
        return text


@transaction.atomic
def complete(user: User, lesson: Lesson) -> Receipt | None:
    """Complete the lesson by the same verb as the page. None: it was completed already.

    The enrolment is locked before the look, so of many at once one completes and the others see it.
    """
    require_enrollment(user, lesson.course, lock=True)
    if LessonProgress.objects.filter(user=user, lesson=lesson).exists():
        return None
    completion = complete_lesson(user, lesson)
    paid = ledger.paid_at(user, f"lesson:{lesson.pk}", completion.at)
    return Receipt(completion, paid, ledger.total_of(user))


@transaction.atomic
def uncomplete(user: User, lesson: Lesson) -> Receipt:
    """Open the lesson again. What it paid stays."""
    require_enrollment(user, lesson.course, lock=True)
    return Receipt(uncomplete_lesson(user, lesson), 0, ledger.total_of(user))

"""Refusals of this room, each with a sentence for the person."""

from courses.models import Tier


class EnrollmentRefused(Exception):
    """Somebody may not enrol, or may not open what they asked for."""

    message = "You cannot enrol in this course."

    def __str__(self) -> str:
        return self.message


class CourseClosed(EnrollmentRefused):
    """The course is a draft, archived or gone."""

    message = "This course is not open."


class PlanRequired(EnrollmentRefused):
    """The course belongs to a plan that the person does not hold. `is_in`: they have a place."""

    def __init__(self, plan: Tier, *, is_in: bool = False) -> None:
        super().__init__(plan)
        self.plan, self.is_in = plan, is_in
        self.message = f"This course is part of the {plan.label} plan."


class PrerequisiteMissing(EnrollmentRefused):
    """Another course comes first."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.message = f"Finish “{title}” first."


class NotEnrolled(EnrollmentRefused):
    """The person is not in this course."""

    message = "You are not enrolled in this course."


class Paused(NotEnrolled):
    """The person's place is kept; staff paused it."""

    message = "Your place in this course is paused."


class BackfillActive(Exception):
    """Another backfill is running."""

    message = "Another run is active."

    def __str__(self) -> str:
        return self.message

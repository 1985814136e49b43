"""Refusals of this room, each with a sentence for the person."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Tier


class EnrollmentRefused(Exception):
    """Somebody may not enrol, or may not open what they asked for."""

    message: str | Promise = gettext_lazy("You cannot enrol in this course.")

    def __str__(self) -> str:
        return str(self.message)


class CourseClosed(EnrollmentRefused):
    """The course is a draft, archived or gone."""

    message = gettext_lazy("This course is not open.")


class PlanRequired(EnrollmentRefused):
    """The course belongs to a plan that the person does not hold. `is_in`: they have a place."""

    def __init__(self, plan: Tier, *, is_in: bool = False) -> None:
        super().__init__(plan)
        self.plan, self.is_in = plan, is_in
        self.message = _("This course is part of the %(plan)s plan.") % {"plan": plan.label}


class PrerequisiteMissing(EnrollmentRefused):
    """Another course comes first."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.message = _("Finish “%(title)s” first.") % {"title": title}


class NotEnrolled(EnrollmentRefused):
    """The person is not in this course."""

    message = gettext_lazy("You are not enrolled in this course.")


class Paused(NotEnrolled):
    """The person's place is kept; staff paused it."""

    message = gettext_lazy("Your place in this course is paused.")


class BackfillActive(Exception):
    """Another backfill is running."""

    message = gettext_lazy("Another run is active.")

    def __str__(self) -> str:
        return str(self.message)

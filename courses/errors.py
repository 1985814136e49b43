"""What the floor of courses refuses, in words for a person."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.checks import Problem


class CourseRefusal(Exception):
    """Something that cannot be done with a course or lesson now."""

    message: str | Promise = _("This cannot be done.")

    def __init__(self, message: str = "") -> None:
        self.message = message or self.message
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)


class NothingToTeach(CourseRefusal):
    message = _("A course without a published lesson cannot be published.")


class NotReady(CourseRefusal):
    """Publishing was refused; `problems` says what to mend."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(str(problem) for problem in problems))


class Deleted(CourseRefusal):
    message = _("It was deleted. Restore it first.")


class ModuleDeleted(CourseRefusal):
    message = _("Its module was deleted. Restore the module first.")

"""What the floor of courses refuses, in words for a person."""

from collections.abc import Sequence

from courses.checks import Problem


class CourseRefusal(Exception):
    """Something that cannot be done with a course or lesson now."""

    message = "This cannot be done."

    def __init__(self, message: str = "") -> None:
        self.message = message or self.message
        super().__init__(self.message)


class NothingToTeach(CourseRefusal):
    message = "A course without a published lesson cannot be published."


class NotReady(CourseRefusal):
    """Publishing was refused; `problems` says what to mend."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(str(problem) for problem in problems))


class Deleted(CourseRefusal):
    message = "It was deleted. Restore it first."


class ModuleDeleted(CourseRefusal):
    message = "Its module was deleted. Restore the module first."

"""Where to look on when people get stuck in an assignment or a quiz, and what is seen there."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.numerals import grouped
from courses.models import Course, Lesson
from studio.insights.assignments import AssignmentNumbers, assignments_of
from studio.insights.lessons import LessonNumbers
from studio.insights.population import Population
from studio.insights.quizzes import QuizNumbers, quizzes_of

TABS = {Lesson.Kind.ASSIGNMENT: "assignments", Lesson.Kind.QUIZ: "quizzes"}


@dataclass(frozen=True, slots=True)
class StuckLesson:
    """A lesson in which people get stuck. `causes` are what its assignment or quiz says of it,
    `address` where more of that stands; nothing and "" for a lesson of another kind."""

    numbers: LessonNumbers
    causes: Sequence[str] = ()
    address: str = ""

    @property
    def is_quiz(self) -> bool:
        return self.numbers.lesson.kind == Lesson.Kind.QUIZ


def with_causes(
    course: Course, population: Population, stuck: Sequence[LessonNumbers]
) -> list[StuckLesson]:
    """Six queries where one is an assignment, four where one is a quiz."""
    kinds = {one.lesson.kind for one in stuck}
    causes: dict[UUID, list[str]] = {}
    if Lesson.Kind.ASSIGNMENT in kinds:
        causes |= {one.lesson.pk: said_of_assignment(one) for one in assignments_of(population)}
    if Lesson.Kind.QUIZ in kinds:
        causes |= {one.lesson.pk: said_of_quiz(one) for one in quizzes_of(population)}
    return [
        StuckLesson(
            one, causes.get(one.lesson.pk, []), address_of(course, population, one.lesson)
        )
        for one in stuck
    ]  # fmt: skip


def address_of(course: Course, population: Population, lesson: Lesson) -> str:
    tab = TABS.get(Lesson.Kind(lesson.kind))
    if tab is None:
        return ""
    path = reverse("studio:insights_tab", args=[course.slug, tab])
    query = f"?{population.query}" if population.query else ""
    return f"{path}{query}#{'quiz' if tab == 'quizzes' else 'task'}-{lesson.pk}"


def said_of_assignment(one: AssignmentNumbers) -> list[str]:
    found = [one.said_of_all] if one.said_of_all else []
    if hot := one.hottest:
        said = {"name": hot.case.name, "share": hot.blamed.text, "n": grouped(hot.blamed.of)}
        found.append(
            _("“%(name)s” stops most: it is the first test to fail for %(share)s (n\xa0=\xa0%(n)s)")
            % said
        )
    worst = next((fault for fault in one.faults if fault.people.is_rate), None)
    if worst:
        said = {"share": worst.people.text, "error": worst.words, "n": grouped(worst.people.of)}
        found.append(_("%(share)s of those who fail had “%(error)s” (n\xa0=\xa0%(n)s)") % said)
    return found


def said_of_quiz(one: QuizNumbers) -> list[str]:
    if one.whole is None:
        return []
    said = {"share": one.passing.text, "n": grouped(one.attempts)}
    return [_("%(share)s pass it at the first attempt (n\xa0=\xa0%(n)s)") % said]

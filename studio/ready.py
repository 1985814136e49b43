"""What keeps a course from its learners, each thing with the page on which it is mended."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.assignments import problems_of_assignments, refuse_unfair_assignments
from assessments.fairness import NO_CASE
from assessments.models import Assignment, Quiz
from courses.actions import links_of, publish_course, publish_lesson
from courses.checks import Problem, problems_of, problems_of_lesson
from courses.errors import NotReady
from courses.models import Course, Lesson
from studio.editing import editing
from studio.naming import named
from studio.quiz_checks import only_errors, problems_of_quizzes, refuse_empty_quizzes

NO_TEST = _("It has no test yet, so nothing would be checked. Add a case to it.")
OF_THE_COURSE = {"summary": "id_summary", "description": "id_description", "picture": "facts"}


@dataclass(frozen=True, slots=True)
class Mending:
    """One problem, and where it is mended."""

    problem: Problem
    address: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """What was found about a course as its learners would get it."""

    mendings: Sequence[Mending]

    @property
    def errors(self) -> list[Mending]:
        return [one for one in self.mendings if one.problem.is_error]

    @property
    def warnings(self) -> list[Mending]:
        return [one for one in self.mendings if not one.problem.is_error]

    def words_of(self, refusal: Exception) -> list[str]:
        """Why publishing was refused, each link and picture by its name as in the list."""
        if isinstance(refusal, NotReady) and self.errors:
            return [str(one.problem) for one in self.errors]
        return words_of(refusal)


def drafts_of(course: Course) -> list[Lesson]:
    rows = Lesson.objects.with_drafts().filter(course=course, status=Lesson.Status.DRAFT)
    return list(rows.in_outline_order().only("title", "kind", "minutes", "course_id"))


def publish_with(course: Course, lessons: set[str], by: User | None) -> None:
    """Publish the course, and these of its drafts with it. All or nothing.

    Raises NotReady, CourseRefusal.
    """
    with editing(course) as locked:
        # Where the course is out already, nothing judges it as a whole.
        publish_one = publish_fair_lesson if locked.is_published else publish_lesson
        for draft in drafts_of(locked):
            if str(draft.pk) in lessons:
                publish_one(draft)
        publish_fair(locked, by)


def publish_fair(course: Course, by: User | None) -> bool:
    """Publish the course, unless something in it judges by nothing or unfairly. Inside `editing`.

    Raises NotReady, CourseRefusal.
    """
    refuse_empty_quizzes(course)
    refuse_unfair_assignments(course)
    return publish_course(course, by)


def publish_fair_lesson(lesson: Lesson) -> bool:
    """The same for one lesson. Inside `editing`. Raises NotReady."""
    if faults := faults_of_lesson(lesson):
        raise NotReady(faults)
    return publish_lesson(lesson)


def faults_of_lesson(lesson: Lesson) -> list[Problem]:
    """What keeps a lesson from learners, in the words of the course's list, without its title."""
    found = problems_of_lesson(lesson, lesson.course)
    found = named(found, lesson.content, lesson.source, links_of(lesson.course))
    if lesson.kind == Lesson.Kind.QUIZ:
        found += problems_of_quizzes(Lesson.objects.filter(pk=lesson.pk))
    return [replace(one, lesson="") for one in [*only_errors(found), *unfair(lesson)]]


def unfair(lesson: Lesson) -> list[Problem]:
    """What keeps an assignment from being given to learners; nothing if it is none."""
    return only_errors(problems_of_tasks(Lesson.objects.filter(pk=lesson.pk)))


def problems_of_tasks(lessons: QuerySet[Lesson]) -> list[Problem]:
    """Judge those of the lessons that are assignments, in words that say what to do."""
    return in_own_words(problems_of_assignments(lessons))


def in_own_words(problems: Sequence[Problem]) -> list[Problem]:
    """In the words of the editor, where a case is added by a button."""
    return [
        replace(one, message=str(NO_TEST)) if one.message == str(NO_CASE) else one
        for one in problems
    ]


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside is only looked at."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def readiness(course: Course, with_drafts: set[str]) -> Readiness:
    """Judge the course as if these drafts were published. Nothing stays of it."""
    with undone():
        # The first lock is the course's, as it is for those who write.
        Course.objects.select_for_update(no_key=True).get(pk=course.pk)
        rows = Lesson.objects.with_drafts().filter(course=course, pk__in=with_drafts)
        rows.update(status=Lesson.Status.PUBLISHED)
        return Readiness([*_of_texts(course), *_of_what_judges(course)])


def _of_texts(course: Course) -> Iterator[Mending]:
    lessons = list(course.lessons.shown().select_related("module").in_outline_order())
    page = reverse("studio:course", args=[course.slug])
    links = links_of(course)
    own = [problem for problem in problems_of(course, lessons) if not problem.lesson]
    for problem in named(own, course.description, "course.yaml", links):
        yield Mending(problem, f"{page}#{OF_THE_COURSE.get(problem.code, 'outline')}")
    for lesson in lessons:
        address = reverse("studio:lesson", args=[lesson.pk])
        found = problems_of_lesson(lesson, course)
        for problem in named(found, lesson.content, lesson.source, links):
            yield Mending(problem, address)


def _of_what_judges(course: Course) -> Iterator[Mending]:
    """Those are told by the titles of their lessons. Of two with one title, the first is meant."""
    shown = course.lessons.shown()
    quizzes = first_of(Quiz.objects.filter(lesson__in=shown).values_list("lesson__title", "pk"))
    tasks = first_of(Assignment.objects.filter(lesson__in=shown).values_list("lesson__title", "pk"))
    outline = f"{reverse('studio:course', args=[course.slug])}#outline"
    for problem in problems_of_quizzes(shown):
        key = quizzes.get(problem.lesson)
        yield Mending(problem, reverse("studio:edit_quiz", args=[key]) if key else outline)
    for problem in problems_of_tasks(shown):
        key = tasks.get(problem.lesson)
        yield Mending(problem, reverse("studio:edit_assignment", args=[key]) if key else outline)


def first_of(pairs: object) -> dict[str, UUID]:
    found: dict[str, UUID] = {}
    for title, key in pairs:  # type: ignore[attr-defined]
        found.setdefault(title, key)
    return found


def words_of(refusal: Exception) -> list[str]:
    """A refusal as sentences."""
    if isinstance(refusal, NotReady):
        return [str(problem) for problem in in_own_words(list(refusal.problems))]
    return [str(getattr(refusal, "message", refusal))]

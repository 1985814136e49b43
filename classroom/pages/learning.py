"""Dashboard, course home and lesson."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.prepared import Prepared
from assessments.models import Attempt, Draft, Submission, Work
from courses.models import Course, Lesson
from courses.outline import Outline, OutlineLesson
from enrollments.models import Enrollment
from progress.actions import Completion
from progress.models import CourseProgress
from progress.reports import CourseReport, Tally, course_report, tallies

SHOWN = 12
SHOWN_OF_LESSON = ("title", "slug", "course__title", "course__slug")
LONG_TEXTS = ("course__description", "course__description_html", "course__search")


@dataclass(frozen=True)
class CourseCard:
    """One of my courses."""

    course: Course
    tally: Tally


@dataclass(frozen=True)
class DashboardPage:
    """The classroom: what to do next, then my courses, those active last first."""

    cards: list[CourseCard]
    has_more: bool
    course: Course | None
    report: CourseReport | None
    open_attempts: list[Attempt]
    begun_work: list[Draft]

    @property
    def resume(self) -> OutlineLesson | None:
        return self.report.resume_lesson if self.report else None

    @property
    def position(self) -> int | None:
        return (
            self.report.outline.position_of(self.resume.id) if self.report and self.resume else None
        )

    @property
    def open_cards(self) -> list[CourseCard]:
        return [card for card in self.cards if not card.tally.is_complete]

    @property
    def finished_cards(self) -> list[CourseCard]:
        return [card for card in self.cards if card.tally.is_complete]


def my_places(user: User) -> QuerySet[Enrollment]:
    """The person's places in published courses, those active last first."""
    mine = CourseProgress.objects.filter(user=user, course=OuterRef("course"))
    active_at = Coalesce(Subquery(mine.values("last_active_at")[:1]), "enrolled_at")
    return (
        Enrollment.objects.of(user)
        .current()
        .filter(course__status=Course.Status.PUBLISHED, course__deleted_at=None)
        .select_related("course__language")
        .defer(*LONG_TEXTS)
        .order_by(active_at.desc(), "course__title")
    )


def cards_of(user: User, courses: list[Course]) -> list[CourseCard]:
    found = tallies(user, courses)
    return [CourseCard(course, found[course.pk]) for course in courses]


def dashboard_page(user: User) -> DashboardPage:
    """Seven queries, however many courses there are; one more for code that was begun."""
    places = PLACES(user.pk)
    paused = {place.course_id for place in places if place.status == Enrollment.Status.PAUSED}
    cards = cards_of(user, [place.course for place in places[:SHOWN]])
    unfinished = (c.course for c in cards if c.tally.total and not c.tally.is_complete)
    course = next((course for course in unfinished if course.pk not in paused), None)
    return DashboardPage(
        cards=cards,
        has_more=len(places) > SHOWN,
        course=course,
        report=course_report(user, course) if course else None,
        open_attempts=open_attempts(user),
        begun_work=begun_work(user) if any(place.has_work for place in places) else [],
    )


def open_attempts(user: User) -> list[Attempt]:
    """Quizzes begun and not handed in, those whose clock ends first in front."""
    return OPEN_ATTEMPTS(user.pk)


def begun_drafts(user: User) -> QuerySet[Draft]:
    """Code that was begun and has not passed, in lessons that can be seen."""
    passed = Submission.objects.of(user).graded().filter(status=Work.Status.PASSED)
    rows = Draft.objects.filter(user=user, assignment__lesson__in=Lesson.objects.live())
    return rows.exclude(assignment__in=passed.values("assignment"))


def begun_work(user: User) -> list[Draft]:
    """The same where its course is still learnt, what was saved last in front."""
    places = Enrollment.objects.learning().filter(user=user)
    rows = (
        begun_drafts(user)
        .filter(assignment__lesson__course__in=places.values("course"))
        .select_related("assignment__lesson__course")
        .only("saved_at", *(f"assignment__lesson__{name}" for name in SHOWN_OF_LESSON))
    )
    return list(rows.order_by("-saved_at")[:5])


def places_with_work(user: UUID) -> QuerySet[Any]:
    """The places that the dashboard shows, and whether code was begun in their courses."""
    me = User(pk=user)
    begun = begun_drafts(me).filter(assignment__lesson__course=OuterRef("course"))
    return my_places(me).annotate(has_work=Exists(begun))[: SHOWN + 1]


def running_attempts(user: UUID) -> QuerySet[Attempt]:
    rows = Attempt.objects.of(User(pk=user)).running().select_related("quiz__lesson__course")
    longs = (f"quiz__lesson__{name}" for name in ("content", "content_html", *LONG_TEXTS))
    return rows.defer(*longs).order_by(F("deadline").asc(nulls_last=True), "pk")[:5]


PLACES, OPEN_ATTEMPTS = Prepared(places_with_work, UUID), Prepared(running_attempts, UUID)


@dataclass(frozen=True)
class MyCoursesPage:
    """All of my courses, a page at a time."""

    page: Page[Enrollment]
    cards: list[CourseCard]


def my_courses_page(user: User, number: str) -> MyCoursesPage:
    """Four queries."""
    page = Paginator(my_places(user), 24).get_page(number)
    return MyCoursesPage(page, cards_of(user, [place.course for place in page.object_list]))


@dataclass(frozen=True)
class LessonPage:
    """A lesson in its course, for a learner, a guest or an author looking ahead."""

    lesson: Lesson
    outline: Outline
    report: CourseReport
    may_complete: bool
    is_preview: bool = False

    @property
    def course(self) -> Course:
        return self.lesson.course

    @property
    def done(self) -> bool:
        return self.lesson.pk in self.report.completed_ids

    @property
    def position(self) -> int | None:
        return self.outline.position_of(self.lesson.pk)

    @property
    def previous(self) -> OutlineLesson | None:
        return self.outline.previous(self.lesson.pk)

    @property
    def next(self) -> OutlineLesson | None:
        return self.outline.next(self.lesson.pk)

    @property
    def here(self) -> OutlineLesson | None:
        return self.outline.lesson(self.lesson.pk)

    @property
    def missing(self) -> int:
        """How many required lessons are left."""
        return self.report.total - self.report.done

    @property
    def segments(self) -> list[str]:
        """The track: done, here, or open, for each required lesson."""
        done, here = self.report.completed_ids, self.lesson.pk
        return [
            "on" if x.id in done else "now" if x.id == here else "" for x in self.outline.required
        ]


def lesson_page(
    user: User | None, lesson: Lesson, *, may_complete: bool, is_preview: bool = False
) -> LessonPage:
    """Two queries for a learner, one for a guest."""
    outline = lesson.course.outline(with_drafts=is_preview)
    report = course_report(user, lesson.course, outline, resume=False)
    return LessonPage(lesson, outline, report, may_complete, is_preview)


def what_was_said(
    page: LessonPage, result: Completion, points: tuple[int, int | None], *, done: bool
) -> str:
    """Say in a sentence or two what marking came to: XP, and a level newly reached."""
    xp, level = points
    told = [f"Lesson marked {'complete' if done else 'not complete'}."]
    if page.report.total:
        told.append(f"{page.report.done} of {page.report.total} lessons done.")
    if xp:
        told.append(f"You earned {intcomma(xp)} XP.")
    if level:
        told.append(f"You reached level {level}.")
    is_news = done and result.created and page.lesson.is_required
    if is_news and page.report.is_complete:
        told.append("That was the last one: the course is complete.")
    return " ".join(told)

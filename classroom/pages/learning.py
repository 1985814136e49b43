"""Dashboard, course home and lesson."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.prepared import Prepared
from assessments.models import Attempt, Draft, Submission, Work
from billing.access import opens, plan_for, plan_of
from billing.plans import Lock, locks_of
from courses.models import Course, Lesson, Tier, opened_by
from courses.outline import Outline, OutlineLesson
from enrollments.models import Enrollment
from progress.actions import Completion
from progress.models import CourseProgress
from progress.reports import CourseReport, Tally, course_report, tallies

SHOWN = 12
SHOWN_OF_LESSON = (
    *("title", "slug", "course__title", "course__slug", "course__required_plan"),
    "course__language__required_plan",
)
LONG_TEXTS = ("course__description", "course__description_html", "course__search")


@dataclass(frozen=True)
class CourseCard:
    """One of my courses. `lock`: the plan that it needs, if it needs one."""

    course: Course
    tally: Tally
    lock: Lock | None = None

    @property
    def is_locked(self) -> bool:
        return self.lock is not None and not self.lock.is_open

    @property
    def address(self) -> str:
        """Where I go on; for a locked course the page that says what opens it."""
        if self.is_locked:
            return self.course.get_absolute_url()
        return reverse("classroom:course_home", args=[self.course.slug])


@dataclass(frozen=True)
class DashboardPage:
    """The classroom: what to do next, then my courses: open ones first, those active last first."""

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
    def locked(self) -> CourseCard | None:
        """The course whose lessons wait for a plan."""
        return next((card for card in self.unfinished_cards if card.is_locked), None)

    @property
    def unfinished_cards(self) -> list[CourseCard]:
        return [card for card in self.cards if not card.tally.is_complete]

    @property
    def finished_cards(self) -> list[CourseCard]:
        return [card for card in self.cards if card.tally.is_complete]


def my_places(user: User, held: Tier | None = None) -> QuerySet[Enrollment]:
    """The person's places in published courses, those active last first.

    Where it is said which plan they hold, courses that it does not open come last.
    """
    mine = CourseProgress.objects.filter(user=user, course=OuterRef("course"))
    active_at = Coalesce(Subquery(mine.values("last_active_at")[:1]), "enrolled_at")
    places = (
        Enrollment.objects.of(user)
        .current()
        .filter(course__status=Course.Status.PUBLISHED, course__deleted_at=None)
        .select_related("course__language")
        .defer(*LONG_TEXTS)
        .order_by(active_at.desc(), "course__title")
    )
    if held is None:
        return places
    is_open = places.alias(is_open=opened_by(held, "course__"))
    return is_open.order_by("-is_open", active_at.desc(), "course__title")


def cards_of(user: User, courses: list[Course], locks: Mapping[UUID, Lock]) -> list[CourseCard]:
    """The courses with what I did there, locked ones last."""
    found = tallies(user, courses)
    cards = [CourseCard(one, found[one.pk], locks.get(one.pk)) for one in courses]
    return sorted(cards, key=lambda card: card.is_locked)


def dashboard_page(user: User, speaks: str = "") -> DashboardPage:
    """Seven queries, however many courses there are; one more for code that was begun.

    Where one of the courses needs a plan two more, and a third if there are more than are shown.
    `speaks`: the languages that the browser asks for, which tell the currency.
    """
    places, attempts = PLACES(user.pk), open_attempts(user)
    work = begun_work(user) if any(place.has_work for place in places) else []
    held = plan_for(user, [place.course for place in places] + courses_of(attempts, work))
    if len(places) > SHOWN and not all(opens(held, place.course) for place in places):
        places = list(my_places(user, held)[: SHOWN + 1])
    courses = [place.course for place in places[:SHOWN]]
    cards = cards_of(user, courses, locks_of(courses, user, speaks, held))
    paused = {place.course_id for place in places if place.status == Enrollment.Status.PAUSED}
    course = course_to_go_on(cards, paused)
    return DashboardPage(
        cards=cards,
        has_more=len(places) > SHOWN,
        course=course,
        report=course_report(user, course) if course else None,
        open_attempts=[one for one in attempts if opens(held, one.quiz.lesson.course)],
        begun_work=[one for one in work if opens(held, one.assignment.lesson.course)],
    )


def course_to_go_on(cards: list[CourseCard], paused: set[UUID]) -> Course | None:
    """The course active last of those that have lessons left and an open door."""
    unfinished = (card for card in cards if card.tally.total and not card.tally.is_complete)
    doors = (card for card in unfinished if not card.is_locked and card.course.pk not in paused)
    return next((card.course for card in doors), None)


def courses_of(attempts: Iterable[Attempt], work: Iterable[Draft]) -> list[Course]:
    lessons = [attempt.quiz.lesson for attempt in attempts]
    return [lesson.course for lesson in lessons + [draft.assignment.lesson for draft in work]]


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
        .select_related("assignment__lesson__course__language")
        .only("saved_at", *(f"assignment__lesson__{name}" for name in SHOWN_OF_LESSON))
    )
    return list(rows.order_by("-saved_at")[:5])


def places_with_work(user: UUID) -> QuerySet[Any]:
    """The places that the dashboard shows, and whether code was begun in their courses."""
    me = User(pk=user)
    begun = begun_drafts(me).filter(assignment__lesson__course=OuterRef("course"))
    return my_places(me).annotate(has_work=Exists(begun))[: SHOWN + 1]


def running_attempts(user: UUID) -> QuerySet[Attempt]:
    rows = Attempt.objects.of(User(pk=user)).running()
    rows = rows.select_related("quiz__lesson__course__language")
    longs = (f"quiz__lesson__{name}" for name in ("content", "content_html", *LONG_TEXTS))
    return rows.defer(*longs).order_by(F("deadline").asc(nulls_last=True), "pk")[:5]


PLACES, OPEN_ATTEMPTS = Prepared(places_with_work, UUID), Prepared(running_attempts, UUID)


@dataclass(frozen=True)
class MyCoursesPage:
    """All of my courses, a page at a time, locked ones at the end."""

    page: Page[Enrollment]
    cards: list[CourseCard]


def my_courses_page(user: User, number: str, speaks: str = "") -> MyCoursesPage:
    """Five queries; one more where courses need a plan that is sold."""
    held = plan_of(user)
    page = Paginator(my_places(user, held), 24).get_page(number)
    courses = [place.course for place in page.object_list]
    return MyCoursesPage(page, cards_of(user, courses, locks_of(courses, user, speaks, held)))


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
    told = [_("Lesson marked complete.") if done else _("Lesson marked not complete.")]
    if page.report.total:
        told.append(
            _("%(done)s of %(total)s lessons done.")
            % {"done": page.report.done, "total": page.report.total}
        )
    if xp:
        told.append(_("You earned %(xp)s XP.") % {"xp": intcomma(xp)})
    if level:
        told.append(_("You reached level %(level)s.") % {"level": level})
    if result.course_completed:
        told.append(_("That was the last one: the course is complete."))
    return " ".join(told)

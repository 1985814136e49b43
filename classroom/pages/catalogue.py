"""Landing, catalogue, course and language pages."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from billing.access import plan_of
from billing.plans import Lock, locks_of
from courses.models import Course, CourseQuerySet, Difficulty, Lesson, ProgrammingLanguage, Tier
from enrollments.access import enrollment_of
from enrollments.actions import has_completed
from enrollments.models import Enrollment, LanguageEnrollment
from progress.reports import CourseReport, Tally, course_report, tallies

PER_PAGE = 12
COSTS = {"free": gettext_lazy("Free"), "included": gettext_lazy("In my plan")}
LONG_TEXTS = ("description", "description_html", "search")


@dataclass(frozen=True)
class Choice:
    """What somebody looks for in the catalogue; words that name nothing are ignored, and said."""

    text: str = ""
    language: str = ""
    difficulty: str = ""
    cost: str = ""
    ignored: tuple[str, ...] = ()

    @property
    def query(self) -> str:
        """The choice as the front part of a query string."""
        pairs = {"q": self.text, "language": self.language, "difficulty": self.difficulty}
        pairs["cost"] = self.cost
        given = {key: value for key, value in pairs.items() if value}
        return urlencode(given) + "&" if given else ""

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.language or self.difficulty or self.cost)


@dataclass(frozen=True)
class CataloguePage:
    """One page of courses, with the progress of whoever looks."""

    choice: Choice
    page: Page[Course]
    languages: list[ProgrammingLanguage]
    mine: dict[UUID, Tally]
    nearest: list[Course]
    locks: dict[UUID, Lock]

    @property
    def difficulties(self) -> list[tuple[str, str]]:
        return [(value.lower(), str(label)) for value, label in Difficulty.choices]

    @property
    def costs(self) -> dict[str, str | Promise]:
        return {**COSTS}


def choice_from(query: dict[str, str], languages: list[ProgrammingLanguage]) -> Choice:
    """Read the filters out of an address."""
    ignored = []
    language, difficulty = query.get("language", ""), query.get("difficulty", "").lower()
    if language and language not in {known.slug for known in languages}:
        ignored.append(_("language “%(language)s”") % {"language": language[:40]})
        language = ""
    if difficulty and difficulty.upper() not in Difficulty.values:
        ignored.append(_("level “%(difficulty)s”") % {"difficulty": difficulty[:40]})
        difficulty = ""
    cost = query.get("cost", "")
    if cost and cost not in COSTS:
        ignored.append(_("cost “%(cost)s”") % {"cost": cost[:40]})
        cost = ""
    return Choice(query.get("q", "").strip()[:200], language, difficulty, cost, tuple(ignored))


def listed_courses() -> CourseQuerySet:
    """Published courses as cards show them: with their language, without long texts."""
    return Course.objects.published().with_language().defer(*LONG_TEXTS)


def chosen_courses(choice: Choice, held: Tier | None) -> CourseQuerySet:
    """The courses that the filters leave. Without a plan that is known, those in it are free."""
    courses = listed_courses()
    if choice.language:
        courses = courses.in_language(choice.language)
    if choice.difficulty:
        courses = courses.of_difficulty(choice.difficulty.upper())
    if choice.cost:
        is_mine = choice.cost == "included" and held is not None
        courses = courses.within(held if held and is_mine else Tier.FREE)
    return courses


def catalogue_page(user: User | None, query: dict[str, str], speaks: str = "") -> CataloguePage:
    """Five queries for somebody signed in, three for a guest; two more where courses need a plan.

    `speaks`: the languages that the browser asks for, which tell the currency.
    """
    languages = list(ProgrammingLanguage.objects.filter(is_active=True))
    choice = choice_from(query, languages)
    held = plan_of(user) if user and choice.cost == "included" else None
    courses = chosen_courses(choice, held)
    found = courses.search(choice.text) if choice.text else courses.order_by("title")
    page = Paginator(found, PER_PAGE).get_page(query.get("page", "1")[:6])
    shown = list(page.object_list)
    page.object_list = shown
    nearest = []
    if not shown and not choice.is_empty:
        nearest = list(listed_courses()[:3])
    mine = tallies_of_mine(user, shown + nearest)
    locks = locks_of(shown + nearest, user, speaks, held)
    return CataloguePage(choice, page, languages, mine, nearest, locks)


def tallies_of_mine(user: User | None, courses: list[Course]) -> dict[UUID, Tally]:
    """Progress in those of the courses that the person is enrolled in."""
    if user is None or not courses:
        return {}
    places = Enrollment.objects.of(user).current().filter(course__in=courses)
    mine = set(places.values_list("course_id", flat=True))
    return tallies(user, [course for course in courses if course.pk in mine]) if mine else {}


@dataclass(frozen=True)
class CoursePage:
    """A course as somebody decides about it."""

    course: Course
    report: CourseReport
    enrollment: Enrollment | None
    lock: Lock | None
    comes_first: Course | None
    lock_of_first: Lock | None = None
    refusal: str = ""

    @property
    def is_paused(self) -> bool:
        return self.enrollment is not None and self.enrollment.status == Enrollment.Status.PAUSED

    @property
    def may_learn(self) -> bool:
        return self.enrollment is not None and not self.is_paused and self.is_covered

    @property
    def is_covered(self) -> bool:
        return self.lock is None or self.lock.is_open

    @property
    def first_preview(self) -> str | None:
        return next((x.slug for x in self.report.outline.lessons if x.is_preview), None)


def course_page(
    user: User | None, course: Course, speaks: str = "", refusal: str = ""
) -> CoursePage:
    """At most three queries, one for a guest; two more if it, or what comes first, needs a plan."""
    enrollment = enrollment_of(user, course) if user else None
    report = course_report(user if enrollment else None, course, resume=False)
    first = None if enrollment else still_to_finish(user, course)
    locks = locks_of([course, first] if first else [course], user, speaks)
    lock_of_first = locks.get(first.pk) if first else None
    return CoursePage(
        course, report, enrollment, locks.get(course.pk), first, lock_of_first, refusal
    )


def still_to_finish(user: User | None, course: Course) -> Course | None:
    """The course that comes before this one, unless it is hidden or the person has finished it."""
    first = course.prerequisite
    if first is None or not first.is_published or (user and has_completed(user, first)):
        return None
    return first


@dataclass(frozen=True)
class LanguagePage:
    """A language and its courses."""

    language: ProgrammingLanguage
    courses: list[Course]
    mine: dict[UUID, Tally]
    follows: bool
    locks: dict[UUID, Lock]
    lock: Lock | None


def language_page(
    user: User | None, language: ProgrammingLanguage, speaks: str = ""
) -> LanguagePage:
    courses = list(listed_courses().in_language(language.slug))
    follows = user is not None and (
        LanguageEnrollment.objects.filter(user=user, language=language)
        .exclude(status=Enrollment.Status.DROPPED)
        .exists()
    )
    # What it takes to learn the language at all: as a course that needs nothing more.
    least = Course(language=language)
    locks = locks_of([*courses, least], user, speaks)
    mine = tallies_of_mine(user, courses)
    return LanguagePage(language, courses, mine, follows, locks, locks.get(least.pk))


def languages_with_counts() -> list[ProgrammingLanguage]:
    """Active languages, each with `course_count`."""
    published = Q(courses__status=Course.Status.PUBLISHED, courses__deleted_at=None)
    counted = ProgrammingLanguage.objects.filter(is_active=True).annotate(
        course_count=Count("courses", filter=published)
    )
    return list(counted.order_by("name"))


@dataclass(frozen=True)
class LandingPage:
    """What a stranger sees first."""

    courses: list[Course]
    trial: Lesson | None
    locks: dict[UUID, Lock]


def landing_page(speaks: str = "") -> LandingPage:
    """Two queries; one more where courses need a plan that is sold."""
    courses = listed_courses()
    trial = (
        Lesson.objects.live()
        .filter(is_preview=True)
        .select_related("course")
        .only("slug", "title", "minutes", "course__slug", "course__title")
        .order_by("course__published_at", "course__title", "module__position", "position")
    )
    first = list(courses.order_by("published_at", "title")[:3])
    return LandingPage(first, trial.first(), locks_of(first, None, speaks))

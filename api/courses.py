"""The catalogue, one course with its outline, and how far one is in it."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django.core.paginator import Paginator
from ninja import Query, Router

from accounts.limits import address_of
from api.access import published_course
from api.door import ApiRequest, everybody, members, spend
from api.shapes import (
    EVERYWHERE,
    CourseDetail,
    CourseFilter,
    CoursePage,
    CourseShape,
    LessonReference,
    LessonShape,
    ModuleShape,
    Plan,
    ProgressShape,
    answers,
)
from assessments.models import Assignment, Quiz
from billing.access import covers
from courses.limits import SEARCH
from courses.models import Course, CourseQuerySet, Lesson
from courses.outline import Outline, OutlineLesson, OutlineModule
from enrollments.access import enrollment_of
from enrollments.errors import NotEnrolled
from progress.reports import course_report

router = Router(tags=["Courses"], by_alias=True)
PUBLIC: dict[str, Any] = {"security": [{}]}


@router.get(
    "/courses",
    auth=everybody(),
    operation_id="list_courses",
    summary="Search the catalogue",
    response=answers({200: CoursePage}, 422, *EVERYWHERE),
    openapi_extra=PUBLIC,
)
def list_courses(request: ApiRequest, wanted: Query[CourseFilter]) -> CoursePage:
    """Published courses by title. `q` looks in title, summary and description, best match first."""
    if wanted.q:
        spend(SEARCH, address_of(request))
    pages = Paginator(matching(wanted), wanted.page_size)
    items = pages.page(wanted.page) if wanted.page <= pages.num_pages else []
    return CoursePage(
        items=[CourseShape.model_validate(summary_of(course)) for course in items],
        count=pages.count,
        page=wanted.page,
        pages=pages.num_pages,
    )


@router.get(
    "/courses/{course_id}",
    auth=everybody(),
    operation_id="get_course",
    summary="One course with its outline",
    response=answers({200: CourseDetail}, 404, *EVERYWHERE),
    openapi_extra=PUBLIC,
)
def course_detail(request: ApiRequest, course_id: str) -> CourseDetail:
    """Modules and their published lessons, in order. The texts of lessons are not in here."""
    course = published_course(course_id)
    more = {name: getattr(course, name) for name in ("description", "authors", "tags", "licence")}
    outline = course.outline()
    works = works_of(outline)
    modules = [module_shape(module, works) for module in outline.modules]
    return CourseDetail.model_validate({**summary_of(course), **more, "modules": modules})


@router.get(
    "/courses/{course_id}/progress",
    auth=members(),
    operation_id="get_progress",
    summary="How far you are in a course",
    response=answers({200: ProgressShape}, 403, 404, *EVERYWHERE),
)
def course_progress(request: ApiRequest, course_id: str) -> ProgressShape:
    """403 `not_enrolled` if you are not in the course."""
    course = published_course(course_id)
    if enrollment_of(request.auth, course) is None:
        raise NotEnrolled
    report = course_report(request.auth, course)
    return ProgressShape(
        course_id=course.slug,
        completion_percentage=report.percent,
        done=report.done,
        total=report.total,
        completed_lesson_ids=[x.id for x in report.outline.lessons if x.id in report.completed_ids],
        next_lesson=reference(report.next_lesson),
        resume_lesson=reference(report.resume_lesson),
        completed_at=report.completed_at,
        locked_by=None if covers(request.auth, course) else cast(Plan, course.needed_plan.value),
    )


def matching(wanted: CourseFilter) -> CourseQuerySet:
    """The published courses that a filter leaves, by title or, for a search, the best first."""
    courses = Course.objects.published().with_language().order_by("title", "id").search(wanted.q)
    if wanted.language:
        courses = courses.in_language(wanted.language)
    return courses.of_difficulty(wanted.difficulty) if wanted.difficulty else courses


def summary_of(course: Course) -> dict[str, Any]:
    """The fields that a course has in a list and alone."""
    names = ("id", "slug", "title", "summary", "difficulty")
    return {
        **{name: getattr(course, name) for name in (*names, "lesson_count", "minutes")},
        "language": course.language.slug if course.language else None,
        "required_plan": course.needed_plan,
    }


def works_of(outline: Outline) -> dict[UUID, UUID]:
    """The quiz or assignment of each lesson that is one: a query for each kind there is."""
    found: dict[UUID, UUID] = {}
    for kind, rows in (
        (Lesson.Kind.QUIZ, Quiz.objects.all()),
        (Lesson.Kind.ASSIGNMENT, Assignment.objects.all()),
    ):
        keys = [lesson.id for lesson in outline.lessons if lesson.kind == kind]
        found |= dict(rows.filter(lesson__in=keys).values_list("lesson_id", "id"))
    return found


def module_shape(module: OutlineModule, works: Mapping[UUID, UUID]) -> ModuleShape:
    return ModuleShape(
        id=module.id,
        title=module.title,
        description=module.description,
        lessons=[lesson_shape(lesson, works.get(lesson.id)) for lesson in module.lessons],
    )


def lesson_shape(lesson: OutlineLesson, work: UUID | None) -> LessonShape:
    return LessonShape.model_validate(
        {
            "id": lesson.id,
            "slug": lesson.slug,
            "title": lesson.title,
            "kind": lesson.kind,
            "minutes": lesson.minutes,
            "xp": lesson.xp_reward,
            "completion": lesson.completion,
            "required": lesson.is_required,
            "preview": lesson.is_preview,
            "quiz_id": work if lesson.kind == Lesson.Kind.QUIZ else None,
            "assignment_id": work if lesson.kind == Lesson.Kind.ASSIGNMENT else None,
        }
    )


def reference(lesson: OutlineLesson | None) -> LessonReference | None:
    if lesson is None:
        return None
    return LessonReference(id=lesson.id, slug=lesson.slug, title=lesson.title)

"""Changing what is taught. Every verb may be called twice; the second time it changes nothing.

What changes the structure of a course (which lessons learners see, in which order) is to be done
inside `studio.editing.editing(course)`, which counts learners' progress afresh at the end.
"""

from typing import Any, Literal

from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from courses.checks import Problem, problems_of
from courses.errors import CourseRefusal, Deleted, ModuleDeleted, NothingToTeach, NotReady
from courses.links import Links
from courses.markdown import RENDERING, render
from courses.models import Asset, Course, Lesson, Module
from courses.signals import course_published

Direction = Literal["up", "down"]


def problems_before_publishing(course: Course) -> list[Problem]:
    """What would keep the course from being published, and what its authors should know."""
    return problems_of(course, course.lessons.shown().select_related("module").in_outline_order())


@transaction.atomic
def publish_course(course: Course, by: User | None = None) -> bool:
    """Let learners find the course. Raises Deleted, NothingToTeach, NotReady."""
    course = _locked(course)
    if course.is_published:
        return False
    if course.deleted_at:
        raise Deleted
    errors = [problem for problem in problems_before_publishing(course) if problem.is_error]
    if any(problem.code == "empty" for problem in errors):
        raise NothingToTeach
    if errors:
        raise NotReady(errors)
    course.status = Course.Status.PUBLISHED
    course.published_at = course.published_at or now()
    course.save(update_fields=["status", "published_at", "updated_at"])
    course_published.send(sender=Course, course=course, by=by)
    audit.note("COURSE_PUBLISHED", course, by=by)
    return True


def unpublish_course(course: Course) -> bool:
    """Take the course back among the drafts."""
    return _set_status(course, Course.Status.DRAFT, "COURSE_TAKEN_BACK")


def archive_course(course: Course) -> bool:
    """Close the course; what learners did in it stays."""
    return _set_status(course, Course.Status.ARCHIVED, "COURSE_ARCHIVED")


def _set_status(course: Course, status: Course.Status, noted: str) -> bool:
    rows = Course.objects.filter(pk=course.pk, deleted_at=None).exclude(status=status)
    return _update(rows, course, noted, status=status, updated_at=now())


@transaction.atomic
def _update(rows: QuerySet[Course], course: Course, noted: str, **values: object) -> bool:
    changed = bool(rows.update(**values))
    if changed:
        audit.note(noted, course)
    return changed


def delete_course(course: Course) -> bool:
    """Hide the course from everybody but keep its row: history hangs on it."""
    rows = Course.objects.filter(pk=course.pk, deleted_at=None)
    return _update(rows, course, "COURSE_DELETED", deleted_at=now())


def restore_course(course: Course) -> bool:
    """Bring a deleted course back, as a draft."""
    rows = Course.objects.filter(pk=course.pk).exclude(deleted_at=None)
    values = {"deleted_at": None, "status": Course.Status.DRAFT}
    return _update(rows, course, "COURSE_RESTORED", **values)


def publish_lesson(lesson: Lesson) -> bool:
    rows = Lesson.objects.filter(pk=lesson.pk, status=Lesson.Status.DRAFT, deleted_at=None)
    return bool(rows.update(status=Lesson.Status.PUBLISHED, updated_at=now()))


def hide_lesson(lesson: Lesson) -> bool:
    rows = Lesson.objects.filter(pk=lesson.pk, status=Lesson.Status.PUBLISHED)
    return bool(rows.update(status=Lesson.Status.DRAFT, updated_at=now()))


def delete_lesson(lesson: Lesson) -> bool:
    """Hide the lesson for good but keep its row: progress and XP hang on it."""
    return bool(Lesson.objects.filter(pk=lesson.pk, deleted_at=None).update(deleted_at=now()))


def restore_lesson(lesson: Lesson) -> bool:
    """Bring a deleted lesson back, as a draft. Raises ModuleDeleted, CourseRefusal."""
    if Module.objects.filter(pk=lesson.module_id).exclude(deleted_at=None).exists():
        raise ModuleDeleted
    twins = Lesson.objects.filter(course=lesson.course_id, slug=lesson.slug, deleted_at=None)
    if twins.exclude(pk=lesson.pk).exists():
        raise CourseRefusal(_("Another lesson of the course has its address by now."))
    rows = Lesson.objects.filter(pk=lesson.pk).exclude(deleted_at=None)
    return bool(rows.update(deleted_at=None, status=Lesson.Status.DRAFT))


def delete_module(module: Module) -> bool:
    """Hide the module and with it its lessons: `restore_module` brings all of them back."""
    return bool(Module.objects.filter(pk=module.pk, deleted_at=None).update(deleted_at=now()))


def restore_module(module: Module) -> bool:
    """Bring a deleted module back, and the lessons that it had. Raises CourseRefusal."""
    twins = Module.objects.filter(course=module.course_id, slug=module.slug, deleted_at=None)
    if twins.exclude(pk=module.pk).exists():
        raise CourseRefusal(_("Another module of the course has its slug by now."))
    rows = Module.objects.filter(pk=module.pk).exclude(deleted_at=None)
    return bool(rows.update(deleted_at=None))


def move_module(module: Module, direction: Direction) -> bool:
    siblings = Module.objects.filter(course=module.course_id, deleted_at=None)
    return _swap(siblings.order_by("position", "id"), module, direction)


@transaction.atomic
def move_lesson(lesson: Lesson, direction: Direction) -> bool:
    """Swap the lesson with its neighbour; at the end of its module it enters the next one.

    Raises ModuleDeleted, Deleted.
    """
    modules = list(
        Module.objects.filter(course=lesson.course_id, deleted_at=None).order_by("position", "id")
    )
    if lesson.module not in modules:
        raise ModuleDeleted
    siblings = Lesson.objects.filter(module=lesson.module_id, deleted_at=None)
    if not siblings.filter(pk=lesson.pk).exists():
        raise Deleted
    if _swap(siblings.order_by("position", "id"), lesson, direction):
        return True
    place = modules.index(lesson.module) + (1 if direction == "down" else -1)
    if not 0 <= place < len(modules):
        return False
    others = list(modules[place].lessons.filter(deleted_at=None).order_by("position", "id"))
    others.insert(0 if direction == "down" else len(others), lesson)
    Lesson.objects.filter(pk=lesson.pk).update(module=modules[place])
    _number(others)
    return True


def _swap(siblings: QuerySet[Any], one: Module | Lesson, direction: Direction) -> bool:
    rows = list(siblings.select_for_update(no_key=True))
    place = rows.index(one) if one in rows else -1
    other = place + (1 if direction == "down" else -1)
    if place < 0 or not 0 <= other < len(rows):
        return False
    rows[place], rows[other] = rows[other], rows[place]
    _number(rows)
    return True


def _number(rows: list[Any]) -> None:
    """Number the rows from 1, writing only where the number is another."""
    changed = []
    for position, row in enumerate(rows, start=1):
        if row.position != position:
            row.position = position
            changed.append(row)
    if changed:
        type(changed[0]).objects.bulk_update(changed, ["position"])


def links_of(course: Course) -> Links:
    """What relative links in the texts of this course mean. Two queries."""
    lessons = Lesson.objects.filter(course_id=course.pk, deleted_at=None)
    files = Asset.objects.filter(course_id=course.pk)
    return Links.of(
        course.slug,
        dict(lessons.values_list("source", "slug")),
        list(files.values_list("path", flat=True)),
    )


def save_rendered_course(course: Course) -> None:
    """Save the course with its description as HTML."""
    resolve = links_of(course).resolver("course.yaml")
    course.description_html = render(course.description, resolve=resolve)
    course.rendering = RENDERING
    course.save()


def save_rendered(lesson: Lesson) -> None:
    """Save the lesson with its text as HTML."""
    lesson.content_html = render(
        lesson.content, resolve=links_of(lesson.course).resolver(lesson.source)
    )
    lesson.rendering = RENDERING
    lesson.save()


def render_again(*, everything: bool = False) -> int:
    """Render what an older version rendered, or everything; return how many texts."""
    older = {} if everything else {"rendering__lt": RENDERING}
    count = 0
    for course in Course.objects.filter(
        Q(**older) | Q(pk__in=Lesson.objects.filter(**older).values("course_id"))
    ):
        links = links_of(course)
        if everything or course.rendering < RENDERING:
            html = render(course.description, resolve=links.resolver("course.yaml"))
            rows = Course.objects.filter(pk=course.pk, description=course.description)
            count += rows.update(description_html=html, rendering=RENDERING)
        for lesson in course.lessons.filter(**older).only("content", "source"):
            html = render(lesson.content, resolve=links.resolver(lesson.source))
            same = Lesson.objects.filter(pk=lesson.pk, content=lesson.content)
            count += same.update(content_html=html, rendering=RENDERING)
    return count


def structure_changed(course: Course) -> None:
    """Give the course's structure a new number and recount its caches, in one statement."""
    rows = Course.objects.filter(pk=course.pk)
    rows.update(structure_rev=F("structure_rev") + 1, updated_at=now(), **_counts())


def wrong_courses() -> int:
    """How many courses have caches that say something else than their lessons."""
    return _wrong().count()


@transaction.atomic
def recount_courses() -> int:
    """Rebuild the caches that are wrong; return how many were. The structure stays as it is.

    They are locked first: a statement that waits for a lock counts with the view from before.
    """
    wrong = list(_wrong().values_list("pk", flat=True))
    rows = Course.objects.filter(pk__in=wrong).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))
    return Course.objects.filter(pk__in=wrong).update(**_counts())


def _wrong() -> QuerySet[Any]:
    """Courses whose caches differ from what they are caches of."""
    true = {f"true_{name}": count for name, count in _counts().items()}
    return Course.objects.alias(**true).exclude(**{name: F(f"true_{name}") for name in _counts()})


def _counts() -> dict[str, Coalesce]:
    """The caches of a course, by name, counted over what learners see of it."""
    shown = Lesson.objects.shown().filter(course=OuterRef("pk")).order_by().values("course")

    def counted(expression: Any) -> Coalesce:
        return Coalesce(Subquery(shown.annotate(value=expression).values("value")), 0)

    return {
        "lesson_count": counted(Count("pk")),
        "required_count": counted(Count("pk", filter=Q(is_required=True))),
        "minutes": counted(Sum("minutes")),
    }


def _locked(course: Course) -> Course:
    return Course.objects.select_for_update(no_key=True).get(pk=course.pk)

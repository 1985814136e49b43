"""Whether a source may go into the course that is there: a file's name alone says nothing of it.

The address of what another system made is often what the file happens to be called. What an import
from it would not name is archived, so it has to be the course that came from it.
"""

from collections.abc import Iterable

from courses.models import Course, Lesson
from studio.importing.refusal import ImportRefused, refuse
from studio.importing.tree import CourseNode, LessonNode, fingerprint

OTHER_FILE = (
    "“{}” did not come from this file. Give the import an address of its own, or take the "
    "file's side."
)
OTHER_FOLDER = (
    "“{}” did not come from this folder. Write an id of its own into course.yaml, or take the "
    "folder's side."
)


def refusal_of_other(tree: CourseNode, course: Course) -> ImportRefused | None:
    """Why the source does not go into this course; None where it may."""
    if tree.is_foreign:
        return None if _came_from(tree, course) else refuse(OTHER_FILE.format(course.title))
    if tree.is_named or _has_in_common(tree, course):
        return None
    return refuse(OTHER_FOLDER.format(course.title), "course.yaml")


def _has_in_common(tree: CourseNode, course: Course) -> bool:
    modules = course.modules.filter(deleted_at=None, key__in=[one.key for one in tree.modules])
    lessons = course.lessons.with_drafts().filter(key__in=[one.key for one in tree.lessons])
    return modules.exists() or lessons.exists()


def _came_from(tree: CourseNode, course: Course) -> bool:
    """Whether an import of this source made the course.

    Lessons lie at the same places then. That alone may be because the source was made of the
    course, in a format that cannot hold all of it: so the course itself, or most of those
    lessons, are what the last import of them was given.
    """
    rows = {row.key: row for row in course.lessons.with_drafts()}
    shared = [
        (node, rows[node.key])
        for node in tree.lessons
        if node.key in rows and rows[node.key].source == node.source
    ]
    if not shared:
        return False
    return course.imported_hash == fingerprint(tree.values) or _are_mostly_as_imported(shared)


def _are_mostly_as_imported(shared: Iterable[tuple[LessonNode, Lesson]]) -> bool:
    told = [row.imported_hash == fingerprint(node.compared) for node, row in shared]
    return 2 * sum(told) >= len(told)

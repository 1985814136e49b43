"""Are all people enrolled who should be? Counted over all rows, in three statements."""

from dataclasses import asdict, dataclass

from django.db import connection

from courses.models import Course

# People who left every course have rows and are not "without enrolments": they chose.
WITHOUT = """
    SELECT count(*) FROM accounts_user u
    WHERE u.is_active AND u.deleted_at IS NULL
      AND NOT EXISTS (SELECT FROM enrollments_enrollment e WHERE e.user_id = u.id)
"""
DUPLICATES = """
    SELECT coalesce(sum(copies - 1), 0) FROM (
      SELECT count(*) AS copies FROM enrollments_enrollment
      GROUP BY user_id, course_id HAVING count(*) > 1) AS pair
"""
# All pairs there should be, less those there are: no join of people and courses is made.
MISSING = """
    SELECT (SELECT count(*) FROM accounts_user WHERE is_active AND deleted_at IS NULL)
           * cardinality(%(courses)s::uuid[])
         - (SELECT count(*) FROM enrollments_enrollment e JOIN accounts_user u ON u.id = e.user_id
            WHERE u.is_active AND u.deleted_at IS NULL AND e.course_id = ANY(%(courses)s::uuid[]))
"""
DUE = "SELECT count(*) FROM enrollments_dueenrollment"


@dataclass(frozen=True)
class Report:
    """How many people, copies, pairs and waiting sign-ups are off."""

    without_enrollments: int
    duplicates: int
    missing_pairs: int
    waiting: int

    @property
    def is_clean(self) -> bool:
        return not any(asdict(self).values())

    def as_dict(self) -> dict[str, int | bool]:
        return {**asdict(self), "clean": self.is_clean}

    def lines(self) -> list[str]:
        return [
            f"People without any enrolment: {self.without_enrollments}",
            f"Duplicate enrolments: {self.duplicates}",
            f"Pairs of person and open course that are missing: {self.missing_pairs}",
            f"Sign-ups that wait to be enrolled: {self.waiting}",
        ]


def verify() -> Report:
    """Look at all people, enrolments and open courses."""
    courses = list(Course.objects.open_to_all().values_list("pk", flat=True))
    has_courses = bool(courses)
    with connection.cursor() as cursor:

        def count(sql: str) -> int:
            cursor.execute(sql, {"courses": courses})
            return int(cursor.fetchone()[0])

        return Report(
            without_enrollments=count(WITHOUT) if has_courses else 0,
            duplicates=count(DUPLICATES),
            missing_pairs=count(MISSING),
            waiting=count(DUE),
        )

"""What this room keeps of people."""

from accounts.personal import declare, deleted, kept
from enrollments.models import BackfillRun, DueEnrollment, Enrollment, LanguageEnrollment

declare(
    "enrollments",
    kept(
        Enrollment, "user", reads=("course__title",),
        why="How many began and finished a course is counted of it.",
    ),
    kept(LanguageEnrollment, "user", reads=("language__name",), why="As an enrolment."),
    deleted(DueEnrollment, "user", hides=("error",)),
    kept(
        BackfillRun, "started_by", keeps=("error",), hides=("last_user", "error"),
        why="What staff started; it holds no words of theirs.",
    ),
)  # fmt: skip

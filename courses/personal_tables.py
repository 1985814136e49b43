"""What this room keeps of people."""

from accounts.personal import declare, kept
from courses.models import CourseImport

declare(
    "courses",
    kept(
        CourseImport, "by", keeps=("name", "slug", "title", "plan", "report", "fault", "sha256"),
        hides=("plan", "report", "fault"),
        why="What staff brought in: titles of a course, and nothing of who did.",
    ),
)  # fmt: skip

"""What this room keeps of people."""

from accounts.personal import declare, deleted, kept
from progress.attention_rows import AttentionMark, AttentionNaming
from progress.models import CourseProgress, LessonProgress, LessonView

COUNTED = "The numbers of a course are counted of it; it holds no words."

declare(
    "progress",
    kept(LessonProgress, "user", reads=("lesson__title",), why=COUNTED),
    kept(LessonView, "user", reads=("lesson__title",), why=COUNTED),
    kept(CourseProgress, "user", reads=("course__title",), hides=("structure_rev",), why=COUNTED),
    deleted(AttentionMark, "user", acts=("by",)),
    deleted(AttentionNaming, "user", reads=("course__title",)),
)

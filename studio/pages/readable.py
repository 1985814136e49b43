"""Reviews as both desks read them."""

from django.db.models import QuerySet

from assessments.models import Review

LONG_TEXTS = tuple(
    f"submission__assignment__{name}"
    for name in (
        "starter", "solution", "hints", "lesson__content", "lesson__content_html",
        "lesson__course__description", "lesson__course__description_html", "lesson__course__search",
    )
)  # fmt: skip
LONG_TEXTS_OF_QUIZZES = tuple(
    name.replace("submission__assignment", "attempt__quiz")
    for name in LONG_TEXTS
    if "lesson" in name
)
LONG_WORDS = ("submission__model_run__prompt", "submission__model_run__answer")


def readable() -> QuerySet[Review]:
    """Reviews with all the desk says of the work, and the clock."""
    return (
        Review.objects.with_moment()
        .select_related(
            "reviewer",
            "writer",
            "submission__user",
            "submission__help_request",
            "submission__model_run",
            "submission__assignment__lesson__course",
            "attempt__user",
            "attempt__quiz__lesson__course",
            "attempt__analysis",
        )
        .defer(*LONG_TEXTS, *LONG_WORDS, *LONG_TEXTS_OF_QUIZZES)
    )

"""What a model is told of an attempt at a quiz: what its learner sees in any case.

No question and no answer is among it. Whether the key may be shown changes from one attempt to the
next, and a text that was drafted once does not change with it.
"""

from typing import Any

from assessments.models import Attempt
from courses.models import Lesson

MOST_TOPICS, MOST_LESSONS = 20, 5


def facts_of(attempt: Attempt) -> dict[str, Any]:
    """Two queries."""
    rows = list(attempt.answers.select_related("question"))
    found = attempt.analysed(rows)
    outline = Lesson.objects.shown().filter(module__course=attempt.quiz.lesson.course)
    titles = dict(outline.filter(pk__in=found.study).values_list("pk", "title"))
    study = [titles[key] for key in found.study if key in titles]
    return {
        "quiz": attempt.quiz.lesson.title,
        "percent": attempt.percent,
        "needed_percent": attempt.quiz.pass_percent,
        "passed": attempt.passed,
        "questions": len(rows),
        "without_answer": sum(not one.is_answered for one in rows),
        "topics": {one.topic: one.percent for one in found.topics[:MOST_TOPICS]},
        "lessons_where_points_were_lost": study[:MOST_LESSONS],
        "pace": found.pace,
    }

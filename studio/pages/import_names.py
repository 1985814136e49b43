"""What questions and cases are called in the lines of an import: how they begin, not their keys."""

from typing import Any

from django.db.models.functions import Substr

from assessments.models import Question, TestCase
from courses.models import Course

# By kind and by key, as lines of a report say them.
Names = dict[tuple[str, str], str]
FIRST = 300
LONGEST = 60


def names_of(course: Course, kinds: set[str]) -> Names:
    """Of those that are there already. A query for each of the two kinds."""
    found = Names()
    if "question" in kinds:
        rows: Any = Question.objects.filter(quiz__lesson__course=course).order_by()
        begun = rows.annotate(begin=Substr("prompt", 1, FIRST))
        for lesson, key, begin in begun.values_list("quiz__lesson__key", "key", "begin"):
            found["question", f"{lesson}/{key}"] = beginning(begin) or key
    if "case" in kinds:
        rows = TestCase.objects.filter(assignment__lesson__course=course).order_by()
        for lesson, key, name in rows.values_list("assignment__lesson__key", "key", "name"):
            found["case", f"{lesson}/{key}"] = f"“{name}”" if name else key
    return found


def beginning(prompt: str) -> str:
    """The first words of a question, in quotation marks."""
    words = " ".join(prompt.split())
    cut = words if len(words) <= LONGEST else f"{words[:LONGEST].rsplit(' ', 1)[0]}…"
    return f"“{cut}”" if cut else ""

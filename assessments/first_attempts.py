"""The first finished attempts at a quiz, read at once in columns for counting.

Whoever tries again has seen the questions; practice and staff measure nothing. Keys are read as
texts and marks as whole numbers: there may be a hundred thousand answers.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, F, IntegerField, QuerySet, TextField, When
from django.db.models.functions import Cast, Least, Left, Round

from assessments.items import UNIT
from assessments.models import Answer, Attempt, Question, Quiz


@dataclass(slots=True)
class Column:
    """The answers to one question: in each list one place for each attempt that was asked it.

    `chosen` is the array as the database writes it, `{}` where nothing was chosen. `seconds` are
    of those who answered.
    """

    places: list[int] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)
    seconds: list[int] = field(default_factory=list)
    texts: Counter[str] = field(default_factory=Counter)
    checks: Counter[str] = field(default_factory=Counter)
    omitted: int = 0


@dataclass(frozen=True, slots=True)
class Attempts:
    """For each attempt its percent, whether it passed, its seconds, and its total of marks."""

    percents: list[float] = field(default_factory=list)
    passed: list[bool] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.percents)


def read_first_attempts(quiz: Quiz) -> tuple[Attempts, dict[str, Column]]:
    """First attempts, and their answers by question. Two queries.

    An attempt that the clock closed lasted until its deadline, not until somebody noticed.
    """
    first = Attempt.objects.of_learners().filter(quiz=quiz, number=1)
    found, columns = Attempts(), defaultdict[str, Column](Column)
    places: dict[str, int] = {}
    rows = first.annotate(key=Cast("pk", TextField()), end=Least("closed_at", "deadline"))
    names = ("key", "score", "out_of", "passed", "started_at", "end")
    for key, score, out_of, passed, start, end in rows.order_by("pk").values_list(*names):
        places[key] = len(places)
        found.percents.append(100 * float(score / out_of) if out_of else 0.0)
        found.passed.append(bool(passed))
        found.seconds.append((end - start).total_seconds())
        found.totals.append(0)
    for key, question, mark, chosen, text, seconds, check in answers_of(first):
        place = places.get(key)
        if place is None:  # finished between the two queries
            continue
        column = columns[question]
        found.totals[place] += mark
        column.places.append(place)
        column.marks.append(mark)
        column.chosen.append(chosen)
        if text:
            column.texts[text] += 1
        if text or chosen != "{}":
            column.seconds.append(seconds)
        else:
            column.omitted += 1
        if check:
            column.checks[check] += 1
    return found, columns


def answers_of(attempts: QuerySet[Attempt]) -> Iterable[tuple[Any, ...]]:
    """Attempt, question, mark in ten-thousandths of a point, chosen, text, seconds, self-check.

    Of the long texts of open questions only whether there is one matters.
    """
    rows = Answer.objects.filter(attempt__in=attempts, mark__isnull=False).annotate(
        attempt_key=Cast("attempt_id", TextField()),
        question_key=Cast("question_id", TextField()),
        units=Cast(Round(F("mark") * UNIT), IntegerField()),
        options=Cast("chosen", TextField()),
        words=Case(
            When(question__kind=Question.Kind.OPEN, then=Left("text", 1)),
            default="text",
            output_field=TextField(),
        ),
    )
    names = ("attempt_key", "question_key", "units", "options", "words", "seconds", "self_check")
    return rows.order_by().values_list(*names).iterator(chunk_size=5000)


def alike(columns: Sequence[Column], count: int) -> dict[int, list[int]]:
    """The marks of those attempts that were asked what most were asked, by their place.

    With banks, or after a question was added, not everybody was asked the same.
    """
    sets: list[list[int]] = [[] for _ in range(count)]
    marks: list[list[int]] = [[] for _ in range(count)]
    for number, column in enumerate(columns):
        for place, mark in zip(column.places, column.marks, strict=True):
            sets[place].append(number)
            marks[place].append(mark)
    kinds = Counter(map(tuple, sets))
    if not kinds:
        return {}
    usual = list(kinds.most_common(1)[0][0])
    return {place: row for place, row in enumerate(marks) if sets[place] == usual}

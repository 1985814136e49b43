"""The first finished attempts at a quiz, counted by the database for what is said of its questions.

Whoever tries again has seen the questions; practice and staff measure nothing. Attempts with the
same marks on the same questions are one row, and so are equal answers of people with equal scores:
there may be hundreds of thousands. Marks are whole numbers.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from accounts.models import User
from assessments.items import UNIT
from assessments.models import Attempt, Question, Quiz
from assessments.statements import asked

FIRST = """
    first AS MATERIALIZED (
      SELECT attempt.id, passed, least(closed_at, deadline) - started_at AS spent,
        CASE WHEN out_of > 0 THEN 100 * (score / out_of)::float8 ELSE 0 END AS percent
      FROM assessments_attempt attempt JOIN accounts_user person ON person.id = attempt.user_id
      WHERE quiz_id = %(quiz)s AND number = 1 AND NOT is_practice AND status <> %(open)s
        AND person.role <> %(staff)s
    )
"""
# The eldest of a row decides between sets of questions that equally many were asked. An attempt
# that the clock closed lasted until its deadline, not until somebody noticed.
ATTEMPTS = f"""
    WITH {FIRST}
    SELECT count(*)::int, percent, passed, questions, marks,
      (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM spent)) FROM first)
    FROM first CROSS JOIN LATERAL (
      SELECT array_agg(question_id) AS questions, array_agg(mark) AS marks FROM (
        SELECT question_id, round(%(unit)s * mark)::int AS mark FROM assessments_answer
        WHERE attempt_id = first.id AND mark IS NOT NULL ORDER BY question_id) AS answer
    ) AS answered
    GROUP BY percent, passed, questions, marks ORDER BY min(first.id::text)
"""  # noqa: S608 - FIRST above
# To an open question only what people said of their own answer is counted, not the long text. Where
# nothing was answered, the seconds are not known. MATERIALIZED, because of what it knows about the
# columns PostgreSQL would rather sort all answers than count them in memory.
ANSWERS = f"""
    WITH {FIRST}, said AS MATERIALIZED (
      SELECT question_id, percent, chosen,
        CASE kind WHEN %(long)s THEN self_check ELSE text END AS words,
        CASE WHEN text <> '' OR chosen <> '{{}}' THEN seconds END AS spent
      FROM first JOIN assessments_answer answer ON answer.attempt_id = first.id
      JOIN assessments_question question ON question.id = answer.question_id
      WHERE mark IS NOT NULL
    )
    SELECT question_id, chosen::text, words, percent, count(*)::int, string_agg(spent::text, ',')
    FROM said GROUP BY question_id, chosen, words, percent
"""  # noqa: S608 - FIRST above


@dataclass(frozen=True, slots=True)
class Row:
    """So many attempts with this percent, passed or not, and these marks by question."""

    people: int
    percent: float
    passed: bool
    marks: Mapping[UUID, int]

    @property
    def total(self) -> int:
        return sum(self.marks.values())


@dataclass(frozen=True, slots=True)
class Attempts:
    """All of them in rows, the row of the eldest first; `seconds` is the median."""

    rows: Sequence[Row]
    seconds: float

    @property
    def count(self) -> int:
        return sum(row.people for row in self.rows)


@dataclass(slots=True)
class Column:
    """The answers to one question.

    `marks` and `rests`, the totals without them, are of `people`. `chosen` counts pairs: the array
    as the database writes it, `{}` where nothing was chosen, and the percent of the quiz. `words`
    are texts, or what people said of their own answers; `seconds` are of those who answered.
    """

    marks: list[int] = field(default_factory=list)
    rests: list[int] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    chosen: Counter[tuple[str, float]] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    seconds: list[int] = field(default_factory=list)

    @property
    def asked(self) -> int:
        return sum(self.people)

    @property
    def omitted(self) -> int:
        return self.chosen.total() - len(self.seconds)


def read_first_attempts(quiz: Quiz) -> tuple[Attempts, Mapping[UUID, Column]]:
    """First attempts, and their answers by question. Two queries."""
    values = {
        "quiz": quiz.pk, "open": Attempt.Status.OPEN, "staff": User.Role.ADMIN, "unit": UNIT,
        "long": Question.Kind.OPEN,
    }  # fmt: skip
    found = asked(ATTEMPTS, values)
    rows = [
        Row(people, percent, passed, dict(zip(questions or (), marks or (), strict=True)))
        for people, percent, passed, questions, marks, _ in found
    ]
    columns = defaultdict[UUID, Column](Column)
    for row in rows:
        total = row.total
        for question, mark in row.marks.items():
            column = columns[question]
            column.marks.append(mark)
            column.rests.append(total - mark)
            column.people.append(row.people)
    for question, chosen, words, percent, people, seconds in asked(ANSWERS, values):
        column = columns[question]
        column.chosen[chosen, percent] += people
        column.seconds += map(int, seconds.split(",")) if seconds else ()
        if words:
            column.words[words] += people
    return Attempts(rows, found[0][-1] if found else 0.0), columns


def alike(rows: Sequence[Row], questions: Collection[UUID]) -> dict[int, list[int]]:
    """The marks on these questions in the rows that were asked what most were asked, by place.

    With banks, or after a question was added, not everybody was asked the same.
    """
    sets = [tuple(key for key in row.marks if key in questions) for row in rows]
    kinds = Counter[tuple[UUID, ...]]()
    for row, kind in zip(rows, sets, strict=True):
        kinds[kind] += row.people
    if not kinds:
        return {}
    usual = kinds.most_common(1)[0][0]
    return {
        place: [row.marks[key] for key in usual]
        for place, row in enumerate(rows)
        if sets[place] == usual
    }

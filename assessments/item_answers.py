"""What was written in answer to a question, and how people judged it themselves, counted."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from assessments.first_attempts import Column
from assessments.models import Answer, Question
from assessments.replies import read_number, tidy
from assessments.scoring import Key, share_of

Kind = Question.Kind
MOST_ANSWERS = 8


@dataclass(frozen=True, slots=True)
class Given:
    """What several wrote, in the spelling that most of them used."""

    text: str
    count: int
    share: float
    accepted: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """How many judged their own answer so, of all who judged it."""

    words: str
    count: int
    of: int


def answers_given(question: Question, column: Column) -> list[Given]:
    """The most frequent answers, those that are compared as one counted as one."""
    if question.kind not in (Kind.TEXT, Kind.NUMERIC):
        return []
    key = Key(
        question.kind,
        question.points,
        accept=tuple(question.accept),
        tolerance=question.tolerance,
        match_case=question.match_case,
    )
    spellings: dict[object, Counter[str]] = defaultdict(Counter)
    for text, count in column.words.items():
        number = read_number(text) if question.kind == Kind.NUMERIC else None
        same = tidy(text, match_case=question.match_case) if number is None else number
        spellings[same][text] += count
    most = sorted(spellings.values(), key=lambda one: (-one.total(), min(one)))[:MOST_ANSWERS]
    rows = [(min(one, key=lambda text: (-one[text], text)), one.total()) for one in most]
    return [
        Given(text, count, count / column.asked, bool(share_of(key, (), text)))
        for text, count in rows
    ]


def self_checks(column: Column) -> list[Checked]:
    total = column.words.total()
    return [
        Checked(str(check.label), column.words[check.value], total)
        for check in Answer.SelfCheck
        if total
    ]

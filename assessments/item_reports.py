"""What staff see of a quiz: its numbers, and a report of each question.

Everything is over first finished attempts (`first_attempts`); a question of a bank, over those who
were asked it. The number of queries does not depend on the size of the quiz.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Literal
from uuid import UUID

from django.db.models import Count

from assessments.findings import Finding, findings
from assessments.first_attempts import Attempts, Column, alike, read_first_attempts
from assessments.item_answers import Checked, Given, answers_given, self_checks
from assessments.items import (
    ENOUGH,
    NOBODY,
    RELIABLE,
    SHOWN,
    TAIL,
    UNIT,
    Choice,
    Item,
    Whole,
    choices,
)
from assessments.models import Attempt, Option, Question, QuestionReport, Quiz

Kind = Question.Kind
Order = Literal["order", "hardest", "weakest"]
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class OptionReport:
    option: Option
    letter: str
    choice: Choice

    @property
    def is_idle(self) -> bool:
        """A wrong option that hardly anybody takes for right."""
        return not self.option.is_correct and not self.option.deleted_at and self.choice.is_idle

    @property
    def misleads(self) -> bool:
        """A wrong option that the strong prefer."""
        return not self.option.is_correct and self.choice.misleads


@dataclass(frozen=True, slots=True)
class ItemReport:
    """A question with its numbers; `item` is None while too few were asked it."""

    question: Question
    number: int
    asked: int
    waiting: int
    item: Item | None
    options: Sequence[OptionReport]
    given: Sequence[Given]
    checked: Sequence[Checked]
    findings: Sequence[Finding]

    @property
    def is_reliable(self) -> bool:
        return self.asked >= RELIABLE

    @property
    def has_tails(self) -> bool:
        """Whether the best and the last are enough people to say a share of them."""
        return self.asked * TAIL >= ENOUGH

    @property
    def said(self) -> Sequence[Finding]:
        """What may be said by now: a key is worth a look early, a verdict needs numbers."""
        return [one for one in self.findings if self.is_reliable or one.is_about_the_key]

    @property
    def facility(self) -> float | None:
        return self.item.facility if self.item else None

    @property
    def discrimination(self) -> float | None:
        return self.item.discrimination if self.item else None

    @property
    def needs_a_look(self) -> bool:
        return any(not one.needs_nothing for one in self.said)

    @property
    def about_the_key(self) -> bool:
        return any(one.is_about_the_key for one in self.said)


@dataclass(frozen=True, slots=True)
class QuizReport:
    """`whole` is None while there are too few first attempts."""

    first: int
    finished: int
    learners: int
    waiting: int
    whole: Whole | None
    items: Sequence[ItemReport]

    @property
    def is_reliable(self) -> bool:
        return self.first >= RELIABLE

    @property
    def has_banks(self) -> bool:
        return any(one.question.bank_id for one in self.items)

    def sorted_by(self, order: Order) -> list[ItemReport]:
        """Questions without that number come last, in their own order."""
        if order == "hardest":
            return sorted(self.items, key=lambda one: _number(one.facility))
        if order == "weakest":
            return sorted(self.items, key=lambda one: _number(one.discrimination))
        return list(self.items)


def _number(value: float | None) -> float:
    return inf if value is None else value


def quiz_report(quiz: Quiz) -> QuizReport:
    """The report of a quiz. Six queries."""
    questions = list(
        Question.objects.filter(quiz=quiz)
        .select_related("bank", "taught_in__course")
        .only(
            *(one.name for one in Question._meta.concrete_fields),
            "bank__name", "taught_in__title", "taught_in__slug", "taught_in__course__slug",
        )
        .in_order()
    )  # fmt: skip
    options: dict[UUID, list[Option]] = defaultdict(list)
    for option in Option.objects.filter(question__quiz=quiz).order_by("position", "id"):
        options[option.question_id].append(option)
    reports = QuestionReport.objects.filter(question__quiz=quiz, status=QuestionReport.Status.OPEN)
    waiting = Counter(reports.values_list("question_id", flat=True))
    rows = Attempt.objects.of_learners().filter(quiz=quiz)
    counts = rows.aggregate(finished=Count("pk"), learners=Count("user", distinct=True))
    attempts, found = read_first_attempts(quiz)
    columns = {row.pk: found.get(row.pk, Column()) for row in questions}
    shown = [row for row in questions if not row.deleted_at]
    shown += [row for row in questions if row.deleted_at and columns[row.pk].marks]
    return QuizReport(
        first=attempts.count,
        finished=counts["finished"],
        learners=counts["learners"],
        waiting=waiting.total(),
        whole=whole_of(quiz, attempts, questions),
        items=[
            item_report(row, number, options[row.pk], waiting[row.pk], columns[row.pk])
            for number, row in enumerate(shown, start=1)
        ],
    )


def whole_of(quiz: Quiz, attempts: Attempts, questions: Sequence[Question]) -> Whole | None:
    if attempts.count < SHOWN:
        return None
    rows = attempts.rows
    return Whole.of(
        [row.percent for row in rows],
        [row.passed for row in rows],
        [attempts.seconds],
        pass_percent=quiz.pass_percent,
        alike=alike(rows, {question.pk for question in questions if question.points}),
        people=[row.people for row in rows],
    )


def item_report(
    question: Question, number: int, options: Sequence[Option], waiting: int, column: Column
) -> ItemReport:
    asked, is_shown = column.asked, column.asked >= SHOWN
    item, chosen = None, dict[str, Choice]()
    if is_shown:
        item = item_of(question, options, column)
        # Where not everybody is asked the same, percents compare what totals do not.
        percents = [percent for _, percent in column.chosen]
        keys = [keys_in(array) for array, _ in column.chosen]
        chosen = choices(keys, percents, list(column.chosen.values()))
    rows = option_reports(options, chosen)
    return ItemReport(
        question=question,
        number=number,
        asked=asked,
        waiting=waiting,
        item=item,
        options=rows,
        given=answers_given(question, column) if is_shown else [],
        checked=self_checks(column) if is_shown and question.kind == Kind.OPEN else [],
        findings=item_findings(question, item, rows) if item else [],
    )


def item_of(question: Question, options: Sequence[Option], column: Column) -> Item:
    live = sum(option.deleted_at is None for option in options)
    return Item.of(
        column.marks,
        column.rests,
        round(question.points * UNIT),
        people=column.people,
        options=live if question.kind == Kind.SINGLE else 0,
        omitted=column.omitted,
        seconds=column.seconds,
    )


def item_findings(
    question: Question, item: Item, rows: Sequence[OptionReport]
) -> Sequence[Finding]:
    chosen = {str(row.option.pk): row.choice for row in rows}
    live = [row for row in rows if not row.option.deleted_at]
    return findings(
        item,
        chosen,
        {str(row.option.pk) for row in live if row.option.is_correct},
        {str(row.option.pk): row.letter for row in live},
        taught_in=question.taught_in.title if question.taught_in else "",
    )


def option_reports(options: Sequence[Option], chosen: Mapping[str, Choice]) -> list[OptionReport]:
    """Options in the author's order with their letters; archived ones last, if they were chosen."""
    shown = [one for one in options if not one.deleted_at]
    shown += [one for one in options if one.deleted_at and str(one.pk) in chosen]
    return [
        OptionReport(option, letter_of(place), chosen.get(str(option.pk), NOBODY))
        for place, option in enumerate(shown)
    ]


def letter_of(place: int) -> str:
    return LETTERS[place] if place < len(LETTERS) else str(place + 1)


def keys_in(array: str) -> tuple[str, ...]:
    """The keys in an array as PostgreSQL writes it."""
    inside = array[1:-1]
    return tuple(inside.split(",")) if inside else ()

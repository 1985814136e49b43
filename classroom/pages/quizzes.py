"""A quiz before the start, and an attempt while it is open. No key is read here."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from accounts.models import User
from assessments.access import settled_history
from assessments.answering import Given
from assessments.asked import asked_of, typical_minutes
from assessments.clock import limited
from assessments.errors import AssessmentRefused
from assessments.history import History
from assessments.models import (
    Accommodation,
    Answer,
    Attempt,
    Option,
    Question,
    QuestionReport,
    Quiz,
)


@dataclass(frozen=True)
class QuizPage:
    """What to know before the clock starts."""

    quiz: Quiz
    history: History
    question_count: int
    pays: bool
    seconds: int | None
    extra_time: str
    typical_minutes: int | None
    reports: list[QuestionReport]
    refusal: AssessmentRefused | None = None

    @property
    def may_start(self) -> bool:
        return self.pays and (self.history.open is not None or self.history.refusal is None)

    @property
    def why_not(self) -> AssessmentRefused | None:
        return None if self.history.open else self.history.refusal

    @property
    def offers_practice(self) -> bool:
        """Where there is a clock to leave out, or nothing else is left to do."""
        wanted = self.quiz.time_limit is not None or self.history.left == 0
        return self.pays and wanted and self.history.practice_refusal is None


def quiz_page(user: User, quiz: Quiz, refusal: AssessmentRefused | None = None) -> QuizPage:
    """Six queries, and those of closing what is overdue."""
    history = settled_history(user, quiz)
    count, pays = asked_of(quiz)
    row = Accommodation.objects.filter(user=user).first() if quiz.time_limit else None
    return QuizPage(
        quiz=quiz,
        history=history,
        question_count=count,
        pays=pays,
        seconds=seconds_for(quiz, row, history.moment),
        extra_time=row.get_extra_time_display() if row else "",
        typical_minutes=typical_minutes(quiz),
        reports=list(QuestionReport.objects.filter(user=user, question__quiz=quiz)[:5]),
        refusal=refusal,
    )


def seconds_for(quiz: Quiz, row: Accommodation | None, moment: datetime) -> int | None:
    """How long this person has; None: no clock."""
    end = limited(moment, quiz.time_limit, row.extra_time if row else None)
    return round((end - moment).total_seconds()) if end else None


@dataclass(frozen=True, slots=True)
class Place:
    """A question in the list of all, with its state in words."""

    number: int
    question: UUID
    is_answered: bool
    is_flagged: bool

    @property
    def state(self) -> str:
        told = "answered" if self.is_answered else _("not answered")
        return _("%(told)s, flagged") % {"told": told} if self.is_flagged else told


@dataclass(frozen=True, slots=True)
class ShownOption:
    id: UUID
    html: str
    is_chosen: bool
    key: str = ""


@dataclass(slots=True)
class ShownQuestion:
    """A question as its learner sees it: what is asked and what they said, never what is right."""

    number: int
    id: UUID
    kind: str
    html: str
    options: list[ShownOption]
    text: str
    version: int
    is_flagged: bool
    error: str = ""
    elsewhere: str = ""


@dataclass(frozen=True)
class AttemptPage:
    """An open attempt at one of its questions, or at all of them."""

    attempt: Attempt
    places: list[Place]
    questions: list[ShownQuestion]
    tab: str

    @property
    def quiz(self) -> Quiz:
        return self.attempt.quiz

    @property
    def shows_all(self) -> bool:
        return self.quiz.layout == Quiz.Layout.ALL

    @property
    def number(self) -> int:
        return self.questions[0].number if self.questions else 1

    @property
    def unanswered(self) -> list[Place]:
        return [place for place in self.places if not place.is_answered]

    @property
    def flagged(self) -> list[Place]:
        return [place for place in self.places if place.is_flagged]

    @property
    def answered_count(self) -> int:
        return len(self.places) - len(self.unanswered)

    @property
    def segments(self) -> list[str]:
        here = set() if self.shows_all else {one.number for one in self.questions}
        return [
            "on" if place.is_answered else "now" if place.number in here else ""
            for place in self.places
        ]

    @property
    def has_texts(self) -> bool:
        """Whether something is typed here: that is saved while it is typed."""
        return any(not one.options for one in self.questions)

    @property
    def has_trouble(self) -> bool:
        return any(one.error or one.elsewhere for one in self.questions)


def attempt_page(
    attempt: Attempt,
    *,
    number: int | None = None,
    typed: Mapping[UUID, Given] | None = None,
    errors: Mapping[UUID, str] | None = None,
    conflicts: Collection[UUID] = (),
) -> AttemptPage:
    """Three queries. Without a number it opens at the first question without an answer.

    `typed` is what a form said that could not be kept: it stands on the page again, in `conflicts`
    beside what another tab saved.
    """
    answers = list(attempt.answers.all())
    shown = answers_to_show(attempt, answers, number, typed or {})
    questions = questions_of(shown, typed or {}, errors or {})
    for one, row in zip(questions, shown, strict=True):
        if row.question_id in conflicts:
            one.elsewhere = said_elsewhere(one, row)
    return AttemptPage(attempt, places_of(answers), questions, secrets.token_hex(8))


def said_elsewhere(question: ShownQuestion, answer: Answer) -> str:
    """What stands in the database, in words."""
    told = [strip_tags(one.html).strip() for one in question.options if one.id in answer.chosen]
    return "; ".join(told) or answer.text or _("no answer")


def places_of(answers: Sequence[Answer]) -> list[Place]:
    return [
        Place(row.position, row.question_id, row.is_answered, row.is_flagged) for row in answers
    ]


def answers_to_show(
    attempt: Attempt, answers: Sequence[Answer], number: int | None, typed: Collection[UUID]
) -> Sequence[Answer]:
    if attempt.quiz.layout == Quiz.Layout.ALL:
        return answers
    if typed:
        return [row for row in answers if row.question_id in typed]
    if number is None:
        first = next((row for row in answers if not row.is_answered), answers[0])
        return [first]
    return [row for row in answers if row.position == number]


def questions_of(
    answers: Sequence[Answer], typed: Mapping[UUID, Given], errors: Mapping[UUID, str]
) -> list[ShownQuestion]:
    keys = [row.question_id for row in answers]
    asked = Question.objects.filter(pk__in=keys).only("kind", "prompt_html").in_bulk()
    options = Option.objects.filter(question__in=keys).only("text_html").in_bulk()
    found = []
    for row in answers:
        question, said = asked[row.question_id], typed.get(row.question_id)
        chosen = set(said.chosen if said else row.chosen)
        found.append(
            ShownQuestion(
                number=row.position,
                id=row.question_id,
                kind=question.kind,
                html=question.prompt_html,
                options=[
                    ShownOption(
                        key, options[key].text_html, key in chosen, str(place) if place < 10 else ""
                    )
                    for place, key in enumerate(row.option_order, start=1)
                ],
                text=said.text if said else row.text,
                version=row.version,
                is_flagged=said.is_flagged if said else row.is_flagged,
                error=errors.get(row.question_id, ""),
            )
        )
    return found

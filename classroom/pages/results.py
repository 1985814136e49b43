"""A closed attempt: what it came to, and, once that is allowed, what was right."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from accounts.models import User
from activity.models import Event
from assessments.analysis import Analysis
from assessments.errors import AssessmentRefused
from assessments.feedback import Voice, seen_of_attempt, with_feedback
from assessments.history import History, history_of
from assessments.models import Answer, Attempt, HelpRequest, Option, Question, QuestionReport
from billing.features import lacks
from billing.models import Feature
from classroom.pages.pending import Pending, pending_of
from classroom.pages.remarks import Box
from courses.models import Lesson
from courses.outline import OutlineLesson


@dataclass(frozen=True)
class StudyLink:
    """A lesson to read again."""

    lesson: OutlineLesson
    lost: Decimal


@dataclass(frozen=True)
class ResultPage:
    """What an attempt came to and what can be done next. Says nothing of what was right."""

    attempt: Attempt
    history: History
    analysis: Analysis
    study: list[StudyLink]
    next: OutlineLesson | None
    unanswered: int
    marked_again: list[Event]
    said: Box | None
    pending: Pending
    question: HelpRequest | None
    looked_at: datetime

    @property
    def is_best(self) -> bool:
        return self.history.best is not None and self.history.best.pk == self.attempt.pk

    @property
    def has_review(self) -> bool:
        return self.said is not None and self.said.seen.voice == Voice.PERSON

    @property
    def offers_help(self) -> bool:
        """A person can be asked once, about an attempt that counts and that nobody reviewed."""
        return not (self.attempt.is_practice or self.question or self.has_review)

    @cached_property
    def help_lacks(self) -> str:
        """What the person's plan lacks for asking, in a sentence. A query where plans are sold."""
        return lacks(self.attempt.user, Feature.HELP)

    @property
    def may_retry(self) -> bool:
        return self.history.open is not None or self.history.refusal is None

    @property
    def answers_hidden(self) -> AssessmentRefused | None:
        return self.history.why_answers_are_hidden


def result_page(user: User, attempt: Attempt) -> ResultPage:
    """Six queries, one more where something was said, and two where it waits for a person."""
    quiz = attempt.quiz
    answers = list(
        attempt.answers.select_related("question").only(
            "attempt", "position", "chosen", "text", "seconds", "mark", "points",
            "question__topics", "question__taught_in",
        )
    )  # fmt: skip
    outline = quiz.lesson.course.outline()
    analysis = attempt.analysed(answers)
    study = [
        StudyLink(lesson, lost)
        for key, lost in analysis.study.items()
        if (lesson := outline.lesson(key)) is not None
    ]
    told = with_feedback(attempt)
    said = seen_of_attempt(user, told)
    return ResultPage(
        attempt=attempt,
        history=history_of(user, quiz, told.moment),
        analysis=analysis,
        study=study[:5],
        next=outline.next(quiz.lesson_id),
        unanswered=sum(not answer.is_answered for answer in answers),
        marked_again=marked_again(user, attempt),
        said=Box(said) if said else None,
        pending=pending_of(told, quiz.lesson.course, [said] if said else []),
        question=getattr(told, "help_request", None),
        looked_at=told.moment,
    )


def marked_again(user: User, attempt: Attempt) -> list[Event]:
    """What a mended key made of the attempt, latest first."""
    kind, subject = Event.Kind.ATTEMPT_REGRADED, f"regrade:{attempt.pk}:"
    return list(Event.objects.filter(user=user, kind=kind, subject__startswith=subject))


@dataclass(frozen=True, slots=True)
class ReviewedOption:
    html: str
    feedback_html: str
    is_chosen: bool
    is_correct: bool


@dataclass(frozen=True, slots=True)
class ReviewedQuestion:
    """A question with what was answered, what is right, and why."""

    answer: Answer
    question: Question
    options: list[ReviewedOption]
    lesson: Lesson | None
    report: QuestionReport | None

    @property
    def state(self) -> str:
        """`right`, `partly`, `wrong`, or `open` for what pays nothing."""
        if self.question.kind == Question.Kind.OPEN or not self.answer.points:
            return "open"
        if self.answer.mark == self.answer.points:
            return "right"
        return "partly" if self.answer.mark else "wrong"


@dataclass(frozen=True)
class ReviewPage:
    attempt: Attempt
    questions: list[ReviewedQuestion]


def review_page(user: User, attempt: Attempt) -> ReviewPage:
    """Three queries. To be asked for only where `History.why_answers_are_hidden` is None."""
    answers = list(attempt.answers.select_related("question__taught_in"))
    keys = [answer.question_id for answer in answers]
    options = Option.objects.filter(question__in=keys).in_bulk()
    reports: dict[UUID, QuestionReport] = {}
    for report in QuestionReport.objects.filter(user=user, question__in=keys):
        reports.setdefault(report.question_id, report)
    return ReviewPage(
        attempt,
        [
            ReviewedQuestion(
                answer=answer,
                question=answer.question,
                options=[reviewed(options[key], answer) for key in answer.option_order],
                lesson=taught_in(answer.question),
                report=reports.get(answer.question_id),
            )
            for answer in answers
        ],
    )


def reviewed(option: Option, answer: Answer) -> ReviewedOption:
    return ReviewedOption(
        html=option.text_html,
        feedback_html=option.feedback_html,
        is_chosen=option.pk in answer.chosen,
        is_correct=option.is_correct,
    )


def taught_in(question: Question) -> Lesson | None:
    """The lesson to read again, if learners can see it."""
    lesson = question.taught_in
    shown = lesson and lesson.status == Lesson.Status.PUBLISHED and lesson.deleted_at is None
    return lesson if shown else None

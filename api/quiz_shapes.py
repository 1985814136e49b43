"""Quizzes, attempts and answers as types. What is right stands in the shapes of a review alone."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from api.access import UUID_FORM
from api.shapes import Count, ErrorDetail, Shape
from assessments.replies import LONGEST_TEXT

# What `assessments.replies.is_text` refuses, in the words of JSON Schema.
TEXT = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]*$"
LARGEST_INTEGER = 2**31 - 1
MOST_OPTIONS = 1000


def plain_uuid(value: Any) -> Any:
    """Take the usual form only: `UUID()` also reads braces, "urn:uuid:" and no hyphens."""
    if isinstance(value, UUID) or (isinstance(value, str) and UUID_FORM.fullmatch(value)):
        return value
    raise PydanticCustomError("uuid_parsing", "not a UUID")


Id = Annotated[UUID, BeforeValidator(plain_uuid)]
QuestionKind = Literal["SINGLE", "MULTI", "TEXT", "NUMERIC", "OPEN"]
AttemptStatus = Literal["OPEN", "SUBMITTED", "EXPIRED"]
Percent = Annotated[
    int | None,
    Field(ge=0, le=100, examples=[80], description="Rounded down; null while it is open."),
]
Passed = Annotated[bool | None, Field(description="Null while it is open.")]
Score = Annotated[float | None, Field(ge=0, examples=[4.0], description="Points, as it closed.")]
OutOf = Annotated[float | None, Field(ge=0, examples=[5.0], description="Points there were.")]
Plain = Annotated[str, Field(description="As plain text.", examples=["What does 7 // 2 give?"])]
Html = Annotated[str, Field(examples=["<p>What does <code>7 // 2</code> give?</p>"])]
OptionPlain = Annotated[str, Field(description="As plain text.", examples=["3"])]
OptionHtml = Annotated[str, Field(examples=["<p>3</p>"])]


# In --------------------------------------------------------------------------------------------


class StartRequest(Shape):
    practice: bool = Field(
        default=False, strict=True, examples=[False],
        description="Without a clock, and it does not count.",
    )  # fmt: skip


class AnswerRequest(Shape):
    question_id: Id = Field(alias="questionId", description="Of the attempt.")
    option_ids: list[Id] = Field(
        default_factory=list, alias="optionIds", max_length=MOST_OPTIONS,
        description="What is chosen: all of it. Empty takes the answer back.",
    )  # fmt: skip
    text: str = Field(
        default="", strict=True, max_length=LONGEST_TEXT, pattern=TEXT, examples=[""],
        description="For questions without options.",
    )  # fmt: skip
    flagged: bool = Field(
        default=False, strict=True, examples=[False], description="To come back to it."
    )
    version: int = Field(
        strict=True, ge=0, le=LARGEST_INTEGER, examples=[0],
        description="Of the answer that you were shown.",
    )  # fmt: skip


class SubmissionRequest(Shape):
    """Nothing needs to be said: the attempt stands in the address."""


# Out -------------------------------------------------------------------------------------------


class AttemptSummary(Shape):
    id: UUID
    number: int = Field(ge=1, description="Practice is numbered by itself.")
    practice: bool
    status: AttemptStatus
    started_at: datetime
    deadline: datetime | None = Field(description="Null: no clock.")
    closed_at: datetime | None
    late: bool = Field(description="Handed in within the seconds of grace after the deadline.")
    percent: Percent
    passed: Passed


class Refusal(Shape):
    code: str = Field(description="What starting would be refused with.", examples=["too_soon"])
    detail: str


class QuizShape(Shape):
    id: UUID
    lesson_id: UUID
    course_id: str = Field(description="The slug.", examples=["python-basics"])
    title: str = Field(examples=["Check yourself"])
    question_count: Count = Field(description="What an attempt asks.")
    pass_percent: int = Field(ge=1, le=100, examples=[70])
    time_limit_seconds: int | None = Field(
        description="What you have, extra time included; null: no clock.", examples=[900]
    )
    max_attempts: int | None = Field(description="Null: as many as you like.", examples=[3])
    wait_minutes: int = Field(description="Between two attempts.", examples=[0])
    layout: Literal["ONE", "ALL"] = Field(description="Questions on a page.")
    shuffle: bool = Field(description="Another order in each attempt.")
    review: Literal["EACH", "LAST", "NEVER"] = Field(
        description="Answers are shown after every attempt; after the last, or once passed where "
        "attempts are not limited; or never."
    )
    passed: bool
    best: AttemptSummary | None = Field(description="The attempt that counts.")
    attempts: list[AttemptSummary] = Field(description="Yours, the newest first.")
    attempts_left: int | None = Field(ge=0, description="Null: as many as you like.", examples=[2])
    open_attempt_id: UUID | None = Field(description="Practice aside.")
    opens_at: datetime | None = Field(description="When the next may begin, if that is to come.")
    may_start: bool = Field(description="An attempt is open, or one can begin now.")
    why_not: Refusal | None
    may_practise: bool
    server_time: datetime


class AnswerShape(Shape):
    question_id: UUID
    option_ids: list[UUID] = Field(description="In the order shown.")
    text: str
    flagged: bool
    version: int = Field(ge=0, description="Counts the changes.")
    saved_at: datetime | None


class AnswerConflict(Shape):
    error: ErrorDetail
    answer: AnswerShape | None = Field(default=None, description="What stands, if yours is stale.")


class OptionShape(Shape):
    id: UUID
    text: OptionPlain
    text_html: OptionHtml


class QuestionShape(Shape):
    id: UUID
    position: int = Field(ge=1)
    kind: QuestionKind
    prompt: Plain
    prompt_html: Html
    options: list[OptionShape] = Field(description="In the order shown.")
    answer: AnswerShape


class AttemptResult(AttemptSummary):
    quiz_id: UUID
    score: Score
    out_of: OutOf


class AttemptShape(AttemptResult):
    server_time: datetime = Field(description="The clock that the deadline goes by.")
    questions: list[QuestionShape]


class SubmissionShape(AttemptResult):
    xp_awarded: int = Field(ge=0, description="What passing it paid.", examples=[20])


class ReviewedOption(OptionShape):
    correct: bool
    chosen: bool
    feedback_html: str


class ReviewedQuestion(Shape):
    id: UUID
    position: int = Field(ge=1)
    kind: QuestionKind
    prompt: Plain
    prompt_html: Html
    options: list[ReviewedOption] = Field(description="In the order shown.")
    text: str = Field(description="What you wrote.")
    accepted: list[str] = Field(description="Texts or numbers that are right.", examples=[["for"]])
    tolerance: str = Field(
        description="How far a number may be off: empty, as `0.01`, or as `1%`.", examples=[""]
    )
    model_answer_html: str
    explanation_html: str
    points: float = Field(ge=0, examples=[1.0])
    mark: float = Field(ge=0, description="What your answer earned.", examples=[1.0])
    self_check: Literal["YES", "PARTLY", "NO"] | None = Field(
        description="How near you said you were to the model answer."
    )


class ReviewShape(AttemptResult):
    questions: list[ReviewedQuestion]

"""Assignments, submissions and results as types. What is hidden of a case has no field here."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from api.quiz_shapes import Html, Percent
from api.shapes import Count, Shape
from sandbox.job import MAX_SOURCE

Language = Literal["python", "javascript", "java"]
Compare = Literal["exact", "trim", "tokens", "approx", "unordered", "pattern", "value"]
WorkStatus = Literal["PENDING", "RUNNING", "PASSED", "FAILED", "ERROR"]
OutcomeName = Literal[
    "PASSED", "WRONG", "RUNTIME_ERROR", "COMPILE_ERROR", "TIME_LIMIT", "MEMORY_LIMIT",
    "OUTPUT_LIMIT",
]  # fmt: skip
# The verb that takes it in says what is wrong with it; these are the same bounds as a schema.
SOURCE_BOUNDS: dict[str, Any] = {
    "minLength": 1, "maxLength": MAX_SOURCE, "pattern": r"^[^\x00]*[^\s\x00\ufeff][^\x00]*$",
}  # fmt: skip
Points = Annotated[int | None, Field(ge=0, examples=[4], description="Null until it is judged.")]
OutcomeOrNone = Annotated[
    OutcomeName | None,
    Field(description="Of the first case that does not pass, else PASSED; null until judged."),
]


# In --------------------------------------------------------------------------------------------


class SourceRequest(Shape):
    source: str = Field(
        strict=True, json_schema_extra=SOURCE_BOUNDS,
        examples=["def add(a, b):\n    return a + b\n"],
        description="The whole code: UTF-8 text of at most 64 KB.",
    )  # fmt: skip


# Out -------------------------------------------------------------------------------------------


class VisibleCase(Shape):
    """A case that everybody in the course may read."""

    name: str = Field(examples=["adds two small numbers"])
    points: int = Field(ge=1, examples=[1])
    function: str = Field(description="Empty: a program is run.", examples=["add"])
    args: list[Any] = Field(examples=[[1, 2]])
    kwargs: dict[str, Any] = Field(examples=[{}])
    expected: Any = Field(description="What the call gives back.", examples=[3])
    raises: str = Field(description="What it raises instead; `*` is any error.", examples=[""])
    stdin: str = Field(examples=[""])
    expected_stdout: str = Field(examples=[""])


class HiddenCase(Shape):
    """A case whose input and outcome stay here."""

    name: str = Field(examples=["adds negative numbers"])
    points: int = Field(ge=1, examples=[1])


class AssignmentShape(Shape):
    id: UUID
    lesson_id: UUID
    course_id: str = Field(description="The slug.", examples=["python-basics"])
    title: str = Field(examples=["Adding"])
    instructions_html: Html
    language: Language
    function: str = Field(description="What is called; empty: a program.", examples=["add"])
    starter: str = Field(examples=["def add(a, b):\n    ...\n"])
    compare: Compare
    tolerance: float = Field(description="For `approx`.", examples=[1e-6])
    pass_percent: int = Field(ge=1, le=100, examples=[100])
    cpu_seconds: float = Field(description="That one case may take.", examples=[2.0])
    memory_mb: int = Field(description="That one case may take.", examples=[128])
    visible_cases: list[VisibleCase]
    hidden_cases: list[HiddenCase]
    passed: bool
    best_percent: Percent


class SubmissionSummary(Shape):
    id: UUID
    assignment_id: UUID
    url: str = Field(
        description="Where to ask how it went.",
        examples=["/api/submissions/01a1fc71-66a6-7005-9cba-c883d79d55c7"],
    )
    graded: bool = Field(description="False: a run of the visible cases, which leaves no grade.")
    number: int | None = Field(description="Of those that are graded.", examples=[1])
    status: WorkStatus = Field(
        description="PENDING and RUNNING go on; ERROR is our fault and costs nothing."
    )
    position: int | None = Field(
        description="How many are in front of it; null once it is done.", examples=[0]
    )
    outcome: OutcomeOrNone
    points: Points
    out_of: Points
    percent: Percent
    created_at: datetime
    finished_at: datetime | None


class CaseShape(Shape):
    """What came of a case. Of a hidden one the texts are empty."""

    name: str = Field(examples=["adds two small numbers"])
    visible: bool
    passed: bool
    outcome: OutcomeName
    points: Count
    out_of: int = Field(ge=1, examples=[1])
    hint: str = Field(description="Where it does not pass and the author gives one.", examples=[""])
    called: str = Field(description="The call, or the input.", examples=["add(1, 2)"])
    expected: str = Field(examples=["3"])
    got: str = Field(examples=["-1"])
    where: str = Field(description="The first difference, if it has a place.", examples=["item 3"])
    stdout: str = Field(examples=[""])
    stderr: str = Field(examples=[""])
    cut: bool = Field(description="A text was longer than what is kept of it.")


class CodeSubmissionShape(SubmissionSummary):
    source: str = Field(examples=["def add(a, b):\n    return a + b\n"])
    compile_output: str = Field(description="Why it does not start.", examples=[""])
    runtime: str = Field(description="What ran it.", examples=["CPython 3.13"])
    results: list[CaseShape] = Field(
        description="Empty until it is judged, and while the course is closed to you."
    )


class SubmissionList(Shape):
    items: list[SubmissionSummary]
    count: Count = Field(description="All there are; the newest of them are listed.")

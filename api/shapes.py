"""What goes in and what comes out, as types: the schema is made from these."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError


class Shape(BaseModel):
    """An object with these keys and no others."""

    model_config = ConfigDict(extra="forbid")


def plain_number(value: Any) -> Any:
    """Take decimal digits only from an address: `int()` also reads "1_0", " 1" and "１"."""
    if isinstance(value, int) or re.fullmatch("[0-9]{1,9}", value, re.ASCII):
        return value
    raise PydanticCustomError("int_parsing", "not an integer")


NO_NUL = r"^[^\x00]*$"
Key = Annotated[str, Field(strict=True, min_length=1, max_length=80, pattern=NO_NUL)]
UserKey = Annotated[
    str,
    Field(
        alias="userId", strict=True, min_length=1, max_length=254, pattern=NO_NUL,
        description="Your own email or UUID: you act for yourself only.",
        examples=["student@example.com"],
    ),
]  # fmt: skip
CourseKey = Annotated[
    Key,
    Field(alias="courseId", description="Slug or UUID of the course.", examples=["python-basics"]),
]
LessonKey = Annotated[
    Key,
    Field(alias="lessonId", description="Slug or UUID of the lesson.", examples=["variables"]),
]
Percentage = Annotated[
    int | None,
    Field(
        ge=0, le=100, examples=[40],
        description="Required lessons done, rounded down; null for a course without lessons.",
    ),
]  # fmt: skip
PageNumber = Annotated[int, Field(ge=1, le=10_000), BeforeValidator(plain_number)]
PageSize = Annotated[int, Field(ge=1, le=100), BeforeValidator(plain_number)]
Count = Annotated[int, Field(ge=0, examples=[12])]
Difficulty = Literal["BEGINNER", "INTERMEDIATE", "ADVANCED"]
Plan = Literal["FREE", "PRO", "ENTERPRISE"]
Kind = Literal["VIDEO", "ARTICLE", "CODE_EXAMPLE", "INTERACTIVE", "QUIZ", "ASSIGNMENT"]


# In --------------------------------------------------------------------------------------------


class EnrollmentRequest(Shape):
    user_id: UserKey
    course_id: CourseKey


class AwardRequest(Shape):
    user_id: UserKey
    course_id: CourseKey
    lesson_id: LessonKey
    xp_amount: int = Field(
        alias="xpAmount", strict=True, ge=1, le=1000, examples=[150],
        description="What you expect the lesson to pay. It is compared, never used.",
    )  # fmt: skip


class Paging(BaseModel):
    page: PageNumber = 1
    page_size: PageSize = Field(default=20, description="Items on a page.")


class CourseFilter(Paging):
    q: str = Field(default="", max_length=100, pattern=NO_NUL, description="Words to look for.")
    language: str = Field(
        default="", max_length=60, pattern=NO_NUL, description="Slug of a language."
    )
    difficulty: Difficulty | None = None


# Out -------------------------------------------------------------------------------------------


class ErrorDetail(Shape):
    code: str = Field(description="For programs: stays the same.", examples=["not_found"])
    detail: str = Field(description="A sentence for a person.")
    fields: dict[str, list[str]] = Field(description="What is wrong with each field.")


class Error(Shape):
    error: ErrorDetail


class EnrollmentShape(Shape):
    id: UUID
    user_id: str = Field(description="The email.", examples=["student@example.com"])
    course_id: str = Field(description="The slug.", examples=["python-basics"])
    enrolled_at: datetime
    completion_percentage: Percentage
    xp_earned: int = Field(description="What this course has paid.", examples=[0])


class EnrollmentPage(Shape):
    items: list[EnrollmentShape]
    count: Count
    page: int
    pages: int


class Award(Shape):
    xp_awarded: int = Field(
        alias="xpAwarded", ge=0, examples=[150],
        description="0 if the lesson had been completed, opened again, and paid before.",
    )  # fmt: skip
    total_xp: int = Field(alias="totalXp", ge=0, examples=[650])
    level: int = Field(ge=0, examples=[2])
    message: str = Field(examples=["Lesson complete. You earned 150 XP."])


class Me(Shape):
    id: UUID
    email: str = Field(examples=["student@example.com"])
    name: str = Field(examples=["Ada"])
    timezone: str = Field(examples=["UTC"])
    total_xp: int = Field(ge=0, examples=[650])
    level: int = Field(ge=0, examples=[2])
    xp_to_next_level: int = Field(ge=1, examples=[250])


class CourseShape(Shape):
    id: UUID
    slug: str = Field(examples=["python-basics"])
    title: str = Field(examples=["Python from zero"])
    summary: str
    language: str | None = Field(description="Slug of the language.", examples=["python"])
    difficulty: Difficulty
    required_plan: Plan
    lesson_count: Count
    minutes: Count


class CoursePage(Shape):
    items: list[CourseShape]
    count: Count
    page: int
    pages: int


class LessonShape(Shape):
    id: UUID
    slug: str = Field(examples=["variables"])
    title: str = Field(examples=["Variables"])
    kind: Kind
    minutes: int
    xp: int = Field(ge=1, le=1000, examples=[10])
    completion: Literal["BY_HAND", "BY_PASSING"]
    required: bool = Field(description="Counts towards the percentage.")
    preview: bool = Field(description="Open without an account.")
    quiz_id: UUID | None = Field(description="Of a lesson that is a quiz.")
    assignment_id: UUID | None = Field(description="Of a lesson that is an assignment.")


class ModuleShape(Shape):
    id: UUID
    title: str
    description: str
    lessons: list[LessonShape]


class CourseDetail(CourseShape):
    description: str = Field(description="Markdown.")
    authors: list[str]
    tags: list[str]
    licence: str
    modules: list[ModuleShape]


class LessonReference(Shape):
    id: UUID
    slug: str = Field(examples=["variables"])
    title: str = Field(examples=["Variables"])


class ProgressShape(Shape):
    course_id: str = Field(description="The slug.", examples=["python-basics"])
    completion_percentage: Percentage
    done: Count
    total: Count
    completed_lesson_ids: list[UUID]
    next_lesson: LessonReference | None = Field(description="The first that is not done.")
    resume_lesson: LessonReference | None = Field(description="The one opened last, if not done.")
    completed_at: datetime | None = Field(description="When the course was first finished.")
    locked_by: Plan | None = Field(
        description="The plan that opens its lessons, where yours does not. Null: they are open."
    )


class CompletionShape(Shape):
    lesson_id: UUID
    completed: bool
    completion_percentage: Percentage = Field(description="Of the course, after this.")
    xp_awarded: int = Field(ge=0, description="What this request paid.")
    total_xp: int = Field(ge=0)
    level: int = Field(ge=0)


# Which refusals an operation can answer with, beside those that every operation can.
EVERYWHERE = (400, 401, 405, 429, 500)
WRITING = (403, *EVERYWHERE)
WITH_BODY = (413, 415, 422, *WRITING)


def answers(success: dict[int, Any], *refusals: int) -> dict[int, Any]:
    """All statuses of one operation with their shapes, in order."""
    return dict(sorted({**success, **dict.fromkeys(refusals, Error)}.items()))

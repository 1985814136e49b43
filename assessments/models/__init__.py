"""Tables of this room."""

from assessments.models.attempt import Answer, Attempt
from assessments.models.people import Accommodation, QuestionReport
from assessments.models.quiz import Bank, Option, Question, Quiz

__all__ = [
    "Accommodation",
    "Answer",
    "Attempt",
    "Bank",
    "Option",
    "Question",
    "QuestionReport",
    "Quiz",
]

"""Tables of this room."""

from assessments.models.assignment import Assignment, TestCase
from assessments.models.attempt import Answer, Attempt
from assessments.models.feedback import (
    Analysis,
    AttemptAnalysis,
    HelpRequest,
    Remark,
    RemarkRating,
    Reply,
    SubmissionAnalysis,
)
from assessments.models.model_run import DraftPause, ModelRun
from assessments.models.people import Accommodation, QuestionReport
from assessments.models.quiz import Bank, Option, Question, Quiz
from assessments.models.review import Review, Snippet
from assessments.models.runner_check import RunnerCheck
from assessments.models.submission import Draft, Outcome, Run, Submission, TestResult
from assessments.models.trial import Rejudging, Trial
from assessments.models.work import Work

__all__ = [
    "Accommodation",
    "Analysis",
    "Answer",
    "Assignment",
    "Attempt",
    "AttemptAnalysis",
    "Bank",
    "Draft",
    "DraftPause",
    "HelpRequest",
    "ModelRun",
    "Option",
    "Outcome",
    "Question",
    "QuestionReport",
    "Quiz",
    "Rejudging",
    "Remark",
    "RemarkRating",
    "Reply",
    "Review",
    "Run",
    "RunnerCheck",
    "Snippet",
    "Submission",
    "SubmissionAnalysis",
    "TestCase",
    "TestResult",
    "Trial",
    "Work",
]

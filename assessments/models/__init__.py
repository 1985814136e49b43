"""Tables of this room."""

from assessments.models.assignment import Assignment, TestCase
from assessments.models.attempt import Answer, Attempt
from assessments.models.feedback import HelpRequest, SubmissionAnalysis
from assessments.models.people import Accommodation, QuestionReport
from assessments.models.quiz import Bank, Option, Question, Quiz
from assessments.models.runner_check import RunnerCheck
from assessments.models.submission import Draft, Outcome, Run, Submission, TestResult
from assessments.models.trial import Rejudging, Trial
from assessments.models.work import Work

__all__ = [
    "Accommodation",
    "Answer",
    "Assignment",
    "Attempt",
    "Bank",
    "Draft",
    "HelpRequest",
    "Option",
    "Outcome",
    "Question",
    "QuestionReport",
    "Quiz",
    "Rejudging",
    "Run",
    "RunnerCheck",
    "Submission",
    "SubmissionAnalysis",
    "TestCase",
    "TestResult",
    "Trial",
    "Work",
]

"""What the tests about pages of code share: handing in, judging, asking as a browser does."""

from typing import Any

from django.test import Client

from accounts.models import User
from assessments import grading, submissions
from assessments.models import Assignment, Submission

HTMX = {"HX-Request": "true"}
FORM = "application/x-www-form-urlencoded"


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def judged(user: User, assignment: Assignment, source: str, *, graded: bool = True) -> Submission:
    """Code that was handed in, or tried out, and judged by the real runner."""
    submission = submissions.submit(user, assignment, source, graded=graded)
    grading.grade(submission.pk)
    submission.refresh_from_db()
    return submission


def begin(browser: Client, assignment: Assignment, source: str, part: str = "submissions") -> Any:
    """Press Run ("runs") or Submit on the page of an assignment, by htmx."""
    return browser.post(f"/assignments/{assignment.pk}/{part}/", {"source": source}, headers=HTMX)

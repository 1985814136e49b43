"""What the list of all courses shows to those who write them."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest

from courses.models import Course, Lesson
from enrollments.models import Enrollment
from studio.pages.waiting import Waiting, waiting

PER_PAGE = 25
LONG_TEXTS = ("description", "description_html", "search", "language")


@dataclass(frozen=True, slots=True)
class CoursesPage:
    """One page of courses, each with `lessons_there`, `learners` and `changed_at`."""

    page: Page[Any]
    text: str
    waiting: Waiting

    @property
    def query(self) -> str:
        """The search as the front part of a query string."""
        return urlencode({"q": self.text}) + "&" if self.text else ""


def courses_page(text: str, number: str) -> CoursesPage:
    """Three queries. What changed last comes first, or what fits the words best.

    By the facts of a course, by what learners see of its outline, and by the texts of its lessons;
    questions and cases do not count.
    """
    rows: Any = Course.objects.filter(deleted_at=None).defer(*LONG_TEXTS)
    rows = rows.annotate(
        lessons_there=_of_lessons(Count("pk"), 0),
        learners=_learners(),
        changed_at=Greatest("updated_at", _of_lessons(Max("updated_at"), F("updated_at"))),
    )
    text = text.strip()[:200]
    found = rows.search(text) if text else rows.order_by("-changed_at", "-id")
    page: Page[Any] = Paginator(found, PER_PAGE).get_page(number)
    page.object_list = list(page.object_list)
    return CoursesPage(page, text, waiting())


def _of_lessons(value: Any, otherwise: Any) -> Coalesce:
    """A number of the lessons that the course has, drafts too."""
    own = Lesson.objects.with_drafts().filter(course=OuterRef("pk")).order_by().values("course")
    return Coalesce(Subquery(own.annotate(value=value).values("value")), otherwise)


def _learners() -> Coalesce:
    own = Enrollment.objects.current().filter(course=OuterRef("pk")).order_by().values("course")
    return Coalesce(Subquery(own.annotate(value=Count("pk")).values("value")), 0)

"""What keeps a course from being published, and what its authors should know."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from courses.models import Course, Lesson
from courses.videos import WANTED, is_shown

IMAGE_WITHOUT_TEXT = re.compile(r'<img (?:[a-z-]+="[^"]*" )*alt=""')
# The pages' policy shows pictures of the site alone.
IMAGE_ELSEWHERE = re.compile(
    r'<img (?:[a-z-]+="[^"]*" )*src="\s*(?:[a-z][a-z0-9+.-]*:|[/\\]{2})', re.IGNORECASE
)
# What the sanitiser leaves of a link that leads nowhere in the course, or to no kind of page.
LOST_LINK = re.compile(r'<a(?: (?!(?:href|id)=)[a-z-]+="[^"]*")*>')
LOST_IMAGE = re.compile(r'<img(?: (?!src=)[a-z-]+="[^"]*")*>')
LOST_QUIZ = re.compile(r"<p>\{\{[ \t]*quiz:")
# What a reader cannot see or read, whoever says so: an import tells it as well.
SEEN = {"alt", "picture", "captions"}
NO_WORDS = "An image has no text that says what it shows."
LINK_NOWHERE = "A link leads nowhere."
IMAGE_NOWHERE = "An image is not in the course and cannot be shown."
QUIZ_NOWHERE = "A quiz that the text wants to show is not there."
ELSEWHERE = "This picture lies on another site and cannot be shown: add it to the course."
# Their text is their questions or their task; the apps that own those check them.
JUDGED_ELSEWHERE = {Lesson.Kind.QUIZ, Lesson.Kind.ASSIGNMENT}


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. Errors keep a course from being published, warnings do not."""

    severity: Severity
    code: str
    message: str
    lesson: str = ""

    def __str__(self) -> str:
        return f"{self.lesson}: {self.message}" if self.lesson else self.message

    @property
    def is_error(self) -> bool:
        return self.severity == Severity.ERROR


def error(code: str, message: str, lesson: str = "") -> Problem:
    return Problem(Severity.ERROR, code, message, lesson)


def warning(code: str, message: str, lesson: str = "") -> Problem:
    return Problem(Severity.WARNING, code, message, lesson)


def problems_of(course: Course, lessons: Iterable[Lesson]) -> list[Problem]:
    """Judge a course by itself and the lessons that learners would see. Asks no database."""
    lessons = list(lessons)
    found: list[Problem] = []
    if not course.summary.strip():
        found.append(error("summary", "The course has no summary for its card."))
    if not course.description.strip():
        found.append(warning("description", "The course page has no description."))
    found += problems_of_text(course.description_html)
    if not lessons:
        found.append(error("empty", "The course has no published lesson."))
    elif not any(lesson.is_required for lesson in lessons):
        found.append(warning("optional", "No lesson is required: there is nothing to finish."))
    for lesson in lessons:
        found += problems_of_lesson(lesson, course)
    return found


def leads_nowhere(html: str) -> bool:
    """Whether a rendered text has a link, an image or a quiz that means nothing."""
    return any(lost.search(html) for lost in (LOST_LINK, LOST_IMAGE, LOST_QUIZ))


def problems_of_text(html: str, lesson: str = "") -> list[Problem]:
    """Judge a rendered text by its pictures and links."""
    found = list[Problem]()
    if IMAGE_WITHOUT_TEXT.search(html):
        found.append(error("alt", NO_WORDS, lesson))
    if IMAGE_ELSEWHERE.search(html):
        found.append(error("picture", ELSEWHERE, lesson))
    if LOST_LINK.search(html):
        found.append(warning("link", LINK_NOWHERE, lesson))
    if LOST_IMAGE.search(html):
        found.append(warning("link", IMAGE_NOWHERE, lesson))
    if LOST_QUIZ.search(html):
        found.append(warning("link", QUIZ_NOWHERE, lesson))
    return found


def problems_of_lesson(lesson: Lesson, course: Course) -> list[Problem]:
    title, found = lesson.title, list[Problem]()
    if not lesson.content.strip() and lesson.kind not in JUDGED_ELSEWHERE:
        if lesson.kind == Lesson.Kind.VIDEO:
            found.append(warning("transcript", "The video has no transcript.", title))
        else:
            found.append(error("text", "The lesson has no text.", title))
    found += problems_of_text(lesson.content_html, title)
    if lesson.kind == Lesson.Kind.VIDEO:
        if not lesson.video_url:
            found.append(error("video", "The video has no address.", title))
        elif not is_shown(lesson.video_url, course.slug):
            found.append(error("video", f"The video cannot be shown. {WANTED}", title))
        elif not lesson.captions and lesson.video_url.startswith("/"):
            found.append(warning("captions", "The video has no captions.", title))
    if lesson.kind == Lesson.Kind.INTERACTIVE and not lesson.widget.strip():
        found.append(error("widget", "The interactive lesson has no page to show.", title))
    return found

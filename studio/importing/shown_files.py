"""Which files of a course something that is live still refers to: they are not let go."""

import posixpath
import re
from collections.abc import Iterable, Iterator
from html import unescape
from urllib.parse import unquote

from courses.links import Links, asset_address
from courses.markdown import render
from courses.models import Asset, Course, Lesson
from studio.importing.quiz_rows import QuizRows

ADDRESSES = ("video_url", "captions", "poster")
HEADER = "course.yaml"
LINKS = re.compile(r'\b(?:href|src|poster)="([^"]*)"')


def shown_files(
    course: Course, lessons: Iterable[Lesson], quizzes: QuizRows, gone: list[Asset],
    paths: list[str],
) -> dict[str, str]:  # fmt: skip
    """Of the files that would go, those that are referred to, each with what refers to it.

    `paths` are all files of the course, those that would go among them.
    """
    addresses = {asset_address(course.slug, row.path): row.path for row in gone}
    names = {posixpath.basename(row.path).casefold() for row in gone}
    live = [lesson for lesson in lessons if lesson.deleted_at is None]
    links = Links.of(course.slug, {one.source: one.slug for one in live}, paths)
    found = {row.path: "the course's cover" for row in gone if row.pk == course.cover_id}
    for what, source, text in _texts(course, live, quizzes):
        if _may_name(text, names):
            for address in _addresses(links, source, text):
                if address in addresses:
                    found.setdefault(addresses[address], what)
    for lesson in live:
        for address in (getattr(lesson, name) for name in ADDRESSES):
            if address in addresses:
                found.setdefault(addresses[address], f"the lesson {lesson.key}")
    return found


def _texts(
    course: Course, lessons: Iterable[Lesson], quizzes: QuizRows
) -> Iterator[tuple[str, str, str]]:
    """Every text with what it belongs to and the file that its links begin at."""
    yield "the course's description", HEADER, course.description
    for lesson in lessons:
        what = f"the lesson {lesson.key}"
        yield what, lesson.source, lesson.content
        quiz = quizzes.quizzes.get(lesson.pk)
        for row in quizzes.questions[quiz.pk].values() if quiz else []:
            if row.deleted_at is None:
                for text in (row.prompt, row.explanation, row.model_answer):
                    yield what, lesson.source, text
                for option in quizzes.options.get(row.pk, []):
                    if option.deleted_at is None:
                        yield what, lesson.source, f"{option.text}\n\n{option.feedback}"


def _may_name(text: str, names: set[str]) -> bool:
    """Whether one of the names stands in the text: few texts have to be read more closely."""
    plain = unquote(text.replace("\\", "")).casefold()
    return any(name in plain for name in names)


def _addresses(links: Links, source: str, text: str) -> list[str]:
    """Where the links of a text lead on a page."""
    html = render(text, resolve=links.resolver(source))
    return [unescape(address).partition("#")[0] for address in LINKS.findall(html)]

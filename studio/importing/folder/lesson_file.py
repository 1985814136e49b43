"""One lesson of the folder format: fields in front, Markdown behind."""

import posixpath
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from courses.links import asset_address, plain_name
from courses.markup import quiz_file
from courses.models import MAX_TEXT, Lesson
from courses.videos import WANTED, is_shown
from studio.importing.files import SourceFile, text_of
from studio.importing.folder.fields import Fields
from studio.importing.folder.frontmatter import split
from studio.importing.names import one_line
from studio.importing.refusal import Finding
from studio.importing.tree import CourseNode, LessonNode

Kind = Lesson.Kind
KINDS: dict[str, str] = {
    "article": Kind.ARTICLE,
    "video": Kind.VIDEO,
    "code": Kind.CODE_EXAMPLE,
    "interactive": Kind.INTERACTIVE,
}
HEADING = re.compile(r" {0,3}#{1,6}[ \t]++(\S.*)")
UNDERLINE = re.compile(r"(?:=++|-++)[ \t]*+")
FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})(.*)$")
INCLUDE = re.compile(r"\{\{\s*+(?:#\s*+)?(include|quiz|playground|template)\b")
LONGEST_TITLE = 120
# The code of what a draft may do without for now.
UNFINISHED = "unfinished"
NO_VIDEO = 'A video needs a "url".'
NO_WIDGET = 'An interactive lesson needs a "widget".'


class LessonFile:
    """Reads the lesson at `path`; faults go to `errors`, doubts to `warnings`.

    What is not finished yet is a doubt in a draft, be it the lesson or all of its course.
    """

    def __init__(
        self, files: Mapping[str, SourceFile], path: str, course: CourseNode,
        errors: list[Finding], warnings: list[Finding],
    ) -> None:  # fmt: skip
        self.files, self.path = files, path
        self.course, self.is_draft = course.slug, course.draft
        self.errors, self.warnings = errors, warnings
        self.used: set[str] = set()

    def read(self, key: str) -> LessonNode:
        """Return the lesson; `key` is its identity unless its file gives one."""
        text = text_of(self.files[self.path], 4 * MAX_TEXT)
        mapping, content, first_line = split(text, self.path)
        fields = Fields(mapping, self.path, self.errors)
        identity = fields.identity("id", 200, made=True)
        content = content.strip("\n")
        if len(content) > MAX_TEXT:
            fields.error(f"The text has more than {MAX_TEXT:,} characters.", first_line, "length")
            content = ""
        values = self._values(fields, content)
        fields.finish()
        self._doubts(content, first_line)
        return LessonNode(identity or key, self.path, values, first_line)

    def _values(self, fields: Fields, content: str) -> dict[str, Any]:
        kind = fields.choice("type", KINDS, Kind.ARTICLE)
        minutes = fields.integer("minutes", 5, 1, 600)
        pays = 15 if kind == Kind.INTERACTIVE else 5 if minutes < 3 else 10
        draft = fields.boolean("draft", False)
        self.is_draft |= draft
        return {
            "title": fields.text("title", LONGEST_TITLE) or title_from(content, self.path),
            "summary": fields.text("summary", 240),
            "kind": str(kind),
            "content": content,
            "minutes": minutes,
            "xp_reward": fields.integer("xp", pays, 1, 1000),
            "status": str(Lesson.Status.DRAFT if draft else Lesson.Status.PUBLISHED),
            "is_preview": fields.boolean("preview", False),
            "is_required": fields.boolean("required", True),
            "video_url": self._video(fields, kind),
            "captions": self._asset(fields, "captions"),
            "poster": self._asset(fields, "poster"),
            "widget": self._widget(fields, kind),
            "widget_height": fields.integer("height", 420, 120, 1600),
        }

    def _video(self, fields: Fields, kind: str) -> str:
        url = fields.text("url", 300)
        if kind != Kind.VIDEO:
            if url:
                fields.error('Only a lesson of type video has a "url".', fields.line_of("url"))
            return ""
        if not url:
            self._lacking(NO_VIDEO, fields.line_of("url"))
            return ""
        if not re.match(r"[a-zA-Z][\w+.-]*:|//", url):
            return self._asset(fields, "url")
        if not is_shown(url, self.course):
            fields.error(WANTED, fields.line_of("url"))
            return ""
        return url

    def _path(self, fields: Fields, name: str) -> str:
        """The file that a field names, by its path in the course; "" if there is none."""
        given = fields.text(name, 200)
        if not given:
            return ""
        target = posixpath.normpath(posixpath.join(posixpath.dirname(self.path), unquote(given)))
        if target not in self.files:
            fields.error(
                f'Unknown reference "{given}" in "{name}".', fields.line_of(name), "reference"
            )
            return ""
        return target

    def _asset(self, fields: Fields, name: str) -> str:
        path = self._path(fields, name)
        return asset_address(self.course, path) if path else ""

    def _widget(self, fields: Fields, kind: str) -> str:
        path = self._path(fields, "widget")
        if not path:
            if kind == Kind.INTERACTIVE and "widget" not in fields.items:
                self._lacking(NO_WIDGET, fields.line)
            return ""
        self.used.add(path)
        text = text_of(self.files[path], 4 * MAX_TEXT)
        if len(text) > MAX_TEXT:
            fields.error(f"The widget has more than {MAX_TEXT:,} characters.", code="length")
            return ""
        return text

    def _lacking(self, message: str, line: int) -> None:
        found = self.warnings if self.is_draft else self.errors
        found.append(Finding(message, self.path, line, UNFINISHED))

    def _doubts(self, content: str, first_line: int) -> None:
        self.warnings += doubts_about(content, self.path, first_line)
        if not content:
            self.warnings.append(Finding("The lesson has no text.", self.path, first_line, "empty"))


def title_from(content: str, path: str) -> str:
    """What a lesson without a title is called: its first heading, or else its file."""
    if title := one_line(first_heading(content), LONGEST_TITLE):
        return title
    name = posixpath.basename(path)
    if name == "index.md":
        name = posixpath.basename(posixpath.dirname(path))
    return title_of_name(plain_name(name.removesuffix(".md").partition(".quiz.")[0])) or "Lesson"


def first_heading(content: str) -> str:
    """The words of the first heading; "" if there are none."""
    lines = content.split("\n")
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if (hit := HEADING.fullmatch(line)) and (words := without_end(hit[1])):
            return words
        if line[:1].strip() and UNDERLINE.fullmatch(below):
            return line
    return ""


def without_end(heading: str) -> str:
    """A heading without the signs that close it, which stand behind a space."""
    words = heading.rstrip()
    bare = words.rstrip("#")
    return bare if not bare or bare[-1].isspace() else words


def title_of_name(name: str) -> str:
    """The name of a file or folder as a title; "" where it has no words."""
    words = one_line(name.replace("-", " ").replace("_", " "), LONGEST_TITLE)
    return words[:1].upper() + words[1:]


def doubts_about(content: str, path: str, first_line: int) -> list[Finding]:
    """Warn of what a text says that is hardly meant."""
    found = list[Finding]()
    fence, opened = "", 0
    for number, line in enumerate(content.split("\n"), start=first_line):
        hit = FENCE.match(line)
        if hit and not fence:
            fence, opened = hit[1], number
        elif hit and hit[1].startswith(fence) and not hit[2].strip():
            fence = ""
        elif not fence and INCLUDE.search(line) and not quiz_file(line):
            message = "An include is shown as it is written: includes are not resolved."
            found.append(Finding(message, path, number, "include"))
    if fence:
        found.append(Finding("This block of code has no end.", path, opened, "fence"))
    return found

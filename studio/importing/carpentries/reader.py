"""Lessons of the Carpentries: a folder of episodes, in the older and the newer dialect."""

import posixpath
import re
from functools import cached_property
from urllib.parse import unquote

from courses.links import plain_name
from courses.models import MAX_TEXT
from studio.importing.carpentries.divs import SECTIONS, without_divs
from studio.importing.carpentries.kramdown import with_texts_of_images, without_kinds
from studio.importing.carpentries.liquid import Liquid
from studio.importing.files import Source, text_of
from studio.importing.folder.frontmatter import split
from studio.importing.folder.lesson_file import title_from
from studio.importing.foreign import ForeignCourse, Part
from studio.importing.licence import licence_of
from studio.importing.loose_yaml import values_in, whole, word, words
from studio.importing.mdbook.text import page_of
from studio.importing.prose import in_prose
from studio.importing.refusal import ImportRefused
from studio.importing.relinking import OUTWARDS, relinked
from studio.importing.served import is_served
from studio.importing.strict_yaml import Mapping, Scalar
from studio.importing.tree import CourseNode

# The older dialect is a site of Jekyll, with templates; the newer one is plain Markdown.
OLD, NEW = "_episodes", "episodes"
CONFIGS = ("config.yaml", "_config.yml", "_config.yaml")
TEXTS = (".md", ".Rmd", ".markdown")
FILES = ("fig", "figures", "files", "data", "code", "images", "img")
INDEX = "index.md"
PICTURE = re.compile(r"!\[[^\[\]]*\]\(([^()\s]+)")


def is_episodes(source: Source) -> bool:
    return any(_is_episode(source, path) for path in source.files)


def read_episodes(source: Source, slug: str, title: str) -> CourseNode:
    return Episodes(source, slug, title).read()


def _is_episode(source: Source, path: str) -> bool:
    """Whether the file is an episode: directly in its folder, with fields in front."""
    if posixpath.dirname(path) not in {OLD, NEW} or not path.endswith(TEXTS):
        return False
    return source.files[path].read()[:8].lstrip(b"\xef\xbb\xbf").startswith(b"---")


class Episodes:
    """Reads a lesson of the Carpentries as one course with one module."""

    def __init__(self, source: Source, slug: str = "", title: str = "") -> None:
        self.source, self.files = source, source.files
        self.course = ForeignCourse(source, slug, title, tags=["carpentries"])
        self.config_path = next((path for path in CONFIGS if path in self.files), "")
        self.config = self._config()
        if not title and word(self.config, "title"):
            self.course.title = " ".join(word(self.config, "title").split())[:120]
        found = [path for path in self.files if _is_episode(source, path)]
        self.folder = OLD if any(path.startswith(f"{OLD}/") for path in found) else NEW
        self.episodes = [path for path in found if path.startswith(f"{self.folder}/")]

    def read(self) -> CourseNode:
        """Raises ImportRefused with every reason."""
        module = self.course.module(NEW, "Episodes")
        for path in self._in_order():
            try:
                part = self._part(path)
            except ImportRefused as refusal:
                self.course.skip(path, refusal.findings[0].message, "lesson")
                continue
            lesson = self.course.page(module, part)
            name = posixpath.splitext(path)[0]
            bare = posixpath.basename(name)
            for one in (f"{name}.html", bare, f"{bare}.html", f"{bare}/index.html", f"{name}.md"):
                self.course.origins.setdefault(one.casefold(), lesson)
        self._about()
        self._rest()
        return self.course.finish()

    def _config(self) -> Mapping:
        try:
            return values_in(self.source, self.config_path)
        except ImportRefused as refusal:
            finding = refusal.findings[0]
            self.course.warn(finding.message, finding.path, finding.line)
            return Mapping()

    def _in_order(self) -> list[str]:
        """As the configuration names them; those that it does not name follow by name."""
        named = words(self.config, "episodes") or words(self.config, "episode_order")
        by_name = {posixpath.basename(path): path for path in self.episodes}
        by_name |= {posixpath.splitext(name)[0]: path for name, path in by_name.items()}
        first = [by_name[name] for name in named if name in by_name]
        return list(dict.fromkeys([*first, *self.episodes]))

    def _part(self, path: str) -> Part:
        fields, text, first_line = self._split(path)
        parts = [self._section(fields, name) for name in ("questions", "objectives")]
        parts += [self._text(path, text, first_line, fields), self._section(fields, "keypoints")]
        text = "\n\n".join(part for part in parts if part)
        title = " ".join(word(fields, "title").split()) or title_from(text, path)
        minutes = sum(max(0, whole(fields, name)) for name in ("teaching", "exercises"))
        if path.endswith(".Rmd"):
            message = "This is R Markdown: what its code prints and draws is not in it."
            self.course.warn(message, path, 1, "rmd")
        key = plain_name(posixpath.splitext(posixpath.basename(path))[0])
        return Part(key, title, path, page_of(text, title), first_line, minutes)

    def _split(self, path: str) -> tuple[Mapping, str, int]:
        """Fields, text and its first line. Fields that are too strange for us are left out."""
        text = text_of(self.files[path], 4 * MAX_TEXT)
        try:
            return split(text, path)
        except ImportRefused as refusal:
            finding = refusal.findings[0]
            self.course.warn(finding.message, finding.path, finding.line)
        lines = text.split("\n")
        end = next((at for at, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), 0)
        return Mapping(), "\n".join(lines[end + 1 :]), end + 2

    def _section(self, fields: Mapping, name: str) -> str:
        items = [" ".join(one.split()) for one in words(fields, name)]
        return "\n".join(
            [f"## {SECTIONS[name]}", "", *(f"- {one}" for one in items)] if items else []
        )

    def _text(self, path: str, text: str, first_line: int, fields: Mapping) -> str:
        """The text of a page in our dialect."""

        def warn(message: str, line: int) -> None:
            self.course.warn(message, path, line, "box")

        def aside(kind: str, words: str, line: int) -> None:
            self.course.skip(f"{path}:{line}", f"a note for the {kind}", "note", words)

        if self.folder == OLD:
            text = self._filled(path, text, first_line, fields)
            text = without_kinds(text, first_line, aside)
        text = without_divs(text, first_line, warn, aside)
        return in_prose(text, with_texts_of_images)

    def _filled(self, path: str, text: str, first_line: int, fields: Mapping) -> str:
        values = {f"site.{name}": text for name, text in _scalars(self.config)}
        values |= {f"page.{name}": text for name, text in _scalars(fields)}
        liquid = Liquid(path, values, {"links.md": self._links})

        def unknown(tag: str, before: int) -> None:
            message = f'The template "{" ".join(tag.split())[:80]}" is not filled in.'
            self.course.warn(message, path, first_line + before, "include")

        return liquid.filled(text, unknown)

    @cached_property
    def _links(self) -> str:
        """Addresses that many pages use by name."""
        path = "_includes/links.md"
        if path not in self.files:
            return ""
        text = text_of(self.files[path], MAX_TEXT)
        found = [line for line in text.split("\n") if re.match(r"\[[^\[\]]+\]:[ \t]", line)]
        return "\n".join(line for line in found if "{{" not in line and "{%" not in line)

    def _about(self) -> None:
        course = self.course
        course.licence = word(self.config, "license") or licence_of(self.source)
        if INDEX not in self.files:
            return
        try:
            fields, text, first_line = self._split(INDEX)
        except ImportRefused as refusal:
            course.warn(refusal.findings[0].message, INDEX)
            return

        def place(url: str) -> str | None:
            lesson = course.origins.get(posixpath.normpath(url).casefold())
            return lesson.source if lesson else None

        text = page_of(self._text(INDEX, text, first_line, fields), course.title)
        course.description = relinked(text, place)

    def _rest(self) -> None:
        starts = tuple(f"{name}/" for name in ((NEW,) if self.folder == NEW else FILES))
        seen = {self.config_path, INDEX, *self.episodes}
        for path in self.files:
            if path in seen:
                continue
            if path.startswith(starts) and is_served(path):
                self.course.keep_file(path)
            else:
                self.course.skip(path, self._why_left(path))

    def _why_left(self, path: str) -> str:
        """Why a file is left out; of a page also how many pictures it would have missed."""
        if not path.endswith(TEXTS):
            return "it is no file that episodes link to"
        try:
            text = text_of(self.files[path], 4 * MAX_TEXT)
        except ImportRefused:
            return "it is no episode"
        home = posixpath.dirname(path)
        urls = [unquote(hit[1]) for hit in PICTURE.finditer(text)]
        places = [posixpath.normpath(posixpath.join(home, url))
                  for url in urls if not OUTWARDS.match(url)]  # fmt: skip
        missing = sum(place not in self.files for place in places)
        count = "1 picture" if missing == 1 else f"{missing} pictures"
        return f"it is no episode, and misses {count}" if missing else "it is no episode"


def _scalars(values: Mapping) -> list[tuple[str, str]]:
    return [(name, one.text) for name, one in values.items.items() if isinstance(one, Scalar)]

"""Links inside a course's folder, and the addresses of the site that they become."""

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, unquote

NUMBER = re.compile(r"^\d+[-_. ]+(?=.)")


def plain_name(name: str) -> str:
    """The name of a file or folder without the number that orders it."""
    return NUMBER.sub("", name)


def plain_path(path: str) -> str:
    """A path without the numbers that order its files and folders."""
    return "/".join(plain_name(name) for name in path.split("/"))


def plain_folder(path: str) -> str:
    """The same of a file that is no lesson: what orders lessons orders the folders around it."""
    folder, name = posixpath.split(path)
    return f"{plain_path(folder)}/{name}"


def asset_address(course: str, path: str) -> str:
    """Where a file of the course is served: the address of `classroom:asset`."""
    return f"/courses/{course}/files/{quote(path)}"


def lesson_address(course: str, lesson: str) -> str:
    """Where a lesson is read: the address of `classroom:lesson`."""
    return f"/classroom/courses/{course}/lessons/{lesson}/"


@dataclass(frozen=True)
class Links:
    """Everything in a course that a relative link may mean.

    `lessons` gives slugs by the path of the lesson's file, `assets` are paths. Both are compared
    without regard to upper and lower case. A link survives it when files are numbered anew: what
    is nowhere is looked for without numbers, and at last from the course's own folder, where links
    of lessons begin that were written on the site.
    """

    course: str
    lessons: Mapping[str, str]
    assets: Mapping[str, str]

    @classmethod
    def of(cls, course: str, lessons: Mapping[str, str], assets: list[str]) -> "Links":
        return cls(
            course,
            {path.casefold(): slug for path, slug in lessons.items() if path},
            {path.casefold(): path for path in assets},
        )

    def address(self, source: str, url: str) -> str | None:
        """Return the site's address for a link in the file `source`; None if it leads nowhere."""
        path, mark, anchor = url.partition("#")
        path = unquote(path.partition("?")[0]).replace("\\", "/")
        for start in dict.fromkeys((posixpath.dirname(source), "")):
            target = posixpath.normpath(posixpath.join(start, path))
            if target.startswith(".."):
                continue
            asset = self._asset(target.casefold())
            if asset is not None:
                return asset_address(self.course, asset)
            slug = self._lesson(target.casefold())
            if slug is not None:
                end = f"#h-{quote(anchor.lower())}" if mark and anchor else ""
                return lesson_address(self.course, slug) + end
        return None

    @cached_property
    def plain_lessons(self) -> dict[str, str]:
        return _by(plain_path, self.lessons)

    @cached_property
    def plain_assets(self) -> dict[str, str]:
        return _by(plain_folder, self.assets)

    def _asset(self, target: str) -> str | None:
        return self.assets.get(target) or self.plain_assets.get(plain_folder(target))

    def _lesson(self, target: str) -> str | None:
        short = target.replace(".quiz.yaml", ".quiz.yml")
        names = (target, f"{target}.md", f"{target}/index.md", short)
        exact = next((self.lessons[name] for name in names if name in self.lessons), None)
        plain = (self.plain_lessons.get(plain_path(name)) for name in names)
        return exact or next((slug for slug in plain if slug), None)

    def resolver(
        self, source: str, lost: Callable[[str], None] | None = None
    ) -> Callable[[str], str | None]:
        """A function for `markdown.render`; `lost` hears of every link that leads nowhere."""

        def resolve(url: str) -> str | None:
            address = self.address(source, url)
            if address is None and lost is not None:
                lost(url)
            return address

        return resolve


def _by(name: Callable[[str], str], paths: Mapping[str, str]) -> dict[str, str]:
    """The same by other names; what two files would be called means neither."""
    counts = Counter(map(name, paths))
    return {name(path): value for path, value in paths.items() if counts[name(path)] == 1}

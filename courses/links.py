"""Links inside a course's folder, and the addresses of the site that they become."""

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

NUMBER = re.compile(r"^\d+[-_. ]+(?=.)")


def plain_name(name: str) -> str:
    """The name of a file or folder without the number that orders it."""
    return NUMBER.sub("", name)


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
    without regard to upper and lower case.
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
        target = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
        if target.startswith(".."):
            return None
        asset = self.assets.get(target.casefold())
        if asset is not None:
            return asset_address(self.course, asset)
        slug = self._lesson(target.casefold())
        if slug is None:
            return None
        anchor = anchor.lower()
        return lesson_address(self.course, slug) + (
            f"#h-{quote(anchor)}" if mark and anchor else ""
        )

    def _lesson(self, target: str) -> str | None:
        short = target.replace(".quiz.yaml", ".quiz.yml")
        names = (target, f"{target}.md", f"{target}/index.md", short)
        return next((self.lessons[name] for name in names if name in self.lessons), None)

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

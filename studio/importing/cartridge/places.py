"""Where a link of a cartridge leads: names are encoded, doubly encoded, moved and renamed."""

import posixpath
import re
from collections.abc import Callable, Iterable
from urllib.parse import unquote

# The folder of all files of the course, as it is spelt by one system or another.
BASE = re.compile(r"^[./]*\$?IMS[-_]CC[-_]FILE[-_]?BASE\$/*", re.IGNORECASE)
WIKI = re.compile(r"^\$(?:WIKI_REFERENCE|CANVAS_COURSE_REFERENCE)\$/(?:wiki|pages)/([^/?#]+)")
OBJECT = re.compile(r"^\$CANVAS_(?:OBJECT|COURSE)_REFERENCE\$/[\w/]*?/([\w-]+)/?$")
FOLDERS = ("", "web_resources", "wiki_content", "resources", "content")


class Places:
    """Files of the source by their names; `owners` leads keys and twins to what became a lesson."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.by_name = {path.casefold(): path for path in paths}
        self.by_letters = _alone(self.by_name.values(), _letters)
        self.by_end = _alone(self.by_name.values(), lambda path: _letters(posixpath.basename(path)))
        self.owners: dict[str, str] = {}
        self.linked: set[str] = set()

    def find(self, url: str, home: str = "") -> str | None:
        """The file that a link means, seen from a folder; None if there is none."""
        url = url.partition("#")[0].partition("?")[0]
        for text in dict.fromkeys((url, unquote(url), unquote(unquote(url)))):
            if found := self._found(text, home):
                return self.owners.get(found, found)
        return None

    def link(self, url: str, home: str) -> str | None:
        """The same for a link in a text, as a path from that folder; the file will be kept."""
        found = self.find(url, home)
        if found is None:
            return None
        self.linked.add(found)
        return posixpath.relpath(found, home or ".")

    def _found(self, text: str, home: str) -> str | None:
        if hit := WIKI.match(text):
            return self._named(f"wiki_content/{hit[1]}.html", "")
        if hit := OBJECT.match(text):
            return self.owners.get(hit[1])
        plain = BASE.sub("", text)
        return self._named(plain, home if plain == text else "")

    def _named(self, path: str, home: str) -> str | None:
        if not path.strip("./ "):
            return None
        tried = [
            re.sub(r"^(?:\.\./)+", "", posixpath.normpath(posixpath.join(start, path.lstrip("/"))))
            for start in dict.fromkeys((home, *FOLDERS))
        ]
        for one in tried:
            if one.casefold() in self.by_name:
                return self.by_name[one.casefold()]
        for one in tried:
            if _letters(one) in self.by_letters:
                return self.by_letters[_letters(one)]
        return self.by_end.get(_letters(posixpath.basename(path)))


def _letters(path: str) -> str:
    """What is left of a name whose spaces and signs were spelt in another way."""
    return "/".join(re.sub(r"[\W_]+", "", unquote(part).casefold()) for part in path.split("/"))


def _alone(paths: Iterable[str], name: Callable[[str], str]) -> dict[str, str]:
    """Paths by a name that they have for themselves."""
    found = dict[str, list[str]]()
    for path in paths:
        found.setdefault(name(path), []).append(path)
    return {key: paths[0] for key, paths in found.items() if len(paths) == 1 and key}

"""The few words of Jekyll's template language that lessons use, in plain Markdown."""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping

from courses.models import MAX_TEXT

GIVEN = re.compile(r"(?<![\w-])([\w-]++)[ \t\n]?=[ \t\n]?(?:\"([^\"]*)\"|'([^']*)')")
ENDS = {"{%": "%}", "{{": "}}"}
# What stands between these is left out, or left as it is.
SKIPPED = {"comment": "endcomment", "raw": "endraw"}

# Gets what is not understood, and how many lines stand before it.
Unknown = Callable[[str, int], None]


class Liquid:
    """Fills the templates of the page `path`. `values` are by their whole names: site.title.

    `files` gives texts that may be included, by their names below _includes.
    """

    def __init__(self, path: str, values: Mapping[str, str], files: Mapping[str, str]) -> None:
        self.root = posixpath.relpath("/", "/" + posixpath.dirname(path))
        roots = dict.fromkeys(("page.root", "site.baseurl", "relative_root_path"), self.root)
        self.values, self.files = {**values, **roots}, {**files, "base_path.html": ""}

    def filled(self, text: str, unknown: Unknown) -> str:
        """The text; what is not understood is told and stays as it is written."""
        done, at, line, until, is_shown = list[str](), 0, 0, "", True
        room = MAX_TEXT
        for start, end in _tags(text):
            mark, tag = text[start : start + 2], text[start + 2 : end - 2].strip("- \t\n")
            if until and tag != until:
                continue
            before = text[at:start]
            done += [before] if is_shown else []
            line, at = line + before.count("\n"), end
            if until or (mark == "{%" and tag in SKIPPED):
                is_shown, until = until != "" or tag == "raw", "" if until else SKIPPED[tag]
                continue
            is_rooted = not before and done[-2:-1] == [self.root]
            found = self._meant(mark, tag, is_rooted)
            room -= len(found or "")
            if found is None or room < 0:
                unknown(text[start:end], line)
                found = text[start:end]
            done.append(found)
            line += text.count("\n", start, end)
        if until:
            unknown(until, line)
        return "".join([*done, text[at:]])

    def _meant(self, mark: str, tag: str, is_rooted: bool) -> str | None:
        """What a tag stands for. A link may stand behind the root, or by itself."""
        name, _, given = tag.partition(" ")
        given = given.strip()
        if mark == "{{":
            return self.values.get(tag.partition("|")[0].strip())
        if name == "link" and given:
            return f"/{given}" if is_rooted else f"{self.root}/{given}"
        if name == "include" and given.startswith("figure"):
            return _figure(given)
        return self.files.get(given.split()[0]) if name == "include" and given else None


def _figure(given: str) -> str:
    values = {name: one or other for name, one, other in GIVEN.findall(given)}
    source = values.get("src") or values.get("file") or values.get("url", "")
    words, caption = (" ".join(values.get(name, "").split()) for name in ("alt", "caption"))
    words = re.sub(r"([\\\[\]])", r"\\\1", words)
    return f"\n![{words}]({source.strip()})\n" + (f"\n*{caption}*\n" if caption else "")


def _tags(text: str) -> Iterator[tuple[int, int]]:
    """Where tags begin and end. Each character is looked at once or twice, whatever is there."""
    at = 0
    nowhere = dict.fromkeys(ENDS, False)
    while (start := text.find("{", at)) >= 0:
        mark = text[start : start + 2]
        if mark not in ENDS or nowhere[mark]:
            at = start + 1
            continue
        end = text.find(ENDS[mark], start + 2)
        if end < 0:
            nowhere[mark] = True
            at = start + 1
            continue
        yield start, end + 2
        at = end + 2

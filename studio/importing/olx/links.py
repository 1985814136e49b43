"""Links of OLX, which begin at the site's root: files of the course, and jumps to its blocks."""

import re
from html import escape, unescape
from urllib.parse import quote, unquote

from studio.importing.files import Source
from studio.importing.html_text import markdown_of

ATTRIBUTE = re.compile(r"\b(?P<name>src|href|poster)\s?=\s?(?:\"(?P<a>[^\"]*)\"|'(?P<b>[^']*)')")
STATIC = re.compile(r"/?static/(?P<name>[^?#]+)")
ASSET = re.compile(r"/?(?:asset-v1:[^/?#]{1,200}@|c4x/[^/?#]+/[^/?#]+/asset/)(?P<name>[^/?#]+)")
JUMP = re.compile(r"(?:[^?#]{0,200}/)?jump_to_id/(?P<name>[^/?#]+)")
JUMP_TO = re.compile(r"(?:[^?#]{0,200}/)?jump_to/(?:[^?#]*[@/])?(?P<name>[^/@?#]+)")
TARGET = "jump_to_id/"


class OlxLinks:
    """Where links lead, as paths of the source. In names of files a space is an underscore."""

    def __init__(self, source: Source, root: str) -> None:
        start = f"{root}static/"
        self.start = start
        self.statics = {
            _bare(path[len(start) :]): path for path in source.files if path.startswith(start)
        }

    def markdown(self, html: str) -> str:
        return markdown_of(ATTRIBUTE.sub(self._attribute, html))

    def place(self, url: str) -> str:
        """The link as a path of the source, or as it was if it leads elsewhere."""
        url = url.strip()
        hit = STATIC.match(url) or ASSET.match(url)
        if hit:
            name = unquote(hit["name"])
            return quote(self.statics.get(_bare(name), f"{self.start}{name}"))
        jump = JUMP.match(url) or JUMP_TO.match(url)
        return f"{TARGET}{quote(unquote(jump['name']))}" if jump else url

    def _attribute(self, hit: re.Match[str]) -> str:
        url = unescape(hit["a"] if hit["a"] is not None else hit["b"])
        return f'{hit["name"]}="{escape(self.place(url))}"'


def _bare(name: str) -> str:
    return name.replace(" ", "_").casefold()

"""The texts of a course as HTML; links in them that lead nowhere become warnings."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from courses.checks import leads_nowhere
from courses.links import Links
from courses.markdown import RENDERING, Resolve, render
from courses.markup import quiz_file
from studio.importing.refusal import Finding
from studio.importing.report import Report


class Rendered(Protocol):
    rendering: int


class Texts:
    """Renders texts; `everything` where links may lead elsewhere than when it was last done."""

    def __init__(self, links: Links, report: Report, *, everything: bool) -> None:
        self.links, self.report, self.everything = links, report, everything

    def is_due(self, row: Rendered, htmls: Iterable[str], *, is_other: bool) -> bool:
        """Whether the texts of a row are to be rendered. `htmls` is what they gave before.

        Those with a link that leads nowhere always are: their warnings come of it.
        """
        if self.everything or is_other or row.rendering != RENDERING:
            return True
        return any(leads_nowhere(html) for html in htmls)

    def html(self, text: str, source: str, first_line: int) -> str:
        """Render a text of the file `source`, where it begins on that line; 0: on none."""
        lost = list[str]()
        html = render(text, resolve=self.resolver(source, lost))
        self.warn(lost, source, [(text, first_line)])
        return html

    def resolver(self, source: str, lost: list[str]) -> Resolve:
        """What links in the file `source` mean; `lost` takes those that mean nothing."""
        return self.links.resolver(source, lost.append)

    def warn(self, lost: list[str], source: str, texts: Sequence[tuple[str, int]]) -> None:
        """Tell of links that lead nowhere. `texts` come with the lines on which they begin."""
        for url in dict.fromkeys(lost):
            message = f'Unknown reference "{url[:120]}".'
            finding = Finding(message, source, _line_of(url, texts), "reference")
            self.report.warnings.append(finding)


def _line_of(url: str, texts: Sequence[tuple[str, int]]) -> int:
    for text, first_line in texts:
        for number, line in enumerate(text.split("\n"), start=first_line):
            if first_line and (url in line or quiz_file(line) == url):
                return number
    return texts[0][1]

"""Charts as plain SVG: bars, steps of a funnel, a line. Pure: numbers in, a picture out.

Each says in words what it shows (`title`, `desc`), writes its numbers beside its shapes, takes its
colours from the page, and stands beside a table of the same numbers. Widths are in percent, so that
letters keep their size on a phone; a label that is longer than the picture is cut by the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

ROW, BAR = 46, 16
REACH = 74  # percent of the width that the longest bar takes; its number stands after it
HIGH, BELOW, LEFT = 180, 24, 8
PICTURE = (
    '<svg class="figure" role="img" width="100%" height="{}" aria-labelledby="{}-title {}-desc">'
    '<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}</svg>'
)


@dataclass(frozen=True, slots=True)
class Bar:
    """`share` is of the full length, from 0 to 1; `text`, which is short, stands after the bar.

    A marked one ends in a thick stroke, and the words around the chart say what that means.
    """

    label: str
    share: float
    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """`text` is the value as a reader would say it."""

    label: str
    value: float
    text: str


def bars(key: str, title: str, desc: str, rows: Sequence[Bar]) -> SafeString:
    """One bar under the other, each with its label above it and its number after it."""
    return _picture(key, title, desc, ROW * max(1, len(rows)), _bars(rows))


def funnel(key: str, title: str, desc: str, rows: Sequence[Bar]) -> SafeString:
    """Bars that get shorter; the ghost of the one before shows what was lost on the way."""
    ghosts = format_html_join(
        "", '<rect class="ghost" x="0" y="{}" width="{}%" height="{}" rx="3"/>',
        (
            ((place + 1) * ROW + 22, _length(before.share), BAR)
            for place, (before, _) in enumerate(pairwise(rows))
        ),
    )  # fmt: skip
    return _picture(key, title, desc, ROW * max(1, len(rows)), ghosts + _bars(rows))


def line(key: str, title: str, desc: str, points: Sequence[Point]) -> SafeString:
    """Values over time, from nought up; the greatest, the first and the last are written out."""
    most = max((one.value for one in points), default=0) or 1
    step = (100 - 2 * LEFT) / max(1, len(points) - 1)
    places = [
        (LEFT + step * number, 24 + (HIGH - 30) * (1 - one.value / most))
        for number, one in enumerate(points)
    ]
    steps = format_html_join(
        "", '<line class="path" x1="{}%" y1="{}" x2="{}%" y2="{}"/>',
        (
            (_plain(a[0]), _plain(a[1]), _plain(b[0]), _plain(b[1])) for a, b in pairwise(places)
        ),
    )  # fmt: skip
    dots = format_html_join(
        "", '<circle class="dot" cx="{}%" cy="{}" r="4"/>',
        ((_plain(x), _plain(y)) for x, y in places),
    )  # fmt: skip
    spoken = _spoken([one.value for one in points])
    values = format_html_join(
        "", '<text class="value" x="{}%" y="{}" text-anchor="middle">{}</text>',
        ((_plain(places[n][0]), _plain(places[n][1] - 9), points[n].text) for n in spoken),
    )  # fmt: skip
    names = format_html_join(
        "", '<text x="{}%" y="{}" text-anchor="{}">{}</text>',
        (
            (place, HIGH + BELOW - 5, anchor, points[number].label)
            for place, anchor, number in ((0, "start", 0), (100, "end", -1))
            if len(points) > -number
        ),
    )  # fmt: skip
    axis = format_html('<line class="axis" x1="0" y1="{}" x2="100%" y2="{}"/>', HIGH, HIGH)
    return _picture(key, title, desc, HIGH + BELOW, axis + steps + dots + values + names)


def _spoken(values: Sequence[float]) -> list[int]:
    """The places whose values are written: the ends, and the first of the greatest."""
    if not values:
        return []
    return sorted({0, len(values) - 1, values.index(max(values))})


def _bars(rows: Sequence[Bar]) -> SafeString:
    drawn = (_bar(row, place * ROW) for place, row in enumerate(rows))
    return format_html_join("", "{}", ((one,) for one in drawn))


def _bar(row: Bar, top: int) -> SafeString:
    length = _length(row.share)
    stroke = format_html(
        '<line class="mark" x1="{}%" y1="{}" x2="{}%" y2="{}"/>', length, top + 19, length,
        top + 25 + BAR,
    ) if row.marked else SafeString("")  # fmt: skip
    return format_html(
        '<foreignObject x="0" y="{}" width="100%" height="20"><div class="name"><bdi>{}</bdi></div>'
        "</foreignObject>"
        '<rect class="bar{}" x="0" y="{}" width="{}%" height="{}" rx="3"/>{}'
        '<text class="value" x="100%" y="{}" text-anchor="end">{}</text>',
        top, row.label, " marked" if row.marked else "", top + 22, length, BAR, stroke,
        top + 22 + BAR - 3, row.text,
    )  # fmt: skip


def _picture(key: str, title: str, desc: str, height: int, drawn: SafeString) -> SafeString:
    return format_html(PICTURE, height, key, key, key, title, key, desc, drawn)


def _length(share: float) -> str:
    return _plain(REACH * min(1.0, max(0.0, share)))


def _plain(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")

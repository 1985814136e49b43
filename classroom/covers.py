"""Covers of courses without a picture: a pattern of track segments, drawn from the slug."""

import hashlib
from collections.abc import Iterator
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

TONES = ("", "ink", "deep", "night")
ROWS = (6, 24, 42, 60, 78)
WIDTHS = (14, 30, 46, 78)
WIDTH, GAP = 320, 7


def segments(digest: bytes) -> Iterator[tuple[str, int, int, int]]:
    """Yield class, x, y and width of each segment; the same digest draws the same picture."""
    number = int.from_bytes(digest, "big")
    for y in ROWS:
        number, offset = divmod(number, 40)
        x = -offset
        while x < WIDTH:
            number, kind = divmod(number, 4)
            number, lit = divmod(number, 4)
            yield ("on" if lit == 0 else "off", x, y, WIDTHS[kind])
            x += WIDTHS[kind] + GAP


@lru_cache(maxsize=1024)
def cover_of(slug: str) -> SafeString:
    """Draw the cover of a course."""
    digest = hashlib.blake2b(slug.encode(), digest_size=64).digest()
    rects = format_html_join(
        "",
        '<rect class="{}" x="{}" y="{}" width="{}" height="11" rx="4"/>',
        segments(digest),
    )
    return format_html(
        '<svg class="cover {}" viewBox="0 0 320 96" preserveAspectRatio="xMidYMid slice"'
        ' aria-hidden="true">{}</svg>',
        TONES[sum(digest) % len(TONES)],
        rects,
    )

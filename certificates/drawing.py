"""What is drawn on a certificate: the track as its edge, and the code that phones read.

Both are strokes and filled shapes of SVG: printers leave backgrounds out, and these in.
"""

from dataclasses import dataclass
from functools import lru_cache

import qrcode

# The sheet in millimetres: it fits on A4 and on Letter, both lying.
WIDTH, HEIGHT = 260, 188
INSET, THICK, GAP = 4, 3.4, 2.2
FEWEST, MOST = 4, 60
INK = "#03636b"


@dataclass(frozen=True)
class Segment:
    """A part of the track, lying or standing."""

    x: float
    y: float
    width: float
    height: float


def edge_of(lessons: int) -> list[Segment]:
    """The track all round the sheet, a segment for each lesson; very long courses have fewer."""
    number = min(max(lessons, FEWEST), MOST)
    wide, high = WIDTH - 2 * INSET, HEIGHT - 2 * (INSET + THICK + GAP)
    lying = max(1, round(number // 2 * wide / (wide + high)))
    standing = max(1, number // 2 - lying)
    far, low = WIDTH - INSET - THICK, HEIGHT - INSET - THICK
    return [
        *(Segment(INSET + at, INSET, size, THICK) for at, size in parts(wide, lying + number % 2)),
        *(Segment(INSET + at, low, size, THICK) for at, size in parts(wide, lying)),
        *(
            Segment(x, HEIGHT - INSET - THICK - GAP - high + at, THICK, size)
            for x in (INSET, far)
            for at, size in parts(high, standing)
        ),
    ]


def parts(length: float, number: int) -> list[tuple[float, float]]:
    """Where equal parts of a length begin, with gaps between them, and how long they are."""
    size = (length - (number - 1) * GAP) / number
    return [(place * (size + GAP), size) for place in range(number)]


@dataclass(frozen=True)
class Code:
    """A QR code: so many modules a side with its quiet zone, and the path of the dark ones."""

    side: int
    path: str


@lru_cache(maxsize=256)
def code_of(address: str) -> Code:
    """Draw an address, a quarter of which may get lost."""
    drawn = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_Q, border=4)
    drawn.add_data(address)
    rows = drawn.get_matrix()
    runs = (
        f"M{x} {y}h{length}v1h-{length}z" for y, row in enumerate(rows) for x, length in dark(row)
    )
    return Code(len(rows), "".join(runs))


@lru_cache(maxsize=64)
def edge_svg(lessons: int) -> str:
    """The edge alone: a picture that tells nothing the text does not."""
    shapes = "".join(
        f'<rect x="{one.x:g}" y="{one.y:g}" width="{one.width:.3f}" height="{one.height:.3f}"/>'
        for one in edge_of(lessons)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" class="edge" '
        f'aria-hidden="true"><g fill="{INK}">{shapes.replace("/>", ' rx="1.2"/>')}</g></svg>'
    )


def code_svg(code: Code) -> str:
    """Dark on white with its quiet zone, in every theme: phones read nothing else reliably."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {code.side} {code.side}" '
        f'class="sheet-code" aria-hidden="true" shape-rendering="crispEdges">'
        f'<rect width="{code.side}" height="{code.side}" fill="#fff"/>'
        f'<path d="{code.path}" fill="#18212c"/></svg>'
    )


def dark(row: list[bool]) -> list[tuple[int, int]]:
    """Where dark runs begin, and how long they are."""
    found: list[tuple[int, int]] = []
    for x, is_dark in enumerate(row):
        if is_dark and found and sum(found[-1]) == x:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        elif is_dark:
            found.append((x, 1))
    return found

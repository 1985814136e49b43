"""Badges as pictures: a rosette whose geometry follows from the key, a ring for each tier.

Colours are the page's: lines are `currentColor`, the disc has a class. Nothing is styled inline.
"""

from functools import lru_cache
from hashlib import sha256
from math import cos, pi, sin

CENTRE, OUTER, STEP, INNER = 48, 46, 4, 27
Point = tuple[float, float]
Figure = tuple[int, float, float]  # equal parts, the turn of the first, how deep it is cut


@lru_cache(maxsize=256)
def badge(key: str, tier: int = 1, *, earned: bool = True) -> str:
    """Draw the badge; one that is not earned has the same size, with a dashed rim and no disc."""
    art = rosette(key)
    if not earned:
        rim = f'<circle cx="48" cy="48" r="{OUTER}" stroke-dasharray="6 5"/>'
        return svg(f'{rim}<g stroke-width="1.5">{art}</g>', "todo")
    disc = f'<circle class="disc" cx="48" cy="48" r="{OUTER}" stroke="none"/>'
    rings = "".join(
        f'<circle cx="48" cy="48" r="{OUTER - STEP * number}"/>' for number in range(tier)
    )
    return svg(f"{disc}{rings}{art}", "earned")


def svg(inside: str, state: str) -> str:
    return (
        f'<svg class="badge {state}" viewBox="0 0 96 96" width="96" height="96" fill="none" '
        f'stroke="currentColor" stroke-width="2" stroke-linejoin="round" aria-hidden="true">'
        f"{inside}</svg>"
    )


def rosette(key: str) -> str:
    """A figure of three to eight equal parts around the middle, and a smaller one within."""
    digits = sha256(key.encode()).digest()
    parts = 3 + digits[0] % 6
    figure = parts, pi / parts * (digits[1] % 2), digits[2] / 255
    outer = FIGURES[digits[3] % len(FIGURES)](figure)
    return outer + MIDDLES[digits[4] % len(MIDDLES)](figure)


def around(parts: int, radius: float, turn: float) -> list[Point]:
    """So many points on a circle; without a turn the first is at the top."""
    angles = (turn + 2 * pi * n / parts for n in range(parts))
    return [(CENTRE + radius * sin(angle), CENTRE - radius * cos(angle)) for angle in angles]


def line(points: list[Point]) -> str:
    return f"M{'L'.join(f'{x:.1f} {y:.1f}' for x, y in points)}Z"


def drawn(path: str) -> str:
    return f'<path d="{path}"/>'


def circle(x: float, y: float, radius: float) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>'


def crossed(figure: Figure) -> str:
    """Two polygons, turned against each other."""
    parts, turn, cut = figure
    parts += 1
    corners = around(parts, INNER, turn)
    others = around(parts, INNER * (0.7 + cut * 0.3), turn + pi / parts)
    return drawn(line(corners) + line(others))


def star(figure: Figure) -> str:
    """Tips, and notches between them."""
    parts, _, cut = figure
    parts += 2
    notches = around(parts, INNER * (0.5 + cut * 0.3), pi / parts)
    pairs = zip(around(parts, INNER, 0), notches, strict=True)
    return drawn(line([point for pair in pairs for point in pair]))


def petals(figure: Figure) -> str:
    """Leaves that meet in the middle."""
    parts, turn, cut = figure
    width, path = min(pi / parts, 0.8) * (0.7 + cut * 0.3), ""
    tips = around(parts, INNER, turn)
    lefts, rights = (around(parts, INNER * 0.62, turn + side * width) for side in (-1, 1))
    for (x, y), (ax, ay), (bx, by) in zip(tips, lefts, rights, strict=True):
        path += f"M48 48Q{ax:.1f} {ay:.1f} {x:.1f} {y:.1f}Q{bx:.1f} {by:.1f} 48 48"
    return drawn(path)


def scallop(figure: Figure) -> str:
    """A soft edge of arcs, once or twice."""
    parts, turn, cut = figure
    radii = (0.86, 0.55) if cut > 0.5 else (0.86,)
    return drawn("".join(arcs(parts + 1, INNER * radius, turn) for radius in radii))


def arcs(parts: int, radius: float, turn: float) -> str:
    first, *rest = around(parts, radius, turn)
    bow = radius * sin(pi / parts) * 1.1
    curves = "".join(f"A{bow:.1f} {bow:.1f} 0 0 1 {x:.1f} {y:.1f}" for x, y in [*rest, first])
    return f"M{first[0]:.1f} {first[1]:.1f}{curves}"


def orbits(figure: Figure) -> str:
    """Circles that overlap in the middle."""
    parts, turn, cut = figure
    half = INNER * (0.4 + cut * 0.1)
    places = around(min(parts, 6), INNER - half, turn)
    return "".join(circle(x, y, half) for x, y in places)


def web(figure: Figure) -> str:
    """A polygon with spokes, and another one on them."""
    parts, turn, cut = figure
    spokes = "".join(f"M48 48L{x:.1f} {y:.1f}" for x, y in around(parts, INNER, turn))
    within = line(around(parts, INNER * (0.55 + cut * 0.15), turn))
    return drawn(line(around(parts, INNER, turn)) + within + spokes)


def rays(figure: Figure) -> str:
    """Strokes around a circle, every other one shorter."""
    parts, turn, cut = figure
    rim = INNER * (0.5 + cut * 0.1)
    ends = around(parts, INNER, turn) + around(parts, INNER * 0.82, turn + pi / parts)
    starts = around(parts, rim, turn) + around(parts, rim, turn + pi / parts)
    strokes = (
        f"M{ax:.1f} {ay:.1f}L{bx:.1f} {by:.1f}"
        for (ax, ay), (bx, by) in zip(starts, ends, strict=True)
    )
    return circle(CENTRE, CENTRE, rim) + drawn("".join(strokes))


def dot(figure: Figure) -> str:
    return '<circle cx="48" cy="48" r="4.5" fill="currentColor"/>'


def ring(figure: Figure) -> str:
    return '<circle class="disc" cx="48" cy="48" r="7.5"/>'


def target(figure: Figure) -> str:
    return f'{ring(figure)}<circle cx="48" cy="48" r="2.5" fill="currentColor"/>'


def gem(figure: Figure) -> str:
    """A small polygon of as many corners."""
    parts, turn, _ = figure
    return f'<path class="disc" d="{line(around(parts, 8.5, turn + pi / parts))}"/>'


FIGURES = (crossed, star, petals, scallop, orbits, web, rays)
MIDDLES = (dot, ring, target, gem)

"""A school's own colour: a hue, by the steps of lightness of the usual one, if it can be read.

OKLCH by Björn Ottosson (https://bottosson.github.io/posts/oklab/), contrast by WCAG 2.2.
"""

from collections.abc import Iterator
from functools import lru_cache
from math import cos, radians, sin

Colour = tuple[float, float, float]

# As static/css/base.css has them: what stands on and under the colours of the hue.
PAPER, SUNKEN, FOCUS = ("#faf9f5", "#0f161c"), ("#f2f0e9", "#0a0f14"), ("#4f42c9", "#c1c0ff")
# Lightness and chroma in the light theme, and in the dark one.
STEPS = {
    "primary": ((0.455, 0.077), (0.790, 0.105)),
    "primary-hover": ((0.395, 0.067), (0.850, 0.100)),
    "primary-soft": ((0.935, 0.030), (0.300, 0.045)),
    "primary-ink": ((0.385, 0.065), (0.850, 0.090)),
    "on-primary": ((0.995, 0.005), (0.200, 0.035)),
}
TEXT, CONTROL = 4.5, 3.0
# None that says something already: red is wrong, green is right, violet is a model's.
NAMES = {50: "Copper", 105: "Olive", 175: "Pine", 230: "Lake", 255: "Sky", 350: "Rose"}


def shades(hue: int) -> dict[str, tuple[str, str]]:
    """The colours of a hue by their names in CSS: for the light theme and the dark one."""
    return {
        name: (hex_of(*light, hue), hex_of(*dark, hue)) for name, (light, dark) in STEPS.items()
    }


def faults(hue: int) -> list[str]:
    """Which pairs of colours could not be told apart with this hue."""
    return [
        f"{upper} on {lower}: {ratio:.1f}"
        for upper, lower, ratio, needed in pairs(hue)
        if ratio < needed
    ]


def pairs(hue: int) -> Iterator[tuple[str, str, float, float]]:
    """What stands on what, their contrast, and how much it has to be."""
    known = {**shades(hue), "paper": PAPER, "sunken": SUNKEN, "focus": FOCUS}
    wanted = (
        ("primary", "paper", TEXT),
        ("primary", "sunken", TEXT),
        ("primary-hover", "paper", TEXT),
        ("on-primary", "primary", TEXT),
        ("on-primary", "primary-hover", TEXT),
        ("primary-ink", "primary-soft", TEXT),
        ("focus", "primary-soft", CONTROL),
    )
    for upper, lower, needed in wanted:
        for theme in (0, 1):
            yield upper, lower, contrast(known[upper][theme], known[lower][theme]), needed


@lru_cache(maxsize=8)
def style_of(hue: int | None) -> str:
    """What overrides the usual colours; nothing without a hue."""
    if hue is None:
        return ""
    rules = [f"--{name}:light-dark({light},{dark})" for name, (light, dark) in shades(hue).items()]
    return f":root{{{';'.join(rules)}}}"


def hex_of(lightness: float, chroma: float, hue: int) -> str:
    """The colour on a screen, as strong as a screen can show it."""
    while not all(-1e-4 <= part <= 1.0001 for part in linear(lightness, chroma, hue)):
        chroma *= 0.98
    return "#" + "".join(
        f"{round(255 * gamma(part)):02x}" for part in linear(lightness, chroma, hue)
    )


def linear(lightness: float, chroma: float, hue: int) -> Colour:
    """OKLCH as linear sRGB; parts outside of 0 to 1 cannot be shown."""
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def gamma(part: float) -> float:
    part = min(max(part, 0.0), 1.0)
    return float(12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055)


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    )
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)

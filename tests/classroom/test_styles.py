"""What a page asks of its reader in styles."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEMPLATES = ROOT / "templates"
ROOM = 12 * 1024
# Where code is written the editor stands beside all that a lesson has.
ROOM_WITH_EDITOR = 14 * 1024
SHEET = re.compile(r"css/([a-z]+\.css)")
ALWAYS = SHEET.findall((TEMPLATES / "base.html").read_text().partition("{% block styles")[0])
BLOCK = re.compile(r"{% block styles %}(.*?){% endblock", re.S)
CHOICE = re.compile(r"{% if \w+ %}(.*?){% endif %}")


def styles_of(template):
    """The styles of a page: those of the frame, and its own beside or in place of them."""
    found = BLOCK.search(template.read_text())
    assert found, template
    return [
        *ALWAYS,
        *(["pages.css"] if "block.super" in found[1] else []),
        *SHEET.findall(found[1]),
    ]


def weight_of(names):
    return {name: len(gzip.compress((ROOT / "static/css" / name).read_bytes())) for name in names}


PAGES = [
    page.relative_to(TEMPLATES).as_posix()
    for page in sorted(TEMPLATES.rglob("*.html"))
    if re.search(r"css/(motivation|streak)\.css", page.read_text())
]


# A challenge borrows the clock from the player of lessons, and nothing from the other pages.
@pytest.mark.parametrize("page", [page for page in PAGES if page != "classroom/challenge.html"])
def test_the_styles_of_a_page_weigh_twelve_kilobytes_at_most(page):
    names = styles_of(TEMPLATES / page)
    assert "pages.css" in names
    weights = weight_of(names)
    assert sum(weights.values()) <= ROOM, weights


def sets_of_styles():
    """Each set of styles that some page loads, with one such page. A choice is two sets."""
    found = {}
    for page in sorted(TEMPLATES.rglob("*.html")):
        block = BLOCK.search(page.read_text())
        if not block or page.name == "base.html":
            continue
        fixed = [*ALWAYS, *(["pages.css"] if "block.super" in block[1] else [])]
        fixed += SHEET.findall(CHOICE.sub("", block[1]))
        for choice in CHOICE.findall(block[1]) or [""]:
            found.setdefault(
                (*fixed, *SHEET.findall(choice)), page.relative_to(TEMPLATES).as_posix()
            )
    return found


@pytest.mark.parametrize(("names", "page"), sets_of_styles().items())
def test_no_page_of_the_site_asks_for_more_than_there_is_room_for(names, page):
    weights = weight_of(names)
    room = ROOM_WITH_EDITOR if "editor.css" in names else ROOM
    assert len(names) == len(weights), "no sheet twice"
    assert sum(weights.values()) <= room, (page, weights)


def test_every_sheet_is_loaded_by_some_page():
    loaded = {name for names in sets_of_styles() for name in names} | {"pages.css"}
    assert {sheet.name for sheet in (ROOT / "static/css").glob("*.css")} == loaded


PHYSICAL = re.compile(
    r"(?:margin|padding|border)-(?:left|right)|(?<![-\w])(?:left|right):|"
    r"(?:text-align|float|clear): ?(?:left|right)|border-(?:top|bottom)-(?:left|right)"
)
FOUR_SIDES = re.compile(r"(?<![-\w])(?:margin|padding): ([^;{}]+)")
# Code runs from left to right whoever reads it, and so does what stands beside its lines.
OF_CODE = {
    "padding-left: 3.5rem": "where the editor puts the text",
    "padding-left: var(--s4)": "the same, without numbers of lines",
    "text-align: left": "beside `direction: ltr`",
}


def sides(value):
    """The values of a shorthand; what stands in brackets is one."""
    while "(" in value:
        value = re.sub(r"\w*\([^()]*\)", lambda found: "x" * len(found[0]), value)
    return value.split()


def test_styles_name_no_left_and_no_right():
    """In Arabic a page runs the other way, and so does all that is told from where it begins."""
    found = []
    for sheet in sorted((ROOT / "static").rglob("css/*.css")):
        text = sheet.read_text()
        for of_code in OF_CODE:
            text = text.replace(of_code, "")
        found += [f"{sheet.name}: {one[0]}" for one in PHYSICAL.finditer(text)]
        for one in FOUR_SIDES.finditer(text):
            values = sides(one[1])
            if len(values) == 4 and values[1] != values[3]:
                found.append(f"{sheet.name}: {one[0]}")
    assert not found, found

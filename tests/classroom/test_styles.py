"""What a page of points asks of its reader in styles."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEMPLATES = ROOT / "templates"
ROOM = 12 * 1024
ALWAYS = ["base.css", "components.css"]


def styles_of(template):
    """The styles of a page: those of the frame, and its own beside or in place of them."""
    found = re.search(r"{% block styles %}(.*?){% endblock", template.read_text(), re.S)
    assert found, template
    own = re.findall(r"css/([a-z]+\.css)", found[1])
    return [*ALWAYS, *(["pages.css"] if "block.super" in found[1] else []), *own]


PAGES = [
    page.relative_to(TEMPLATES).as_posix()
    for page in sorted(TEMPLATES.rglob("*.html"))
    if re.search(r"css/(motivation|streak)\.css", page.read_text())
]


# A page of a challenge has a lesson's words in it, and so a lesson's styles.
@pytest.mark.parametrize("page", [page for page in PAGES if page != "classroom/challenge.html"])
def test_the_styles_of_a_page_weigh_twelve_kilobytes_at_most(page):
    names = styles_of(TEMPLATES / page)
    assert "pages.css" in names
    weights = [len(gzip.compress((ROOT / "static/css" / name).read_bytes())) for name in names]
    assert sum(weights) <= ROOM, dict(zip(names, weights, strict=True))

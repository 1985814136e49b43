"""Dates as the language of who reads writes them, whatever pattern a page asks for."""

import re
from datetime import date
from itertools import chain
from pathlib import Path

from django.conf import settings
from django.template import engines
from django.utils import translation
from django.utils.formats import date_format, get_format

ROOT = Path(settings.BASE_DIR)
APPS = [name for name in settings.INSTALLED_APPS if (ROOT / name.partition(".")[0]).is_dir()]
# A day, its month, and whatever else of it: quoted, and nothing beside it.
PATTERN = re.compile(r"""["']((?:[Dl],? )?j [FM](?: Y)?(?:, H:i(?::s)?)?(?: e)?)["']""")
DAY = date(2026, 11, 22)


def patterns():
    """All that templates and sources ask for."""
    folders = [ROOT / name.partition(".")[0] for name in APPS]
    sources = chain((ROOT / "templates").rglob("*.*"), *(one.rglob("*.py") for one in folders))
    read = (one.read_text() for one in sources if "formats" not in one.parts)
    return set(chain.from_iterable(map(PATTERN.findall, read)))


def test_every_pattern_with_a_day_has_its_form_in_each_language():
    found = patterns()
    assert {"j M Y", "j F", "l, j F", "D j M, H:i"} <= found
    for pattern in found:
        assert "j. " in get_format(pattern, "de"), pattern
        assert "," not in get_format(pattern, "ar"), pattern
        assert get_format(pattern, "en-gb") == pattern


def test_pages_and_sentences_write_a_day_as_its_language_does():
    page = engines["django"].from_string('{{ day|date:"D j M Y" }}')
    said = {}
    for language in ("en-gb", "de", "ar"):
        with translation.override(language):
            said[language] = page.render({"day": DAY}), date_format(DAY, "j F")
    assert said == {
        "en-gb": ("Sun 22 Nov 2026", "22 November"),
        "de": ("So, 22. Nov. 2026", "22. November"),
        "ar": ("أحد، 22 نوفمبر 2026", "22 نوفمبر"),
    }

"""Labels within sentences: small in English, as they stand in every other language."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import override

from accounts.labels import in_sentence
from courses.models import Lesson

TEMPLATES = Path(settings.BASE_DIR) / "templates"
# What programs read: names of classes, fields and plans.
NO_WORDS = re.compile(r"(?:\.object_name|plan\.tier|verdict\.name)\|lower")
# What people have named, or what holds a name: it is no label of the school's own.
NAMED = re.compile(r"\b(?:title|name)\|in_sentence")


@pytest.mark.parametrize(
    ("language", "said"),
    [("en-gb", "code example"), ("de", "Codebeispiel"), (None, "code example")],
)
def test_a_label_within_a_sentence_is_small_only_where_its_language_writes_it_so(language, said):
    with override(language):
        assert in_sentence(Lesson.Kind.CODE_EXAMPLE.label) == said


def test_no_page_writes_what_is_translated_small_in_every_language():
    pages = {path: NO_WORDS.sub("", path.read_text()) for path in TEMPLATES.rglob("*.html")}
    assert not [str(path) for path, text in pages.items() if "|lower" in text]


def test_no_page_writes_small_what_people_have_named():
    pages = TEMPLATES.rglob("*.html")
    assert not [str(path) for path in pages if NAMED.search(path.read_text())]

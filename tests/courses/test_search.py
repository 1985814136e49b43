"""Searching the catalogue: finds words, parts, near misses; harmless for whatever is typed."""

import random

import pytest

from courses.models import Course, ProgrammingLanguage

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf():
    python = ProgrammingLanguage.objects.create(name="Python", slug="python")
    for slug, title, summary, fields in [
        ("python", "Python from zero", "First steps in programming.", {"language": python}),
        ("js", "JavaScript in the browser", "Pages that answer.", {"difficulty": "ADVANCED"}),
        ("git", "Git for one", "Keep every version of what you wrote in Python.", {}),
        ("percent", "100% of CSS_grid", "Layout.", {}),
        ("secret", "Rust in secret", "Nobody sees it.", {"status": "DRAFT"}),
    ]:
        Course.objects.create(
            **{"slug": slug, "title": title, "summary": summary, "status": "PUBLISHED", **fields}
        )


def found(text):
    return [course.slug for course in Course.objects.published().search(text)]


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("python", ["python", "git"]),
        ("PYTHON", ["python", "git"]),
        ("pyhton", ["python"]),
        ("javascrpt", ["js"]),
        ("pyth", ["python"]),
        ("programming", ["python"]),
        ("versions", ["git"]),
        ('"from zero"', ["python"]),
        ("python -zero", ["git"]),
        ("%", ["percent"]),
        ("_", ["percent"]),
        ("\\", []),
        ("100%", ["percent"]),
        ("rust", []),
        ("rust in secret", []),
        ("' OR 1=1--", []),
        ('";DROP TABLE courses_course', []),
        ("$$", []),
    ],
)
def test_a_search_finds(shelf, text, slugs):
    assert found(text) == slugs


@pytest.mark.parametrize(
    "text",
    ['"', "&", "|", "!", "a & | !", "(", ":*", "a:b:c", "x" * 10_000, "\0", "a\0b", "'", "-", "--",
     "\U0001f600", "<script>", "%ff", " ", "\t", "AND OR NOT", "ﬁ",
     "-" * 200, "- " * 100, '-"' * 99, "-_" * 90, "\u202e", "*", "tea -"],
)  # fmt: skip
def test_no_input_does_harm(shelf, text):
    assert isinstance(found(text), list)
    assert Course.objects.search(text).count() >= 0


def test_no_words_find_everything(shelf):
    assert len(found("")) == len(found("   ")) == 4


def test_words_of_the_catalogue_combine(shelf, django_assert_num_queries):
    courses = Course.objects.published()
    with django_assert_num_queries(1):
        rows = list(courses.search("python").in_language("python").with_language())
        assert [(row.slug, row.language.name) for row in rows] == [("python", "Python")]
    assert [row.slug for row in courses.of_difficulty("ADVANCED")] == ["js"]
    assert not courses.of_difficulty("nope").exists()
    assert not courses.in_language("nope").exists()


def test_no_heap_of_operators_does_harm(shelf):
    """PostgreSQL's parser of web searches gives up at 32 operators without a word between."""
    pieces = ["-", '"', " ", "a", "or ", "!", '-"', "- ", "--", '"-', "(", "&", "'"]
    chance = random.Random(7)
    for _ in range(300):
        text = "".join(chance.choices(pieces, k=chance.randint(1, 90)))
        assert Course.objects.search(text).count() >= 0, text

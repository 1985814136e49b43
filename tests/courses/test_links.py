"""What a relative link means, also after files were numbered anew."""

import pytest

from courses.links import Links

LESSONS = {
    "01-values/01-names.md": "names",
    "01-values/02-types/index.md": "types",
    "02-loops/01-for.md": "for",
    "02-loops/05-check.quiz.yaml": "check",
    "03-twins/01-one.md": "one",
    "03-twins/02-one.md": "other-one",
    "": "written-on-the-site",
}
FILES = ["assets/a.svg", "01-values/table.csv", "02-loops/01-plan.pdf", "assets/01-b.svg"]
LINKS = Links.of("tea", LESSONS, FILES)
LESSON, FILE = "/classroom/courses/tea/lessons/", "/courses/tea/files/"


@pytest.mark.parametrize(
    ("source", "url", "address"),
    [
        ("02-loops/01-for.md", "../01-values/01-names.md", f"{LESSON}names/"),
        ("02-loops/01-for.md", "../04-values/07-names.md#Spaces", f"{LESSON}names/#h-spaces"),
        ("02-loops/01-for.md", "../values/types", f"{LESSON}types/"),
        ("02-loops/01-for.md", "../VALUES/09-types/", f"{LESSON}types/"),
        ("02-loops/01-for.md", "03-check.quiz.yaml", f"{LESSON}check/"),
        ("02-loops/01-for.md", "../assets/a.svg", f"{FILE}assets/a.svg"),
        ("07-values/02-types/index.md", "../table.csv", f"{FILE}01-values/table.csv"),
        ("09-loops/01-for.md", "01-plan.pdf", f"{FILE}02-loops/01-plan.pdf"),
        ("03-twins/02-one.md", "02-one.md", f"{LESSON}other-one/"),
    ],
)
def test_a_link_leads_there_whatever_the_numbers_are(source, url, address):
    assert LINKS.address(source, url) == address


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ("02-loops/01-for.md", "../03-twins/05-one.md"),
        ("02-loops/01-for.md", "02-plan.pdf"),
        ("02-loops/01-for.md", "../assets/02-b.svg"),
        ("02-loops/01-for.md", "../../01-values/01-names.md"),
        ("02-loops/01-for.md", "names.md"),
        ("02-loops/01-for.md", ".."),
        ("02-loops/01-for.md", ""),
    ],
)
def test_what_two_could_mean_or_none_leads_nowhere(source, url):
    assert LINKS.address(source, url) is None


def test_links_of_what_was_written_on_the_site_begin_at_the_course():
    for source in ("", "01-values/04-new.md"):
        assert LINKS.address(source, "assets/a.svg") == f"{FILE}assets/a.svg"
        assert LINKS.address(source, "02-loops/01-for.md") == f"{LESSON}for/"


def test_a_file_beside_the_lesson_comes_before_one_of_the_course():
    links = Links.of("tea", {"m/x.md": "x"}, ["a.svg", "m/a.svg", "1-m/a.svg"])
    assert links.address("m/x.md", "a.svg") == f"{FILE}m/a.svg"
    assert links.address("n/x.md", "a.svg") == f"{FILE}a.svg"

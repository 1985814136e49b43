"""Which link and which picture of a text is meant."""

import pytest

from courses.checks import problems_of_text
from courses.links import Links
from courses.markdown import render
from studio.naming import named
from studio.outline import add_lesson, new_course
from tests.studio.test_assignment_pages import text as text_of

LINKS = Links.of("tea", {"01-water/01-boil.md": "boil"}, ["01-water/pot.png"])
SOURCE = "01-water/02-cool.md"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("So.\n\n[the pot](gone.md) and [boil](01-boil.md)",
         ["A link leads nowhere: “gone.md”, line 3."]),
        ("[a](b.md)\n\n[c](d.md)\n[again](b.md)",
         ["A link leads nowhere: “b.md”, line 1.", "A link leads nowhere: “d.md”, line 3."]),
        ("![](pot.png)", ["An image has no text that says what it shows: “pot.png”, line 1."]),
        ("![](gone%20pot.png)",
         ["An image has no text that says what it shows: “gone pot.png”, line 1.",
          "An image is not in the course and cannot be shown: “gone pot.png”, line 1."]),
        ("![a pot](https://example.org/pot.png)",
         ["This picture lies on another site and cannot be shown: add it to the course. "
          "It is “https://example.org/pot.png”, line 1."]),
        ("First.\n\n{{quiz: gone}}",
         ["A quiz that the text wants to show is not there: “gone”, line 3."]),
        ("`[a](b.md)`", []),
    ],
)  # fmt: skip
def test_what_leads_nowhere_is_named_with_its_line(text, wanted):
    html = render(text, resolve=LINKS.resolver(SOURCE))
    found = named(problems_of_text(html, "Cool"), text, SOURCE, LINKS)
    assert [one.message for one in found] == wanted
    assert {one.lesson for one in found} <= {"Cool"}


def test_what_cannot_be_found_any_more_is_told_without_a_name():
    found = problems_of_text('<a>the pot</a><img alt="a pot">')
    assert named(found, "Another text.", SOURCE, LINKS) == found


@pytest.mark.django_db
def test_the_editor_and_the_list_of_what_is_missing_name_it(desk):
    course = new_course({"title": "Tea", "summary": "Tea.", "description": "[x](lost.md)"})
    lesson = add_lesson(course.modules.get(), "Boil", "ARTICLE")
    page, facts = f"/studio/lessons/{lesson.pk}/", f"/studio/courses/{course.slug}/"
    for address, form, field in (
        (page, "form", {"content": "So.\n[the pot](gone.md) ![](pot.png)"}),
        (facts, "facts", {}),
    ):
        answer = desk.get(address)
        shown = answer.context[form]
        sent = {one: shown[one].value() for one in shown.fields if shown[one].value()}
        answer = desk.post(address, {**sent, **field, "version": answer.context["version"]})
        assert answer.status_code == 303
    missing = f"/studio/courses/{course.slug}/do/publish/"
    for address in (page, missing):
        html = text_of(desk.get(address))
        assert "A link leads nowhere: “gone.md”, line 2." in html
        assert "An image has no text that says what it shows: “pot.png”, line 2." in html
    assert "A link leads nowhere: “lost.md”, line 1." in text_of(desk.get(missing))
    refused = text_of(desk.post(f"/studio/lessons/{lesson.pk}/do/publish/"))
    assert "what it shows: “pot.png”, line 2." in refused

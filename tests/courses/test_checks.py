"""What is told of texts before a course is published: pictures, links, quizzes in the text."""

import pytest

from courses.checks import (
    ELSEWHERE,
    IMAGE_NOWHERE,
    LINK_NOWHERE,
    NO_WORDS,
    QUIZ_NOWHERE,
    leads_nowhere,
    problems_of,
    problems_of_text,
)
from courses.markdown import render
from courses.models import Course, Lesson


def told(text):
    html = render(text, resolve=lambda url: "/there/" if "there" in url else None)
    return [(problem.is_error, problem.message) for problem in problems_of_text(html)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[a](gone.md)", [(False, LINK_NOWHERE)]),
        ("<details><summary>A</summary>\n\n[a](gone.md)\n\n</details>", [(False, LINK_NOWHERE)]),
        ("![a pot](gone.png)", [(False, IMAGE_NOWHERE)]),
        ("<img src='gone.png' alt='a pot'>", [(False, IMAGE_NOWHERE)]),
        ("{{quiz: gone}}", [(False, QUIZ_NOWHERE)]),
        ("![](there.png)", [(True, NO_WORDS)]),
        ("![a pot](https://example.org/pot.png)", [(True, ELSEWHERE)]),
    ],
)
def test_what_leads_nowhere_or_cannot_be_seen_is_told(text, wanted):
    assert told(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "[a](there.md)", "[a](https://example.org)", "![a pot](there.png)", "{{quiz: there}}",
        "# Head\n\nSaid[^1] and [there](#head).\n\n[^1]: A note.", "`[a](gone.md)`",
        "```html\n<p>{{quiz: gone}}</p>\n<a>x</a>\n```", "- [ ] to do", "> [!NOTE]\n> Well.",
    ],
)  # fmt: skip
def test_what_is_as_it_should_be_is_not_told(text):
    assert told(text) == []
    assert not leads_nowhere(render(text, resolve=lambda url: "/there/"))


def test_a_warning_keeps_no_course_from_being_published():
    course = Course(summary="x", description="x", description_html="<p><a>a</a></p>")
    lesson = Lesson(title="Boil", content="x", content_html='<p><img alt="a"></p>')
    found = problems_of(course, [lesson])
    assert [str(one) for one in found] == [LINK_NOWHERE, f"Boil: {IMAGE_NOWHERE}"]
    assert not any(one.is_error for one in found)


def test_the_course_page_is_held_to_the_same():
    course = Course(summary="x", description="x", description_html='<img src="/a.png" alt="">')
    assert NO_WORDS in [one.message for one in problems_of(course, []) if one.is_error]

"""Texts of GIFT: each of its formats says something else by the same characters."""

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.markdown import render
from studio.importing.gift.parser import Text
from studio.importing.gift.text import literal, markdown

NASTY = "ab1 \n\\`*_{}[]()<>#+-.!|~$&^=:;/\"'\t"


def seen(html):
    """What a reader sees, without spaces."""
    return "".join(unescape(re.sub(r"<[^<>]*>", "", html)).split())


@given(st.text(NASTY, max_size=60))
@settings(max_examples=200, deadline=None)
def test_literal_text_is_shown_to_the_letter(text):
    assert seen(render(literal(text))) == "".join(text.split())


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=60))
@settings(max_examples=40, deadline=None)
def test_any_text_is_turned_into_markdown_whatever_its_format(text):
    for form in ("html", "plain", "moodle", "markdown"):
        assert isinstance(markdown(Text(text, form)), str)


def test_plain_text_keeps_its_signs_and_its_lines():
    text = "a *b* <i>c</i>\n1. __init__\n\n# d [e](f)"
    html = render(markdown(Text(text, "plain")))
    assert not re.search("<(i|ol|strong|h2|a)[ >]", html)
    assert all(part in html for part in ("<br>", "__init__", "# d [e](f)"))


def test_html_becomes_markdown_and_unknown_tags_stay_text():
    text = "<p>The <b>east</b><br>or x<sub>2</sub></p><pre>if a:\n    b</pre>List<String> &lt;b&gt;"
    html = render(markdown(Text(text, "html")))
    parts = ("<strong>east</strong>", "<sub>2</sub>", "<pre", "List&lt;String&gt; &lt;b&gt;")
    assert all(part in html for part in parts)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("one\ntwo", "one\\\ntwo"),
        ("<b>one</b>\ntwo\nthree", "**one** two\\\nthree"),
        ("a<br /><br />b<br>c", "a\n\nb\\\nc"),
        ("<pre>a  \nb</pre>", "```\na  \nb\n```"),
        ("a_b and _c_", "a_b and \\_c\\_"),
        ("It is $$x^2$$ or \\(y\\)", "It is $x^2$ or $y$"),
        ("![x](@@PLUGINFILE@@/3.png)", "!\\[x](3.png)"),
        ('<img src="@@PLUGINFILE@@/3.png" alt="Pot">', "![Pot](3.png)"),
        ("&nbsp;_____ <b>is</b> here", "_____ **is** here"),
    ],
)
def test_text_from_a_box_is_html_with_its_line_breaks(given, shown):
    assert markdown(Text(given, "moodle")) == shown


def test_markdown_is_left_as_it_is():
    text = "a **b**\n\n```js\nif (a) {\n  b;\n}\n```"
    assert markdown(Text(text, "markdown")) == text

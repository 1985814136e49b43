"""Words that people and models write, with the code in them shown as code."""

import pytest
from django.template import engines
from django.utils.safestring import SafeString

from classroom.templatetags.classroom import with_code, with_hints


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Use `+` here.", "Use <code>+</code> here."),
        ("`a` and `b`", "<code>a</code> and <code>b</code>"),
        ("`a` and `b", "<code>a</code> and `b"),
        ("one ` alone", "one ` alone"),
        ("`over\ntwo lines`", "`over\ntwo lines`"),
        ("`over\r\ntwo lines`", "`over\r\ntwo lines`"),
        ("``", "``"),
        ("``twice``", "``twice``"),
        ("```\ncode\n```", "```\ncode\n```"),
        ("**bold** [a](b)", "**bold** [a](b)"),
        ("<b>x</b>", "&lt;b&gt;x&lt;/b&gt;"),
        ("`<script>alert('x')</script>`",
         "<code>&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;</code>"),
        ("`a` <img onerror='`b`'>",
         "<code>a</code> &lt;img onerror=&#x27;<code>b</code>&#x27;&gt;"),
        ("`\" onclick=x`", "<code>&quot; onclick=x</code>"),
        (r"`\1`", r"<code>\1</code>"),
        (SafeString("<i>`x`</i>"), "&lt;i&gt;<code>x</code>&lt;/i&gt;"),
        ("", ""),
    ],
)  # fmt: skip
def test_code_between_backticks_is_code_and_all_else_is_text(text, html):
    assert with_code(text) == html


def test_every_template_may_use_it():
    template = engines["django"].from_string("{{ text|with_code }}")
    assert template.render({"text": "<`x`>"}) == "&lt;<code>x</code>&gt;"


def test_lines_with_a_dash_are_a_list_and_nothing_in_them_is_markup() -> None:
    html = with_hints("Well <done>.\n- Read about `for` again.\n- Try <b>.\nThen go on.")
    assert html == (
        '<p class="typed">Well &lt;done&gt;.</p>'
        "<ul><li>Read about <code>for</code> again.</li><li>Try &lt;b&gt;.</li></ul>"
        '<p class="typed">Then go on.</p>'
    )

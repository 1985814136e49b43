"""HTML of other systems as Markdown: what it becomes, and that nothing breaks it."""

import time

import pytest

from courses.markdown import render
from studio.importing.html_text import (
    looks_like_html,
    markdown_of,
    markdown_of_text,
    title_of,
)

BECOMES = {
    "emphasis": ("<p>A <b> big </b>and <em>x</em></p>", "A  **big** and *x*"),
    "bold in bold": ("<b><strong>x</strong></b>", "**x**"),
    "what Markdown would read": (
        "<p>2*3*4, $5 and $6, [a](b)</p>",
        r"2\*3\*4, \$5 and \$6, \[a\](b)",
    ),
    "a name with an underscore": ("<p>snake_case and _x</p>", r"snake_case and \_x"),
    "a line like a list": ("<p>- a<br>1. b</p>", "\\- a  \n1\\. b"),
    "a script": ("a<script>alert(1)</script><style>b{}</style><!-- c -->", "a"),
    "a list": (
        "<ul><li>a<ol start='3'><li>b</li><li>c</li></ol></li><li>d</li></ul>",
        "- a\n  3. b\n  4. c\n- d",
    ),
    "items that are not closed": ("<ul><li>a<li>b</ul>", "- a\n- b"),
    "a list with code": (
        "<ul><li>a<pre>x\n\ny</pre></li></ul>",
        "- a\n\n  ```\n  x\n\n  y\n  ```",
    ),
    "code with a language": (
        '<pre><code class="language-Python">if a &lt; b:\n    c</code></pre>',
        "```python\nif a < b:\n    c\n```",
    ),
    "code with ticks": ("<pre>a ``` b</pre>", "````\na ``` b\n````"),
    "code by line breaks": ("<p><code>a<br>&nbsp;&nbsp;b</code></p>", "```\na\n  b\n```"),
    "code in a line": ("<p><code>a*b</code></p>", "`a*b`"),
    "code that begins with a space": ("<code> M a</code>", "` M a`"),
    "a table": (
        "<table><tr><th>a</th><th>b|c</th></tr><tr><td><code>x</code></td><td>y</td></tr></table>",
        "| a | b\\|c |\n| --- | --- |\n| `x` | y |",
    ),
    "a table that lays out": (
        "<table><tr><td>a</td></tr><tr><td><pre>b\nc</pre></td></tr></table>",
        "a\n\n```\nb\nc\n```",
    ),
    "an image": ('<img src="../a b.png" alt="A [b]">', r"![A \[b\]](../a%20b.png)"),
    "a link": ('<a href="../a%20(1).html?b=1#c">x</a>', "[x](<../a%20(1).html?b=1#c>)"),
    "a link that runs": ('<a href=" java\nscript:alert(1)">x</a>', "x"),
    "a picture that is no file": ('<img src="data:image/png;base64,AAAA" alt="x">', "x"),
    "a video": (
        '<iframe src="//www.youtube.com/embed/dQw4w9WgXcQ?a=1" title="Loops"></iframe>',
        "[Loops](https://www.youtube.com/watch?v=dQw4w9WgXcQ)",
    ),
    "a frame of another site": (
        '<iframe src="https://example.org/x">y</iframe>',
        "[Embedded page](https://example.org/x)",
    ),
    "a video file": ('<video><source src="a.mp4"></video>', "[Video](a.mp4)"),
    "a formula": (r"<p>\(x^2 * y\) and \n</p>", r"$x^2 * y$ and \\n"),
    "a formula as a picture": (
        r'<img class="equation_image" data-equation-content="\frac{a}{b}" src="/x">',
        r"$\frac{a}{b}$",
    ),
    "terms": ("<dl><dt>a</dt><dd>b</dd></dl>", "**a**\n\nb"),
    "a hidden answer": (
        "<details><summary>A</summary><p>b</p></details>",
        "<details>\n<summary>A</summary>\n\nb\n\n</details>",
    ),
    "a heading": ("<h2>A <b>b</b></h2><h3></h3><p>c</p>", "## A **b**\n\nc"),
    "a whole page": ("<?xml version='1.0'?><html><head><title>T</title></head><body>x", "x"),
    "what a word processor leaves": ("<o:p>x</o:p><font color=red>y</font>", "xy"),
    "hard spaces": ("<p>a&nbsp;b</p><p>&nbsp;</p>", "a b"),
    "nothing": (" \n", ""),
}
LOOKS = ["if x < 3 and List<String> y > 2", "#include <stdio.h>", "a <- b; c <> d", "<a@b.org>"]


@pytest.mark.parametrize("name", BECOMES)
def test_html_becomes_markdown(name):
    html, markdown = BECOMES[name]
    assert markdown_of(html) == markdown


@pytest.mark.parametrize("text", LOOKS)
def test_what_only_looks_like_html_stays(text):
    assert not looks_like_html(text)
    assert text.replace("<", "&lt;").replace(">", "&gt;") in render(markdown_of(text))
    assert text.replace("<", "&lt;").replace(">", "&gt;") in render(markdown_of_text(text))


def test_plain_text_is_shown_as_it_is():
    text = "a < b\n\n* x\n<b>not bold</b> &amp;"
    assert render(markdown_of_text(text)) == (
        "<p>a &lt; b</p>\n<p>* x<br>\n&lt;b&gt;not bold&lt;/b&gt; &amp;amp;</p>\n"
    )


def test_html_is_told_by_tags_and_entities():
    assert looks_like_html("a <br/> b")
    assert looks_like_html("a &lt; b")
    assert not looks_like_html("a < b & c; d")


def test_a_page_has_a_title():
    assert title_of("<html><TITLE>A &amp;\n b</TITLE>") == "A & b"
    assert title_of("<p>x</p>") == ""


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000,
        "<b>" * 50_000 + "x" + "</i>" * 50_000,
        "<ol>" + "<li>x</li>" * 50_000,
        "<ul><li>" * 50_000,
        "<table><tr><td>" * 30_000,
        "<" * 300_000,
        "</" * 200_000,
        "\\(" * 200_000,
        "<pre>" * 100_000,
    ],
    ids=lambda html: html[:8],
)
def test_no_html_takes_long(html):
    begun = time.monotonic()
    markdown_of(html)
    assert time.monotonic() - begun < 20


def test_the_deepest_text_is_kept():
    assert markdown_of("<div>" * 500 + "deep" + "</div>" * 500) == "deep"

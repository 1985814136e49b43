import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.markdown import MAX_LENGTH, render

HARMLESS = {"http", "https", "mailto", ""}


class Witness(HTMLParser):
    """Reads HTML as a browser does, roughly, and notes all that could do harm."""

    def __init__(self) -> None:
        super().__init__()
        self.harm: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag in {
            "script",
            "style",
            "iframe",
            "object",
            "embed",
            "form",
            "button",
            "svg",
            "base",
            "link",
            "meta",
            "template",
            "noscript",
            "textarea",
            "select",
            "annotation-xml",
            "foreignobject",
            "mglyph",
            "malignmark",
            "maction",
            "semantics",
        }:
            self.harm.append(tag)
        for name, value in attrs:
            if name.startswith(("on", "hx-", "data-", "x-", ":", "@")) or name in {
                "style",
                "name",
                "srcdoc",
                "formaction",
                "action",
                "srcset",
                "xlink:href",
            }:
                self.harm.append(f"{tag} {name}")
            if name in {"href", "src"}:
                scheme = re.match(r"\s*([a-zA-Z][\w+.-]*):", value or "")
                if scheme and scheme[1].lower() not in HARMLESS:
                    self.harm.append(f"{tag} {name}={value}")
            if name == "id" and not re.match(r"h-|fn", value or ""):
                self.harm.append(f"id {value}")

    handle_startendtag = handle_starttag


def harm_in(html: str) -> list[str]:
    witness = Witness()
    witness.feed(html)
    witness.close()
    return witness.harm


BAD_INPUTS = {
    "MD01": ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<b onclick=x>y</b>"],
    "MD02": [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt&#58;alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](\x01javascript:alert(1))",
        "[x](vbscript:x)",
        '<a href="jav&#x09;ascript:x">x</a>',
        "<a href='javascript:x'>x</a>",
        "[x][y]\n\n[y]: javascript:x",
        "<javascript:alert(1)>",
    ],
    "MD03": ["![x](data:text/html;base64,PHNjcmlwdD4=)", "[x](data:text/html,x)", "[x](file:///a)"],
    "MD04": [
        '<math><annotation-xml encoding="text/html"><style><img src onerror=x></style>',
        "<svg><style><img src=x onerror=x></style></svg>",
        '<noscript><p title="</noscript><img src=x onerror=x>">',
        '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=x>',
        '<svg></p><style><a id="</style><img src=1 onerror=x>">',
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=x>",
    ],
    "MD05": ["<iframe src=//evil></iframe>", "<object data=x>", "<embed src=x>", "<base href=//e>"],
    "MD06": [
        '<p hx-get="/admin/" hx-trigger="load">x</p>',
        '<p hx-on::load="x">x</p>',
        '<p data-hx-post="/x" x-data="y" @click="z">x</p>',
    ],
    "MD07": ['<form action="//evil"><input name=password><button>x</button></form>'],
    "MD08": ['<div id="csrf" name="cookie">x</div>', "# constructor", '<h2 id="main">x</h2>'],
    "MD09": ['<p style="position:fixed;inset:0">x</p>', "<style>*{display:none}</style>"],
    "MD10": ['```"><img src=x onerror=alert(1)>\ncode\n```', "```<script>\nx\n```"],
    "MD11": [
        '```py title="</figcaption><script>x</script>"\nx\n```',
        "```py title='\" onload=\"x'\n```",
    ],
    "MD12": ["[https://ok.example](https://evil.example)", "[a\u202eb](https://evil.example)"],
    "MD13": ["<!--><img src=x onerror=x>-->", "<![CDATA[<script>x</script>]]>", "<?php x ?>"],
    "MD15": ["a\x00b", "\ud800", "\ue0000\ue000", "a\ue0000\ue000 $x$"],
    "MD16": ["<script>alert(1)</script> by staff", "<details ontoggle=alert(1) open>x</details>"],
}
VECTORS = [text for texts in BAD_INPUTS.values() for text in texts] + [
    r"$\text{<script>alert(1)</script>}$", r"$\text{<img src=x onerror=alert(1)>}$",
    r"$$\href{javascript:alert(1)}{x}$$", r"$\style{position:fixed}{x}$",
    r"$\text{</mtext></math><img src=x onerror=x>}$", r"$\text{<style><img src=x onerror=x>}$",
    '<div title="\n\n$x$\n\n">y</div>', '<img alt="\n\n$x$\n\n" src=y>',
    '![" onerror="x](y)', '![x](y" onerror="z)', '![x](<y" onerror="z>)', "![<img onerror=x>](y)",
    '[x](y "t\' onclick=\'z")', "> [!NOTE]\n> <script>x</script>", "[^<b onclick=x>]: y",
    "| <script>x</script> |\n|---|\n| <b onclick=x> |", "- [ ] <img src=x onerror=x>",
    "# <img src=x onerror=x>", '# " onclick="x', "<a href=https://x.y target=_blank onclick=x>",
    "<input onfocus=x autofocus>", "<ul><li id=fn1 onclick=x>", "<details><summary onclick=x>",
    "`<script>`", "    <script>x</script>", "<scr<script>ipt>x</script>", "<<script>x//<</script>",
    "<img src='x' srcset='javascript:y'>", "<a href='//evil' ping='//evil'>x</a>",
    "&lt;script&gt;x&lt;/script&gt;", "\\<script>x</script>", "<xmp><script>x</script></xmp>",
    "<table><td background='javascript:x'>", "<video src=x onerror=y>", "<marquee onstart=x>y",
]  # fmt: skip


@pytest.mark.parametrize("text", VECTORS)
def test_no_harm_comes_out(text):
    assert harm_in(render(text)) == []


def test_links_with_foreign_schemes_lose_their_address():
    for text in BAD_INPUTS["MD02"] + BAD_INPUTS["MD03"]:
        assert not re.search(r'(href|src)="[^"]*(script|data|file):', render(text)), text


def test_raw_ids_vanish_and_those_of_headings_have_a_prefix():
    assert "id=" not in render('<div id="csrf" name="cookie">x</div>')
    assert '<h2 id="h-constructor">' in render("# constructor")
    assert 'id="h-a"' in render("## A\n\n## A")
    assert 'id="h-a-2"' in render("## A\n\n## A")


def test_a_hostile_fence_is_text():
    html = render('```"><img src=x onerror=alert(1)>\ncode\n```')
    assert "<img" not in html
    assert "<code>code" in html


def test_only_links_that_leave_the_site_are_marked():
    rel = 'rel="noopener noreferrer nofollow ugc"'
    assert f'<a href="https://evil.example" {rel}>' in render("[ok](https://evil.example)")
    assert f'<a href="//evil.example" {rel}>' in render("<a href='//evil.example'>x</a>")
    assert "rel=" not in render("[in](/courses/) [here](#a) [near](b.md) [mail](mailto:a@b.c)")
    assert "\u202e" not in render("[a\u202eb](https://evil.example)")


def test_what_looks_like_a_tag_inside_an_attribute_stays_there():
    for inner in ("<img>", "<input>", "<a href=//x>", "<img src=x>", "<a href='//x'>"):
        html = render(f'<abbr title="{inner}">x</abbr> ![{inner}](y.png)')
        assert harm_in(html) == []
        assert html.count("lazy") == 1
        assert "nofollow" not in html


def test_the_same_text_gives_the_same_html():
    text = "![a](b.png) [c](https://d.e) - <img src=x alt=y>\n\n- [x] z\n"
    assert len({render(text) for _ in range(20)}) == 1


def test_comments_and_declarations_show_nothing():
    assert render("<!-- secret -->").strip() == ""


def test_code_is_coloured_by_classes_and_has_its_caption():
    html = render('```python title="hello.py"\nprint("<b>")\n```')
    assert html.startswith(
        '<figure class="code"><figcaption>hello.py</figcaption><pre class="highlight" '
        'tabindex="0" role="group" aria-label="Code: hello.py"><code>'
    )
    assert '<span class="s2">"&lt;b&gt;"</span>' in html
    assert "style=" not in html


def test_code_without_a_title_is_captioned_by_its_language():
    assert "<figcaption>Python</figcaption>" in render("```python\nx\n```")
    for plain in ("```\nx\n```", "    x", "```text\nx\n```", "```klingon\nx\n```"):
        html = render(plain)
        assert "figcaption" not in html
        assert 'aria-label="Code"' in html


def test_callouts_have_a_title_in_words():
    html = render("> [!TRY]\n> Do *it*.")
    assert html == (
        '<div class="callout try" role="note">\n<p class="callout-title">Try this</p>\n'
        "<p>Do <em>it</em>.</p>\n</div>\n"
    )
    assert "callout warning" in render("> [!WARNING]\n>\n> Later\n")
    assert "callout" not in render("> [!UNKNOWN]\n> x")
    assert "callout" not in render("> Say [!NOTE] aloud")


def test_quotations_within_quotations_keep_their_ends():
    html = render("> [!NOTE]\n> a\n>\n> > inner\n\n> plain")
    assert html.count("<blockquote>") == html.count("</blockquote>") == 2
    assert html.count("<div") == html.count("</div>") == 1


def test_formulas_become_mathml():
    assert '<math display="inline"><mrow><msup><mi>a</mi><mn>2</mn></msup>' in render("$a^2$")
    assert '<div class="math"><math display="block">' in render("$$\na\n$$")
    assert "<math" not in render("It costs $5 and then $6.")
    assert "<code>{</code>" in render("${$")


def test_tables_tasks_footnotes_and_strikethrough():
    html = render("|a|b|\n|-|-:|\n|1|2|\n\n- [x] done\n- [ ] not\n\n~~no~~[^1]\n\n[^1]: why")
    assert '<div class="table" tabindex="0" role="group" aria-label="Table"><table>' in html
    assert '<td class="end">2</td>' in html
    assert html.count('type="checkbox"') == 2
    assert html.count("checked") == 1
    assert "<s>no</s>" in html
    assert 'id="fn1"' in html


def test_the_empty_corner_of_a_table_heads_nothing():
    html = render("| | a |\n|-:|-|\n|b| |")
    assert '<td class="end"></td>\n<th>a</th>' in html
    assert html.count("<th>") == html.count("</th>") == 1
    assert html.count("<td") == html.count("</td>") == 3


def test_a_hidden_answer_holds_markdown():
    html = render("<details><summary>Answer</summary>\n\nIt is *so*.\n\n</details>")
    assert html == "<details><summary>Answer</summary>\n<p>It is <em>so</em>.</p>\n</details>"


def test_images_load_late_and_keep_their_text():
    html = render("![A `b` and $c$\nhere](/x.png)")
    assert 'alt="A b and c here"' in html
    assert 'loading="lazy"' in html


def test_relative_addresses_are_resolved_in_markdown_and_in_html():
    asked = []

    def resolve(url):
        asked.append(url)
        return None if "gone" in url else f"/there/{url}"

    html = render(
        '![x](a.png) [y](../b.md#C) <img src="c.png" alt="z"> <a href="d.md">d</a> '
        "[e](gone.md) [f](https://x.y) [g](/h) [i](#j)",
        resolve=resolve,
    )
    assert sorted(asked) == ["../b.md#C", "a.png", "c.png", "d.md", "gone.md"]
    assert 'src="/there/a.png"' in html
    assert 'href="/there/../b.md#C"' in html
    assert "<a>e</a>" in html
    assert 'href="#h-j"' in html


def test_the_page_keeps_its_only_first_heading():
    assert "<h1" not in render("# A\n\nB\n===\n\n<h1>C</h1>")


@pytest.mark.parametrize(
    "piece",
    ["[a](", "<div>", "![", "\n- [ ] x", "# a\n", "[^", "```python\n'''\n```\n",
     "$\\frac{a}{b}$ "],
)  # fmt: skip
def test_hostile_texts_are_done_in_seconds(piece):
    text = (piece * (MAX_LENGTH // len(piece) + 1))[:MAX_LENGTH]
    start = time.process_time()
    assert harm_in(render(text)) == []
    assert time.process_time() - start < 8


def test_text_beyond_the_limit_is_cut():
    assert len(render("x" * (MAX_LENGTH + 1000))) < MAX_LENGTH + 100


def test_what_fails_inside_shows_the_source(monkeypatch, caplog):
    monkeypatch.setattr("courses.markdown._depth", lambda html: 1 / 0)
    assert render("<b>x</b>") == "<pre>&lt;b&gt;x&lt;/b&gt;</pre>"
    assert "could not be rendered" in caplog.text


PIECES = st.sampled_from(
    [*VECTORS, "\n", "\n\n", "> ", "- ", "* [ ] ", "```", "$", "$$", "<", ">", '"', "'", "[", "](",
     ")", "|", "\n|-|\n", "[^1]", "<div ", "<a href=", "</p>", "`", "    ", "<math>", "&#x6A;"]
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=25).map("".join))
def test_whatever_is_written_no_harm_comes_out(text):
    assert harm_in(render(text, resolve=lambda url: f"/x/{url}")) == []


def find(url):
    return None if "gone" in url else f"/found/{url}"


def test_a_line_that_names_a_quiz_becomes_a_link_to_it():
    link = '<p class="quiz-link"><a href="/found/03-check.quiz.yaml">Take the quiz</a></p>'
    assert render("{{quiz: 03-check}}", resolve=find) == f"{link}\n"
    text = "Before\n  {{ quiz:03-check }}  \nafter"
    assert render(text, resolve=find) == f"<p>Before</p>\n{link}\n<p>after</p>\n"
    assert render("> {{quiz: 03-check}}", resolve=find) == (
        f"<blockquote>\n{link}\n</blockquote>\n"
    )
    assert "/found/../02-b/03-check.quiz.yaml" in render("{{quiz: ../02-b/03-check}}", resolve=find)


def test_a_quiz_that_is_not_there_leaves_the_line_as_it_is_written():
    assert render("{{quiz: *gone*}}", resolve=find) == "<p>{{quiz: *gone*}}</p>\n"
    assert render("{{quiz: 03-check}}") == "<p>{{quiz: 03-check}}</p>\n"
    assert render("{{quiz: <b>gone}}", resolve=find) == "<p>{{quiz: &lt;b&gt;gone}}</p>\n"


@pytest.mark.parametrize(
    "text",
    ["Take {{quiz: x}} now", "```\n{{quiz: x}}\n```", "    {{quiz: x}}", "{{quiz: x}} now",
     "{{quizzes: x}}", "{{quiz: }}", "`{{quiz: x}}`"],
)  # fmt: skip
def test_elsewhere_such_words_are_text(text):
    assert "quiz-link" not in render(text, resolve=find)


def test_a_link_to_a_quiz_does_no_harm():
    for name in ('"><script>alert(1)</script>', "javascript:alert(1)//", "' onclick='x"):
        html = render(f"{{{{quiz: {name}}}}}", resolve=find)
        assert harm_in(html) == []

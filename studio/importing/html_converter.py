"""markdownify's walk over parsed HTML, with our dialect's words where they differ."""

# ruff: noqa: SIM905

import re
from typing import Any
from urllib.parse import quote

from bs4 import Tag
from bs4.element import NavigableString
from markdownify import MarkdownConverter

from courses.videos import video_at

BLOCKS = set(
    "p div section article blockquote pre ul ol li dl dt dd table tr td th h1 h2 h3 h4 h5 h6 hr br "
    "details summary figure figcaption header footer main aside nav form fieldset address".split()
)
# What would mean something in Markdown and is plain text here.
SPECIAL = re.compile(
    r"[\\`*\[\]$]|(?<![^\W_])_|_(?![^\W_])|<(?=[a-zA-Z/!?])|&(?=#?\w{1,32};)|~(?=~)|(?<=~)~"
)
AT_START = re.compile(r"^(\s*)(?:([-+>#=])|(\d{1,9})([.)](?=\s|$)))")
FORMULA = re.compile(r"\\\(((?:[^\\]|\\[^()]){1,600})\\\)|\\\[((?:[^\\]|\\[^\[\]]){1,600})\\\]")
LANGUAGE = re.compile(r"(?:^|\s)(?:language-|lang-|brush:\s*|highlight-)([\w+#-]{1,20})")
SAFE = re.compile(r"(?i)(?:https?:|mailto:|(?![a-z][a-z0-9+.-]*:))")


def address_of(url: object) -> str:
    """An address as it stands in a link of Markdown; "" for one that nothing should lead to."""
    text = re.sub(r"[\x00-\x20\x7f]+", lambda hit: " " if " " in hit[0] else "", str(url or ""))
    text = text.strip()
    if not SAFE.match(text):
        return ""
    if text.startswith("//"):
        text = f"https:{text}"
    return (
        quote(text, safe="!#$%&'*+,/:;=?@[]~-._()") if re.search(r"[\s<>\"\\^`{}|]", text) else text
    )


class HtmlConverter(MarkdownConverter):
    """`convert_soup` gives the Markdown; each convert_… is called with the text of its tag."""

    def __init__(self) -> None:
        super().__init__(
            heading_style="atx",
            bullets="-",
            autolinks=False,
            sub_symbol="<sub>",
            sup_symbol="<sup>",
            table_infer_header=True,
            wrap=True,
            wrap_width=None,
        )
        self._numbers: dict[int, int] = {}

    def _walk(self) -> Any:
        """What markdownify itself does: its types name only a part of it."""
        return super()

    def process_text(self, el: NavigableString, parent_tags: set[str] | None = None) -> str:
        text = str(self._walk().process_text(el, parent_tags))
        before = el.previous_sibling
        starts = before is None or (isinstance(before, Tag) and before.name in BLOCKS)
        if not starts or "_noformat" in (parent_tags or ()):
            return text
        return AT_START.sub(_escaped_start, text)

    def escape(self, text: str, parent_tags: set[str]) -> str:
        done, at = list[str](), 0
        for hit in FORMULA.finditer(text):
            formula = " ".join((hit[1] or hit[2]).split())
            done += [SPECIAL.sub(r"\\\g<0>", text[at : hit.start()]), f"${formula}$"]
            at = hit.end()
        return "".join([*done, SPECIAL.sub(r"\\\g<0>", text[at:])])

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        address = address_of(el.get("href"))
        words = text.strip()
        if "_noformat" in parent_tags or not address or not words or "\n\n" in words:
            return text
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        return f"{before}[{words}]({_enclosed(address)}){after}"

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        formula = str(el.get("data-equation-content") or "").strip()
        if formula and "equation" in f"{el.get('class')} {el.get('src')}":
            return f"${' '.join(formula.split())}$"
        alt = " ".join(str(el.get("alt") or "").split())
        address = address_of(el.get("src"))
        alt = SPECIAL.sub(r"\\\g<0>", alt)
        return f"![{alt}]({_enclosed(address)})" if address else alt

    def convert_iframe(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return self._embedded(el, el.get("src"), "Embedded page", text)

    def convert_video(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return self._embedded(el, _source(el), "Video", text)

    def convert_audio(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return self._embedded(el, _source(el), "Sound", text)

    def convert_object(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return self._embedded(el, el.get("data"), "Embedded file", text)

    def convert_embed(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return self._embedded(el, el.get("src"), "Embedded file", text)

    def _embedded(self, el: Tag, url: object, name: str, text: str) -> str:
        address = address_of(url)
        if not address or "](" in text:
            return text
        video = video_at(address)
        if video:
            address, name = video.page, "Video"
        title = " ".join(str(el.get("title") or "").split()) or name
        return f"\n\n[{SPECIAL.sub(r'\\\g<0>', title)}]({_enclosed(address)})\n\n"

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        code = re.sub(r"^[ \t]*\n", "", _code_of(el)).rstrip(" \t\n")
        if not code.strip():
            return ""
        ticks = max((len(run) for run in re.findall(r"`{3,}", code)), default=2) + 1
        fence = "`" * max(3, ticks)
        return f"\n\n{fence}{_language(el)}\n{code}\n{fence}\n\n"

    def convert_b(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if {"b", "strong"} & set(parent_tags):
            return text
        return _marked(text, "**", parent_tags)

    convert_strong = convert_b

    def convert_em(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return text if {"i", "em"} & set(parent_tags) else _marked(text, "*", parent_tags)

    convert_i = convert_em

    def convert_del(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return (
            text if {"s", "del", "strike"} & set(parent_tags) else _marked(text, "~~", parent_tags)
        )

    convert_s = convert_strike = convert_del

    def convert_code(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "_noformat" in parent_tags or not text.strip():
            return text
        mark = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
        ends = text[0] + text[-1]
        room = " " if "`" in ends or ends == "  " else ""
        return f"{mark}{room}{text}{room}{mark}"

    convert_kbd = convert_samp = convert_tt = convert_code

    def convert_hN(  # noqa: N802
        self, n: int, el: Tag, text: str, parent_tags: set[str]
    ) -> str:
        words = " ".join(text.split())
        if "_inline" in parent_tags or not words:
            return words
        return f"\n\n{'#' * max(1, min(6, n))} {words}\n\n"

    def convert_td(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        text = re.sub(r"(?<!\\)\|", r"\\|", text)
        return str(self._walk().convert_td(el, text, parent_tags))

    convert_th = convert_td

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        words = text.strip()
        if not words:
            return "\n"
        mark = f"{self._number(el)}. " if el.parent and el.parent.name == "ol" else "- "
        return f"{mark}{words.replace('\n', '\n' + ' ' * len(mark))}\n".replace(
            f"\n{' ' * len(mark)}\n", "\n\n"
        )

    def _number(self, el: Tag) -> int:
        """The place of an item in its list. Items come in their order, so the last is kept."""
        number = self._numbers.get(id(el.parent))
        if number is None:
            start = str(el.parent.get("start") or "") if el.parent else ""
            number = int(start) - 1 if re.fullmatch(r"[0-9]{1,8}", start) else 0
        self._numbers[id(el.parent)] = number + 1
        return number + 1

    def convert_dt(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        words = " ".join(text.split())
        return f"\n\n**{words}**\n\n" if words else ""

    def convert_dd(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{text.strip()}\n\n"

    def convert_figure(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{text.strip(' \t\n')}\n\n"

    def convert_details(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n<details>\n{text.strip()}\n\n</details>\n\n"

    def convert_summary(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"<summary>{' '.join(text.split())}</summary>\n\n"

    def convert_math(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        note = el.find("annotation", attrs={"encoding": "application/x-tex"})
        formula = note.get_text() if note else str(el.get("alttext") or "")
        return f"${' '.join(formula.split())}$" if formula.strip() else " ".join(text.split())


def plain_line(text: str) -> str:
    """A line of plain text, without tags or formulas, as Markdown that shows it as it is."""
    return AT_START.sub(_escaped_start, SPECIAL.sub(r"\\\g<0>", " ".join(text.split())))


def _escaped_start(hit: re.Match[str]) -> str:
    return f"{hit[1]}\\{hit[2]}" if hit[2] else f"{hit[1]}{hit[3]}\\{hit[4]}"


def _marked(text: str, mark: str, parent_tags: set[str]) -> str:
    """The text between marks, with the spaces at its ends outside of them."""
    words = text.strip()
    if "_noformat" in parent_tags or not words or "\n\n" in words:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{mark}{words}{mark}{after}"


def _enclosed(address: str) -> str:
    return f"<{address}>" if re.search(r"[()]", address) else address


def _code_of(el: Tag) -> str:
    """The text of a block of code; tags that end a line do so."""
    parts = (
        one if isinstance(one, NavigableString) else "\n" * (one.name == "br")
        for one in el.descendants
        if isinstance(one, (NavigableString, Tag))
    )
    return "".join(parts)


def _source(el: Tag) -> Any:
    inside = el.find("source", src=True)
    return el.get("src") or (inside.get("src") if inside else "")


def _language(el: Tag) -> str:
    for one in (el, el.find("code")):
        if one is None:
            continue
        names = " ".join(one.get("class") or [])
        if hit := LANGUAGE.search(names):
            return hit[1].lower()
        if "sourceCode" in names:
            return names.replace("sourceCode", "").split(" ")[-1].lower()
    return ""

"""The keys of problems of OLX: options, accepted texts, numbers."""

import re
from copy import deepcopy
from decimal import Decimal, InvalidOperation

from assessments.replies import read_number
from studio.importing.foreign_questions import Choice
from studio.importing.html_text import looks_like_html
from studio.importing.olx.links import OlxLinks
from studio.importing.strict_xml import (
    Element,
    attribute,
    children,
    descendants,
    inner_html,
    local,
    text_of_element,
)

HINTS = {"choicehint", "optionhint"}
# What has no end reaches to that of the list.
LISTED = re.compile(r"'((?:[^'\\]|\\.)*+)(?:'|\\?\Z)|\"((?:[^\"\\]|\\.)*+)(?:\"|\\?\Z)", re.DOTALL)
CLOSED = re.compile(r"\[\s?([^\[\](),\s]{1,60})\s?,\s?([^\[\](),\s]{1,60})\s?\]\Z")
# What the other system allows where nothing is said.
USUAL = "0.001%"


class CannotAsk(Exception):
    """A response that cannot be a question here. The message says why."""


class Aimed:
    """Feedback that options name. It stands beside the responses, and is read once for all."""

    def __init__(self, links: OlxLinks) -> None:
        self.links = links
        self.known = dict[Element, dict[str, str]]()

    def beside(self, response: Element) -> dict[str, str]:
        parent = response.getparent()
        if parent not in self.known:
            self.known[parent] = {
                attribute(one, "explanation-id"): self.links.markdown(inner_html(one))
                for one in descendants(parent, "targetedfeedback")
            }
        return self.known[parent]


def options_of(response: Element, links: OlxLinks, feedback: Aimed) -> tuple[list[Choice], bool]:
    """The options with their feedback, and whether they are shuffled."""
    groups = list(descendants(response, "choicegroup", "checkboxgroup", "optioninput"))
    if len(groups) != 1:
        raise CannotAsk("it has several gaps" if groups else "it has no options")
    group = groups[0]
    aimed = feedback.beside(response)
    choices = [
        _choice(one, aimed, links) for one in descendants(group, "choice", "option")
    ] or _listed(group)
    shuffle = attribute(group, "shuffle").lower() == "true"
    return choices, shuffle


def _choice(element: Element, aimed: dict[str, str], links: OlxLinks) -> Choice:
    hints = [one for one in children(element) if local(one) in HINTS]
    # A checkbox may have another hint for those who leave it empty.
    said = [one for one in hints if attribute(one, "selected").lower() != "false"]
    feedback = [links.markdown(inner_html(one)) for one in said]
    feedback.append(aimed.get(attribute(element, "explanation-id"), ""))
    copy = deepcopy(element)
    for one in [one for one in copy if local(one) in HINTS]:
        one.text = ""
        one.tag = "span"
        for inside in list(one):
            one.remove(inside)
    text = text_of_element(copy)
    html = text if not len(copy) and looks_like_html(text) else inner_html(copy)
    return Choice(
        links.markdown(html),
        is_correct=attribute(element, "correct").lower() == "true",
        feedback="\n\n".join(text for text in feedback if text),
        key=attribute(element, "name"),
    )


def _listed(group: Element) -> list[Choice]:
    """Options that are written as a list into an attribute."""
    names = [a or b for a, b in LISTED.findall(attribute(group, "options"))]
    right = attribute(group, "correct")
    return [Choice(name, is_correct=name == right) for name in names]


def text_of_response(response: Element) -> tuple[list[str], bool]:
    """The accepted texts, and whether capitals matter."""
    kind = attribute(response, "type").lower().split()
    if "regexp" in kind:
        raise CannotAsk("its answer is a pattern")
    more = children(response, "additional_answer")
    given = [attribute(response, "answer")]
    given += [attribute(one, "answer") or (one.text or "").strip() for one in more]
    return list(dict.fromkeys(text for text in given if text)), "ci" not in kind


def numeric_of(response: Element) -> tuple[list[str], str]:
    """The accepted numbers and the tolerance. A closed range is its middle, and half its width."""
    answer = attribute(response, "answer").strip()
    if hit := CLOSED.match(answer):
        return _range(hit[1], hit[2])
    more = children(response, "additional_answer")
    given = [answer, *(attribute(one, "answer") for one in more)]
    numbers = [text for text in given if text]
    if any(read_number(text) is None for text in numbers):
        raise CannotAsk("its answer is a formula, or a range with an open end")
    wanted = [
        one
        for one in children(response, "responseparam")
        if attribute(one, "type").lower() == "tolerance"
    ]
    said = attribute(wanted[0], "default") if wanted else ""
    is_whole = all(text.lstrip("+-").isdigit() for text in numbers)
    return numbers, _tolerance(said) if said else "" if is_whole else USUAL


def _range(low: str, high: str) -> tuple[list[str], str]:
    first, last = read_number(low), read_number(high)
    if first is None or last is None or last < first:
        raise CannotAsk("its answer is a range of formulas")
    return [_plain((first + last) / 2)], _plain((last - first) / 2)


def _tolerance(text: str) -> str:
    """As we write it: 0.01, or 1%."""
    percent = "%" if text.strip().endswith("%") else ""
    number = read_number(text.strip().rstrip("% "))
    if number is None:
        raise CannotAsk("its tolerance is a formula")
    return _plain(abs(number)) + percent


def _plain(number: Decimal) -> str:
    """Without an exponent. Raises CannotAsk for what needs more than nine digits."""
    try:
        text = format(number.quantize(Decimal("1E-9")).normalize(), "f")
    except InvalidOperation as error:
        raise CannotAsk("its numbers are too large or too small") from error
    if number and not Decimal(text):
        raise CannotAsk("its numbers are too large or too small")
    return text

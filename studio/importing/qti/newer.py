"""Items of QTI 2.1 and 2.2: those with one simple choice are read, the others are told."""

import re

from assessments.models import Question
from studio.importing.foreign_questions import Choice, Found
from studio.importing.html_text import markdown_of
from studio.importing.qti.item import Left
from studio.importing.strict_xml import (
    Element,
    attribute,
    child,
    children,
    inner_html,
    line_of,
    local,
    text_of_element,
)

Kind = Question.Kind
INTERACTION = re.compile(r"Interaction\Z")


def read_newer(item: Element, path: str) -> Found | Left:
    title = attribute(item, "title")
    key = attribute(item, "identifier")
    body = child(item, "itemBody")
    asked = [one for one in item.iterdescendants() if INTERACTION.search(local(one))]
    if len(asked) != 1 or local(asked[0]) != "choiceInteraction":
        text = "\n\n".join(text for text in (title, _words(body)) if text)
        return Left(key, f"QTI 2 is read for simple choices only ({title})", text, line_of(item))
    choice = asked[0]
    right = _right(item, attribute(choice, "responseIdentifier"))
    feedback = _words(choice)
    many = attribute(choice, "maxChoices") != "1"
    options = [_option(one, right) for one in children(choice, "simpleChoice")]
    prompt = markdown_of(inner_html(child(choice, "prompt")))
    stem = "\n\n".join(text for text in (_before(body, choice), prompt) if text)
    if not right:
        return Left(key, "no answer is marked as right", f"{stem}\n{feedback}", line_of(item))
    explanations = [markdown_of(inner_html(one)) for one in children(item, "modalFeedback")]
    return Found(
        Kind.MULTI if many else Kind.SINGLE,
        stem or title,
        key,
        options,
        explanation="\n\n".join(text for text in explanations if text),
        shuffle=attribute(choice, "shuffle") == "true",
        path=path,
        line=line_of(item),
        original=_words(body),
    )


def _right(item: Element, name: str) -> set[str]:
    for one in children(item, "responseDeclaration"):
        if attribute(one, "identifier") == name:
            correct = children(child(one, "correctResponse"), "value")
            return {text_of_element(value) for value in correct}
    return set()


def _option(element: Element, right: set[str]) -> Choice:
    ident = attribute(element, "identifier")
    feedback = [markdown_of(inner_html(one)) for one in children(element, "feedbackInline")]
    for one in children(element, "feedbackInline"):
        _take_out(one)
    text = markdown_of(inner_html(element))
    return Choice(text, ident in right, "\n\n".join(feedback), ident)


def _before(body: Element, choice: Element) -> str:
    """What is shown around the choice."""
    _take_out(choice)
    return markdown_of(inner_html(body))


def _take_out(element: Element) -> None:
    """Remove an element and leave the text behind it."""
    above, before, text = element.getparent(), element.getprevious(), element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + text
    else:
        above.text = (above.text or "") + text
    element.tail = None
    above.remove(element)


def _words(element: Element | None) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())

"""Problems of OLX: each response in them becomes a question."""

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from itertools import takewhile

from assessments.models import Question
from studio.importing.folder.quiz_file import MAX_QUESTIONS
from studio.importing.foreign import ForeignCourse
from studio.importing.foreign_questions import Found, question_of
from studio.importing.olx.answers import Aimed, CannotAsk, numeric_of, options_of, text_of_response
from studio.importing.olx.blocks import Block, original_of
from studio.importing.olx.links import OlxLinks
from studio.importing.strict_xml import (
    Element,
    attribute,
    children,
    descendants,
    inner_html,
    line_of,
    local,
)
from studio.importing.tree import QuestionNode

Kind = Question.Kind
# Inside a problem, what is no part of what is asked.
NO_PROMPT = {
    "choicegroup", "checkboxgroup", "optioninput", "textline", "formulaequationinput",
    "responseparam", "additional_answer", "correcthint", "stringequalhint", "hintgroup",
    "solution", "solutionset", "demandhint", "compoundhint", "script", "targetedfeedbackset",
    "radiogroup", "textbox", "filesubmission",
}  # fmt: skip
VARIABLE = re.compile(r"\$[A-Za-z_{]")
MARK = "\ue001"
TITLE = re.compile(r"\A#*\s?\**Explanation:?\**\s*\n+")


@dataclass(slots=True)
class Problem:
    """A problem with its responses; one without any is a text."""

    block: Block
    responses: list[Element]


def read_problem(block: Block) -> Problem:
    found = [one for one in block.element.iterdescendants() if _is_response(one)]
    return Problem(block, [one for one in found if not _is_hidden(one, block.element)])


def questions_of(
    course: ForeignCourse, problem: Problem, links: OlxLinks
) -> Iterator[QuestionNode]:
    """A question for each response; those that cannot be asked here are told."""
    block, responses, reason = problem.block, problem.responses, ""
    if len(responses) > MAX_QUESTIONS:
        reason = f"it has more than {MAX_QUESTIONS} questions"
    if reason := reason or _script(block.element):
        course.skip(block.where, reason, "question", original_of(block.element))
        return
    aimed = Aimed(links)
    prompts = _prompts(block.element, responses, links)
    explanations = _explanations(block.element, responses, links)
    for number, response in enumerate(responses):
        key = block.name or block.title
        key += f" {number + 1}" if len(responses) > 1 else ""
        original = original_of(block.element if len(responses) == 1 else response)
        try:
            found = _found(response, links, aimed)
        except CannotAsk as reason:
            where = f"{block.path}:{line_of(response)} {key}"
            course.skip(where, str(reason), "question", original)
            continue
        found.prompt = prompts[number] or block.title
        found.explanation = "\n\n".join(part for part in (*explanations[number],) if part)
        found.key, found.original, found.path = key, original, block.path
        found.line = line_of(response)
        found.points = _points(block, len(responses))
        question = question_of(course, found)
        if question:
            yield question
    _tell_hints(course, block)


def _is_response(element: Element) -> bool:
    return local(element).lower().endswith("response")


def _is_hidden(element: Element, problem: Element) -> bool:
    """Whether it stands in another response, or in what nobody is asked."""
    around = takewhile(lambda one: one is not problem, element.iterancestors())
    return any(_is_response(one) or local(one) in NO_PROMPT for one in around)


def _script(element: Element) -> str:
    """Why the whole problem cannot be asked, where a program makes its values."""
    has_script = next(descendants(element, "script"), None) is not None
    texts = (one.text or "" for one in element.iter() if local(one) != "script")
    tails = (one.tail or "" for one in element.iterdescendants())
    if has_script and any(VARIABLE.search(text) for text in (*texts, *tails)):
        return "a program makes its values, anew for everybody"
    answers = (attribute(one, "answer") for one in element.iterdescendants())
    if any(VARIABLE.match(answer) for answer in answers):
        return "a program makes its values, anew for everybody"
    return ""


def _found(response: Element, links: OlxLinks, aimed: Aimed) -> Found:
    """The question without its texts. Raises CannotAsk."""
    tag = local(response)
    if tag in {"multiplechoiceresponse", "choiceresponse", "optionresponse"}:
        choices, shuffle = options_of(response, links, aimed)
        kind = Kind.MULTI if tag == "choiceresponse" else Kind.SINGLE
        return Found(kind, "", choices=choices, shuffle=shuffle)
    if tag == "stringresponse":
        accept, match_case = text_of_response(response)
        return Found(Kind.TEXT, "", accept=accept, match_case=match_case)
    if tag == "numericalresponse":
        accept, tolerance = numeric_of(response)
        return Found(Kind.NUMERIC, "", accept=accept, tolerance=tolerance)
    raise CannotAsk(f'questions of the kind "{tag[:40]}" are not supported')


def _prompts(problem: Element, responses: list[Element], links: OlxLinks) -> list[str]:
    """What is asked by each response: the text in front of it, in it, and behind the last one."""
    # Kept while their ids are used: an element that nobody holds gives its id to another.
    elements = list(problem.iter())
    places = {id(one): number for number, one in enumerate(elements)}
    copy = deepcopy(problem)
    twins = list(copy.iter())
    inner = list[str]()
    for response in responses:
        twin = twins[places[id(response)]]
        _leave_prompt(twin)
        inner.append(inner_html(twin))
        tail = twin.tail
        twin.clear()
        twin.tag, twin.text, twin.tail = "span", MARK, tail
    _leave_prompt(copy)
    outer = inner_html(copy).split(MARK)
    prompts = [
        links.markdown(before + inside) for before, inside in zip(outer, inner, strict=False)
    ]
    rest = links.markdown("".join(outer[len(inner) :]))
    prompts[-1] = "\n\n".join(part for part in (prompts[-1], rest) if part)
    return prompts


def _leave_prompt(element: Element) -> None:
    """Take out of the element what is no part of the prompt, and let its labels be paragraphs."""
    for one in list(element.iterdescendants()):
        if local(one) in NO_PROMPT and one.getparent() is not None:
            parent, before = one.getparent(), one.getprevious()
            if one.tail and before is not None:
                before.tail = (before.tail or "") + one.tail
            elif one.tail:
                parent.text = (parent.text or "") + one.tail
            parent.remove(one)
        elif local(one) in {"label", "description", "legend"}:
            one.tag = "p"
        elif local(one) == "clarification":
            # It pops up where the pointer is.
            one.tag, one.text, one.tail = "span", f" ({one.text or ''}", f"){one.tail or ''}"


def _explanations(problem: Element, responses: list[Element], links: OlxLinks) -> list[list[str]]:
    """Solutions and hints, each with the response that it follows or stands in."""
    found = [list[str]() for _ in responses]
    owners = {id(one): number for number, one in enumerate(responses)}
    current = 0
    for one in problem.iterdescendants():
        current = owners.get(id(one), current)
        tag = local(one)
        if tag in {"solution", "correcthint"}:
            found[current].append(TITLE.sub("", links.markdown(inner_html(one)) + "\n").strip())
        elif tag == "demandhint":
            hints = [links.markdown(inner_html(hint)) for hint in children(one, "hint")]
            lines = [f"- {' '.join(hint.split())}" for hint in hints if hint]
            found[current] += ["\n".join(["Hints:", "", *lines])] if lines else []
    return found


def _points(block: Block, count: int) -> str:
    """The weight of the problem, shared by its questions."""
    try:
        weight = float(block.value("weight") or count)
    except ValueError:
        return "1"
    return f"{weight / count:.2f}" if 0 <= weight < 10_000 else "1"


def _tell_hints(course: ForeignCourse, block: Block) -> None:
    """Feedback on what was left out or typed has no place here, nor have points for a part."""
    found = [*descendants(block.element, "stringequalhint", "compoundhint", "hintgroup")]
    for one in descendants(block.element, "choicehint"):
        found += [one] if attribute(one, "selected").lower() == "false" else []
    if found:
        original = "\n".join(original_of(one) for one in found)
        reason = "feedback is kept for options that are chosen, not for others or what is typed"
        course.skip(f"{block.where} hints", reason, "hint", original)
    if any(attribute(one, "partial_credit") for one in block.element.iterdescendants()):
        message = "Answers that are partly right pay by the rules of this site."
        course.warn(message, block.path, block.line, "points")

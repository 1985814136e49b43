"""An item of QTI 1.2 as a question of ours, or the reason why it has no place here."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from assessments.models import Question
from assessments.questions import MOST_OPTIONS
from studio.importing.foreign_questions import Choice, Found
from studio.importing.html_text import looks_like_html, markdown_of, markdown_of_text
from studio.importing.qti.scoring import Scoring, as_middle, metadata_of, scoring_of
from studio.importing.strict_xml import (
    Element,
    attribute,
    child,
    children,
    descendants,
    inner_html,
    line_of,
    local,
)

Kind = Question.Kind
# What Canvas and the profiles of Common Cartridge call the kinds.
KINDS = {
    "multiple_choice": "one", "true_false": "one", "multiple_answers": "many",
    "short_answer": "text", "numerical": "number", "essay": "essay", "text_only": "words",
    "cc.multiple_choice": "one", "cc.true_false": "one", "cc.multiple_response": "many",
    "cc.fib": "text", "cc.pattern_match": "text", "cc.essay": "essay",
    "multiple choice": "one", "true/false": "one", "multiple answer": "many",
    "fill in the blank": "text", "numeric": "number", "essay question": "essay",
}  # fmt: skip
NO_PLACE = {
    "matching": "matching is not supported",
    "fill_in_multiple_blanks": "several blanks are not supported",
    "multiple_dropdowns": "several menus are not supported",
    "calculated": "formulas are not supported",
    "file_upload": "uploads are not supported",
    "hot_spot": "places in a picture are not supported",
    "ordering": "putting in order is not supported",
    "categorization": "sorting into groups is not supported",
    "formula": "formulas are not supported",
}
STRUCTURES = {
    "response_grp": "matching", "render_hotspot": "hot_spot", "response_xy": "hot_spot",
    "render_slider": "hot_spot", "matching": "matching",
}  # fmt: skip
GENERAL = {
    "general_fb": "", "correct_fb": "Right: ", "general_incorrect_fb": "Not right: ",
    "incorrect_fb": "Not right: ",
}  # fmt: skip
NO_ANSWER = "*No model answer was given.*"


@dataclass(frozen=True, slots=True)
class Left:
    """An item that has no place here: why, and what it says. `is_text` where it asks nothing."""

    key: str
    reason: str
    text: str
    line: int
    is_text: bool = False


def read_item(item: Element, path: str) -> Found | Left:
    return _Item(item, path).read()


def material_of(element: Element | None) -> str:
    """What is shown there, as Markdown."""
    if element is None:
        return ""
    texts = [_shown(one) for one in descendants(element, "mattext", "matimage", "matbreak")]
    return "\n\n".join(text for text in texts if text)


def _shown(element: Element) -> str:
    if local(element) == "matimage":
        return f"![{attribute(element, 'label')}](<{attribute(element, 'uri')}>)"
    kind = attribute(element, "texttype").lower()
    text = inner_html(element) if len(element) else "".join(element.itertext())
    if len(element) or kind in {"text/html", "text/xhtml"} or looks_like_html(text):
        return markdown_of(text)
    return markdown_of_text(text)


class _Item:
    def __init__(self, item: Element, path: str) -> None:
        self.item, self.path, self.line = item, path, line_of(item)
        self.fields = metadata_of(item)
        self.presentation = child(item, "presentation")
        asked = ("response_lid", "response_str", "response_num")
        self.responses = list(descendants(self.presentation, *asked))
        self.key = attribute(item, "ident")
        self.labels = {
            one: material_of(one) for one in descendants(self.presentation, "response_label")
        }
        self.prompt = self._prompt()

    def read(self) -> Found | Left:
        kind = self._kind()
        if kind == "words" or (not kind and not self.responses):
            return self._left("it asks nothing", is_text=True)
        if kind in NO_PLACE or not kind:
            return self._left(NO_PLACE.get(kind, "this kind of question is not supported"))
        if kind != "essay" and len(self.responses) != 1:
            return self._left(NO_PLACE["fill_in_multiple_blanks"])
        self.scoring: Scoring = scoring_of(self.item)
        found = Found(
            Kind.OPEN,
            self.prompt,
            self.key,
            points=self._points(),
            path=self.path,
            line=self.line,
            original=self._original(),
        )
        reason = {
            "one": self._choices, "many": self._choices, "text": self._text,
            "number": self._number, "essay": self._essay,
        }[kind](found)  # fmt: skip
        if reason:
            return self._left(reason)
        found.explanation = self._explanation(found)
        return found

    def _left(self, reason: str, *, is_text: bool = False) -> Left:
        text = self.prompt if is_text else self._original()
        return Left(self.key or attribute(self.item, "title"), reason, text, self.line, is_text)

    def _kind(self) -> str:
        """By its metadata, else by its structure; "" where neither says it."""
        for name in ("question_type", "cc_profile", "qmd_itemtype", "bb_question_type"):
            told = self.fields.get(name, "").lower().strip()
            told = re.sub(r"(_question|\.v\d+p\d+)$", "", told)
            if told in KINDS or told in NO_PLACE:
                return KINDS.get(told, told)
        for one in self.item.iterdescendants():
            if local(one) in STRUCTURES:
                return STRUCTURES[local(one)]
        if not self.responses:
            return ""
        return self._kind_of(self.responses[0])

    def _kind_of(self, response: Element) -> str:
        if local(response) == "response_lid":
            many = attribute(response, "rcardinality").lower() == "multiple"
            return ("many" if many else "one") if self._labels(response) else ""
        fib = next(descendants(response, "render_fib"), None)
        number = local(response) == "response_num" or attribute(fib, "fibtype").lower() in {
            "integer", "decimal", "scientific",
        }  # fmt: skip
        if number:
            return "number"
        return "text" if any(one.wanted for one in scoring_of(self.item).conditions) else "essay"

    def _labels(self, response: Element) -> list[Element]:
        return list(descendants(response, "response_label"))

    def _prompt(self) -> str:
        """All that is shown before and between the places to answer, a line for each blank."""
        parts = list[str]()

        def walk(element: Element) -> None:
            for one in children(element):
                name = local(one)
                if name in {"material", "material_ref"}:
                    parts.append(material_of(one))
                elif name == "response_str" and parts:
                    parts.append(r"\_\_\_\_")
                    parts.extend(material_of(inside) for inside in children(one, "material"))
                elif name.startswith("response_"):
                    parts.extend(material_of(inside) for inside in children(one, "material"))
                else:
                    walk(one)

        if self.presentation is not None:
            walk(self.presentation)
        while parts and parts[-1] in {"", r"\_\_\_\_"}:
            parts.pop()
        return (" " if r"\_\_\_\_" in parts else "\n\n").join(part for part in parts if part)

    def _original(self) -> str:
        """What it says with all that may be chosen, for a report."""
        labels = [f"- {text}" for text in self.labels.values() if text]
        return "\n".join([self.prompt, *labels]).strip()

    def _points(self) -> Decimal | str:
        for name in ("points_possible", "cc_weighting", "qmd_weighting"):
            if self.fields.get(name):
                return self.fields[name]
        return Decimal(1)

    def _choices(self, found: Found) -> str:
        response = self.responses[0]
        many = attribute(response, "rcardinality").lower() == "multiple"
        right = self.scoring.right_of_many() if many else self.scoring.right_of_one()
        if len(self._labels(response)) > MOST_OPTIONS:
            return f"it has more than {MOST_OPTIONS} options"
        choices = []
        for one in self._labels(response):
            ident = attribute(one, "ident")
            text = self.labels[one]
            if text or ident in right:
                choices.append(Choice(text, ident in right, self._feedback(ident), ident))
        if not right:
            return "no answer is marked as right"
        found.kind = Kind.MULTI if many else Kind.SINGLE
        found.choices = choices
        render = next(descendants(response, "render_choice"), None)
        found.shuffle = attribute(render, "shuffle").lower() == "yes"
        return ""

    def _text(self, found: Found) -> str:
        paying = self.scoring.paying
        if any(one.partly for one in paying):
            return "answers that only contain a text are not supported"
        found.kind = Kind.TEXT
        found.accept = list(dict.fromkeys(text for one in paying for text in one.wanted if text))
        found.match_case = any(one.match_case for one in paying)
        return "" if found.accept else "no answer is marked as right"

    def _number(self, found: Found) -> str:
        found.kind = Kind.NUMERIC
        accept, tolerances = list[str](), set[str]()
        for one in self.scoring.paying:
            ranges = one.ranges
            if not ranges:
                accept += one.wanted
                tolerances |= {""} if one.wanted else set()
            for number in ranges:
                middle, room = as_middle(number, one.wanted)
                accept.append(middle)
                tolerances.add(room)
        told = self.fields.get("waymark_tolerance", "")
        if len(tolerances) > 1 and not told:
            return "its numbers have different tolerances"
        found.accept = list(dict.fromkeys(accept))
        found.tolerance = told or (tolerances.pop() if tolerances else "")
        return "" if found.accept else "no answer is marked as right"

    def _essay(self, found: Found) -> str:
        solution = next(descendants(self.item, "solution"), None)
        general = self._texts_of_feedback.get("general_fb", "")
        found.model_answer = material_of(solution) or general or NO_ANSWER
        return ""

    def _feedback(self, ident: str) -> str:
        """What is said to those who choose this, and nothing else."""
        names = [
            name
            for one in self.scoring.conditions
            if one.wanted == [ident]
            for name in one.feedback
            if name not in GENERAL
        ]
        texts = self._texts_of_feedback
        return "\n\n".join(texts[name] for name in dict.fromkeys(names) if texts.get(name))

    @cached_property
    def _texts_of_feedback(self) -> dict[str, str]:
        return {
            attribute(one, "ident"): "\n\n".join(
                material_of(part) for part in children(one) if local(part) != "solution"
            ).strip()
            for one in descendants(self.item, "itemfeedback")
        }

    def _explanation(self, found: Found) -> str:
        """Feedback that belongs to no option: all of it, so that none is lost."""
        used = {choice.feedback for choice in found.choices}
        wanted = {
            name: one.wanted[0]
            for one in self.scoring.conditions
            for name in one.feedback
            if len(one.wanted) == 1 and not found.choices and found.kind != Kind.OPEN
        }
        parts = []
        for name, text in self._texts_of_feedback.items():
            if not text or text in used or text == found.model_answer:
                continue
            before = GENERAL.get(name, f"“{wanted[name]}”: " if name in wanted else "")
            parts.append(f"{before}{text}")
        return "\n\n".join(parts)

"""A quiz as an assessment of QTI 1.2, in the profile of Common Cartridge 1.1.

Numbers have no kind of their own there. They go out as texts to fill in, with the name that Canvas
has for them, and bounds around each: who knows them keeps the tolerance.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal

from lxml import etree

from assessments.models import Question
from assessments.questions import MOST_OPTIONS
from assessments.replies import read_number
from studio.importing.names import UNWANTED
from studio.importing.qti.scoring import plain
from studio.importing.strict_xml import Element
from studio.importing.tree import LessonNode, OptionNode, QuestionNode, QuizNode

Kind = Question.Kind
Html = Callable[[str], str]
QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
PROFILES = {
    Kind.SINGLE: "cc.multiple_choice.v0p1", Kind.MULTI: "cc.multiple_response.v0p1",
    Kind.TEXT: "cc.fib.v0p1", Kind.NUMERIC: "cc.fib.v0p1", Kind.OPEN: "cc.essay.v0p1",
}  # fmt: skip
TRUE_OR_FALSE = ["True", "False"]
GENERAL = "general_fb"
RESPONSE = "response"


def assessment_of(lesson: LessonNode, quiz: QuizNode, html: Html) -> bytes:
    """The file of a quiz. `html` shows a text of it as HTML."""
    root = etree.Element("questestinterop", nsmap={None: QTI})
    title = UNWANTED.sub("", lesson.title)
    assessment = add(root, "assessment", ident=identifier(lesson.key), title=title)
    fields = {"cc_profile": "cc.exam.v0p1", "qmd_assessmenttype": "Examination"}
    if quiz.rules["max_attempts"]:
        fields["cc_maxattempts"] = str(quiz.rules["max_attempts"])
    if quiz.rules["time_limit"]:
        fields["qmd_timelimit"] = str(quiz.rules["time_limit"])
    _metadata(assessment, fields)
    if lesson.values["content"].strip():
        _material(add(assessment, "rubric"), html(lesson.values["content"]))
    section = add(assessment, "section", ident="root_section")
    for question in quiz.questions:
        _Item(section, question, html).write()
    return document(root)


class _Item:
    def __init__(self, section: Element, question: QuestionNode, html: Html) -> None:
        self.question, self.values, self.html = question, question.values, html
        self.kind = Kind(question.values["kind"])
        self.item = add(section, "item", ident=question.key)

    def write(self) -> None:
        metadata = add(self.item, "itemmetadata")
        _metadata(metadata, dict(self._fields()))
        presentation = add(self.item, "presentation")
        _material(presentation, self.html(self.values["prompt"]))
        if self.kind in (Kind.SINGLE, Kind.MULTI):
            self._offer(presentation)
        else:
            response = add(presentation, "response_str", ident=RESPONSE, rcardinality="Single")
            add(add(response, "render_fib"), "response_label", ident="answer")
        processing = add(self.item, "resprocessing")
        scores = {"varname": "SCORE", "vartype": "Decimal", "minvalue": "0", "maxvalue": "100"}
        add(add(processing, "outcomes"), "decvar", **scores)
        self._link_feedback(processing)
        self._pay(processing)
        self._feedback()

    def _fields(self) -> Iterator[tuple[str, str]]:
        texts = [option.values["text"] for option in self.question.options]
        is_pair = self.kind == Kind.SINGLE and texts == TRUE_OR_FALSE
        yield "cc_profile", "cc.true_false.v0p1" if is_pair else PROFILES[self.kind]
        if self.kind == Kind.NUMERIC:
            yield "question_type", "numerical_question"
            if self.values["tolerance"].endswith("%"):
                yield "waymark_tolerance", self.values["tolerance"]
        if self.kind != Kind.OPEN:
            yield "cc_weighting", plain(Decimal(self.values["points"]))

    def _offer(self, presentation: Element) -> None:
        cardinality = "Multiple" if self.kind == Kind.MULTI else "Single"
        response = add(presentation, "response_lid", ident=RESPONSE, rcardinality=cardinality)
        shuffle = "Yes" if self.values["shuffle"] else "No"
        render = add(response, "render_choice", shuffle=shuffle)
        for option in self.question.options[:MOST_OPTIONS]:
            label = add(render, "response_label", ident=option.key)
            _material(label, self.html(option.values["text"]))

    def _link_feedback(self, processing: Element) -> None:
        if self.values["explanation"].strip():
            general = add(processing, "respcondition", **{"continue": "Yes"})
            add(add(general, "conditionvar"), "other")
            add(general, "displayfeedback", feedbacktype="Response", linkrefid=GENERAL)
        for option in self._with_feedback():
            condition = add(processing, "respcondition", **{"continue": "Yes"})
            _equal(add(condition, "conditionvar"), option.key)
            add(condition, "displayfeedback", feedbacktype="Response", linkrefid=_name(option))

    def _pay(self, processing: Element) -> None:
        if self.kind == Kind.OPEN:
            return
        accepted = self.values["accept"] if self.kind == Kind.NUMERIC else [""]
        for answer in accepted:
            condition = add(processing, "respcondition", **{"continue": "No"})
            self._right(add(condition, "conditionvar"), answer)
            add(condition, "setvar", "100", action="Set", varname="SCORE")

    def _right(self, var: Element, answer: str) -> None:
        if self.kind == Kind.NUMERIC:
            _near(var, answer, self.values["tolerance"])
            return
        if self.kind == Kind.TEXT:
            case = {"case": "Yes"} if self.values["match_case"] else {}
            for text in self.values["accept"]:
                _equal(var, text, **case)
            return
        holder = add(var, "and") if self.kind == Kind.MULTI else var
        for option in self.question.options:
            if option.values["is_correct"]:
                _equal(holder, option.key)
            elif self.kind == Kind.MULTI:
                _equal(add(holder, "not"), option.key)

    def _with_feedback(self) -> list[OptionNode]:
        return [option for option in self.question.options if option.values["feedback"].strip()]

    def _feedback(self) -> None:
        texts = {_name(option): option.values["feedback"] for option in self._with_feedback()}
        if self.values["explanation"].strip():
            texts = {GENERAL: self.values["explanation"], **texts}
        for name, text in texts.items():
            holder = add(add(self.item, "itemfeedback", ident=name), "flow_mat")
            _material(holder, self.html(text))
        if self.kind == Kind.OPEN:
            holder = add(add(self.item, "itemfeedback", ident="solution"), "solution")
            _material(add(holder, "solutionmaterial"), self.html(self.values["model_answer"]))


def add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    """A new element in the namespace of the one that it stands in."""
    space = etree.QName(parent).namespace
    element = etree.SubElement(parent, f"{{{space}}}{name}", attributes)
    element.text = UNWANTED.sub("", text) or None
    return element


def identifier(key: str) -> str:
    """A key as a name of XML: one that begins with a letter, or with a line, and has no slash."""
    return "_" + "".join(char if char.isalnum() or char in "-_." else "-" for char in key)


def document(root: Element) -> bytes:
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))


def _name(option: OptionNode) -> str:
    return f"for-{option.key}"


def _metadata(parent: Element, fields: dict[str, str]) -> None:
    block = add(parent, "qtimetadata")
    for name, value in fields.items():
        one = add(block, "qtimetadatafield")
        add(one, "fieldlabel", name)
        add(one, "fieldentry", value)


def _material(parent: Element, html: str) -> None:
    add(add(parent, "material"), "mattext", html, texttype="text/html")


def _equal(parent: Element, text: str, **attributes: str) -> None:
    add(parent, "varequal", text, respident=RESPONSE, **attributes)


def _near(var: Element, answer: str, tolerance: str) -> None:
    number = read_number(answer)
    if number is None or not tolerance:
        _equal(var, answer)
        return
    room = Decimal(tolerance.removesuffix("%"))
    room = abs(number) * room / 100 if tolerance.endswith("%") else room
    either = add(var, "or")
    _equal(either, answer)
    bounds = add(either, "and")
    add(bounds, "vargte", plain(number - room), respident=RESPONSE)
    add(bounds, "varlte", plain(number + room), respident=RESPONSE)

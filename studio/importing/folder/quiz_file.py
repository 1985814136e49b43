"""One quiz of the folder format: its rules, its questions and their key."""

import hashlib
from collections.abc import Mapping as Files
from decimal import Decimal
from typing import Any

from assessments.models import Option, Question, Quiz
from assessments.models.quiz import LONGEST_OPTION, LONGEST_PROMPT
from assessments.questions import (
    MOST_ACCEPTED,
    MOST_OPTIONS,
    MOST_TOPICS,
    faults_of_options,
    faults_of_question,
)
from assessments.replies import LONGEST_LINE
from courses.models import MAX_TEXT, Lesson
from courses.texts import LONGEST_LINE as LONGEST_NAME
from studio.importing.files import SourceFile, text_of
from studio.importing.folder.fields import Fields
from studio.importing.folder.lesson_file import UNFINISHED, doubts_about, title_from
from studio.importing.refusal import Finding
from studio.importing.strict_yaml import Mapping, load
from studio.importing.tree import LessonNode, OptionNode, QuestionNode, QuizNode

Kind = Question.Kind
MAX_BYTES = 1024 * 1024
MAX_VALUES = 50_000
MAX_QUESTIONS = 200
KINDS: dict[str, str] = {
    "single": Kind.SINGLE,
    "multi": Kind.MULTI,
    "text": Kind.TEXT,
    "numeric": Kind.NUMERIC,
    "open": Kind.OPEN,
}
CHOICES = {Kind.SINGLE, Kind.MULTI}
# Fields that only some kinds have.
ONLY: dict[str, set[Kind]] = {
    "options": CHOICES,
    "shuffle": CHOICES,
    "accept": {Kind.TEXT, Kind.NUMERIC},
    "match_case": {Kind.TEXT},
    "tolerance": {Kind.NUMERIC},
    "model_answer": {Kind.OPEN},
}
LAYOUTS: dict[str, str] = {"one": Quiz.Layout.ONE, "all": Quiz.Layout.ALL}
REVIEWS: dict[str, str] = {
    "each": Quiz.Review.EACH,
    "last": Quiz.Review.LAST,
    "never": Quiz.Review.NEVER,
}
CENTS = Decimal("0.01")
# What a quiz goes by of which nothing else is said.
USUAL_RULES: dict[str, Any] = {
    "pass_percent": 70, "time_limit": None, "max_attempts": None, "wait": 0,
    "layout": str(Quiz.Layout.ONE), "shuffle": False, "review": str(Quiz.Review.LAST),
}  # fmt: skip


class QuizFile:
    """Reads the quiz at `path`; faults go to `errors`, doubts to `warnings`.

    What is not finished yet is a doubt in a draft, be it the quiz or, with `is_draft`, all of its
    course.
    """

    def __init__(
        self, files: Files[str, SourceFile], path: str, errors: list[Finding],
        warnings: list[Finding], *, is_draft: bool = False,
    ) -> None:  # fmt: skip
        self.path, self.errors, self.warnings = path, errors, warnings
        self.is_draft = is_draft
        self.file = files[path]

    def read(self, key: str) -> LessonNode:
        """Return the lesson with its quiz; `key` is its identity unless its file gives one."""
        text = text_of(self.file, MAX_BYTES)
        mapping = load(text, self.path, max_bytes=MAX_BYTES, max_values=MAX_VALUES)
        fields = Fields(mapping, self.path, self.errors)
        identity = fields.identity("id", 200, made=True)
        values = self._values(fields)
        first_line = fields.line_of_text("intro")
        self.warnings += doubts_about(values["content"], self.path, first_line)
        rules = rules_in(fields)
        picks = Fields(fields.mapping("banks"), self.path, self.errors)
        banks = {name: picks.integer(name, 1, 1, MAX_QUESTIONS) for name in picks.items}
        questions = [self._question(one) for one in fields.mappings("questions", MAX_QUESTIONS)]
        fields.finish()
        self._refuse_twins([(one.key, one.line) for one in questions], "question")
        self._check_banks(picks, questions, banks)
        self._check_points(fields, banks, questions)
        quiz = QuizNode(rules, banks, questions)
        return LessonNode(identity or key, self.path, values, first_line, quiz)

    def _values(self, fields: Fields) -> dict[str, Any]:
        content = fields.text("intro", MAX_TEXT, lines=True)
        draft = fields.boolean("draft", False)
        self.is_draft |= draft
        return {
            "title": fields.text("title", 120) or title_from(content, self.path),
            "summary": fields.text("summary", 240),
            "kind": str(Lesson.Kind.QUIZ),
            "content": content,
            "minutes": fields.integer("minutes", 5, 1, 600),
            "xp_reward": fields.integer("xp", 20, 1, 1000),
            "status": str(Lesson.Status.DRAFT if draft else Lesson.Status.PUBLISHED),
            "is_required": fields.boolean("required", True),
        }

    def _question(self, mapping: Mapping) -> QuestionNode:
        fields = Fields(mapping, self.path, self.errors)
        identity = fields.identity("id", 80, made=True)
        if "type" not in fields.items:
            fields.error(f'"type" is missing: one of {", ".join(KINDS)}.', fields.line)
        given = fields.choice("type", KINDS, "")
        prompt = fields.text("prompt", LONGEST_PROMPT, required=True, lines=True)
        if not identity:
            identity = derived("q", prompt)
            message = f'The question has no id and gets "{identity}": edited, it would be another.'
            self.warnings.append(Finding(message, self.path, fields.line, "id"))
        node = QuestionNode(identity, fields.line, {})
        # Without a type nothing more can be said of the fields that depend on it.
        kind = Kind(given) if given else None
        node.values = {
            "kind": given,
            "prompt": prompt,
            "explanation": fields.text("explanation", LONGEST_PROMPT, lines=True),
            "topics": fields.texts("topics", LONGEST_NAME, MOST_TOPICS),
            **self._key(fields, kind),
        }
        node.bank, node.lesson = fields.text("bank", LONGEST_NAME), fields.text("lesson", 200)
        node.lesson_line = fields.line_of("lesson")
        for name in ("prompt", "explanation", "model_answer"):
            node.lines[name] = fields.line_of_text(name)
        self._refuse_strangers(fields, kind)
        if kind in CHOICES:
            options = fields.mappings("options", MOST_OPTIONS)
            node.options = [self._option(one) for one in options]
            self._refuse_twins([(option.key, option.line) for option in node.options], "option")
        if kind:
            self._judge(fields, node)
        fields.finish()
        return node

    def _key(self, fields: Fields, kind: Kind | None) -> dict[str, Any]:
        """What the marks go by, except for options."""
        usual = Decimal(0 if kind == Kind.OPEN else 1)
        return {
            "accept": fields.one_or_several("accept", LONGEST_LINE, MOST_ACCEPTED),
            "tolerance": fields.text("tolerance", 20),
            "match_case": fields.boolean("match_case", False),
            "model_answer": fields.text("model_answer", LONGEST_PROMPT, lines=True),
            "points": fields.decimal("points", usual, 100).quantize(CENTS),
            "shuffle": fields.boolean("shuffle", True),
        }

    def _judge(self, fields: Fields, node: QuestionNode) -> None:
        """The rules are those of the site; here they get a file and a line.

        What a question of its kind does not have is told by `_refuse_strangers`.
        """
        kind = Kind(node.values["kind"])
        faults = faults_of_question(Question(**node.values))
        options = [
            Option(text=one.values["text"], is_correct=one.values["is_correct"])
            for one in node.options
        ]
        faults += [("options", words) for words in faults_of_options(kind, options)]
        for name, words in faults:
            if kind in ONLY.get(name, set(Kind)):
                fields.error(f'"{name}": {words}', fields.line_of(name))

    def _refuse_strangers(self, fields: Fields, kind: Kind | None) -> None:
        fields.known |= set(ONLY)
        for name, kinds in ONLY.items():
            if name in fields.items and kind and kind not in kinds:
                message = f'A question of type {kind.lower()} has no "{name}".'
                fields.error(message, fields.line_of(name))

    def _option(self, mapping: Mapping) -> OptionNode:
        fields = Fields(mapping, self.path, self.errors)
        identity = fields.identity("id", 80, made=True)
        text = fields.text("text", LONGEST_OPTION, required=True, lines=True)
        values = {
            "text": text,
            "is_correct": fields.boolean("correct", False),
            "feedback": fields.text("feedback", LONGEST_OPTION, lines=True),
        }
        fields.finish()
        return OptionNode(identity or derived("o", text), values, fields.line)

    def _refuse_twins(self, nodes: list[tuple[str, int]], what: str) -> None:
        seen: dict[str, int] = {}
        for key, line in nodes:
            if key in seen:
                message = f'The {what} id "{key}" appears twice: in line {seen[key]} and here.'
                self.errors.append(Finding(message, self.path, line, "twice"))
            seen.setdefault(key, line)

    def _check_banks(
        self, picks: Fields, questions: list[QuestionNode], banks: dict[str, int]
    ) -> None:
        for one in questions:
            if one.bank and one.bank not in banks:
                message = f'Unknown bank "{one.bank}": "banks" says how many of it are drawn.'
                picks.error(message, one.line, "reference")
        for name, pick in banks.items():
            inside = sum(one.bank == name for one in questions)
            if not name or not inside:
                message = f'No question has "bank: {name[:60]}".'
                picks.error(message, picks.line_of(name), "reference")
            elif pick > inside:
                message = f'{pick} are to be drawn from the bank "{name}", which has {inside}.'
                self._lacking(message, picks.line_of(name))

    def _check_points(
        self, fields: Fields, banks: dict[str, int], questions: list[QuestionNode]
    ) -> None:
        """Every attempt must have something to gain, whatever is drawn."""
        free = [one.bank for one in questions if not one.values["points"]]
        pays = any(not one.bank and one.values["points"] for one in questions)
        if not questions:
            self._lacking('A quiz needs "questions".', fields.line_of("questions"))
        elif not pays and not any(pick > free.count(name) for name, pick in banks.items()):
            message = "No question pays points, or none that is drawn for certain."
            self._lacking(message, fields.line_of("questions"))

    def _lacking(self, message: str, line: int) -> None:
        found = self.warnings if self.is_draft else self.errors
        found.append(Finding(message, self.path, line, UNFINISHED))


def rules_in(fields: Fields) -> dict[str, Any]:
    """The rules of a quiz, by the names of the model."""
    return {
        "pass_percent": fields.integer("pass", 70, 1, 100),
        "time_limit": fields.integer("time_limit", 0, 1, 600) or None,
        "max_attempts": fields.integer("attempts", 0, 1, 100) or None,
        "wait": fields.integer("wait", 0, 0, 10_080),
        "layout": fields.choice("layout", LAYOUTS, str(Quiz.Layout.ONE)),
        "shuffle": fields.boolean("shuffle", False),
        "review": fields.choice("review", REVIEWS, str(Quiz.Review.LAST)),
    }


def derived(letter: str, text: str) -> str:
    """An id made of a text: another text, another id."""
    return f"{letter}-{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:10]}"

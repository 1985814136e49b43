"""Quizzes as GIFT, a file for each: what Moodle reads, and what comes back as the same questions.

What GIFT has no place for stands in comments where Moodle, or our own reader, looks for it: ids,
topics, the title, a tolerance in percent. The rest is named as lost.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.utils.text import slugify

from assessments.models import Question
from assessments.replies import read_number
from courses.models import Lesson
from studio.exporting.written import Written
from studio.importing.folder.course import GIFT, QUIZZES
from studio.importing.folder.quiz_file import USUAL_RULES
from studio.importing.gift.parser import EXPLAINED
from studio.importing.refusal import Finding
from studio.importing.tree import (
    CourseNode,
    LessonNode,
    ModuleNode,
    OptionNode,
    QuestionNode,
    QuizNode,
)

Kind = Question.Kind
# Code is full of them: braces, colons, comparisons, comments, tildes.
SIGNS = re.compile(r"[\\~=#{}:\n]")
# At the beginning of a text these would be a format or a weight.
MEANT = ("[", "%")
TRUE_OR_FALSE = ["True", "False"]
RULES = {
    "pass_percent": "passing score", "time_limit": "time limit", "max_attempts": "attempts",
    "wait": "wait", "layout": "layout", "shuffle": "shuffling of questions", "review": "review",
}  # fmt: skip
# What a number is to Moodle.
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
CODE = "gift"
# As many letters of a title stand in a path.
LONGEST = 60


def write_gift(tree: CourseNode) -> Written:
    """Every quiz of the course as a file of GIFT; what has no place in one is told."""
    written = Written({})
    for place, module in enumerate(tree.modules, start=1):
        folder = module.source or f"{place:02}-{_name(module)}"
        for number, lesson in enumerate(module.lessons, start=1):
            if lesson.quiz:
                path = _path(lesson, f"{folder}/{number:02}-{_name(lesson)}", written.files)
                written.files[path] = _file_of(lesson, lesson.quiz).encode()
                written.lost += _lost(lesson, lesson.quiz)
    assignments = sum(one.assignment is not None for one in tree.lessons)
    others = len(tree.lessons) - len(written.files) - assignments
    found = ((others, "lesson"), (assignments, "assignment"), (len(tree.assets), "file"))
    words = [f"{count} {name}{'s' * (count > 1)}" for count, name in found if count]
    if words:
        written.lost.append(Finding(f"GIFT has no place for {_listed(words)}.", code=CODE))
    return written


def _name(node: ModuleNode | LessonNode) -> str:
    """What it is called in a path."""
    return slugify(node.title)[:LONGEST].strip("-") or node.key.rpartition("/")[2]


def _path(lesson: LessonNode, usual: str, taken: Iterable[str]) -> str:
    """The file of a quiz: where it lay, or at the usual place."""
    ending = next((one for one in (*QUIZZES, GIFT) if lesson.source.endswith(one)), "")
    start = lesson.source.removesuffix(ending) if ending else ""
    start = start or usual
    path, again = f"{start}{GIFT}", 1
    while path in taken:
        again += 1
        path = f"{start}-{again}{GIFT}"
    return path


def _file_of(lesson: LessonNode, quiz: QuizNode) -> str:
    parts = [f"// title: {lesson.title}"]
    if lesson.values["content"].strip():
        parts.append(f"::Introduction::[markdown]{escaped(lesson.values['content'])}")
    return "\n\n".join([*parts, *map(_question, quiz.questions)]) + "\n"


def _question(one: QuestionNode) -> str:
    comment = [("id", one.key), *(("tag", topic) for topic in one.values["topics"])]
    if one.values["tolerance"].endswith("%"):
        comment.append(("tolerance", one.values["tolerance"]))
    marks = " ".join(f"[{name}:{_in_comment(text)}]" for name, text in comment if text)
    name = f"::{escaped(one.key)}::" if one.key else ""
    head, *lines = ANSWERS[Kind(one.values["kind"])](one)
    both = (one.values["model_answer"], one.values["explanation"])
    if general := f"\n\n{EXPLAINED}\n\n".join(text for text in both if text):
        lines.append(f"####{_text(general)}")
    block = "".join(f"\t{line}\n" for line in lines)
    return f"// {marks}\n{name}[markdown]{escaped(one.values['prompt'])} {{{head}\n{block}}}"


def _single(one: QuestionNode) -> Iterator[str]:
    if [option.values["text"] for option in one.options] == TRUE_OR_FALSE:
        right, wrong = sorted(one.options, key=lambda option: not option.values["is_correct"])
        feedback = [_text(option.values["feedback"]) for option in (wrong, right)]
        yield f"{right.values['text'].upper()}#{feedback[0]}#{feedback[1]}"
        return
    yield ""
    for option in one.options:
        yield ("=" if option.values["is_correct"] else "~") + _option(option)


def _multi(one: QuestionNode) -> Iterator[str]:
    """Right answers make 100 % together, wrong ones take as much away."""
    yield ""
    right = sum(option.values["is_correct"] for option in one.options)
    wrong = len(one.options) - right
    for option in one.options:
        share = 100 / right if option.values["is_correct"] else -100 / wrong
        weight = f"{share:.5f}".rstrip("0").rstrip(".")
        yield f"~%{weight}%{_option(option)}"


def _short(one: QuestionNode) -> Iterator[str]:
    yield ""
    for text in one.values["accept"]:
        # Without a weight an arrow would make it a pair to be matched.
        weight = "%100%" if "->" in "".join(one.values["accept"]) else ""
        yield f"={weight}{_text(text.replace('*', chr(92) + '*'))}"


def _numeric(one: QuestionNode) -> Iterator[str]:
    yield "#"
    room = one.values["tolerance"]
    for text in one.values["accept"]:
        number = read_number(text) or Decimal(0)
        if room.endswith("%"):
            share = abs(number) * Decimal(room[:-1]) / 100
            room_of_it = f"{share.normalize() + 0:f}"
        else:
            room_of_it = room
        shown = text if NUMBER.fullmatch(text) else str(number)
        yield f"={shown}:{room_of_it}" if room_of_it else f"={shown}"


def _open(one: QuestionNode) -> Iterator[str]:
    yield ""


ANSWERS = {
    Kind.SINGLE: _single, Kind.MULTI: _multi, Kind.TEXT: _short, Kind.NUMERIC: _numeric,
    Kind.OPEN: _open,
}  # fmt: skip


def _option(option: OptionNode) -> str:
    feedback = option.values["feedback"]
    return _text(option.values["text"]) + (f"#{_text(feedback)}" if feedback else "")


def _text(text: str) -> str:
    return f"{'[markdown]' if text.startswith(MEANT) else ''}{escaped(text)}"


def escaped(text: str) -> str:
    """The text with every sign of GIFT escaped, on one line."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return SIGNS.sub(lambda hit: "\\n" if hit[0] == "\n" else f"\\{hit[0]}", text)


def _in_comment(text: str) -> str:
    # A backslash at the end would escape the bracket.
    return text.replace("]", "\\]") + " " * text.endswith("\\")


def _lost(lesson: LessonNode, quiz: QuizNode) -> Iterator[Finding]:
    """What this quiz has that GIFT has not, once for its rules and once for each kind."""
    rules = [name for key, name in RULES.items() if quiz.rules.get(key) != USUAL_RULES[key]]
    about = {
        "summary": lesson.values["summary"],
        "drafts": lesson.values["status"] == Lesson.Status.DRAFT,
        "that it is optional": not lesson.values["is_required"],
        "banks": quiz.banks,
    }
    names = ["id", "minutes", "XP", *(name for name, found in about.items() if found), *rules]
    yield _finding(f"The quiz: GIFT has no place for {_listed(names)}.", lesson)
    for kind in Kind:
        questions = [one for one in quiz.questions if one.values["kind"] == kind]
        found = {name for one in questions for name in _lost_of(one)}
        if found:
            yield _finding(f"{kind.label}: GIFT has no place for {_listed(sorted(found))}.", lesson)
        if any("->" in text for one in questions for text in one.values["accept"]):
            message = "Moodle takes answers with -> for pairs to be matched."
            yield _finding(message, lesson)


def _lost_of(one: QuestionNode) -> Iterator[str]:
    values = one.values
    usual_points = 0 if values["kind"] == Kind.OPEN else 1
    has_options = values["kind"] in (Kind.SINGLE, Kind.MULTI)
    is_pair = [option.values["text"] for option in one.options] == TRUE_OR_FALSE
    told = {
        "banks": bool(one.bank),
        "points": values["points"] != usual_points,
        "lessons to study again": bool(one.lesson),
        "ids of options": has_options and not is_pair,
        "the order of options": has_options and not values["shuffle"] and not is_pair,
        "capitals that count": values["match_case"],
    }
    return (name for name, is_lost in told.items() if is_lost)


def _finding(message: str, lesson: LessonNode) -> Finding:
    return Finding(message, lesson.source, code=CODE)


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))

"""Questions of GIFT as ours: what becomes of each kind, and why some have no place."""

import re
from collections.abc import Callable
from decimal import Decimal

from assessments.models import Question
from assessments.replies import is_tolerance
from studio.importing.foreign_questions import Choice, Found
from studio.importing.gift.parser import EXPLAINED, Answer, GiftQuestion, Kind
from studio.importing.gift.text import literal, markdown

OURS = Question.Kind
# A text that is longer is refused anyway; it is not worked on before.
MAX_TEXT = 40_000
MAX_WORKED_ON = 100_000
PARTLY = "Partly right answers pay nothing here."
SHARES = "The weights differ: here all right answers count the same."
WEIGHTED = 'An answer begins with "=%": "=" by itself makes it right.'
SEVERAL = (
    'several answers begin with "=". Write ~%50% where several are to be chosen, \\= for the sign'
)
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
LONGEST_NUMBER = 60
MOST_ANSWERS = 200


class NoPlace(Exception):
    """The question cannot be held here; the message says why."""


def found_of(one: GiftQuestion, path: str) -> Found:
    """The question as it is to be judged. Raises NoPlace; doubts go to the question's own."""
    if one.error:
        raise NoPlace(one.error)
    texts = [one.stem, one.general]
    texts += [text for answer in one.answers for text in (answer.text, answer.feedback)]
    lengths = [len(text.text) for text in texts]
    if max(lengths) > MAX_TEXT or sum(lengths) > MAX_WORKED_ON:
        raise NoPlace("its texts are too long")
    if len(one.answers) > MOST_ANSWERS:
        raise NoPlace(f"it has more than {MOST_ANSWERS} answers")
    if one.kind not in BECOMES:
        raise NoPlace(f"questions of this type ({one.kind}) have no place here")
    found = Found(
        kind="", prompt=markdown(one.stem), key=one.id or one.name, path=path, line=one.line,
        original=one.original, explanation=markdown(one.general), topics=topics_of(one),
    )  # fmt: skip
    BECOMES[one.kind](one, found)
    return found


def topics_of(one: GiftQuestion) -> list[str]:
    """Its tags, and the last part of its category. In names of categories // is a slash."""
    parts = re.split(r"(?<!/)/(?!/)", one.category)
    last = parts[-1].replace("//", "/").strip()
    return [*one.tags, *([last] if last and last != "top" and not last.startswith("$") else [])]


def _true_false(one: GiftQuestion, found: Found) -> None:
    found.kind, found.shuffle = OURS.SINGLE, False
    answers = sorted(one.answers, key=lambda answer: answer.text.text, reverse=True)
    found.choices = [
        Choice(name, bool(answer.weight), markdown(answer.feedback), name.lower())
        for answer in answers
        for name in [answer.text.text]
    ]


def _choice(one: GiftQuestion, found: Found) -> None:
    marked = [answer for answer in one.answers if answer.is_marked]
    right = [answer for answer in one.answers if answer.is_marked or _worth(answer) >= 100]
    if any(answer.weight is not None for answer in marked):
        one.doubts.append(WEIGHTED)
    if len(right) > 1 and all(answer.weight is not None for answer in marked):
        _multi(one, found)
        return
    if len(right) > 1:
        raise NoPlace(SEVERAL)
    found.kind = OURS.SINGLE
    if any(_worth(answer) > 0 and answer not in right for answer in one.answers):
        one.doubts.append(PARTLY)
    found.choices = [_option(answer, answer in right) for answer in one.answers]


def _multi(one: GiftQuestion, found: Found) -> None:
    found.kind = OURS.MULTI
    right = {_worth(answer) for answer in one.answers if _worth(answer) > 0}
    if not right:
        raise NoPlace("no answer of it is right")
    if max(right) - min(right) > Decimal("0.1"):
        one.doubts.append(SHARES)
    found.choices = [_option(answer, _worth(answer) > 0) for answer in one.answers]


def _short(one: GiftQuestion, found: Found) -> None:
    found.kind = OURS.TEXT
    right = _right(one)
    if any(re.search(r"(?<!\\)\*", answer.text.text) for answer in right):
        raise NoPlace("an answer holds * for anything. Write \\* where it is the sign")
    found.accept = [answer.text.text.replace("\\*", "*") for answer in right]
    found.explanation = _explained(one, found.explanation)


def _numeric(one: GiftQuestion, found: Found) -> None:
    found.kind = OURS.NUMERIC
    right = [_number_of(answer.text.text) for answer in _right(one)]
    rooms = {room for _, room in right}
    found.accept = [number for number, _ in right]
    if one.tolerance and all(_is_share(one.tolerance, *pair) for pair in right):
        found.tolerance = one.tolerance
    elif len(rooms) > 1:
        raise NoPlace("its right answers have different tolerances")
    else:
        found.tolerance = rooms.pop()
    found.explanation = _explained(one, found.explanation)


def _essay(one: GiftQuestion, found: Found) -> None:
    found.kind = OURS.OPEN
    answer, _, explanation = found.explanation.partition(EXPLAINED)
    found.model_answer, found.explanation = answer.strip(), explanation.strip()
    if not found.model_answer:
        raise NoPlace("it has no general feedback (####), which would be its model answer")


BECOMES: dict[Kind, Callable[[GiftQuestion, Found], None]] = {
    Kind.TRUE_FALSE: _true_false, Kind.CHOICE: _choice, Kind.MULTI: _multi, Kind.SHORT: _short,
    Kind.NUMERIC: _numeric, Kind.ESSAY: _essay,
}  # fmt: skip


def _worth(answer: Answer) -> Decimal:
    return answer.weight or Decimal(0)


def _option(answer: Answer, is_correct: bool) -> Choice:
    return Choice(markdown(answer.text), is_correct, markdown(answer.feedback))


def _right(one: GiftQuestion) -> list[Answer]:
    """What is typed and pays in full. Without a weight an answer does."""
    right = [answer for answer in one.answers if answer.weight is None or answer.weight >= 100]
    if not right:
        raise NoPlace("no answer of it is right")
    if any(answer not in right and _worth(answer) > 0 for answer in one.answers):
        one.doubts.append(PARTLY)
    return right


def _explained(one: GiftQuestion, general: str) -> str:
    """The explanation, with the feedback that answers to be typed cannot have here."""
    texts = [general]
    for answer in one.answers:
        feedback = markdown(answer.feedback)
        if feedback and answer.text.text == "*":
            one.doubts.append("The feedback for any other answer has no place here.")
        elif feedback and (answer.weight is None or answer.weight >= 100):
            texts.append(feedback)
        elif feedback:
            given = answer.text.text if one.kind == Kind.SHORT else _number(answer.text.text)
            texts.append(f"{literal(' '.join(given.split()))}: {feedback}")
    return "\n\n".join(dict.fromkeys(text for text in texts if text))


def _number_of(given: str) -> tuple[str, str]:
    """A number and its tolerance: of 3.14:0.01, of 1..5, or of a number by itself."""
    if ".." in given.strip()[1:]:
        least, _, most = given.partition("..")
        low, high = sorted((_read(least), _read(most)))
        return _plain((low + high) / 2), _room(_plain((high - low) / 2))
    number, colon, room = given.partition(":")
    _read(number)
    return number.strip(), _room(room.strip()) if colon else ""


def _number(given: str) -> str:
    return given if ".." in given else given.partition(":")[0]


def _room(given: str) -> str:
    if not _read(given):
        return ""
    return given if is_tolerance(given) and "%" not in given else _plain(abs(_read(given)))


def _is_share(share: str, number: str, room: str) -> bool:
    """Whether the tolerance is that share of the number, as a comment says."""
    if not is_tolerance(share) or not share.endswith("%"):
        return False
    return abs(_read(number)) * Decimal(share[:-1]) / 100 == _read(room or "0")


def _read(given: str) -> Decimal:
    text = given.strip()
    if len(text) > LONGEST_NUMBER or not NUMBER.fullmatch(text):
        raise NoPlace(f'"{text[:40]}" is no number')
    return Decimal(text)


def _plain(number: Decimal) -> str:
    return format(number.normalize() + 0, "f")

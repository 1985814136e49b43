"""Saving answers while an attempt is open."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from accounts.numerals import grouped
from assessments.clock import is_overdue
from assessments.errors import AlreadySubmitted, TimeOver
from assessments.models import Answer, Attempt, Question
from assessments.replies import LONGEST_LINE, LONGEST_TEXT, is_text, read_number

Kind = Question.Kind
SAVED_FIELDS = [
    "chosen", "text", "is_flagged", "version", "tab", "step", "seconds", "saved_at",
]  # fmt: skip
READ_FIELDS = [*SAVED_FIELDS, "attempt", "position", "option_order", "question__kind"]
LAST_SAVING = Subquery(
    Answer.objects.filter(attempt=OuterRef("attempt"), saved_at__isnull=False)
    .order_by("-saved_at")
    .values("saved_at")[:1]
)


@dataclass(frozen=True, slots=True)
class Given:
    """What a page says about one question. `version` is the one that it was shown."""

    question: UUID
    chosen: tuple[UUID, ...] = ()
    text: str = ""
    is_flagged: bool = False
    version: int = 0


@dataclass(slots=True)
class Saved:
    """What came of saving: the answers that stand, the faults, and those changed elsewhere.

    `numbers` say where in the attempt each question stands; `unknown` are those it does not ask.
    """

    answers: list[Answer] = field(default_factory=list)
    invalid: dict[UUID, str] = field(default_factory=dict)
    conflicts: list[Answer] = field(default_factory=list)
    unknown: set[UUID] = field(default_factory=set)
    numbers: dict[UUID, int] = field(default_factory=dict)


@transaction.atomic
def save_answers(
    attempt: Attempt, given: Sequence[Given], *, tab: str = "", step: int = 0
) -> Saved:
    """Keep what can be kept of several answers; say what is wrong with the others.

    An answer that another tab changed since this page was shown stays as it is there. `tab` names
    the page, and `step` counts its savings, so that its own late ones do not undo newer ones.
    Raises AlreadySubmitted, TimeOver.
    """
    locked = Attempt.objects.locked(attempt.pk)
    if locked.status == Attempt.Status.SUBMITTED:
        raise AlreadySubmitted
    if not locked.is_open or is_overdue(locked, locked.moment):
        raise TimeOver
    wanted = {one.question: one for one in given}
    rows = locked.answers.filter(question__in=wanted).select_related("question")
    # The key stays where it is. When something was saved last is asked after the lock.
    asked = rows.only(*READ_FIELDS).annotate(last=LAST_SAVING)
    saved, changed, since = Saved(unknown=set(wanted)), list[Answer](), locked.started_at
    for answer in asked:
        since = answer.last or since
        saved.unknown.discard(answer.question_id)
        saved.numbers[answer.question_id] = answer.position
        one = wanted[answer.question_id]
        if fault := fault_of(answer, one):
            saved.invalid[answer.question_id] = fault
        elif says_the_same(answer, one):
            saved.answers.append(answer)
        elif is_stale(answer, one, tab, step):
            saved.conflicts.append(answer)
        else:
            apply(answer, one, tab, step, locked.moment)
            changed.append(answer)
    if changed:
        changed[0].seconds += max(0, round((locked.moment - since).total_seconds()))
        Answer.objects.bulk_update(changed, SAVED_FIELDS)
    saved.answers += changed
    return saved


def fault_of(answer: Answer, given: Given) -> str:
    """Why an answer cannot be kept; "" if it can."""
    question = answer.question
    if question.has_options:
        if question.kind == Kind.SINGLE and len(given.chosen) > 1:
            return _("Choose one option.")
        return "" if set(given.chosen) <= set(answer.option_order) else _("Unknown option.")
    longest = LONGEST_TEXT if question.kind == Kind.OPEN else LONGEST_LINE
    if len(given.text) > longest:
        return _("Invalid text. Write at most %(longest)s characters.") % {
            "longest": grouped(longest)
        }
    if not is_text(given.text, longest):
        return _("Invalid text. It holds characters that cannot be kept.")
    if question.kind == Kind.NUMERIC and given.text.strip() and read_number(given.text) is None:
        return _("Enter a number, such as 3.5.")
    return ""


def tidied(answer: Answer, given: Given) -> tuple[list[UUID], str]:
    """What is kept of an answer: options in the order shown, or a text without outer spaces."""
    if answer.question.has_options:
        return [one for one in answer.option_order if one in given.chosen], ""
    return [], given.text.replace("\r\n", "\n").strip()


def says_the_same(answer: Answer, given: Given) -> bool:
    return (answer.chosen, answer.text) == tidied(answer, given) and (
        answer.is_flagged == given.is_flagged
    )


def is_stale(answer: Answer, given: Given, tab: str, step: int) -> bool:
    """Whether the page that says this has not seen what stands here."""
    if given.version == answer.version:
        return False
    return not (tab and tab == answer.tab and step >= answer.step)


def apply(answer: Answer, given: Given, tab: str, step: int, moment: datetime) -> None:
    answer.chosen, answer.text = tidied(answer, given)
    answer.is_flagged = given.is_flagged
    answer.version += 1
    answer.tab, answer.step, answer.saved_at = tab, step, moment


def check_yourself(attempt: Attempt, question: UUID, verdict: str) -> bool:
    """Note how near an answer was to the model answer; False if there is no such open question."""
    rows = attempt.answers.filter(question=question, question__kind=Kind.OPEN)
    return bool(not attempt.is_open and rows.update(self_check=verdict))

"""Writing quizzes: every verb may be called twice; the second time it changes nothing.

A question that was asked is archived, never deleted, and so are its options: attempts show and
judge what they were shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import now
from django.utils.translation import gettext, gettext_lazy

from assessments.errors import AssessmentRefused
from assessments.marking import keys_of
from assessments.models import Answer, Attempt, Bank, Option, Question, Quiz
from assessments.rendering import render_question
from assessments.replies import LONGEST_LINE, is_text, is_tolerance, read_number
from assessments.scoring import Key
from courses.actions import links_of
from courses.models import Lesson

Kind = Question.Kind
Direction = Literal["up", "down"]
Faults = list[tuple[str, str]]

MOST_OPTIONS = 20
MOST_ACCEPTED = 50
MOST_TOPICS = 5
# A question that was asked may change its kind only inside its family: answers stay readable.
FAMILY = {
    Kind.SINGLE: "options", Kind.MULTI: "options", Kind.TEXT: "line", Kind.NUMERIC: "line",
    Kind.OPEN: "open",
}  # fmt: skip
GONE = gettext_lazy("The quiz has no such bank any more. Choose another.")
STAYS = gettext_lazy("Learners have answered it as it is. Archive it and write a new question.")


class QuestionRefused(AssessmentRefused):
    """The question cannot be asked like this; `faults` are pairs of a field and a sentence."""

    def __init__(self, faults: Faults) -> None:
        super().__init__(faults)
        self.faults = faults
        self.message = " ".join(words for _, words in faults)


class BankInUse(AssessmentRefused):
    """A bank with questions stays, be they archived: they may be restored."""

    def __init__(self, bank: Bank, *, archived: bool = False) -> None:
        super().__init__(bank)
        told = (
            gettext(
                "The bank “%(bank)s” has archived questions. Move them first: restored without "
                "it, every attempt would ask all of them."
            )
            if archived
            else gettext(
                "The bank “%(bank)s” has questions. Move them first: without "
                "it, every attempt would ask all of them."
            )
        )
        self.message = told % {"bank": bank}


def create_quiz(lesson: Lesson) -> Quiz:
    """Return the quiz of a lesson of that kind, made with the usual rules if it has none."""
    return Quiz.objects.get_or_create(lesson=lesson)[0]


def lock_quiz(key: UUID) -> Quiz:
    """Lock a quiz for writing what it asks, inside a transaction.

    The full lock: an attempt that is beginning shares the key, so it is waited for. Whether
    something was asked can be told only afterwards.
    """
    return Quiz.objects.select_for_update().get(pk=key)


@transaction.atomic
def save_rules(quiz: Quiz) -> int:
    """Save the rules; return how many finished attempts were judged by another passing score."""
    old = lock_quiz(quiz.pk)
    quiz.save()
    if old.pass_percent == quiz.pass_percent:
        return 0
    return Attempt.objects.closed().counted().filter(quiz=quiz).count()


@transaction.atomic
def save_banks(quiz: Quiz, banks: Iterable[Bank], removed: Iterable[Bank] = ()) -> None:
    """Save banks of a quiz and delete others of it. Raises BankInUse for one with questions."""
    lock_quiz(quiz.pk)
    for bank in removed:
        refuse_bank_in_use(bank)
        bank.delete()
    for bank in banks:
        bank.save()


def refuse_bank_in_use(bank: Bank) -> None:
    """Raises BankInUse for a bank whose questions would all be asked without it."""
    rows = bank.questions.values_list("deleted_at", flat=True)
    if found := list(rows):
        raise BankInUse(bank, archived=None not in found)


def faults_of_question(question: Question) -> Faults:
    """What is wrong with a question by itself, as pairs of a field and a sentence."""
    kind, found = question.kind, Faults()
    if kind == Kind.OPEN:
        if question.points:
            found.append(
                ("points", gettext("Open questions pay no points: nobody marks them. Write 0."))
            )
        if not question.model_answer.strip():
            found.append(
                ("model_answer", gettext("Write a model answer, for learners to compare with."))
            )
    if kind in (Kind.TEXT, Kind.NUMERIC):
        found += faults_of_accepted(kind, question.accept)
    elif question.accept:
        words = gettext("Only text and number questions have accepted answers. Empty this field.")
        found.append(("accept", words))
    if not is_tolerance(question.tolerance):
        found.append(("tolerance", gettext("Write the tolerance as 0.01, or as 1% of the number.")))
    elif question.tolerance and kind != Kind.NUMERIC:
        found.append(
            ("tolerance", gettext("Only number questions have a tolerance. Empty this field."))
        )
    if len(question.topics) > MOST_TOPICS:
        found.append(
            (
                "topics",
                gettext("Write at most %(most_topics)s topics.") % {"most_topics": MOST_TOPICS},
            )
        )
    return found


def faults_of_accepted(kind: str, accept: Sequence[str]) -> Faults:
    words = []
    if not accept:
        words.append(gettext("Write at least one accepted answer."))
    if len(accept) > MOST_ACCEPTED:
        words.append(
            gettext("Write at most %(most_accepted)s accepted answers.")
            % {"most_accepted": MOST_ACCEPTED}
        )
    for one in accept:
        if len(one) > LONGEST_LINE:
            words.append(
                gettext("An accepted answer has %(one)s of at most %(longest_line)s characters.")
                % {"one": len(one), "longest_line": LONGEST_LINE}
            )
        elif not is_text(one, LONGEST_LINE):
            words.append(gettext("An accepted answer has characters that cannot be shown."))
        elif kind == Kind.NUMERIC and read_number(one) is None:
            words.append(
                gettext("“%(one)s” is not a number. Write it as 3.5 or 2e-3.") % {"one": one[:60]}
            )
    return [("accept", one) for one in words]


def faults_of_options(kind: str, options: Iterable[Option]) -> list[str]:
    """What is wrong with the options that a new attempt would be shown."""
    live = [option for option in options if not option.deleted_at]
    if kind not in (Kind.SINGLE, Kind.MULTI):
        words = gettext("Only choice questions have options. Archive them, or choose another kind.")
        return [words] if live else []
    found = []
    right = sum(option.is_correct for option in live)
    if len(live) < 2:
        found.append(gettext("Write at least two options."))
    elif kind == Kind.SINGLE and right != 1:
        count = gettext("%(right)s are") % {"right": right} if right else gettext("none is")
        found.append(gettext("Mark exactly one option as correct; %(count)s.") % {"count": count})
    elif not right:
        found.append(gettext("Mark at least one option as correct."))
    if len(live) > MOST_OPTIONS:
        found.append(
            gettext("Write at most %(most_options)s options.") % {"most_options": MOST_OPTIONS}
        )
    # Options are often code: spaces and quotation marks inside them can be the whole difference.
    if len({option.text.strip() for option in live}) < len(live):
        found.append(gettext("Two options say the same."))
    return found


@transaction.atomic
def save_question(question: Question, options: Sequence[Option]) -> int:
    """Save a question with its options in this order, and their texts as HTML.

    `options` are all of its options; those with `deleted_at` are archived, or deleted if the
    question was never asked. Return how many finished attempts were marked by another key.
    Raises QuestionRefused.
    """
    quiz = lock_quiz(question.quiz_id)
    old = Question.objects.filter(pk=question.pk).first()
    asked = bool(old) and question.answers.exists()
    faults = faults_of_question(question)
    faults += [("options", words) for words in faults_of_options(question.kind, options)]
    if old and asked and not may_become(old, question.kind):
        faults.append(("kind", str(STAYS)))
    if question.bank_id and not quiz.banks.filter(pk=question.bank_id).exists():
        faults.append(("bank", str(GONE)))
    if faults:
        raise QuestionRefused(faults)
    before = key_of(old) if old and asked else None
    shown_before = set(question.options.values_list("pk", flat=True)) if asked else set()
    render_question(question, options, links_of(quiz.lesson.course).resolver(quiz.lesson.source))
    if old is None and not question.position:
        question.position = (quiz.questions.aggregate(last=Max("position"))["last"] or 0) + 1
    question.save()
    save_options(question, options, asked=asked)
    if before is None:
        return 0
    after = key_of(question)
    # An option that nobody was shown changes nothing for those who were asked before.
    if before == replace(after, correct=after.correct & shown_before):
        return 0
    return marked_attempts(question)


def save_options(question: Question, options: Sequence[Option], *, asked: bool) -> None:
    """Write options in their order, archived ones last."""
    kept = sorted(options, key=lambda option: bool(option.deleted_at))
    for position, option in enumerate(kept, start=1):
        option.question, option.position = question, position
        if not option.deleted_at or asked:
            option.save()
        elif not option._state.adding:
            option.delete()


def may_become(question: Question, kind: str) -> bool:
    """Whether a question that was asked may be of that kind from now on."""
    return FAMILY[Kind(question.kind)] == FAMILY[Kind(kind)]


def key_of(question: Question) -> Key:
    return keys_of([question])[question.pk]


def marked_attempts(question: Question) -> int:
    """How many finished attempts that count were asked the question."""
    finished = Attempt.objects.closed().counted()
    return Answer.objects.filter(question=question, attempt__in=finished).count()


def archive_question(question: Question) -> bool:
    """Ask it in no new attempt; what learners answered stays."""
    rows = Question.objects.filter(pk=question.pk, deleted_at=None)
    return bool(rows.update(deleted_at=now()))


def restore_question(question: Question) -> bool:
    """Ask an archived question again, in its old place."""
    rows = Question.objects.filter(pk=question.pk).exclude(deleted_at=None)
    return bool(rows.update(deleted_at=None))


@transaction.atomic
def move_question(question: Question, direction: Direction) -> bool:
    """Swap the question with its neighbour; at the end nothing happens."""
    lock_quiz(question.quiz_id)
    order = list(Question.objects.live().filter(quiz=question.quiz_id).in_order())
    place = order.index(question) if question in order else -1
    other = place + (1 if direction == "down" else -1)
    if place < 0 or not 0 <= other < len(order):
        return False
    order[place], order[other] = order[other], order[place]
    for position, row in enumerate(order, start=1):
        row.position = position
    Question.objects.bulk_update(order, ["position"])
    return True

"""What an import means for attempts that were marked before it."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Count, QuerySet

from assessments.models import Answer, Attempt, Option, Question, Quiz
from assessments.questions import may_become
from assessments.regrading import Change, changes, regrade
from courses.models import Course
from studio.importing.keys import changes_of_key
from studio.importing.refusal import Finding, ImportRefused
from studio.importing.report import Line, Report
from studio.importing.tree import LessonNode, QuestionNode


class Marks:
    """Notes what the import changes of keys and passing scores, and marks anew afterwards."""

    def __init__(self, course: Course, report: Report, *, regrade: bool) -> None:
        self.course, self.report, self.regrade = course, report, regrade
        # For each question with another key: what to say, and whether consent allows it.
        self.keys: dict[Question, tuple[Finding, bool]] = {}
        self.passes: dict[Quiz, str] = {}
        # What the report says of questions that change or go.
        self.lines: dict[UUID, Line] = {}

    def note_key(
        self, lesson: LessonNode, node: QuestionNode, row: Question, options: Sequence[Option]
    ) -> None:
        """Called before the row gets the node's values."""
        changed = changes_of_key(row, options, node)
        if not changed:
            return
        is_same = may_become(row, node.values["kind"])
        remedy = (
            f"run again with --regrade to mark them by the new key ({', '.join(changed)})."
            if is_same
            else "it cannot become one of another type. Give it a new id."
        )
        message = f'The question "{node.key}" has attempts: {remedy}'
        self.keys[row] = (Finding(message, lesson.source, node.line, "regrade"), is_same)

    def note_pass(self, lesson: LessonNode, quiz: Quiz, percent: int) -> None:
        """Called before the quiz gets its new rules."""
        if quiz.pass_percent != percent and not quiz._state.adding:
            self.passes[quiz] = lesson.source

    def judge(self) -> None:
        """Raises ImportRefused where a key changes that attempts were marked by, unless `regrade`.

        Another passing score is only warned about: it says what is wanted from now on.
        """
        asked = set(self._asked().values_list("question", flat=True).distinct())
        refused = [
            finding
            for row, (finding, is_same) in self.keys.items()
            if row.pk in asked and not (is_same and self.regrade)
        ]
        if refused:
            raise ImportRefused(refused)
        if self.passes and not self.regrade:
            self._warn_of_passes()

    def tell_of_work(self) -> None:
        """Say how many attempts asked the questions that change or go."""
        if not self.lines:
            return
        rows = Answer.objects.filter(question__in=self.lines).order_by().values("question")
        for key, number in rows.annotate(number=Count("pk")).values_list("question", "number"):
            asked = "1 attempt" if number == 1 else f"{number:,} attempts"
            self.lines[key].effect = f"{asked} asked it"

    def _asked(self) -> QuerySet[Answer]:
        return Answer.objects.filter(question__in=self.keys).order_by()

    def _warn_of_passes(self) -> None:
        rows = Attempt.objects.closed().counted().filter(quiz__in=self.passes).order_by()
        counts = dict(
            rows.values("quiz").annotate(number=Count("pk")).values_list("quiz", "number")
        )
        for quiz, source in self.passes.items():
            if number := counts.get(quiz.pk):
                were = "1 attempt was" if number == 1 else f"{number:,} attempts were"
                message = f"{were} marked by the old passing score: --regrade applies the new one."
                self.report.warnings.append(Finding(message, source, code="pass"))

    def _owed(self) -> list[Quiz]:
        """Quizzes to mark anew.

        With consent all that have attempts: an earlier import may have been stopped before it got
        here. Without, those whose question was first asked by its old key during this import.
        """
        rows = Quiz.objects.filter(lesson__course=self.course, lesson__deleted_at=None)
        if self.regrade:
            return list(rows.filter(pk__in=Attempt.objects.order_by().values("quiz")))
        if not self.keys:
            return []
        return list(rows.filter(pk__in=self._asked().values("question__quiz")))

    def mark_anew(self) -> None:
        """Give attempts what the key and the passing score bring them; nobody loses by it.

        Not in the import's transaction: an attempt that closes meanwhile must see the new key.
        """
        self._count([change for quiz in self._owed() for change in regrade(quiz, by=None)])

    def foretell(self) -> None:
        """Say what `mark_anew` would do, before the dry run is taken back."""
        self._count(change for quiz in self._owed() for change in changes(quiz, lower=False))

    def _count(self, found: Iterable[Change]) -> None:
        raised = sum(change.raised for change in found)
        if self.regrade or raised:
            self.report.raised = raised

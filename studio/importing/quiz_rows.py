"""The quizzes of a course as they stand, and how that compares with what is known of their past."""

from collections.abc import Set
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from assessments.models import Bank, Option, Question, Quiz
from courses.models import Course, Lesson
from studio.importing.agreement import mark
from studio.importing.compare import is_edited, is_own

RULES = ["pass_percent", "time_limit", "max_attempts", "wait", "layout", "shuffle", "review"]
QUESTION_VALUES = [
    "kind", "prompt", "explanation", "model_answer", "accept", "tolerance", "match_case", "points",
    "shuffle", "topics",
]  # fmt: skip
OPTION_VALUES = ["text", "is_correct", "feedback"]


class QuizRows:
    """Quizzes by their lesson, and by quiz its banks by name and its questions by key.

    `exported` are the marks of the source that they are compared with.
    """

    def __init__(self, course: Course, exported: Set[str], *, is_locked: bool) -> None:
        self.exported = exported
        self.quizzes: dict[UUID, Quiz] = {}
        self.banks: dict[UUID, dict[str, Bank]] = {}
        self.questions: dict[UUID, dict[str, Question]] = {}
        self.options: dict[UUID, list[Option]] = {}
        self._read(course, is_locked=is_locked)

    def _read(self, course: Course, *, is_locked: bool) -> None:
        questions = Question.objects.select_related("bank", "taught_in__module").in_order()
        found = (
            Quiz.objects.filter(lesson__course=course)
            .order_by("pk")
            .prefetch_related("banks", Prefetch("questions", questions), "questions__options")
        )
        # The full lock, as `lock_quiz` takes it. A dry run keeps no attempt waiting.
        for quiz in found.select_for_update(of=("self",)) if is_locked else found:
            self.remember(quiz, list(quiz.banks.all()), list(quiz.questions.all()))
            for question in quiz.questions.all():
                self.options[question.pk] = list(question.options.all())

    def remember(self, quiz: Quiz, banks: list[Bank], questions: list[Question]) -> None:
        self.quizzes[quiz.lesson_id] = quiz
        self.banks[quiz.pk] = {bank.name: bank for bank in banks}
        self.questions[quiz.pk] = {row.key: row for row in questions}

    def rules_of(self, lesson: Lesson) -> dict[str, Any]:
        """The rules of the lesson's quiz as they stand; nothing if it has none."""
        quiz = self.quizzes.get(lesson.pk)
        if quiz is None:
            return {}
        banks = {name: bank.pick for name, bank in self.banks[quiz.pk].items()}
        return {**{name: getattr(quiz, name) for name in RULES}, "banks": banks}

    def told_rules_of(self, lesson: Lesson) -> dict[str, Any]:
        """The same as an export tells it: without banks that have no questions."""
        rules = self.rules_of(lesson)
        if rules:
            banks = self.banks[self.quizzes[lesson.pk].pk]
            filled = self.filled(self.quizzes[lesson.pk])
            rules["banks"] = {name: one.pick for name, one in banks.items() if one.pk in filled}
        return rules

    def filled(self, quiz: Quiz) -> set[UUID | None]:
        """Which banks have questions."""
        rows = self.questions[quiz.pk].values()
        return {row.bank_id for row in rows if row.deleted_at is None}

    def has_edited(self, lesson: Lesson) -> bool:
        """Whether a question of the lesson was edited on the site since the last import.

        Of a source that was exported, also whether one was written there since.
        """
        quiz = self.quizzes.get(lesson.pk)
        rows = self.questions[quiz.pk].values() if quiz else []
        return any(
            row.deleted_at is None
            and (self.is_edited(row) or (bool(self.exported) and self.is_own(row)))
            for row in rows
        )

    def is_edited(self, row: Question) -> bool:
        """Whether a question was edited on the site since it last agreed with a source."""
        if self.is_exported(row):
            return False
        forms = (self.compared(row), self.told(row))
        return all(is_edited(form, row.imported_hash) for form in forms)

    def is_exported(self, row: Question) -> bool:
        """Whether the question is as it was when the source was exported."""
        return bool(self.exported) and mark("question", row.key, self.told(row)) in self.exported

    def is_own(self, row: Question) -> bool:
        """Whether the question was written on the site and is none of what was exported."""
        return is_own(row) and not self.is_exported(row)

    def told(self, row: Question) -> dict[str, Any]:
        """The question as an export tells it: without a lesson to study that was deleted."""
        studied = row.taught_in
        is_gone = studied and (studied.deleted_at or studied.module.deleted_at)
        return {**self.compared(row), **({"lesson": ""} if is_gone else {})}

    def compared(self, row: Question) -> dict[str, Any]:
        """What `QuestionNode.compared` says, as the row has it."""
        studied = row.taught_in
        return {
            **{name: getattr(row, name) for name in QUESTION_VALUES},
            "bank": row.bank.name if row.bank else "",
            "lesson": studied.key if studied else "",
            "options": [
                {"key": option.key, **{name: getattr(option, name) for name in OPTION_VALUES}}
                for option in self.options.get(row.pk, [])
                if option.deleted_at is None
            ],
        }

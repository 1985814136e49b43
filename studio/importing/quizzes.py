"""Bringing the quizzes of a tree into the database: rules, banks, questions, options."""

from collections.abc import Set
from typing import Any
from uuid import UUID

from django.utils.timezone import now

from assessments.models import Bank, Option, Question, Quiz
from assessments.rendering import render_question
from courses.models import Course, Lesson
from studio.importing.agreement import mark
from studio.importing.compare import Verdict, is_edited, judge
from studio.importing.marks import Marks
from studio.importing.orders import Orders
from studio.importing.quiz_rows import OPTION_VALUES, QUESTION_VALUES, RULES, QuizRows
from studio.importing.refusal import Finding
from studio.importing.report import Action, Line, Report
from studio.importing.rows import Rows
from studio.importing.texts import Texts
from studio.importing.tree import LessonNode, QuestionNode, QuizNode, fingerprint

QUESTION_FIELDS = [
    *QUESTION_VALUES, "bank", "taught_in", "position", "imported_hash", "deleted_at", "rendering",
    "prompt_html", "explanation_html", "model_answer_html",
]  # fmt: skip
STAYS = "it stays for questions of the site, which every attempt would ask without it."
NO_LESSON = "its lesson does not come in"
HTMLS: dict[type, list[str]] = {
    Question: ["prompt_html", "explanation_html", "model_answer_html"],
    Option: ["text_html", "feedback_html"],
}
OPTION_FIELDS = [*OPTION_VALUES, "position", "deleted_at", "text_html", "feedback_html"]


class QuizImport(QuizRows):
    """The quizzes of one import. `run`, `render` and `write` are called in this order."""

    def __init__(
        self, course: Course, report: Report, exported: Set[str], *, overwrite: bool, regrade: bool
    ) -> None:
        super().__init__(course, exported, is_locked=not report.dry_run)
        self.course, self.report, self.rows = course, report, Rows()
        self.overwrite, self.marks = overwrite, Marks(course, report, regrade=regrade)
        self.orders = Orders(report, exported, overwrite=overwrite)
        self.unused: list[Bank] = []
        # Banks without questions that stay because an export leaves them out.
        self.spare: set[UUID] = set()
        self.nodes: dict[UUID, QuestionNode] = {}
        # Lessons of the source that do not come in: no question can lead to them.
        self.absent: set[str] = set()

    def run(self, nodes: list[LessonNode], lessons: dict[str, Lesson], left: set[str]) -> None:
        """Settle every quiz. The rules of those `left` alone stay as the site has them.

        Those whose lesson does not come in stay out with it. Raises ImportRefused where attempts
        were marked by another key.
        """
        for node in nodes:
            if node.quiz and node.key not in lessons:
                for one in node.quiz.questions:
                    self._tell(Verdict(Action.CONFLICT, NO_LESSON), node, one.key, one.line)
            elif node.quiz:
                quiz = self._rules(node, node.quiz, lessons[node.key], is_left=node.key in left)
                self._questions(node, node.quiz, quiz, lessons)
        self.marks.judge()
        self.marks.tell_of_work()

    def _rules(self, lesson: LessonNode, node: QuizNode, row: Lesson, *, is_left: bool) -> Quiz:
        quiz = self.quizzes.get(row.pk)
        if quiz is None:
            quiz = self.rows.add(Quiz(lesson=row))
            self.remember(quiz, [], [])
        banks = self.banks[quiz.pk]
        for name, pick in node.banks.items():
            if name not in banks:
                banks[name] = self.rows.add(Bank(quiz=quiz, name=name, pick=pick))
        if not is_left:
            self.marks.note_pass(lesson, quiz, node.rules["pass_percent"])
            self.rows.place(quiz, node.rules)
            for name, bank in banks.items():
                if name in node.banks:
                    self.rows.place(bank, {"pick": node.banks[name]})
                elif bank.pk in self.spare:
                    continue
                elif name in node.kept:
                    message = f'The bank "{name}" is not in the file: {STAYS}'
                    self.report.warnings.append(Finding(message, lesson.source, code="kept"))
                else:
                    self.unused.append(bank)
        return quiz

    def keep_banks(self, node: QuizNode, lesson: Lesson) -> None:
        """Note which banks that the file does not have must stay for questions of the site.

        One without questions is in no export, and stays as well. Called before the lesson is
        judged: what stays is no difference.
        """
        quiz = self.quizzes.get(lesson.pk)
        if quiz is None:
            return
        nodes = {one.key: one for one in node.questions}
        used = {
            row.bank_id
            for row in self.questions[quiz.pk].values()
            if row.bank_id and self._is_left(row, nodes.get(row.key))
        }
        banks = self.banks[quiz.pk]
        gone = [bank for name, bank in banks.items() if name not in node.banks]
        if self.exported:
            filled = self.filled(quiz)
            self.spare |= {bank.pk for bank in gone if bank.pk not in filled | used}
        kept = used | self.spare
        node.kept = {bank.name: bank.pick for bank in gone if bank.pk in kept}

    def _is_left(self, row: Question, node: QuestionNode | None) -> bool:
        """Whether the import leaves the question, and its bank, as the site has them.

        What an import archived is in no bank; what was deleted on the site may come back into it.
        """
        if row.deleted_at:
            return node is None and not row.imported_hash
        if node:
            return self._verdict(node, row).is_left
        return self.is_own(row) or self._is_kept(row)

    def _questions(
        self, lesson: LessonNode, node: QuizNode, quiz: Quiz, lessons: dict[str, Lesson]
    ) -> None:
        rows = self.questions[quiz.pk]
        keys = [one.key for one in node.questions]
        alive = [one for one in rows.values() if one.deleted_at is None]
        before = [one.key for one in alive if one.key in keys or not self.is_own(one)]
        moved = self.orders.moved("questions", lesson.key, before, keys, lesson.source)
        for position, one in enumerate(node.questions, start=1):
            row = rows.get(one.key)
            stays = moved is None and row is not None and row.deleted_at is None
            verdict = self._judge(one, row)
            if row is None:
                row = rows[one.key] = self.rows.add(Question(quiz=quiz, key=one.key))
            self.nodes[row.pk] = one
            if verdict.is_written:
                self.marks.note_key(lesson, one, row, self.options.get(row.pk, []))
                self._settle(one, row, lessons)
            if not stays:
                self.rows.place(row, {"position": position})
            verdict = verdict.and_moved("moved" if one.key in (moved or ()) else "")
            line = self._tell(verdict, lesson, one.key, one.line)
            if verdict.action == Action.UPDATED:
                self.marks.lines[row.pk] = line
        wanted = {one.key for one in node.questions}
        for row in list(rows.values()):
            if row.key not in wanted and row.deleted_at is None and not self.is_own(row):
                self._archive(lesson, row)

    def _tell(self, verdict: Verdict, lesson: LessonNode, key: str, line: int = 0) -> Line:
        name = f"{lesson.key}/{key}"
        return self.report.add(
            verdict.action, "question", name, verdict.detail, path=lesson.source, line=line
        )

    def _judge(self, node: QuestionNode, row: Question | None) -> Verdict:
        if row is None:
            return Verdict(Action.CREATED)
        verdict = self._verdict(node, row)
        if not verdict.is_left:
            self.rows.place(row, {"imported_hash": fingerprint(self._wanted(node))})
        return verdict

    def _verdict(self, node: QuestionNode, row: Question) -> Verdict:
        return judge(
            self._wanted(node), self._standing(node, row), row.imported_hash,
            deleted=row.deleted_at is not None, overwrite=self.overwrite,
            is_exported=self.is_exported(row),
            is_untouched=self._is_untouched(node),
        )  # fmt: skip

    def _is_untouched(self, node: QuestionNode) -> bool:
        """Whether the source has the question as it was when it was exported."""
        return bool(self.exported) and mark("question", node.key, node.compared) in self.exported

    def _wanted(self, node: QuestionNode) -> dict[str, Any]:
        """What the question becomes: it leads to no lesson that does not come in."""
        return {**node.compared, "lesson": "" if node.lesson in self.absent else node.lesson}

    def _standing(self, node: QuestionNode, row: Question) -> dict[str, Any]:
        """The row as it is to be compared with the node.

        Where the source names no lesson to study, one that was deleted is none, unless it is what
        the last import brought.
        """
        if self._wanted(node)["lesson"]:
            return self.compared(row)
        compared = self.compared(row)
        is_imported = row.imported_hash and not is_edited(compared, row.imported_hash)
        return compared if is_imported and not self.is_exported(row) else self.told(row)

    def _settle(self, node: QuestionNode, row: Question, lessons: dict[str, Lesson]) -> None:
        self.rows.place(
            row,
            {
                **node.values,
                "bank": self.banks[row.quiz_id][node.bank] if node.bank else None,
                "taught_in": lessons.get(node.lesson),
                "imported_hash": fingerprint(self._wanted(node)),
                "deleted_at": None,
            },
        )
        options = self.options.setdefault(row.pk, [])
        by_key = {option.key: option for option in options}
        for position, one in enumerate(node.options, start=1):
            option = by_key.get(one.key)
            if option is None:
                option = self.rows.add(Option(question=row, key=one.key))
                options.append(option)
            self.rows.place(option, {**one.values, "position": position, "deleted_at": None})
        wanted = {one.key for one in node.options}
        for option in options:
            if option.key not in wanted and option.deleted_at is None:
                self.rows.place(option, {"deleted_at": now()})
        options.sort(key=lambda option: option.position)

    def _is_kept(self, row: Question) -> bool:
        """Whether a question stays that vanished from the file."""
        return self.is_edited(row) and not self.overwrite

    def _archive(self, lesson: LessonNode, row: Question) -> None:
        if self._is_kept(row):
            message = f"The question {row.key} vanished but was edited on the site: it stays."
            self.report.warnings.append(Finding(message, lesson.source, code="conflict"))
            return
        self.rows.place(row, {"deleted_at": now(), "imported_hash": "", "bank": None})
        self.marks.lines[row.pk] = self._tell(Verdict(Action.ARCHIVED), lesson, row.key)

    def render(self, texts: Texts, alive: list[Lesson], outline: Rows) -> None:
        """Render the questions of these lessons that are due. A file that moved moves links."""
        for lesson in alive:
            quiz = self.quizzes.get(lesson.pk)
            for row in self.questions[quiz.pk].values() if quiz else []:
                options = [one for one in self.options.get(row.pk, []) if one.deleted_at is None]
                is_other = outline.has(lesson) or any(map(self.rows.has, (row, *options)))
                htmls = [getattr(one, name) for one in (row, *options) for name in HTMLS[type(one)]]
                if row.deleted_at is None and texts.is_due(row, htmls, is_other=is_other):
                    self._render(texts, lesson, row, options)

    def _render(self, texts: Texts, lesson: Lesson, row: Question, options: list[Option]) -> None:
        lost = list[str]()
        if render_question(row, options, texts.resolver(lesson.source, lost)):
            for changed in (row, *options):
                self.rows.touch(changed)
        node = self.nodes.get(row.pk)
        texts.warn(lost, lesson.source, node.texts if node else [("", 0)])

    def write(self) -> None:
        """Write it all, in the order in which the rows refer to each other."""
        self.rows.write(Quiz, RULES)
        self.rows.write(Bank, ["pick"])
        self.rows.write(Question, QUESTION_FIELDS)
        self.rows.write(Option, OPTION_FIELDS)
        if self.unused:
            Bank.objects.filter(pk__in=[bank.pk for bank in self.unused]).delete()

"""How the people of the demo school take quizzes: mostly well, some questions less so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from accounts.models import User
from assessments.answering import Given, check_yourself
from assessments.models import Answer, Option, Question, Quiz
from assessments.past import bring_in
from assessments.replies import read_number
from courses.models import Lesson
from progress.actions import record_view

Kind = Question.Kind
OPEN_REPLIES = [
    "I would try it out in small steps and read what comes back after each of them.",
    "So that whoever reads it next, me included, can see what was meant.",
    "It depends on who else relies on it. If nobody does, I would do it the short way.",
]
FAILS_FIRST = 0.15


@dataclass(frozen=True)
class Sitting:
    """One attempt of one person. `skill` moves the chance of every answer to be right."""

    quiz: Quiz
    chance: Random
    skill: float
    passes: bool

    def replies(self, answers: Sequence[Answer]) -> list[Given]:
        """Answer everything, so that the attempt passes or fails as was decided before."""
        asked = sorted(answers, key=lambda answer: answer.question.position)
        options = _options_of(asked)
        right = {one.pk: self._knows(one.question) for one in asked}
        total = sum(one.question.points for one in asked)
        for one in self.chance.sample(asked, len(asked)):
            points = sum(other.question.points for other in asked if right[other.pk])
            if (100 * points >= self.quiz.pass_percent * total) == self.passes:
                break
            right[one.pk] = self.passes
        return [self._reply(one, right[one.pk], options.get(one.question_id, [])) for one in asked]

    def _knows(self, question: Question) -> bool:
        ease = Random(question.key).uniform(0.55, 0.98)  # noqa: S311 (the same every time)
        return self.chance.random() < ease + self.skill

    def _reply(self, answer: Answer, is_right: bool, options: list[Option]) -> Given:
        question = answer.question
        if question.has_options:
            chosen = self._chosen(question, is_right, options)
            return Given(question.pk, chosen=tuple(option.pk for option in chosen))
        if question.kind == Kind.OPEN:
            return Given(question.pk, text=self.chance.choice(OPEN_REPLIES))
        if is_right:
            return Given(question.pk, text=self.chance.choice(question.accept))
        return Given(question.pk, text=self._mistaken(question))

    def _chosen(self, question: Question, is_right: bool, options: list[Option]) -> list[Option]:
        correct = [option for option in options if option.is_correct]
        wrong = [option for option in options if not option.is_correct]
        if is_right or not wrong:
            return correct
        # One wrong option tempts most of those who err.
        tempting = wrong[min(int(self.chance.expovariate(1.2)), len(wrong) - 1)]
        if question.kind == Kind.SINGLE:
            return [tempting]
        return self.chance.choice([[tempting], [correct[0], tempting]])

    def _mistaken(self, question: Question) -> str:
        text = question.accept[0]
        number = read_number(text) if question.kind == Kind.NUMERIC else None
        if number is not None:
            return str(number + self.chance.choice([1, 1, -1, 10]))
        return self.chance.choice([f"{text}{text[-1]}", f"{text}{text[-1]}", f"not {text}"])


def take_quiz(user: User, lesson: Lesson, moment: datetime, *, surely: bool = False) -> None:
    """Pass the lesson's quiz at that moment; unless `surely`, some fail it once before."""
    chance = Random(f"{user.email} {lesson.key}")  # noqa: S311
    skill = Random(user.email).uniform(-0.2, 0.15)  # noqa: S311
    quiz = lesson.quiz
    most = 0.9 * quiz.time_limit if quiz.time_limit else 2 * lesson.minutes
    length = timedelta(minutes=min(most, lesson.minutes * chance.uniform(0.5, 1.3)))
    began = max(moment - length, user.date_joined)
    earlier = began - timedelta(minutes=quiz.wait + chance.randint(2, 20))
    fails = chance.random() < FAILS_FIRST - skill and earlier - length > user.date_joined
    record_view(user, lesson, earlier - length if fails else began)
    if fails and not surely:
        _sit(user, Sitting(quiz, chance, skill - 0.3, passes=False), earlier - length, earlier)
    _sit(user, Sitting(quiz, chance, skill, passes=True), began, moment)


def _sit(user: User, sitting: Sitting, began: datetime, ended: datetime) -> None:
    attempt = bring_in(user, sitting.quiz, sitting.replies, began, ended).attempt
    for question in sitting.quiz.questions.filter(kind=Kind.OPEN, answers__attempt=attempt):
        verdict = sitting.chance.choice(Answer.SelfCheck.values)
        check_yourself(attempt, question.pk, verdict)


def _options_of(answers: Sequence[Answer]) -> dict[UUID, list[Option]]:
    found: dict[UUID, list[Option]] = {}
    shown = {key for answer in answers for key in answer.option_order}
    for option in Option.objects.filter(pk__in=shown).order_by("position"):
        found.setdefault(option.question_id, []).append(option)
    return found

"""Authors at a quiz while others are: whoever writes its questions waits for what is beginning.

Each lock is taken away once, to show the harm that it holds off.
"""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.timezone import now

from assessments import questions
from assessments.attempts import start_attempt
from assessments.models import Attempt, Bank, Option, Question, Quiz
from assessments.questions import BankInUse, move_question, save_banks, save_question
from studio.editing import editing
from tests.assessments.builders import make_quiz
from tests.races.meeting import HalfWay, meet

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]


@pytest.fixture
def quiz(lessons) -> Quiz:
    return make_quiz(lessons[0].module)


@pytest.fixture
def unlocked(monkeypatch):
    monkeypatch.setattr(questions, "lock_quiz", lambda key: Quiz.objects.get(pk=key))


def before_the_commit(action):
    """Stop the action when it has done all but commit."""
    stop = HalfWay(lambda: None)

    def first():
        with transaction.atomic():
            action()
            stop()

    return stop, first


class TestTakingAnOptionAwayWhileAnAttemptBegins:
    def meet(self, user, quiz):
        """The author has never seen the question asked; an attempt that shows it is not there yet.

        Returns the option's key, whether the author had to wait, and what the attempt's page says.
        """
        question = quiz.questions.get(position=1)
        options = list(question.options.order_by("position"))
        options[-1].deleted_at, key = now(), options[-1].pk

        def write():
            with editing(quiz.lesson.course):
                save_question(question, options)

        stop, begin = before_the_commit(lambda: start_attempt(user, quiz))
        _, waited = meet(stop, begin, write)
        browser = Client(raise_request_exception=False)
        browser.force_login(user)
        page = browser.get(Attempt.objects.get().get_absolute_url())
        return key, waited, page.status_code

    def test_the_author_waits_and_the_option_is_archived(self, ada, quiz):
        key, waited, status = self.meet(ada, quiz)
        assert waited
        assert Option.objects.get(pk=key).deleted_at
        assert status == 200

    def test_without_the_lock_the_attempt_would_show_what_is_gone(self, ada, quiz, unlocked):
        key, waited, _ = self.meet(ada, quiz)
        assert not waited
        assert not Option.objects.filter(pk=key).exists()
        assert Attempt.objects.get().answers.filter(option_order__contains=[key]).exists()


class TestMovingTwice:
    def order_after(self, quiz):
        first = quiz.questions.get(position=1)
        stop, move = before_the_commit(lambda: move_question(first, "down"))
        meet(stop, move, lambda: move_question(first, "down"))
        return list(quiz.questions.in_order().values_list("pk", flat=True)).index(first.pk)

    def test_both_moves_count(self, quiz):
        assert self.order_after(quiz) == 2

    def test_without_the_lock_one_would_be_lost(self, quiz, unlocked):
        assert self.order_after(quiz) == 1


class TestDeletingABankThatGetsAQuestion:
    def meet(self, quiz, refused):
        bank = Bank.objects.create(quiz=quiz, name="Loops")
        question = quiz.questions.get(position=1)
        question.bank = bank

        def delete():
            with refused:
                save_banks(quiz, [], [bank])

        options = list(question.options.all())
        stop, write = before_the_commit(lambda: save_question(question, options))
        return meet(stop, write, delete)

    def test_the_bank_stays(self, quiz):
        _, waited = self.meet(quiz, pytest.raises(BankInUse))
        assert waited
        assert Question.objects.exclude(bank=None).count() == Bank.objects.count() == 1

    def test_without_the_lock_the_author_of_the_question_would_meet_an_error(self, quiz, unlocked):
        with pytest.raises(IntegrityError):
            self.meet(quiz, transaction.atomic())

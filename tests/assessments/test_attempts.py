"""Beginning, answering and closing an attempt."""

from assessments.answering import save_answers
from assessments.attempts import finish_attempt, start_attempt
from gamification.models import Standing
from progress.models import LessonProgress
from tests.assessments.builders import right_answer, rows, wrong_answer


def test_passing_completes_the_lesson_and_pays_once(ada, quiz):
    for _ in range(2):
        attempt, is_new = start_attempt(ada, quiz)
        assert is_new
        save_answers(attempt, [right_answer(one) for one in rows(attempt)])
        finished = finish_attempt(attempt)
        assert finished.attempt.percent == 100
        assert finished.attempt.passed
    assert LessonProgress.objects.filter(user=ada, lesson=quiz.lesson).count() == 1
    assert Standing.objects.get(user=ada).total_xp == 20


def test_a_failed_attempt_completes_nothing(ada, quiz):
    attempt, _ = start_attempt(ada, quiz)
    save_answers(attempt, [wrong_answer(one) for one in rows(attempt)])
    finished = finish_attempt(attempt)
    assert (finished.attempt.percent, finished.attempt.passed) == (0, False)
    assert not LessonProgress.objects.exists()

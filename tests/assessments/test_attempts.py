"""Beginning, answering and closing an attempt."""

from datetime import timedelta
from decimal import Decimal

import pytest

from activity.models import Event
from assessments.answering import save_answers
from assessments.attempts import (
    close,
    close_overdue,
    finish_attempt,
    start_attempt,
)
from assessments.clock import read_clock
from assessments.errors import AlreadySubmitted, NoAttemptsLeft, NoPractice, NothingToAsk, TooSoon
from assessments.models import Accommodation, Answer, Attempt, Bank, Question
from assessments.promises import complete_those_passed
from courses.models import Course, Lesson
from enrollments.actions import leave
from enrollments.errors import NotEnrolled, PlanRequired
from enrollments.models import Enrollment
from gamification.models import AchievementsDue, ActiveDay, Standing, XPTransaction
from progress.errors import LessonGone
from progress.models import CourseProgress, LessonProgress
from tests.assessments.builders import ask, make_quiz, right_answer, rows, wrong_answer

Kind = Question.Kind
ExtraTime = Accommodation.ExtraTime


def answer_all(attempt, say=right_answer):
    save_answers(attempt, [say(row) for row in rows(attempt)])


def run_out(attempt, seconds=60):
    """Let the clock of the attempt have run out so long ago."""
    deadline = read_clock() - timedelta(seconds=seconds)
    Attempt.objects.filter(pk=attempt.pk).update(deadline=deadline)


def test_passing_completes_the_lesson_and_pays_once(ada, quiz):
    for _ in range(2):
        attempt, is_new = start_attempt(ada, quiz)
        assert is_new
        answer_all(attempt)
        finished = finish_attempt(attempt)
        assert finished.attempt.percent == 100
        assert finished.attempt.passed
    assert LessonProgress.objects.filter(user=ada, lesson=quiz.lesson).count() == 1
    assert Standing.objects.get(user=ada).total_xp == 20


def test_a_failed_attempt_completes_nothing(ada, quiz):
    attempt, _ = start_attempt(ada, quiz)
    answer_all(attempt, wrong_answer)
    finished = finish_attempt(attempt)
    assert (finished.attempt.percent, finished.attempt.passed) == (0, False)
    assert not LessonProgress.objects.exists()


class TestBeginning:
    def test_a_new_attempt_has_number_place_and_questions(self, ada, quiz):
        attempt, is_new = start_attempt(ada, quiz)
        assert is_new
        assert (attempt.number, attempt.deadline, attempt.status) == (1, None, "OPEN")
        answers = rows(attempt)
        assert [row.position for row in answers] == [1, 2, 3, 4, 5, 6]
        for row in answers:
            offered = set(row.question.options.values_list("pk", flat=True))
            assert set(row.option_order) == offered
            assert not row.is_answered

    def test_beginning_again_goes_on_with_the_open_one(self, ada, quiz):
        first, _ = start_attempt(ada, quiz)
        again, is_new = start_attempt(ada, quiz)
        assert (again.pk, is_new) == (first.pk, False)
        assert Attempt.objects.count() == 1

    def test_practice_and_attempt_are_open_beside_each_other(self, ada, quiz):
        attempt, _ = start_attempt(ada, quiz)
        practice, is_new = start_attempt(ada, quiz, practice=True)
        assert is_new
        assert practice.pk != attempt.pk
        assert practice.number == 1

    def test_archived_questions_and_options_are_not_asked(self, ada, quiz):
        gone, other = quiz.questions.all()[:2]
        Question.objects.filter(pk=gone.pk).update(deleted_at="2026-01-01T00:00Z")
        archived = other.options.first()
        other.options.filter(pk=archived.pk).update(deleted_at="2026-01-01T00:00Z")
        answers = rows(start_attempt(ada, quiz)[0])
        assert gone.pk not in {row.question_id for row in answers}
        assert archived.pk not in answers[0].option_order

    def test_a_bank_gives_its_share_and_what_was_seen_least(self, ada, lessons):
        quiz = make_quiz(lessons[0].module, questions=False)
        bank = Bank.objects.create(quiz=quiz, name="Loops", pick=2)
        for number in range(4):
            ask(quiz, Kind.TEXT, f"Loop {number}", accept=["x"], bank=bank)
        asked = []
        for _ in range(2):
            attempt, _ = start_attempt(ada, quiz)
            asked += [row.question_id for row in rows(attempt)]
            finish_attempt(attempt)
        assert len(asked) == len(set(asked)) == 4

    def test_refusals(self, ada, bob, quiz):
        with pytest.raises(NotEnrolled):
            start_attempt(bob, quiz)
        Course.objects.update(required_plan="PRO")
        with pytest.raises(PlanRequired):
            start_attempt(ada, quiz)
        Course.objects.update(required_plan="FREE")
        leave(ada, quiz.lesson.course)
        with pytest.raises(NotEnrolled):
            start_attempt(ada, quiz)
        assert not Attempt.objects.exists()

    @pytest.mark.parametrize("change", [{"status": "DRAFT"}, {"deleted_at": "2026-01-01T00:00Z"}])
    def test_a_hidden_quiz_is_gone(self, ada, quiz, change):
        Lesson.objects.filter(pk=quiz.lesson_id).update(**change)
        with pytest.raises(LessonGone):
            start_attempt(ada, quiz)

    def test_a_quiz_that_pays_nothing_cannot_be_begun(self, ada, lessons):
        quiz = make_quiz(lessons[0].module, questions=False)
        for _ in range(2):
            with pytest.raises(NothingToAsk):
                start_attempt(ada, quiz)
            ask(quiz, Kind.OPEN, "Why?", points=0)

    def test_the_limit_of_attempts(self, ada, lessons):
        quiz = make_quiz(lessons[0].module, max_attempts=2)
        for number in (1, 2):
            attempt, _ = start_attempt(ada, quiz)
            assert attempt.number == number
            with pytest.raises(NoPractice):
                start_attempt(ada, quiz, practice=True)
            finish_attempt(attempt)
        with pytest.raises(NoAttemptsLeft):
            start_attempt(ada, quiz)
        assert start_attempt(ada, quiz, practice=True)[1]

    def test_the_wait_between_attempts(self, ada, lessons):
        quiz = make_quiz(lessons[0].module, wait=30)
        finish_attempt(start_attempt(ada, quiz)[0])
        with pytest.raises(TooSoon):
            start_attempt(ada, quiz)
        earlier = read_clock() - timedelta(minutes=31)
        Attempt.objects.update(started_at=earlier, closed_at=earlier)
        assert start_attempt(ada, quiz)[1]

    def test_beginning_closes_what_ran_out(self, ada, lessons):
        quiz = make_quiz(lessons[0].module, time_limit=1)
        first, _ = start_attempt(ada, quiz)
        answer_all(first)
        run_out(first)
        second, is_new = start_attempt(ada, quiz)
        assert (is_new, second.number) == (True, 2)
        first.refresh_from_db()
        assert (first.status, first.percent) == ("EXPIRED", 100)


class TestClock:
    @pytest.mark.parametrize(
        ("extra", "seconds"),
        [(None, 600), (ExtraTime.QUARTER, 750), (ExtraTime.HALF, 900), (ExtraTime.DOUBLE, 1200)],
    )
    def test_the_deadline_is_set_at_the_start_with_extra_time(self, ada, lessons, extra, seconds):
        quiz = make_quiz(lessons[0].module, time_limit=10)
        if extra is not None:
            Accommodation.objects.create(user=ada, extra_time=extra)
        attempt, _ = start_attempt(ada, quiz)
        assert (attempt.deadline - attempt.started_at).total_seconds() == seconds
        assert attempt.seconds_given == seconds

    def test_no_clock_for_whom_it_was_taken_away_nor_in_practice(self, ada, lessons):
        quiz = make_quiz(lessons[0].module, time_limit=10)
        assert start_attempt(ada, quiz, practice=True)[0].deadline is None
        Accommodation.objects.create(user=ada, extra_time=ExtraTime.NO_CLOCK)
        attempt, _ = start_attempt(ada, quiz)
        assert attempt.deadline is None
        with pytest.raises(ValueError, match="no clock"):
            attempt.seconds_left  # noqa: B018

    def test_a_limit_that_changes_later_changes_no_deadline(self, ada, lessons):
        quiz = make_quiz(lessons[0].module, time_limit=10)
        attempt, _ = start_attempt(ada, quiz)
        type(quiz).objects.update(time_limit=1)
        assert start_attempt(ada, quiz)[0].deadline == attempt.deadline

    @pytest.mark.parametrize(
        ("past", "status", "late"),
        [(-60, "SUBMITTED", False), (3, "SUBMITTED", True), (5.5, "EXPIRED", False)],
    )
    def test_late_within_the_grace_counts_and_says_so(self, ada, quiz, past, status, late):
        attempt, _ = start_attempt(ada, quiz)
        answer_all(attempt)
        run_out(attempt, past)
        finished = finish_attempt(attempt).attempt
        assert (finished.status, finished.is_late) == (status, late)
        assert finished.percent == 100


class TestClosing:
    def test_twice_is_refused_and_changes_nothing(self, ada, quiz):
        attempt, _ = start_attempt(ada, quiz)
        answer_all(attempt)
        finish_attempt(attempt)
        before = Attempt.objects.values().get()
        with pytest.raises(AlreadySubmitted):
            finish_attempt(attempt)
        assert close(attempt) is None
        assert Attempt.objects.values().get() == before
        assert Event.objects.filter(kind=Event.Kind.ATTEMPT_FINISHED).count() == 1
        assert XPTransaction.objects.count() == 1

    def test_the_clock_closes_only_what_is_overdue(self, ada, quiz):
        attempt, _ = start_attempt(ada, quiz)
        assert close(attempt, by_clock=True) is None
        run_out(attempt, 4)
        assert close(attempt, by_clock=True) is None
        run_out(attempt, 6)
        assert close(attempt, by_clock=True).attempt.status == "EXPIRED"

    def test_marks_add_up_to_the_score(self, ada, quiz):
        attempt, _ = start_attempt(ada, quiz)
        answers = rows(attempt)
        multi = next(row for row in answers if row.question.kind == Kind.MULTI)
        one_of_two = right_answer(multi).chosen[:1]
        given = [right_answer(row) for row in answers if row != multi]
        save_answers(attempt, [*given, type(given[0])(multi.question_id, chosen=one_of_two)])
        finished = finish_attempt(attempt).attempt
        assert (finished.score, finished.out_of, finished.percent) == (Decimal("4.5"), 5, 90)
        assert sum(row.mark for row in rows(attempt)) == finished.score
        assert all(row.mark <= row.question.points for row in rows(attempt))

    def test_three_thirds_pass_at_a_hundred(self, ada, lessons):
        quiz = make_quiz(lessons[0].module, questions=False, pass_percent=100)
        for number in range(3):
            ask(quiz, Kind.MULTI, f"Third {number}", right=["a", "b", "c"], points=Decimal("0.33"))
        attempt, _ = start_attempt(ada, quiz)
        answer_all(attempt)
        assert finish_attempt(attempt).attempt.passed

    def test_practice_counts_for_nothing(self, ada, quiz):
        practice, _ = start_attempt(ada, quiz, practice=True)
        answer_all(practice)
        finished = finish_attempt(practice)
        assert (finished.attempt.percent, finished.completed) == (100, False)
        assert not LessonProgress.objects.exists()
        assert not XPTransaction.objects.exists()
        assert not Event.objects.filter(kind__in=["ATTEMPT_FINISHED", "QUIZ_PASSED"]).exists()

    def test_the_first_pass_is_told_once(self, ada, quiz):
        firsts = []
        for _ in range(3):
            attempt, _ = start_attempt(ada, quiz)
            answer_all(attempt)
            firsts.append(finish_attempt(attempt).completed)
        assert firsts == [True, False, False]
        assert Event.objects.filter(kind=Event.Kind.QUIZ_PASSED).count() == 1

    def test_passing_the_last_lesson_finishes_the_course(self, ada, lessons):
        quiz = make_quiz(lessons[0].module)
        course = quiz.lesson.course
        Lesson.objects.filter(course=course).exclude(pk=quiz.lesson_id).update(is_required=False)
        attempt, _ = start_attempt(ada, quiz)
        answer_all(attempt)
        finish_attempt(attempt)
        assert CourseProgress.objects.get(user=ada).completed_at is not None

    def test_the_sweep_closes_what_was_left_behind(self, ada, lessons):
        quiz = make_quiz(lessons[0].module, time_limit=5)
        attempt, _ = start_attempt(ada, quiz)
        answer_all(attempt)
        assert close_overdue() == 0
        run_out(attempt, 24 * 3600)
        assert close_overdue() == 1
        assert close_overdue() == 0
        attempt.refresh_from_db()
        assert (attempt.status, attempt.percent, attempt.is_late) == ("EXPIRED", 100, False)
        assert Standing.objects.get(user=ada).total_xp == 20

    @pytest.mark.parametrize("status", ["DROPPED", "PAUSED"])
    def test_what_was_passed_behind_a_closed_door_completes_when_it_opens(self, ada, quiz, status):
        attempt, _ = start_attempt(ada, quiz)
        answer_all(attempt)
        Enrollment.objects.update(status=status)
        with pytest.raises(NotEnrolled):
            finish_attempt(attempt)
        run_out(attempt)
        assert close_overdue() == 1
        assert Attempt.objects.get().passed
        assert not LessonProgress.objects.exists()
        assert complete_those_passed() == 0
        Enrollment.objects.update(status="ACTIVE")
        assert complete_those_passed() == 1
        assert complete_those_passed() == 0
        assert LessonProgress.objects.count() == XPTransaction.objects.count() == 1

    @pytest.mark.parametrize("questions", [4, 40])
    def test_closing_and_beginning_cost_the_same_however_much_is_asked(
        self, ada, lessons, django_assert_max_num_queries, questions
    ):
        quiz = make_quiz(lessons[0].module, questions=False)
        for number in range(questions):
            ask(quiz, Kind.SINGLE, f"Question {number}", right=["a"], wrong=["b"])
        with django_assert_max_num_queries(14):
            attempt, _ = start_attempt(ada, quiz)
        answer_all(attempt)
        with django_assert_max_num_queries(17):
            finish_attempt(attempt)


def test_keys_of_options_do_not_tell_the_order_of_their_making(quiz):
    """Sorted by key, the author's order, in which the right one comes first, must not come out."""
    question = quiz.questions.first()
    made = [question.options.create(text=str(n), position=n).pk for n in range(60)]
    assert made != sorted(made)
    assert {key.version for key in made} == {4}


def test_the_order_of_options_is_drawn_anew(ada, lessons):
    quiz = make_quiz(lessons[0].module, questions=False)
    wrong = [str(n) for n in range(7)]
    for number in range(12):
        ask(quiz, Kind.SINGLE, f"Question {number}", right=["yes"], wrong=wrong)
    answers = rows(start_attempt(ada, quiz)[0])
    right = [right_answer(row).chosen[0] for row in answers]
    places = {row.option_order.index(key) for row, key in zip(answers, right, strict=True)}
    assert len(places) > 1
    assert Answer.objects.count() == 12


class TestBlanks:
    """An attempt in which nothing was answered is no learning, however it was closed."""

    @pytest.mark.parametrize("by_clock", [False, True])
    @pytest.mark.parametrize("answers", [0, 1])
    def test_makes_a_day_only_with_an_answer(self, ada, lessons, by_clock, answers):
        quiz = make_quiz(lessons[0].module, time_limit=10)
        attempt, _ = start_attempt(ada, quiz)
        save_answers(attempt, [wrong_answer(row) for row in rows(attempt)[:answers]])
        if by_clock:
            run_out(attempt)
            assert close_overdue() == 1
        else:
            finish_attempt(attempt)
        event = Event.objects.get(kind=Event.Kind.ATTEMPT_FINISHED)
        assert event.data["answered"] == answers
        assert ActiveDay.objects.filter(user=ada).count() == answers
        assert AchievementsDue.objects.filter(user=ada).exists()

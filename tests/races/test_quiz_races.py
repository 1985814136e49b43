"""Quizzes at the gate: one open attempt, one closing, no answer lost and none counted too late.

Where a lock or constraint is what holds, a second test takes it away and shows that the same
crowd then does harm: without harm at the gate the first test would prove nothing.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, connections
from django.test import Client

from activity.models import Event
from assessments import answering, attempts
from assessments.answering import Given, save_answers
from assessments.attempts import close_overdue, finish_attempt, start_attempt
from assessments.clock import GRACE, read_clock
from assessments.errors import AlreadySubmitted, TimeOver
from assessments.models import Answer, Attempt, Quiz
from assessments.models.attempt import AttemptQuerySet
from courses.actions import unpublish_course
from courses.models import Course
from enrollments.models import Enrollment
from gamification import ledger
from gamification.models import Standing, XPTransaction
from progress.models import LessonProgress
from progress.verification import wrong_rows
from tests.assessments.builders import make_quiz, right_answer, rows
from tests.conftest import make_person
from tests.races.gate import at_once, in_own_connection, once_somebody_waits, wait_for_a_crowd
from tests.races.meeting import HalfWay, meet

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]
CROWD = 16
OPEN_ONCE = """
    CREATE UNIQUE INDEX attempt_open_once ON assessments_attempt (user_id, quiz_id, is_practice)
    WHERE status = 'OPEN'
"""
NUMBER_ONCE = """
    ALTER TABLE assessments_attempt ADD CONSTRAINT attempt_number_once
    UNIQUE (user_id, quiz_id, is_practice, number)
"""


@pytest.fixture
def quiz(lessons) -> Quiz:
    return make_quiz(lessons[0].module)


@pytest.fixture
def attempt(ada, quiz) -> Attempt:
    return start_attempt(ada, quiz)[0]


def post(user, address, **data):
    """A browser of that person that posts once; what came is status and place."""
    browser = Client(raise_request_exception=False)
    browser.force_login(user)

    def press():
        answer = browser.post(address, data)
        return answer.status_code, answer.get("Location", "")

    return press


def saying(answer, text, **more):
    key = answer.question_id
    return {"q": str(key), f"a-{key}": text, f"v-{key}": str(answer.version), **more}


def text_of(attempt) -> Answer:
    return next(row for row in rows(attempt) if row.question.kind == "TEXT")


def answer_all(attempt):
    save_answers(attempt, [right_answer(row) for row in rows(attempt)])


def ends_in(attempt, seconds):
    """Let deadline and grace be over so many seconds from now."""
    deadline = read_clock() - GRACE + timedelta(seconds=seconds)
    Attempt.objects.filter(pk=attempt.pk).update(deadline=deadline)


def wait_for_the_end(attempt):
    """Until deadline and grace are over."""
    attempt.refresh_from_db(fields=["deadline"])
    while read_clock() <= attempt.deadline + GRACE:
        time.sleep(0.05)


def statuses(answers):
    return sorted(status for status, _ in answers)


def assert_closed_once_and_paid_once():
    assert Attempt.objects.closed().count() == 1
    assert not Attempt.objects.open().exists()
    assert Event.objects.filter(kind=Event.Kind.ATTEMPT_FINISHED).count() == 1
    assert Event.objects.filter(kind=Event.Kind.QUIZ_PASSED).count() == 1
    assert LessonProgress.objects.count() == XPTransaction.objects.count() == 1
    assert Standing.objects.get().total_xp == 20
    assert ledger.wrong_standings() == 0
    assert wrong_rows() == 0


def unlocked(rows, key):
    """What `AttemptQuerySet.locked` would be if it did not lock."""
    return rows.with_moment().get(pk=key)


class TestBeginning:
    """QZ02: start pressed in two tabs."""

    def test_sixteen_starts_open_one_attempt(self, ada, quiz):
        address = f"/quizzes/{quiz.pk}/attempts/"
        came = at_once("assessments_attempt", [post(ada, address)] * CROWD)
        attempt = Attempt.objects.get()
        assert set(came) == {(303, attempt.get_absolute_url())}
        assert attempt.answers.count() == 6

    def test_attempt_and_practice_are_two(self, ada, quiz):
        address = f"/quizzes/{quiz.pk}/attempts/"
        practise = post(ada, address, practice="1")
        came = at_once("assessments_attempt", [post(ada, address), practise] * (CROWD // 2))
        assert statuses(came) == [303] * CROWD
        assert len({place for _, place in came}) == Attempt.objects.count() == 2

    def test_the_last_attempt_that_is_left_is_begun_once(self, ada, lessons):
        quiz = make_quiz(lessons[0].module, max_attempts=2)
        finish_attempt(start_attempt(ada, quiz)[0])
        address = f"/quizzes/{quiz.pk}/attempts/"
        came = at_once("assessments_attempt", [post(ada, address)] * CROWD)
        assert statuses(came) == [303] * CROWD
        assert Attempt.objects.count() == 2
        finish_attempt(Attempt.objects.open().get())
        assert statuses([post(ada, address)()]) == [409]

    def forget_the_lock(self, monkeypatch):
        require = attempts.require_enrollment
        monkeypatch.setattr(
            attempts, "require_enrollment", lambda user, course, **_: require(user, course)
        )

    def test_without_the_lock_the_constraint_still_leaves_one(self, ada, quiz, monkeypatch):
        """The lock makes it polite, the partial unique index makes it true."""
        self.forget_the_lock(monkeypatch)
        address = f"/quizzes/{quiz.pk}/attempts/"
        came = at_once("assessments_attempt", [post(ada, address)] * CROWD)
        assert statuses(came) == [303] + [500] * (CROWD - 1)
        assert Attempt.objects.count() == 1

    def test_without_lock_and_constraints_there_would_be_sixteen(self, ada, quiz, monkeypatch):
        self.forget_the_lock(monkeypatch)
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX attempt_open_once")
            cursor.execute("ALTER TABLE assessments_attempt DROP CONSTRAINT attempt_number_once")
            try:
                at_once("assessments_attempt", [lambda: start_attempt(ada, quiz)] * CROWD)
                assert Attempt.objects.open().count() == CROWD
            finally:
                cursor.execute("TRUNCATE assessments_attempt CASCADE")
                cursor.execute(OPEN_ONCE)
                cursor.execute(NUMBER_ONCE)


class TestSaving:
    """QZ16: two tabs, one answer."""

    def savings(self, ada, attempt):
        address, answer = f"/attempts/{attempt.pk}/answers/", text_of(attempt)
        return [
            post(ada, address, **saying(answer, f"tab {n}", tab=f"t{n}", step="1"))
            for n in range(CROWD)
        ]

    def test_one_of_many_tabs_is_kept_and_the_others_are_told(self, ada, attempt):
        came = at_once("assessments_answer", self.savings(ada, attempt))
        assert statuses(came) == [303] + [409] * (CROWD - 1)
        assert text_of(attempt).version == 1

    def test_without_the_lock_all_but_the_last_would_be_lost_unsaid(
        self, ada, attempt, monkeypatch
    ):
        monkeypatch.setattr(AttemptQuerySet, "locked", unlocked)
        came = at_once("assessments_answer", self.savings(ada, attempt))
        assert statuses(came) == [303] * CROWD
        assert text_of(attempt).version == 1

    def test_answers_to_different_questions_are_all_kept(self, ada, attempt):
        given = [right_answer(row) for row in rows(attempt) if row.question.kind != "OPEN"]
        at_once("assessments_answer", [partial(save_answers, attempt, [one]) for one in given])
        assert finish_attempt(attempt).attempt.percent == 100


class TestSavingAgainstClosing:
    """An answer is either in the score, or its page is told that it came too late."""

    def given(self, attempt):
        return [Given(text_of(attempt).question_id, text="for")]

    def test_an_answer_that_comes_while_the_attempt_is_scored_waits_and_is_refused(
        self, attempt, monkeypatch
    ):
        stop = HalfWay(attempts.mark_answers)
        monkeypatch.setattr(attempts, "mark_answers", stop)

        def save():
            with pytest.raises(AlreadySubmitted):
                save_answers(attempt, self.given(attempt))

        _, waited = meet(stop, lambda: finish_attempt(attempt), save)
        assert waited
        assert (text_of(attempt).text, Attempt.objects.get().score) == ("", 0)

    def test_handing_in_waits_for_an_answer_that_is_being_saved(self, attempt, monkeypatch):
        stop = HalfWay(answering.apply)
        monkeypatch.setattr(answering, "apply", stop)
        save = partial(save_answers, attempt, self.given(attempt))
        finished, waited = meet(stop, save, lambda: finish_attempt(attempt))
        assert waited
        assert finished.attempt.score == 1

    def test_without_the_lock_an_answer_would_be_kept_and_not_counted(self, attempt, monkeypatch):
        monkeypatch.setattr(AttemptQuerySet, "locked", unlocked)
        stop = HalfWay(attempts.mark_answers)
        monkeypatch.setattr(attempts, "mark_answers", stop)
        save = partial(save_answers, attempt, self.given(attempt))
        _, waited = meet(stop, lambda: finish_attempt(attempt), save)
        assert not waited
        assert (text_of(attempt).text, Attempt.objects.get().score) == ("for", 0)

    def test_a_crowd_of_both_agrees_with_the_score(self, ada, attempt):
        own = f"/attempts/{attempt.pk}/"
        save = post(ada, f"{own}answers/", **saying(text_of(attempt), "for"))
        came = at_once("assessments_answer", [save, post(ada, f"{own}submission/")] * 4)
        assert set(statuses(came)) <= {303, 409}
        kept = text_of(attempt).text == "for"
        assert Attempt.objects.get().score == int(kept)
        assert Event.objects.filter(kind=Event.Kind.ATTEMPT_FINISHED).count() == 1


class TestTheClock:
    def stop_saving(self, monkeypatch):
        stop = HalfWay(answering.apply)
        monkeypatch.setattr(answering, "apply", stop)
        return stop

    def test_a_deadline_that_passes_while_an_answer_is_being_kept(self, attempt, monkeypatch):
        """Looked at before the deadline, written after it: the wait was not the learner's."""
        ends_in(attempt, 3)
        stop = self.stop_saving(monkeypatch)
        given = [Given(text_of(attempt).question_id, text="for")]
        meet(stop, lambda: save_answers(attempt, given), lambda: wait_for_the_end(attempt))
        assert text_of(attempt).text == "for"
        with pytest.raises(TimeOver):
            save_answers(attempt, [Given(given[0].question, text="while", version=1)])

    def test_the_job_waits_for_what_is_being_saved_and_counts_it(self, attempt, monkeypatch):
        ends_in(attempt, 3)
        stop = self.stop_saving(monkeypatch)
        given = [Given(text_of(attempt).question_id, text="for")]

        def sweep():
            wait_for_the_end(attempt)
            return close_overdue()

        closed, _ = meet(stop, lambda: save_answers(attempt, given), sweep)
        done = Attempt.objects.get()
        assert (closed, done.status, done.score) == (1, "EXPIRED", 1)

    def test_an_answer_that_meets_the_job_is_told_that_time_is_over(self, attempt, monkeypatch):
        ends_in(attempt, -0.1)
        stop = HalfWay(attempts.mark_answers)
        monkeypatch.setattr(attempts, "mark_answers", stop)

        def save():
            with pytest.raises(TimeOver):
                save_answers(attempt, [Given(text_of(attempt).question_id, text="for")])

        meet(stop, close_overdue, save)
        assert text_of(attempt).text == ""


class TestClosing:
    """QZ17, CC06: handed in twice, and the job comes along."""

    @pytest.mark.parametrize(
        "table", ["assessments_answer", "activity_event", "gamification_xptransaction"]
    )
    def test_sixteen_hand_in_at_once(self, ada, attempt, table):
        answer_all(attempt)
        came = at_once(table, [post(ada, f"/attempts/{attempt.pk}/submission/")] * CROWD)
        assert statuses(came) == [303] + [409] * (CROWD - 1)
        assert_closed_once_and_paid_once()

    @pytest.mark.parametrize("table", ["assessments_answer", "activity_event"])
    def test_learner_job_and_page_close_it_at_once(self, ada, attempt, table):
        answer_all(attempt)
        ends_in(attempt, -1)
        own = f"/attempts/{attempt.pk}/"
        hand_in, look = post(ada, f"{own}submission/"), post(ada, f"{own}answers/", go="finish")
        jobs = [lambda: (200, str(close_overdue()))] * 4
        came = at_once(table, [*[hand_in] * 6, *[look] * 6, *jobs])
        assert set(statuses(came)) <= {200, 303, 409}
        by_hand = [place for status, place in came if status == 303]
        by_job = sum(int(closed) for status, closed in came if status == 200)
        assert len(by_hand) + by_job <= 1
        assert_closed_once_and_paid_once()
        assert Attempt.objects.get().status == "EXPIRED"

    def test_without_the_locks_it_would_be_closed_again_and_again(self, ada, attempt, monkeypatch):
        """Events and XP are still single: their own constraints hold them."""
        answer_all(attempt)
        monkeypatch.setattr(AttemptQuerySet, "locked", unlocked)
        place = Enrollment.objects.get()
        monkeypatch.setattr(attempts, "lock_place_by", lambda user, key: place)
        came = at_once(
            "assessments_answer", [post(ada, f"/attempts/{attempt.pk}/submission/")] * CROWD
        )
        assert statuses(came).count(303) > 1
        assert XPTransaction.objects.count() == 1

    def test_two_quizzes_at_once_leave_one_right_total(self, ada, lessons):
        own = [start_attempt(ada, make_quiz(lessons[0].module, f"quiz-{n}"))[0] for n in range(4)]
        for one in own:
            answer_all(one)
        came = at_once(
            "gamification_xptransaction",
            [post(ada, f"/attempts/{one.pk}/submission/") for one in own] * 2,
        )
        assert statuses(came) == [303] * 4 + [409] * 4
        assert Standing.objects.get().total_xp == 80
        assert wrong_rows() == 0


def test_who_loses_a_deadlock_is_told_to_try_again_and_nothing_is_half_done(ada, attempt):
    """CC04, by a real one: handing in holds the attempt and wants an answer; another holds that
    answer and then wants the attempt. PostgreSQL ends whoever looked first, handing in.
    """
    answer_all(attempt)
    hand_in = post(ada, f"/attempts/{attempt.pk}/submission/")
    other = connections.create_connection("default")
    other.set_autocommit(False)

    def patiently():
        """It looks once, and by then the other one must have begun to wait."""
        with connection.cursor() as cursor:
            cursor.execute("SET deadlock_timeout = '4s'")
        return hand_in()

    try:
        with other.cursor() as cursor, ThreadPoolExecutor(1) as threads:
            cursor.execute("SET deadlock_timeout = '20s'")
            cursor.execute("SELECT FROM assessments_answer FOR UPDATE")
            handing_in = threads.submit(in_own_connection, patiently)
            wait_for_a_crowd(cursor, [handing_in])
            cursor.execute("SELECT FROM assessments_attempt FOR UPDATE")
            assert handing_in.result(timeout=20)[0] == 503
    finally:
        other.rollback()
        other.close()
    assert Attempt.objects.open().count() == 1
    assert not Event.objects.filter(kind=Event.Kind.ATTEMPT_FINISHED).exists()
    assert hand_in()[0] == 303
    assert_closed_once_and_paid_once()


def test_a_course_is_unpublished_while_twenty_enrol(course):
    """CC02: each is in or is told that there is no such course; nobody comes in afterwards."""
    people = [make_person(f"p{n}@example.org", "P") for n in range(21)]
    address = f"/courses/{course.slug}/enrollment/"
    presses = [post(one, address, wanted="1") for one in people[:20]]
    fresh = Course.objects.get(pk=course.pk)
    unpublish = once_somebody_waits(lambda: (200, unpublish_course(fresh)))
    came = at_once("enrollments_enrollment", [*presses, unpublish])
    came = [(status, place) for status, place in came if status != 200]
    assert set(statuses(came)) <= {303, 404}
    assert Enrollment.objects.count() == statuses(came).count(303)
    assert post(people[20], address, wanted="1")()[0] == 404

"""Saving answers: what can be kept is kept, what is wrong is said, and newer stays over older."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from assessments.answering import Given, check_yourself, save_answers
from assessments.attempts import finish_attempt, start_attempt
from assessments.clock import read_clock
from assessments.errors import AlreadySubmitted, TimeOver
from assessments.models import Answer, Attempt, Question
from tests.assessments.builders import ask, make_quiz, right_answer, rows, wrong_answer

Kind = Question.Kind


@pytest.fixture
def attempt(ada, quiz) -> Attempt:
    return start_attempt(ada, quiz)[0]


def asked(attempt, kind) -> Answer:
    return next(row for row in rows(attempt) if row.question.kind == kind)


def options_of(answer, *, correct):
    found = answer.question.options.filter(is_correct=correct)
    return tuple(found.values_list("pk", flat=True))


def said(answer, **given):
    return Given(answer.question_id, version=answer.version, **given)


def stored(answer):
    answer.refresh_from_db()
    return answer


def test_answers_of_all_kinds_are_kept(attempt):
    given = [right_answer(row) for row in rows(attempt)]
    saved = save_answers(attempt, given, tab="a", step=1)
    assert (saved.invalid, saved.conflicts, saved.unknown) == ({}, [], set())
    for row in rows(attempt):
        one = next(one for one in given if one.question == row.question_id)
        assert set(row.chosen) == set(one.chosen)
        assert row.text == one.text
        assert row.version == bool(row.is_answered)


def test_saying_the_same_again_changes_nothing(attempt):
    answer = asked(attempt, Kind.TEXT)
    for version in (0, 0, 1, 7):
        given = Given(answer.question_id, text="for", version=version)
        (kept,) = save_answers(attempt, [given]).answers
        assert kept.version == stored(answer).version == 1
    moment = answer.saved_at
    save_answers(attempt, [Given(answer.question_id, text=" for\r\n", version=0)])
    assert stored(answer).saved_at == moment


def test_an_answer_can_be_changed_and_taken_back(attempt):
    answer = asked(attempt, Kind.MULTI)
    for chosen in (options_of(answer, correct=True), options_of(answer, correct=False), ()):
        save_answers(attempt, [said(stored(answer), chosen=chosen)])
        assert set(stored(answer).chosen) == set(chosen)
    assert not answer.is_answered
    assert answer.version == 3


def test_options_are_kept_in_the_order_shown_and_once(attempt):
    answer = asked(attempt, Kind.MULTI)
    backwards = tuple(answer.option_order[::-1]) * 2
    save_answers(attempt, [said(answer, chosen=backwards)])
    assert stored(answer).chosen == answer.option_order


def test_a_flag_is_kept_without_an_answer(attempt):
    answer = asked(attempt, Kind.OPEN)
    save_answers(attempt, [said(answer, is_flagged=True)])
    assert stored(answer).is_flagged
    assert not answer.is_answered


@pytest.mark.parametrize("number", [2, 3])
def test_a_single_choice_takes_one_option(attempt, number):
    answer = asked(attempt, Kind.SINGLE)
    chosen = tuple(answer.option_order[:number])
    saved = save_answers(attempt, [said(answer, chosen=chosen)])
    assert saved.invalid == {answer.question_id: "Choose one option."}
    assert not stored(answer).is_answered


def test_an_option_of_another_question_is_unknown(attempt):
    answer, other = asked(attempt, Kind.SINGLE), asked(attempt, Kind.MULTI)
    another_quiz = make_quiz(attempt.quiz.lesson.module, "another")
    elsewhere = another_quiz.questions.first().options.first().pk
    for option in (other.option_order[0], elsewhere, uuid4(), UUID(int=0)):
        for question in (answer, other) if option not in other.option_order else (answer,):
            saved = save_answers(attempt, [said(question, chosen=(option,))])
            assert saved.invalid == {question.question_id: "Unknown option."}
            assert not stored(question).is_answered


def test_an_option_that_was_added_later_was_not_offered(attempt):
    answer = asked(attempt, Kind.SINGLE)
    added = answer.question.options.create(text="New", is_correct=True, position=9)
    assert save_answers(attempt, [said(answer, chosen=(added.pk,))]).invalid


def test_a_question_of_another_attempt_is_unknown(attempt, bob):
    other = make_quiz(attempt.quiz.lesson.module, "another").questions.first()
    later = ask(attempt.quiz, Kind.TEXT, "Added since", accept=["x"])
    text = asked(attempt, Kind.TEXT)
    given = [Given(other.pk, text="x"), Given(later.pk, text="x"), said(text, text="for")]
    saved = save_answers(attempt, given)
    assert saved.unknown == {other.pk, later.pk}
    assert stored(text).text == "for"
    assert not Answer.objects.filter(question__in=[other, later]).exists()


@pytest.mark.parametrize("text", ["\x00", "a\x08b", "\ufffd", "x" * 501, "x" * 2**20])
def test_what_is_no_text_is_refused(attempt, text):
    answer = asked(attempt, Kind.TEXT)
    saved = save_answers(attempt, [said(answer, text=text)])
    assert saved.invalid[answer.question_id].startswith("Invalid text. ")
    assert stored(answer).text == ""


def test_open_questions_take_long_texts(attempt):
    answer = asked(attempt, Kind.OPEN)
    save_answers(attempt, [said(answer, text="x" * 10_000)])
    assert len(stored(answer).text) == 10_000
    assert save_answers(attempt, [said(answer, text="x" * 10_001)]).invalid


@pytest.mark.parametrize(
    ("text", "is_kept"), [("3,14", 1), ("", 1), (" ", 1), ("pi", 0), ("1e9999", 0)]
)
def test_a_number_is_a_number_or_nothing(attempt, text, is_kept):
    answer = asked(attempt, Kind.NUMERIC)
    saved = save_answers(attempt, [said(answer, text=text)])
    assert saved.invalid == (
        {} if is_kept else {answer.question_id: "Enter a number, such as 3.5."}
    )
    assert stored(answer).text == (text.strip() if is_kept else "")


def test_what_is_wrong_does_not_keep_the_rest_from_being_saved(attempt):
    good, bad = asked(attempt, Kind.TEXT), asked(attempt, Kind.NUMERIC)
    saved = save_answers(attempt, [said(bad, text="x"), said(good, text="for")])
    assert [row.pk for row in saved.answers] == [good.pk]
    assert stored(good).text == "for"


def test_a_text_for_a_choice_and_options_for_a_text_are_not_kept(attempt):
    choice, text = asked(attempt, Kind.SINGLE), asked(attempt, Kind.TEXT)
    save_answers(attempt, [said(choice, text="for"), said(text, chosen=(uuid4(),), text="for")])
    assert (stored(choice).text, stored(text).chosen) == ("", [])


class TestVersions:
    """Two tabs, and one tab whose savings overtake each other."""

    def test_a_stale_page_does_not_undo_a_newer_answer(self, attempt):
        answer = asked(attempt, Kind.TEXT)
        save_answers(attempt, [Given(answer.question_id, text="new")], tab="b", step=1)
        stale = Given(answer.question_id, text="old", version=0)
        saved = save_answers(attempt, [stale], tab="a", step=9)
        assert [row.text for row in saved.conflicts] == ["new"]
        assert stored(answer).text == "new"

    def test_without_a_name_a_page_is_another_page(self, attempt):
        answer = asked(attempt, Kind.TEXT)
        save_answers(attempt, [Given(answer.question_id, text="new")])
        assert save_answers(attempt, [Given(answer.question_id, text="old")]).conflicts

    def test_the_same_page_goes_on_whichever_of_its_savings_comes_back_first(self, attempt):
        answer = asked(attempt, Kind.TEXT)
        for step, text in ((1, "f"), (3, "for"), (3, "fort")):
            saved = save_answers(
                attempt, [Given(answer.question_id, text=text)], tab="a", step=step
            )
            assert not saved.conflicts
        late = Given(answer.question_id, text="fo")
        assert save_answers(attempt, [late], tab="a", step=2).conflicts
        assert stored(answer).text == "fort"

    def test_the_page_that_saw_the_newest_wins(self, attempt):
        answer = asked(attempt, Kind.TEXT)
        save_answers(attempt, [Given(answer.question_id, text="one")], tab="a", step=1)
        save_answers(attempt, [Given(answer.question_id, text="two", version=1)], tab="b", step=1)
        assert (stored(answer).text, answer.version, answer.tab) == ("two", 2, "b")

    @pytest.mark.parametrize("version", [2, 999_999_999])
    def test_a_version_from_the_future_is_stale(self, attempt, version):
        answer = asked(attempt, Kind.TEXT)
        save_answers(attempt, [Given(answer.question_id, text="one")])
        later = Given(answer.question_id, text="two", version=version)
        assert save_answers(attempt, [later]).conflicts
        assert stored(answer).text == "one"


class TestTheEnd:
    """Nothing is taken once the attempt is closed, or its time and grace are over."""

    def move(self, attempt, seconds):
        """Let the clock have run out so many seconds ago."""
        deadline = read_clock() - timedelta(seconds=seconds)
        Attempt.objects.filter(pk=attempt.pk).update(deadline=deadline)

    def test_after_handing_in(self, attempt):
        answer = asked(attempt, Kind.TEXT)
        finish_attempt(attempt)
        with pytest.raises(AlreadySubmitted):
            save_answers(attempt, [said(answer, text="for")])
        assert stored(answer).text == ""

    def test_after_the_grace(self, attempt):
        answer = asked(attempt, Kind.TEXT)
        self.move(attempt, 5.2)
        with pytest.raises(TimeOver):
            save_answers(attempt, [said(answer, text="for")])
        assert stored(answer).text == ""

    def test_within_the_grace_it_is_taken(self, attempt):
        answer = asked(attempt, Kind.TEXT)
        self.move(attempt, 3)
        save_answers(attempt, [said(answer, text="for")])
        assert stored(answer).text == "for"

    def test_what_the_clock_closed(self, attempt):
        Attempt.objects.filter(pk=attempt.pk).update(
            status="EXPIRED", closed_at=attempt.started_at, score=0, out_of=5, percent=0,
            passed=False,
        )  # fmt: skip
        with pytest.raises(TimeOver):
            save_answers(attempt, [])


def test_the_time_between_two_savings_belongs_to_the_answer(attempt):
    answer = asked(attempt, Kind.TEXT)
    before = attempt.started_at - timedelta(seconds=40)
    Attempt.objects.filter(pk=attempt.pk).update(started_at=before)
    save_answers(attempt, [said(answer, text="for")])
    assert 40 <= stored(answer).seconds <= 45
    save_answers(attempt, [said(answer, text="while")])
    assert 40 <= stored(answer).seconds <= 46


@pytest.mark.parametrize("questions", [4, 40])
def test_saving_takes_as_many_queries_however_much_is_asked(
    ada, lessons, django_assert_num_queries, questions
):
    """Savepoint, lock, answers, their change, savepoint."""
    quiz = make_quiz(lessons[0].module, questions=False)
    for number in range(questions):
        ask(quiz, Kind.TEXT, f"Question {number}", accept=["x"])
    attempt, _ = start_attempt(ada, quiz)
    given = [Given(row.question_id, text="x") for row in rows(attempt)]
    with django_assert_num_queries(5):
        save_answers(attempt, given)


def test_nobody_is_told_about_anothers_question(attempt, ada, bob):
    """Saving touches the rows of one attempt alone."""
    other = Attempt.objects.create(
        user=bob, quiz=attempt.quiz, number=1, started_at=attempt.started_at
    )
    question = asked(attempt, Kind.TEXT).question
    Answer.objects.create(attempt=other, question=question, position=1)
    save_answers(attempt, [Given(question.pk, text="for")])
    assert other.answers.get().text == ""


def test_judging_oneself_is_for_open_questions_of_closed_attempts(attempt):
    open_one, text = asked(attempt, Kind.OPEN), asked(attempt, Kind.TEXT)
    assert not check_yourself(attempt, open_one.question_id, "YES")
    finished = finish_attempt(attempt).attempt
    assert check_yourself(finished, open_one.question_id, "PARTLY")
    assert check_yourself(finished, open_one.question_id, "NO")
    assert stored(open_one).self_check == "NO"
    assert not check_yourself(finished, text.question_id, "YES")
    assert not check_yourself(finished, uuid4(), "YES")
    assert stored(text).self_check == ""


class TestTheDatabase:
    """What no code has to be trusted with."""

    def run(self, statement, *values):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)

    def test_an_option_that_was_not_offered_cannot_be_stored(self, attempt):
        answer, other = asked(attempt, Kind.SINGLE), asked(attempt, Kind.MULTI)
        change = "UPDATE assessments_answer SET chosen = %s WHERE id = %s"
        for chosen in ([other.option_order[0]], [uuid4()], [answer.option_order[0], uuid4()]):
            with pytest.raises(IntegrityError, match="answer_was_offered"):
                self.run(change, chosen, answer.pk)
        self.run(change, [answer.option_order[1]], answer.pk)
        with pytest.raises(IntegrityError, match="answer_was_offered"):
            self.run("UPDATE assessments_answer SET option_order = '{}' WHERE id = %s", answer.pk)

    def test_a_question_has_one_row_in_an_attempt(self, attempt):
        answer = asked(attempt, Kind.SINGLE)
        copy = """
            INSERT INTO assessments_answer (id, attempt_id, question_id, position, option_order,
              chosen, text, is_flagged, version, tab, step, seconds, self_check)
            SELECT waymark_uuid7(), attempt_id, question_id, %s, option_order, chosen, text,
              is_flagged, version, tab, step, seconds, self_check
            FROM assessments_answer WHERE id = %s
        """
        with pytest.raises(IntegrityError, match="answer_question_once"):
            self.run(copy, 99, answer.pk)
        with pytest.raises(IntegrityError, match=r"answer_(place|question)_once"):
            self.run(copy, answer.position, answer.pk)

    def test_two_questions_have_two_places(self, attempt):
        one, other = rows(attempt)[:2]
        with pytest.raises(IntegrityError, match="answer_place_once"):
            self.run(
                "UPDATE assessments_answer SET position = %s WHERE id = %s", one.position, other.pk
            )

    @pytest.mark.parametrize(
        ("change", "rule"),
        [
            ("status = 'SUBMITTED'", "attempt_closed_is_scored"),
            ("score = 1", "attempt_closed_is_scored"),
            ("closed_at = clock_timestamp()", "attempt_closed_is_scored"),
            ("status = 'EXPIRED', closed_at = clock_timestamp(), score = 6, out_of = 5, "
             "percent = 100, passed = true", "attempt_score_in_bounds"),
            ("status = 'EXPIRED', closed_at = clock_timestamp(), score = -1, out_of = 5, "
             "percent = 0, passed = false", "attempt_score_in_bounds"),
            ("status = 'EXPIRED', closed_at = clock_timestamp(), score = 5, out_of = 5, "
             "percent = 101, passed = true", "attempt_percent_in_bounds"),
        ],
    )  # fmt: skip
    def test_a_score_stands_on_closed_attempts_alone_and_in_bounds(self, attempt, change, rule):
        with pytest.raises(IntegrityError, match=rule):
            self.run(f"UPDATE assessments_attempt SET {change} WHERE id = %s", attempt.pk)

    def test_one_attempt_is_open_and_each_number_is_given_once(self, attempt):
        again = """
            INSERT INTO assessments_attempt (id, user_id, quiz_id, number, is_practice, status,
              started_at, is_late)
            SELECT waymark_uuid7(), user_id, quiz_id, %s, is_practice, status, started_at,
              is_late FROM assessments_attempt WHERE id = %s
        """
        with pytest.raises(IntegrityError, match="attempt_open_once"):
            self.run(again, 2, attempt.pk)
        finish_attempt(attempt)
        closed = again.replace(
            " is_late)", " is_late, closed_at, score, out_of, percent, passed)"
        ).replace(" is_late FROM", " is_late, closed_at, score, out_of, percent, passed FROM")
        with pytest.raises(IntegrityError, match="attempt_number_once"):
            self.run(closed, 1, attempt.pk)


def test_wrong_answers_are_kept_like_right_ones(attempt):
    save_answers(attempt, [wrong_answer(row) for row in rows(attempt)])
    assert all(row.is_answered for row in rows(attempt))

"""The report of a quiz: whose attempts count, what is hidden, and how many queries it takes."""

from collections import Counter, defaultdict
from dataclasses import astuple
from decimal import Decimal
from random import Random
from uuid import UUID

import pytest

from accounts.models import User
from assessments.findings import Kind
from assessments.item_reports import keys_in, letter_of, quiz_report
from assessments.items import NOBODY, UNIT, Item, Whole, choices
from assessments.models import Answer, Bank, QuestionReport
from assessments.models.quiz import Question
from tests.assessments.builders import ask, make_quiz
from tests.assessments.crowd import by_skill, people, take


@pytest.fixture
def empty(lessons):
    return make_quiz(lessons[0].module, questions=False)


def all_right(place, question, options):
    if options:
        return (tuple(o.pk for o in options if o.is_correct), ""), question.points
    return ((), question.accept[0] if question.accept else "Because."), question.points


def saying(*texts):
    return lambda place, question, options: (((), texts[place % len(texts)]), Decimal(0))


def report_of(quiz, number=1):
    return next(one for one in quiz_report(quiz).items if one.number == number)


def test_a_quiz_that_nobody_took(quiz):
    report = quiz_report(quiz)
    assert (report.first, report.finished, report.learners, report.whole) == (0, 0, 0, None)
    assert [one.item for one in report.items] == [None] * 6
    assert [one.number for one in report.items] == [1, 2, 3, 4, 5, 6]
    assert not any(one.findings or one.given for one in report.items)


def test_numbers_appear_with_the_twentieth_first_attempt_and_are_reliable_from_fifty(quiz):
    everybody = people(60)
    take(quiz, everybody[:19], by_skill(Random(1)))
    report = quiz_report(quiz)
    assert (report.first, report.whole) == (19, None)
    assert all(one.item is None and one.asked == 19 and not one.given for one in report.items)
    assert all(option.choice.count == 0 for one in report.items for option in one.options)
    take(quiz, everybody[19:20], by_skill(Random(1)))
    report = quiz_report(quiz)
    assert report.whole
    assert not report.is_reliable
    assert all(one.item and not one.is_reliable for one in report.items)
    take(quiz, everybody[20:50], by_skill(Random(1)))
    assert quiz_report(quiz).is_reliable


def test_only_first_finished_attempts_of_learners_count(quiz, root):
    everybody = people(22)
    take(quiz, everybody, all_right)
    take(quiz, everybody, saying(""), number=2)
    take(quiz, people(22, "other"), saying(""), is_practice=True)
    take(quiz, [root], saying(""))
    report = quiz_report(quiz)
    assert (report.first, report.finished, report.learners) == (22, 44, 22)
    assert report.whole
    assert (report.whole.mean, report.whole.pass_rate) == (100, 1)
    assert report.items[0].item
    assert report.items[0].item.facility == 1
    quiz.attempts.filter(user=everybody[0], number=1).update(
        status="OPEN", closed_at=None, score=None, out_of=None, percent=None, passed=None
    )
    assert quiz_report(quiz).first == 21


def test_an_item_by_hand(empty):
    question = ask(empty, Question.Kind.SINGLE, "Which?", right=["yes"], wrong=["no", "perhaps"])
    ask(empty, Question.Kind.TEXT, "Say it.", accept=["for"])
    yes, no, _ = question.options.order_by("position")

    def half_know(place, row, options):
        knows = place < 10
        if row == question:
            return ((yes.pk if knows else no.pk,), ""), Decimal(knows)
        if place == 19:
            return ((), ""), Decimal(0)
        return ((), "for" if knows else "while"), Decimal(knows)

    take(empty, people(20), half_know)
    report = quiz_report(empty)
    first, second = report.items
    assert first.item
    assert (first.item.facility, first.item.discrimination) == (0.5, 1)
    assert (first.item.guess, first.item.corrected) == (pytest.approx(1 / 3), pytest.approx(0.25))
    assert [one.letter for one in first.options] == ["A", "B", "C"]
    assert [one.choice.count for one in first.options] == [10, 10, 0]
    assert first.options[0].choice.top == pytest.approx(1)
    assert first.options[1].choice.bottom == pytest.approx(1)
    assert [one.is_idle for one in first.options] == [False, False, True]
    assert [found.kind for found in first.findings] == [Kind.GOOD]
    assert second.item
    assert (second.item.omitted, second.item.guess) == (0.05, None)
    assert report.whole
    assert report.whole.alpha == pytest.approx(1)
    assert (report.whole.mean, report.whole.pass_rate) == (50, 0.5)


@pytest.mark.parametrize("seed", range(4))
def test_the_report_is_what_the_formulas_make_of_each_answer(quiz, seed):
    chance = Random(seed)
    bank = Bank.objects.create(quiz=quiz, name="Loops", pick=1)
    for number in (1, 2):
        ask(quiz, Question.Kind.SINGLE, f"Bank {number}", right=["a"], wrong=["b"], bank=bank)
    first = quiz.questions.filter(bank=bank).first()
    attempts = take(
        quiz, people(60), by_skill(chance),
        asked=lambda place, row: not row.bank_id or (row == first) == (place % 3 > 0),
    )  # fmt: skip
    Answer.objects.filter(pk__in=chance.sample(list(quiz_answers(quiz)), 9)).update(mark=None)
    given = list(Answer.objects.filter(attempt__quiz=quiz, mark__isnull=False).order_by("pk"))
    units = {(one.attempt_id, one.question_id): round(one.mark * UNIT) for one in given}
    totals, sets = Counter[UUID](), defaultdict[UUID, list[UUID]](list)
    paying = {row.pk for row in quiz.questions.all() if row.points}
    for (attempt, question), mark in sorted(units.items()):
        totals[attempt] += mark
        sets[attempt] += [question] if question in paying else []
    percents = {one.pk: 100 * float(one.score / one.out_of) for one in attempts}
    usual = Counter(tuple(sets[one.pk]) for one in attempts).most_common(1)[0][0]
    report = quiz_report(quiz)
    assert report.whole == Whole.of(
        list(percents.values()),
        [one.passed for one in attempts],
        [(one.closed_at - one.started_at).total_seconds() for one in attempts],
        pass_percent=quiz.pass_percent,
        alike={
            place: [units[one.pk, question] for question in usual]
            for place, one in enumerate(attempts)
            if tuple(sets[one.pk]) == usual
        },
    )
    for one in report.items:
        answers = [row for row in given if row.question_id == one.question.pk]
        assert one.asked == len(answers)
        if one.asked < 20:
            assert one.item is None
            continue
        marks = [units[row.attempt_id, row.question_id] for row in answers]
        said = [row for row in answers if row.text or row.chosen]
        is_single = one.question.kind == Question.Kind.SINGLE
        assert one.item == Item.of(
            marks,
            [totals[row.attempt_id] - mark for row, mark in zip(answers, marks, strict=True)],
            round(one.question.points * UNIT),
            options=one.question.options.count() if is_single else 0,
            omitted=len(answers) - len(said),
            seconds=[row.seconds for row in said],
        )
        found = choices(
            [tuple(row.chosen) for row in answers], [percents[row.attempt_id] for row in answers]
        )
        for option in one.options:
            choice = found.get(option.option.pk, NOBODY)
            assert astuple(option.choice) == pytest.approx(astuple(choice))


def quiz_answers(quiz):
    return Answer.objects.filter(attempt__quiz=quiz).order_by("pk").values_list("pk", flat=True)


def test_a_turned_key_is_found(empty):
    turned = ask(empty, Question.Kind.SINGLE, "Which?", right=["no"], wrong=["yes"])
    for number in range(4):
        ask(empty, Question.Kind.SINGLE, f"Question {number}", right=["a"], wrong=["b"])
    chance = Random(3)

    def know(place, row, options):
        knows = chance.random() < place / 60
        right = next(one for one in options if one.is_correct)
        wrong = next(one for one in options if not one.is_correct)
        picked = (wrong if knows else right) if row == turned else (right if knows else wrong)
        return ((picked.pk,), ""), Decimal(picked.is_correct)

    take(empty, people(60), know)
    found = report_of(empty)
    assert found.about_the_key
    assert found.findings[0].words.startswith("Strong learners choose B more often than A")
    assert quiz_report(empty).sorted_by("weakest")[0].number == 1


def test_sorting_puts_what_has_no_number_last(empty):
    ask(empty, Question.Kind.OPEN, "Why?", points=0)
    ask(empty, Question.Kind.SINGLE, "Easy", right=["a"], wrong=["b"])
    ask(empty, Question.Kind.SINGLE, "Hard", right=["a"], wrong=["b"])

    def know(place, row, options):
        if not options:
            return ((), ""), Decimal(0)
        knows = place % (5 if row.prompt == "Hard" else 2) == 0
        return ((options[0 if knows else 1].pk,), ""), Decimal(knows)

    take(empty, people(20), know)
    report = quiz_report(empty)
    assert [one.number for one in report.sorted_by("order")] == [1, 2, 3]
    assert [one.number for one in report.sorted_by("hardest")] == [3, 2, 1]
    assert report.sorted_by("weakest")[-1].number == 1


def test_a_bank_is_judged_by_those_who_were_asked(empty):
    bank = Bank.objects.create(quiz=empty, name="Loops", pick=1)
    ask(empty, Question.Kind.SINGLE, "Asked of all", right=["a"], wrong=["b"])
    for number in (1, 2):
        ask(empty, Question.Kind.SINGLE, f"Bank {number}", right=["a"], wrong=["b"], bank=bank)
    take(
        empty, people(48), all_right,
        asked=lambda place, row: row.bank_id is None or (row.position == 2) == (place < 32),
    )  # fmt: skip
    report = quiz_report(empty)
    assert report.has_banks
    assert [one.asked for one in report.items] == [48, 32, 16]
    assert [one.item is not None for one in report.items] == [True, True, False]
    assert report.whole
    assert report.whole.alike == 32


def test_the_most_frequent_answers_are_counted_as_they_are_compared(empty):
    ask(empty, Question.Kind.TEXT, "Say it.", accept=["for"])
    ask(empty, Question.Kind.NUMERIC, "How much?", accept=["3.5"])
    words = ["For", "for ", "for", "<b>while</b>"]
    numbers = ["3.5", "3,50", "4", "four"]

    def say(place, row, options):
        return ((), (words if row.kind == "TEXT" else numbers)[place % 4]), Decimal(0)

    take(empty, people(24), say)
    text, number = quiz_report(empty).items
    assert [(one.text, one.count, one.accepted) for one in text.given] == [
        ("For", 18, True), ("<b>while</b>", 6, False),
    ]  # fmt: skip
    assert [(one.count, one.accepted) for one in number.given] == [
        (12, True),
        (6, False),
        (6, False),
    ]
    many = ask(empty, Question.Kind.TEXT, "Anything", accept=["x"])
    others = people(30, "more")
    take(empty, others, lambda place, row, options: (((), f"answer {place}"), Decimal(0)))
    assert len(next(one for one in quiz_report(empty).items if one.question == many).given) == 8


def test_open_questions_tell_how_people_judged_themselves(empty):
    ask(empty, Question.Kind.OPEN, "Why?", points=0)
    take(empty, people(24), saying("A secret thought"))
    assert report_of(empty).checked == []
    Answer.objects.filter(pk__in=Answer.objects.all()[:3]).update(self_check="YES")
    (report,) = quiz_report(empty).items
    assert [(one.count, one.of) for one in report.checked] == [(3, 3), (0, 3), (0, 3)]
    assert (report.facility, report.findings, report.given) == (None, [], [])


def test_archived_questions_and_options_stay_while_they_say_something(quiz):
    take(quiz, people(24), by_skill(Random(4)))
    asked, option = quiz.questions.first(), quiz.questions.get(position=2).options.last()
    fresh = ask(quiz, Question.Kind.TEXT, "Never asked", accept=["x"])
    for row in (asked, fresh, option):
        type(row).objects.filter(pk=row.pk).update(deleted_at="2026-10-01T00:00Z")
    report = quiz_report(quiz)
    assert [one.question.position for one in report.items] == [2, 3, 4, 5, 6, 1]
    assert len(report.items[0].options) in (3, 4)


def test_open_reports_are_counted(quiz, ada, bob):
    question = quiz.questions.first()
    QuestionReport.objects.create(question=question, user=ada, text="Wrong.")
    QuestionReport.objects.create(question=question, user=bob, text="Wrong.")
    QuestionReport.objects.filter(user=bob).update(
        status="DECLINED", replied_at="2026-10-01T00:00Z"
    )
    report = quiz_report(quiz)
    assert (report.waiting, report.items[0].waiting) == (1, 1)


@pytest.mark.parametrize("size", [0, 12, 80])
def test_the_number_of_queries_stays(quiz, django_assert_num_queries, size):
    take(quiz, people(size), by_skill(Random(5)))
    for number in range(size // 4):
        ask(quiz, Question.Kind.SINGLE, f"Another {number}", right=["a"], wrong=["b"])
    with django_assert_num_queries(6):
        quiz_report(quiz)


def test_attempts_closed_by_the_clock_lasted_until_their_deadline(quiz):
    take(quiz, people(22), all_right)
    first = quiz.attempts.first()
    quiz.attempts.update(deadline=first.started_at, closed_at=first.closed_at)
    whole = quiz_report(quiz).whole
    assert whole
    assert whole.seconds == 0


def test_arrays_and_letters():
    assert keys_in("{}") == ()
    assert keys_in("{a,b}") == ("a", "b")
    assert (letter_of(0), letter_of(25), letter_of(26)) == ("A", "Z", "27")


def test_staff_are_people_with_the_role(quiz):
    crowd = people(22)
    take(quiz, crowd, all_right)
    User.objects.filter(pk=crowd[0].pk).update(role=User.Role.ADMIN)
    assert quiz_report(quiz).first == 21

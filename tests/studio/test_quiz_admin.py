"""Writing quizzes in the admin: a lesson becomes one, questions are checked in words."""

import re
from decimal import Decimal

import pytest

from assessments.answering import save_answers
from assessments.attempts import finish_attempt, start_attempt
from assessments.models import Bank, Option, Question, Quiz
from assessments.questions import (
    BankInUse,
    QuestionRefused,
    create_quiz,
    move_question,
    restore_question,
    save_banks,
    save_question,
)
from courses.markdown import RENDERING
from courses.models import Course, Lesson
from studio.admin import question_forms
from studio.admin.quiz import BankFormSet
from studio.admin.verbs import LabelledFormSet
from tests.assessments.builders import ask, make_quiz, right_answer, rows
from tests.studio.test_admin import do, inline

pytestmark = pytest.mark.django_db


def take(user, quiz):
    attempt, _ = start_attempt(user, quiz)
    save_answers(attempt, [right_answer(one) for one in rows(attempt)])
    return finish_attempt(attempt).attempt


def form_of(quiz, *options, initial=0, **fields):
    """What the form of a question sends."""
    form = {
        "quiz": str(quiz.pk), "kind": "SINGLE", "prompt": "Is `1` *true*?", "points": "1",
        "bank": "", "accept": "", "tolerance": "", "explanation": "It is **so**.",
        "model_answer": "", "taught_in": "", "topics": "truth\nvalues", "shuffle": "on",
    }  # fmt: skip
    return {**form, **inline("options", *options, initial=initial), **fields}


def option(text, *, correct=False, pk="", **fields):
    row = {"text": text, "feedback": "", "position": "0", "id": str(pk), **fields}
    return {**row, "is_correct": "on"} if correct else row


def rows_of(question):
    return [
        option(one.text, correct=one.is_correct, pk=one.pk, position=str(one.position))
        for one in question.options.order_by("position")
    ]


YES, NO = option("`Yes`", correct=True), option("No", feedback="Not *quite*.")


def act(desk, question, verb):
    page = f"/admin/assessments/question/{question.pk}/{verb}/do/"
    return desk.post(page, follow=True)


def test_every_page_opens_for_an_admin_and_for_nobody_else(desk, as_, ada, quiz):
    question = quiz.questions.first()
    pages = [
        "/admin/assessments/quiz/", f"/admin/assessments/quiz/{quiz.pk}/change/",
        "/admin/assessments/question/", f"/admin/assessments/question/add/?quiz={quiz.pk}",
        f"/admin/assessments/question/{question.pk}/change/",
        f"/admin/assessments/question/?quiz__id__exact={quiz.pk}&deleted=1",
        "/admin/assessments/question/add/?quiz=nonsense",
    ]  # fmt: skip
    for page in pages:
        answer = desk.get(page)
        assert answer.status_code == 200, page
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script>", answer.content.decode()), page
        assert as_(ada).get(page).status_code == 302, page
    assert desk.get("/admin/assessments/quiz/add/").status_code == 403
    assert desk.get(f"/admin/assessments/quiz/{quiz.pk}/delete/").status_code == 403
    assert desk.get(f"/admin/assessments/question/{question.pk}/delete/").status_code == 403


def test_a_quiz_is_made_by_forms_alone(desk, course, lessons):
    module = lessons[0].module
    lesson = {
        "module": str(module.pk), "title": "Check", "slug": "check", "kind": "QUIZ", "summary": "",
        "content": "", "minutes": 4, "xp_reward": 10, "status": "DRAFT", "is_required": "on",
        "widget_height": 420,
    }  # fmt: skip
    early = desk.post("/admin/courses/lesson/add/", {**lesson, "status": "PUBLISHED"})
    assert "Save the quiz as a draft" in early.content.decode()
    assert desk.post("/admin/courses/lesson/add/", lesson).status_code == 302
    made = Lesson.objects.get(slug="check")
    assert (made.completion, made.kind) == ("BY_PASSING", "QUIZ")
    quiz = Quiz.objects.get(lesson=made)
    html = desk.get(f"/admin/courses/lesson/{made.pk}/change/").content.decode()
    assert f"/admin/assessments/quiz/{quiz.pk}/change/" in html
    assert "no question that pays points" in html

    answer = do(desk, "lesson", made, "publish")
    assert "Check was not published. The quiz has no question" in answer.content.decode()
    page = f"/admin/assessments/question/add/?quiz={quiz.pk}"
    answer = desk.post(page, form_of(quiz, YES, NO))
    assert answer.status_code == 302, answer.context and answer.context["errors"]
    assert answer["Location"] == f"/admin/assessments/quiz/{quiz.pk}/change/"
    question = Question.objects.get(quiz=quiz)
    assert question.prompt_html == "<p>Is <code>1</code> <em>true</em>?</p>\n"
    assert question.explanation_html == "<p>It is <strong>so</strong>.</p>\n"
    assert (question.topics, question.position, question.rendering) == (
        ["truth", "values"], 1, RENDERING,
    )  # fmt: skip
    first, second = question.options.order_by("position")
    assert (first.text_html, first.is_correct) == ("<p><code>Yes</code></p>\n", True)
    assert (second.feedback_html, second.position) == ("<p>Not <em>quite</em>.</p>\n", 2)
    do(desk, "lesson", made, "publish")
    made.refresh_from_db()
    assert made.status == "PUBLISHED"


def test_a_quiz_is_made_in_the_table_of_a_module(desk, lessons):
    module = lessons[0].module
    form = {"title": "M", "slug": "start", "description": "", "syllabus": "", "position": 1}
    row = {"title": "Check", "kind": "QUIZ", "minutes": 4, "status": "DRAFT", "position": 0}
    page = f"/admin/courses/module/{module.pk}/change/"
    assert desk.post(page, {**form, **inline("lessons", row)}).status_code == 302
    made = Lesson.objects.get(title="Check")
    assert made.completion == "BY_PASSING"
    assert create_quiz(made) == Quiz.objects.get(lesson=made)


def test_a_course_with_an_empty_quiz_is_not_published(desk, course, lessons):
    make_quiz(lessons[0].module, questions=False)
    Course.objects.filter(pk=course.pk).update(status="DRAFT", summary="")
    answer = do(desk, "course", course, "publish")
    html = answer.content.decode()
    assert "Check yourself: The quiz has no question that pays points" in html
    assert "The course has no summary for its card." in html
    course.refresh_from_db()
    assert course.status == "DRAFT"


@pytest.mark.parametrize(
    ("fields", "options", "words"),
    [
        ({}, [YES], "Write at least two options."),
        ({}, [option("a"), option("b")], "Mark exactly one option as correct; none is."),
        ({}, [YES, option("b", correct=True)], "Mark exactly one option as correct; 2 are."),
        ({"kind": "MULTI"}, [option("a"), option("b")], "Mark at least one option as correct."),
        ({}, [YES, option("`Yes` ")], "Two options say the same."),
        ({}, [YES, *[option(str(n)) for n in range(20)]], "Write at most 20 options."),
        ({"accept": "yes"}, [YES, NO], "Only text and number questions have accepted answers."),
        ({"tolerance": "1%"}, [YES, NO], "Only number questions have a tolerance."),
        ({"kind": "TEXT"}, [], "Write at least one accepted answer."),
        ({"kind": "TEXT", "accept": "a\x00b"}, [], "cannot be shown"),
        ({"kind": "TEXT", "accept": "x" * 501}, [], "501 of at most 500 characters"),
        ({"kind": "TEXT", "accept": "for"}, [YES, NO], "Only choice questions have options."),
        ({"kind": "NUMERIC", "accept": "3.5\nmany"}, [], "“many” is not a number."),
        ({"kind": "NUMERIC", "accept": "3", "tolerance": "much"}, [], "Write the tolerance as"),
        ({"kind": "OPEN", "model_answer": "So."}, [], "Open questions pay no points"),
        ({"kind": "OPEN", "points": "0"}, [], "Write a model answer"),
        ({"prompt": ""}, [YES, NO], "Fill this in."),
        ({"points": "101"}, [YES, NO], "Enter 100 or less."),
        ({"quiz": "nonsense"}, [YES, NO], "Select a valid choice"),
        ({"topics": "x" * 61}, [YES, NO], "61 of at most 60"),
        ({"prompt": "a\x00b"}, [YES, NO], "This text holds characters that cannot be kept."),
        ({"bank": "7"}, [YES, NO], "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_in_words(desk, quiz, fields, options, words):
    before = Question.objects.count()
    form = {**form_of(quiz, *options), **fields}
    answer = desk.post("/admin/assessments/question/add/", form)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert Question.objects.count() == before


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "TEXT", "accept": "for\r\n  For  \n"},
        {"kind": "NUMERIC", "accept": "3,14\n2e-3", "tolerance": "1%"},
        {"kind": "OPEN", "points": "0", "model_answer": "Because."},
    ],
)
def test_questions_without_options(desk, quiz, fields):
    blank = option("")
    answer = desk.post("/admin/assessments/question/add/", form_of(quiz, blank, **fields))
    assert answer.status_code == 302
    made = Question.objects.latest("position")
    assert (made.kind, made.options.count()) == (fields["kind"], 0)


def test_another_question_belongs_to_the_same_quiz(desk, quiz):
    form = form_of(quiz, YES, NO, _addanother="1")
    answer = desk.post("/admin/assessments/question/add/", form)
    assert answer["Location"].endswith(f"?quiz={quiz.pk}")


def test_a_bank_and_a_lesson_of_somewhere_else_are_no_choice(desk, quiz, lessons):
    other = make_quiz(lessons[2].module, "other")
    bank = Bank.objects.create(quiz=other, name="Theirs")
    form = form_of(quiz, YES, NO, bank=str(bank.pk))
    answer = desk.post("/admin/assessments/question/add/", form)
    assert "Select a valid choice" in answer.content.decode()


def test_options_are_ordered_archived_and_brought_back(desk, ada, quiz):
    question = quiz.questions.get(position=1)
    page = f"/admin/assessments/question/{question.pk}/change/"
    data = rows_of(question)
    data[0]["position"], data[2]["position"] = "3", "1"
    assert desk.post(page, form_of(quiz, *data, initial=3)).status_code == 302
    assert [one.text for one in question.options.order_by("position")] == ["4", "3.5", "3"]
    data = rows_of(question)
    data[1]["archived"] = "on"
    assert desk.post(page, form_of(quiz, *data, initial=3)).status_code == 302
    assert [one.text for one in question.options.all()] == ["4", "3"]  # never asked: gone

    take(ada, quiz)
    data = [*rows_of(question), option("5")]
    data[0]["archived"] = "on"
    assert desk.post(page, form_of(quiz, *data, initial=2)).status_code == 302
    four = question.options.get(text="4")
    assert four.deleted_at
    assert four.position == 3
    assert "checked" in desk.get(page).content.decode()
    assert desk.post(page, form_of(quiz, *rows_of(question), initial=3)).status_code == 302
    four.refresh_from_db()
    assert four.deleted_at is None


def test_a_changed_key_leads_to_the_preview_of_a_regrade(desk, ada, quiz):
    question = quiz.questions.get(position=1)
    page = f"/admin/assessments/question/{question.pk}/change/"
    attempt = take(ada, quiz)
    same = desk.post(page, form_of(quiz, *rows_of(question), initial=3), follow=True)
    assert "old key" not in same.content.decode()
    data = rows_of(question)
    del data[0]["is_correct"]
    data[1]["is_correct"] = "on"
    html = desk.post(page, form_of(quiz, *data, initial=3), follow=True).content.decode()
    assert "1 attempt was marked by the old key." in html
    assert f'href="/studio/quizzes/{quiz.pk}/regrade/"' in html
    attempt.refresh_from_db()
    assert attempt.percent == 100


def test_an_option_that_nobody_was_shown_changes_no_key(ada, quiz):
    question = quiz.questions.get(position=2)
    take(ada, quiz)
    options = list(question.options.order_by("position"))
    fresh = Option(question=question, text="list()", is_correct=True)
    assert save_question(question, [*options, fresh]) == 0
    question.points = Decimal(2)
    assert save_question(question, [*options, fresh]) == 1


def test_an_asked_question_keeps_its_family(desk, ada, quiz):
    question = quiz.questions.get(position=1)
    take(ada, quiz)
    page = f"/admin/assessments/question/{question.pk}/change/"
    data = [{**row, "archived": "on"} for row in rows_of(question)]
    form = form_of(quiz, *data, initial=3, kind="TEXT", accept="3")
    assert "Learners have answered it as it is." in desk.post(page, form).content.decode()
    form = form_of(quiz, *rows_of(question), initial=3, kind="MULTI")
    assert desk.post(page, form).status_code == 302
    question.refresh_from_db()
    question.kind, question.accept = "TEXT", ["3"]
    with pytest.raises(QuestionRefused, match="Archive it"):
        save_question(question, [])


def test_questions_are_archived_restored_and_moved_by_buttons(desk, ada, quiz):
    first, second = quiz.questions.order_by("position")[:2]
    assert act(desk, first, "down").status_code == 200
    order = [one.pk for one in quiz.questions.order_by("position")]
    assert order[:2] == [second.pk, first.pk]
    act(desk, first, "archive")
    html = act(desk, first, "archive").content.decode()
    assert "nothing to change." in html
    first.refresh_from_db()
    assert first.deleted_at
    page = f"/admin/assessments/quiz/{quiz.pk}/change/"
    html = desk.get(page).content.decode()
    assert "Archived (1)" in html
    assert str(first) not in html
    assert not move_question(first, "up")
    act(desk, first, "restore")
    assert not restore_question(first)
    assert "Archived" not in desk.get(page).content.decode()
    assert not move_question(second, "up")


def test_archiving_the_last_question_that_pays_is_told(desk, lessons):
    quiz = make_quiz(lessons[0].module, questions=False)
    question = ask(quiz, "SINGLE", "One?", right=["a"], wrong=["b"])
    html = act(desk, question, "archive").content.decode()
    assert "no question that pays points" in html


def test_rules_and_banks(desk, quiz):
    page = f"/admin/assessments/quiz/{quiz.pk}/change/"
    rules = {
        "pass_percent": "80", "time_limit": "", "max_attempts": "3", "wait": "10",
        "review": "EACH", "layout": "ALL", "shuffle": "on",
    }  # fmt: skip
    bank = {"name": "Loops", "pick": "2"}
    assert desk.post(page, {**rules, **inline("banks", bank)}).status_code == 302
    quiz.refresh_from_db()
    assert (quiz.pass_percent, quiz.max_attempts, quiz.shuffle) == (80, 3, True)
    made = quiz.banks.get()
    assert "The bank “Loops” has 0 of the 2 questions" in desk.get(page).content.decode()
    quiz.questions.filter(position=1).update(bank=made)
    row = {**bank, "id": str(made.pk), "DELETE": "on"}
    answer = desk.post(page, {**rules, **inline("banks", row, initial=1)})
    assert "Move them first" in answer.content.decode()
    quiz.questions.update(bank=None)
    assert desk.post(page, {**rules, **inline("banks", row, initial=1)}).status_code == 302
    twins = inline("banks", bank, bank)
    assert "duplicate" in desk.post(page, {**rules, **twins}).content.decode()
    wrong = desk.post(page, {**rules, "pass_percent": "0", **inline("banks")})
    assert "Enter 1 or more." in wrong.content.decode()


def test_another_passing_score_leads_to_the_preview_of_a_regrade(desk, ada, quiz):
    take(ada, quiz)
    page = f"/admin/assessments/quiz/{quiz.pk}/change/"
    rules = {"pass_percent": "80", "wait": "0", "review": "LAST", "layout": "ONE"}
    html = desk.post(page, {**rules, **inline("banks")}, follow=True).content.decode()
    assert "1 attempt was judged by the old passing score." in html
    html = desk.post(page, {**rules, **inline("banks")}, follow=True).content.decode()
    assert "old passing score" not in html


def test_a_bank_with_questions_is_not_deleted(quiz):
    bank = Bank.objects.create(quiz=quiz, name="Loops")
    quiz.questions.filter(position=1).update(bank=bank)
    with pytest.raises(BankInUse, match="every attempt would ask all"):
        save_banks(quiz, [], [bank])


def test_a_bank_stays_with_archived_questions_too(desk, quiz):
    """Restored without it, they would always be asked."""
    bank = Bank.objects.create(quiz=quiz, name="Loops")
    question = quiz.questions.get(position=1)
    question.bank = bank
    question.save()
    act(desk, question, "archive")
    with pytest.raises(BankInUse, match="has archived questions"):
        save_banks(quiz, [], [bank])
    page = f"/admin/assessments/quiz/{quiz.pk}/change/"
    row = {"name": "Loops", "pick": "1", "id": str(bank.pk), "DELETE": "on"}
    rules = {"pass_percent": "70", "wait": "0", "review": "LAST", "layout": "ONE"}
    html = desk.post(page, {**rules, **inline("banks", row, initial=1)}).content.decode()
    assert "has archived questions" in html
    act(desk, question, "restore")
    question.refresh_from_db()
    assert question.bank == bank


def test_what_became_impossible_after_the_check_is_told_and_nothing_saved(
    desk, ada, quiz, monkeypatch
):
    question = quiz.questions.get(position=1)
    options = rows_of(question)
    take(ada, quiz)
    monkeypatch.setattr(question_forms, "may_become", lambda *_: True)
    page = f"/admin/assessments/question/{question.pk}/change/"
    rows = [{**row, "archived": "on"} for row in options]
    form = form_of(quiz, *rows, initial=3, kind="TEXT", accept="3")
    html = desk.post(page, form, follow=True).content.decode()
    assert "Nothing was saved" in html
    assert "Learners have answered it as it is." in html
    question.refresh_from_db()
    assert question.kind == "SINGLE"


def test_a_bank_that_got_questions_after_the_check_stays_and_so_do_the_rules(
    desk, ada, quiz, monkeypatch
):
    take(ada, quiz)
    bank = Bank.objects.create(quiz=quiz, name="Loops")
    quiz.questions.filter(position=1).update(bank=bank)
    monkeypatch.setattr(BankFormSet, "clean", LabelledFormSet.clean)
    page = f"/admin/assessments/quiz/{quiz.pk}/change/"
    row = {"name": "Loops", "pick": "1", "id": str(bank.pk), "DELETE": "on"}
    rules = {"pass_percent": "90", "wait": "0", "review": "LAST", "layout": "ONE"}
    answer = desk.post(page, {**rules, **inline("banks", row, initial=1)}, follow=True)
    html = answer.content.decode()
    assert "Nothing was saved" in html
    assert "The bank “Loops” has questions." in html
    assert "old passing score" not in html
    quiz.refresh_from_db()
    assert quiz.pass_percent == 70


@pytest.mark.parametrize(("pick", "extra", "warned"), [(1, 0, True), (2, 0, False), (1, 1, False)])
def test_a_draw_that_may_pay_nothing_is_warned_about(desk, lessons, pick, extra, warned):
    quiz = make_quiz(lessons[0].module, questions=False)
    bank = Bank.objects.create(quiz=quiz, name="Mixed", pick=pick)
    ask(quiz, "SINGLE", "Pays?", right=["a"], wrong=["b"], bank=bank)
    ask(quiz, "OPEN", "Why?", model_answer="So.", points=0, bank=bank)
    for _ in range(extra):
        ask(quiz, "SINGLE", "Always?", right=["a"], wrong=["b"])
    ask(quiz, "SINGLE", "Archived?", right=["a"], wrong=["b"], deleted_at=quiz.lesson.created_at)
    html = desk.get(f"/admin/assessments/quiz/{quiz.pk}/change/").content.decode()
    assert ("An attempt may draw only questions that pay no points" in html) == warned
    assert "nobody could pass it" not in html


def test_a_bank_of_another_quiz_or_of_none_is_refused(quiz, lessons):
    other = make_quiz(lessons[1].module, "other")
    question = quiz.questions.get(position=1)
    question.bank = Bank.objects.create(quiz=other, name="Elsewhere")
    with pytest.raises(QuestionRefused, match="no such bank"):
        save_question(question, list(question.options.all()))


def test_the_outline_of_a_quiz_takes_as_many_queries_for_many_questions(
    desk, quiz, django_assert_max_num_queries
):
    for number in range(40):
        ask(quiz, "SINGLE", f"Question {number}", right=["a"], wrong=["b"])
    with django_assert_max_num_queries(16):
        desk.get(f"/admin/assessments/quiz/{quiz.pk}/change/")

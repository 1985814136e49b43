"""Quizzes and assignments are written on the authors' desk, by the rules of the admin."""

import re

import pytest

from assessments import authoring
from assessments.answering import save_answers
from assessments.attempts import finish_attempt, start_attempt
from assessments.models import Bank, Option, Question, Quiz, TestCase
from studio.outline import add_lesson, new_course
from tests.assessments.builders import right_answer, rows
from tests.assessments.code_builders import make_assignment
from tests.studio.authoring import HTMX, options, question_form, rules_form, sent_by

pytestmark = pytest.mark.django_db


def page(quiz):
    return f"/studio/quizzes/{quiz.pk}/edit/"


def take(user, quiz):
    attempt, _ = start_attempt(user, quiz)
    save_answers(attempt, [right_answer(one) for one in rows(attempt)])
    return finish_attempt(attempt).attempt


class TestWritingAQuestion:
    def new(self, desk, quiz, kind="SINGLE", **fields):
        form = {"kind": kind, "prompt": "Is it *so*?", "points": "1", "shuffle": "on"}
        address = f"/studio/quizzes/{quiz.pk}/questions/new/?kind={kind}"
        return desk.post(address, {**form, **fields})

    @pytest.fixture
    def quiz(self):
        lesson = add_lesson(new_course({"title": "Loops"}).modules.get(), "Check", "QUIZ")
        return Quiz.objects.get(lesson=lesson)

    def test_a_question_is_saved_with_its_options_in_order(self, desk, quiz):
        answer = self.new(desk, quiz, **options("Yes", "No", ""))
        assert answer["Location"].startswith(f"{page(quiz)}#question-")
        question = Question.objects.get()
        assert "<em>so</em>" in question.prompt_html
        texts = question.options.order_by("position").values_list("text", "is_correct")
        assert list(texts) == [("Yes", True), ("No", False)]

    @pytest.mark.parametrize(
        ("kind", "fields"),
        [
            ("TEXT", {"accept": "for\nwhile", "match_case": "on"}),
            ("NUMERIC", {"accept": "3.14", "tolerance": "1%"}),
            ("OPEN", {"model_answer": "Because.", "points": ""}),
        ],
    )
    def test_each_other_kind_shows_and_saves_its_own_fields(self, desk, quiz, kind, fields):
        address = f"/studio/quizzes/{quiz.pk}/questions/new/?kind={kind}"
        assert b"options-TOTAL_FORMS" not in desk.get(address).content
        assert self.new(desk, quiz, kind, **fields).status_code == 303
        assert Question.objects.get().kind == kind

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            (options("Yes", "No", right=9), b"Mark exactly one option as correct"),
            (options("Yes"), b"Write at least two options"),
            (options("Yes", "Yes"), b"Two options say the same"),
            ({**options("Yes", "No"), "prompt": ""}, b"Enter the question"),
            ({**options("Yes", "No"), "prompt": "a\x00b"}, b"characters that cannot be kept"),
            ({**options("Yes", "No"), "points": "-1"}, b"Enter 0 or more."),
            ({**options("Yes", "No"), "bank": "nonsense"}, b"Select a valid choice"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_said_and_what_was_typed_stays(self, desk, quiz, fields, words):
        answer = self.new(desk, quiz, **{"explanation": "As typed.", **fields})
        assert answer.status_code == 422
        assert words in answer.content
        assert b"As typed." in answer.content
        assert not Question.objects.exists()

    def test_a_choice_becomes_no_open_question(self, desk, quiz):
        form = {"kind": "OPEN", "prompt": "So?", "points": "0", **options("Yes", "No")}
        answer = desk.post(f"/studio/quizzes/{quiz.pk}/questions/new/?kind=SINGLE", form)
        assert answer.status_code == 422
        assert b"Select a valid choice" in answer.content

    def test_a_fault_of_the_options_alone_is_told_and_focused(self, desk, quiz):
        answer = self.new(desk, quiz, **options("Yes", "No", right=9)).content.decode()
        assert "<title>Error: " in answer
        assert answer.count("data-focus") == 1

    def test_the_focus_stays_among_the_rows(self, desk, quiz):
        answer = self.new(desk, quiz, go="remove-0", **options("Yes", "No")).content
        assert re.search(rb'value="remove-0"[^>]* data-focus', answer)
        answer = self.new(desk, quiz, go="remove-0", **options("Yes")).content
        assert re.search(rb'id="add-option"[^>]* data-focus', answer)

    def test_an_unknown_kind_is_not_found(self, desk, quiz):
        address = f"/studio/quizzes/{quiz.pk}/questions/new/?kind=RIDDLE"
        assert desk.get(address).status_code == 404

    def test_rows_come_go_and_change_places_without_being_saved(self, desk, quiz):
        answer = self.new(desk, quiz, go="add", **options("Yes", "No"))
        assert (answer.status_code, len(answer.context["rows"].forms)) == (200, 3)
        assert b"There is a problem" not in answer.content
        answer = self.new(desk, quiz, go="remove-0", **options("Yes", "No", "Maybe", right=2))
        assert [row["text"].value() for row in answer.context["rows"].forms] == ["No", "Maybe"]
        assert answer.context["rows"].forms[1]["is_correct"].value()
        answer = self.new(desk, quiz, go="up-1", **options("Yes", "No"))
        texts = [row["text"].value() for _, row in answer.context["ordered"]]
        assert texts == ["No", "Yes"]
        assert not Question.objects.exists()

    @pytest.mark.parametrize("go", ["remove-99", "remove-x", "up-0", "down-7", "up-", "add"])
    def test_rows_that_are_not_there_are_no_fault(self, desk, quiz, go):
        assert self.new(desk, quiz, go=go, **options("Yes", "No")).status_code == 200
        sent = {**options("Yes"), "options-TOTAL_FORMS": "9" * 9}
        assert self.new(desk, quiz, go=go, **sent).status_code == 200

    def test_the_next_one_is_of_the_same_kind(self, desk, quiz):
        answer = self.new(desk, quiz, go="next", **options("Yes", "No"))
        assert answer["Location"].endswith("/questions/new/?kind=SINGLE")


class TestChangingAQuestion:
    def test_a_changed_key_leads_to_marking_again(self, desk, quiz, ada):
        take(ada, quiz)
        question = quiz.questions.get(position=1)
        standing = list(question.options.order_by("position"))
        keys = [one.pk for one in standing]
        texts = [one.text for one in standing]
        change = options(*texts, right=1, initial=3, keys=keys)
        sent = {**question_form(desk, question), **change}
        del sent["options-0-is_correct"]
        answer = desk.post(f"/studio/questions/{question.pk}/", sent, follow=True)
        assert b"1 attempt was marked by the old key" in answer.content
        assert f"/studio/quizzes/{quiz.pk}/regrade/".encode() in answer.content

    def test_an_option_that_is_taken_out_stays_for_those_who_saw_it(self, desk, quiz, ada):
        take(ada, quiz)
        question = quiz.questions.get(position=1)
        last = question.options.order_by("position").last()
        sent = question_form(desk, question, **{"options-2-archived": "on"})
        assert desk.post(f"/studio/questions/{question.pk}/", sent).status_code == 303
        assert Option.objects.get(pk=last.pk).deleted_at

    def test_who_saves_over_somebody_else_sees_both(self, desk, quiz):
        question = quiz.questions.get(position=3)
        mine = question_form(desk, question, prompt="Mine?")
        Question.objects.filter(pk=question.pk).update(prompt="Theirs?")
        answer = desk.post(f"/studio/questions/{question.pk}/", mine)
        assert answer.status_code == 409
        assert b"Mine?" in answer.content
        assert b"Theirs?" in answer.content
        again = {**dict(answer.context["sent"]), "version": answer.context["version"]}
        assert desk.post(f"/studio/questions/{question.pk}/", again).status_code == 303
        assert Question.objects.get(pk=question.pk).prompt == "Mine?"

    def test_questions_move_are_archived_and_come_back(self, desk, quiz):
        first = quiz.questions.get(position=1)
        answer = desk.post(f"/studio/questions/{first.pk}/do/down/", **HTMX)
        assert "question 2 of 6" in answer["HX-Trigger"]
        answer = desk.post(f"/studio/questions/{first.pk}/do/archive/", follow=True)
        assert b"is archived." in answer.content
        desk.post(f"/studio/questions/{first.pk}/do/restore/")
        assert quiz.questions.filter(deleted_at=None).count() == 6

    def test_a_pair_of_pages_asks_the_same_however_many_questions(
        self, desk, quiz, django_assert_max_num_queries
    ):
        for question in list(quiz.questions.all()) * 5:
            Question.objects.create(quiz=quiz, prompt=question.prompt, position=9)
        with django_assert_max_num_queries(13):
            desk.get(page(quiz))
        with django_assert_max_num_queries(8):
            desk.get(f"/studio/quizzes/{quiz.pk}/preview/")


class TestTheRules:
    def test_are_saved_with_a_bank(self, desk, quiz):
        bank = {"banks-TOTAL_FORMS": 1, "banks-0-name": "loops", "banks-0-pick": "2"}
        sent = rules_form(desk, quiz, pass_percent="80", time_limit="", **bank)
        assert desk.post(page(quiz), sent).status_code == 303
        assert (Quiz.objects.get().pass_percent, Bank.objects.get().pick) == (80, 2)

    @pytest.mark.parametrize("wrong", [{"pass_percent": "101"}, {"time_limit": "x"}, {"wait": ""}])
    def test_what_is_wrong_is_said(self, desk, quiz, wrong):
        answer = desk.post(page(quiz), rules_form(desk, quiz, **wrong))
        assert answer.status_code == 422
        assert b"There is a problem" in answer.content

    def test_a_fault_of_the_banks_alone_is_told_and_focused(self, desk, quiz):
        rows = [(None, {"name": "loops", "pick": "x"})]
        answer = desk.post(page(quiz), rules_form(desk, quiz, *rows))
        assert answer.status_code == 422
        text = answer.content.decode()
        assert "<title>Error: " in text
        assert "Bank 1: Enter a whole number." in text
        assert text.count("data-focus") == 1

    def test_another_passing_score_leads_to_judging_again(self, desk, quiz, ada):
        take(ada, quiz)
        sent = rules_form(desk, quiz, pass_percent="90")
        answer = desk.post(page(quiz), sent, follow=True)
        assert b"judged by the old passing score" in answer.content

    def test_a_bank_in_use_stays(self, desk, quiz):
        bank = Bank.objects.create(quiz=quiz, name="loops")
        quiz.questions.update(bank=bank)
        rows = {
            "banks-TOTAL_FORMS": 1, "banks-INITIAL_FORMS": 1, "banks-0-id": str(bank.pk),
            "banks-0-name": "loops", "banks-0-pick": "1", "banks-0-DELETE": "on",
        }  # fmt: skip
        assert desk.post(page(quiz), rules_form(desk, quiz, **rows)).status_code == 422
        assert Bank.objects.exists()


class TestAnAssignment:
    @pytest.fixture
    def assignment(self, lessons):
        return make_assignment(lessons[0].module, "adding")

    def test_code_and_rules_are_saved_and_put_on_trial(self, desk, assignment):
        address = f"/studio/assignments/{assignment.pk}/edit/"
        sent = sent_by(desk.get(address), "code", solution="def add(a, b):\n    return b + a\n")
        before = assignment.revision
        assert desk.post(address, sent).status_code == 303
        assignment.refresh_from_db()
        assert "b + a" in assignment.solution
        assert assignment.revision == before + 1

    @pytest.mark.parametrize(
        "wrong", [{"function": "no name"}, {"pass_percent": "0"}, {"compare": "tokens"},
                  {"cpu_seconds": "nan"}, {"solution": "a\x00b"}],
    )  # fmt: skip
    def test_what_is_wrong_is_said_and_nothing_is_lost(self, desk, assignment, wrong):
        address = f"/studio/assignments/{assignment.pk}/edit/"
        sent = sent_by(desk.get(address), "code", **{"starter": "# as typed", **wrong})
        answer = desk.post(address, sent)
        assert answer.status_code == 422
        assert b"# as typed" in answer.content

    def test_a_case_is_added_last_changed_moved_archived_and_restored(self, desk, assignment):
        address = f"/studio/assignments/{assignment.pk}/cases/new/"
        form = {"name": "adds more", "args": "[2, 2]", "expected": "4", "points": "1"}
        assert desk.post(address, form).status_code == 303
        case = assignment.cases.in_order().last()
        assert (case.name, case.args) == ("adds more", [2, 2])
        sent = sent_by(desk.get(f"/studio/cases/{case.pk}/"), "case_form", name="adds anew")
        assert desk.post(f"/studio/cases/{case.pk}/", sent).status_code == 303
        answer = desk.post(f"/studio/cases/{case.pk}/do/up/", **HTMX)
        assert "Moved: it is case" in answer["HX-Trigger"]
        assert assignment.cases.in_order().last().pk != case.pk
        desk.post(f"/studio/cases/{case.pk}/do/archive/")
        assert TestCase.objects.get(pk=case.pk).deleted_at
        sent = sent_by(desk.get(f"/studio/cases/{case.pk}/"), "case_form", hint="Think.")
        assert desk.post(f"/studio/cases/{case.pk}/", sent).status_code == 303
        archived = TestCase.objects.get(pk=case.pk)
        assert archived.deleted_at
        assert archived.hint == "Think."
        desk.post(f"/studio/cases/{case.pk}/do/restore/")
        assert TestCase.objects.get(pk=case.pk).name == "adds anew"

    @pytest.mark.parametrize("wrong", [{"args": "[1, "}, {"args": "{}"}, {"name": ""},
                                       {"args": "[True]"}, {"points": "0"}])  # fmt: skip
    def test_a_case_that_cannot_be_run_is_refused_in_words(self, desk, assignment, wrong):
        form = {"name": "odd", "args": "[2, 2]", "expected": "4", "points": "1", **wrong}
        before = assignment.cases.count()
        answer = desk.post(f"/studio/assignments/{assignment.pk}/cases/new/", form)
        assert answer.status_code == 422
        assert assignment.cases.count() == before

    def test_the_last_case_of_a_published_assignment_stays(self, desk, assignment):
        cases = list(assignment.cases.in_order())
        for case in cases[1:]:
            case.deleted_at = assignment.lesson.updated_at
        authoring.save_assignment(assignment, cases)
        answer = desk.post(f"/studio/cases/{cases[0].pk}/do/archive/")
        assert answer.status_code == 409
        assert assignment.cases.live().count() == 1

    def test_the_page_asks_the_same_however_many_cases(
        self, desk, assignment, django_assert_max_num_queries
    ):
        for number in range(40):
            TestCase.objects.create(assignment=assignment, name=f"Case {number}", key=str(number))
        with django_assert_max_num_queries(13):
            desk.get(f"/studio/assignments/{assignment.pk}/edit/")

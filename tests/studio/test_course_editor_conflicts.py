"""Two authors at one page: whoever saves second sees both versions, and either can stay."""

import pytest

from assessments.models import Bank, Option, Quiz, TestCase
from courses.models import Course, Lesson, Module
from studio.outline import add_lesson, add_module
from studio.views import quiz_editor
from tests.assessments.code_builders import make_assignment
from tests.studio.authoring import (
    lesson_form,
    made,
    options,
    page,
    question_form,
    rules_form,
    sent_by,
)

pytestmark = pytest.mark.django_db


def keep_mine(desk, address, answer):
    """What the button of the page of both versions sends."""
    again = {**dict(answer.context["sent"]), "version": answer.context["version"]}
    return desk.post(address, again)


def told(answer):
    assert answer.status_code == 409
    return {(one.theirs, one.mine) for one in answer.context["differences"]}


class TestOneForm:
    @pytest.fixture
    def places(self, lessons):
        """Each page with a form of one row: its address, the form, a field, where that is kept."""
        task = make_assignment(lessons[0].module, "adding")
        case = task.cases.in_order().first()
        module, course = lessons[0].module, lessons[0].course
        return {
            "course": (page(course), "facts", "summary", course),
            "module": (f"/studio/modules/{module.pk}/", "form", "title", module),
            "lesson": (f"/studio/lessons/{lessons[0].pk}/", "form", "summary", lessons[0]),
            "assignment": (f"/studio/assignments/{task.pk}/edit/", "code", "starter", task),
            "case": (f"/studio/cases/{case.pk}/", "case_form", "name", case),
        }

    @pytest.mark.parametrize("name", ["course", "module", "lesson", "assignment", "case"])
    def test_who_saves_second_sees_both_and_may_keep_either(self, desk, places, name):
        address, which, field, row = places[name]
        mine = sent_by(desk.get(address), which, **{field: "Mine"})
        assert desk.post(address, {**mine, field: "Theirs"}).status_code == 303
        answer = desk.post(address, mine)
        assert told(answer) == {("Theirs", "Mine")}
        row.refresh_from_db()
        assert getattr(row, field) == "Theirs"
        assert keep_mine(desk, address, answer).status_code == 303
        row.refresh_from_db()
        assert getattr(row, field) == "Mine"

    def test_how_far_a_line_is_indented_is_a_difference(self, desk):
        lesson = add_lesson(made().modules.get(), "First", "ARTICLE")
        sent = lesson_form(desk, lesson, content="    if x:\r\n        y")
        Lesson.objects.filter(pk=lesson.pk).update(content="if x:\n    y")
        answer = desk.post(f"/studio/lessons/{lesson.pk}/", sent)
        assert told(answer) == {("if x:\n    y", "    if x:\n        y")}
        same = {**sent, "content": "if x:\r\n    y"}
        assert told(desk.post(f"/studio/lessons/{lesson.pk}/", same)) == set()

    def test_moving_a_module_is_no_conflict_for_who_renames_it(self, desk):
        course = made()
        module = course.modules.get()
        add_module(course, "Second")
        address = f"/studio/modules/{module.pk}/"
        sent = sent_by(desk.get(address), "form", title="Anew")
        desk.post(f"{address}do/down/")
        assert desk.post(address, sent).status_code == 303
        module.refresh_from_db()
        assert (module.title, module.position) == ("Anew", 2)


class TestOptions:
    @pytest.fixture
    def question(self, quiz):
        return quiz.questions.get(position=1)

    def address(self, question):
        return f"/studio/questions/{question.pk}/"

    def texts(self, question):
        rows = question.options.filter(deleted_at=None).order_by("position")
        return list(rows.values_list("text", flat=True))

    def test_one_that_was_deleted_meanwhile_is_said_and_can_be_kept(self, desk, question):
        mine = question_form(desk, question, prompt="Mine?")
        question.options.get(position=2).delete()
        answer = desk.post(self.address(question), mine)
        assert {("", "3.5"), ("What does `7 // 2` give?", "Mine?")} <= told(answer)
        assert keep_mine(desk, self.address(question), answer).status_code == 303
        question.refresh_from_db()
        assert (question.prompt, self.texts(question)) == ("Mine?", ["3", "3.5", "4"])

    def test_one_that_both_took_out_stays_out(self, desk, question):
        mine = question_form(desk, question, **{"options-1-archived": "on"})
        question.options.get(position=2).delete()
        answer = desk.post(self.address(question), mine)
        assert keep_mine(desk, self.address(question), answer).status_code == 303
        assert self.texts(question) == ["3", "4"]

    def test_one_that_was_added_meanwhile_is_said_and_goes_if_mine_is_kept(self, desk, question):
        mine = question_form(desk, question)
        Option.objects.create(question=question, text="Theirs", position=4, is_correct=True)
        answer = desk.post(self.address(question), mine)
        assert ("Theirs", "") in told(answer)
        assert keep_mine(desk, self.address(question), answer).status_code == 303
        assert self.texts(question) == ["3", "3.5", "4"]

    def test_keys_of_other_questions_take_nothing_from_them(self, desk, quiz, question):
        other = quiz.questions.get(position=5)
        keys = [one.pk for one in other.options.order_by("position")]
        sent = {**question_form(desk, question), **options("a", "b", initial=2, keys=keys)}
        del sent["options-2-id"]
        assert desk.post(self.address(question), sent).status_code == 303
        assert self.texts(question) == ["a", "b"]
        assert self.texts(other) == ["No", "Yes"]


class TestRules:
    def test_a_bank_that_was_deleted_meanwhile_is_said_and_can_be_kept(self, desk, quiz):
        bank = Bank.objects.create(quiz=quiz, name="loops", pick=2)
        rows = [(bank, {"name": "loops", "pick": "2"}), (None, {"name": "more", "pick": "1"})]
        mine = rules_form(desk, quiz, *rows, pass_percent="55")
        bank.delete()
        address = f"/studio/quizzes/{quiz.pk}/edit/"
        answer = desk.post(address, mine)
        assert {("", "loops"), ("", "more")} <= told(answer)
        assert keep_mine(desk, address, answer).status_code == 303
        assert sorted(quiz.banks.values_list("name", "pick")) == [("loops", 2), ("more", 1)]
        assert Quiz.objects.get().pass_percent == 55

    def test_a_bank_that_was_added_meanwhile_is_said(self, desk, quiz):
        mine = rules_form(desk, quiz)
        Bank.objects.create(quiz=quiz, name="theirs")
        answer = desk.post(f"/studio/quizzes/{quiz.pk}/edit/", mine)
        assert ("theirs", "") in told(answer)

    def test_what_is_refused_late_saves_nothing_of_the_rest(self, desk, quiz, monkeypatch):
        bank = Bank.objects.create(quiz=quiz, name="loops")
        quiz.questions.update(bank=bank)
        row = (bank, {"name": "loops", "pick": "1", "DELETE": "on"})
        sent = rules_form(desk, quiz, row, pass_percent="55")
        # As if a question had gone into the bank after it was looked at.
        monkeypatch.setattr("studio.admin.quiz.refuse_bank_in_use", lambda bank: None)
        answer = desk.post(quiz_editor.address_of(quiz), sent)
        assert answer.status_code == 422
        assert answer.context["rules"]["pass_percent"].value() == "55"
        assert b"<title>Error: " in answer.content
        assert Quiz.objects.get().pass_percent == 70


class TestSendingTwice:
    """A form that is sent twice makes one thing; another title means another one."""

    def twice(self, desk, address, form):
        answers = [desk.post(address, form) for _ in range(2)]
        assert [one.status_code for one in answers] == [303, 303]
        assert answers[0]["Location"] == answers[1]["Location"]

    def test_a_course(self, desk):
        key = str(desk.get("/studio/courses/new/").context["form"]["key"].value())
        form = {"title": "Loops", "difficulty": "BEGINNER", "key": key}
        self.twice(desk, "/studio/courses/new/", form)
        assert str(Course.objects.get().pk) == key
        desk.post("/studio/courses/new/", {**form, "title": "Other"})
        assert Course.objects.count() == 2

    def test_a_module_and_a_lesson(self, desk):
        course = made()
        outline = desk.get(page(course)).context["page"]
        key = str(outline.new_module["key"].value())
        self.twice(desk, f"{page(course)}modules/", {"title": "Second", "key": key})
        assert Module.objects.filter(pk=key, title="Second").count() == 1
        key = str(outline.modules[0].form["key"].value())
        form = {"title": "Check", "kind": "QUIZ", "key": key}
        address = f"/studio/modules/{course.modules.first().pk}/lessons/"
        self.twice(desk, address, form)
        assert str(Lesson.objects.get().pk) == key
        desk.post(address, {**form, "title": "Another"})
        assert Lesson.objects.count() == 2

    def test_a_question(self, desk, quiz):
        before = quiz.questions.count()
        address = f"/studio/quizzes/{quiz.pk}/questions/new/?kind=SINGLE"
        answer = desk.get(address)
        key = str(answer.context["asked"].pk)
        assert f'name="key" value="{key}"'.encode() in answer.content
        form = {"kind": "SINGLE", "prompt": "So?", "points": "1", "key": key}
        self.twice(desk, address, {**form, **options("Yes", "No")})
        assert str(quiz.questions.last().pk) == key
        assert quiz.questions.count() == before + 1
        desk.post(address, {**form, **options("Yes", "No"), "prompt": "Or so?"})
        assert quiz.questions.count() == before + 2

    def test_a_case(self, desk, lessons):
        task = make_assignment(lessons[0].module, "adding")
        before = task.cases.count()
        address = f"/studio/assignments/{task.pk}/cases/new/"
        key = str(desk.get(address).context["case"].pk)
        form = {"name": "more", "args": "[2, 2]", "expected": "4", "points": "1", "key": key}
        self.twice(desk, address, form)
        assert TestCase.objects.get(pk=key).name == "more"
        assert task.cases.count() == before + 1

    @pytest.mark.parametrize("key", ["", "nonsense", "a\x00b"])
    def test_a_key_that_is_none_is_no_fault(self, desk, quiz, key):
        form = {"title": "Loops", "difficulty": "BEGINNER", "key": key}
        assert desk.post("/studio/courses/new/", form).status_code == 303
        address = f"/studio/quizzes/{quiz.pk}/questions/new/?kind=OPEN"
        form = {"kind": "OPEN", "prompt": "So?", "model_answer": "Yes.", "key": key}
        assert desk.post(address, form).status_code == 303

"""The pages of a quiz: each works, keeps strangers out, costs little, and needs no script."""

import time
from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from activity.actions import record
from activity.models import Event
from assessments.answering import save_answers
from assessments.attempts import finish_attempt, start_attempt
from assessments.clock import read_clock
from assessments.models import Accommodation, Answer, Attempt, Question, QuestionReport, Quiz
from assessments.reports import answer_report, report_question
from courses.models import Course, Lesson
from enrollments.models import Enrollment
from gamification.days import note_day
from gamification.models import Standing
from progress.models import LessonProgress
from tests.assessments.builders import ask, make_quiz, right_answer, rows
from tests.classroom.quiz_pages import filled, page_of, run_out, send
from tests.gamification.board_people import make_multiplier

Kind = Question.Kind
HTMX = {"HX-Request": "true"}
FORM = "application/x-www-form-urlencoded"
SURROGATE = b"\xed\xa0\x80"  # half of a pair, in UTF-8 that is none


@pytest.fixture
def quiz(lessons) -> Quiz:
    return make_quiz(lessons[0].module)


@pytest.fixture
def attempt(ada, quiz) -> Attempt:
    return start_attempt(ada, quiz)[0]


def text_of(answer):
    return answer.content.decode()


def asked(attempt, kind) -> Answer:
    return next(row for row in rows(attempt) if row.question.kind == kind)


def saying(answer, text="for", **more):
    """The least that a form says about one question."""
    key = answer.question_id
    return {"q": str(key), f"a-{key}": text, f"v-{key}": str(answer.version), **more}


def stored(answer):
    answer.refresh_from_db()
    return answer


def addresses(attempt):
    """Every address of a quiz: its path, the method it takes, and what is sent."""
    quiz, own = f"/quizzes/{attempt.quiz_id}/", f"/attempts/{attempt.pk}/"
    question = asked(attempt, Kind.TEXT).question_id
    return {
        "quiz": (quiz, "get"),
        "attempts": (f"{quiz}attempts/", "post"),
        "attempt": (own, "get"),
        "question": (f"{own}questions/2/", "get"),
        "summary": (f"{own}summary/", "get"),
        "clock": (f"{own}clock/", "get"),
        "answers": (f"{own}answers/", "post"),
        "submission": (f"{own}submission/", "post"),
        "review": (f"{own}review/", "get"),
        "self_checks": (f"{own}self-checks/", "post"),
        "reports": (f"/questions/{question}/reports/", "get"),
    }


NAMES = [
    "quiz", "attempts", "attempt", "question", "summary", "clock", "answers", "submission",
    "review", "self_checks", "reports",
]  # fmt: skip
STATUS_OF_OWN = {
    "attempts": 303,
    "answers": 303,
    "submission": 303,
    "review": 403,
    "self_checks": 422,
}


class TestEachAddress:
    def test_all_are_named_here(self, attempt):
        assert list(addresses(attempt)) == NAMES

    @pytest.mark.parametrize("name", NAMES)
    def test_it_works_and_is_stored_nowhere(self, ada, as_, attempt, name):
        path, method = addresses(attempt)[name]
        answer = getattr(as_(ada), method)(path)
        assert answer.status_code == STATUS_OF_OWN.get(name, 200)
        assert "no-store" in answer["Cache-Control"]

    @pytest.mark.parametrize("name", NAMES)
    def test_guests_sign_in_first_and_come_back_to_a_page(self, client, ada, as_, attempt, name):
        path, method = addresses(attempt)[name]
        answer = getattr(client, method)(path)
        assert answer.status_code == 302
        before, _, back = answer["Location"].partition("?next=")
        assert before == "/accounts/login/"
        assert as_(ada).get(back).status_code in (200, 403)

    @pytest.mark.parametrize("name", [name for name in NAMES if name not in ("quiz", "attempts")])
    def test_what_is_anothers_is_not_there(self, bob, as_, attempt, name):
        Enrollment.objects.create(user=bob, course=attempt.quiz.lesson.course)
        path, method = addresses(attempt)[name]
        mine, nobodys = as_(bob), path.replace(path.split("/")[2], str(uuid4()))
        assert getattr(mine, method)(path).status_code == 404
        assert getattr(mine, method)(nobodys).status_code == 404

    @pytest.mark.parametrize("name", [name for name in NAMES if name != "answers"])
    @pytest.mark.parametrize("state", ["stranger", "DROPPED", "PAUSED", "plan"])
    def test_a_closed_door_is_closed(self, ada, as_, attempt, name, state):
        path, method = addresses(attempt)[name]
        if state == "stranger":
            Enrollment.objects.all().delete()
        elif state == "plan":
            Course.objects.update(required_plan="PRO")
        else:
            Enrollment.objects.update(status=state)
        answer = getattr(as_(ada), method)(path)
        assert answer.status_code == 403
        for question in attempt.quiz.questions.all():
            assert question.prompt not in text_of(answer)
        assert Attempt.objects.get().is_open

    @pytest.mark.parametrize("go", ["next", "finish"])
    def test_what_is_saved_behind_a_closed_door_gains_nothing(self, ada, as_, attempt, go):
        """Saving looks at the attempt alone; every page that it leads to is closed."""
        Enrollment.objects.update(status="DROPPED")
        Attempt.objects.update(deadline=read_clock())
        browser = as_(ada)
        data = saying(asked(attempt, Kind.TEXT), "for", go=go)
        answer = browser.post(f"/attempts/{attempt.pk}/answers/", data)
        if go == "next":
            answer = browser.get(answer["Location"])
        assert answer.status_code == 403
        assert Attempt.objects.get().is_open
        assert not LessonProgress.objects.exists()

    @pytest.mark.parametrize("name", NAMES)
    def test_the_wrong_method_is_refused(self, ada, as_, attempt, name):
        path, method = addresses(attempt)[name]
        if name == "reports":
            assert as_(ada).put(path).status_code == 405
            return
        other = "get" if method == "post" else "post"
        answer = getattr(as_(ada), other)(path)
        assert answer.status_code == 405
        assert method.upper() in answer["Allow"]

    @pytest.mark.parametrize("name", ["attempts", "answers", "submission", "self_checks"])
    def test_a_form_needs_its_token(self, ada, attempt, name):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(ada)
        assert browser.post(addresses(attempt)[name][0]).status_code == 403
        assert Attempt.objects.get().is_open

    def test_htmx_without_a_session_leaves_the_page(self, client, attempt):
        page = f"/attempts/{attempt.pk}/"
        headers = {**HTMX, "HX-Current-URL": f"https://testserver{page}"}
        answer = client.post(f"{page}answers/", headers=headers)
        assert (answer.status_code, answer["HX-Redirect"]) == (204, f"/accounts/login/?next={page}")

    @pytest.mark.parametrize("change", [{"status": "DRAFT"}, {"deleted_at": "2026-01-01T00:00Z"}])
    def test_a_hidden_quiz_is_not_there(self, ada, as_, quiz, change):
        Lesson.objects.filter(pk=quiz.lesson_id).update(**change)
        assert as_(ada).get(f"/quizzes/{quiz.pk}/").status_code == 404
        assert as_(ada).post(f"/quizzes/{quiz.pk}/attempts/").status_code == 404
        assert not Attempt.objects.exists()


class TestQueries:
    """How many, by the database's own count; the savepoints are the tests' own transactions."""

    def count(self, ask):
        with CaptureQueriesContext(connection) as counted:
            answer = ask()
        assert answer.status_code in (200, 303), text_of(answer)
        return sum("SAVEPOINT" not in one["sql"] for one in counted)

    def counts(self, person, browser, module, questions, layout):
        quiz = make_quiz(module, f"of-{questions}", questions=False, layout=layout, time_limit=30)
        for number in range(questions):
            ask(quiz, Kind.SINGLE, f"Question {number}", right=["a"], wrong=["b", "c"])
        browser.get(f"/quizzes/{quiz.pk}/")
        start = self.count(lambda: browser.post(f"/quizzes/{quiz.pk}/attempts/"))
        attempt = Attempt.objects.get(quiz=quiz)
        page = self.count(lambda: browser.get(attempt.get_absolute_url()))
        summary = self.count(lambda: browser.get(f"{attempt.get_absolute_url()}summary/"))
        form = page_of(browser.get(attempt.get_absolute_url())).form("answers")
        right = {}
        for row in rows(attempt) if layout == "ALL" else rows(attempt)[:1]:
            right |= filled(row, right=True)
        data = {**form.data, **right}
        save = self.count(lambda: browser.post(form.action, data, headers=HTMX))
        for row in rows(attempt):
            row.chosen = row.question.options.filter(is_correct=False).values_list("pk")[0]
            row.save()
        finish = self.count(lambda: browser.post(f"{attempt.get_absolute_url()}submission/"))
        result = self.count(lambda: browser.get(attempt.get_absolute_url()))
        return {"start": start, "page": page, "summary": summary, "save": save, "finish": finish,
                "result": result}  # fmt: skip

    @pytest.mark.parametrize("layout", Quiz.Layout.values)
    def test_the_same_however_much_is_asked(self, ada, as_, lessons, layout):
        browser, module = as_(ada), lessons[0].module
        # The first thing of a day costs more: it settles the streak.
        note_day(ada, now())
        few = self.counts(ada, browser, module, 4, layout)
        many = self.counts(ada, browser, module, 40, layout)
        assert many == few
        limits = {"start": 20, "page": 10, "summary": 10, "save": 8, "finish": 20, "result": 10}
        assert {name: few[name] for name in limits if few[name] > limits[name]} == {}

    def test_passing_for_the_first_time_costs_a_few_more(self, ada, as_, quiz, attempt):
        browser = as_(ada)
        form = page_of(browser.get(attempt.get_absolute_url())).form("answers")
        for row in rows(attempt):
            browser.post(form.action, {"q": str(row.question_id), **filled(row, right=True)})
        hand_in = f"{attempt.get_absolute_url()}submission/"
        assert self.count(lambda: browser.post(hand_in)) <= 30
        assert Attempt.objects.get().passed

    def test_the_page_of_a_quiz(self, ada, as_, lessons):
        quiz = make_quiz(lessons[0].module, time_limit=5)
        browser = as_(ada)
        few = self.count(lambda: browser.get(f"/quizzes/{quiz.pk}/"))
        for _ in range(12):
            finish_attempt(start_attempt(ada, quiz)[0])
        assert self.count(lambda: browser.get(f"/quizzes/{quiz.pk}/")) == few <= 12


def test_double_points_are_told_as_they_were_paid(ada, root, as_, attempt):
    make_multiplier(root, "2")
    save_answers(attempt, [right_answer(row) for row in rows(attempt)])
    answer = as_(ada).post(f"{attempt.get_absolute_url()}submission/", follow=True)
    assert "You earned 40 XP." in text_of(answer)


class TestWithoutScripts:
    """The forms of the pages alone, as a browser sends them."""

    def test_one_question_a_page_from_start_to_review(self, ada, as_, quiz):
        browser = as_(ada)
        page = page_of(browser.get(f"/quizzes/{quiz.pk}/"))
        start = next(form for form in page.forms if form.action.endswith("/attempts/"))
        answer = send(browser, start)
        assert answer.status_code == 303
        attempt = Attempt.objects.get()
        for row in rows(attempt):
            form = page_of(browser.get(answer["Location"])).form("answers")
            assert form.data["q"] == [str(row.question_id)]
            answer = send(browser, form, go="next", **filled(row, right=True))
            assert answer.status_code == 303
        summary = browser.get(answer["Location"], follow=True)
        assert summary.request["PATH_INFO"].endswith("/summary/")
        assert "All 6 answered" in text_of(summary)
        answer = send(browser, page_of(summary).form("submission"))
        assert (answer.status_code, answer["Location"]) == (303, attempt.get_absolute_url())
        result = text_of(browser.get(answer["Location"]))
        assert "Passed with 100%" in result
        assert "You earned 20 XP." in result
        review = browser.get(f"{attempt.get_absolute_url()}review/")
        assert review.status_code == 200
        assert "Because." in text_of(review)

    def test_all_on_one_page(self, ada, as_, lessons):
        quiz = make_quiz(lessons[0].module, layout="ALL")
        browser, (attempt, _) = as_(ada), start_attempt(ada, quiz)
        form = page_of(browser.get(attempt.get_absolute_url())).form("answers")
        assert form.data["q"] == [str(row.question_id) for row in rows(attempt)]
        right = {}
        for row in rows(attempt):
            right |= filled(row, right=True)
        answer = send(browser, form, go="summary", **right)
        assert answer["Location"].endswith("/summary/")
        assert all(row.is_answered for row in rows(attempt))
        again = page_of(browser.get(attempt.get_absolute_url())).form("answers")
        for row in rows(attempt):
            sent = again.data[f"a-{row.question_id}"]
            assert set(sent) == {str(key) for key in row.chosen} or sent == [row.text]

    def test_ways_through_the_questions(self, ada, as_, attempt):
        browser, own = as_(ada), attempt.get_absolute_url()
        form = page_of(browser.get(f"{own}questions/3/")).form("answers")
        report = f"/questions/{rows(attempt)[2].question_id}/reports/?attempt={attempt.pk}"
        for go, to in (
            ("previous", f"{own}questions/2/"), ("next", f"{own}questions/4/"),
            ("6", f"{own}questions/6/"), ("summary", f"{own}summary/"), ("report-3", report),
        ):  # fmt: skip
            assert send(browser, form, go=go)["Location"] == to
        for go in ("", "0", "-1", "99", "x", "report-99", "finish-not", "//evil.example"):
            answer = browser.post(form.action, {**form.data, "go": go})
            assert answer["Location"].startswith(own)

    def test_an_attempt_opens_at_the_first_question_without_an_answer(self, ada, as_, attempt):
        browser, own = as_(ada), attempt.get_absolute_url()
        first = rows(attempt)[0]
        browser.post(f"{own}answers/", {"q": str(first.question_id), **filled(first, right=False)})
        assert "Question 2 of 6" in text_of(browser.get(own))
        for number in (0, 7, 10**30):
            beyond = browser.get(f"{own}questions/{number}/")
            assert (beyond.status_code, beyond["Location"]) == (302, f"{own}summary/")

    def test_a_flag_and_what_is_open_stand_in_the_summary(self, ada, as_, attempt):
        browser, own = as_(ada), attempt.get_absolute_url()
        form = page_of(browser.get(f"{own}questions/3/")).form("answers")
        key = form.data["q"][0]
        send(browser, form, go="next", **{f"a-{key}": "for", f"f-{key}": "1"})
        page = text_of(browser.get(f"{own}summary/"))
        assert "1 of 6 answered" in page
        assert "Question 3: answered, flagged" in page
        assert "Question 2: not answered" in page

    def test_what_the_clock_hands_in_is_saved_first(self, ada, as_, lessons):
        quiz = make_quiz(lessons[0].module, layout="ALL", time_limit=10)
        attempt, _ = start_attempt(ada, quiz)
        browser = as_(ada)
        form = page_of(browser.get(attempt.get_absolute_url())).form("answers")
        text = asked(attempt, Kind.TEXT)
        early = send(browser, form, go="finish")
        assert early["Location"] == f"{attempt.get_absolute_url()}summary/"
        assert Attempt.objects.get().is_open
        Attempt.objects.update(deadline=read_clock())
        answer = send(browser, form, go="finish", **filled(text, right=True))
        assert answer["Location"] == attempt.get_absolute_url()
        assert Attempt.objects.get().score == 1


class TestSaving:
    def test_what_cannot_be_kept_stands_on_the_page_again(self, ada, as_, attempt):
        browser = as_(ada)
        number = asked(attempt, Kind.NUMERIC)
        answer = browser.post(f"/attempts/{attempt.pk}/answers/", saying(number, "<b>pi</b>"))
        assert answer.status_code == 422
        page = text_of(answer)
        assert "Enter a number, such as 3.5." in page
        assert "Error: " in page
        assert 'value="&lt;b&gt;pi&lt;/b&gt;"' in page
        assert stored(number).text == ""

    def test_long_and_broken_texts_stand_on_the_page_again(self, ada, as_, attempt):
        browser, essay = as_(ada), asked(attempt, Kind.OPEN)
        for text in ("x" * 10_001, "a\x00b", SURROGATE, "x" * 2**20):
            data = urlencode(saying(essay, text))
            answer = browser.post(f"/attempts/{attempt.pk}/answers/", data, content_type=FORM)
            assert answer.status_code == 422
            assert "Invalid text." in text_of(answer)
        assert stored(essay).text == ""

    def test_all_on_one_page_keeps_what_was_right_and_shows_what_was_wrong(self, ada, as_, lessons):
        quiz = make_quiz(lessons[0].module, layout="ALL")
        attempt, _ = start_attempt(ada, quiz)
        text, number = asked(attempt, Kind.TEXT), asked(attempt, Kind.NUMERIC)
        data = {**saying(text, "for"), **saying(number, "pi")}
        data["q"] = [str(text.question_id), str(number.question_id)]
        answer = as_(ada).post(f"/attempts/{attempt.pk}/answers/", data)
        assert answer.status_code == 422
        sent = page_of(answer).form("answers").data
        assert sent[f"a-{text.question_id}"] == ["for"]
        assert sent[f"a-{number.question_id}"] == ["pi"]
        assert (stored(text).text, stored(number).text) == ("for", "")

    def test_a_change_in_another_tab_is_not_undone_and_can_be(self, ada, as_, attempt):
        browser, text = as_(ada), asked(attempt, Kind.TEXT)
        address = f"/attempts/{attempt.pk}/answers/"
        stale = saying(text, "mine")
        browser.post(address, saying(text, "theirs"))
        answer = browser.post(address, stale)
        assert answer.status_code == 409
        assert "theirs" in text_of(answer)
        form = page_of(answer).form("answers")
        assert form.data[f"a-{text.question_id}"] == ["mine"]
        assert stored(text).text == "theirs"
        assert send(browser, form, go="next").status_code == 303
        assert stored(text).text == "mine"

    def test_htmx_gets_a_word_and_the_next_version(self, ada, as_, attempt):
        browser, text = as_(ada), asked(attempt, Kind.TEXT)
        address = f"/attempts/{attempt.pk}/answers/"
        answer = browser.post(address, saying(text), headers=HTMX)
        assert answer.status_code == 200
        assert "<html" not in text_of(answer)
        assert "Saved " in text_of(answer)
        assert f'name="v-{text.question_id}" value="1"' in text_of(answer)
        stale = browser.post(address, saying(text, "while"), headers=HTMX)
        assert stale.status_code == 409
        assert "This answer was changed in another tab." in text_of(stale)
        wrong = browser.post(address, saying(asked(attempt, Kind.NUMERIC), "pi"), headers=HTMX)
        assert wrong.status_code == 422
        assert "Enter a number" in text_of(wrong)

    @pytest.mark.parametrize("headers", [{}, HTMX])
    def test_a_question_that_is_not_asked_is_unknown(self, ada, as_, attempt, headers):
        other = make_quiz(attempt.quiz.lesson.module, "other")
        for key in (other.questions.first().pk, uuid4(), "x", "\x00", ""):
            data = {"q": str(key), f"a-{key}": "for"}
            answer = as_(ada).post(f"/attempts/{attempt.pk}/answers/", data, headers=headers)
            assert answer.status_code == 422
            assert "Unknown question." in text_of(answer)
        assert not any(row.is_answered for row in rows(attempt))

    def test_the_name_of_a_tab_may_be_anything(self, ada, as_, attempt):
        browser, text = as_(ada), asked(attempt, Kind.TEXT)
        for tab in ("\x00", "x" * 5000, "'; --", SURROGATE, "ok"):
            more = {"tab": tab, "step": "99999999999999999999"}
            data = urlencode(saying(stored(text), f"for {tab!r}"[:90], **more))
            answer = browser.post(f"/attempts/{attempt.pk}/answers/", data, content_type=FORM)
            assert answer.status_code == 303
        assert stored(text).tab == "ok"

    def test_after_the_end_nothing_is_taken_and_the_page_says_so(self, ada, as_, attempt):
        browser, text = as_(ada), asked(attempt, Kind.TEXT)
        finish_attempt(attempt)
        for go in ("next", "finish"):
            for headers in ({}, HTMX):
                answer = browser.post(
                    f"/attempts/{attempt.pk}/answers/", saying(text, go=go), headers=headers
                )
                assert answer.status_code == 409
                assert "Already submitted." in text_of(answer)
                assert ("<html" in text_of(answer)) == (not headers)
        assert stored(text).text == ""

    def test_the_fifty_first_within_the_window_waits(self, ada, as_, attempt, slow_seconds):
        browser, text = as_(ada), asked(attempt, Kind.TEXT)
        address = f"/attempts/{attempt.pk}/answers/"
        for number in range(50):
            data = saying(stored(text), str(number))
            assert browser.post(address, data, headers=HTMX).status_code == 200
        for headers in ({}, HTMX):
            answer = browser.post(address, saying(stored(text), "x"), headers=headers)
            assert answer.status_code == 429
            assert 1 <= int(answer["Retry-After"]) <= 600
        finishing = browser.post(address, saying(text, "x", go="finish"))
        assert finishing.status_code == 429
        assert stored(text).text == "49"
        assert Attempt.objects.get().is_open


class TestClock:
    def test_extra_time_is_in_the_minutes_and_in_the_clock(self, ada, as_, lessons):
        quiz = make_quiz(lessons[0].module, time_limit=10)
        Accommodation.objects.create(user=ada, extra_time=150)
        browser = as_(ada)
        assert "15 min from when you press Start (your extra time is in it)" in text_of(
            browser.get(f"/quizzes/{quiz.pk}/")
        )
        browser.post(f"/quizzes/{quiz.pk}/attempts/")
        assert 'data-total="900"' in text_of(browser.get(Attempt.objects.get().get_absolute_url()))

    def test_no_clock_for_whom_it_was_taken_away(self, ada, as_, lessons):
        quiz = make_quiz(lessons[0].module, time_limit=10)
        Accommodation.objects.create(user=ada, extra_time=0)
        browser = as_(ada)
        assert "None. Take your time." in text_of(browser.get(f"/quizzes/{quiz.pk}/"))
        browser.post(f"/quizzes/{quiz.pk}/attempts/")
        assert "data-total" not in text_of(browser.get(Attempt.objects.get().get_absolute_url()))

    def test_the_time_left_is_the_servers(self, ada, as_, lessons):
        """What the client says of its clock is nothing that anybody reads."""
        attempt, _ = start_attempt(ada, make_quiz(lessons[0].module, time_limit=10))
        headers = {"Date": "Thu, 01 Jan 1970 00:00:00 GMT", "X-Client-Time": "0"}
        browser = as_(ada)
        for path in ("", "clock/", "summary/"):
            page = text_of(browser.get(f"{attempt.get_absolute_url()}{path}", headers=headers))
            left = float(page.partition('data-left="')[2].partition('"')[0])
            assert 590 < left <= 600

    def test_the_end_is_told_in_the_persons_zone_and_is_one_moment(self, ada, as_, lessons):
        """A deadline is a moment: neither a zone nor the end of summer time moves it."""
        attempt, _ = start_attempt(ada, make_quiz(lessons[0].module, time_limit=60))
        fall_back = "2030-10-27T01:30:00Z"  # half past two in Berlin, for the second time
        Attempt.objects.update(deadline=fall_back)
        for zone in ("Europe/Berlin", "America/New_York", "Asia/Kathmandu"):
            type(ada).objects.update(timezone=zone)
            page = text_of(as_(ada).get(attempt.get_absolute_url()))
            assert 'datetime="2030-10-27T01:30:00+00:00"' in page
        attempt.refresh_from_db()
        assert attempt.deadline.isoformat() == "2030-10-27T01:30:00+00:00"

    @pytest.mark.parametrize("name", ["attempt", "question", "summary", "clock", "answers"])
    def test_whoever_looks_closes_what_has_run_out(self, ada, as_, attempt, name):
        path, method = addresses(attempt)[name]
        run_out(attempt)
        answer = getattr(as_(ada), method)(path)
        assert answer.status_code in (200, 302, 303, 409)
        assert Attempt.objects.get().status == "EXPIRED"

    @pytest.mark.parametrize("start", [True, False])
    def test_the_page_of_the_quiz_closes_it_too(self, ada, as_, quiz, attempt, start):
        run_out(attempt)
        address = f"/quizzes/{quiz.pk}/"
        browser = as_(ada)
        if start:
            browser.post(f"{address}attempts/")
            assert Attempt.objects.open().get().number == 2
        else:
            browser.get(address)
        assert Attempt.objects.closed().get().status == "EXPIRED"

    def test_late_within_the_grace_is_taken_and_said(self, ada, as_, attempt):
        browser, text = as_(ada), asked(attempt, Kind.TEXT)
        run_out(attempt, 2)
        data = saying(text, "for", go="finish")
        assert browser.post(f"/attempts/{attempt.pk}/answers/", data).status_code == 303
        done = Attempt.objects.get()
        assert (done.status, done.is_late, done.score) == ("SUBMITTED", True, 1)
        assert "It arrived just after the end" in text_of(browser.get(attempt.get_absolute_url()))

    def test_after_the_grace_what_was_saved_counts(self, ada, as_, attempt):
        browser, text = as_(ada), asked(attempt, Kind.TEXT)
        number = asked(attempt, Kind.NUMERIC)
        browser.post(f"/attempts/{attempt.pk}/answers/", saying(text, "for"))
        run_out(attempt, 7)
        late = browser.post(f"/attempts/{attempt.pk}/answers/", saying(number, "3.14", go="finish"))
        assert late.status_code == 409
        assert "Time is over." in text_of(late)
        done = Attempt.objects.get()
        assert (done.status, done.score) == ("EXPIRED", 1)
        assert stored(number).text == ""

    def test_handing_in_after_the_grace_leads_to_the_result(self, ada, as_, attempt):
        run_out(attempt, 7)
        answer = as_(ada).post(f"/attempts/{attempt.pk}/submission/")
        assert (answer.status_code, answer["Location"]) == (303, attempt.get_absolute_url())
        assert Attempt.objects.get().status == "EXPIRED"


class TestRules:
    def test_handing_in_twice_is_refused_and_changes_nothing(self, ada, as_, attempt):
        browser, address = as_(ada), f"/attempts/{attempt.pk}/submission/"
        assert browser.post(address).status_code == 303
        before = Attempt.objects.values().get()
        for headers in ({}, HTMX):
            answer = browser.post(address, headers=headers)
            assert answer.status_code == 409
            assert "Already submitted." in text_of(answer)
        assert Attempt.objects.values().get() == before

    def test_starting_again_leads_to_the_open_attempt(self, ada, as_, quiz):
        browser = as_(ada)
        places = {browser.post(f"/quizzes/{quiz.pk}/attempts/")["Location"] for _ in range(3)}
        assert places == {Attempt.objects.get().get_absolute_url()}

    def test_one_more_than_allowed_is_a_conflict(self, ada, as_, lessons):
        quiz = make_quiz(lessons[0].module, max_attempts=1)
        finish_attempt(start_attempt(ada, quiz)[0])
        answer = as_(ada).post(f"/quizzes/{quiz.pk}/attempts/")
        assert answer.status_code == 409
        assert "You have used all attempts." in text_of(answer)
        assert Attempt.objects.count() == 1

    def test_too_soon_is_a_conflict_that_says_when(self, ada, as_, lessons):
        quiz = make_quiz(lessons[0].module, wait=30)
        finish_attempt(start_attempt(ada, quiz)[0])
        browser, address = as_(ada), f"/quizzes/{quiz.pk}/"
        answer = browser.post(f"{address}attempts/")
        assert answer.status_code == 409
        assert "The next attempt is not open yet. It opens at" in text_of(answer)
        earlier = read_clock() - timedelta(minutes=31)
        Attempt.objects.update(started_at=earlier, closed_at=earlier)
        assert browser.post(f"{address}attempts/").status_code == 303

    def test_a_quiz_without_questions_cannot_be_started(self, ada, as_, lessons):
        quiz = make_quiz(lessons[0].module, questions=False)
        browser = as_(ada)
        assert "This quiz has no questions yet." in text_of(browser.get(f"/quizzes/{quiz.pk}/"))
        assert browser.post(f"/quizzes/{quiz.pk}/attempts/").status_code == 409

    def test_practice_is_offered_where_there_is_a_clock_and_counts_for_nothing(
        self, ada, as_, lessons
    ):
        quiz = make_quiz(lessons[0].module, time_limit=5)
        browser, address = as_(ada), f"/quizzes/{quiz.pk}/"
        page = page_of(browser.get(address))
        practise = next(form for form in page.forms if "practice" in form.data)
        assert send(browser, practise).status_code == 303
        attempt = Attempt.objects.get()
        assert (attempt.is_practice, attempt.deadline) == (True, None)
        for row in rows(attempt):
            data = {"q": str(row.question_id), **filled(row, right=True)}
            browser.post(f"/attempts/{attempt.pk}/answers/", data)
        browser.post(f"/attempts/{attempt.pk}/submission/")
        assert "100% in practice" in text_of(browser.get(attempt.get_absolute_url()))
        assert not LessonProgress.objects.exists()
        assert not Standing.objects.exists()

    def test_practice_waits_where_attempts_are_counted(self, ada, as_, lessons):
        quiz = make_quiz(lessons[0].module, max_attempts=2, time_limit=5)
        browser, address = as_(ada), f"/quizzes/{quiz.pk}/"
        assert "Practise" not in text_of(browser.get(address))
        answer = browser.post(f"{address}attempts/", {"practice": "1"})
        assert answer.status_code == 409
        assert "Practice opens after your last attempt." in text_of(answer)
        for _ in range(2):
            finish_attempt(start_attempt(ada, quiz)[0])
        assert browser.post(f"{address}attempts/", {"practice": "1"}).status_code == 303


class TestReview:
    """Score at once; what was right when the quiz says so, and not before."""

    @pytest.mark.parametrize(
        ("review", "limit", "right", "attempts", "status"),
        [
            ("EACH", None, False, 1, 200), ("EACH", 2, False, 1, 200),
            ("LAST", 2, True, 1, 403), ("LAST", 2, False, 2, 200), ("LAST", 1, False, 1, 200),
            ("LAST", None, False, 3, 403), ("LAST", None, True, 1, 200),
            ("NEVER", 1, True, 1, 403), ("NEVER", None, True, 1, 403),
        ],
    )  # fmt: skip
    def test_when(self, ada, as_, lessons, review, limit, right, attempts, status):
        quiz = make_quiz(lessons[0].module, review=review, max_attempts=limit)
        browser = as_(ada)
        for _ in range(attempts):
            attempt, _ = start_attempt(ada, quiz)
            for row in rows(attempt):
                data = {"q": str(row.question_id), **filled(row, right=right)}
                browser.post(f"/attempts/{attempt.pk}/answers/", data)
            finish_attempt(attempt)
        answer = browser.get(f"{attempt.get_absolute_url()}review/")
        assert answer.status_code == status
        assert ("Because." in text_of(answer)) == (status == 200)
        result = text_of(browser.get(attempt.get_absolute_url()))
        assert ("See answers" in result) == (status == 200)
        assert "Because." not in result

    def test_it_closes_again_while_another_attempt_is_open(self, ada, as_, lessons):
        quiz = make_quiz(lessons[0].module, review="EACH")
        first = finish_attempt(start_attempt(ada, quiz)[0]).attempt
        browser, address = as_(ada), f"{first.get_absolute_url()}review/"
        assert browser.get(address).status_code == 200
        for practice in (False, True):
            second, _ = start_attempt(ada, quiz, practice=practice)
            for one in (first, second):
                answer = browser.get(f"{one.get_absolute_url()}review/")
                assert answer.status_code == 403
                assert "Because." not in text_of(answer)
            finish_attempt(second)
        assert browser.get(address).status_code == 200

    def test_what_was_typed_is_shown_as_text(self, ada, as_, lessons):
        quiz = make_quiz(lessons[0].module, review="EACH")
        attempt, _ = start_attempt(ada, quiz)
        browser, script = as_(ada), "<script>alert(1)</script>"
        for kind in (Kind.TEXT, Kind.OPEN):
            data = saying(asked(attempt, kind), script)
            browser.post(f"/attempts/{attempt.pk}/answers/", data)
        finish_attempt(attempt)
        page = text_of(browser.get(f"{attempt.get_absolute_url()}review/"))
        assert script not in page
        assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2

    def test_judging_oneself(self, ada, as_, lessons):
        quiz = make_quiz(lessons[0].module, review="EACH")
        attempt, _ = start_attempt(ada, quiz)
        browser, essay = as_(ada), asked(attempt, Kind.OPEN)
        browser.post(f"/attempts/{attempt.pk}/answers/", saying(essay, "They are read."))
        address = f"/attempts/{attempt.pk}/self-checks/"
        data = {"question": str(essay.question_id), "verdict": "PARTLY"}
        assert browser.post(address, data).status_code == 422
        finish_attempt(attempt)
        review = page_of(browser.get(f"{attempt.get_absolute_url()}review/"))
        form = next(form for form in review.forms if form.action == address)
        assert ("verdict", "PARTLY") in form.buttons
        answer = send(browser, form, verdict="PARTLY")
        assert answer.status_code == 303
        assert stored(essay).self_check == "PARTLY"
        text = asked(attempt, Kind.TEXT).question_id
        for wrong in (
            {"verdict": "BEST"}, {"verdict": ""}, {"question": ""}, {"question": "x"},
            {"question": str(uuid4())}, {"question": str(text)}, {"verdict": "\x00"},
        ):  # fmt: skip
            assert browser.post(address, {**data, **wrong}).status_code == 422
        assert stored(essay).self_check == "PARTLY"


class TestReports:
    def test_a_report_is_sent_once_and_leads_back(self, ada, as_, attempt):
        question = asked(attempt, Kind.TEXT).question
        browser, address = as_(ada), f"/questions/{question.pk}/reports/?attempt={attempt.pk}"
        assert browser.get(address).status_code == 200
        for text in ("“while” begins one too.", "And “async for” is missing."):
            answer = browser.post(address, {"text": text})
            assert (answer.status_code, answer["Location"]) == (
                303,
                f"{attempt.get_absolute_url()}questions/3/",
            )
        assert QuestionReport.objects.get().text == "“while” begins one too."
        assert "You have reported this question." in text_of(browser.get(answer["Location"]))

    def test_what_cannot_be_kept_stands_on_the_page_again(self, ada, as_, attempt):
        question = asked(attempt, Kind.TEXT).question
        browser, address = as_(ada), f"/questions/{question.pk}/reports/"
        for text in ("", "  ", "bad", "x" * 1001, "a word \x00", "a word \x08"):
            answer = browser.post(address, {"text": text})
            assert answer.status_code == 422
        assert "a word" in text_of(answer)
        assert not QuestionReport.objects.exists()

    def test_only_what_one_was_asked_can_be_reported(self, ada, as_, attempt):
        later = ask(attempt.quiz, Kind.TEXT, "Added since", accept=["x"])
        other = make_quiz(attempt.quiz.lesson.module, "other").questions.first()
        for question in (later, other):
            address = f"/questions/{question.pk}/reports/"
            assert as_(ada).post(address, {"text": "It is wrong."}).status_code == 404

    def test_the_way_back_is_never_another_site(self, ada, as_, attempt):
        question = asked(attempt, Kind.TEXT).question
        for value in ("https://evil.example", "//evil.example", "x", "\\", str(uuid4())):
            answer = as_(ada).get(f"/questions/{question.pk}/reports/", {"attempt": value})
            assert answer.status_code == 200
            assert "evil.example" not in text_of(answer)

    def test_a_report_and_its_answer_are_shown_as_text(self, ada, as_, lessons):
        quiz = make_quiz(lessons[0].module, review="EACH")
        attempt, _ = start_attempt(ada, quiz)
        question = asked(attempt, Kind.TEXT).question
        finish_attempt(attempt)
        QuestionReport.objects.create(
            question=question, user=ada, text="<img src=x onerror=alert(1)>", status="ACCEPTED",
            reply="<script>alert(1)</script>", replied_at=read_clock(),
        )  # fmt: skip
        page = text_of(as_(ada).get(f"{attempt.get_absolute_url()}review/"))
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_page_of_forty_questions_is_drawn_quickly(ada, as_, lessons):
    """Not a measure, an alarm: something quadratic would take many times as long."""
    quiz = make_quiz(lessons[0].module, questions=False, layout="ALL")
    for number in range(40):
        ask(quiz, Kind.SINGLE, f"Question {number}", right=["a"], wrong=["b", "c", "d"])
    attempt, _ = start_attempt(ada, quiz)
    browser = as_(ada)
    browser.get(attempt.get_absolute_url())
    began = time.process_time()
    browser.get(attempt.get_absolute_url())
    assert time.process_time() - began < 2


def test_a_learner_reads_what_became_of_a_report_and_of_a_mended_key(ada, root, as_, attempt):
    answer = asked(attempt, Kind.SINGLE)
    finish_attempt(attempt)
    report_question(ada, answer.question, "Two of them are right.")
    answer_report(QuestionReport.objects.get(), by=root, accepted=True, reply="You were right.")
    quiz = as_(ada).get(f"/quizzes/{attempt.quiz_id}/").text
    assert "You were right." in quiz
    record(
        ada, Event.Kind.ATTEMPT_REGRADED, f"regrade:{attempt.pk}:20261121T090000",
        {"before": 0, "after": 20, "reason": "The key was wrong.", "title": "It", "url": "/"},
    )  # fmt: skip
    result = as_(ada).get(f"/attempts/{attempt.pk}/").text
    assert "0% became 20%. The key was wrong." in result


def test_a_form_without_a_token_saves_nothing(ada, attempt):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ada)
    text = asked(attempt, Kind.TEXT)
    answer = browser.post(f"/attempts/{attempt.pk}/answers/", saying(text, "for"))
    assert answer.status_code == 403
    assert stored(text).text == ""

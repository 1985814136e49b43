"""The pages of assignments: each works, keeps strangers out, costs little, and needs no script."""

from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from assessments import analysing, grading
from assessments.errors import TooOften
from assessments.help_requests import ask_for_help, give_help
from assessments.limits import SUBMISSIONS
from assessments.models import Assignment, Draft, HelpRequest, Run, Submission
from courses.models import Course
from enrollments.models import Enrollment
from progress.models import LessonProgress
from tests.assessments.code_builders import (
    RIGHT,
    STARTER,
    WRONG,
    add_case,
    make_assignment,
    make_program,
)
from tests.classroom.code_pages import FORM, HTMX, begin, judged, text_of
from tests.classroom.quiz_pages import page_of, send

REFUSED = "Source must be UTF-8 text of at most 64 KB."


@pytest.fixture
def assignment(lessons) -> Assignment:
    return make_assignment(lessons[0].module)


@pytest.fixture
def submission(ada, assignment) -> Submission:
    return judged(ada, assignment, WRONG)


def addresses(submission):
    task, own = f"/assignments/{submission.assignment_id}/", f"/submissions/{submission.pk}/"
    return {
        "assignment": (task, "get"),
        "runs": (f"{task}runs/", "post"),
        "submissions": (f"{task}submissions/", "post"),
        "draft": (f"{task}draft/", "post"),
        "submission": (own, "get"),
        "changes": (f"{own}changes/", "get"),
        "ask_for_help": (f"{own}help/", "post"),
    }


NAMES = [
    "assignment", "runs", "submissions", "draft", "submission", "changes", "ask_for_help",
]  # fmt: skip
OWN = ["submission", "changes", "ask_for_help"]


class TestEachAddress:
    @pytest.mark.parametrize("name", NAMES)
    def test_it_works_and_is_stored_nowhere(self, ada, as_, submission, name):
        path, method = addresses(submission)[name]
        data = {"source": RIGHT, "text": "I am stuck here."} if method == "post" else {}
        answer = getattr(as_(ada), method)(path, data)
        assert answer.status_code == (303 if method == "post" else 200)
        assert "no-store" in answer["Cache-Control"]

    @pytest.mark.parametrize("name", NAMES)
    def test_guests_sign_in_first_and_come_back_to_a_page(self, client, ada, as_, submission, name):
        path, method = addresses(submission)[name]
        answer = getattr(client, method)(path)
        assert answer.status_code == 302
        before, _, back = answer["Location"].partition("?next=")
        assert before == "/accounts/login/"
        assert as_(ada).get(back).status_code == 200

    @pytest.mark.parametrize("name", NAMES)
    def test_what_is_not_there_is_not_found(self, bob, as_, submission, name):
        """Row CS18 among them: another's submission is no more there than none."""
        Enrollment.objects.create(user=bob, course=submission.assignment.lesson.course)
        path, method = addresses(submission)[name]
        nobodys = path.replace(path.split("/")[2], str(uuid4()))
        assert getattr(as_(bob), method)(nobodys, {"source": RIGHT}).status_code == 404
        if name in OWN:
            assert getattr(as_(bob), method)(path, {"text": "Anything."}).status_code == 404

    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize("state", ["stranger", "DROPPED", "PAUSED", "plan"])
    def test_a_closed_door_is_closed(self, ada, as_, submission, name, state):
        path, method = addresses(submission)[name]
        if state == "stranger":
            Enrollment.objects.all().delete()
        elif state == "plan":
            Course.objects.update(required_plan="PRO")
        else:
            Enrollment.objects.update(status=state)
        answer = getattr(as_(ada), method)(path, {"source": RIGHT, "text": "Anything."})
        assert answer.status_code == 403
        assert "About this course" in text_of(answer)
        assert Submission.objects.count() == 1
        assert not Draft.objects.exists()

    @pytest.mark.parametrize("name", NAMES)
    def test_the_other_method_is_refused(self, ada, as_, submission, name):
        path, method = addresses(submission)[name]
        other = "post" if method == "get" else "get"
        assert getattr(as_(ada), other)(path).status_code == 405

    @pytest.mark.parametrize("name", ["assignment", "runs", "submissions", "draft"])
    def test_a_lesson_that_is_out_of_sight_is_not_there(self, ada, as_, submission, name):
        path, method = addresses(submission)[name]
        submission.assignment.lesson.status = "DRAFT"
        submission.assignment.lesson.save()
        assert getattr(as_(ada), method)(path, {"source": RIGHT}).status_code == 404


class TestThePanel:
    @pytest.mark.parametrize("player", [True, False])
    def test_what_is_asked_stands_there_before_anything_is_run(self, ada, as_, assignment, player):
        found = assignment.lesson if player else assignment
        page = text_of(as_(ada).get(found.get_absolute_url()))
        assert "add(1, 2)" in page
        assert "and 2 hidden tests: their names and hints" in page.lower()
        assert "adds negative" not in page
        assert "Think below zero." not in page
        assert STARTER.strip().splitlines()[0] in page
        assert "Nothing run yet." in page
        assert "Hint 1 of 1" in page
        assert "As often as you like" in page

    def test_a_program_may_be_run_with_own_input(self, ada, as_, lessons):
        program = make_program(lessons[0].module)
        browser = as_(ada)
        page = text_of(browser.get(program.get_absolute_url()))
        assert "Run with your own input" in page
        assert "xyzzy" not in page
        data = {"source": "print(input())", "stdin": "mine\n", "go": "input"}
        answer = browser.post(f"/assignments/{program.pk}/runs/", data)
        run = Run.objects.get()
        assert (answer.status_code, answer["Location"]) == (303, f"/runs/{run.pk}/")
        assert (run.stdin, run.user) == ("mine\n", ada)

    def test_strangers_find_the_door_and_nothing_of_the_task(self, bob, as_, assignment):
        answer = as_(bob).get(assignment.lesson.get_absolute_url())
        assert answer.status_code == 403
        assert "add(1, 2)" not in text_of(answer)

    def test_staff_who_look_ahead_are_shown_the_way_to_the_studio(
        self, root, as_, assignment, settings
    ):
        settings.DEMO_SCHOOL = True  # where staff need no second factor
        page = text_of(as_(root).get(f"{assignment.lesson.get_absolute_url()}?preview=1"))
        assert "Learners write code here." in page
        assert 'id="source"' not in page

    def test_hints_are_rendered_and_safe(self, ada, as_, assignment):
        assignment.hints = ["Use **plus**.<script>x</script>"]
        assignment.save()
        page = text_of(as_(ada).get(assignment.get_absolute_url()))
        assert "<strong>plus</strong>" in page
        assert "<script>x" not in page

    def test_without_tests_it_says_so_and_nothing_is_run(self, ada, as_, assignment):
        assignment.cases.all().delete()
        browser = as_(ada)
        assert "no tests yet" in text_of(browser.get(assignment.get_absolute_url()))
        answer = browser.post(f"/assignments/{assignment.pk}/submissions/", {"source": RIGHT})
        assert answer.status_code == 409
        assert "This assignment has no tests yet." in text_of(answer)

    def test_what_was_begun_waits_on_the_dashboard_until_it_passes(self, ada, as_, assignment):
        browser = as_(ada)
        assert "Waiting for you" not in text_of(browser.get("/classroom/"))
        browser.post(f"/assignments/{assignment.pk}/draft/", {"source": WRONG})
        assert "Continue<span" in text_of(browser.get("/classroom/"))
        judged(ada, assignment, RIGHT)
        assert "Waiting for you" not in text_of(browser.get("/classroom/"))


class TestWithoutScripts:
    def test_from_the_task_to_the_next_lesson(self, ada, as_, assignment):
        browser = as_(ada)
        address = f"/assignments/{assignment.pk}/submissions/"
        answer = browser.post(address, {"source": WRONG, "draft": "0"})
        assert answer.status_code == 303
        waiting = text_of(browser.get(answer["Location"]))
        assert "Check again" in waiting
        assert 'http-equiv="refresh"' not in waiting
        grading.grade(Submission.objects.get().pk)
        failing = text_of(browser.get(answer["Location"]))
        assert "1 of 4 tests passes. Fails: adds small." in failing
        assert "Edit this code" in failing
        again = browser.post(address, {"source": RIGHT, "draft": "1"})
        grading.grade(Submission.objects.get(number=2).pk)
        passed = text_of(browser.get(again["Location"]))
        assert "All 4 tests pass." in passed
        assert "Next lesson" in passed
        assert LessonProgress.objects.filter(user=ada, lesson=assignment.lesson).exists()

    def test_what_is_run_is_in_the_editor_afterwards(self, ada, as_, assignment):
        browser = as_(ada)
        browser.post(f"/assignments/{assignment.pk}/runs/", {"source": WRONG, "draft": "0"})
        assert "return a - b" in text_of(browser.get(assignment.get_absolute_url()))

    def test_code_of_a_submission_can_be_taken_up_again(self, ada, as_, submission):
        browser = as_(ada)
        task = submission.assignment
        browser.post(f"/assignments/{task.pk}/draft/", {"source": "# another way"})
        page = page_of(browser.get(submission.get_absolute_url()))
        form = next(one for one in page.forms if one.action.endswith("/draft/"))
        code = form.data["source"][0].removeprefix("\n")  # as browsers read a textarea
        assert send(browser, form, source=code).status_code == 303
        assert Draft.objects.get().source == WRONG

    def test_the_code_to_begin_with_comes_back_and_can_be_undone(self, ada, as_, assignment):
        browser = as_(ada)
        browser.post(f"/assignments/{assignment.pk}/draft/", {"source": WRONG})
        page = page_of(browser.get(assignment.get_absolute_url()))
        answer = send(browser, page.form("reset"))
        assert answer.status_code == 200
        assert Draft.objects.get().source == STARTER
        undo = next(one for one in page_of(answer).forms if ("go", "undo") in one.fields)
        data = {name: values[0].removeprefix("\n") for name, values in undo.data.items()}
        assert browser.post(undo.action, data).status_code == 303
        assert Draft.objects.get().source == WRONG


class TestDrafts:
    def test_saving_tells_the_time_and_the_next_version(self, ada, as_, assignment):
        data = {"source": WRONG, "draft": "0"}
        answer = as_(ada).post(f"/assignments/{assignment.pk}/draft/", data, headers=HTMX)
        assert answer.status_code == 200
        assert "Saved " in text_of(answer)
        assert 'name="draft" value="1"' in text_of(answer)

    @pytest.mark.parametrize("headers", [{}, HTMX])
    def test_another_window_is_not_overruled_unless_wanted(self, ada, as_, assignment, headers):
        browser, address = as_(ada), f"/assignments/{assignment.pk}/draft/"
        browser.post(address, {"source": "# theirs", "draft": "0"})
        answer = browser.post(address, {"source": "# mine", "draft": "0"}, headers=headers)
        assert answer.status_code == 409
        assert "# theirs" in text_of(answer)
        assert "Keep mine" in text_of(answer)
        assert Draft.objects.get().source == "# theirs"
        keep = {"source": "# mine", "draft": "0", "theirs": "1", "go": "mine"}
        assert browser.post(address, keep, headers=headers).status_code in (200, 303)
        assert Draft.objects.get().source == "# mine"

    def test_what_cannot_be_kept_stands_in_the_editor_again(self, ada, as_, assignment):
        data = {"source": "# a\x00b", "draft": "0"}
        answer = as_(ada).post(f"/assignments/{assignment.pk}/draft/", data)
        assert answer.status_code == 422
        assert REFUSED in text_of(answer)
        assert "# a\ufffdb" in text_of(answer)
        assert not Draft.objects.exists()

    def test_too_many_in_a_minute_wait(self, ada, as_, assignment):
        browser, address = as_(ada), f"/assignments/{assignment.pk}/draft/"
        for number in range(60):
            data = {"source": f"# {number}", "draft": str(number)}
            assert browser.post(address, data, headers=HTMX).status_code == 200
        answer = browser.post(address, {"source": "# x", "draft": "60"}, headers=HTMX)
        assert answer.status_code == 429
        assert 1 <= int(answer["Retry-After"]) <= 60
        assert Draft.objects.get().source == "# 59"


class TestBadInputs:
    @pytest.mark.parametrize("headers", [{}, HTMX])
    @pytest.mark.parametrize("part", ["runs", "submissions"])
    @pytest.mark.parametrize("source", [b"", b"x" * 2**20, b"a\x00b", b"\xff", b"\xed\xa0\x80"])
    def test_cs14_is_no_source(self, ada, as_, assignment, source, part, headers):
        body = urlencode({"source": source, "draft": "0"})
        address = f"/assignments/{assignment.pk}/{part}/"
        answer = as_(ada).post(address, body, FORM, headers=headers)
        assert answer.status_code == 422
        assert REFUSED in text_of(answer)
        assert not Submission.objects.exists()
        if not headers and source.startswith(b"x"):
            assert source.decode() in text_of(answer)  # nothing typed is lost

    def test_cs16_what_is_printed_is_text(self, ada, as_, assignment):
        source = (
            "def add(a, b):\n"
            "    print('\\x1b[31m<script>alert(1)</script>\\x1b[0m\\u202egnp.exe\\x00')\n"
            "    return '<img src=x>'\n"
        )
        submission = judged(ada, assignment, source)
        for headers in ({}, HTMX):
            page = text_of(as_(ada).get(submission.get_absolute_url(), headers=headers))
            assert "&lt;script&gt;alert(1)&lt;/script&gt;&lt;U+202E&gt;gnp.exe" in page
            assert "<script>alert" not in page
            assert "<img src=x" not in page
            assert "\x1b" not in page
            assert "\u202e" not in page
            assert "\x00" not in page

    @pytest.mark.parametrize("headers", [{}, HTMX])
    def test_cs20_a_third_waits_while_two_are_queued(self, ada, as_, assignment, headers):
        browser, address = as_(ada), f"/assignments/{assignment.pk}/submissions/"
        for _ in range(2):
            assert browser.post(address, {"source": RIGHT}).status_code == 303
        answer = browser.post(address, {"source": "# my newest"}, headers=headers)
        assert answer.status_code == 429
        assert int(answer["Retry-After"]) >= 1
        assert "Two of yours are waiting" in text_of(answer)
        assert headers or "# my newest" in text_of(answer)
        assert Submission.objects.count() == 2

    def test_cs20_the_eleventh_in_a_minute_waits(self, ada, as_, assignment):
        for _ in range(10):
            SUBMISSIONS.spend(str(ada.pk))
        answer = as_(ada).post(f"/assignments/{assignment.pk}/submissions/", {"source": RIGHT})
        assert answer.status_code == 429
        assert 1 <= int(answer["Retry-After"]) <= 60
        assert not Submission.objects.exists()

    def test_numbers_that_are_none_are_harmless(self, ada, as_, assignment):
        browser = as_(ada)
        for draft in ("", "x", "-1", "9" * 30, "\u0661"):
            data = {"source": f"# {draft}", "draft": draft}
            status = browser.post(f"/assignments/{assignment.pk}/draft/", data).status_code
            assert status in (303, 409)
        for page in ("0", "x", "99999999"):
            assert browser.get(f"{assignment.get_absolute_url()}?page={page}").status_code == 200


class TestHelp:
    def test_asking_once_and_reading_the_answer(self, ada, grace, as_, submission):
        browser, own = as_(ada), submission.get_absolute_url()
        assert "Ask a person" in text_of(browser.get(own))
        answer = browser.post(f"{own}help/", {"text": "Why is it <b>minus</b>?"})
        assert answer.status_code == 303
        page = text_of(browser.get(own))
        assert "Why is it &lt;b&gt;minus&lt;/b&gt;?" in page
        assert "Ask a person" not in page
        give_help(HelpRequest.objects.get(), grace, "Look at line 2.")
        page = text_of(browser.get(own))
        assert "<bdi>Grace</bdi> answered" in page
        assert "Look at line 2." in page
        again = browser.post(f"{own}help/", {"text": "And another thing."})
        assert again.status_code == 409
        assert "You have asked about this." in text_of(again)

    @pytest.mark.parametrize("text", ["", "  ", "abc", "x" * 1001, "a\x00bcdef"])
    def test_what_is_no_question_is_said_at_the_field(self, ada, as_, submission, text):
        answer = as_(ada).post(f"{submission.get_absolute_url()}help/", {"text": text})
        assert answer.status_code == 422
        assert "There is a problem" in text_of(answer)
        assert "<title>Error: " in text_of(answer)
        assert not HelpRequest.objects.exists()

    def test_too_many_questions_wait(self, ada, as_, assignment, submission):
        def ask_until_refused():
            for number in range(20):
                row = Submission.objects.create(
                    user=ada, assignment=assignment, is_graded=True, number=100 + number,
                    status="ERROR", finished_at=now(),
                )  # fmt: skip
                ask_for_help(ada, row, "Where am I wrong?")

        with pytest.raises(TooOften):
            ask_until_refused()
        answer = as_(ada).post(f"{submission.get_absolute_url()}help/", {"text": "Why is it so?"})
        assert answer.status_code == 429
        assert int(answer["Retry-After"]) >= 1
        assert "Why is it so?" in text_of(answer)

    def test_a_run_is_nothing_to_ask_about(self, ada, as_, assignment):
        run = judged(ada, assignment, WRONG, graded=False)
        answer = as_(ada).post(f"{run.get_absolute_url()}help/", {"text": "Why is it so?"})
        assert answer.status_code == 404


class TestFeedback:
    def test_the_rules_say_what_they_are_and_what_they_found(self, ada, as_, submission):
        browser, own = as_(ada), submission.get_absolute_url()
        assert "The analysis follows." in text_of(browser.get(own))
        part = browser.get(f"{own}?part=analysis", headers=HTMX)
        assert "hx-trigger" in text_of(part)
        assert analysing.analyse(submission.pk)
        part = text_of(browser.get(f"{own}?part=analysis", headers=HTMX))
        assert "Built-in rules. Not AI, not a person." in part
        assert "of 10" in part
        assert "hx-trigger" not in part

    def test_changes_are_told_by_signs(self, ada, as_, assignment, submission):
        second = judged(ada, assignment, RIGHT)
        page = text_of(as_(ada).get(f"{second.get_absolute_url()}changes/"))
        assert "<del>-    return a - b</del>" in page
        assert "<ins>+    return a + b</ins>" in page
        first = text_of(as_(ada).get(f"{submission.get_absolute_url()}changes/"))
        assert "there is none before it" in first

    def test_many_changes_are_cut(self, ada, as_, assignment):
        judged(ada, assignment, WRONG + "#a\n" * 9000)
        second = judged(ada, assignment, WRONG + "#b\n" * 9000)
        page = text_of(as_(ada).get(f"{second.get_absolute_url()}changes/"))
        assert "Only the first 2,000 lines are compared." in page
        assert page.count("<ins>") + page.count("<del>") <= 2000


class TestCosts:
    def count(self, ask):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = ask()
        assert answer.status_code == 200
        return len(queries)

    def counts(self, browser, ada, assignment):
        first = Submission.objects.filter(assignment=assignment).first()
        own = first.get_absolute_url()
        page = self.count(lambda: browser.get(assignment.get_absolute_url()))
        player = self.count(lambda: browser.get(assignment.lesson.get_absolute_url()))
        result = self.count(lambda: browser.get(own, headers=HTMX))
        whole = self.count(lambda: browser.get(own))
        begin(browser, assignment, WRONG)
        waiting = Submission.objects.open().get()
        address = waiting.get_absolute_url()
        browser.get(address, headers=HTMX)
        poll = self.count(lambda: browser.get(address, headers=HTMX))
        grading.grade(waiting.pk)
        return {"page": page, "player": player, "result": result, "whole": whole, "poll": poll}

    def test_the_same_however_many_tests_and_submissions(self, ada, as_, lessons):
        browser = as_(ada)
        few, many = (make_assignment(lessons[0].module, slug) for slug in ("few", "many"))
        for number in range(20):
            add_case(many, f"more-{number}", args=[number, 1], expected=number + 1,
                     is_visible=number % 2 == 0)  # fmt: skip
        judged(ada, few, WRONG)
        for _ in range(5):
            judged(ada, many, WRONG)
        seen = self.counts(browser, ada, few)
        assert self.counts(browser, ada, many) == seen
        limits = {"page": 12, "player": 18, "result": 10, "whole": 10, "poll": 4}
        assert {name: n for name, n in seen.items() if n > limits[name]} == {}

    def test_passing_costs_no_more(self, ada, as_, assignment):
        submission = judged(ada, assignment, RIGHT)
        browser, own = as_(ada), submission.get_absolute_url()
        assert self.count(lambda: browser.get(own, headers=HTMX)) <= 12
        assert self.count(lambda: browser.get(own)) <= 12

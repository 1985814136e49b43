"""The pages of assignments: each works, keeps strangers out, takes no nonsense, costs little."""

from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import analysing, grading
from assessments.limits import SUBMISSIONS
from assessments.models import Assignment, Draft, Submission
from courses.models import Course
from enrollments.models import Enrollment
from tests.assessments.code_builders import RIGHT, WRONG, add_case, make_assignment
from tests.classroom.code_pages import FORM, HTMX, begin, judged, text_of

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
READABLE = ["submission", "changes"]
STATES = ["stranger", "DROPPED", "PAUSED", "plan"]
OF_THE_COURSE = ["add(1, 2)", "Expected", "adds negative", "Think below zero.", "Edit this code",
                 "Ask a person"]  # fmt: skip


def close_door(state):
    if state == "stranger":
        Enrollment.objects.all().delete()
    elif state == "plan":
        Course.objects.update(required_plan="PRO")
    else:
        Enrollment.objects.update(status=state)


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

    @pytest.mark.parametrize("name", [name for name in NAMES if name not in READABLE])
    @pytest.mark.parametrize("state", STATES)
    def test_a_closed_door_is_closed(self, ada, as_, submission, name, state):
        path, method = addresses(submission)[name]
        close_door(state)
        answer = getattr(as_(ada), method)(path, {"source": RIGHT, "text": "Anything."})
        assert answer.status_code == 403
        assert "About this course" in text_of(answer)
        assert Submission.objects.count() == 1
        assert not Draft.objects.exists()

    @pytest.mark.parametrize("state", STATES)
    def test_behind_a_closed_door_ones_own_code_and_its_verdict_stay(
        self, ada, as_, submission, state
    ):
        analysing.analyse(submission.pk)
        close_door(state)
        browser, own = as_(ada), submission.get_absolute_url()
        for address, headers in ((own, {}), (f"{own}?part=whole", HTMX)):
            page = text_of(browser.get(address, headers=headers))
            assert "1 of 4 tests passes." in page
            assert "About this course" in page
            assert "Built-in rules" in page
            for of_the_course in OF_THE_COURSE:
                assert of_the_course not in page
        assert "return a - b" in text_of(browser.get(own))
        assert "This is the first submission" in text_of(browser.get(f"{own}changes/"))
        beside = browser.get(own, headers=HTMX)
        assert beside.status_code == 403
        assert "add(1, 2)" not in text_of(beside)

    def test_the_same_page_shows_the_tests_while_the_door_is_open(self, ada, as_, submission):
        page = text_of(as_(ada).get(submission.get_absolute_url()))
        for of_the_course in OF_THE_COURSE:
            assert of_the_course in page

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

    def test_the_sign_for_what_is_no_character_may_be_typed(self, ada, as_, assignment):
        source = "def add(a, b):\n    return '\ufffd'\n"
        for name in ("submissions", "runs", "draft"):
            body = urlencode({"source": source, "draft": "0"})
            address = f"/assignments/{assignment.pk}/{name}/"
            assert as_(ada).post(address, body, FORM).status_code == 303
        assert set(Submission.objects.values_list("source", flat=True)) == {source}
        assert Draft.objects.get().source == source

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
        analysis = self.count(lambda: browser.get(f"{own}?part=analysis", headers=HTMX))
        begin(browser, assignment, WRONG)
        waiting = Submission.objects.open().get()
        address = waiting.get_absolute_url()
        browser.get(address, headers=HTMX)
        poll = self.count(lambda: browser.get(address, headers=HTMX))
        grading.grade(waiting.pk)
        return {"page": page, "player": player, "result": result, "whole": whole, "poll": poll,
                "analysis": analysis}  # fmt: skip

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
        limits = {"page": 12, "player": 18, "result": 10, "whole": 10, "poll": 4, "analysis": 4}
        assert {name: n for name, n in seen.items() if n > limits[name]} == {}

    def test_passing_costs_no_more(self, ada, as_, assignment):
        submission = judged(ada, assignment, RIGHT)
        browser, own = as_(ada), submission.get_absolute_url()
        assert self.count(lambda: browser.get(own, headers=HTMX)) <= 12
        assert self.count(lambda: browser.get(own)) <= 12

"""What is told of a submission: while it waits, once it is judged, and where our side failed."""

import json
from datetime import timedelta

import pytest
from django.utils.timezone import now

from assessments import grading, submissions
from assessments.models import Outcome, Submission, Work
from assessments.printed import legible, marked, printed
from assessments.verdicts import Place
from gamification.models import Standing
from tests.assessments.code_builders import RIGHT, WRONG, make_assignment, make_program
from tests.classroom.code_pages import HTMX, begin, judged, text_of


@pytest.fixture
def assignment(lessons):
    return make_assignment(lessons[0].module)


def said(answer):
    return json.loads(answer["HX-Trigger"])["say"]["text"]


class TestWaiting:
    def test_a_press_is_answered_with_a_place_that_asks_by_itself(self, ada, as_, assignment):
        answer = begin(as_(ada), assignment, WRONG, "runs")
        page, run = text_of(answer), Submission.objects.get()
        assert answer.status_code == 200
        assert "<html" not in page
        assert f'hx-get="/submissions/{run.pk}/"' in page
        assert 'hx-trigger="load delay:700ms"' in page
        assert "Next in line." in page
        assert said(answer) == "Running your tests."
        assert 'name="draft" value="1"' in page

    def test_the_place_in_the_queue_is_told(self, ada, bob, as_, assignment):
        browser = as_(ada)
        for _ in range(3):
            Submission.objects.create(user=bob, assignment=assignment, is_graded=False, source="x")
        begin(browser, assignment, WRONG)
        mine = Submission.objects.get(user=ada)
        page = text_of(browser.get(mine.get_absolute_url(), headers=HTMX))
        assert "3 ahead of you, about 8 s." in page

    def test_a_long_wait_is_told_in_minutes(self):
        assert str(Place(100, 3.0)) == "100 ahead of you, about 6 min."

    @pytest.mark.parametrize(("age", "delay"), [(1, 700), (4, 1000), (9, 2000), (60, 5000)])
    def test_it_asks_more_and_more_seldom(self, ada, as_, assignment, age, delay):
        submission = submissions.submit(ada, assignment, WRONG, graded=True)
        Submission.objects.update(created_at=now() - timedelta(seconds=age))
        page = text_of(as_(ada).get(submission.get_absolute_url(), headers=HTMX))
        assert f"load delay:{delay}ms" in page
        assert ("You can leave this page" in page) == (age > 10)

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"status": "RUNNING", "tries": 1}, "Running your tests. 3 s so far."),
            ({"tries": 1, "fault": "gone"}, "We are retrying (2 of 3)."),
            ({"tries": 2, "fault": "gone"}, "We are retrying (3 of 3)."),
            ({"status": "RUNNING", "tries": 2, "fault": "gone"}, "We are retrying (2 of 3)."),
            ({"fault": "no runner"}, "Your code waits: the runner is away."),
        ],
    )
    def test_each_state_has_its_words(self, ada, as_, assignment, fields, words):
        submission = submissions.submit(ada, assignment, WRONG, graded=True)
        if fields.get("status") == "RUNNING":
            fields |= {"claim": submission.pk, "leased_until": now() + timedelta(hours=1)}
            fields |= {"started_at": now() - timedelta(seconds=3.2)}
        Submission.objects.update(**fields)
        for headers in ({}, HTMX):
            page = text_of(as_(ada).get(submission.get_absolute_url(), headers=headers))
            assert words in page
            assert "gone" not in page
            assert "no runner" not in page

    def test_a_page_that_is_loaded_again_goes_on_waiting(self, ada, as_, assignment):
        begin(as_(ada), assignment, WRONG, "runs")
        run = Submission.objects.get()
        for address in (assignment.get_absolute_url(), assignment.lesson.get_absolute_url()):
            assert f'hx-get="/submissions/{run.pk}/"' in text_of(as_(ada).get(address))

    @pytest.mark.parametrize("is_judged", [False, True])
    def test_a_late_question_gets_no_answer(self, ada, as_, assignment, is_judged):
        """The page says what it shows by now; what is older than that must not replace it."""
        first = submissions.submit(ada, assignment, WRONG, graded=False)
        second = submissions.submit(ada, assignment, RIGHT, graded=False)
        if is_judged:
            grading.grade(first.pk)
        browser, address = as_(ada), first.get_absolute_url()
        late = browser.get(f"{address}?newest={second.pk}", headers=HTMX)
        assert (late.status_code, late.content) == (204, b"")
        assert "HX-Trigger" not in late
        assert browser.get(f"{address}?newest={first.pk}", headers=HTMX).status_code == 200

    def test_our_fault_is_not_theirs(self, ada, as_, assignment):
        submission = submissions.submit(ada, assignment, WRONG, graded=True)
        Submission.objects.update(status="ERROR", finished_at=now(), tries=3, fault="secret fault")
        for headers in ({}, HTMX):
            answer = as_(ada).get(submission.get_absolute_url(), headers=headers)
            page = text_of(answer)
            assert "Our runner failed three times. Your code was not judged" in page
            assert "secret fault" not in page
            assert "hx-trigger" not in page.partition('id="result"')[2].partition("</section>")[0]


class TestVerdicts:
    @pytest.mark.parametrize(
        ("source", "words"),
        [
            (RIGHT, "All 4 tests pass."),
            (WRONG, "1 of 4 tests passes. Fails: adds small."),
            ("def add(a, b):\n    return a +\n", "Your code does not start"),
            ("def add(a, b):\n    return c\n", "Your code stops with an error in: adds small."),
            ("def add(a, b):\n    while True: pass\n", "Stopped after 2 s. A loop may never end."),
            (
                "def add(a, b):\n    return bytearray(10**9) and 3\n",
                "it wanted more than 128 MB of memory in: adds small.",
            ),
            (
                "def add(a, b):\n    print('x' * 10**6)\n    return a + b\n",
                "it printed more than 64 KB in: adds small.",
            ),
        ],
    )
    def test_every_end_has_its_own_words(self, ada, as_, assignment, source, words):
        submission = judged(ada, assignment, source)
        page = text_of(as_(ada).get(submission.get_absolute_url()))
        assert words in page

    def test_the_first_failing_test_is_open_with_what_was_called(self, ada, as_, assignment):
        run = judged(ada, assignment, WRONG, graded=False)
        answer = as_(ada).get(run.get_absolute_url(), headers=HTMX)
        page = text_of(answer)
        assert "1 of 2 sample tests passes. Fails: adds small." in page
        assert page.count("<details open>") == 1
        assert "add(1, 2)" in page
        assert "<mark>-1</mark>" in page
        assert said(answer) == (
            "Run finished. 1 of 2 sample tests passes. First failing test: adds small."
        )
        assert "load delay" not in page

    def test_an_error_is_put_in_plain_words_with_its_line(self, ada, as_, assignment):
        run = judged(ada, assignment, "def add(a, b):\n    return totl\n", graded=False)
        page = text_of(as_(ada).get(run.get_absolute_url(), headers=HTMX))
        assert 'data-goto="2"' in page
        assert "totl" in page
        assert "NameError" in page

    def test_passing_changes_everything_that_follows_from_it(self, ada, as_, assignment):
        submission = judged(ada, assignment, RIGHT)
        answer = as_(ada).get(submission.get_absolute_url(), headers=HTMX)
        page, lesson = text_of(answer), assignment.lesson
        for key in ("xp-pill", "course-progress", f"ol-{lesson.pk}", "next-cta", "history",
                    f"toggle-{lesson.pk}"):  # fmt: skip
            element = page.partition(f'id="{key}"')[2].partition(">")[0]
            assert 'hx-swap-oob="true"' in element, key
        assert "Passed" in page
        assert "30 XP" in page
        assert said(answer) == "All 4 tests pass. Assignment complete. You earned 30 XP."
        again = judged(ada, assignment, RIGHT)
        later = as_(ada).get(again.get_absolute_url(), headers=HTMX)
        assert said(later) == "All 4 tests pass. Assignment complete."

    def test_whoever_hides_points_is_told_of_none(self, ada, as_, assignment):
        ada.profile.preferences = {"show_points": False}
        ada.profile.save()
        submission = judged(ada, assignment, RIGHT)
        answer = as_(ada).get(submission.get_absolute_url(), headers=HTMX)
        assert "XP" not in said(answer)
        assert "XP" not in text_of(answer)
        assert Standing.objects.get(user=ada).total_xp == 30

    def test_enough_is_enough_where_not_all_is_asked(self, ada, as_, lessons):
        half = make_assignment(lessons[0].module, "half", pass_percent=20)
        page = text_of(as_(ada).get(judged(ada, half, WRONG).get_absolute_url()))
        assert "1 of 4 tests passes. 20% is enough: 20% pass. Fails: adds small." in page

    def test_a_program_shows_what_it_read_and_printed(self, ada, as_, lessons):
        program = make_program(lessons[0].module)
        submission = judged(ada, program, "print('hallo')")
        page = text_of(as_(ada).get(submission.get_absolute_url()))
        assert "first difference: word 1" in page
        assert "<mark>hallo</mark>" in page

    def test_long_output_has_an_end_and_goes_on_upon_demand(self, ada, as_, assignment):
        source = "def add(a, b):\n    print('abc\\n' * 3000)\n    return 0\n"
        page = text_of(as_(ada).get(judged(ada, assignment, source).get_absolute_url()))
        assert "Show more (" in page

    def test_every_outcome_is_known_to_the_words(self):
        assert set(Outcome) == {
            "PASSED", "WRONG", "RUNTIME_ERROR", "COMPILE_ERROR", "TIME_LIMIT", "MEMORY_LIMIT",
            "OUTPUT_LIMIT",
        }  # fmt: skip
        assert Work.Status.ERROR == "ERROR"


class TestTexts:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("\x1b[1;31mred\x1b[0m", "red"),
            ("\x1b]0;title\x07x\x1b]8;;u\x1b\\y", "xy"),
            ("\x9b2Jx", "x"),
            ("a\r\nb", "a\nb"),
            ("a\rb", "a<U+000D>b"),
            ("\u202eevil\u2066", "<U+202E>evil<U+2066>"),
            ("tab\tand\nline", "tab\tand\nline"),
            ("zażółć 日本 👩", "zażółć 日本 👩"),
            ("\x1b", ""),
        ],
    )
    def test_nothing_in_a_text_acts(self, text, shown):
        assert legible(text) == shown

    @pytest.mark.parametrize(
        ("expected", "got", "where", "parts"),
        [
            ("a b c", "a x c", "word 2", ("a ", "x", " c")),
            ("a\nb", "a\nx\n", "line 2", ("a\n", "x", "")),
            ("[1, 20, 3]", "[1, 25, 3]", "item 2", ("[1, ", "25", ", 3]")),
            ("3", "-1", "", ("", "-1", "")),
            ("a b", "a", "word 2", ("a", "", "")),
            ("", "", "item 1", ("", "", "")),
        ],
    )
    def test_the_first_difference_is_marked(self, expected, got, where, parts):
        found = marked(expected, got, where)
        assert (found.before, found.mark, found.after) == parts

    def test_a_text_is_cut_at_a_line(self):
        text = "".join(f"{number}\n" for number in range(100))
        cut = printed(text)
        assert cut.head.endswith("\n39")
        assert cut.rest.startswith("40\n")
        assert len(printed("x" * 10_000).head) == 3_000

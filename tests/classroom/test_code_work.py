"""Working on an assignment: what its page holds, and the whole way without a script."""

import pytest

from assessments import grading
from assessments.models import Assignment, Draft, Run, Submission
from progress.models import LessonProgress
from tests.assessments.code_builders import RIGHT, STARTER, WRONG, make_assignment, make_program
from tests.classroom.code_pages import judged, text_of
from tests.classroom.quiz_pages import page_of, send


@pytest.fixture
def assignment(lessons) -> Assignment:
    return make_assignment(lessons[0].module)


@pytest.fixture
def submission(ada, assignment) -> Submission:
    return judged(ada, assignment, WRONG)


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
        assert "Run as often as you like; it costs nothing." in page
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

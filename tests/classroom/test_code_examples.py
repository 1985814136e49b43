"""Code in lessons that can be run: by guests as it stands, by learners as they like."""

import json
from uuid import uuid4

import pytest

from assessments import programs
from assessments.limits import GUEST_RUNS, RUNS
from assessments.models import Run
from courses.actions import save_rendered
from enrollments.models import Enrollment
from sandbox.job import TOO_LONG
from tests.classroom.code_pages import HTMX, text_of

TEXT = """
Read this.

```python title="hello.py"
print("hello")
```

```text
not a program
```

```js
console.log(1 + 1);
```

```js
document.title = "x";
```

- In a list:

  ```python
  print(input())
  ```

The end.
"""


@pytest.fixture
def lesson(lessons):
    lesson = lessons[0]
    lesson.content, lesson.is_preview = TEXT, True
    save_rendered(lesson)
    return lesson


def test_the_button_says_which_example_it_runs(client, lesson):
    page = text_of(client.get(lesson.get_absolute_url()))
    assert 'Run<span class="visually-hidden"> hello.py</span>' in page
    assert 'Run<span class="visually-hidden"> example 3</span>' in page


def run_of(browser, lesson, **data):
    return browser.post(f"/lessons/{lesson.pk}/runs/", {"block": "1", **data})


def ended(run):
    programs.run_program(run.pk)
    run.refresh_from_db()
    return run


class TestWhatCanBeRun:
    @pytest.mark.parametrize("kind", ["ARTICLE", "CODE_EXAMPLE"])
    def test_programs_in_their_places(self, ada, as_, lesson, kind):
        lesson.kind = kind
        lesson.save()
        page = text_of(as_(ada).get(lesson.get_absolute_url()))
        places = [number for number in range(1, 7) if f'id="example-{number}"' in page]
        assert places == [1, 3, 5]  # neither the text nor what speaks to a page
        assert page.index("hello.py") < page.index('id="example-1"') < page.index("not a program")
        assert page.index('id="example-5"') < page.index("The end.")

    def test_guests_may_press_and_not_change(self, client, lesson):
        page = text_of(client.get(lesson.get_absolute_url()))
        assert 'id="example-1"' in page
        assert "Change it and run" not in page

    def test_a_film_has_none(self, ada, as_, lesson):
        lesson.kind = "VIDEO"
        lesson.save()
        assert "example-1" not in text_of(as_(ada).get(lesson.get_absolute_url()))


class TestRunning:
    def test_without_script_a_page_shows_what_was_printed(self, ada, as_, lesson):
        browser = as_(ada)
        answer = run_of(browser, lesson)
        run = Run.objects.get()
        assert (answer.status_code, answer["Location"]) == (303, f"/runs/{run.pk}/")
        assert "Check again" in text_of(browser.get(answer["Location"]))
        assert ended(run).stdout == "hello\n"
        page = text_of(browser.get(answer["Location"]))
        assert "Ran to its end." in page
        assert ">hello</code>" in page
        assert "Back to the lesson" in page

    def test_with_script_it_stands_below_the_example(self, ada, as_, lesson):
        browser, address = as_(ada), f"/lessons/{lesson.pk}/runs/"
        answer = browser.post(address, {"block": "3"}, headers=HTMX)
        run = Run.objects.get()
        assert 'id="example-3"' in text_of(answer)
        assert f'hx-get="/runs/{run.pk}/?at=3"' in text_of(answer)
        assert 'aria-label="Result of example 3"' in text_of(answer)
        ended(run)
        answer = browser.get(f"/runs/{run.pk}/?at=3", headers=HTMX)
        page = text_of(answer)
        assert 'id="example-3"' in page
        assert ">2</code>" in page
        assert "hx-trigger" not in (page.partition("<main")[2] or page)
        assert json.loads(answer["HX-Trigger"])["say"]["text"].startswith("Run finished. Ran to")

    def test_learners_run_their_own_version_with_input(self, ada, as_, lesson):
        browser = as_(ada)
        run_of(browser, lesson, source="print(input()[::-1])", stdin="abc\n")
        assert ended(Run.objects.get()).stdout == "cba\n"

    def test_guests_run_what_the_lesson_shows_whatever_they_send(self, client, lesson):
        answer = run_of(client, lesson, source="print('mine')")
        run = Run.objects.get()
        assert answer.status_code == 303
        assert (run.user, run.source) == (None, 'print("hello")\n')
        ended(run)
        assert ">hello</code>" in text_of(client.get(answer["Location"]))

    def test_an_error_is_put_in_plain_words(self, ada, as_, lesson):
        browser = as_(ada)
        answer = run_of(browser, lesson, source="print(totl)")
        ended(Run.objects.get())
        page = text_of(browser.get(answer["Location"]))
        assert "Stopped with an error." in page
        assert "NameError" in page

    def test_what_is_printed_is_text(self, ada, as_, lesson):
        browser = as_(ada)
        answer = run_of(browser, lesson, source="print('\\x1b[1m<b>\\u202e\\x00')")
        ended(Run.objects.get())
        page = text_of(browser.get(answer["Location"]))
        assert "&lt;b&gt;&lt;U+202E&gt;" in page
        assert "\x1b" not in page


class TestRefusals:
    @pytest.mark.parametrize("block", ["", "0", "2", "4", "6", "99", "x", "-1"])
    def test_there_is_no_such_example(self, ada, as_, lesson, block):
        answer = as_(ada).post(f"/lessons/{lesson.pk}/runs/", {"block": block})
        assert answer.status_code == 422
        assert not Run.objects.exists()

    def test_a_lesson_that_is_not_there(self, ada, as_, lesson):
        nobodys = as_(ada).post(f"/lessons/{uuid4()}/runs/", {"block": "1"})
        assert nobodys.status_code == 404
        assert as_(ada).get(f"/lessons/{lesson.pk}/runs/").status_code == 405

    def test_a_closed_lesson_sends_guests_to_sign_in_and_strangers_to_the_door(
        self, client, bob, as_, lesson
    ):
        lesson.is_preview = False
        lesson.save()
        answer = run_of(client, lesson)
        assert answer.status_code == 302
        assert answer["Location"].endswith(f"?next={lesson.get_absolute_url()}")
        assert run_of(as_(bob), lesson).status_code == 403
        assert not Run.objects.exists()

    @pytest.mark.parametrize("headers", [{}, HTMX])
    @pytest.mark.parametrize("data", [{"source": " "}, {"source": "x" * 70_000}])
    def test_what_is_no_source(self, ada, as_, lesson, data, headers):
        address = f"/lessons/{lesson.pk}/runs/"
        answer = as_(ada).post(address, {"block": "1", **data}, headers=headers)
        assert answer.status_code == 422
        assert TOO_LONG in text_of(answer)
        assert not Run.objects.exists()

    def test_too_many_wait(self, ada, client, as_, lesson):
        for _ in range(20):
            RUNS.spend(str(ada.pk))
        for _ in range(10):
            GUEST_RUNS.spend("127.0.0.1")
        for browser in (as_(ada), client):
            answer = run_of(browser, lesson)
            assert answer.status_code == 429
            assert int(answer["Retry-After"]) >= 1

    def test_anothers_run_is_not_there(self, ada, bob, client, as_, lesson):
        run_of(as_(ada), lesson)
        address = Run.objects.get().get_absolute_url()
        Enrollment.objects.create(user=bob, course=lesson.course)
        assert as_(bob).get(address).status_code == 404
        assert client.get(address).status_code == 404
        assert as_(ada).post(address).status_code == 405
        assert as_(ada).get(address).status_code == 200

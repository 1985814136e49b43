"""What the page of an import says: titles and beginnings of questions, only choices that help."""

import pytest

from courses.models import Course, CourseImport
from studio.pages.import_names import beginning
from studio.pages.import_words import fields_in_words
from tests.studio.test_assignment_pages import text
from tests.studio.test_bad_sources import packed
from tests.studio.test_import_folder import lesson
from tests.studio.uploading import FILES, archive, bring, upload

pytestmark = pytest.mark.django_db
__all__ = ["upload"]
QUIZ = """\
id: check
title: Check
questions:
  - id: wvd44fmdwc
    type: single
    prompt: When does *water* boil, and what does it do once all of it is steam at last?
    options:
      - {id: a, text: At 100 degrees, correct: true}
      - {id: b, text: At 90 degrees}
"""
CHECK = "01-water/03-check.quiz.yaml"


def page_of(desk, row):
    return text(desk.get(row.get_absolute_url()))


def offered(desk, row):
    html = page_of(desk, row)
    return [name for name in ("overwrite", "publish", "regrade") if f'name="{name}"' in html]


class TestChoices:
    def test_a_new_course_that_is_refused_offers_none(self, desk, upload):
        row = upload(archive(**{CHECK: QUIZ}))
        CourseImport.objects.filter(pk=row.pk).update(
            status="REFUSED",
            plan={"errors": [{"path": CHECK, "line": 3, "message": "No id.", "code": "id"}]},
        )
        row.refresh_from_db()
        assert offered(desk, row) == []
        assert "Plan again" in page_of(desk, row)

    def test_what_was_chosen_can_be_taken_back(self, desk, upload):
        row = upload(publish=True)
        CourseImport.objects.filter(pk=row.pk).update(status="REFUSED", plan={"errors": []})
        row.refresh_from_db()
        assert offered(desk, row) == ["publish"]

    def test_a_refusal_offers_the_way_out_that_it_names(self, desk, upload, course):
        Course.objects.filter(pk=course.pk).update(slug="tea")
        assert offered(desk, upload()) == ["overwrite"]

    def test_a_course_that_is_there_offers_all(self, desk, upload):
        bring(upload())
        row = upload(archive(**{"01-water/01-boil.md": lesson("Theirs", id="boil")}))
        assert offered(desk, row) == ["overwrite", "publish", "regrade"]


class TestNames:
    def test_a_question_is_called_by_its_beginning(self, desk, upload):
        row = bring(upload(archive(**{CHECK: QUIZ})))
        called = "“When does *water* boil, and what does it do once all of it…” of “Check”"
        assert called in page_of(desk, row)
        again = upload(archive(**{CHECK: QUIZ.replace("At 90", "At 91")}))
        html = page_of(desk, again)
        assert called in html
        assert "wvd44fmdwc" not in html

    @pytest.mark.parametrize(
        ("prompt", "begun"),
        [("So?", "“So?”"), (" \n", ""), ("x" * 90, f"“{'x' * 60}…”"), ("A\n\nb", "“A b”")],
    )
    def test_a_beginning_is_one_short_line(self, prompt, begun):
        assert beginning(prompt) == begun

    def test_the_page_asks_the_same_however_many_questions(
        self, desk, upload, django_assert_num_queries
    ):
        rest = QUIZ.partition("questions:\n")[2]
        more = "".join(rest.replace("wvd44fmdwc", f"q{number}") for number in range(20))
        for files in ({CHECK: QUIZ}, {CHECK: QUIZ + more}):
            row = bring(upload(archive(**files)))
            desk.get(row.get_absolute_url())
            with django_assert_num_queries(7):
                desk.get(row.get_absolute_url())


class TestTitles:
    def test_the_title_of_the_course_that_is_there_comes_first(self, desk, upload):
        bring(upload())
        Course.objects.update(title="Git for one")
        html = page_of(desk, upload())
        assert "This goes into the course <strong>Git for one</strong>" in html
        assert "The file calls it <strong>Tea</strong>." in html

    def test_one_title_is_said_once(self, desk, upload):
        bring(upload())
        html = page_of(desk, upload())
        assert "This goes into the course <strong>Tea</strong>" in html
        assert "The file calls it" not in html


class TestMoves:
    def test_what_moved_says_so_once_and_where_to(self, desk, upload):
        files = {**FILES, "02-milk/module.yaml": "id: milk\ntitle: Milk\n"}
        warm = {"02-milk/01-warm.md": lesson("Warm", id="warm")}
        bring(upload(packed(*{**files, **warm}.items())))
        files["02-milk/02-boil.md"] = files.pop("01-water/01-boil.md")
        html = page_of(desk, upload(packed(*{**files, **warm}.items())))
        assert "moved: to “Milk”" in html
        swapped = {"01-water/04-boil.md": FILES["01-water/01-boil.md"]}
        rest = {name: data for name, data in FILES.items() if name != "01-water/01-boil.md"}
        html = page_of(desk, upload(packed(*{**rest, **swapped}.items())))
        assert "moved</span>" in html
        assert "moved: moved" not in html


@pytest.mark.parametrize(
    ("kind", "detail", "words"),
    [
        ("course", "description, language, summary", "description, language, summary"),
        ("module", "description, title", "summary, title"),
        ("lesson", "written on the site: content, xp_reward", "written on the site: text, points"),
    ],
)
def test_each_field_has_one_name(kind, detail, words):
    assert fields_in_words(detail, kind) == words

"""The list of all courses, and taking one of them out."""

import io
import zipfile
from copy import deepcopy

import pytest

from courses.actions import delete_lesson
from courses.models import Asset, Course
from enrollments.models import Enrollment
from studio.editing import editing
from studio.exporting.formats import WRITERS, export
from studio.exporting.tree_of import tree_of
from studio.pages.exports import export_page
from tests.conftest import make_course, make_person
from tests.studio.test_assignment_pages import text
from tests.studio.test_import_folder import bring, folder

pytestmark = pytest.mark.django_db
__all__ = ["folder"]
LIST = "/studio/courses/"


def test_the_list_says_of_every_course_what_authors_ask(desk, ada, course, folder):
    Enrollment.objects.create(
        user=make_person("gone@example.org", "Gone"),
        course=course,
        status=Enrollment.Status.DROPPED,
    )
    bring(folder)
    html = text(desk.get(LIST))
    assert "2 courses" in html
    mine, theirs = html[html.index("Python from zero") :], html[html.index(">Tea<") :]
    assert '<td class="num" data-label="Lessons">4</td>' in mine
    assert '<td class="num" data-label="Learners">1</td>' in mine
    assert '<td class="whole" data-label="Written">on the site</td>' in mine
    assert '<td class="whole" data-label="Written">in a folder</td>' in theirs
    assert 'href="/studio/courses/python-basics/export/"' in html
    assert 'href="/courses/tea/"' in html


def test_what_changed_last_comes_first(desk, course):
    make_course("second", "Second")
    assert text(desk.get(LIST)).index("Second") < text(desk.get(LIST)).index("Python")
    course.lessons.first().save()
    assert text(desk.get(LIST)).index("Second") > text(desk.get(LIST)).index("Python")


def test_an_outline_that_changed_is_a_course_that_changed(desk, course):
    make_course("second", "Second")
    with editing(course):
        delete_lesson(course.lessons.first())
    html = text(desk.get(LIST))
    assert html.index("Second") > html.index("Python")


def test_a_search_finds_drafts_and_says_how_many(desk, course):
    make_course("git", "Git for one", status=Course.Status.DRAFT)
    html = text(desk.get(LIST, {"q": "git"}))
    assert "1 course for “git”" in html
    assert "Python from zero" not in html
    piece = text(desk.get(LIST, {"q": "pyhton"}, headers={"HX-Request": "true"}))
    assert "Python from zero" in piece
    assert "<h1" not in piece
    assert "No course matches “&lt;x&gt;”" in text(desk.get(LIST, {"q": "<x>"}))


def test_deleted_courses_are_not_listed(desk, course):
    Course.objects.update(deleted_at=course.created_at)
    html = text(desk.get(LIST))
    assert "No courses yet" in html
    assert 'href="/studio/courses/new/"' in html
    assert 'href="/studio/imports/"' in html


def test_a_page_has_twenty_five_and_asks_as_often(desk, course, django_assert_num_queries):
    desk.get(LIST)
    for number in range(25):
        make_course(f"c{number}", f"Course {number}", lessons=1)
    for address, there in ((LIST, 25), (f"{LIST}?page=2", 1), (f"{LIST}?page=99", 1)):
        with django_assert_num_queries(7):
            html = text(desk.get(address))
        assert html.count('scope="row">') == there


@pytest.mark.parametrize("name", WRITERS)
def test_a_course_is_downloaded_as_a_file_of_a_safe_name(desk, folder, name):
    bring(folder)
    answer = desk.get(f"/studio/courses/tea/export/{name}/")
    writer = WRITERS[name]
    assert answer["Content-Disposition"] == f'attachment; filename="tea{writer.ending}"'
    assert answer["Content-Type"] == writer.content_type
    assert answer.content == desk.get(f"/studio/courses/tea/export/{name}/").content


def test_the_folder_comes_out_as_it_went_in(desk, folder):
    bring(folder)
    answer = desk.get("/studio/courses/tea/export/zip/")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert "tea/course.yaml" in archive.namelist()


def test_before_the_download_the_page_says_what_each_format_holds(desk, folder):
    bring(folder)
    html = text(desk.get("/studio/courses/tea/export/"))
    for writer in WRITERS.values():
        assert writer.label in html
        assert f'href="/studio/courses/tea/export/{writer.name}/"' in html


def test_the_page_reads_no_file_and_says_the_same_as_the_archives(
    desk, folder, django_assert_num_queries
):
    (folder / "assets").mkdir(exist_ok=True)
    (folder / "assets" / "notes.txt").write_text("Leaves.")
    bring(folder)
    course = Course.objects.with_language().get(slug="tea")
    with django_assert_num_queries(3):
        page = export_page(course)
    for offer in page.offers:
        archive = export(course, offer.writer)
        assert (offer.name, offer.files) == (archive.name, archive.files)
        assert offer.lost == archive.lost
    asset = course.assets.get(path="assets/notes.txt")
    asset.source_file.storage.delete(asset.source_file.name)
    assert export_page(course) == page
    answer = desk.get("/studio/courses/tea/export/cartridge/")
    assert answer.status_code == 409
    assert "The file is missing in the storage." in text(answer)


def test_no_writer_changes_the_tree(folder):
    bring(folder)
    tree = tree_of(Course.objects.get(slug="tea"))
    before = deepcopy(tree)
    for writer in WRITERS.values():
        writer.write(tree)
        assert tree == before


def test_a_heavy_course_is_told_in_words_of_the_site(desk, folder):
    bring(folder)
    page = "/studio/courses/tea/export/"
    assert "may be too large" not in text(desk.get(page))
    Asset.objects.create(
        course=Course.objects.get(slug="tea"), path="film.mp4", sha256="0" * 64, size=70 * 2**20
    )
    html = text(desk.get(page))
    assert "The files of this course are 70.0" in html
    assert "export a folder" not in html


def test_there_is_nothing_else_to_download(desk, as_, ada, course):
    assert desk.get("/studio/courses/python-basics/export/exe/").status_code == 404
    assert desk.get("/studio/courses/none/export/").status_code == 404
    assert as_(ada).get("/studio/courses/python-basics/export/zip/").status_code == 404
    assert as_(ada).get("/studio/courses/python-basics/export/").status_code == 404

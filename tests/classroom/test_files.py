"""Files of courses and widgets of lessons."""

import pytest
from django.core.files.base import ContentFile

from courses.models import Asset, Course, Lesson
from enrollments.models import Enrollment
from tests.accounts.bad_sign_in import second_factor
from tests.classroom.test_pages import LESSON

BYTES = bytes(range(256)) * 4


@pytest.fixture
def clip(course):
    row = Asset(course=course, path="assets/clip.webm", sha256="ab" * 32, size=len(BYTES))
    row.file.save("clip", ContentFile(BYTES))
    return row


ADDRESS = "/courses/python-basics/files/assets/clip.webm"


def body(answer):
    return b"".join(answer.streaming_content)


def test_a_file_comes_whole(client, clip):
    answer = client.get(ADDRESS)
    assert (answer.status_code, answer["Content-Type"]) == (200, "video/webm")
    assert body(answer) == BYTES
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("wanted", "start", "end"), [("bytes=10-19", 10, 20), ("bytes=1000-", 1000, 1024)]
)
def test_a_player_gets_the_part_it_asks_for(client, clip, wanted, start, end):
    answer = client.get(ADDRESS, headers={"Range": wanted})
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {start}-{end - 1}/1024"
    assert body(answer) == BYTES[start:end]


@pytest.mark.parametrize(
    "wanted", ["bytes=9-3", "bytes=5000-", "rows=1-2", "bytes=a-b", "bytes=-5"]
)
def test_a_range_that_makes_no_sense_gets_the_whole(client, clip, wanted):
    answer = client.get(ADDRESS, headers={"Range": wanted})
    assert (answer.status_code, len(body(answer))) == (200, 1024)


def test_unknown_kinds_are_downloads_and_pictures_run_nothing(client, clip):
    Asset.objects.update(path="assets/evil.html")
    answer = client.get("/courses/python-basics/files/assets/evil.html")
    assert answer["Content-Disposition"] == "attachment"
    assert answer["Content-Type"] == "application/octet-stream"
    Asset.objects.update(path="assets/a.svg")
    policy = client.get("/courses/python-basics/files/assets/a.svg")["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


@pytest.mark.parametrize("path", ["nothing.png", "../../manage.py", "%2e%2e/x", "assets/"])
def test_what_is_not_listed_is_not_there(client, clip, path):
    assert client.get(f"/courses/python-basics/files/{path}").status_code == 404


def test_files_of_hidden_courses_are_for_staff_with_a_second_factor(client, root, as_, clip):
    Course.objects.update(status="DRAFT")
    assert client.get(ADDRESS).status_code == as_(root).get(ADDRESS).status_code == 404
    second_factor(root)
    answer = as_(root).get(ADDRESS)
    assert len(body(answer)) == 1024


def test_a_plan_guards_the_files_of_its_course(client, ada, bob, root, as_, clip, monkeypatch):
    Course.objects.update(required_plan="PRO")
    second_factor(root)
    assert as_(root).get(ADDRESS).status_code == 200
    for browser in (client, as_(ada), as_(bob)):
        assert browser.get(ADDRESS).status_code == 404
    monkeypatch.setattr("billing.access.plan_of", lambda user: Course.Plan.PRO)
    assert as_(ada).get(ADDRESS).status_code == 200
    assert as_(bob).get(ADDRESS).status_code == 404
    Enrollment.objects.update(status="PAUSED")
    assert as_(ada).get(ADDRESS).status_code == 404


@pytest.mark.parametrize(
    "shown",
    [{"content_html": f'<img src="{ADDRESS}">'}, {"video_url": ADDRESS}, {"captions": ADDRESS}],
)
def test_files_of_a_preview_are_as_open_as_it_is(client, clip, lessons, shown):
    Course.objects.update(required_plan="PRO")
    Lesson.objects.filter(slug="lesson-1").update(**shown)
    assert client.get(ADDRESS).status_code == 404
    Lesson.objects.filter(slug="lesson-1").update(is_preview=True)
    assert client.get(ADDRESS).status_code == 200
    Lesson.objects.filter(slug="lesson-1").update(status="DRAFT")
    assert client.get(ADDRESS).status_code == 404


@pytest.mark.parametrize("number", [0, 1])
def test_what_the_page_of_a_course_shows_is_open(client, clip, number):
    Course.objects.update(required_plan="PRO")
    page = [{"cover": clip}, {"description_html": f'<img src="{ADDRESS}">'}][number]
    Course.objects.update(**page)
    assert client.get(ADDRESS).status_code == 200


def test_a_name_that_begins_like_an_open_one_is_not_open(client, clip, lessons):
    Course.objects.update(required_plan="PRO")
    other = f'<a href="{ADDRESS}.zip">'
    Lesson.objects.filter(slug="lesson-1").update(is_preview=True, content_html=other)
    assert client.get(ADDRESS).status_code == 404


def test_a_file_of_a_free_course_takes_one_query(client, clip, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert client.get(ADDRESS).status_code == 200


def test_the_widget_of_a_draft_is_for_staff_with_a_second_factor(root, as_, lessons):
    Lesson.objects.filter(slug="lesson-1").update(widget="<p>Play</p>", status="DRAFT")
    address = f"/lessons/{lessons[0].pk}/widget/"
    assert as_(root).get(address).status_code == 404
    second_factor(root)
    assert as_(root).get(address).status_code == 200


def test_a_widget_runs_in_a_sandbox_behind_the_door_of_its_lesson(client, ada, bob, as_, lessons):
    Lesson.objects.filter(slug="lesson-1").update(widget="<p>Play</p>", kind="INTERACTIVE")
    address = f"/lessons/{lessons[0].pk}/widget/"
    assert client.get(address).status_code == as_(bob).get(address).status_code == 404
    answer = as_(ada).get(address)
    assert answer.content == b"<p>Play</p>"
    assert "sandbox allow-scripts" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer
    Lesson.objects.filter(slug="lesson-1").update(is_preview=True)
    assert client.get(address).status_code == 200
    assert f'src="{address}"' in client.get(LESSON).content.decode()

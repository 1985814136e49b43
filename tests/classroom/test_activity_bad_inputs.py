"""The table of bad inputs of activity pages and timelines, asked row by row."""

import csv
from pathlib import Path

import pytest
from django.test import Client
from django.utils.timezone import now

from activity.models import Event, Sharing

TABLE = Path(__file__).parent.parent / "bad_inputs" / "activity_rows.tsv"
with TABLE.open(newline="") as table:
    ROWS = {
        row["surface"].split()[0]: row
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
    }
EVIL = '"><script>alert(1)</script>'


@pytest.fixture
def row(request):
    """The row of the table that the test is named after."""
    return ROWS[request.node.originalname.split("_")[1].upper()]


@pytest.fixture
def browser(root, course, ada, settings):
    """Root, who is staff and in the course, with more than a page of history."""
    settings.DEMO_SCHOOL = True
    root.enrollments.create(course=course)
    Event.objects.bulk_create(
        Event(user=root, kind="LESSON_COMPLETED", subject=f"lesson:{n}", created_at=now())
        for n in range(60)
    )
    browser = Client(raise_request_exception=False)
    browser.force_login(root)
    return browser


@pytest.fixture
def lists(browser, root, course):
    return [
        "/activity/",
        "/activity/seen/",
        f"/activity/courses/{course.slug}/",
        f"/studio/students/{root.pk}/",
    ]


@pytest.fixture(autouse=True)
def unchanged(browser):
    before = Event.objects.count()
    yield
    assert Event.objects.count() == before
    assert not Sharing.objects.exists()


def lines(answer):
    page = answer.content.decode()
    return page.count("Finished a lesson") + page.count("Completed a lesson")


def test_pg02_a_page_is_fifty_lines_whatever_is_asked(row, browser, lists):
    asked = [f"per_page={n}" for n in (0, -1, 100_000)]
    asked += [f"before={text}" for text in ("", "-1", "0", "9" * 400, "１-２", "x-y", "1" * 17)]
    for address in lists:
        for query in asked:
            answer = browser.get(f"{address}?{query}")
            assert str(answer.status_code) == row["status"]
            assert lines(answer) <= 50


def test_pg04_filters_that_nobody_offers_filter_nothing(row, browser, lists):
    many = "&".join(["before=1"] * 999)
    tags = "&".join(["tag=x"] * 1000)
    for address in lists:
        for query in ("kind=nope", "course=%00", "before=%00", many, tags, f"kind={EVIL}"):
            answer = browser.get(f"{address}?{query}")
            assert str(answer.status_code) in row["status"].split(" or ")
            assert EVIL not in answer.content.decode()


def test_pg06_paths_of_nothing_are_not_found(row, browser):
    names = ["-1", "9223372036854775808", "9" * 5000, "%D9%A1", "a%00", "a%0a", "../x", "1"]
    for name in names:
        for address in (f"/activity/courses/{name}/", f"/studio/students/{name}/"):
            answer = browser.get(address)
            assert str(answer.status_code) in row["status"].split(" or "), address


def test_hx02_htmx_needs_the_token_too(row, root):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(root)
    for address in ("/activity/sharing/", "/settings/privacy/"):
        answer = strict.post(address, {"is_on": "on"}, headers={"HX-Request": "true"})
        assert str(answer.status_code) == row["status"]


@pytest.mark.parametrize("value", [EVIL, "x" * 10_240])
def test_hx04_headers_of_htmx_are_not_repeated(row, browser, lists, value):
    for address in lists:
        for name in ("HX-Target", "HX-Trigger", "HX-Prompt"):
            answer = browser.get(address, headers={"HX-Request": "true", name: value})
            assert str(answer.status_code) == row["status"]
            assert value not in answer.content.decode()


def test_hx06_forged_headers_get_the_whole_page(row, browser, lists):
    for address in lists:
        for name in ("HX-Boosted", "HX-History-Restore-Request"):
            answer = browser.get(address, headers={"HX-Request": "true", name: "true"})
            assert str(answer.status_code) == row["status"]
            assert "<html" in answer.content.decode()


def test_every_row_of_the_table_is_asked():
    written = {name.split("_")[1].upper() for name in globals() if name[5:7] in ("pg", "hx")}
    assert written == set(ROWS)

"""Bringing a course in with a browser: upload, plan, yes, report; with script and without."""

import io
import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from courses.models import Course, CourseImport, Lesson
from studio import course_importing, course_imports
from studio.course_imports import Choices, Options
from tests.conftest import make_course, make_person
from tests.flows.looking import Looker

DEMO = Path(__file__).parents[2] / "demo" / "git-for-one"
Status = CourseImport.Status


@pytest.fixture
def staff(transactional_db: Any, settings: Any) -> User:
    settings.DEMO_SCHOOL = True
    return make_person("root@example.org", "Root", role=User.Role.ADMIN, is_superuser=True)


@pytest.fixture
def looker(open_page: Any, staff: User) -> Iterator[Looker]:
    found = Looker(open_page(staff))
    yield found
    assert not found.problems, "\n" + "\n".join(dict.fromkeys(found.problems))


def packed(**changed: str) -> bytes:
    """The demo course as an archive; `changed` files are other than in the folder."""
    files = {
        path.relative_to(DEMO.parent).as_posix(): path.read_bytes()
        for path in sorted(DEMO.rglob("*"))
        if path.is_file()
    }
    files |= {name: text.encode() for name, text in changed.items()}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def show(looker: Looker, address: str, name: str) -> None:
    """Look at a page; with SHOTS set, keep pictures of it there."""
    looker.visit(address)
    picture(looker, name)


def picture(looker: Looker, name: str) -> None:
    folder = os.environ.get("SHOTS")
    if not folder:
        return
    for width in (1280, 390):
        looker.page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            looker.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            path = Path(folder) / f"{name}-{width}-{scheme}.png"
            looker.page.screenshot(path=path, full_page=True)


def choose_file(page: Page, data: bytes, name: str = "git-for-one.zip") -> None:
    page.goto("/studio/courses/")
    page.get_by_role("link", name="Import a course").click()
    upload = {"name": name, "mimeType": "application/zip", "buffer": data}
    page.get_by_label("File", exact=True).set_input_files(upload)  # type: ignore[arg-type]
    page.get_by_role("button", name="See what would change").click()


@pytest.mark.parametrize("script", [True, False])
def test_a_course_is_brought_in(open_page: Any, staff: User, script: bool) -> None:
    page: Page = open_page(staff, script=script)
    choose_file(page, packed())
    expect(page.get_by_text("What would change is being worked out.")).to_be_visible()
    row = CourseImport.objects.get()
    course_importing.plan(row.pk)
    if not script:
        page.get_by_role("link", name="Check again").click()
    expect(page.get_by_role("heading", name=re.compile(r"The plan: \d+ changes"))).to_be_visible()
    if script:
        expect(page.locator("#say")).to_contain_text("The plan: ")
    expect(page.get_by_text("This makes a new course: Git for one")).to_be_visible()
    assert not Course.objects.exists()
    page.get_by_role("button", name="Import now").click()
    expect(page.get_by_text("The course is being imported")).to_be_visible()
    course_importing.apply(row.pk)
    if not script:
        page.get_by_role("link", name="Check again").click()
    expect(page.get_by_role("heading", name=re.compile(r"Imported: \d+ changes"))).to_be_visible()
    page.get_by_role("link", name="Open the course").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Git for one")


def test_a_look_that_fails_is_not_the_last(open_page: Any, watch: Any, staff: User) -> None:
    watch.meant += ["ERR_FAILED", "Failed to fetch"]
    row = course_imports.ask(staff, packed(), "git-for-one.zip")
    page: Page = open_page(staff)
    page.goto(row.get_absolute_url())
    expect(page.get_by_text("What would change is being worked out.")).to_be_visible()
    failed: list[Route] = []

    def fail(route: Route) -> None:
        failed.append(route)
        route.abort()

    page.route("**/studio/imports/*/", fail)
    with page.expect_event("requestfailed"):
        pass
    page.unroute("**/studio/imports/*/")
    assert failed
    course_importing.plan(row.pk)
    expect(page.get_by_role("heading", name=re.compile(r"The plan: \d+ changes"))).to_be_visible()


def test_a_refused_upload_puts_the_reasons_first(looker: Looker) -> None:
    page = looker.page
    broken = packed(
        **{"git-for-one/01-safety-net/01-what.md": "---\ntitle: A\ncolour: x\n---\nT\n"}
    )
    choose_file(page, broken)
    expect(page.locator("[data-focus]")).to_be_focused()
    expect(page.locator("[data-focus]")).to_contain_text("01-safety-net/01-what.md:3: ")
    looker.look("a refused upload")
    picture(looker, "refused-upload")


def test_pages_of_an_empty_school(looker: Looker) -> None:
    show(looker, "/studio/courses/", "courses-empty")
    show(looker, "/studio/imports/", "imports-empty")


def test_every_state_of_an_import(looker: Looker, staff: User) -> None:
    row = course_imports.ask(staff, packed(), "git-for-one.zip")
    show(looker, row.get_absolute_url(), "planning")
    course_importing.plan(row.pk)
    show(looker, row.get_absolute_url(), "ready")
    course_imports.confirm(row.pk, staff)
    show(looker, row.get_absolute_url(), "applying")
    course_importing.apply(row.pk)
    show(looker, row.get_absolute_url(), "done")
    show(looker, "/studio/courses/", "courses")
    show(looker, "/studio/courses/?q=nothing+like+it", "courses-nothing")
    show(looker, "/studio/courses/git-for-one/export/", "export")


def test_conflicts_and_a_course_that_changed(looker: Looker, staff: User) -> None:
    first = course_imports.ask(staff, packed(), "git-for-one.zip")
    course_importing.plan(first.pk)
    course_imports.confirm(first.pk, staff)
    course_importing.apply(first.pk)
    course = Course.objects.get()
    edited, other = Lesson.objects.filter(course=course, kind=Lesson.Kind.ARTICLE)[:2]
    Lesson.objects.filter(pk=edited.pk).update(title="As it is on the site " + "very" * 20)
    text = f"---\nid: {edited.key}\ntitle: Theirs\n---\nOther [text](nowhere.md).\n"
    longer = f"---\nid: {other.key}\ntitle: Other\n---\nOther text.\n"
    changed = packed(
        **{f"git-for-one/{edited.source}": text, f"git-for-one/{other.source}": longer}
    )
    row = course_imports.ask(staff, changed, "git-for-one-with-a-very-long-name" * 3 + ".zip")
    course_importing.plan(row.pk)
    row.refresh_from_db()
    row.plan["effects"] = ["3 learners fall below 100% until they read “Other”."]
    row.is_changed = True
    row.save()
    show(looker, row.get_absolute_url(), "conflicts")
    again = course_imports.ask(staff, packed(), "a.zip", Options(choices=Choices(overwrite=True)))
    Course.objects.update(deleted_at=course.created_at)
    course_importing.plan(again.pk)
    show(looker, again.get_absolute_url(), "refused")
    CourseImport.objects.filter(pk=again.pk).update(
        status=Status.FAILED, fault=course_importing.KILLED
    )
    show(looker, again.get_absolute_url(), "failed")
    CourseImport.objects.filter(pk=again.pk).update(by=None)
    show(looker, again.get_absolute_url(), "of-somebody-else")
    show(looker, "/studio/imports/", "imports")


def test_a_search_finds_as_one_types(open_page: Any, staff: User) -> None:
    make_course("python-basics", "Python from zero")
    make_course("git-for-one", "Git for one")
    page: Page = open_page(staff)
    page.goto("/studio/courses/")
    page.get_by_label("Search by title or topic").fill("git")
    expect(page.get_by_text("1 course for “git”")).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?q=git$"))

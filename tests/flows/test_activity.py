"""Activity, timelines and privacy in a browser; and what a page that is left says of itself."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now
from playwright.sync_api import expect

from accounts.models import User
from activity.analytics import buffer
from activity.models import Event
from activity.sharing import share
from activity.words import LINES, SHARED
from courses.models import Course
from enrollments.models import Enrollment
from tests.flows.looking import Looker
from tests.flows.school import LONG_NAME, LONG_TITLE

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def busy(transactional_db: Any, ada: User, course: Course) -> User:
    """Somebody with a long name and one of everything, on some days."""
    User.objects.filter(pk=ada.pk).update(name=LONG_NAME)
    data = {"url": "/courses/", "course": str(course.pk), "course_title": LONG_TITLE}
    Event.objects.bulk_create(
        Event(
            user=ada,
            kind=kind,
            subject=f"x:{n}",
            data={**data, "title": f"{n} {LONG_TITLE}", "level": 3, "days": 7, "reason": "Why."},
            created_at=now() - timedelta(hours=7 * n),
        )
        for n, kind in enumerate([*LINES, *Event.Kind, *["LESSON_COMPLETED"] * 60])
    )
    share(ada, is_on=True, shown=SHARED)
    return ada


def test_pages_of_activity_hold_the_most_there_can_be(
    busy: User, bob: User, course: Course, open_page: Any
) -> None:
    Enrollment.objects.create(user=bob, course=course)
    hers, his = Looker(open_page(busy)), Looker(open_page(bob))
    for address in ("/activity/", "/activity/seen/", "/settings/privacy/"):
        hers.visit(address)
    for address in (f"/activity/courses/{course.slug}/", "/activity/", "/activity/seen/"):
        his.visit(address)
    problems = [*hers.problems, *his.problems]
    assert not problems, "\n".join(problems)


def test_the_timeline_of_a_student_holds_the_most_there_can_be(
    busy: User, bob: User, root: User, settings: Any, open_page: Any
) -> None:
    settings.DEMO_SCHOOL = True
    looker = Looker(open_page(root))
    looker.visit(f"/studio/students/{busy.pk}/")
    looker.visit(f"/studio/students/{bob.pk}/")
    assert not looker.problems, "\n".join(looker.problems)


def test_what_others_see_is_switched_on_and_off(busy: User, open_page: Any) -> None:
    page = open_page(busy)
    page.goto("/activity/")
    switch = page.get_by_label("Show what I finish to others in my courses")
    expect(switch).to_be_checked()
    switch.uncheck()
    page.get_by_label("Quizzes I pass").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#main").get_by_text("Nobody else sees what you finish.")).to_be_visible()
    busy.sharing.refresh_from_db()
    assert (busy.sharing.is_on, busy.sharing.hidden) == (False, ["QUIZ_PASSED"])


def test_a_page_that_is_left_says_once_how_quick_it_was(
    transactional_db: Any, bob: User, open_page: Any
) -> None:
    page = open_page(bob)
    page.context.add_init_script(
        "Object.defineProperty(navigator, 'webdriver', {get: () => false});"
        "const later = setTimeout;"
        "globalThis.setTimeout = (work, wait) => later(work, wait === 5000 ? 0 : wait);"
        "globalThis.sent = [];"
        "navigator.sendBeacon = async (to, body) =>"
        " sent.push([to, body.type, await body.text()]);"
    )
    page.goto("/courses/?q=python", wait_until="networkidle")
    page.evaluate(
        "() => { Object.defineProperty(document, 'visibilityState', {get: () => 'hidden'});"
        "for (const _ of [1, 2]) dispatchEvent(new Event('visibilitychange')); }"
    )
    page.wait_for_function("sent.length > 0")
    [[address, kind, text]] = page.evaluate("sent")
    assert (address, kind) == ("/api/events", "application/json")
    buffer.waiting.clear()
    status = page.evaluate(
        "([to, body]) => fetch(to, {method: 'POST', body,"
        " headers: {'Content-Type': 'application/json'}}).then((answer) => answer.status)",
        [address, text],
    )
    assert status == 204
    assert "python" not in text

"""Every page, at three widths, in two themes: nothing that a machine can find is wrong."""

import re
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from accounts.models import User
from assessments.attempts import close_overdue, finish_attempt, start_attempt
from assessments.models import Attempt, Quiz
from tests.assessments.builders import ask, make_quiz
from tests.flows.conftest import DESKTOP, NARROW, PHONE
from tests.flows.looking import Looker
from tests.flows.quizzing import begin, is_saved, open_question, option, right_answers, set_clock
from tests.flows.school import School, fill_school, make_hard_quiz
from tests.lms.pseudo import spoken

HOME = "/classroom/courses/python-basics/"
SETTINGS = [
    "", "profile/", "account/", "sessions/", "privacy/", "notifications/", "appearance/", "time/",
    "tokens/", "data/",
]  # fmt: skip


@pytest.fixture
def school(transactional_db: Any) -> School:
    return fill_school()


@pytest.fixture
def looker(open_page: Any) -> Any:
    """`looker(ada)`; whatever was found is told at the end, all of it."""
    lookers: list[Looker] = []

    def look_as(user: Any = None) -> Looker:
        lookers.append(Looker(open_page(user)))
        return lookers[-1]

    yield look_as
    found = [problem for looker in lookers for problem in looker.problems]
    assert not found, "\n" + "\n".join(dict.fromkeys(found))


def test_pages_for_everybody(school: School, looker: Any) -> None:
    guest = looker()
    for address in (
        "/",
        "/courses/",
        "/courses/?q=nothing+like+it",
        "/courses/?difficulty=INTERMEDIATE",
        "/courses/python-basics/",
        "/courses/long/",
        "/languages/",
        "/languages/python/",
        "/languages/haskell/",
        f"{HOME}lessons/lesson-1/",
        "/help/",
        "/people/ada/",
        "/api/docs",
    ):
        guest.visit(address)


def test_an_empty_school(transactional_db: Any, looker: Any) -> None:
    guest = looker()
    for address in ("/", "/courses/", "/languages/"):
        guest.visit(address)


def test_signing_in_and_up(school: School, looker: Any) -> None:
    guest = looker()
    page: Page = guest.page
    guest.visit("/accounts/signup/")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    guest.look("sign-up with problems")
    page.get_by_label("Email").fill("eve@example.org")
    page.get_by_label("Your name").fill("Eve")
    page.get_by_label("Password", exact=True).fill("a long walk on the beach")
    page.get_by_role("button", name="Create account").click()
    page.get_by_label("Code").wait_for()
    guest.look("the code")
    page.get_by_label("Code").fill("wrong")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    guest.look("a wrong code")
    page.context.clear_cookies()
    guest.visit("/accounts/login/")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    guest.look("sign-in with problems")


def test_a_new_password(school: School, looker: Any) -> None:
    guest = looker()
    page: Page = guest.page
    guest.visit("/accounts/password/reset/")
    page.get_by_label("Email").fill("ada@example.org")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", level=1, name="Look at your email")).to_be_visible()
    guest.look("reset sent")
    link = re.search(r"https?://\S+(/accounts/password/reset/key/\S+)", str(mail.outbox[-1].body))
    assert link
    page.goto(link[1])
    guest.look("new password")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    guest.look("new password with problems")
    for number in (1, 2):
        page.locator(f"#id_password{number}").fill("another walk on the beach")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile("done/$"))
    guest.look("password saved")
    guest.visit("/accounts/password/reset/key/1-set-password/")


def test_the_classroom(school: School, looker: Any) -> None:
    ada = looker(school.ada)
    for address in (
        "/classroom/",
        "/classroom/courses/",
        HOME,
        "/courses/",
        "/courses/python-basics/",
        "/languages/python/",
        "/progress/",
        "/achievements/",
        "/progress/history/",
        "/progress/streak/",
        "/people/ada/",
        "/accounts/logout/",
    ):
        ada.visit(address)


def test_a_classroom_with_nothing_in_it_and_one_with_all_done(school: School, looker: Any) -> None:
    zoe = looker(school.zoe)
    for address in ("/classroom/", "/classroom/courses/", "/progress/", "/progress/history/"):
        zoe.visit(address)
    zoe.visit("/progress/streak/")
    zoe.visit("/courses/long/")
    finisher = looker(school.max)
    finisher.visit("/classroom/")
    finisher.visit("/classroom/courses/git-for-one/")


def test_lessons_of_every_kind(school: School, looker: Any) -> None:
    ada = looker(school.ada)
    for lesson in school.kinds.values():
        ada.visit(lesson.get_absolute_url())
    ada.visit("/classroom/courses/big/lessons/lesson-75/")
    zoe = looker(school.zoe)
    zoe.visit(school.kinds["article"].get_absolute_url())
    zoe.visit(school.kinds["film"].get_absolute_url(), status=403)
    ahead = looker(school.root)
    ahead.visit(f"{school.kinds['article'].get_absolute_url()}?preview=1")


def test_after_the_page_has_changed(school: School, looker: Any) -> None:
    ada = looker(school.ada)
    page: Page = ada.page
    page.goto(school.kinds["file"].get_absolute_url())
    page.get_by_role("button", name="Lesson complete").click()
    expect(page.get_by_role("button", name="Lesson complete", pressed=True)).to_be_visible()
    expect(page.locator("#say")).not_to_be_empty()
    ada.look("lesson marked complete")
    page.goto("/classroom/")
    page.locator("details.menu:not(#bell) summary").click()
    ada.look("menu open")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    ada.look("keys open")
    page.goto("/courses/")
    page.locator("#catalogue-search").fill("nothing like it")
    expect(page.locator("#results h2").first).to_contain_text("No course matches")
    ada.look("catalogue after a search")
    page.route("**/completion/", lambda route: route.fulfill(status=500, body=""))
    page.goto(school.kinds["widget"].get_absolute_url())
    page.get_by_role("button", name="Lesson complete").click()
    expect(page.locator("#net")).to_be_visible()
    ada.look("the failure bar")


def test_settings(school: School, looker: Any) -> None:
    ada = looker(school.ada)
    page: Page = ada.page
    for section in SETTINGS:
        ada.visit(f"/settings/{section}")
    page.goto("/settings/profile/")
    page.get_by_role("button", name="Save profile").click()
    expect(page.locator("#toasts")).to_contain_text("Profile saved.")
    ada.look("profile saved")
    page.get_by_label("Your name").fill("")
    page.get_by_role("button", name="Save profile").click()
    expect(page.locator("[data-focus]")).to_be_focused()
    ada.look("profile with problems")
    for address in (
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/accounts/3rdparty/",
        "/accounts/reauthenticate/",
    ):
        ada.visit(address)


def test_refusals(school: School, looker: Any, settings: Any) -> None:
    guest = looker()
    guest.visit("/no/such/page/", status=404)
    guest.visit("/people/nobody-at-all/", status=404)
    ada = looker(school.ada)
    ada.visit("/no/such/page/", status=404)
    page: Page = ada.page
    page.goto("/courses/long/")
    post = """(address) => {
      const form = Object.assign(document.createElement("form"), {method: "post", action: address});
      document.body.append(form);
      form.submit();
    }"""
    page.evaluate(post, "/courses/python-basics/enrollment/")
    page.wait_for_url("**/python-basics/enrollment/")
    ada.look("a form without its token")


def test_the_mail_of_a_demo_school(school: School, looker: Any, settings: Any) -> None:
    settings.DEMO_SCHOOL = True
    looker().visit("/demo/mail/")


@pytest.fixture
def quiz(school: School) -> Quiz:
    """With a clock, two attempts, and an hour between them."""
    return make_hard_quiz(
        school.course.modules.first(), "hard", time_limit=30, max_attempts=2, wait=60
    )


def test_before_a_quiz_and_after_it(school: School, quiz: Quiz, looker: Any) -> None:
    ada = looker(school.ada)
    empty = make_quiz(quiz.lesson.module, "nothing", questions=False)
    ada.visit(empty.get_absolute_url())
    ada.visit(quiz.get_absolute_url())
    ada.visit(quiz.lesson.get_absolute_url())
    attempt = begin(ada.page, quiz)
    ada.visit(quiz.get_absolute_url())
    ada.visit(f"{attempt.get_absolute_url()}review/", status=403)
    finish_attempt(attempt)
    ada.visit(attempt.get_absolute_url())  # failed, and to be waited for
    ada.visit(quiz.get_absolute_url())
    quiz.wait = 0
    quiz.save()
    last, _ = start_attempt(school.ada, quiz)
    right_answers(last)
    set_clock(last, left=-6, used=1806)
    close_overdue()
    ada.visit(last.get_absolute_url())  # passed, ended by the clock
    ada.visit(quiz.get_absolute_url())  # no attempt left
    ada.visit(f"{attempt.get_absolute_url()}review/")
    ada.visit(f"{last.get_absolute_url()}review/")
    practice, _ = start_attempt(school.ada, quiz, practice=True)
    finish_attempt(practice)
    ada.visit(practice.get_absolute_url())


def test_questions_of_every_kind(school: School, quiz: Quiz, looker: Any) -> None:
    ada = looker(school.ada)
    page: Page = ada.page
    attempt, _ = start_attempt(school.ada, quiz)
    address = attempt.get_absolute_url()
    for number in range(1, 8):
        ada.visit(f"{address}questions/{number}/")
    page.get_by_label("Come back to this").check()
    page.get_by_label("Your answer").fill("They are read.")
    is_saved(page)
    ada.look("saved while typing")
    ada.visit(f"{address}summary/")
    open_question(page, attempt, 5)
    page.get_by_label("Your answer").fill("many")
    page.get_by_label("Come back to this").check()
    expect(page.locator("#save-state")).to_contain_text("Not saved: question")
    ada.look("not saved")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.locator("[data-focus]")).to_be_focused()
    ada.look("a question with an error")
    right_answers(attempt)
    set_clock(attempt, left=100, used=1700)
    ada.visit(f"{address}questions/2/")  # the clock is low
    expect(page.locator("#clock")).to_have_class(re.compile("low"))
    ada.visit(f"{address}summary/")
    page.goto(f"{address}questions/2/")
    page.get_by_role("button", name="Something wrong with it?").click()
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    ada.look("a report with an error")
    forty = make_quiz(quiz.lesson.module, "forty", questions=False)
    for number in range(40):
        ask(forty, "SINGLE", f"Number {number}?", right=["Yes"], wrong=["No"])
    begin(page, forty)
    ada.look("many questions")


def test_an_attempt_in_trouble(school: School, quiz: Quiz, looker: Any) -> None:
    ada = looker(school.ada)
    page: Page = ada.page
    everything = make_hard_quiz(quiz.lesson.module, "all", layout=Quiz.Layout.ALL)
    attempt, _ = start_attempt(school.ada, everything)
    ada.visit(attempt.get_absolute_url())
    other = page.context.new_page()
    other.goto(attempt.get_absolute_url())
    option(other, "3.5").check()
    is_saved(other)
    ada.look("all questions on a page")
    ada.widths = (NARROW,)  # the same page with a sentence more
    option(page, "4").check()
    state = page.locator("#save-state")
    expect(state).to_contain_text("changed in another tab")
    ada.look("changed in another tab")
    state.get_by_role("button", name="See both answers").click()
    expect(page.locator("[data-focus]")).to_be_focused()
    ada.look("both answers")
    finish_attempt(Attempt.objects.get(pk=attempt.pk))
    option(other, "4").check()
    expect(other.locator("#save-state")).to_contain_text("Already submitted.")
    page.get_by_role("button", name="Save and see summary").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This attempt is closed")
    ada.look("closed")


def test_pages_run_from_right_to_left(school: School, looker: Any, settings: Any) -> None:
    """In long words of no language: what is cut off, runs over, or still runs the other way."""
    with spoken("ur", settings, rtl=True):
        User.objects.update(language="ur")
        ada, root = looker(school.ada), looker(school.root)
        for person in (ada, root):
            person.widths = (PHONE, DESKTOP)
        for address in (
            "/classroom/",
            HOME,
            school.kinds["article"].get_absolute_url(),
            "/courses/",
            "/progress/streak/",
            "/settings/notifications/",
        ):
            ada.visit(address)
        assert ada.page.evaluate("getComputedStyle(document.body).direction") == "rtl"
        for address in (
            "/studio/courses/python-basics/insights/",
            "/studio/reviews/",
            "/admin/",
            "/admin/health/",
        ):
            root.visit(address)

"""Reading what was said of one's code, rating and answering it: with script, by keys, without."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from assessments import analysing
from assessments.limits import RATINGS
from assessments.models import Reply, Submission, SubmissionAnalysis
from courses.models import Lesson
from tests.assessments.builders import make_quiz
from tests.assessments.code_builders import make_assignment
from tests.assessments.finished import finished
from tests.assessments.review_builders import hand_in
from tests.classroom.feedback_rows import ago, draft, review_of, run_of, say, sent_by, tell
from tests.flows.conftest import DESKTOP, PHONE, arrive
from tests.flows.looking import Looker
from tests.flows.test_keyboard import tab_to

CODE = """def add(a, b):
    result = a - b
    for number in range(3):
        result = result * 1
    return result
"""


@pytest.fixture
def submission(ada: User, lessons: list[Lesson]) -> Submission:
    return hand_in(ada, make_assignment(lessons[0].module), CODE)


@pytest.fixture
def review(grace: User, submission: Submission) -> SubmissionAnalysis:
    analysing.analyse(submission.pk)
    sent_by(grace, submission, "CHANGES")
    return say(submission, "You are nearly there.", "This takes away. What should it do?")


def test_reading_rating_and_answering_by_keys(
    open_page: Any, ada: User, submission: Submission, review: SubmissionAnalysis
) -> None:
    page: Page = open_page(ada)
    remark = review.remarks.get()
    page.goto("/classroom/")
    page.get_by_text("Your menu, Ada").locator("..").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Feedback (1 unread)").focus()
    page.keyboard.press("Enter")
    arrive(page, "/feedback/")
    page.keyboard.press("j")
    expect(page.locator("[data-row]").first).to_be_focused()
    page.keyboard.press("Enter")
    arrive(page, submission.get_absolute_url())
    expect(page.get_by_role("button", name="Resubmit")).to_have_class(re.compile("primary"))
    page.locator("#review-title").evaluate("(node) => { node.tabIndex = -1; node.focus(); }")
    tab_to(page, "Line 2", most=10)
    page.keyboard.press("Enter")
    expect(page.locator("#line-2:target")).to_be_visible()
    back = page.locator(".said.person a")
    back.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#remark-{remark.pk}:target")).to_be_visible()
    helpful = page.locator(f"#helpful-{remark.pk}")
    helpful.focus()
    page.keyboard.press("Enter")
    expect(helpful).to_have_attribute("aria-pressed", "true")
    expect(helpful).to_be_focused()
    expect(page.locator("#say")).to_have_text("Noted: this was helpful.")
    assert remark.ratings.get().is_helpful
    page.locator(f"#thread-{remark.pk} summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # nothing was written
    problems = page.locator(f"#thread-{remark.pk} [data-focus]")
    expect(problems).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(f"#reply-{remark.pk}-text")).to_be_focused()
    page.keyboard.type("It should add.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    reply = page.locator(f"#thread-{remark.pk} .replies li")
    expect(reply).to_contain_text("It should add.")
    expect(reply).to_be_focused()
    # An earlier reply further up does not keep the focus from a later one.
    page.locator(f"#thread-{review.pk} > .answer summary").press("Enter")
    page.locator(f"#reply-{review.pk}-text").fill("Thank you.")
    page.locator(f"#thread-{review.pk} > .answer").get_by_role("button").press("Enter")
    expect(page.locator(f"#thread-{review.pk} > .replies li")).to_be_focused()
    expect(page.locator("#state")).to_contain_text("Your reply waits for a person.")
    assert Reply.objects.get(text="It should add.").remark == remark


def test_the_same_without_script(
    open_page: Any, ada: User, submission: Submission, review: SubmissionAnalysis
) -> None:
    page: Page = open_page(ada, script=False)
    remark = review.remarks.get()
    page.goto("/feedback/?show=unread")
    page.get_by_role("link", name="Adding, submission 1").click()
    page.locator(f"#helpful-{remark.pk}").click()
    expect(page.locator(f"#helpful-{remark.pk}")).to_have_attribute("aria-pressed", "true")
    page.locator(f"#unhelpful-{remark.pk}").click()
    expect(page.locator(f"#helpful-{remark.pk}")).to_have_attribute("aria-pressed", "false")
    assert not remark.ratings.get().is_helpful
    thread = page.locator(f"#thread-{remark.pk}")
    thread.locator("summary").click()
    thread.get_by_role("button", name="Send reply").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    thread.get_by_label("Your reply").fill("It should add.")
    thread.get_by_role("button", name="Send reply").click()
    expect(thread).to_contain_text("It should add.")
    expect(page.locator("#state")).to_contain_text("Check again")
    page.goto("/feedback/?show=unread")
    expect(page.get_by_role("heading", level=2)).to_have_text("You have read everything.")


def test_what_is_still_to_come_is_asked_for_every_half_minute(
    open_page: Any, watch: Any, ada: User, grace: User, submission: Submission
) -> None:
    waiting = review_of(submission)
    page: Page = open_page(ada)
    page.clock.install()
    page.goto(submission.get_absolute_url())
    expect(page.locator("#state")).to_contain_text("yours is next")
    page.clock.fast_forward("00:20")
    assert not [x for x in watch.requests if "part=state" in x.url]
    say(submission, "You are nearly there.", "This takes away.")
    waiting.delete()
    sent_by(grace, submission)
    page.clock.fast_forward("00:15")
    expect(page.locator("#review")).to_contain_text("You are nearly there.")
    expect(page.locator("#code .said")).to_contain_text("This takes away.")
    expect(page.locator("#say")).to_have_text("There is new feedback on this page.")
    page.clock.fast_forward("02:00")
    assert len([x for x in watch.requests if "part=state" in x.url]) == 1


def test_what_was_typed_about_a_remark_that_is_gone_is_sent_to_the_whole(
    open_page: Any, ada: User, grace: User, submission: Submission
) -> None:
    analysis = draft(submission, "Nearly right.", "Look at the sign.", at_once=True)
    page: Page = open_page(ada)
    page.goto(submission.get_absolute_url())
    remark = page.locator(".remark", has_text="Look at the sign.")
    remark.locator("summary").click()
    remark.get_by_label("Your reply").fill("Which sign?")
    analysis.remarks.update(verdict="DISCARDED")
    sent_by(grace, submission)
    remark.get_by_role("button", name="Send reply").click()
    expect(remark.locator("[data-focus]")).to_be_focused()
    expect(remark).to_contain_text("You can send what you wrote as a reply to all of it.")
    expect(remark.get_by_label("Your reply")).to_have_value("Which sign?")
    remark.get_by_role("button", name="Send reply").click()
    expect(page.locator(f"#thread-{analysis.pk} .replies")).to_contain_text("Which sign?")
    expect(page.get_by_role("heading", name="Reviewed by Grace")).to_be_visible()
    expect(remark).to_have_count(0)


def test_too_many_ratings_leave_the_buttons_where_they_are(
    open_page: Any, ada: User, submission: Submission, review: SubmissionAnalysis
) -> None:
    page: Page = open_page(ada)
    page.goto(submission.get_absolute_url())

    def spend_all(route: Route) -> None:
        """Right before the request: one becomes free every second."""
        while RATINGS.spend(str(ada.pk)) is None:
            pass
        route.continue_()

    page.route("**/rating/", spend_all)
    rating = page.locator(f"#rating-{review.remarks.get().pk}")
    rating.get_by_role("button", name="Not helpful").press("Enter")
    expect(rating).to_contain_text("That was often.")
    expect(rating.get_by_role("button", name="Not helpful")).to_be_focused()
    expect(page.locator("#say-now")).to_contain_text("That was often.")


def test_filters_keep_the_focus_and_the_address(
    open_page: Any, ada: User, submission: Submission, review: SubmissionAnalysis
) -> None:
    page: Page = open_page(ada)
    page.goto("/feedback/")
    page.get_by_role("link", name="AI", exact=True).click()
    expect(page.locator("#list h2")).to_contain_text("No AI review waits here.")
    expect(page.locator("#show-ai")).to_be_focused()
    arrive(page, "/feedback/?show=ai")
    page.go_back()
    expect(page.locator("[data-row]")).to_have_count(1)


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_a_machine_finds_nothing_wrong(
    open_page: Any, ada: User, grace: User, lessons: list[Lesson], submission: Submission,
    size: tuple[int, int],
) -> None:  # fmt: skip
    looker = Looker(open_page(ada, size=size), widths=(size,))
    looker.visit("/feedback/")
    analysing.analyse(submission.pk)
    checked = draft(submission, "Nearly right.", "Look at the sign.", at_once=False)
    checked.remarks.update(verdict="ACCEPTED")
    sent_by(grace, submission)
    fresh = hand_in(ada, submission.assignment, CODE)
    draft(fresh, "Nearly right.", "Look at the sign. " * 20, at_once=True)
    review_of(fresh)
    failed = hand_in(ada, submission.assignment, CODE)
    run_of(failed, "AWAY")
    attempt = finished(ada, make_quiz(lessons[0].module), right=2)
    tell(attempt, "Read it.", kind="AI", published_at=ago(), drafted={"text": "Read it."})
    looker.visit("/feedback/")
    for one in (submission, fresh, failed, attempt):
        looker.visit(one.get_absolute_url())
    looker.visit("/feedback/")
    page = looker.page
    page.goto(fresh.get_absolute_url())
    page.locator(".remark .answer summary").first.click()
    page.locator(".remark").get_by_role("button", name="Send reply").first.click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    looker.look("a reply with a problem")
    assert looker.problems == []

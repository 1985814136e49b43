"""The reviewers' way in a browser: by keys alone, without script, and two at once."""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from playwright.sync_api import Locator, Page, Route, expect

from accounts.models import User
from assessments import grading, submissions
from assessments.attempts import finish_attempt, start_attempt
from assessments.models import (
    Assignment,
    AttemptAnalysis,
    Remark,
    Review,
    Snippet,
    SubmissionAnalysis,
)
from assessments.models.attempt import CLOCK
from assessments.reviewing import reviews
from assessments.reviewing.conversations import reply
from assessments.reviewing.help_requests import ask_for_help
from courses.models import Course
from enrollments.models import Enrollment
from tests.assessments.builders import make_quiz
from tests.assessments.code_builders import WRONG, make_assignment
from tests.assessments.review_builders import decide, draft_of, hand_in
from tests.conftest import make_course, make_person
from tests.flows.conftest import PHONE, arrive
from tests.flows.looking import Looker

Reason = Review.Reason
QUEUE = "/studio/reviews/"
SECONDS = 6  # to take a review back
LONG = "a_very_long_name_that_goes_on_and_on_" * 4


@pytest.fixture
def right(transactional_db: Any, settings: Any) -> Permission:
    settings.DEMO_SCHOOL = True
    return Permission.objects.get(codename="give_review")


def make_reviewer(name: str, right: Permission) -> User:
    user = make_person(f"{name.lower()}@example.org", name)
    group, _ = Group.objects.get_or_create(name="reviewers")
    group.permissions.add(right)
    user.groups.add(group)
    return user


@pytest.fixture
def kim(right: Permission) -> User:
    return make_reviewer("Kim", right)


@pytest.fixture
def lee(right: Permission) -> User:
    return make_reviewer("Lee", right)


@pytest.fixture
def course(transactional_db: Any) -> Course:
    return make_course("python-basics", "Python from zero")


@pytest.fixture
def ada(course: Course) -> User:
    user = make_person("ada@example.org", "Ada")
    Enrollment.objects.create(user=user, course=course)
    return user


@pytest.fixture
def assignment(course: Course) -> Assignment:
    return make_assignment(course.modules.first(), "adding")


@pytest.fixture
def looker(open_page: Any, kim: User) -> Iterator[Looker]:
    found = Looker(open_page(kim))
    yield found
    assert not found.problems, "\n" + "\n".join(dict.fromkeys(found.problems))


def wait_for(user: User, assignment: Assignment, reason: Any = Reason.DRAFT, **fields: Any) -> Any:
    return reviews.put_in_queue(hand_in(user, assignment, **fields), reason)


def desk_of(review: Review) -> str:
    return f"{QUEUE}{review.pk}/"


def keep_picture(page: Page, name: str) -> None:
    folder = os.environ.get("SHOTS")
    if not folder:
        return
    for width, height in ((1280, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            path = Path(folder) / f"{name}-{width}-{scheme}.png"
            page.screenshot(path=path, full_page=width == 390)


def show(looker: Looker, address: str, name: str, status: int = 200) -> None:
    looker.visit(address, status)
    keep_picture(looker.page, name)


def radio(page: Page, name: str) -> Locator:
    return page.get_by_role("radio", name=name, exact=True)


def is_saved(page: Page) -> None:
    expect(page.locator("#save-state")).to_have_text(re.compile(r"Saved \d\d:\d\d"))


def test_the_queue_empty_and_full(
    looker: Looker, ada: User, assignment: Assignment, kim: User, lee: User
) -> None:
    show(looker, QUEUE, "queue-empty")
    show(looker, f"{QUEUE}?reason=HELD", "queue-no-match")
    show(looker, f"{QUEUE}?show=sent", "queue-none-sent")
    long = make_person("long@example.org", LONG[:80])
    Enrollment.objects.create(user=long, course=assignment.lesson.course)
    reasons = [*Reason, Reason.DRAFT, Reason.DRAFT]
    rows = [
        wait_for(user, assignment, reason)
        for user, reason in zip([ada, long] * 4, reasons, strict=True)
    ]
    Review.objects.filter(pk=rows[3].pk).update(waiting_since=CLOCK - timedelta(days=1100))
    reviews.claim(rows[1].pk, lee)
    reviews.claim(rows[2].pk, kim)
    decide(rows[7], lee)
    quiz = make_quiz(assignment.lesson.module, slug="review-quiz")
    reviews.put_in_queue(closed_attempt(ada, quiz), Reason.DRAFT)
    show(looker, QUEUE, "queue")
    show(looker, f"{QUEUE}?show=sent&language=python", "queue-sent")


def closed_attempt(user: User, quiz: Any) -> Any:
    attempt, _ = start_attempt(user, quiz)
    return finish_attempt(attempt).attempt


def test_desks_of_every_kind(
    looker: Looker, ada: User, assignment: Assignment, kim: User, lee: User
) -> None:
    Snippet.objects.create(owner=kim, title="Names", text="Use whole words as names.")
    submission = submissions.submit(ada, assignment, WRONG, graded=True)
    grading.grade(submission.pk)
    submission.refresh_from_db()
    ask_for_help(ada, submission, "Why is it wrong?\n\nIt is right at home.")
    review = reviews.put_in_queue(submission, Reason.HELP)
    rules = SubmissionAnalysis.objects.create(submission=submission, kind="RULES", form="f" * 64)
    analysis = draft_of(submission, "Name what you take away.", "Here is a + b.", "Nice indents.")
    held = analysis.remarks.order_by("position")[1]
    Remark.objects.filter(pk=held.pk).update(held="Quotes the reference solution", line=2)
    SubmissionAnalysis.objects.filter(pk=analysis.pk).update(
        drafted={**analysis.drafted, "held": ["Quotes the reference solution"]}
    )
    show(looker, desk_of(review), "desk-free")
    reviews.claim(review.pk, kim)
    show(looker, desk_of(review), "desk-draft")
    reply(ada, rules, None, "The rules do not know what I meant.")
    radio(looker.page, "Accept").last.check()
    looker.page.get_by_label("Line of remark 4").fill("99")
    looker.page.get_by_label("Words of remark 4").fill("Here.")
    looker.page.get_by_role("button", name="Send").click()
    expect(looker.page.get_by_text("accepting is your word about the code")).to_be_visible()
    expect(looker.page.get_by_text("The code has 2 lines.").first).to_be_visible()
    looker.look("a desk with a line that is not there")
    looker.page.get_by_label("Line of remark 4").scroll_into_view_if_needed()
    keep_picture(looker.page, "desk-line")
    looker.visit(desk_of(review))
    radio(looker.page, "Edit").first.check()
    radio(looker.page, "Discard").nth(2).check()
    looker.page.get_by_role("button", name="Send").click()
    expect(looker.page.get_by_role("heading", name="There is a problem")).to_be_visible()
    looker.look("desk with problems")
    keep_picture(looker.page, "desk-problems")
    Review.objects.filter(pk=review.pk).update(reviewer=lee)
    show(looker, desk_of(review), "desk-of-another")
    decide(review, kim)
    show(looker, desk_of(review), "desk-decided")
    newer = hand_in(ada, assignment, "def add(a, b):\n    return a + b\n")
    show(looker, f"{desk_of(review)}changes/?of={newer.pk}", "desk-changes")


def test_a_desk_with_much_of_everything(
    looker: Looker, assignment: Assignment, kim: User, course: Course
) -> None:
    long = make_person("long@example.org", LONG[:80])
    Enrollment.objects.create(user=long, course=course)
    source = "\n".join([f"def part_{n}(a):\n    return {LONG}{n}" for n in range(150)])
    review = wait_for(long, assignment, source=source)
    for _ in range(3):
        hand_in(long, assignment, source)
    analysis = draft_of(review.submission, *[f"Remark {n}. {LONG} " * 2 for n in range(20)])
    Remark.objects.bulk_create(
        Remark(analysis=analysis, section="STRENGTH", text=f"{n}", position=20 + n, line=10 * n + 1)
        for n in range(20)
    )
    reviews.claim(review.pk, kim)
    show(looker, desk_of(review), "desk-much")


def test_desks_where_something_got_in_between(
    looker: Looker, ada: User, assignment: Assignment, kim: User, lee: User
) -> None:
    page, review = looker.page, wait_for(ada, assignment)
    reviews.claim(review.pk, kim)
    page.goto(desk_of(review))
    hand_in(ada, assignment)
    page.get_by_label("Message to the learner").fill("What Kim says.")
    radio(page, "Accept").check()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", name="A new attempt arrived")).to_be_visible()
    looker.look("a new attempt")
    keep_picture(page, "conflict-new")
    Review.objects.filter(pk=review.pk).update(version=99)
    page.get_by_label("Message to the learner").fill("What Kim says now.")
    page.get_by_role("button", name="Finish attempt 1").click()
    expect(page.get_by_role("heading", name="This changed since")).to_be_visible()
    looker.look("another window")
    keep_picture(page, "conflict-stale")
    Review.objects.filter(pk=review.pk).update(reviewer=lee, claimed_at=CLOCK)
    page.get_by_role("button", name="Keep mine").click()
    expect(page.get_by_role("heading", name="Lee is at this since")).to_be_visible()
    looker.look("another reviewer")
    keep_picture(page, "conflict-claimed")


def test_the_light_desk_of_a_quiz(looker: Looker, ada: User, course: Course, kim: User) -> None:
    attempt = closed_attempt(ada, make_quiz(course.modules.first(), slug="review-quiz"))
    text = "You were quick with lists. Read the lesson on names again."
    AttemptAnalysis.objects.create(
        attempt=attempt, kind="AI", text=text, drafted={"text": text, "held": []}
    )
    review = reviews.put_in_queue(attempt, Reason.DRAFT)
    show(looker, desk_of(review), "quiz-free")
    reviews.claim(review.pk, kim)
    show(looker, desk_of(review), "quiz")
    asked: list[str] = []
    looker.page.on("dialog", lambda one: (asked.append(one.type), one.accept()))
    looker.page.get_by_label("Message to the learner").fill("")
    looker.page.get_by_role("button", name="Send it").click()
    expect(looker.page.get_by_text("Write a text").first).to_be_visible()
    looker.page.get_by_label("Message to the learner").fill("Well done.")
    looker.page.get_by_role("button", name="Send it").click()
    expect(looker.page.get_by_role("button", name="Undo")).to_be_visible()
    assert AttemptAnalysis.objects.get().text == "Well done."
    assert not asked, "Sending again is not leaving."


def test_a_review_by_keys_alone(
    open_page: Any, kim: User, ada: User, assignment: Assignment
) -> None:
    first, second = wait_for(ada, assignment), wait_for(ada, assignment)
    draft_of(first.submission, "One.", "Two.")
    page = open_page(kim)
    press = page.keyboard.press
    page.goto(QUEUE, wait_until="networkidle")
    for key in ("j", "j", "k", "c"):
        press(key)
    expect(page.locator("tr.mine")).to_have_count(1)
    expect(page.locator("[data-row]:focus")).to_have_count(1)
    press("o")
    arrive(page, desk_of(first))
    press("]")
    expect(page.locator("#remark-1")).to_be_focused()
    press("]")
    press("[")
    expect(page.locator("#remark-1")).to_be_focused()
    press("Tab")
    press("Tab")
    press("Space")
    expect(page.locator("#remark-1").get_by_label("Accept")).to_be_checked()
    press("]")
    for key in ("Tab", "Tab", "Space", "ArrowRight", "Tab", "Tab", "Tab"):
        press(key)
    expect(page.get_by_label("Words of remark 2")).to_be_focused()
    press("Control+a")
    page.keyboard.type("Two, by hand.")
    press("Escape")
    expect(page.locator("#undecided")).to_contain_text("draft: the message, the figures. Decide")
    for key in ("]", "]", "Tab", "Space", "]", "Tab", "Space", "a"):
        press(key)
    expect(page.locator("#undecided")).to_be_hidden()
    expect(page.locator("#text-verdict").get_by_label("Accept")).to_be_checked()
    expect(page.locator("#figures-verdict").get_by_label("Accept")).to_be_checked()
    expect(radio(page, "Accept").last).to_be_checked()
    is_saved(page)
    press("Control+Enter")
    expect(page.get_by_role("heading", name="A new attempt arrived")).to_be_visible()
    expect(page.locator(".conflict")).to_be_focused()
    for key in ("Tab", "Tab", "Enter"):
        press(key)
    arrive(page, f"{desk_of(second)}?sent={first.pk}")
    sent = Remark.objects.filter(analysis__submission=first.submission)
    assert [one.text for one in sent if one.is_sent] == ["One.", "Two, by hand."]
    assert Review.objects.get(pk=first.pk).decision == "ACCEPTED"
    press("u")
    arrive(page, f"{desk_of(first)}?decision=ACCEPTED")
    expect(radio(page, "Accept").last).to_be_checked()
    expect(page.locator(".notice").get_by_text("Taken back. Nothing was sent.")).to_be_visible()
    assert Review.objects.get(pk=first.pk).decision == ""


def test_a_key_lists_the_keys_at_both_desks(
    open_page: Any, kim: User, ada: User, assignment: Assignment, course: Course
) -> None:
    attempt = closed_attempt(ada, make_quiz(course.modules.first(), slug="review-quiz"))
    page = open_page(kim)
    for review in (wait_for(ada, assignment), reviews.put_in_queue(attempt, Reason.DRAFT)):
        page.goto(desk_of(review), wait_until="networkidle")
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    page.goto(desk_of(Review.objects.get(submission__isnull=False)))
    page.get_by_role("button", name="Keys", exact=True).click()
    expect(page.get_by_text("At the desk: send the review")).to_be_visible()


def test_undecided_remarks_are_told_while_one_decides(
    open_page: Any, kim: User, ada: User, assignment: Assignment
) -> None:
    review = wait_for(ada, assignment)
    draft_of(review.submission, "One.", "Two.")
    reviews.claim(review.pk, kim)
    page = open_page(kim)
    page.goto(desk_of(review))
    note = page.locator("#undecided")
    told = "Undecided in the draft: {}. Decide before sending."
    expect(note).to_have_text(told.format("the message, the figures, 2 remarks"))
    radio(page, "Accept").first.check()
    expect(note).to_have_text(told.format("the message, the figures, 1 remark"))
    message = page.get_by_label("Message to the learner")
    page.locator("#text-verdict").get_by_label("Discard").check()
    expect(message).to_have_value("")
    expect(note).to_have_text(told.format("the figures, 1 remark"))
    page.locator("#text-verdict").get_by_label("Accept").check()
    expect(message).to_have_value("Looks fine.")
    message.fill("By hand.")
    expect(page.locator("#text-verdict")).to_be_hidden()
    page.locator("#figures-verdict").get_by_label("Discard").check()
    expect(page.get_by_label("Overall, of 100")).to_have_value("")
    expect(note).to_have_text(told.format("1 remark"))
    radio(page, "Return without grade").check()
    expect(note).to_be_hidden()
    radio(page, "Ask for changes").check()
    expect(note).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="1 remark is undecided")).to_be_visible()
    expect(page.locator(".conflict")).to_be_focused()
    keep_picture(page, "desk-undecided")
    page.get_by_role("button", name="Discard the undecided ones and send").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    assert SubmissionAnalysis.objects.get().text == "By hand."
    assert sorted(Remark.objects.values_list("verdict", flat=True)) == ["ACCEPTED", "DISCARDED"]


def test_a_draft_about_a_quiz_is_not_sent_unseen(
    open_page: Any, kim: User, ada: User, course: Course
) -> None:
    attempt = closed_attempt(ada, make_quiz(course.modules.first(), slug="review-quiz"))
    drafted = {"text": "Read the lesson on names.", "held": []}
    AttemptAnalysis.objects.create(
        attempt=attempt, kind="AI", text=drafted["text"], drafted=drafted
    )
    review = reviews.put_in_queue(attempt, Reason.DRAFT)
    reviews.claim(review.pk, kim)
    page = open_page(kim)
    page.goto(desk_of(review), wait_until="networkidle")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="The draft's message is not decided")).to_be_visible()
    accept = page.get_by_label("Accept the draft's message")
    expect(accept).to_be_focused()
    page.wait_for_load_state()
    assert Review.objects.get().decision == ""
    keep_picture(page, "quiz-undecided")
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    assert Review.objects.get().decision == "ACCEPTED"


def test_what_is_undecided_at_the_quiz_desk_is_told_while_one_decides(
    open_page: Any, kim: User, ada: User, course: Course
) -> None:
    attempt = closed_attempt(ada, make_quiz(course.modules.first(), slug="review-quiz"))
    drafted = {"text": "Read the lesson on names.", "held": []}
    AttemptAnalysis.objects.create(
        attempt=attempt, kind="AI", text=drafted["text"], drafted=drafted
    )
    review = reviews.put_in_queue(attempt, Reason.DRAFT)
    reviews.claim(review.pk, kim)
    page = open_page(kim)
    page.goto(desk_of(review), wait_until="networkidle")
    note = page.locator("#undecided")
    expect(note).to_have_text("Undecided in the draft: the message. Decide before sending.")
    accept, message = page.get_by_label("Accept the draft's message"), page.locator("#id_text")
    accept.check()
    expect(note).to_be_hidden()
    accept.uncheck()
    expect(note).to_be_visible()
    message.fill("Read the lesson on loops.")
    expect(note).to_be_hidden()


def test_the_chosen_decision_is_there_after_a_reload(
    open_page: Any, kim: User, ada: User, assignment: Assignment
) -> None:
    review = reviews.put_in_queue(hand_in(ada, assignment), Reason.DRAFT)
    reviews.claim(review.pk, kim)
    page = open_page(kim)
    page.goto(desk_of(review), wait_until="networkidle")
    page.keyboard.press("c")
    is_saved(page)
    page.reload(wait_until="networkidle")
    expect(radio(page, "Ask for changes")).to_be_checked()


def test_keys_are_off_where_they_were_turned_off(
    open_page: Any, kim: User, ada: User, assignment: Assignment
) -> None:
    kim.profile.preferences = {"shortcuts": False}
    kim.profile.save()
    review = wait_for(ada, assignment)
    page = open_page(kim)
    page.goto(QUEUE, wait_until="networkidle")
    page.keyboard.press("j")
    expect(page.locator("[data-row]:focus")).to_have_count(0)
    reviews.claim(review.pk, kim)
    draft_of(review.submission, "One.")
    page.goto(desk_of(review))
    page.keyboard.press("]")
    expect(page.locator("#remark-1")).not_to_be_focused()


def test_what_is_typed_is_saved_by_itself_and_a_line_takes_a_remark(
    open_page: Any, kim: User, ada: User, assignment: Assignment, watch: Any
) -> None:
    Snippet.objects.create(owner=kim, title="Names", text="Use whole words.")
    review = wait_for(ada, assignment)
    reviews.claim(review.pk, kim)
    page = open_page(kim)
    page.goto(desk_of(review))
    page.get_by_title("Remark on line 2").click()
    page.keyboard.insert_text("It takes away.")
    is_saved(page)
    page.keyboard.insert_text(" It should add.")
    expect(page.locator("#version")).to_have_value("2")
    remark = Remark.objects.get()
    assert (remark.line, remark.text) == (2, "It takes away. It should add.")
    page.get_by_role("button", name="Add it, and another").click()
    expect(page.locator("#remark-1")).to_be_visible()
    expect(page.locator("#code").get_by_text("It takes away. It should add.")).to_be_visible()
    expect(page.get_by_label("Line of remark 2")).to_be_focused()
    page.get_by_label("Message to the learner").fill("Hello.")
    page.get_by_role("button", name="Insert").click()
    expect(page.get_by_label("Message to the learner")).to_have_value("Hello.\n\nUse whole words.")
    page.get_by_role("button", name="Remove remark 1").click()
    expect(page.locator("#remark-1")).to_have_count(0)
    expect(page.get_by_role("heading", name="Remarks")).to_be_focused()
    assert not Remark.objects.exists()
    assert watch.posts().count(desk_of(review)) >= 4


def test_on_to_the_next_remark_also_where_a_saving_is_on_its_way(
    open_page: Any, kim: User, ada: User, assignment: Assignment
) -> None:
    """What answers the saving moves the focus nowhere; what answers the button does."""
    review = wait_for(ada, assignment)
    reviews.claim(review.pk, kim)
    page = open_page(kim)
    page.goto(desk_of(review))
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**" + desk_of(review), hold, times=1)
    with page.expect_request("**" + desk_of(review)):
        page.get_by_label("Words of remark 1").fill("It takes away.")
    add = page.get_by_role("button", name="Add it, and another")
    add.click()
    expect(add).to_be_focused()
    held[0].continue_()
    expect(page.locator("#remark-1")).to_be_visible()
    expect(page.get_by_label("Line of remark 2")).to_be_focused()


def test_a_part_that_is_refused_shows_the_whole_page_and_goes_on(
    open_page: Any, kim: User, ada: User, assignment: Assignment
) -> None:
    review = wait_for(ada, assignment)
    reviews.claim(review.pk, kim)
    page = open_page(kim)
    page.goto(desk_of(review))
    page.get_by_label("Message to the learner").fill("Hello.")
    is_saved(page)
    page.get_by_label("Line of remark 1").fill("999")
    page.get_by_label("Words of remark 1").fill("It takes away.")
    page.get_by_role("button", name="Add it, and another").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page.locator("main")).to_have_count(1)
    expect(page.locator(".problems")).to_be_focused()
    expect(page.get_by_label("Words of remark 1")).to_have_value("It takes away.")
    expect(page.get_by_label("Message to the learner")).to_have_value("Hello.")
    page.get_by_label("Line of remark 1").fill("2")
    page.get_by_role("button", name="Add it, and another").click()
    expect(page.locator("#code").get_by_text("It takes away.")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("]")
    expect(page.locator("[data-remark]:focus")).to_have_count(1)
    assert Remark.objects.get().line == 2


def asks_before_leaving(page: Page) -> bool:
    came: list[str] = []

    def stay(dialog: Any) -> None:
        came.append(dialog.type)
        dialog.dismiss()

    def leave(frame: Any) -> None:
        came.append(frame.url)

    page.wait_for_load_state()
    page.on("dialog", stay)
    page.on("framenavigated", leave)
    page.evaluate("setTimeout(() => { location.href = '/classroom/'; }, 0)")
    for _ in range(300):
        if came:
            break
        page.wait_for_timeout(50)
    page.remove_listener("dialog", stay)
    page.remove_listener("framenavigated", leave)
    return came == ["beforeunload"]


def test_who_leaves_with_words_that_are_not_kept_is_asked(
    open_page: Any, kim: User, lee: User, ada: User, assignment: Assignment, course: Course
) -> None:
    review = wait_for(ada, assignment)
    rules = SubmissionAnalysis.objects.create(
        submission=review.submission, kind="RULES", form="f" * 64
    )
    reply(ada, rules, None, "Why?")
    reviews.claim(review.pk, kim)
    page = open_page(kim)
    page.goto(desk_of(review))
    page.get_by_label("Your answer").press_sequentially("Half an ans")
    assert asks_before_leaving(page)
    page.get_by_label("Your answer").fill("An answer.")
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.get_by_text("Your answer is sent.").first).to_be_visible()
    # Nothing of a page that was refused is kept: it asks from the start.
    Review.objects.filter(pk=review.pk).update(reviewer=lee, claimed_at=CLOCK)
    page.get_by_label("Message to the learner").fill("What Kim says.")
    radio(page, "Accept").check()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", name="Lee is at this since")).to_be_visible()
    page.locator("main h1").click()
    assert asks_before_leaving(page)


def test_words_about_a_quiz_are_not_left_unasked(
    open_page: Any, kim: User, ada: User, course: Course
) -> None:
    attempt = closed_attempt(ada, make_quiz(course.modules.first(), slug="review-quiz"))
    review = reviews.put_in_queue(attempt, Reason.DRAFT)
    reviews.claim(review.pk, kim)
    page = open_page(kim)
    page.goto(desk_of(review))
    page.get_by_label("Message to the learner").press_sequentially("Half a mess")
    assert asks_before_leaving(page)
    is_saved(page)
    assert not asks_before_leaving(page)


def test_whose_words_stand_at_a_line_is_said_and_follows_what_is_typed(
    open_page: Any, kim: User, ada: User, assignment: Assignment
) -> None:
    review = wait_for(ada, assignment)
    draft_of(review.submission, "One.")
    reviews.claim(review.pk, kim)
    page = open_page(kim)
    page.goto(desk_of(review))
    note = page.locator(".said-here")
    expect(note.get_by_text("AI")).to_be_visible()
    radio(page, "Edit").check()
    page.get_by_label("Words of remark 1").fill("By hand.")
    expect(note.get_by_text("By hand.")).to_be_visible()
    expect(note.get_by_text("AI")).to_be_hidden()
    expect(page.locator("#remark-1").get_by_text("AI, changed")).to_be_visible()
    radio(page, "Accept").first.check()
    expect(note.get_by_text("One.")).to_be_visible()
    expect(note.get_by_text("AI")).to_be_visible()
    overall = page.get_by_label("Overall, of 100")
    expect(page.locator("[data-untouched=id_overall]")).to_be_visible()
    overall.fill("61")
    expect(page.locator("[data-untouched=id_overall]")).to_be_hidden()


def test_words_of_a_model_stay_violet_while_they_are_changed_and_come_back(
    open_page: Any, kim: User, ada: User, assignment: Assignment
) -> None:
    text = "Your loop runs once too often."
    review = wait_for(ada, assignment)
    draft_of(review.submission, "Name the counter by what it counts.", text=text)
    reviews.claim(review.pk, kim)
    page = open_page(kim)
    page.goto(desk_of(review))
    message = page.get_by_label("Message to the learner")
    mark = page.locator("label[for=id_text] .pill")
    expect(mark).to_have_text("Words of AI")
    message.fill(f"{text} Cheers")
    expect(mark).to_have_text("AI, changed")
    radio(page, "Edit").check()
    page.get_by_label("Words of remark 1").fill("Name the counter by what it counts here.")
    expect(page.locator(".said-here.ai .whose")).to_have_text("AI, changed")
    is_saved(page)
    page.reload()
    expect(mark).to_have_text("AI, changed")
    expect(page.locator(".said-here.ai .whose")).to_have_text("AI, changed")
    keep_picture(page, "desk-ai-changed")
    message.fill("I see it otherwise.")
    expect(mark).to_be_hidden()
    is_saved(page)
    page.reload()
    expect(mark).to_be_hidden()
    message.fill(text)
    expect(mark).to_have_text("Words of AI")
    expect(page.locator(".field.ai-words textarea")).to_have_value(text)
    page.get_by_label("Overall, of 100").fill("61")
    is_saved(page)
    page.reload()
    page.get_by_label("Overall, of 100").fill("60")
    expect(page.locator("label[for=id_overall] .pill")).to_have_text("Figures of AI")


def test_a_learner_reads_whose_words_each_part_is_in(
    looker: Looker, kim: User, open_page: Any, ada: User, assignment: Assignment
) -> None:
    review = wait_for(ada, assignment)
    draft_of(review.submission, "Name the counter.", "Look at the sign.", text="Nearly there.")
    SubmissionAnalysis.objects.update(text="Nearly there. Cheers")
    Remark.objects.filter(text="Name the counter.").update(verdict="ACCEPTED")
    held = Remark.objects.filter(text="Look at the sign.")
    held.update(text="Look at the sign again.", verdict="EDITED", held="Quotes a hidden test")
    decide(review, kim)
    page = open_page(ada)
    page.goto(review.submission.get_absolute_url())
    box = page.locator("#review")
    marks = ["AI, changed", "AI, checked", "AI, checked", "AI, changed"]
    expect(box.locator(".pill.ai")).to_have_text(marks)
    head, figures = page.locator(".figures-head"), page.locator("dl.figures")
    assert head.bounding_box()["y"] < figures.bounding_box()["y"]
    expect(page.locator("#code .said.ai .facts span").last).to_have_text("AI, changed by a person")
    box.scroll_into_view_if_needed()
    keep_picture(page, "learner-whose-words")
    looker.visit(desk_of(review))
    expect(looker.page.get_by_text("Was held; changed before it was sent.")).to_be_visible()
    keep_picture(looker.page, "desk-sent-changed")


def test_what_another_had_written_is_said_and_becomes_ones_own_by_a_change(
    looker: Looker, kim: User, lee: User, open_page: Any, ada: User, assignment: Assignment
) -> None:
    first = wait_for(ada, assignment)
    ask_for_help(ada, first.submission, "Why is it wrong?")
    reviews.claim(first.pk, lee)
    page = open_page(lee)
    page.goto(desk_of(first))
    page.get_by_label("Words of remark 1").fill("It takes away.")
    page.get_by_label("Message to the learner").fill("What Lee says.")
    is_saved(page)
    newer = hand_in(ada, assignment)
    page.reload()
    page.get_by_role("button", name="Switch to attempt 2").click()
    page.wait_for_url(f"**{QUEUE}*/")
    expect(page.get_by_role("link", name="Asked about attempt 1")).to_be_visible()
    assert Review.objects.get(submission=newer).reviewer == lee
    expect(page.get_by_text("Why is it wrong?")).to_be_visible()
    keep_picture(page, "desk-asked-elsewhere")
    reviews.claim(first.pk, kim)
    looker.visit(desk_of(first))
    own = looker.page
    expect(own.get_by_text("Begun by Lee. What you change from here is yours.")).to_be_visible()
    expect(own.locator("#remark-1 .pill")).to_have_text("By Lee")
    own.get_by_label("Words of remark 1").fill("It takes away, and should add.")
    expect(own.locator("#remark-1 .pill")).to_have_text("Yours")
    own.get_by_label("Message to the learner").fill("What Kim says.")
    is_saved(own)
    looker.visit(desk_of(first))
    own.get_by_text("What Lee had written").click()
    expect(own.locator("#begun pre").first).to_have_text("What Lee says.")
    looker.look("what another had written")
    own.locator("#begun").scroll_into_view_if_needed()
    keep_picture(own, "desk-taken-over")
    page.get_by_role("link", name="What you wrote about attempt 1").click()
    page.get_by_text("What you had written").click()
    expect(page.locator("#begun pre").first).to_have_text("What Lee says.")


def test_giving_it_back_without_script_keeps_what_is_typed(
    open_page: Any, kim: User, ada: User, assignment: Assignment
) -> None:
    review = wait_for(ada, assignment)
    reviews.claim(review.pk, kim)
    page = open_page(kim, script=False)
    page.goto(desk_of(review))
    page.get_by_label("Message to the learner").fill("So far.")
    page.get_by_role("button", name="give it back").click()
    arrive(page, QUEUE)
    assert SubmissionAnalysis.objects.get(submission=review.submission).text == "So far."
    assert Review.objects.get(pk=review.pk).claimed_until is None


def test_a_review_without_script(
    open_page: Any, kim: User, ada: User, assignment: Assignment
) -> None:
    Snippet.objects.create(owner=kim, title="Names", text="Use whole words.")
    review = wait_for(ada, assignment)
    draft_of(review.submission, "One.", text="")
    page = open_page(kim, script=False)
    page.goto(QUEUE, wait_until="networkidle")
    page.get_by_role("button", name="Review next").click()
    arrive(page, desk_of(review))
    radio(page, "Discard").first.check()
    radio(page, "Discard").last.check()
    page.locator("#fresh").get_by_label("Line").fill("2")
    page.locator("#fresh").get_by_label("Words").fill("It takes away.")
    page.get_by_role("button", name="Add it, and another").click()
    page.get_by_role("button", name="Insert").click()
    radio(page, "Ask for changes").check()
    page.get_by_label("Next after sending").uncheck()
    page.get_by_role("button", name="Send", exact=True).click()
    arrive(page, f"{QUEUE}?sent={review.pk}")
    page.goto(desk_of(review))
    page.get_by_role("button", name="Undo").click()
    arrive(page, f"{desk_of(review)}?decision=CHANGES")
    expect(radio(page, "Ask for changes")).to_be_checked()
    expect(page.get_by_label("Message to the learner")).to_have_value("Use whole words.")
    rows = Remark.objects.order_by("position").values_list("text", "line", "verdict")
    assert list(rows) == [("One.", 1, "DISCARDED"), ("It takes away.", 2, "UNDECIDED")]


def test_two_reviewers_and_a_new_attempt_in_between(
    open_page: Any, kim: User, lee: User, ada: User, assignment: Assignment
) -> None:
    review = wait_for(ada, assignment)
    first, second = open_page(kim), open_page(lee)
    first.goto(desk_of(review))
    second.goto(desk_of(review))
    first.get_by_role("button", name="Claim and review").click()
    expect(first.get_by_text("Claimed by you")).to_be_visible()
    second.get_by_role("button", name="Claim and review").click()
    expect(second.get_by_role("heading", name="Kim is at it")).to_be_visible()
    expect(second.get_by_label("Message to the learner")).to_have_count(0)

    newer = hand_in(ada, assignment)
    first.get_by_label("Message to the learner").fill("What Kim says.")
    radio(first, "Ask for changes").check()
    first.get_by_role("button", name="Send", exact=True).click()
    expect(first.get_by_role("heading", name="A new attempt arrived")).to_be_visible()
    expect(first.get_by_label("Message to the learner")).to_have_value("What Kim says.")
    assert Review.objects.get(pk=review.pk).decision == ""

    # The claim runs out while Kim thinks, and Lee takes it up.
    Review.objects.filter(pk=review.pk).update(claimed_until=CLOCK - timedelta(seconds=1))
    second.reload()
    second.get_by_role("button", name="Claim and review").click()
    arrive(second, desk_of(review))
    second.get_by_label("Message to the learner").fill("What Lee says.")
    is_saved(second)
    first.get_by_label("Message to the learner").fill("What Kim says now.")
    first.get_by_role("button", name="Finish attempt 1").click()
    expect(first.get_by_role("heading", name="Lee is at this since")).to_be_visible()
    expect(first.get_by_text("What Kim says now.")).to_be_visible()
    analysis = SubmissionAnalysis.objects.get(submission=review.submission)
    assert analysis.text == "What Lee says."

    radio(second, "Accept").check()
    second.get_by_role("button", name=re.compile("Switch to attempt 2")).click()
    other = Review.objects.get(submission=newer)
    arrive(second, desk_of(other))
    assert (other.reviewer, Review.objects.get(pk=review.pk).decision) == (lee, "")


def test_a_short_message_is_sent_from_a_phone(
    open_page: Any, kim: User, ada: User, assignment: Assignment
) -> None:
    review = wait_for(ada, assignment)
    page = open_page(kim, size=PHONE)
    page.goto(QUEUE, wait_until="networkidle")
    page.get_by_role("button", name="Review next").tap()
    arrive(page, desk_of(review))
    page.get_by_label("Message to the learner").fill("Look at line 2.")
    radio(page, "Ask for changes").tap()
    page.get_by_role("button", name="Send", exact=True).tap()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    assert Review.objects.get().decision == "CHANGES"


def just_sent(user: User, assignment: Assignment, reviewer: User) -> Review:
    review = decide(wait_for(user, assignment), reviewer)
    until = CLOCK + timedelta(seconds=SECONDS)
    Review.objects.filter(pk=review.pk).update(sent_at=until)
    return review


def goes_in_time(page: Page) -> None:
    box = page.get_by_role("button", name="Undo")
    expect(box).to_be_visible()
    expect(box).to_have_count(0, timeout=(SECONDS + 3) * 1000)


def test_the_box_to_undo_goes_by_the_clock_of_the_server_whatever_that_of_the_browser_says(
    open_page: Any, kim: User, ada: User, assignment: Assignment
) -> None:
    page = open_page(kim)
    page.clock.set_fixed_time("2001-01-01T00:00:00")
    page.goto(desk_of(just_sent(ada, assignment, kim)))
    goes_in_time(page)


def test_the_box_to_undo_goes_where_it_came_with_a_part_of_the_page(
    open_page: Any, kim: User, ada: User, assignment: Assignment
) -> None:
    review = wait_for(ada, assignment)
    reviews.claim(review.pk, kim)
    page = open_page(kim)
    page.goto(desk_of(review))
    page.get_by_label("Words of remark 1").fill("It takes away.")
    expect(page.locator("#save-state")).to_contain_text("Saved")
    decide(review, kim)
    Review.objects.filter(pk=review.pk).update(sent_at=CLOCK + timedelta(seconds=SECONDS))
    page.get_by_role("button", name="Add it, and another").click()
    goes_in_time(page)

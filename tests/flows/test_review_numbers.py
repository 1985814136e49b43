"""Snippets, review times and the page of the model in a real browser, looked at whole."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now
from playwright.sync_api import expect

from accounts.models import User
from assessments.models import DraftPause, ModelRun, Review, Snippet
from assessments.reviewing import reviews
from tests.assessments.code_builders import make_assignment
from tests.assessments.review_builders import decide, hand_in
from tests.conftest import make_course, make_person
from tests.flows.looking import Looker
from tests.flows.school import LONG_TITLE
from tests.flows.test_studio_editor import see

LONG_NAME = "Wilhelmina Charlotte van den Bergh-Oosterhuis the Younger of Amersfoort"
ENDS = ["DRAFTED", "DRAFTED", "HELD", "AWAY", "DRAFTED", "SPENT", "REFUSED", "DRAFTED"]


@pytest.fixture
def root(transactional_db: Any, settings: Any) -> User:
    settings.DEMO_SCHOOL = True
    return make_person("root@example.org", LONG_NAME, role=User.Role.ADMIN, is_superuser=True)


@pytest.fixture
def looker(open_page: Any, root: User) -> Iterator[Looker]:
    found = Looker(open_page(root))
    yield found
    assert not found.problems, "\n" + "\n".join(dict.fromkeys(found.problems))


@pytest.fixture
def learner(root: User) -> User:
    return make_person("ada@example.org", "Ada")


def runs(learner: User) -> None:
    """Forty drafts over a month; the model has been away since this morning."""
    assignment = make_assignment(make_course("long", LONG_TITLE).modules.first())
    ends = [(ENDS[number % len(ENDS)], 17 * number + 8) for number in range(40)]
    for outcome, hours in [*ends, ("AWAY", 3), ("BUSY", 2), ("TIMED_OUT", 1)]:
        moment = now() - timedelta(hours=hours)
        status = "PASSED" if outcome in ("DRAFTED", "HELD") else "FAILED"
        row = ModelRun.objects.create(
            submission=hand_in(learner, assignment), outcome=outcome, status=status,
            finished_at=moment, tokens_in=90_000, tokens_out=4_000, tries=3, cost="0.0375",
            fault="ConnectionRefusedError: " + "x" * 90 if status == "FAILED" else "",
        )  # fmt: skip
        ModelRun.objects.filter(pk=row.pk).update(created_at=moment)


def test_the_page_of_the_model_is_sound(looker: Looker, learner: User, settings: Any) -> None:
    see(looker, "/studio/model/", "model-off")
    settings.AI_BASE_URL = "https://a-very-long-name-of-a-host.models.example:8443/v1"
    settings.AI_MODEL, settings.AI_PRICE_IN = "an-organisation/model-with-a-long-name-72b", 1.5
    see(looker, "/studio/model/", "model-on")
    runs(learner)
    DraftPause.objects.create(suggested=50, overridden=13)
    see(looker, "/studio/model/", "model-away")
    page = looker.page
    page.get_by_role("button", name="7 days").click()
    expect(page).to_have_url(f"{page.url.partition('?')[0]}?days=7")
    page.get_by_text("The same as a table").click()
    looker.look("the table of days")


def test_review_times_are_sound(looker: Looker, root: User, learner: User) -> None:
    see(looker, "/studio/reviews/times/", "times-none")
    assignment = make_assignment(make_course("long", LONG_TITLE).modules.first())
    for number in range(12):
        review = reviews.put_in_queue(hand_in(learner, assignment), Review.Reason.HELP)
        decide(review, root)
        moment = now() - timedelta(hours=7 * number + 1)
        Review.objects.filter(pk=review.pk).update(created_at=moment)
    see(looker, "/studio/reviews/times/", "times")


def test_a_snippet_is_kept_and_deleted_without_a_mouse(looker: Looker, root: User) -> None:
    see(looker, "/studio/snippets/", "snippets-none")
    page = looker.page
    page.get_by_role("link", name="Add a snippet").press("Enter")
    page.get_by_label("Title").fill("Early return")
    page.get_by_role("button", name="Save the snippet").press("Enter")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    looker.look("a snippet without a text")
    page.get_by_label("Text").fill("Leave early where a condition fails.\n\n" + "x" * 300)
    page.get_by_label("For all reviewers").press("Space")
    page.get_by_role("button", name="Save the snippet").press("Enter")
    expect(page.get_by_text("The snippet is kept.").first).to_be_visible()
    other = make_person("kim@example.org", LONG_NAME)
    Snippet.objects.create(owner=other, title="W" * 80, text="Words.", is_shared=True)
    see(looker, "/studio/snippets/", "snippets")
    page.get_by_role("link", name="Delete “Early return”").press("Enter")
    looker.look("a snippet to be deleted")
    page.get_by_role("button", name="Delete the snippet").press("Enter")
    expect(page.get_by_text("The snippet is deleted.").first).to_be_visible()
    assert list(Snippet.objects.values_list("owner", flat=True)) == [other.pk]

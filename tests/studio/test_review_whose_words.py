"""Whose words: at the desk, once it is sent, and where the learner reads it."""

from uuid import uuid4

import pytest
from django.utils.timezone import now

from assessments.attempts import finish_attempt, start_attempt
from assessments.models import AttemptAnalysis, ModelRun, Remark, Review, SubmissionAnalysis
from assessments.reviewing import reviews
from assessments.reviewing.help_requests import ask_for_help
from tests.assessments.code_builders import make_assignment
from tests.assessments.review_builders import decide, draft_of, hand_in
from tests.conftest import make_reviewer
from tests.studio.test_review_desk import desk_of, text

DRAFT = "Your loop runs once too often. Count on paper."
CHANGED = "AI, changed</"
FIGURES = ("readability", "efficiency", "best_practices")


@pytest.fixture
def kim(db):
    return make_reviewer("kim@example.org", "Kim")


@pytest.fixture
def assignment(lessons):
    return make_assignment(lessons[0].module)


@pytest.fixture
def review(ada, assignment, kim):
    return reviews.claim(reviews.put_in_queue(hand_in(ada, assignment), "DRAFT").pk, kim)


def page(browser, address):
    return " ".join(text(browser.get(address)).split())


@pytest.mark.parametrize(
    ("words", "marks"), [(f"{DRAFT} Cheers", 1), (DRAFT, 0), ("I see it otherwise.", 0)]
)
def test_a_message_made_of_a_models_is_marked_everywhere(words, marks, review, kim, ada, as_):
    draft_of(review.submission, text=DRAFT)
    SubmissionAnalysis.objects.update(text=words)
    assert page(as_(kim), desk_of(review)).count(CHANGED) == marks
    decide(review, kim)
    assert page(as_(kim), desk_of(review)).count(CHANGED) == marks
    SubmissionAnalysis.objects.update(**dict.fromkeys(FIGURES))
    html = page(as_(ada), review.submission.get_absolute_url())
    assert html.count(CHANGED) == marks
    assert html.count("AI, checked</") == (words == DRAFT)
    assert (
        "what is marked “AI, changed” is made of its words and changed by <bdi>Kim</bdi>." in html
    )


def test_a_remark_made_of_a_models_is_marked_everywhere(review, kim, ada, as_):
    draft_of(review.submission, DRAFT, "Two words here.", text="")
    SubmissionAnalysis.objects.update(**dict.fromkeys(FIGURES))
    Remark.objects.filter(drafted=DRAFT).update(text=f"{DRAFT} Cheers", verdict="EDITED")
    Remark.objects.exclude(drafted=DRAFT).update(text="Own ones.", verdict="EDITED")
    html = page(as_(kim), desk_of(review))
    assert html.count('class="said-here ai"') == 1
    assert "AI, changed </strong>" in html
    decide(review, kim)
    assert page(as_(kim), desk_of(review)).count(CHANGED) == 1
    html = page(as_(ada), review.submission.get_absolute_url())
    assert html.count("AI, changed</span>") == 1
    assert html.count("AI, changed by a person</span>") == 1
    assert html.count('class="said person ai"') == 1
    assert html.count('class="remark ai"') == 1


@pytest.mark.parametrize("is_sent", [False, True])
def test_words_about_a_quiz_are_marked_alike(is_sent, ada, quiz, kim, as_):
    attempt, _ = start_attempt(ada, quiz)
    attempt = finish_attempt(attempt).attempt
    drafted = {"text": DRAFT, "held": []}
    AttemptAnalysis.objects.create(
        attempt=attempt, kind="AI", text=f"{DRAFT} Cheers", drafted=drafted
    )
    review = reviews.claim(reviews.put_in_queue(attempt, "DRAFT").pk, kim)
    if is_sent:
        decide(review, kim)
        assert page(as_(ada), attempt.get_absolute_url()).count(CHANGED) == 1
    assert page(as_(kim), desk_of(review)).count(CHANGED) == 1


@pytest.mark.parametrize(("value", "mark"), [(6, "AI, checked"), (7, "AI, changed")])
def test_figures_of_a_model_are_marked_above_them(value, mark, review, kim, ada, as_):
    draft_of(review.submission, "Two words.", text="")
    SubmissionAnalysis.objects.update(readability=value)
    Remark.objects.update(verdict="ACCEPTED")
    decide(review, kim)
    html = page(as_(ada), review.submission.get_absolute_url())
    head = html[html.index('class="figures-head"') : html.index('<dl class="figures">')]
    assert "<h3>Figures</h3>" in head
    assert f"{mark}</span>" in head
    below = html[html.index("</dl>", html.index('<dl class="figures">')) :]
    assert not below.lstrip("</dl> ").startswith("<p><span")


def test_what_was_held_is_told_as_it_ended(review, kim, as_):
    draft_of(review.submission, "A leak.", "Another.")
    Remark.objects.update(held="Quotes the reference solution")
    Remark.objects.filter(drafted="A leak.").update(text="Harmless words.", verdict="EDITED")
    Remark.objects.filter(drafted="Another.").update(verdict="DISCARDED")
    reviews.release(review.pk, kim)
    html = page(as_(kim), desk_of(review))
    assert html.count("Not for the learner as it is: quotes the reference solution.") == 2
    decide(review, kim)
    html = page(as_(kim), desk_of(review))
    assert html.count("Was held; changed before it was sent.") == 1
    assert html.count("Was held; not sent.") == 1
    assert "Not for the learner" not in html
    assert "pill bad" not in html


def test_a_question_about_another_attempt_is_shown_until_it_is_answered(
    ada, bob, assignment, kim, as_, review
):
    first = review.submission
    ask_for_help(ada, first, "Why is it <wrong>?")
    ask_for_help(bob, hand_in(bob, assignment), "Bob asks.")
    for _ in range(22):
        newer = hand_in(ada, assignment)
    other = reviews.put_in_queue(newer, "DRAFT")
    html = page(as_(kim), desk_of(other))
    assert "Why is it &lt;wrong&gt;?" in html
    assert f'<a href="{desk_of(review)}">Asked about attempt 1</a>' in html
    assert "Bob asks." not in html
    assert "Asked about attempt" not in page(as_(kim), desk_of(review))
    decide(review, kim)
    assert "Why is it" not in page(as_(kim), desk_of(other))


@pytest.mark.parametrize(
    ("status", "newer", "told"),
    [
        ("PENDING", "FAILED", "left out: you have handed in something newer."),
        ("PENDING", "ERROR", "It is asked again"),
        ("RUNNING", "FAILED", "It is asked again"),
        ("PENDING", None, "It is asked again"),
    ],
)
def test_a_draft_that_something_newer_replaces_is_said_to_be_left_out(
    status, newer, told, ada, assignment, as_
):
    submission = hand_in(ada, assignment)
    is_running = status == "RUNNING"
    ModelRun.objects.create(
        submission=submission, status=status, tries=1, fault="Not reachable",
        claim=uuid4() if is_running else None, leased_until=now() if is_running else None,
        started_at=now() if is_running else None,
    )  # fmt: skip
    if newer:
        broke = {"percent": None, "points": None, "out_of": None} if newer == "ERROR" else {}
        hand_in(ada, assignment, status=newer, **broke)
    html = page(as_(ada), submission.get_absolute_url())
    for words in ("left out: you have handed in something newer.", "It is asked again"):
        assert (words in html) is (words == told)
    assert Review.objects.count() == 0

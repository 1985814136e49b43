"""Several attempts of one learner at the desk, and what is said of tests that fail."""

import pytest

from assessments import grading, submissions
from assessments.models import Remark, Review, SubmissionAnalysis
from assessments.reviewing import reviews
from tests.assessments.code_builders import WRONG, make_assignment
from tests.assessments.review_builders import decide, draft_of, hand_in
from tests.conftest import make_reviewer
from tests.studio.test_review_desk import desk_of, text, typed

Reason = Review.Reason
SAVED = "Not sent, and saved:"


@pytest.fixture
def kim(db):
    return make_reviewer("kim@example.org", "Kim")


@pytest.fixture
def browser(as_, kim):
    return as_(kim)


@pytest.fixture
def assignment(lessons):
    return make_assignment(lessons[0].module)


@pytest.fixture
def claimed(ada, assignment, kim):
    return reviews.claim(reviews.put_in_queue(hand_in(ada, assignment), Reason.DRAFT).pk, kim)


def test_a_newer_attempt_is_finished_in_spite_of_only_by_the_button_that_names_it(
    claimed, ada, assignment, browser
):
    newer = hand_in(ada, assignment)
    unsaid = browser.post(desk_of(claimed), typed(claimed, go="send", text="Well."))
    assert unsaid.status_code == 422
    assert 'name="newest"' not in text(unsaid)
    chosen = {"decision": "CHANGES", "text": "Well."}
    asked = browser.post(desk_of(claimed), typed(claimed, go="send", **chosen))
    assert (asked.status_code, Review.objects.get().decision) == (409, "")
    assert f'value="finish-{newer.pk}">Finish attempt 1' in text(asked)
    assert "Switch to attempt 2" in text(asked)
    sent = browser.post(desk_of(claimed), typed(claimed, go=f"finish-{newer.pk}", **chosen))
    assert (sent.status_code, Review.objects.get().decision) == (303, "CHANGES")


def test_a_still_newer_one_is_asked_about_again(claimed, ada, assignment, browser):
    second, third = hand_in(ada, assignment), hand_in(ada, assignment)
    said = typed(claimed, go=f"finish-{second.pk}", decision="CHANGES", text="Well.")
    answer = browser.post(desk_of(claimed), said)
    assert (answer.status_code, Review.objects.get().decision) == (409, "")
    assert f'value="finish-{third.pk}"' in text(answer)


def test_who_chose_to_finish_is_not_asked_again_once_what_was_wrong_is_mended(
    claimed, ada, assignment, browser
):
    newer = hand_in(ada, assignment)
    said = typed(claimed, go=f"finish-{newer.pk}", text="Well.")
    html = text(browser.post(desk_of(claimed), said))
    assert f'value="finish-{newer.pk}" data-send' in html
    assert "Send for attempt 1" in html


def test_words_on_an_earlier_attempt_are_found_from_the_newer_one(
    claimed, ada, assignment, kim, browser
):
    newer = hand_in(ada, assignment)
    browser.post(desk_of(claimed), typed(claimed, go="switch", text="Well so far."))
    other = Review.objects.get(submission=newer)
    html = text(browser.get(desk_of(other)))
    assert f'href="{desk_of(claimed)}#read-title">What you wrote about attempt 1</a>' in html
    assert "Well so far." in text(browser.get(desk_of(claimed)))
    decide(Review.objects.get(pk=claimed.pk), kim)
    assert SAVED not in text(browser.get(desk_of(other)))


def test_attempts_without_words_of_a_person_are_not_pointed_at(claimed, ada, assignment, browser):
    draft_of(claimed.submission, "One.")
    other = reviews.put_in_queue(hand_in(ada, assignment), Reason.DRAFT)
    assert SAVED not in text(browser.get(desk_of(other)))
    assert SAVED not in text(browser.get(desk_of(claimed)))


def test_what_accepting_does_not_change_is_said_where_tests_fail(
    ada, assignment, kim, browser, as_
):
    submission = submissions.submit(ada, assignment, WRONG, graded=True)
    grading.grade(submission.pk)
    submission.refresh_from_db()
    review = reviews.claim(reviews.put_in_queue(submission, Reason.HELP).pk, kim)
    html = text(browser.get(desk_of(review)))
    assert "3 of 4 tests fail: accepting is your word about the code, the grade stays." in html
    assert 'aria-describedby="code-fails"' in html
    SubmissionAnalysis.objects.create(submission=submission, kind="MANUAL", text="Well thought.")
    decide(review, kim, "ACCEPTED")
    told = "The result of the tests and the grade stay as they are."
    assert told in text(as_(ada).get(submission.get_absolute_url()))
    decide(review, kim, "CHANGES")
    assert told not in text(as_(ada).get(submission.get_absolute_url()))


def test_nothing_is_said_of_tests_that_pass(ada, assignment, kim, browser, as_):
    submission = hand_in(ada, assignment, status="PASSED", percent=100)
    review = reviews.claim(reviews.put_in_queue(submission, Reason.DRAFT).pk, kim)
    assert "code-fails" not in text(browser.get(desk_of(review)))
    SubmissionAnalysis.objects.create(submission=submission, kind="MANUAL", text="Well thought.")
    decide(review, kim, "ACCEPTED")
    assert "stay as they are" not in text(as_(ada).get(submission.get_absolute_url()))


def with_form(submission):
    return SubmissionAnalysis.objects.create(submission=submission, kind="RULES", form="f" * 64)


def test_learners_with_alike_code_are_offered_only_where_there_are_some(
    claimed, bob, assignment, browser
):
    with_form(claimed.submission)
    words = "Also for learners whose code has the same form"
    assert words not in text(browser.get(desk_of(claimed)))
    with_form(hand_in(bob, assignment))
    assert f"{words} (1)" in text(browser.get(desk_of(claimed)))


def test_what_was_chosen_for_alike_code_can_be_unchosen(claimed, browser):
    analysis = draft_of(claimed.submission)
    Remark.objects.create(
        analysis=analysis, section="STRENGTH", text="x", position=1, for_alike=True
    )
    html = text(browser.get(desk_of(claimed)))
    assert html.count("whose code has the same form (0)") == 1


def test_code_in_words_is_shown_as_code(claimed, browser):
    analysis = draft_of(claimed.submission, "Use `a + b` <here>.", text="See `add`.")
    analysis.remarks.update(text="Use `a + b` <here>.")
    html = text(browser.get(desk_of(claimed)))
    assert html.count("Use <code>a + b</code> &lt;here&gt;.") == 2
    assert 'data-drafted="Use `a + b` &lt;here&gt;."' in html
    Review.objects.update(claimed_until=None, claimed_at=None, reviewer=None)
    html = text(browser.get(desk_of(claimed)))
    assert "See <code>add</code>." in html

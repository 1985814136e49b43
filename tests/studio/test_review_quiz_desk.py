"""The light desk: words about a quiz are let out or thrown away."""

import re
from datetime import timedelta

import pytest

from assessments.attempts import finish_attempt, start_attempt
from assessments.models import AttemptAnalysis, Review
from assessments.models.attempt import CLOCK
from assessments.reviewing import reviews
from tests.assessments.code_builders import make_assignment
from tests.assessments.review_builders import decide, hand_in
from tests.conftest import let_review, make_person, make_reviewer

HTMX = {"HX-Request": "true"}
DRAFT = "You were quick. Read about names again."


@pytest.fixture
def kim(db):
    return make_reviewer("kim@example.org", "Kim")


@pytest.fixture
def browser(as_, kim):
    return as_(kim)


@pytest.fixture
def review(ada, quiz):
    attempt, _ = start_attempt(ada, quiz)
    attempt = finish_attempt(attempt).attempt
    drafted = {"text": DRAFT, "held": []}
    AttemptAnalysis.objects.create(attempt=attempt, kind="AI", text=DRAFT, drafted=drafted)
    return reviews.put_in_queue(attempt, Review.Reason.DRAFT)


@pytest.fixture
def claimed(review, kim):
    return reviews.claim(review.pk, kim)


def desk_of(review):
    return f"/studio/reviews/{review.pk}/"


def text(answer):
    return answer.content.decode()


def test_the_draft_is_read_beside_what_is_computed(review, browser):
    html = text(browser.get(desk_of(review)))
    assert "questions had no answer" in html
    assert DRAFT in html
    assert "AI can be wrong" in html
    assert 'name="text"' not in html
    browser.post(f"{desk_of(review)}claim/")
    assert f"{DRAFT}</textarea>" in text(browser.get(desk_of(review)))


def test_words_are_let_out_and_can_be_taken_back(claimed, browser):
    said = {"version": claimed.version, "text": "Better words.", "go": "publish"}
    answer = browser.post(desk_of(claimed), said)
    assert answer.headers["Location"] == f"/studio/reviews/?sent={claimed.pk}"
    assert AttemptAnalysis.objects.get().text == "Better words."
    assert "undo/" in text(browser.get(desk_of(claimed)))
    browser.post(f"{desk_of(claimed)}undo/")
    assert Review.objects.get().decision == ""


def undecided_on(answer):
    """What the page says beside the button: whether it is seen, and its words."""
    found = re.search(r'id="undecided"( hidden)?>.*?<span>(.*?)</span></p>', text(answer), re.S)
    return not found[1], " ".join(re.sub("<.*?>", "", found[2]).split())


def test_what_is_undecided_of_the_draft_is_told_beside_the_button(claimed, browser):
    told = "Undecided in the draft: the message. Decide before sending."
    assert undecided_on(browser.get(desk_of(claimed))) == (True, told)
    for words in ({"text": "Better words."}, {"text": DRAFT, "accepts": "ACCEPTED"}, {"text": ""}):
        claimed.refresh_from_db()
        browser.post(desk_of(claimed), {"version": claimed.version, "go": "save", **words})
        is_seen, _ = undecided_on(browser.get(desk_of(claimed)))
        assert not is_seen, words
    AttemptAnalysis.objects.update(text=DRAFT, text_accepted=False)
    rows = AttemptAnalysis.objects.all()
    rows.update(drafted={"text": DRAFT, "held": ["Quotes a hidden test"]})
    answer = browser.get(desk_of(claimed))
    assert undecided_on(answer) == (True, told)
    assert f'data-drafted="{DRAFT}" hidden' in text(answer)


def test_without_a_draft_nothing_is_undecided(claimed, browser):
    AttemptAnalysis.objects.update(drafted=None, text="Mine.")
    assert 'id="undecided"' not in text(browser.get(desk_of(claimed)))


def test_a_draft_that_nobody_decided_about_is_not_sent(claimed, browser):
    said = {"version": claimed.version, "text": DRAFT, "go": "publish"}
    answer = browser.post(desk_of(claimed), said)
    html = text(answer)
    assert answer.status_code == 422
    assert "The draft&#x27;s message is not decided: accept it, change it, or discard it." in html
    assert f"{DRAFT}</textarea>" in html
    assert html.index("data-focus") == html.index('data-focus aria-describedby="conflict-title"')
    assert Review.objects.get().decision == ""
    sent = browser.post(desk_of(claimed), {**said, "accepts": "ACCEPTED"})
    assert (sent.status_code, Review.objects.get().decision) == (303, "ACCEPTED")


def test_what_was_accepted_is_saved_by_itself(claimed, browser):
    said = {"version": claimed.version, "text": DRAFT, "go": "autosave", "accepts": "ACCEPTED"}
    browser.post(desk_of(claimed), said, headers=HTMX)
    assert AttemptAnalysis.objects.get().text_accepted
    assert 'value="ACCEPTED" checked' in text(browser.get(desk_of(claimed)))


def test_without_a_draft_there_is_nothing_to_discard(claimed, browser):
    assert "Discard the draft" in text(browser.get(desk_of(claimed)))
    AttemptAnalysis.objects.all().delete()
    html = text(browser.get(desk_of(claimed)))
    assert "Discard the draft" not in html
    assert 'name="accepts"' not in html


def test_a_draft_is_thrown_away(claimed, browser):
    said = {"version": claimed.version, "text": DRAFT, "go": "discard"}
    assert browser.post(desk_of(claimed), said).headers["Location"] == "/studio/reviews/"
    assert (Review.objects.get().waiting_since, AttemptAnalysis.objects.get().text) == (None, "")


@pytest.mark.parametrize("words", ["", "  ", "x" * 4001, "a\x00b"])
def test_words_that_are_none_are_refused(words, claimed, browser):
    said = {"version": claimed.version, "text": words, "go": "publish"}
    answer = browser.post(desk_of(claimed), said)
    assert (answer.status_code, "There is a problem" in text(answer)) == (422, True)
    assert Review.objects.get().decision == ""


@pytest.mark.parametrize("go", [{}, {"go": ""}, {"go": "nonsense"}])
def test_nothing_is_sent_but_by_its_button(go, claimed, browser):
    answer = browser.post(desk_of(claimed), {"version": claimed.version, "text": "Mine.", **go})
    html = text(answer)
    assert (answer.status_code, "There is a problem" in html) == (422, True)
    assert "Mine.</textarea>" in html
    assert Review.objects.get().decision == ""
    assert AttemptAnalysis.objects.get().text == DRAFT


def test_what_is_typed_saves_itself_as_at_the_desk_of_code(claimed, browser):
    said = {"version": claimed.version, "text": "Half a mess", "go": "autosave"}
    html = text(browser.post(desk_of(claimed), said, headers=HTMX))
    assert 'id="save-state">Saved ' in html
    assert f'id="version" value="{claimed.version + 1}" hx-swap-oob="true"' in html
    assert AttemptAnalysis.objects.get().text == "Half a mess"
    assert Review.objects.get().decision == ""
    page = text(browser.get(desk_of(claimed)))
    assert "Half a mess</textarea>" in page
    assert 'hx-trigger="input delay:1s' in page


def test_an_autosave_that_fails_says_so_beside_the_button(claimed, browser):
    said = {"version": claimed.version, "text": "x" * 4001, "go": "autosave"}
    long = browser.post(desk_of(claimed), said, headers=HTMX)
    assert (long.status_code, "Not saved" in text(long)) == (422, True)
    Review.objects.update(version=claimed.version + 1)
    stale = browser.post(desk_of(claimed), {**said, "text": "Mine."}, headers=HTMX)
    assert (stale.status_code, "See what stands" in text(stale)) == (409, True)
    assert AttemptAnalysis.objects.get().text == DRAFT


def test_without_script_a_button_saves(claimed, browser):
    said = {"version": claimed.version, "text": "So far.", "go": "save"}
    assert browser.post(desk_of(claimed), said).headers["Location"] == f"{desk_of(claimed)}#words"
    assert AttemptAnalysis.objects.get().text == "So far."


def test_giving_it_back_keeps_what_is_typed(claimed, browser):
    said = {"version": claimed.version, "text": "So far.", "go": "release"}
    assert browser.post(desk_of(claimed), said).headers["Location"] == "/studio/reviews/"
    assert (Review.objects.get().reviewer, AttemptAnalysis.objects.get().text) == (None, "So far.")


def test_undo_is_offered_where_the_next_one_is_a_quiz(claimed, ada, lessons, kim, browser):
    sent = reviews.put_in_queue(hand_in(ada, make_assignment(lessons[0].module)), "HELP")
    decide(sent, kim)
    Review.objects.filter(pk=sent.pk).update(sent_at=CLOCK + timedelta(seconds=9))
    html = text(browser.get(f"{desk_of(claimed)}?sent={sent.pk}"))
    assert f'action="{desk_of(sent)}undo/"' in html


def test_what_was_saved_meanwhile_stands_beside_what_was_typed(claimed, browser):
    said = {"version": claimed.version, "text": "Mine.", "go": "publish"}
    Review.objects.update(version=claimed.version + 1)
    AttemptAnalysis.objects.update(text="A newer draft.")
    answer = browser.post(desk_of(claimed), said)
    html = text(answer)
    assert answer.status_code == 409
    assert "A newer draft.</pre>" in html
    assert "Mine.</textarea>" in html
    assert "data-unsaved-still" in html
    assert f'id="version" value="{claimed.version + 1}"' in html


def test_what_cannot_be_kept_is_given_back_where_another_is_at_it(claimed, browser):
    said = {"version": claimed.version, "text": "x" * 4001, "go": "publish"}
    Review.objects.update(reviewer=make_person("lee@example.org", "Lee"))
    answer = browser.post(desk_of(claimed), said)
    assert (answer.status_code, f"{'x' * 4001}</pre>" in text(answer)) == (422, True)


def test_nobody_reads_the_desk_of_their_own_attempt(review, ada, as_):
    let_review(ada)
    html = text(as_(ada).get(desk_of(review)))
    assert "Somebody else reviews it" in html
    assert DRAFT not in html


def test_what_was_decided_meanwhile_gives_the_words_back(claimed, kim, browser):
    decide(claimed, kim)
    said = {"version": claimed.version, "text": "Mine.", "go": "publish"}
    answer = browser.post(desk_of(claimed), said)
    assert (answer.status_code, "Mine.</pre>" in text(answer)) == (409, True)
    assert AttemptAnalysis.objects.get().text == DRAFT


def test_there_are_no_lines_to_compare(review, browser):
    assert browser.get(f"{desk_of(review)}changes/").status_code == 404


def test_the_page_asks_for_little(claimed, browser, django_assert_max_num_queries):
    browser.get(desk_of(claimed))
    with django_assert_max_num_queries(8):
        browser.get(desk_of(claimed))

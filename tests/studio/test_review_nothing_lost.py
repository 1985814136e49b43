"""At the desk of a review: no word is lost, none comes back, and each says whose it is."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from assessments.models import Remark, Review, Snippet, SubmissionAnalysis
from assessments.models.attempt import CLOCK
from assessments.reviewing import conversations, reviews
from assessments.reviewing.help_requests import ask_for_help
from studio.pages import desk as desk_page
from tests.assessments.code_builders import make_assignment
from tests.assessments.review_builders import decide, draft_of, hand_in
from tests.conftest import let_review, make_person
from tests.studio.test_review_desk import HTMX, desk_of, text, typed


def make_reviewer(name):
    return let_review(make_person(f"{name.lower()}@example.org", name))


@pytest.fixture
def kim(db):
    return make_reviewer("Kim")


@pytest.fixture
def lee(db):
    return make_reviewer("Lee")


@pytest.fixture
def review(ada, lessons):
    submission = hand_in(ada, make_assignment(lessons[0].module))
    return reviews.put_in_queue(submission, Review.Reason.DRAFT)


@pytest.fixture
def claimed(review, kim):
    return reviews.claim(review.pk, kim)


@pytest.fixture
def browser(as_, kim):
    return as_(kim)


def keys_in(html):
    return dict(re.findall(r'id="id_(r\d+)-pk" value="([^"]*)"', html))


def test_an_emptied_remark_of_a_draft_that_is_discarded_keeps_its_key(claimed, browser):
    analysis = draft_of(claimed.submission, "One.", "Two.")
    first, second = analysis.remarks.values_list("pk", flat=True)
    own = [{"text": "Mine."}, {"text": ""}]
    said = [
        {"pk": first, "text": "", "verdict": "DISCARDED"},
        {"pk": second, "text": "Two.", "verdict": "ACCEPTED"},
    ]
    sent = typed(claimed, *said, *own, go="autosave", text="Well.")
    html = text(browser.post(desk_of(claimed), sent, headers=HTMX))
    mine = Remark.objects.get(text="Mine.").pk
    assert keys_in(html) == {"r0": str(first), "r1": str(second), "r2": str(mine), "r3": ""}
    keys = keys_in(html).values()
    again = [{**one, "pk": key} for one, key in zip([*said, *own], keys, strict=True)]
    sent = typed(claimed, *again, go="autosave", text="Well, more.")
    browser.post(desk_of(claimed), sent, headers=HTMX)
    rows = Remark.objects.order_by("position").values_list("text", "verdict")
    assert list(rows) == [("One.", "DISCARDED"), ("Two.", "ACCEPTED"), ("Mine.", "UNDECIDED")]


def test_nobody_reads_the_desk_of_their_own_work(claimed, ada, as_):
    draft_of(claimed.submission, "Unsent words.", text="An unsent message.")
    Review.objects.update(note="A private note.")
    let_review(ada)
    answer = as_(ada).get(desk_of(claimed))
    assert "Somebody else reviews it" in text(answer)
    refused = as_(ada).post(desk_of(claimed), typed(claimed, text="Mine."))
    assert refused.status_code == 409
    for html in (text(answer), text(refused)):
        for hidden in ("Unsent words", "unsent message", "private note", 'id="code"', "Tests</h2>"):
            assert hidden not in html


@pytest.mark.parametrize("meanwhile", ["claimed", "decided"])
def test_what_is_wrong_and_may_not_be_written_any_more_is_given_back(
    meanwhile, claimed, lee, browser
):
    said = typed(
        claimed, {"text": "My remark.", "line": "999"}, text="My words.", note="A note.",
        overall="77",
    )  # fmt: skip
    if meanwhile == "claimed":
        Review.objects.update(reviewer=lee, claimed_at=CLOCK)
    else:
        decide(claimed, lee)
    answer = browser.post(desk_of(claimed), said)
    html = text(answer)
    assert answer.status_code == 422
    for words in ("My remark.</pre>", "My words.</pre>", "A note.</pre>", "Overall, of 100: 77"):
        assert words in html
    assert 'href="#id_r0-line"' not in html
    assert "data-unsaved-still" in html


def test_what_is_wrong_is_mended_once_the_claim_is_taken_again(claimed, kim, browser):
    said = typed(claimed, {"text": "My remark.", "line": "999"}, text="My words.")
    reviews.release(claimed.pk, kim)
    assert "Claim it again and keep this" in text(browser.post(desk_of(claimed), said))
    answer = browser.post(desk_of(claimed), {**said, "go": "claim"})
    html = text(answer)
    assert answer.status_code == 422
    assert "My words.</textarea>" in html
    assert "My remark.</textarea>" in html


def test_a_remark_is_taken_out_while_another_is_wrong(claimed, browser):
    saved = [{"text": "One."}, {"text": "Two."}, {"text": "Three."}]
    browser.post(desk_of(claimed), typed(claimed, *saved))
    keys = list(Remark.objects.order_by("position").values_list("pk", flat=True))
    said = [{**one, "pk": key} for one, key in zip(saved, keys, strict=True)]
    said[2] |= {"text": "Three, typed.", "line": "999"}
    answer = browser.post(desk_of(claimed), typed(claimed, *said, go="remove-0"))
    html = text(answer)
    assert answer.status_code == 422
    assert keys_in(html) == {"r0": str(keys[1]), "r1": str(keys[2]), "r2": ""}
    for place, words in (("r0", "Two."), ("r1", "Three, typed.")):
        assert re.search(rf'name="{place}-text"[^>]*>\s*{words}</textarea>', html)
    assert "One.</textarea>" not in html
    assert 'name="rows" value="3"' in html


def test_a_remark_that_was_taken_out_does_not_come_back_with_a_conflict(claimed, browser):
    browser.post(desk_of(claimed), typed(claimed, {"text": "One."}, {"text": "Two."}))
    keys = list(Remark.objects.order_by("position").values_list("pk", flat=True))
    said = [{"pk": keys[0], "text": "One."}, {"pk": keys[1], "text": "Two, typed."}]
    sent = typed(claimed, *said, go="remove-0")
    Review.objects.update(version=99)
    answer = browser.post(desk_of(claimed), sent)
    html = text(answer)
    assert answer.status_code == 409
    assert "Two, typed.</textarea>" in html
    assert "One.</textarea>" not in html
    assert "data-unsaved-still" in html


@pytest.mark.parametrize(("line", "status"), [("999", 422), ("1", 409)])
def test_a_part_that_is_refused_is_answered_with_the_page(line, status, claimed, lee, browser):
    said = typed(claimed, {"text": "One.", "line": line}, go="add")
    if status == 409:
        Review.objects.update(reviewer=lee, claimed_at=CLOCK)
    answer = browser.post(desk_of(claimed), said, headers=HTMX)
    assert (answer.status_code, "<main" in text(answer)) == (status, True)
    told = [answer.headers[f"HX-{name}"] for name in ("Retarget", "Reselect", "Reswap")]
    assert told == ["#main", "#main", "outerHTML"]


def test_another_remark_can_be_begun_below_one_that_is_wrong(claimed, browser):
    said = typed(claimed, {"text": "One.", "line": "999"}, go="add")
    html = text(browser.post(desk_of(claimed), said))
    assert 'id="fresh"' in html
    assert 'name="r1-text"' in html
    assert 'name="rows" value="2"' in html


def test_an_answer_to_a_remark_that_is_gone_is_not_sent_to_the_whole(review, ada, kim, browser):
    analysis = draft_of(review.submission, "One.")
    decide(review, kim)
    conversations.reply(ada, analysis, analysis.remarks.get(), "Why?")
    given = {"analysis": analysis.pk, "remark": uuid4(), "text": "Because."}
    answer = browser.post(f"{desk_of(review)}answers/", given)
    html = text(answer)
    assert answer.status_code == 409
    assert "not part of this feedback any more" in html
    assert "Because.</textarea>" in html
    assert not analysis.replies.filter(author=kim).exists()


def test_an_answer_to_nothing_says_what_is_wrong(review, browser):
    answer = browser.post(f"{desk_of(review)}answers/", {"text": "Because."})
    html = text(answer)
    assert answer.status_code == 422
    assert "This field is required" not in html
    assert "Answer again at the desk" in html
    assert "Because.</textarea>" in html
    assert '<button class="btn primary">Answer' not in html


def test_an_answer_is_not_cut_unsaid(review, ada, kim, browser):
    analysis = draft_of(review.submission, "One.")
    decide(review, kim)
    conversations.reply(ada, analysis, None, "Why?")
    assert "maxlength" not in text(browser.get(desk_of(review)))
    given = {"analysis": analysis.pk, "text": "x" * 4001}
    answer = browser.post(f"{desk_of(review)}answers/", given)
    assert "longer than 4,000 characters" in text(answer)
    assert f"{'x' * 4001}</textarea>" in text(answer)


def test_own_snippets_come_first_and_a_cut_is_told(claimed, kim, lee, browser, monkeypatch):
    monkeypatch.setattr(desk_page, "MOST_SNIPPETS", 2)
    Snippet.objects.create(owner=lee, title="A", text="Shared first.", is_shared=True)
    Snippet.objects.create(owner=kim, title="X", text="Own one.")
    assert "yours before those of others" not in text(browser.get(desk_of(claimed)))
    Snippet.objects.create(owner=kim, title="Y", text="Own two.")
    html = text(browser.get(desk_of(claimed)))
    assert "Own one." in html
    assert "Own two." in html
    assert "Shared first." not in html
    assert "yours before those of others" in html


def figures_in(html):
    return re.search(r"<details[^>]*>\s*<summary><h3>Figures.*?</details>", html, re.S)[0]


def test_figures_of_a_model_are_seen_and_marked_until_they_are_changed(claimed, browser):
    plain = figures_in(text(browser.get(desk_of(claimed))))
    assert " open" not in plain.split(">", 1)[0]
    assert "Figures of AI" not in plain
    analysis = draft_of(claimed.submission, "One.")
    drafted = figures_in(text(browser.get(desk_of(claimed))))
    assert " open" in drafted.split(">", 1)[0]
    assert drafted.count("Figures of AI") == 4
    SubmissionAnalysis.objects.filter(pk=analysis.pk).update(overall=61)
    assert figures_in(text(browser.get(desk_of(claimed)))).count("Figures of AI") == 3


def test_words_that_were_typed_are_not_called_those_of_a_model(claimed, browser):
    draft_of(claimed.submission, text="Looks fine.")
    html = text(browser.post(desk_of(claimed), typed(claimed, text="Mine.", overall="x")))
    assert 'data-untouched="id_text"' not in html


def test_violet_is_not_the_only_sign_of_a_models_words_in_the_code(claimed, browser):
    draft_of(claimed.submission, "One.")
    html = text(browser.get(desk_of(claimed)))
    noted = re.search(r'<span class="said-here ai">.*?One\.', html, re.S)[0]
    assert "AI </strong>" in noted


def test_what_was_accepted_says_so_once_it_is_sent(claimed, kim, browser):
    draft_of(claimed.submission, "One.", "Two.")
    Remark.objects.filter(text="One.").update(verdict="ACCEPTED")
    assert "AI, checked" not in text(browser.get(desk_of(claimed)))
    SubmissionAnalysis.objects.update(text="By hand.")
    decide(claimed, kim)
    assert text(browser.get(desk_of(claimed))).count("AI, checked") == 1


def test_giving_it_back_is_refused_where_something_is_wrong(claimed, browser):
    answer = browser.post(desk_of(claimed), typed(claimed, go="release", text="x" * 4001))
    assert (answer.status_code, f"{'x' * 4001}</textarea>" in text(answer)) == (422, True)
    assert Review.objects.get().claimed_until


def test_a_question_of_ones_own_is_no_way_round(claimed, ada, as_):
    let_review(ada)
    ask_for_help(ada, claimed.submission, "Why?")
    later = CLOCK - timedelta(seconds=1)
    Review.objects.update(reviewer=ada, claimed_until=later)
    assert 'id="words"' not in text(as_(ada).get(desk_of(claimed)))

"""The desk of a review: reading, writing, sending, and what two people do at once."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils.timezone import now

from assessments import grading, submissions
from assessments.models import ModelRun, Remark, Review, Snippet, SubmissionAnalysis
from assessments.models.attempt import CLOCK
from assessments.reviewing import conversations, reviews
from assessments.reviewing.help_requests import ask_for_help
from tests.assessments.code_builders import WRONG, make_assignment
from tests.assessments.review_builders import decide, draft_of, hand_in
from tests.conftest import make_reviewer

Reason = Review.Reason
HTMX = {"HX-Request": "true"}


@pytest.fixture
def kim(db):
    return make_reviewer("kim@example.org", "Kim")


@pytest.fixture
def lee(db):
    return make_reviewer("lee@example.org", "Lee")


@pytest.fixture
def assignment(lessons):
    return make_assignment(lessons[0].module)


@pytest.fixture
def review(ada, assignment):
    return reviews.put_in_queue(hand_in(ada, assignment), Reason.DRAFT)


@pytest.fixture
def claimed(review, kim):
    return reviews.claim(review.pk, kim)


@pytest.fixture
def browser(as_, kim):
    return as_(kim)


def desk_of(review):
    return f"/studio/reviews/{review.pk}/"


def text(answer):
    return answer.content.decode()


def typed(review, *remarks, **fields):
    """What the page sends: a remark is a dict, the rest are the fields of the form."""
    review.refresh_from_db()
    data = {"version": review.version, "go": "save", "rows": len(remarks), **fields}
    for place, one in enumerate(remarks):
        words = {"section": "WEAKNESS", "text": "Words.", **one}
        data |= {f"r{place}-{name}": value for name, value in words.items()}
    return data


def analysis_of(review):
    return SubmissionAnalysis.objects.feedback().get(submission=review.submission)


def test_the_desk_shows_code_tests_question_and_draft(review, ada, browser):
    submission = review.submission
    ask_for_help(ada, submission, "Why is it <wrong>?")
    draft_of(submission, "Name it <better>.")
    html = text(browser.get(desk_of(review)))
    assert "Why is it &lt;wrong&gt;?" in html
    assert 'id="line-2"' in html
    assert "return a - b" in html
    assert "Name it &lt;better&gt;." in html
    assert "AI can be wrong" in html
    assert "Claim and review" in html
    assert 'name="text"' not in html


def test_what_was_held_back_says_so_before_it_is_claimed(review, browser):
    analysis = draft_of(review.submission, "return a + b")
    analysis.remarks.update(held="Quotes the reference solution")
    assert "Not for the learner as it is: quotes the reference" in text(
        browser.get(desk_of(review))
    )


def test_why_no_draft_came_is_told(review, browser):
    ModelRun.objects.create(
        submission=review.submission, status="FAILED", outcome="REFUSED", finished_at=now()
    )
    Review.objects.update(reason=Reason.NO_DRAFT)
    assert "No draft came: the model refused" in text(browser.get(desk_of(review)))


def test_hidden_tests_are_shown_to_reviewers(ada, assignment, browser):
    submission = submissions.submit(ada, assignment, WRONG, graded=True)
    grading.grade(submission.pk)
    submission.refresh_from_db()
    found = reviews.put_in_queue(submission, Reason.HELP)
    html = text(browser.get(desk_of(found)))
    assert "add(100000000000000000000, 1)" in html
    assert "hidden" in html


def test_reading_claims_nothing_and_a_press_does(review, kim, browser):
    browser.get(desk_of(review))
    assert Review.objects.get().reviewer is None
    browser.post(f"{desk_of(review)}claim/")
    assert Review.objects.get().reviewer == kim
    html = text(browser.get(desk_of(review)))
    assert "Claimed by you" in html
    assert 'name="text"' in html


def test_what_another_is_at_is_read_only(review, lee, browser):
    reviews.claim(review.pk, lee)
    html = text(browser.get(desk_of(review)))
    assert "<bdi>Lee</bdi> is at it" in html
    assert 'id="words"' not in html
    assert "Claim and review" not in html


def test_everything_typed_is_saved(claimed, browser):
    said = typed(
        claimed, {"text": "Try +.\r\nIt adds.", "line": "2", "section": "SUGGESTION"},
        {"text": ""}, text="Nearly.", note="New here.", overall="70", readability="",
    )  # fmt: skip
    answer = browser.post(desk_of(claimed), said)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{desk_of(claimed)}#words")
    analysis, remark = analysis_of(claimed), Remark.objects.get()
    assert (analysis.text, analysis.overall, analysis.readability) == ("Nearly.", 70, None)
    assert (remark.text, remark.line, remark.section) == ("Try +.\nIt adds.", 2, "SUGGESTION")
    assert Review.objects.get().note == "New here."
    html = text(browser.get(desk_of(claimed)))
    assert "Try +.\nIt adds.</textarea>" in html
    assert 'data-said="remark-1"' in html


def test_a_draft_is_accepted_edited_and_discarded(claimed, browser):
    analysis = draft_of(claimed.submission, "One.", "Two.", "Three.", "Four.")
    keys = list(analysis.remarks.values_list("pk", flat=True))
    verdicts = ("ACCEPTED", "EDITED", "DISCARDED", "")
    said = [
        {"pk": key, "text": "Mine.", "verdict": verdict, "line": "1"}
        for key, verdict in zip(keys, verdicts, strict=True)
    ]
    browser.post(desk_of(claimed), typed(claimed, *said, text="Looks fine."))
    rows = analysis.remarks.values_list("text", "verdict")
    assert list(rows) == [
        ("One.", "ACCEPTED"), ("Mine.", "EDITED"), ("Three.", "DISCARDED"), ("Four.", "UNDECIDED"),
    ]  # fmt: skip


def test_line_ends_of_a_browser_are_no_edit(claimed, browser):
    analysis = draft_of(claimed.submission, "One.\nTwo.")
    said = {"pk": analysis.remarks.get().pk, "text": "One.\r\nTwo.", "verdict": "EDITED"}
    browser.post(desk_of(claimed), typed(claimed, said, text="Looks fine."))
    assert analysis.remarks.get().verdict == "ACCEPTED"


def test_a_remark_is_added_and_removed_by_a_press(claimed, browser):
    added = browser.post(desk_of(claimed), typed(claimed, {"text": "One."}, go="add"))
    assert added.headers["Location"].endswith("#fresh")
    said = typed(claimed, {"pk": Remark.objects.get().pk}, {"text": "Two."}, go="remove-0")
    browser.post(desk_of(claimed), said)
    assert [one.text for one in Remark.objects.all()] == ["Two."]


def test_adding_by_script_answers_with_the_list_and_the_code(claimed, browser):
    said = typed(claimed, {"text": "One.", "line": "2"}, go="add")
    answer = browser.post(desk_of(claimed), said, headers=HTMX)
    html = text(answer)
    assert html.lstrip().startswith('<section class="stack" id="remarks"')
    assert 'id="version" value="1" hx-swap-oob="true"' in html
    assert 'id="desk-code"' in html
    assert "Saved. 1 remark." in answer.headers["HX-Trigger"]


def test_an_autosave_answers_with_state_version_and_keys(claimed, browser):
    said = typed(claimed, {"text": ""}, {"text": "One."}, go="autosave", text="Hm.")
    html = text(browser.post(desk_of(claimed), said, headers=HTMX))
    key = Remark.objects.get().pk
    assert 'id="save-state">Saved ' in html
    assert 'id="version" value="1"' in html
    assert 'id="id_r0-pk" value=""' in html
    assert f'id="id_r1-pk" value="{key}"' in html
    again = typed(claimed, {"text": ""}, {"text": "More.", "pk": key}, go="autosave", text="Hm.")
    browser.post(desk_of(claimed), again, headers=HTMX)
    assert [one.text for one in Remark.objects.all()] == ["More."]


def decision_on(html):
    """What is chosen on a page; none where nothing is."""
    return re.findall(r'name="decision" value="(\w+)"[^>]* checked', html)


def test_the_chosen_decision_is_saved_with_the_words(claimed, kim, lee, browser, as_):
    """So another window, another person and a page that is loaded anew see it."""
    assert decision_on(text(browser.get(desk_of(claimed)))) == []
    saved = typed(claimed, decision="CHANGES", go="autosave")
    answer = browser.post(desk_of(claimed), saved, headers=HTMX)
    assert f'name="version" id="version" value="{claimed.version + 1}"' in text(answer)
    again = browser.post(desk_of(claimed), saved, headers=HTMX)
    assert f'name="version" id="version" value="{claimed.version + 1}"' in text(again)
    assert decision_on(text(browser.get(desk_of(claimed)))) == ["CHANGES"]
    assert "Chosen and not sent: changes asked for." in text(as_(lee).get(desk_of(claimed)))
    stale = browser.post(desk_of(claimed), {**saved, "decision": "ACCEPTED"}, headers=HTMX)
    assert stale.status_code == 409
    reviews.release(claimed.pk, kim)
    reviews.claim(claimed.pk, lee)
    assert decision_on(text(as_(lee).get(desk_of(claimed)))) == ["CHANGES"]


def test_what_was_chosen_is_not_told_once_it_is_sent(claimed, ada, browser, as_, lee):
    browser.post(desk_of(claimed), typed(claimed, text="Well done.", decision="CHANGES"))
    claimed.refresh_from_db()
    assert (claimed.chosen, claimed.decision) == ("CHANGES", "")
    browser.post(
        desk_of(claimed), typed(claimed, text="Well done.", decision="ACCEPTED", go="send")
    )
    assert Review.objects.get().decision == "ACCEPTED"
    assert "Chosen and not sent" not in text(as_(lee).get(desk_of(claimed)))
    browser.post(f"{desk_of(claimed)}undo/")
    assert decision_on(text(browser.get(desk_of(claimed)))) == ["ACCEPTED"]


def test_an_autosave_that_fails_says_so_beside_the_button(claimed, lee, browser):
    bad = browser.post(desk_of(claimed), typed(claimed, go="autosave", overall="x"), headers=HTMX)
    assert (bad.status_code, "Not saved" in text(bad)) == (422, True)
    Review.objects.update(reviewer=lee)
    lost = browser.post(desk_of(claimed), typed(claimed, go="autosave"), headers=HTMX)
    assert (lost.status_code, "Lee is reviewing this now" in text(lost)) == (409, True)


def test_a_snippet_is_appended_without_script(claimed, kim, lee, browser):
    own = Snippet.objects.create(owner=kim, title="Names", text="Use whole words.")
    hidden = Snippet.objects.create(owner=lee, title="Not yours", text="Secret.")
    browser.post(desk_of(claimed), typed(claimed, go="insert", text="Hello.", snippet=own.pk))
    assert analysis_of(claimed).text == "Hello.\n\nUse whole words."
    for key in (hidden.pk, "nonsense"):
        browser.post(desk_of(claimed), typed(claimed, go="insert", text="Hello.", snippet=key))
        assert analysis_of(claimed).text == "Hello."


@pytest.mark.parametrize("decision", ["ACCEPTED", "CHANGES", "RETURNED"])
def test_sending_goes_to_the_queue_and_offers_undo(decision, claimed, browser):
    said = typed(claimed, go="send", decision=decision, text="Well.")
    answer = browser.post(desk_of(claimed), said)
    assert answer.headers["Location"] == f"/studio/reviews/?sent={claimed.pk}"
    assert Review.objects.get().decision == decision
    assert f'action="{desk_of(claimed)}undo/"' in text(browser.get(answer.headers["Location"]))
    assert f'action="{desk_of(claimed)}undo/"' in text(browser.get(desk_of(claimed)))


def test_next_after_sending_claims_the_next_one(claimed, ada, assignment, kim, browser):
    following = reviews.put_in_queue(hand_in(ada, assignment), Reason.HELP)
    said = typed(claimed, decision="ACCEPTED", text="Well.", next="on")
    said["go"] = f"finish-{following.submission_id}"
    answer = browser.post(desk_of(claimed), said)
    assert answer.headers["Location"] == f"{desk_of(following)}?sent={claimed.pk}"
    assert Review.objects.get(pk=following.pk).reviewer == kim
    assert 'undo/"' in text(browser.get(answer.headers["Location"]))


def test_undo_takes_it_back_until_it_is_late(claimed, browser):
    said = typed(claimed, go="send", decision="ACCEPTED", text="Well.")
    browser.post(desk_of(claimed), said)
    back = browser.post(f"{desk_of(claimed)}undo/").headers["Location"]
    assert back == f"{desk_of(claimed)}?decision=ACCEPTED"
    assert Review.objects.get().decision == ""
    assert "Well.</textarea>" in text(browser.get(back))
    browser.post(desk_of(claimed), typed(claimed, go="send", decision="ACCEPTED", text="Well."))
    Review.objects.update(decided_at=CLOCK - timedelta(seconds=11), sent_at=CLOCK)
    late = browser.post(f"{desk_of(claimed)}undo/", follow=True)
    assert "This cannot be taken back any more." in text(late)
    assert Review.objects.get().decision == "ACCEPTED"


def test_a_new_attempt_in_between_is_told_and_nothing_is_lost(claimed, ada, assignment, browser):
    said = typed(claimed, {"text": "One."}, go="send", decision="CHANGES", text="Well.")
    newer = hand_in(ada, assignment)
    answer = browser.post(desk_of(claimed), said)
    html = text(answer)
    assert answer.status_code == 409
    assert "A new attempt arrived.</h2>" in html
    assert f'value="finish-{newer.pk}">Finish attempt 1' in html
    assert "Well.</textarea>" in html
    assert 'value="CHANGES" id="id_decision_1" checked' in html or "checked" in html
    assert Review.objects.get().decision == ""
    assert analysis_of(claimed).text == "Well."
    again = typed(claimed, {"pk": Remark.objects.get().pk, "text": "One."}, text="Well.")
    again |= {"go": f"finish-{newer.pk}", "decision": "CHANGES"}
    assert browser.post(desk_of(claimed), again).status_code == 303
    assert Review.objects.get().decision == "CHANGES"


def test_switching_to_the_new_attempt_keeps_what_was_written(
    claimed, ada, assignment, kim, browser
):
    newer = hand_in(ada, assignment)
    answer = browser.post(desk_of(claimed), typed(claimed, go="switch", text="Well."))
    other = Review.objects.get(submission=newer)
    assert answer.headers["Location"] == desk_of(other)
    assert (other.reviewer, Review.objects.get(pk=claimed.pk).reviewer) == (kim, None)
    assert analysis_of(claimed).text == "Well."


def test_who_lost_the_claim_is_told_to_whom_and_gets_the_words_back(claimed, lee, browser):
    said = typed(claimed, {"text": "My remark."}, go="send", decision="CHANGES", text="My words.")
    Review.objects.update(reviewer=lee, claimed_at=CLOCK)
    answer = browser.post(desk_of(claimed), said)
    html = text(answer)
    assert answer.status_code == 409
    assert "<bdi>Lee</bdi> is at this since" in html
    assert "My words.</pre>" in html
    assert "My remark.</pre>" in html
    assert not SubmissionAnalysis.objects.exists()


def test_a_claim_that_nobody_has_is_taken_again_with_the_words(claimed, kim, browser):
    said = typed(claimed, go="save", text="My words.")
    reviews.release(claimed.pk, kim)
    answer = browser.post(desk_of(claimed), said)
    assert (answer.status_code, "Claim it again and keep this" in text(answer)) == (409, True)
    assert browser.post(desk_of(claimed), {**said, "go": "claim"}).status_code == 303
    assert analysis_of(claimed).text == "My words."


def test_another_window_is_not_overwritten_unasked(claimed, browser):
    said = typed(claimed, {"text": "Mine."}, go="save", text="This window.")
    browser.post(desk_of(claimed), typed(claimed, text="The other window."))
    answer = browser.post(desk_of(claimed), said)
    html = text(answer)
    assert answer.status_code == 409
    assert "This window.</textarea>" in html
    assert "The other window." in html
    assert analysis_of(claimed).text == "The other window."
    assert 'id="version" value="1"' in html
    assert browser.post(desk_of(claimed), {**said, "version": 1}).status_code == 303
    assert analysis_of(claimed).text == "This window."


def test_all_that_another_window_saved_otherwise_is_listed(claimed, browser):
    analysis = draft_of(claimed.submission, "First.", "Second.")
    first, second = analysis.remarks.values_list("pk", flat=True)
    mine = typed(claimed, {"pk": first, "text": "First."}, note="My note.", overall="60")
    theirs = typed(
        claimed,
        {"pk": first, "text": "First.", "verdict": "ACCEPTED", "line": "2", "for_alike": "on"},
        {"pk": second, "text": "Second, changed.", "verdict": "EDITED"},
        text="Saved words.", note="Saved note.", overall="55", readability="6",
        decision="ACCEPTED", figures_verdict="ACCEPTED",
    )  # fmt: skip
    browser.post(desk_of(claimed), theirs)
    html = text(browser.post(desk_of(claimed), mine))
    listed = html.partition('id="conflict-title"')[2].partition("</section>")[0]
    found = re.findall(r"<h3>(.*?)</h3>\s*<pre[^>]*>(.*?)</pre>", listed, re.DOTALL)
    assert dict(found) == {
        "Message to the learner": "Saved words.", "The draft&#x27;s figures": "Accept",
        "Private note": "Saved note.", "Decision": "Accept", "Overall, of 100": "55",
        "Readability, of 10": "6", "Remark 1: line": "2",
        "Remark 1: what becomes of it": "Accept", "Remark 1: for all whose code is alike": "yes",
        "Remark 2": "Second, changed.",
    }  # fmt: skip
    assert "Yours: <bdi>My note.</bdi>" in listed


def test_what_was_decided_is_not_decided_again(claimed, kim, browser):
    said = typed(claimed, go="send", decision="CHANGES", text="My words.")
    decide(claimed, kim, "ACCEPTED")
    answer = browser.post(desk_of(claimed), said)
    assert answer.status_code == 409
    assert "This review has been decided." in text(answer)
    assert "My words.</pre>" in text(answer)


def test_words_that_give_the_solution_away_are_refused_and_marked(claimed, browser):
    analysis = draft_of(claimed.submission, "Write: def add(a, b): return a + b", text="Well.")
    Remark.objects.update(held="Quotes the reference solution")
    key = analysis.remarks.get().pk
    words = "Write: def add(a, b): return a + b now"
    said = typed(claimed, {"pk": key, "verdict": "EDITED", "text": words}, text="So.", go="send")
    answer = browser.post(desk_of(claimed), {**said, "decision": "CHANGES"})
    html = text(answer)
    assert answer.status_code == 422
    assert "quotes what learners may not see" in html
    assert "quotes the reference solution" in html
    assert Review.objects.get().decision == ""


def test_a_held_remark_offers_no_accepting(claimed, browser):
    draft_of(claimed.submission, "One.", "Two.")
    Remark.objects.filter(text="One.").update(held="Quotes the reference solution")
    html = text(browser.get(desk_of(claimed)))
    assert 'name="r0-verdict" value="DISCARDED"' in html
    assert 'name="r0-verdict" value="ACCEPTED"' not in html
    assert 'name="r1-verdict" value="ACCEPTED"' in html


def test_a_message_that_was_held_back_offers_no_accepting(claimed, browser):
    analysis = draft_of(claimed.submission)
    assert 'name="text_verdict" value="ACCEPTED"' in text(browser.get(desk_of(claimed)))
    SubmissionAnalysis.objects.update(drafted={**analysis.drafted, "held": ["Quotes a test"]})
    html = text(browser.get(desk_of(claimed)))
    assert 'name="text_verdict" value="DISCARDED"' in html
    assert 'name="text_verdict" value="ACCEPTED"' not in html


def test_a_drafts_message_that_nobody_decided_about_stops_sending(claimed, browser):
    draft_of(claimed.submission, text="Looks fine.")
    said = typed(claimed, text="Looks fine.", note="Mine.", go="send", decision="ACCEPTED")
    answer = browser.post(desk_of(claimed), said)
    html = text(answer)
    assert answer.status_code == 422
    assert "The draft&#x27;s message is not decided: accept it, change it, or discard it." in html
    assert 'id="text-verdict" tabindex="-1" data-step data-focus' in html
    assert "Mine.</textarea>" in html
    assert (Review.objects.get().decision, Review.objects.get().note) == ("", "Mine.")
    again = typed(claimed, text="Looks fine.", text_verdict="ACCEPTED", go="send")
    assert browser.post(desk_of(claimed), {**again, "decision": "ACCEPTED"}).status_code == 303


def test_discarding_takes_out_what_the_model_said_and_nothing_else(claimed, browser):
    draft_of(claimed.submission, text="Looks fine.")
    gone = {"text_verdict": "DISCARDED", "figures_verdict": "DISCARDED"}
    browser.post(desk_of(claimed), typed(claimed, text="Looks fine.", overall="60", **gone))
    analysis = analysis_of(claimed)
    assert (analysis.text, analysis.overall) == ("", None)
    html = text(browser.get(desk_of(claimed)))
    assert 'value="DISCARDED" id="id_text_verdict_1" checked' in html
    browser.post(desk_of(claimed), typed(claimed, text="My words.", overall="61", **gone))
    analysis.refresh_from_db()
    assert (analysis.text, analysis.overall) == ("My words.", 61)


def test_accepting_says_the_models_words_again_and_takes_none_of_a_persons(claimed, browser):
    draft_of(claimed.submission, text="Looks fine.")
    taken = {"text_verdict": "ACCEPTED", "figures_verdict": "ACCEPTED"}
    browser.post(desk_of(claimed), typed(claimed, text="My words.", overall="61", **taken))
    analysis = analysis_of(claimed)
    assert (analysis.text, analysis.text_accepted, analysis.overall) == ("My words.", False, 61)
    browser.post(desk_of(claimed), typed(claimed, text="", **taken))
    analysis.refresh_from_db()
    assert (analysis.text, analysis.text_accepted) == ("Looks fine.", True)
    assert (analysis.overall, analysis.readability) == (60, 6)


def test_undecided_remarks_are_told_before_sending_and_stop_it_once(claimed, browser):
    analysis = draft_of(claimed.submission, "One.", "Two.", "Three.")
    one, two, three = analysis.remarks.values_list("pk", flat=True)
    shown = " ".join(text(browser.get(desk_of(claimed))).split())
    parts = "the message, the figures, 3 remarks</span>. Decide before sending."
    assert f"Undecided in the draft: <span data-parts>{parts}" in shown
    said = [{"pk": one, "verdict": "ACCEPTED"}, {"pk": two}, {"pk": three, "text": "Three."}]
    fields = {"text": "Well.", "decision": "CHANGES"}
    stopped = browser.post(desk_of(claimed), typed(claimed, *said, go="send", **fields))
    html = text(stopped)
    assert (stopped.status_code, Review.objects.get().decision) == (422, "")
    assert "2 remarks are undecided: decide, or discard all of them." in html
    assert 'name="go" value="clear">Discard the undecided ones and send' in html
    sent = browser.post(desk_of(claimed), typed(claimed, *said, go="clear", **fields))
    assert (sent.status_code, Review.objects.get().decision) == (303, "CHANGES")
    verdicts = list(analysis.remarks.values_list("verdict", flat=True))
    assert verdicts == ["ACCEPTED", "DISCARDED", "DISCARDED"]


def test_discarding_what_is_undecided_goes_past_the_newer_attempt_that_was_named(
    claimed, ada, assignment, browser
):
    key = draft_of(claimed.submission, "One.").remarks.get().pk
    newer = hand_in(ada, assignment)
    fields = {"text": "Well.", "decision": "CHANGES"}
    said = typed(claimed, {"pk": key, "text": "One."}, go=f"finish-{newer.pk}", **fields)
    html = text(browser.post(desk_of(claimed), said))
    assert f'value="clear-{newer.pk}">Discard the undecided ones' in html
    again = typed(claimed, {"pk": key, "text": "One."}, go=f"clear-{newer.pk}", **fields)
    assert browser.post(desk_of(claimed), again).status_code == 303


@pytest.mark.parametrize(
    ("fields", "remark", "words"),
    [
        ({"go": "send", "text": "Well."}, {}, "Choose what you decide."),
        ({"go": "send", "decision": "NO", "text": "Well."}, {}, "Choose what you decide."),
        ({"go": "send", "decision": "CHANGES"}, {"text": ""}, "nothing to send"),
        ({"text": "x" * 4001}, {}, "longer than 4,000 characters"),
        ({"text": "a\x00b"}, {}, "cannot be kept"),
        ({"note": "half \x07"}, {}, "cannot be kept"),
        ({"overall": "101"}, {}, "from 0 to 100"),
        ({"readability": "-1"}, {}, "from 0 to 10"),
        ({}, {"line": "3"}, "The code has 2 lines."),
        ({}, {"line": "0"}, "Enter the number of a line."),
        ({}, {"line": "one"}, "Enter the number of a line."),
        ({}, {"text": "x" * 4001}, "longer than 4,000 characters"),
        ({}, {"pk": "nonsense"}, "Enter a valid UUID."),
        ({}, {"section": "NONE"}, "Select a valid choice"),
        ({"version": "9" * 30}, {}, "not whole any more"),
        ({"version": ""}, {}, "not whole any more"),
    ],
)
def test_what_cannot_be_kept_is_refused_beside_its_field(fields, remark, words, claimed, browser):
    answer = browser.post(desk_of(claimed), typed(claimed, remark, **fields))
    html = text(answer)
    assert answer.status_code == 422
    assert words in html
    assert "There is a problem" in html
    assert "<title>Error: " in html.replace("\n", "")
    assert Review.objects.get().decision == ""


@pytest.mark.parametrize(
    "fields",
    [
        {"rows": "9" * 50}, {"rows": "-1"}, {"rows": "x"}, {"go": "remove-999"}, {"go": "remove-x"},
        {"go": f"remove-{'1' * 5000}"}, {"go": "remove-²"}, {"go": "nonsense"},
        {"go": "insert", "snippet": "\x00"}, {"r0-pk": str(uuid4())},
        {"rows": "3", "r2-line": "9" * 40}, {"decision": "\x00"}, {"go": "finish-x"},
        {"go": f"finish-{uuid4()}"},
    ],
)  # fmt: skip
def test_no_form_however_wrong_breaks_the_desk(fields, claimed, browser):
    data = {**typed(claimed, {"text": "One."}, text="Well."), **fields}
    assert browser.post(desk_of(claimed), data).status_code in (303, 409, 422)


def test_what_is_sent_without_a_decision_is_saved(claimed, browser):
    answer = browser.post(desk_of(claimed), typed(claimed, go="send", text="Well."))
    assert (answer.status_code, analysis_of(claimed).text) == (422, "Well.")
    assert "What you wrote is saved" in text(answer)
    assert 'id="id_decision_error"' in text(answer)


def test_no_more_than_forty_remarks_are_kept(claimed, browser):
    fine = browser.post(desk_of(claimed), typed(claimed, *[{"text": "x"}] * 40))
    assert (fine.status_code, Remark.objects.count()) == (303, 40)
    assert 'id="fresh"' not in text(browser.get(desk_of(claimed)))
    more = browser.post(desk_of(claimed), typed(claimed, *[{"text": "x"}] * 41))
    assert (more.status_code, Remark.objects.count()) == (422, 40)


def test_a_reply_is_answered_once_and_leaves_the_queue(review, ada, kim, browser):
    analysis = draft_of(review.submission, "One.")
    decide(review, kim)
    conversations.reply(ada, analysis, analysis.remarks.get(), "But <why>?")
    html = text(browser.get(desk_of(review)))
    assert "But &lt;why&gt;?" in html
    given = {"analysis": analysis.pk, "remark": analysis.remarks.get().pk, "text": "Because."}
    for wrong in ({"text": " "}, {"text": "a\x00"}, {"analysis": "x"}):
        refused = browser.post(f"{desk_of(review)}answers/", {**given, **wrong})
        assert (refused.status_code, "There is a problem" in text(refused)) == (422, True)
    other = browser.post(f"{desk_of(review)}answers/", {**given, "analysis": uuid4()})
    assert other.status_code == 404
    answered = browser.post(f"{desk_of(review)}answers/", given)
    assert answered.headers["Location"] == f"{desk_of(review)}#replies"
    html = text(browser.get(desk_of(review)))
    assert "Because." in html
    assert "Your answer</label>" not in html
    assert Review.objects.get().waiting_since is None


def test_the_differences_of_the_learners_attempts_are_shown(review, ada, assignment, browser):
    newer = hand_in(ada, assignment, "def add(a, b):\n    return a + b\n")
    page = f"{desk_of(review)}changes/"
    html = text(browser.get(f"{page}?of={newer.pk}"))
    assert "<ins>+    return a + b</ins>" in html
    assert "the first attempt" in text(browser.get(page))
    assert browser.get(f"{page}?of={uuid4()}").status_code == 404
    assert browser.get(f"{page}?of=nonsense").status_code == 404


def test_a_submission_from_elsewhere_is_taken_up(ada, assignment, kim, browser):
    submission = hand_in(ada, assignment)
    answer = browser.post(f"/studio/submissions/{submission.pk}/review/")
    found = Review.objects.get(submission=submission)
    assert (found.reviewer, answer.headers["Location"]) == (kim, desk_of(found))


def test_giving_it_back_keeps_what_is_typed(claimed, browser):
    browser.post(desk_of(claimed), typed(claimed, text="So far."))
    answer = browser.post(desk_of(claimed), typed(claimed, go="release", text="So far, and more."))
    assert answer.headers["Location"] == "/studio/reviews/"
    assert Review.objects.get().reviewer is None
    assert analysis_of(claimed).text == "So far, and more."


def test_the_desk_asks_as_often_for_more(
    claimed, ada, assignment, browser, django_assert_max_num_queries
):
    analysis, asked = draft_of(claimed.submission, "One."), []
    browser.get(desk_of(claimed))
    for count in (1, 12):
        for place in range(count):
            Remark.objects.create(analysis=analysis, section="STRENGTH", text="x", position=place)
            reviews.put_in_queue(hand_in(ada, assignment), Reason.DRAFT)
        with django_assert_max_num_queries(12) as queries:
            browser.get(desk_of(claimed))
        asked.append(len(queries))
    assert asked[0] == asked[1]

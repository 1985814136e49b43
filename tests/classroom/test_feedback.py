"""What learners see of what models and people say of their work, and what they can do about it."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from assessments import analysing, unread
from assessments.analyser.enough import RIGHT_FIRST
from assessments.feedback import seen_of_submission
from assessments.limits import RATINGS
from assessments.models import Review, Submission, SubmissionAnalysis
from assessments.models.model_run import ModelRun
from courses.models import Course
from notifications import telling
from tests.assessments.builders import make_quiz
from tests.assessments.code_builders import RIGHT, make_assignment
from tests.assessments.finished import finished
from tests.assessments.review_builders import hand_in
from tests.classroom.code_pages import HTMX, text_of
from tests.classroom.feedback_rows import (
    add,
    ago,
    draft,
    reply_by,
    review_of,
    run_of,
    say,
    sent_by,
    tell,
)

LEFT_OUT = {
    "REPLACED": "you have handed in something newer",
    "PERSON": "a person was first",
    "OFF": "it was turned off for this course",
    "PAUSED": "for now people review without it",
}
CAN_BE_WRONG = "AI can be wrong. A person has not read this yet."
LONGER = """def add(a, b):
    total = a
    for _ in range(b):
        total = total + 1
    if total > 100:
        print("That is much")
    return total
"""


@pytest.fixture
def submission(ada, lessons) -> Submission:
    return hand_in(ada, make_assignment(lessons[0].module))


@pytest.fixture
def own(submission) -> str:
    return submission.get_absolute_url()


@pytest.fixture
def look(ada, as_, own):
    """The page of the submission and the list of feedback, as ada sees them."""
    browser = as_(ada)
    return lambda: text_of(browser.get(own)) + text_of(browser.get("/feedback/"))


class TestWhatIsSeen:
    def test_a_review_says_who_what_and_where(self, ada, grace, as_, submission, own):
        say(submission, "You are nearly there.", "This takes away.", readability=8)
        sent_by(grace, submission, "CHANGES")
        page = text_of(as_(ada).get(own))
        for words in ("Reviewed by <bdi>Grace</bdi>", "Changes asked for", "You are nearly there.",
                      "Good, 8 of 10", "Resubmit"):  # fmt: skip
            assert words in page
        assert page.count("This takes away.") == 2  # in the list and under the line
        assert f'href="{own}#line-2"' in page
        assert CAN_BE_WRONG not in page

    def test_figures_that_a_model_gave_are_marked_until_a_person_changes_one(
        self, look, grace, submission
    ):
        analysis = draft(submission, "The model's text.", at_once=False)
        analysis.text, analysis.kind = "A person's text.", "HYBRID"
        analysis.save()
        sent_by(grace, submission)
        assert "The figures above" in look()
        SubmissionAnalysis.objects.filter(pk=analysis.pk).update(readability=9)
        assert "The figures above" not in look()

    def test_a_draft_that_is_let_out_says_what_it_is(self, look, submission):
        draft(submission, "Nearly right.", "Look at the sign.", at_once=True)
        page = look()
        assert "Nearly right." in page
        assert "Look at the sign." in page
        assert CAN_BE_WRONG in page
        assert "Reviewed by" not in page

    def test_a_draft_that_waits_for_a_person_is_not_seen(self, look, submission):
        draft(submission, "PLANTED text", "PLANTED remark", at_once=False)
        review_of(submission, note="PLANTED note")
        assert "PLANTED" not in look()

    def test_what_a_reviewer_changes_and_has_not_sent_is_not_seen(self, look, grace, submission):
        analysis = draft(submission, "Nearly right.", "Look at the sign.", at_once=True)
        analysis.remarks.update(text="PLANTED edit", verdict="EDITED")
        add(analysis, "PLANTED new remark")
        analysis.text, analysis.readability = "PLANTED text", 1
        analysis.save()
        review_of(submission, reviewer=grace, claimed_at=ago(), note="PLANTED note",
                  claimed_until=ago(minutes=-30))  # fmt: skip
        page = look()
        assert "PLANTED" not in page
        assert "Nearly right." in page
        assert "Look at the sign." in page
        assert "Weak, 1 of 10" not in page

    def test_what_can_still_be_taken_back_is_not_seen(self, look, grace, submission):
        analysis = draft(submission, "Nearly right.", "Look at the sign.", at_once=True)
        analysis.kind, analysis.text = "HYBRID", "PLANTED text"
        analysis.save()
        analysis.remarks.update(text="PLANTED edit", verdict="EDITED")
        sent_by(grace, submission, sent_at=ago(seconds=-9), note="PLANTED note")
        page = look()
        assert "PLANTED" not in page
        assert "Nearly right." in page
        assert "Reviewed by" not in page

    def test_what_is_held_back_is_not_seen(self, look, submission):
        analysis = draft(submission, "Nearly right.", "Look at the sign.", at_once=True)
        add(analysis, "PLANTED leak", drafted="PLANTED leak", held="quotes a hidden test")
        page = look()
        assert "PLANTED" not in page
        assert "quotes a hidden test" not in page
        assert "Look at the sign." in page

    def test_a_draft_that_is_held_back_as_a_whole_is_not_seen(self, look, submission):
        analysis = draft(submission, "PLANTED text", "PLANTED remark", at_once=True)
        analysis.drafted["held"] = ["quotes the reference solution"]
        analysis.save()
        run_of(submission, "HELD")
        review_of(submission, reason="HELD")
        page = look()
        assert "PLANTED" not in page
        assert "quotes the reference" not in page
        assert "A person reads the AI review before you do." in page
        assert "No reviews yet." in page

    def test_of_a_draft_only_what_a_person_let_stand_is_sent(self, look, grace, submission):
        analysis = draft(submission, "Nearly right.", at_once=False)
        for verdict, text, drafted in (
            ("ACCEPTED", "Kept as it was.", "Kept as it was."),
            ("EDITED", "Said better.", "PLANTED first words"),
            ("DISCARDED", "PLANTED discarded", "PLANTED discarded"),
            ("UNDECIDED", "PLANTED undecided", "PLANTED undecided"),
        ):
            add(analysis, text, verdict=verdict, drafted=drafted)
        analysis.kind, analysis.text = "HYBRID", "In my own words."
        analysis.save()
        sent_by(grace, submission, note="PLANTED note")
        page = look()
        assert "PLANTED" not in page
        assert "Drafted by AI, checked by <bdi>Grace</bdi>" in page
        said_better, kept = page.index("Said better."), page.index("Kept as it was.")
        assert "AI, checked</span>" in page[kept:said_better]
        assert "In my own words." in page

    def test_of_code_like_it_the_remark_is_seen_and_not_the_learner(
        self, ada, bob, grace, as_, submission, own
    ):
        Submission.objects.update(source=LONGER)
        theirs = hand_in(bob, submission.assignment, LONGER.replace("total", "PLANTED"))
        for one in (submission, theirs):
            analysing.analyse(one.pk)
        remark = add(say(theirs, "PLANTED for Bob"), "Add, do not take away.", for_alike=True)
        add(remark.analysis, "PLANTED for Bob alone")
        sent_by(grace, theirs)
        browser = as_(ada)
        page = text_of(browser.get(own))
        assert "About code like yours" in page
        assert "Add, do not take away." in page
        assert f'href="{own}#line-2"' in page
        assert "PLANTED" not in page
        assert "Bob" not in page
        assert str(theirs.pk) not in page
        answer = browser.post(
            f"/remarks/{remark.pk}/rating/", {"helpful": "1", "on": submission.pk}
        )
        assert (answer.status_code, remark.ratings.get().user) == (303, ada)
        answer = browser.post(f"{own}replies/", {"remark": remark.pk, "text": "Thank you."})
        assert answer.status_code == 404
        assert not remark.replies.exists()

    @pytest.mark.parametrize("published", [True, False])
    @pytest.mark.parametrize("sent", [None, -9, 30])
    @pytest.mark.parametrize("held", [True, False])
    def test_the_list_and_the_page_agree_on_what_was_said(
        self, ada, grace, submission, published, sent, held
    ):
        analysis = draft(submission, "Nearly right.", at_once=published)
        if held:
            analysis.drafted["held"] = ["quotes a hidden test"]
            analysis.save()
        if sent is not None:
            sent_by(grace, submission, sent_at=ago(seconds=sent))
        row = Submission.objects.annotate(moment=unread.CLOCK).get(pk=submission.pk)
        (seen, _), listed = seen_of_submission(ada, row), unread.said_about_code(ada)
        assert [one.at for one in seen] == [one.said_at for one in listed]


class TestPraise:
    """The rules have praised code; what is shown of it goes by how much is right now."""

    @pytest.fixture
    def praise(self, submission):
        figures = {"readability": 10, "efficiency": 10, "best_practices": 10}
        analysis = say(submission, "PLANTED whole", "Look here.", kind="RULES", **figures)
        return add(analysis, "PLANTED praise", section="STRENGTH")

    def test_beside_failing_tests_there_is_none(self, ada, as_, look, praise, submission):
        reply_by(ada, praise.analysis, "I do not think so.", remark=praise)
        page = look()
        assert escape(RIGHT_FIRST) in page
        assert "of 10" not in page
        assert "PLANTED" not in page
        assert "Look here." in page
        assert "I do not think so." in page
        assert as_(ada).post(f"/remarks/{praise.pk}/rating/", {"helpful": "1"}).status_code == 404

    @pytest.mark.parametrize(("percent", "is_praised"), [(49, False), (50, True), (100, True)])
    def test_it_begins_where_half_is_right(self, look, praise, submission, percent, is_praised):
        Submission.objects.update(percent=percent)
        page = look()
        assert ("PLANTED praise" in page) is is_praised
        assert ("10 of 10" in page) is is_praised
        assert (escape(RIGHT_FIRST) in page) is not is_praised

    def test_that_code_cannot_be_read_is_said_all_the_same(self, look, submission):
        say(submission, "The rules could not read this code: line 2.", kind="RULES")
        page = look()
        assert "The rules could not read this code: line 2." in page
        assert escape(RIGHT_FIRST) not in page


class TestWhatIsToCome:
    def test_what_was_held_back_is_read_first_while_it_waits(self, ada, as_, submission, own):
        run_of(submission, "HELD")
        review = review_of(submission, reason="HELD")
        browser, said = as_(ada), "A person reads the AI review before you do."
        assert said in text_of(browser.get(own))
        # A newer attempt has taken it out of the queue.
        Review.objects.filter(pk=review.pk).update(waiting_since=None)
        assert said not in text_of(browser.get(own))

    @pytest.mark.parametrize("outcome", ModelRun.Outcome.values)
    def test_every_end_of_a_draft_is_told_in_words(self, ada, as_, submission, own, outcome):
        run_of(submission, outcome)
        page = text_of(as_(ada).get(own))
        if outcome in ("DRAFTED", "HELD"):
            assert "AI review" not in page
        elif outcome in LEFT_OUT:
            assert f"AI review was left out: {LEFT_OUT[outcome]}." in page
        else:
            assert "AI review did not run: " in page
            assert "It will not affect your grade." in page
        assert "data-pending" not in page

    @pytest.mark.parametrize(
        ("policy", "words"),
        [("AT_ONCE", "An AI review is being written."), ("AFTER_REVIEW", "reads before you do.")],
    )
    def test_a_draft_that_is_being_written(self, ada, as_, submission, own, policy, words):
        Course.objects.update(ai_drafts=policy)
        run_of(submission)
        page = text_of(as_(ada).get(own))
        assert words in page
        assert 'hx-trigger="look"' in page

    def test_what_is_asked_for_again_is_told_so(self, ada, as_, submission, own):
        run_of(submission, tries=1, fault="Not reachable: nobody answers")
        page = text_of(as_(ada).get(own))
        assert "AI did not answer at first. It is asked again" in page
        assert "AI is writing" not in page

    def test_who_waits_is_told_their_place(self, ada, bob, as_, submission, own):
        Review.objects.all().delete()
        for reason, minutes in (("HELP", 1), ("DRAFT", 60)):
            other = hand_in(bob, submission.assignment)
            review_of(other, reason=reason, waiting_since=ago(minutes=minutes))
        review_of(submission, waiting_since=ago(minutes=10))
        review_of(hand_in(bob, submission.assignment), waiting_since=ago(minutes=5))
        page = text_of(as_(ada).get(own))
        assert "Waiting for a person: 2 others come before it." in page
        assert "go on to the next lesson" in page
        lesson = submission.assignment.lesson
        following = lesson.course.outline().next(lesson.pk)
        assert re.search('id="go-on" href="[^"]+/([a-z0-9-]+)/"', page)[1] == following.slug
        assert "Bob" not in page

    def test_what_somebody_is_at_is_told_without_a_name(self, ada, grace, as_, submission, own):
        review_of(submission, reviewer=grace, claimed_at=ago(), claimed_until=ago(minutes=-9))
        page = text_of(as_(ada).get(own))
        assert "A person is reading it now." in page
        assert "Grace" not in page

    def test_without_a_model_and_without_a_question_nothing_is_promised(
        self, ada, as_, submission, own
    ):
        page = text_of(as_(ada).get(own))
        assert "data-pending" not in page
        assert not re.search(r"\bAI\b", page.replace("Not AI", ""))

    def test_with_a_model_fresh_code_waits_for_a_draft(self, ada, as_, submission, own, settings):
        settings.AI_BASE_URL = "http://127.0.0.1:1/"
        assert "data-pending" in text_of(as_(ada).get(own))
        Submission.objects.update(finished_at=ago(minutes=5))
        assert "data-pending" not in text_of(as_(ada).get(own))

    def test_what_arrives_takes_the_place_of_waiting(self, ada, grace, as_, submission, own):
        review = review_of(submission)
        browser = as_(ada)
        waiting = text_of(browser.get(f"{own}?part=state&mark=", headers=HTMX))
        assert "Waiting for a person: yours is next." in waiting
        say(submission, "You are nearly there.", "This takes away.")
        review.delete()
        sent_by(grace, submission)
        come = browser.get(f"{own}?part=state&mark=", headers=HTMX)
        assert "You are nearly there." in text_of(come)
        assert 'id="code"' in text_of(come)
        assert "There is new feedback" in come["HX-Trigger"]
        assert "data-pending" not in text_of(come)

    def test_a_page_that_may_hold_half_a_reply_is_only_told_of_more(
        self, ada, grace, as_, submission, own
    ):
        say(submission, "You are nearly there.")
        sent_by(grace, submission)
        more = text_of(as_(ada).get(f"{own}?part=state&mark=earlier", headers=HTMX))
        assert "There is new feedback." in more
        assert "You are nearly there." not in more


class TestRating:
    @pytest.fixture
    def remark(self, grace, submission):
        sent_by(grace, submission)
        return say(submission, "Good.", "This takes away.").remarks.get()

    def test_a_rating_is_kept_changed_and_taken_back(self, ada, as_, remark, own, submission):
        browser, address = as_(ada), f"/remarks/{remark.pk}/rating/"
        for value, kept in (("1", [True]), ("1", [True]), ("0", [False]), ("", [])):
            answer = browser.post(address, {"helpful": value, "on": submission.pk})
            assert answer["Location"] == f"{own}#remark-{remark.pk}"
            assert [one.is_helpful for one in remark.ratings.all()] == kept
        answer = browser.post(address, {"helpful": "1", "on": submission.pk}, headers=HTMX)
        assert 'aria-pressed="true"' in text_of(answer)
        assert "Noted: this was helpful." in answer["HX-Trigger"]

    @pytest.mark.parametrize("value", [None, "yes", "2", "\x00"])
    def test_what_is_no_rating_changes_nothing(self, ada, as_, remark, submission, value):
        data = {} if value is None else {"helpful": value}
        browser, address = as_(ada), f"/remarks/{remark.pk}/rating/"
        for on in ("", submission.pk):
            answer = browser.post(address, {**data, "on": on})
            assert answer.status_code == 422
            assert "Nothing was changed" in text_of(answer)
            assert "<h1>" in text_of(answer)
        assert not remark.ratings.exists()

    @pytest.mark.parametrize("on", ["", "x", "00000000-0000-0000-0000-000000000000"])
    def test_a_form_that_says_not_where_it_stood_leads_to_a_page_of_ours(
        self, ada, as_, remark, on
    ):
        answer = as_(ada).post(f"/remarks/{remark.pk}/rating/", {"helpful": "1", "on": on})
        assert answer["Location"].startswith(("/feedback/", "/submissions/"))

    def test_nobody_rates_what_they_cannot_see(self, ada, bob, as_, client, remark, submission):
        address = f"/remarks/{remark.pk}/rating/"
        assert as_(bob).post(address, {"helpful": "1"}).status_code == 404
        assert client.post(address, {"helpful": "1"})["Location"].startswith("/accounts/login/")
        Review.objects.update(sent_at=ago(seconds=-9))
        assert as_(ada).post(address, {"helpful": "1"}).status_code == 404
        assert not remark.ratings.exists()

    def test_too_many_ratings_wait(self, ada, as_, remark, submission):
        browser, address = as_(ada), f"/remarks/{remark.pk}/rating/"
        assert browser.post(address, {"helpful": "1"}).status_code == 303
        for headers in ({}, HTMX):
            data = {"helpful": "0", "on": submission.pk}
            # Each time: one becomes free every second, and a page may take that long.
            while RATINGS.spend(str(ada.pk)) is None:
                pass
            answer = browser.post(address, data, headers=headers)
            assert answer.status_code == 429
            assert int(answer["Retry-After"]) >= 1
            assert "That was often." in text_of(answer)
            for button in (f'id="helpful-{remark.pk}"', f'id="unhelpful-{remark.pk}"'):
                assert button in text_of(answer)
        assert text_of(answer).strip().startswith('<form class="rating"')
        assert text_of(answer).count('aria-pressed="true"') == 1
        assert "That was often." in answer["HX-Trigger"]
        assert remark.ratings.get().is_helpful


class TestReplies:
    @pytest.fixture
    def analysis(self, grace, submission):
        sent_by(grace, submission)
        return say(submission, "Good.", "This takes away.")

    def test_a_reply_stands_there_and_waits_for_a_person(self, ada, as_, analysis, own):
        browser, remark = as_(ada), analysis.remarks.get()
        answer = browser.post(f"{own}replies/", {"remark": remark.pk, "text": "Why <b>so</b>?"})
        assert answer["Location"] == f"{own}#thread-{remark.pk}"
        page = text_of(browser.get(own))
        assert "Why &lt;b&gt;so&lt;/b&gt;?" in page
        assert "Your reply waits for a person." in page
        assert Review.objects.get().waiting_since is not None

    def test_htmx_gets_the_thread_and_what_is_to_come(self, ada, as_, analysis, own):
        browser = as_(ada)
        mark = re.search('name="mark" value="([^"]+)"', text_of(browser.get(own)))[1]
        data = {"analysis": analysis.pk, "text": "I see.", "mark": unescape(mark)}
        answer = browser.post(f"{own}replies/", data, headers=HTMX)
        assert text_of(answer).count('hx-swap-oob="true"') == 1
        assert f'id="thread-{analysis.pk}"' in text_of(answer)
        assert "Your reply waits for a person." in text_of(answer)
        assert "There is new feedback." not in text_of(answer)
        assert "Sent." in answer["HX-Trigger"]

    @pytest.mark.parametrize("text", ["", "  ", "x" * 2001, "a\x00b"])
    @pytest.mark.parametrize("headers", [{}, HTMX])
    def test_what_cannot_be_kept_is_said_at_the_field(self, ada, as_, analysis, own, text, headers):
        answer = as_(ada).post(
            f"{own}replies/", {"analysis": analysis.pk, "text": text}, headers=headers
        )
        assert answer.status_code == 422
        assert "There is a problem" in text_of(answer)
        assert f'id="reply-{analysis.pk}-text"' in text_of(answer)
        assert ("<title>Error: " in text_of(answer)) is not bool(headers)
        assert not analysis.replies.exists()

    def test_a_line_end_is_one_character(self, ada, as_, analysis, own):
        browser = as_(ada)
        assert "maxlength" not in text_of(browser.get(own))
        data = {"analysis": analysis.pk, "text": "a\r\n" * 999}
        assert browser.post(f"{own}replies/", data).status_code == 303
        assert analysis.replies.get().text == ("a\n" * 999).strip()

    def test_what_is_too_long_stands_in_the_field_uncut(self, ada, as_, analysis, own):
        answer = as_(ada).post(f"{own}replies/", {"analysis": analysis.pk, "text": "x" * 2001})
        assert "longer than 2,000 characters" in text_of(answer)
        assert "x" * 2001 in text_of(answer)

    def test_too_many_replies_wait_and_nothing_is_lost(self, ada, as_, analysis, own):
        browser = as_(ada)

        def answer(number):
            return browser.post(f"{own}replies/", {"analysis": analysis.pk, "text": f"No {number}"})

        statuses = [answer(number).status_code for number in range(20)]
        assert set(statuses) == {303}
        late = answer(20)
        assert late.status_code == 429
        assert "No 20" in text_of(late)

    def test_only_what_is_seen_can_be_answered(self, ada, bob, grace, as_, analysis, own):
        remark, browser = analysis.remarks.get(), as_(ada)
        theirs = add(say(hand_in(bob, analysis.submission.assignment), "x"), "To Bob")
        hidden = add(analysis, "gone", drafted="gone", verdict="DISCARDED")
        for data in (
            {}, {"analysis": "x"}, {"analysis": theirs.analysis_id}, {"remark": theirs.pk},
            {"remark": hidden.pk}, {"remark": "x", "analysis": theirs.analysis_id},
        ):  # fmt: skip
            assert browser.post(f"{own}replies/", {**data, "text": "Hello"}).status_code == 404
        answer = as_(bob).post(f"{own}replies/", {"remark": remark.pk, "text": "Hello"})
        assert answer.status_code == 404
        assert not SubmissionAnalysis.objects.filter(replies__isnull=False).exists()

    def test_what_was_said_of_a_remark_that_was_thrown_out_is_not_lost(
        self, ada, grace, as_, submission, own
    ):
        analysis = draft(submission, "Nearly right.", "Look at the sign.", at_once=True)
        reply_by(ada, analysis, "Which sign?", remark=analysis.remarks.get())
        analysis.remarks.update(verdict="DISCARDED")
        sent_by(grace, submission)
        page = text_of(as_(ada).get(own))
        assert "Which sign?" in page
        assert "Look at the sign." not in page


class TestTheList:
    def test_a_new_one_says_what_it_will_show(self, ada, as_):
        page = text_of(as_(ada).get("/feedback/"))
        assert "No reviews yet. What a person or AI says of your work arrives here." in page
        assert "To your classroom" in page

    def test_where_the_rules_alone_have_spoken_it_says_where(self, ada, as_, submission, own):
        say(submission, "Read by rules.", kind="RULES")
        page = text_of(as_(ada).get("/feedback/"))
        assert "No reviews yet" not in page
        assert "No person and no AI has reviewed your work yet." in page
        assert f'href="{own}"' in page
        for show in ("people", "ai", "unread"):
            assert f'href="{own}"' not in text_of(as_(ada).get("/feedback/", {"show": show}))

    def test_unread_first_then_newest_and_read_by_opening(self, ada, grace, as_, submission):
        browser, others = as_(ada), []
        for minutes in (50, 40):
            one = hand_in(ada, submission.assignment)
            say(one, "Old.", read_at=ago(minutes=1))
            sent_by(grace, one, decided_at=ago(minutes=60), sent_at=ago(minutes=minutes))
            others.append(one)
        draft(submission, "Nearly right.", at_once=True)
        page = text_of(browser.get("/feedback/"))
        order = [page.index(one.get_absolute_url()) for one in (submission, *reversed(others))]
        assert order == sorted(order)
        assert page.count('class="unread"') == 1
        assert '1<span class="visually-hidden"> unread</span>' in page
        browser.get(submission.get_absolute_url())
        page = text_of(browser.get("/feedback/"))
        assert 'class="unread"' not in page
        assert '<span class="visually-hidden"> unread</span>' not in page

    def test_what_was_told_of_it_is_read_with_it(self, ada, grace, as_, submission, own):
        say(submission, "Good.", "This takes away.")
        sent_by(grace, submission)
        data = {"title": "Loops", "url": own}
        telling.tell([ada.pk], "REVIEW_GIVEN", "review:1", data)
        telling.tell([ada.pk], "REVIEW_GIVEN", "review:2", {**data, "url": "/elsewhere/"})
        browser = as_(ada)
        assert "Notifications, 2 unread" in browser.get("/feedback/").text
        assert "Notifications, 1 unread" in browser.get(own).text

    def test_what_is_said_later_is_unread_again(self, ada, grace, as_, submission, own):
        browser = as_(ada)
        analysis = draft(submission, "Nearly right.", at_once=True)
        browser.get(own)
        assert 'class="unread"' not in text_of(browser.get("/feedback/"))
        sent_by(grace, submission, sent_at=ago())
        assert 'class="unread"' in text_of(browser.get("/feedback/"))
        browser.get(own)
        assert 'class="unread"' not in text_of(browser.get("/feedback/"))
        reply_by(grace, analysis, "One more thing.")
        page = text_of(browser.get("/feedback/"))
        assert 'class="unread"' in page
        assert "Answer to your reply" in page
        assert "<span>By <bdi>Grace</bdi></span>" in page

    @pytest.mark.parametrize(
        ("show", "wanted"),
        [("all", 3), ("people", 2), ("ai", 1), ("unread", 2), ("nonsense", 3)],
    )
    def test_filters_are_links(self, ada, grace, as_, lessons, submission, show, wanted):
        draft(submission, "Nearly right.", at_once=True)
        reviewed = hand_in(ada, submission.assignment)
        say(reviewed, "Good.", read_at=ago())
        sent_by(grace, reviewed)
        attempt = finished(ada, make_quiz(lessons[0].module), right=2)
        tell(attempt, "Read lesson 2 again.")
        sent_by(grace, attempt)
        browser = as_(ada)
        page = text_of(browser.get(f"/feedback/?show={show}"))
        assert page.count("data-row") == wanted
        part = text_of(browser.get(f"/feedback/?show={show}", headers=HTMX))
        assert part.strip().startswith('<div id="list">')
        assert part.count("data-row") == wanted

    def test_it_is_ones_own(self, bob, grace, as_, submission):
        draft(submission, "PLANTED", at_once=True)
        page = text_of(as_(bob).get("/feedback/"))
        assert "No reviews yet." in page
        assert "Adding" not in page

    def test_guests_sign_in_first(self, client):
        assert client.get("/feedback/").status_code == 302

    def test_pages_and_queries_stay_however_much_there_is(self, ada, grace, as_, submission):
        def count():
            with CaptureQueriesContext(connection) as queries:
                assert browser.get("/feedback/").status_code == 200
            return len(queries)

        browser = as_(ada)
        draft(submission, "Nearly right.", at_once=True)
        few = count()
        for number in range(24):
            one = hand_in(ada, submission.assignment, RIGHT)
            say(one, f"No {number}")
            sent_by(grace, one)
        assert count() == few <= 7
        assert text_of(browser.get("/feedback/")).count("data-row") == 20
        assert text_of(browser.get("/feedback/?page=2")).count("data-row") == 5

    def test_nothing_is_written_when_nothing_is_unread(self, ada, grace, as_, submission, own):
        say(submission, "Good.", "This takes away.")
        sent_by(grace, submission)
        browser, counts = as_(ada), []
        for _ in range(2):
            with CaptureQueriesContext(connection) as queries:
                browser.get(own)
            counts.append([one["sql"][:6] for one in queries].count("UPDATE"))
        # The feedback, and what was told of it.
        assert counts == [2, 0]

    def test_a_page_with_everything_on_it_takes_few_queries(self, ada, grace, as_, submission, own):
        analysing.analyse(submission.pk)
        analysis = draft(submission, "Nearly right.", *"abcdefgh", at_once=True)
        for number in range(5):
            reply_by(ada, analysis, f"Why {number}?", remark=analysis.remarks.first())
        review_of(submission)
        browser = as_(ada)
        browser.get(own)
        with CaptureQueriesContext(connection) as queries:
            browser.get(own)
        assert len(queries) <= 16


class TestQuizzes:
    @pytest.fixture
    def attempt(self, ada, lessons):
        return finished(ada, make_quiz(lessons[0].module), right=2)

    def test_a_persons_words_stand_on_the_result(self, ada, grace, as_, attempt):
        tell(attempt, "Read lesson 2 again.")
        browser, own = as_(ada), attempt.get_absolute_url()
        assert "Read lesson 2 again." not in text_of(browser.get(own))
        sent_by(grace, attempt, "ACCEPTED")
        listed = text_of(browser.get("/feedback/"))
        assert 'class="unread"' in listed
        assert "Accepted" not in listed
        browser.head(own)
        assert 'class="unread"' in text_of(browser.get("/feedback/"))
        page = text_of(browser.get(own))
        assert "Reviewed by <bdi>Grace</bdi>" in page
        assert "Read lesson 2 again." in page
        assert "Accepted" not in page
        assert "/replies/" in page
        assert 'class="unread"' not in text_of(browser.get("/feedback/"))

    def test_a_models_words_as_it_said_them_and_no_others(self, ada, as_, attempt):
        tell(attempt, "PLANTED edit", kind="AI", published_at=ago(),
             drafted={"text": "Lists come again.", "held": []})  # fmt: skip
        page = text_of(as_(ada).get(attempt.get_absolute_url()))
        assert "Lists come again." in page
        assert CAN_BE_WRONG in page
        assert "PLANTED" not in page

    def test_what_waits_is_said_and_nothing_where_there_is_nothing(self, ada, as_, attempt):
        browser, own = as_(ada), attempt.get_absolute_url()
        assert 'class="running"' not in text_of(browser.get(own))
        tell(attempt, "PLANTED", kind="AI", drafted={"text": "PLANTED", "held": []})
        review_of(attempt, waiting_since=ago() - timedelta(minutes=1))
        page = text_of(browser.get(own))
        assert "Waiting for a person: yours is next." in page
        assert "PLANTED" not in page

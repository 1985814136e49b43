"""What is said while a page stands open: what was typed there, what it asks for, what it counts."""

import pytest
from django.utils.html import escape

from assessments import unread
from assessments.models import HelpRequest, Review
from enrollments.models import Enrollment
from tests.assessments.code_builders import RIGHT, make_assignment
from tests.assessments.review_builders import hand_in
from tests.classroom.code_pages import HTMX, text_of
from tests.classroom.feedback_rows import draft, reply_by, review_of, say, sent_by

PASSED = {"status": "PASSED", "percent": 100, "points": 5}
TYPED = "Which sign do you mean? <b>"


@pytest.fixture
def submission(ada, lessons):
    return hand_in(ada, make_assignment(lessons[0].module))


@pytest.fixture
def own(submission):
    return submission.get_absolute_url()


class TestARemarkThatIsGone:
    """A draft was let out at once; the review that a person sent left a remark of it out."""

    @pytest.fixture
    def analysis(self, grace, submission):
        analysis = draft(submission, "Nearly right.", "Look at the sign.", at_once=True)
        analysis.remarks.update(verdict="DISCARDED")
        sent_by(grace, submission)
        return analysis

    @pytest.fixture
    def typed(self, analysis):
        return {"analysis": analysis.pk, "remark": analysis.remarks.get().pk, "text": TYPED}

    def test_what_was_typed_is_offered_as_a_reply_to_the_whole(
        self, ada, as_, analysis, typed, own
    ):
        browser = as_(ada)
        answer = browser.post(f"{own}replies/", typed)
        page = text_of(answer)
        assert answer.status_code == 409
        assert "This remark is not part of this feedback any more." in page
        thread = page[page.index(f'id="thread-{analysis.pk}"') :]
        form = thread[: thread.index("</form>")]
        assert escape(TYPED) in form
        assert '<details class="answer" open>' in form
        assert 'name="remark"' not in form
        assert not analysis.replies.exists()
        answer = browser.post(f"{own}replies/", {"analysis": analysis.pk, "text": TYPED})
        assert answer["Location"] == f"{own}#thread-{analysis.pk}"
        assert analysis.replies.get().remark is None

    def test_a_script_puts_the_offer_where_the_remark_stands(self, ada, as_, analysis, typed, own):
        answer = as_(ada).post(f"{own}replies/", typed, headers=HTMX)
        part = text_of(answer)
        assert answer.status_code == 409
        assert part.count('class="thread') == 1
        assert f'id="thread-{typed["remark"]}"' in part
        assert f'id="thread-{analysis.pk}"' not in part
        assert escape(TYPED) in part
        assert f'name="analysis" value="{analysis.pk}"' in part
        assert 'name="remark"' not in part
        # What is sent from here shows the page as it is by now.
        assert "hx-post" not in part
        assert "There is new feedback." in part

    def test_a_remark_that_goes_while_a_reply_is_kept_loses_nothing(
        self, ada, as_, own, submission, monkeypatch
    ):
        analysis = draft(submission, "Nearly right.", "Look at the sign.", at_once=True)
        typed = {"analysis": analysis.pk, "remark": analysis.remarks.get().pk, "text": TYPED}

        def meanwhile(user, analysis, remark, text):
            reply_by(user, analysis, text, remark=remark)
            analysis.remarks.update(held="quotes a hidden test")

        monkeypatch.setattr("assessments.reviewing.conversations.reply", meanwhile)
        answer = as_(ada).post(f"{own}replies/", typed, headers=HTMX)
        assert answer.status_code == 200
        assert f'id="thread-{typed["remark"]}"' in text_of(answer)
        assert escape(TYPED) in text_of(answer)

    def test_nobody_learns_of_remarks_that_were_never_theirs(self, bob, as_, typed, own):
        assert as_(bob).post(f"{own}replies/", typed).status_code == 404


class TestWhatArrives:
    def arrive(self, grace, submission, decision="CHANGES"):
        say(submission, "You are nearly there.")
        sent_by(grace, submission, decision)

    def part(self, browser, own):
        return text_of(browser.get(f"{own}?part=state&mark=", headers=HTMX))

    def test_the_question_and_the_next_step_follow(self, ada, grace, as_, lessons):
        submission = hand_in(ada, make_assignment(lessons[0].module), RIGHT, **PASSED)
        own = submission.get_absolute_url()
        HelpRequest.objects.create(submission=submission, text="Why so slow?")
        browser = as_(ada)
        before = text_of(browser.get(own))
        assert "The answer will stand on this page." in before
        assert '<a class="btn primary"' in before
        self.arrive(grace, submission)
        part = self.part(browser, own)
        assert "The answer is the review" in part
        assert "The answer will stand on this page." not in part
        step = part[part.index('id="next-step" hx-swap-oob="true"') :]
        assert "Resubmit</button>" in step
        assert '<button class="btn primary">' in step
        assert '<a class="btn primary"' not in step
        assert step.count("Next lesson") == 1

    def test_the_count_of_what_is_unread_follows(self, ada, grace, as_, submission, own):
        browser = as_(ada)
        self.arrive(grace, submission)
        part = self.part(browser, own)
        for place in ("unread-tab", "unread-menu", "bell-count"):
            assert f'id="{place}"' in part
        assert "unread</span>" not in part
        assert 'class="unread"' not in text_of(browser.get("/feedback/"))

    def test_a_closed_door_offers_nothing_to_do(self, ada, grace, as_, submission, own):
        self.arrive(grace, submission)
        Enrollment.objects.all().delete()
        part = self.part(as_(ada), own)
        assert "You are nearly there." in part
        assert "next-step" not in part
        assert "/replies/" not in part

    @pytest.mark.parametrize("query", ["", "?part=state&mark="])
    def test_whoever_asks_for_the_headers_alone_has_read_nothing(
        self, ada, grace, as_, submission, own, query
    ):
        browser = as_(ada)
        self.arrive(grace, submission)
        browser.head(own + query, headers=HTMX if query else {})
        assert unread.said_about_code(ada).get().is_unread
        browser.get(own + query, headers=HTMX if query else {})
        assert not unread.said_about_code(ada).get().is_unread


class TestReplying:
    def test_the_new_reply_gets_the_focus(self, ada, grace, as_, submission, own):
        analysis = say(submission, "Good.")
        sent_by(grace, submission)
        reply_by(grace, analysis, "First.")
        browser = as_(ada)
        data = {"analysis": analysis.pk, "text": "I see."}
        part = text_of(browser.post(f"{own}replies/", data, headers=HTMX))
        assert part.count("data-focus") == 1
        assert part.index("First.") < part.index("data-focus") < part.index("I see.")
        assert "data-focus" not in text_of(browser.get(own))

    def test_passing_code_may_be_asked_about_in_fitting_words(self, ada, as_, lessons):
        submission = hand_in(ada, make_assignment(lessons[0].module), RIGHT, **PASSED)
        browser, own = as_(ada), submission.get_absolute_url()
        page = text_of(browser.get(own))
        assert "What would you like to know" in page
        assert "stuck" not in page
        assert "tests that fail" not in page
        browser.post(f"{own}help/", {"text": "a\r\n" * 499})
        assert Review.objects.get(submission=submission).reason == "HELP"


class TestGoingOn:
    def test_after_the_last_lesson_the_course_is_left(self, ada, as_, lessons):
        submission = hand_in(ada, make_assignment(lessons[-1].module))
        review_of(submission)
        page = text_of(as_(ada).get(submission.get_absolute_url()))
        assert "go on with the course" in page

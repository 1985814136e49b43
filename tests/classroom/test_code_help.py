"""What is said of code beside its verdict: by rules, by a comparison, by a person."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from assessments import analysing
from assessments.errors import TooOften
from assessments.models import Assignment, HelpRequest, Review, Submission
from assessments.reviewing.help_requests import ask_for_help
from assessments.reviewing.reviews import put_in_queue
from tests.assessments.code_builders import RIGHT, WRONG, make_assignment
from tests.assessments.review_builders import decide
from tests.classroom.code_pages import HTMX, judged, text_of
from tests.classroom.feedback_rows import say


@pytest.fixture
def assignment(lessons) -> Assignment:
    return make_assignment(lessons[0].module)


@pytest.fixture
def submission(ada, assignment) -> Submission:
    return judged(ada, assignment, WRONG)


class TestHelp:
    def test_code_that_passes_may_be_asked_about_as_well(self, ada, as_, assignment):
        passed = judged(ada, assignment, RIGHT)
        browser, own = as_(ada), passed.get_absolute_url()
        assert "Ask a person" in text_of(browser.get(own))
        answer = browser.post(f"{own}help/", {"text": "Is there a shorter way?"})
        assert answer.status_code == 303
        assert Review.objects.get().submission == passed

    def test_asking_once_and_reading_the_answer(self, ada, grace, as_, submission):
        browser, own = as_(ada), submission.get_absolute_url()
        assert "Ask a person" in text_of(browser.get(own))
        answer = browser.post(f"{own}help/", {"text": "Why is it <b>minus</b>?"})
        assert answer.status_code == 303
        page = text_of(browser.get(own))
        assert "Why is it &lt;b&gt;minus&lt;/b&gt;?" in page
        assert "Ask a person" not in page
        say(submission, "Look at line 2.")
        decide(Review.objects.get(), grace)
        page = text_of(browser.get(own))
        assert "Reviewed by <bdi>Grace</bdi>" in page
        assert "Look at line 2." in page
        assert "The answer is the review" in page
        again = browser.post(f"{own}help/", {"text": "And another thing."})
        assert again.status_code == 409
        assert "You have asked about this." in text_of(again)

    def test_what_was_reviewed_meanwhile_is_not_asked_about(self, ada, grace, as_, submission):
        decide(put_in_queue(submission, Review.Reason.DRAFT), grace)
        say(submission, "Look at line 2.")
        own = submission.get_absolute_url()
        answer = as_(ada).post(f"{own}help/", {"text": "Why is it minus?"})
        assert answer.status_code == 409
        assert "A person has reviewed this. Reply to the review." in text_of(answer)
        assert "Why is it minus?" in text_of(answer)
        assert (HelpRequest.objects.count(), Review.objects.waiting().count()) == (0, 0)

    def test_what_was_not_judged_is_not_asked_about(self, ada, as_, submission):
        Submission.objects.update(status="ERROR", percent=None, points=None)
        answer = as_(ada).post(f"{submission.get_absolute_url()}help/", {"text": "Why is it so?"})
        assert answer.status_code == 409
        assert "This code has not been judged." in text_of(answer)
        assert not Review.objects.exists()

    @pytest.mark.parametrize("text", ["", "  ", "abc", "x" * 1001, "a\x00bcdef"])
    def test_what_is_no_question_is_said_at_the_field(self, ada, as_, submission, text):
        answer = as_(ada).post(f"{submission.get_absolute_url()}help/", {"text": text})
        assert answer.status_code == 422
        assert "There is a problem" in text_of(answer)
        assert "<title>Error: " in text_of(answer)
        assert not HelpRequest.objects.exists()

    def test_too_many_questions_wait(self, ada, as_, assignment, submission):
        def ask_until_refused():
            for number in range(20):
                row = Submission.objects.create(
                    user=ada, assignment=assignment, is_graded=True, number=100 + number,
                    status="FAILED", finished_at=now(), percent=0, points=0, out_of=5, revision=1,
                )  # fmt: skip
                ask_for_help(ada, row, "Where am I wrong?")

        with pytest.raises(TooOften):
            ask_until_refused()
        answer = as_(ada).post(f"{submission.get_absolute_url()}help/", {"text": "Why is it so?"})
        assert answer.status_code == 429
        assert int(answer["Retry-After"]) >= 1
        assert "Why is it so?" in text_of(answer)

    def test_a_run_is_nothing_to_ask_about(self, ada, as_, assignment):
        run = judged(ada, assignment, WRONG, graded=False)
        answer = as_(ada).post(f"{run.get_absolute_url()}help/", {"text": "Why is it so?"})
        assert answer.status_code == 404


class TestFeedback:
    def test_the_rules_say_what_they_are_and_what_they_found(self, ada, as_, submission):
        browser, own = as_(ada), submission.get_absolute_url()
        assert "The analysis follows." in text_of(browser.get(own))
        part = browser.get(f"{own}?part=analysis", headers=HTMX)
        assert "hx-trigger" in text_of(part)
        assert analysing.analyse(submission.pk)
        part = text_of(browser.get(f"{own}?part=analysis", headers=HTMX))
        assert "Not AI, not a person: fixed rules" in part
        assert "code of your own" in part
        assert "of 10" not in part
        assert "hx-trigger" not in part

    def test_of_a_language_without_rules_nothing_is_promised(self, ada, as_, assignment):
        submission = judged(ada, assignment, RIGHT)
        Assignment.objects.update(language="java")
        browser, own = as_(ada), submission.get_absolute_url()
        for address, headers in ((own, {}), (own, HTMX), (f"{own}?part=analysis", HTMX)):
            page = text_of(browser.get(address, headers=headers))
            assert "analysis" not in page
            assert "What the rules say" not in page
            assert "hx-trigger" not in (page.partition("<main")[2] or page)

    def test_after_a_while_nobody_waits_for_the_rules(self, ada, as_, submission):
        Submission.objects.update(finished_at=now() - timedelta(minutes=4))
        page = text_of(as_(ada).get(submission.get_absolute_url()))
        assert "There is no analysis of this code yet." in page
        assert "hx-trigger" not in (page.partition("<main")[2] or page)

    def test_changes_are_told_by_signs(self, ada, as_, assignment, submission):
        second = judged(ada, assignment, RIGHT)
        page = text_of(as_(ada).get(f"{second.get_absolute_url()}changes/"))
        assert "<del>-    return a - b</del>" in page
        assert "<ins>+    return a + b</ins>" in page
        first = text_of(as_(ada).get(f"{submission.get_absolute_url()}changes/"))
        assert "there is none before it" in first

    def test_many_changes_are_cut(self, ada, as_, assignment):
        judged(ada, assignment, WRONG + "#a\n" * 9000)
        second = judged(ada, assignment, WRONG + "#b\n" * 9000)
        page = text_of(as_(ada).get(f"{second.get_absolute_url()}changes/"))
        assert "Only the first 2,000 lines are compared." in page
        assert page.count("<ins>") + page.count("<del>") <= 2000

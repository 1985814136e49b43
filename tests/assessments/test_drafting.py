"""Drafts of a model: each end of a run, what is written of it, and what is never touched."""

import logging
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import now

from assessments import tasks, work
from assessments.differences import lines_of
from assessments.errors import BadWords
from assessments.grading import Graded
from assessments.model_drafts import asking, budget, drafting, wanting
from assessments.model_drafts.attempt_facts import facts_of
from assessments.models import (
    AttemptAnalysis,
    ModelRun,
    Question,
    Remark,
    Review,
    Submission,
    SubmissionAnalysis,
)
from assessments.models.attempt import CLOCK
from assessments.reviewing import reviews
from assessments.reviewing.review_words import RemarkWords as Mine
from assessments.reviewing.review_words import Words as Desk
from assessments.reviewing.review_words import save
from courses.models import Course, Lesson
from tests.assessments.code_builders import RIGHT, make_assignment
from tests.assessments.drafts import ask, ask_on, judged
from tests.assessments.finished import finished
from tests.doubles import model_endpoint as double

SOLUTION = "def add(a, b):\n    total = a + b\n    return total if total is not None else 0\n"
LEAK = "Write `return total if total is not None else 0` there."
GRADE = ("status", "outcome", "percent", "points", "out_of", "revision", "finished_at")


@pytest.fixture
def assignment(lessons):
    return make_assignment(lessons[0].module, solution=SOLUTION)


@pytest.fixture
def submission(ada, assignment):
    return judged(ada, assignment)


def policy(value):
    Course.objects.update(ai_drafts=value)


def grade(submission):
    return Submission.objects.filter(pk=submission.pk).values_list(*GRADE).get()


def reasons():
    return list(Review.objects.waiting().values_list("reason", flat=True))


class TestAGoodDraft:
    def test_it_waits_for_a_person(self, model, submission):
        before = grade(submission)
        run = ask(submission)
        assert (run.status, run.outcome, len(model.requests)) == ("PASSED", "DRAFTED", 1)
        analysis = SubmissionAnalysis.objects.get()
        assert (analysis.kind, analysis.engine, analysis.published_at) == ("AI", "double-1", None)
        assert analysis.text == analysis.drafted["text"] == double.GOOD["text"]
        assert (analysis.overall, analysis.readability) == (70, 8)
        assert (analysis.drafted["decision"], analysis.drafted["held"]) == ("changes", [])
        told = list(analysis.remarks.values_list("section", "line", "verdict", "held"))
        assert told == [
            ("STRENGTH", 1, "UNDECIDED", ""),
            ("WEAKNESS", 2, "UNDECIDED", ""),
            ("SUGGESTION", None, "UNDECIDED", ""),
        ]
        assert all(one.text == one.drafted for one in Remark.objects.all())
        assert reasons() == ["DRAFT"]
        assert grade(submission) == before

    def test_at_once_it_is_shown_and_nobody_has_to_read_it(self, model, submission):
        policy("AT_ONCE")
        ask(submission)
        assert SubmissionAnalysis.objects.get().published_at is not None
        assert reasons() == []

    def test_what_it_cost_is_kept_with_what_was_said(self, model, submission):
        run = ask(submission)
        assert (run.tokens_in, run.tokens_out, run.prompt_version) == (900, 120, "1")
        assert run.cost == Decimal("0.00114")
        assert "1| def add" in run.prompt
        assert '"decision": "changes"' in run.answer
        assert run.seconds > 0

    def test_an_endpoint_that_counts_nothing_is_counted_for(self, model, submission):
        model.says = [double.says(double.GOOD, usage={"prompt_tokens": "many"})]
        run = ask(submission)
        assert run.tokens_in > 300
        assert run.tokens_out > 50

    def test_a_fenced_answer_with_odd_lines_is_mended(self, model, submission):
        odd = "\x00\u202e"
        remarks = [{"section": "weakness", "line": line, "text": "Look."} for line in (0, 3, -1)]
        remarks += [
            {"section": "strength", "line": 2, "text": f"Good {n}.{odd}"} for n in range(20)
        ]
        model.says = [double.draft(remarks=remarks, text="Well done \ud800.")]
        assert ask(submission).outcome == "DRAFTED"
        rows = Remark.objects.order_by("position")
        assert [row.line for row in rows[:4]] == [None, None, None, 2]
        assert len(rows) == 12
        assert rows[4].text == "Good 1."

    def test_the_key_stands_nowhere(self, model, submission, settings, caplog):
        caplog.set_level(logging.DEBUG)
        model.says = [double.status(500, settings.AI_API_KEY), double.says(settings.AI_API_KEY)]
        run = ask(submission)
        assert settings.AI_API_KEY not in str(vars(run)) + caplog.text
        assert model.seen[0][1]["Authorization"] == f"Bearer {settings.AI_API_KEY}"


class TestALeak:
    @pytest.mark.parametrize("when", ["AFTER_REVIEW", "AT_ONCE"])
    def test_it_is_held_back_and_a_person_reads_it(self, model, submission, when):
        policy(when)
        model.says = [double.remark(LEAK)]
        run = ask(submission)
        assert (run.status, run.outcome) == ("PASSED", "HELD")
        assert Remark.objects.get().held == "quotes the reference solution"
        assert SubmissionAnalysis.objects.get().published_at is None
        assert reasons() == ["HELD"]

    def test_a_hidden_test_in_the_text_is_one(self, model, submission):
        model.says = [double.draft(text="What about 100000000000000000001?")]
        assert ask(submission).outcome == "HELD"
        assert SubmissionAnalysis.objects.get().drafted["held"] == ["quotes a hidden test"]

    def test_one_in_pieces_is_one(self, model, submission):
        pieces = ["Begin: return total if to", "tal is not None else 0"]
        model.says = [
            double.draft(remarks=[{"section": "weakness", "line": 1, "text": t} for t in pieces])
        ]
        assert ask(submission).outcome == "HELD"


BUSY, WAIT = double.status(429), double.status(429, Retry_After="7")
BROKEN = double.says('{"text": "It goes')
WRONG_SHAPE = double.says({**double.GOOD, "overall": "very good"})


class TestNoDraft:
    @pytest.mark.parametrize(
        ("says", "outcome", "requests", "waits"),
        [
            (double.refusal, "REFUSED", 1, []),
            (double.filtered, "REFUSED", 1, []),
            (BROKEN, "UNREADABLE", 2, [60]),
            (WRONG_SHAPE, "UNREADABLE", 2, [60]),
            (double.says({**double.GOOD, "overall": 101}), "UNREADABLE", 2, [60]),
            (double.says({**double.GOOD, "text": "", "remarks": []}), "UNREADABLE", 2, [60]),
            (double.cut_off, "TOO_LONG", 2, [60]),
            (double.huge, "TOO_LONG", 2, [60]),
            (double.hang, "TIMED_OUT", 3, [60, 300]),
            (double.drip, "TIMED_OUT", 3, [60, 300]),
            (BUSY, "BUSY", 3, [60, 300]),
            (WAIT, "BUSY", 3, [7, 7]),
            (double.status(429, Retry_After="86400"), "BUSY", 3, [900, 900]),
            (double.status(500), "FAULT", 3, [60, 300]),
            (double.status(401), "FAULT", 1, []),
            (double.elsewhere, "FAULT", 1, []),
            (double.gone, "AWAY", 3, [60, 300]),
        ],
    )
    @pytest.mark.parametrize("when", ["AFTER_REVIEW", "AT_ONCE"])
    def test_each_ends_with_a_person(
        self, model, submission, settings, says, outcome, requests, waits, when
    ):
        policy(when)
        settings.AI_SECONDS, model.says = 0.3 if outcome == "TIMED_OUT" else 3.0, [says]
        before = grade(submission)
        run = ask(submission)
        assert (run.status, run.outcome, run.waits) == ("FAILED", outcome, waits)
        assert run.fault.startswith(run.get_outcome_display())
        assert len(model.requests) == requests
        assert not SubmissionAnalysis.objects.exists()
        assert reasons() == ["NO_DRAFT"]
        assert grade(submission) == before
        assert drafting.draft(run.pk) is None
        assert len(model.requests) == requests

    def test_an_endpoint_that_is_down_for_an_hour_is_asked_three_times(
        self, model, submission, settings
    ):
        settings.AI_BASE_URL = "http://127.0.0.1:9"
        run = ask(submission)
        assert (run.outcome, run.waits, run.tries) == ("AWAY", [60, 300], 3)
        assert reasons() == ["NO_DRAFT"]

    def test_a_bad_moment_costs_nothing_but_time(self, model, submission):
        model.says = [double.status(503), BROKEN, double.draft()]
        run = ask(submission)
        assert (run.outcome, len(model.requests), reasons()) == ("DRAFTED", 3, ["DRAFT"])
        assert run.fault == ""
        # The broken answer was paid for as well.
        assert run.tokens_in == 1800

    def test_from_the_first_failure_on_a_person_may_take_it_up(self, model, submission, grace):
        model.says = [double.status(500)]
        wanting.want_for_submission(submission.pk)
        run = ModelRun.objects.get()
        assert drafting.draft(run.pk)
        review = Review.objects.get()
        assert (reasons(), review.waiting_since) == (["NO_DRAFT"], submission.created_at)
        assert reviews.claim_next(grace) == review

    @pytest.mark.parametrize(("drafts", "left"), [("AFTER_REVIEW", ["DRAFT"]), ("AT_ONCE", [])])
    def test_a_draft_that_comes_at_the_second_try_is_as_any_other(
        self, model, submission, drafts, left
    ):
        policy(drafts)
        model.says = [double.status(500), double.draft()]
        ask(submission)
        assert reasons() == left

    def test_an_endpoint_without_schemas_is_asked_in_words_from_then_on(
        self, model, ada, assignment, submission
    ):
        model.says = [double.no_schemas]
        run = ask(submission)
        assert (run.outcome, run.waits, len(model.requests)) == ("DRAFTED", [0], 2)
        assert ["response_format" in one for one in model.requests] == [True, False]
        other = judged(ada, assignment)
        ask(other)
        assert len(model.requests) == 3

    def test_the_fallback_counts_and_is_not_forgotten_with_the_cache(
        self, model, submission, monkeypatch
    ):
        monkeypatch.setattr(asking.cache, "get", lambda key, default=None: default)
        model.says = [double.no_schemas, double.status(500)]
        run = ask(submission)
        assert (run.outcome, len(model.requests)) == ("FAULT", 3)
        assert ["response_format" in one for one in model.requests] == [True, False, False]


class TestWhoIsAsked:
    def test_nobody_without_a_model(self, submission, settings):
        settings.AI_BASE_URL = ""
        assert wanting.want_for_submission(submission.pk) is None
        assert wanting.forgotten() == []
        assert not ModelRun.objects.exists()

    def test_once(self, model, submission):
        assert wanting.want_for_submission(submission.pk)
        assert wanting.want_for_submission(submission.pk) is None
        assert ModelRun.objects.count() == 1

    @pytest.mark.parametrize(
        "fields",
        [
            {"is_graded": False, "number": None},
            {"status": "ERROR", "percent": None, "points": None},
            {"finished_at": now() - timedelta(days=2)},
        ],
    )
    def test_not_for_what_is_no_fresh_graded_work(self, model, ada, assignment, fields):
        other = judged(ada, assignment, **fields)
        assert wanting.want_for_submission(other.pk) is None

    def test_not_for_staff_nor_where_drafts_are_off(self, model, root, assignment, submission):
        assert wanting.want_for_submission(judged(root, assignment).pk) is None
        policy("OFF")
        assert wanting.want_for_submission(submission.pk) is None

    def test_a_lost_message_is_found(self, model, submission):
        assert wanting.forgotten() == []
        Submission.objects.update(finished_at=now() - timedelta(minutes=5))
        keys = wanting.forgotten()
        assert keys == [submission.model_run.pk]
        assert wanting.forgotten() == []

    def test_a_course_that_turns_drafts_off_asks_no_more(self, model, submission):
        wanting.want_for_submission(submission.pk)
        policy("OFF")
        run = ask_on(submission.model_run)
        assert (run.status, run.outcome) == ("FAILED", "OFF")
        assert (model.requests, reasons()) == ([], [])

    def test_one_that_is_turned_off_between_tries_keeps_what_it_cost(self, model, submission):
        model.says = [BROKEN]
        wanting.want_for_submission(submission.pk)
        assert drafting.draft(submission.model_run.pk) == 60
        policy("OFF")
        ModelRun.objects.update(due_at=CLOCK)
        run = ask_on(submission.model_run)
        assert (run.outcome, run.tokens_in, len(model.requests)) == ("OFF", 900, 1)
        assert run.cost > 0

    def test_a_model_that_is_taken_away_leaves_nothing_waiting(self, model, submission, settings):
        wanting.want_for_submission(submission.pk)
        settings.AI_BASE_URL = ""
        assert drafting.end_all() == 1
        assert ModelRun.objects.get().outcome == "AWAY"
        assert reasons() == ["NO_DRAFT"]


class TestLimits:
    def test_a_learner_has_so_many_a_day_and_is_told(self, model, ada, assignment, settings):
        settings.AI_DRAFTS_PER_LEARNER = 1
        first, second = judged(ada, assignment), judged(ada, assignment)
        assert wanting.want_for_submission(first.pk)
        assert wanting.want_for_submission(second.pk) is None
        run = second.model_run
        assert (run.status, run.outcome, run.fault) == ("FAILED", "SPENT", budget.SPENT_BY_LEARNER)
        assert reasons() == []
        ModelRun.objects.update(created_at=CLOCK - timedelta(days=1, minutes=1))
        assert wanting.want_for_submission(judged(ada, assignment).pk)

    def test_the_tokens_of_the_site_end_for_those_who_wait_as_well(
        self, model, ada, assignment, settings
    ):
        first = judged(ada, assignment)
        second = judged(ada, make_assignment(assignment.lesson.module, "other"))
        wanting.want_for_submission(second.pk)
        settings.AI_TOKENS_PER_DAY = 1000
        assert ask(first).outcome == "DRAFTED"
        assert ask_on(second.model_run).outcome == "SPENT"
        assert len(model.requests) == 1
        assert wanting.want_for_submission(judged(ada, assignment).pk) is None
        assert reasons() == ["DRAFT"]

    def test_over_the_minute_it_waits_and_no_try_is_counted(self, model, submission, settings):
        settings.AI_DRAFTS_PER_MINUTE = 1
        assert budget.wait() is None
        wanting.want_for_submission(submission.pk)
        run = submission.model_run
        assert 1 <= drafting.draft(run.pk) <= 60
        run.refresh_from_db()
        assert (run.status, run.tries, model.requests) == ("PENDING", 0, [])
        assert run.due_at > now()
        assert drafting.draft(run.pk) is None
        settings.AI_DRAFTS_PER_MINUTE = 30
        ModelRun.objects.update(due_at=CLOCK)
        assert ask_on(run).outcome == "DRAFTED"


class TestOtherHands:
    def test_a_newer_submission_makes_it_needless(self, model, ada, assignment, submission):
        wanting.want_for_submission(submission.pk)
        newer = judged(ada, assignment)
        run = ask_on(submission.model_run)
        assert (run.status, run.outcome) == ("FAILED", "REPLACED")
        assert (model.requests, reasons()) == ([], [])
        assert ask(newer).outcome == "DRAFTED"

    def test_a_newer_one_with_a_draft_takes_the_older_out_of_the_queue(
        self, model, ada, assignment, submission
    ):
        ask(submission)
        newer = judged(ada, assignment)
        ask(newer)
        assert [one.submission for one in Review.objects.waiting()] == [newer]

    def test_one_that_is_shown_at_once_takes_the_older_out_as_well(
        self, model, ada, assignment, submission
    ):
        policy("AT_ONCE")
        model.says = [double.remark(LEAK), double.draft()]
        ask(submission)
        assert reasons() == ["HELD"]
        assert ask(judged(ada, assignment)).outcome == "DRAFTED"
        assert reasons() == []

    def test_the_words_of_a_person_stay(self, model, submission):
        SubmissionAnalysis.objects.create(submission=submission, kind="MANUAL", text="Well done.")
        run = ask(submission)
        assert (run.outcome, model.requests) == ("PERSON", [])
        assert SubmissionAnalysis.objects.get().text == "Well done."

    def test_an_empty_desk_is_no_word_of_a_person(self, model, submission, grace):
        review = reviews.claim(reviews.put_in_queue(submission, Review.Reason.HELP).pk, grace)
        save(review.pk, grace, review.version, Desk())
        reviews.release(review.pk, grace)
        assert SubmissionAnalysis.objects.get().kind == "MANUAL"
        assert ask(submission).outcome == "DRAFTED"
        analysis = SubmissionAnalysis.objects.get()
        assert (analysis.kind, analysis.text) == ("AI", double.GOOD["text"])
        # What lay on the desk is another text now.
        assert Review.objects.get().version > review.version

    @pytest.mark.parametrize(
        "said", [{"text": "So."}, {"overall": 0}, {"remarks": [Mine(None, "WEAKNESS", "Why?")]}]
    )
    def test_a_desk_with_anything_on_it_is(self, model, submission, grace, said):
        review = reviews.claim(reviews.put_in_queue(submission, Review.Reason.HELP).pk, grace)
        save(review.pk, grace, review.version, Desk(**said))
        reviews.release(review.pk, grace)
        assert ask(submission).outcome == "PERSON"

    def test_a_row_that_stands_in_the_way_is_said_to_be_of_a_person(
        self, model, submission, monkeypatch
    ):
        monkeypatch.setattr(drafting.draft_writing, "keep", lambda *given: False)
        run = ask(submission)
        assert (run.status, run.outcome, run.tokens_in) == ("FAILED", "PERSON", 900)
        assert reasons() == []

    def test_the_words_of_a_person_stay_that_came_while_the_model_wrote(
        self, model, submission, monkeypatch
    ):
        read = drafting.draft_writing.read

        def write_meanwhile(*given):
            SubmissionAnalysis.objects.create(submission=submission, kind="MANUAL", text="Mine.")
            return read(*given)

        monkeypatch.setattr(drafting.draft_writing, "read", write_meanwhile)
        run = ask(submission)
        assert (run.outcome, run.tokens_in) == ("PERSON", 900)
        assert SubmissionAnalysis.objects.get().text == "Mine."
        assert reasons() == []

    def test_what_was_decided_is_not_put_in_the_queue_again(self, model, submission, grace):
        review = reviews.put_in_queue(submission, Review.Reason.HELP)
        Review.objects.filter(pk=review.pk).update(
            reviewer=grace, decision="ACCEPTED", decided_at=now(), sent_at=now(), waiting_since=None
        )
        assert ask(submission).outcome == "PERSON"
        assert reasons() == []

    def test_a_late_answer_of_a_lost_claim_writes_nothing(self, model, submission):
        wanting.want_for_submission(submission.pk)
        run = work.claim(ModelRun, submission.model_run.pk)
        lose(run)
        other = work.claim(ModelRun, run.pk)
        drafting.take_up(run, drafting.subject_of(run))
        assert not SubmissionAnalysis.objects.exists()
        assert reasons() == []
        assert work.held(other).exists()

    def test_workers_that_die_each_time_end_it(self, model, submission):
        wanting.want_for_submission(submission.pk)
        run = submission.model_run
        for _ in range(3):
            lose(work.claim(ModelRun, run.pk))
        assert work.forgotten(ModelRun) == [run.pk]
        assert drafting.draft(run.pk) is None
        run.refresh_from_db()
        assert (run.status, run.outcome, run.fault) == ("FAILED", "TIMED_OUT", drafting.LOST)
        assert reasons() == ["NO_DRAFT"]
        assert model.requests == []

    def test_a_fault_of_ours_counts_as_a_try_and_ends(self, model, submission, monkeypatch):
        def fail(*_):
            raise RuntimeError("secret words of a learner")

        monkeypatch.setattr(drafting.draft_writing, "read", fail)
        run = ask(submission)
        assert (run.outcome, run.tries, len(model.requests)) == ("FAULT", 3, 3)
        assert run.fault == "The endpoint reported a fault: RuntimeError"
        # The model was paid each time.
        assert (run.tokens_in, run.tokens_out) == (2700, 360)
        assert '"decision": "changes"' in run.answer


def lose(run):
    ModelRun.objects.filter(pk=run.pk).update(leased_until=CLOCK - timedelta(seconds=1))


class TestAnAttempt:
    def test_it_is_drafted_and_waits_for_a_person(self, model, ada, quiz):
        attempt = finished(ada, quiz, right=2)
        assert wanting.want_for_attempt(attempt.pk)
        run = ask_on(attempt.model_run)
        assert (run.status, run.outcome) == ("PASSED", "DRAFTED")
        analysis = AttemptAnalysis.objects.get()
        assert analysis.text == "You know your values well.\n- Read about loops again."
        assert analysis.published_at is None
        assert reasons() == ["DRAFT"]

    def test_no_question_and_no_answer_is_told_to_the_model(self, model, ada, quiz):
        attempt = finished(ada, quiz, right=2)
        wanting.want_for_attempt(attempt.pk)
        run = ask_on(attempt.model_run)
        for secret in ("7 // 2", "Because", "They are read", "ada@", "Ada", "begins a loop"):
            assert secret not in run.prompt
        assert "values" in run.prompt

    def test_a_lesson_that_learners_do_not_see_is_not_named(self, model, ada, quiz, lessons):
        Question.objects.update(taught_in=lessons[1])
        attempt = finished(ada, quiz, right=0)
        assert facts_of(attempt)["lessons_where_points_were_lost"] == [lessons[1].title]
        Lesson.objects.filter(pk=lessons[1].pk).update(status="DRAFT")
        assert facts_of(attempt)["lessons_where_points_were_lost"] == []

    def test_at_once_it_is_shown(self, model, ada, quiz):
        policy("AT_ONCE")
        attempt = finished(ada, quiz, right=2)
        wanting.want_for_attempt(attempt.pk)
        ask_on(attempt.model_run)
        assert AttemptAnalysis.objects.get().published_at
        assert reasons() == []

    def test_where_nothing_was_answered_there_is_nothing_to_say(self, model, ada, quiz):
        attempt = finished(ada, quiz, right=2)
        attempt.answers.update(chosen=[], text="")
        assert wanting.want_for_attempt(attempt.pk) is None
        assert model.requests == []

    def test_practice_is_not(self, model, ada, quiz):
        attempt = finished(ada, quiz, right=2, practice=True)
        assert wanting.want_for_attempt(attempt.pk) is None

    def test_finishing_one_asks_after_the_commit(
        self, model, ada, quiz, monkeypatch, django_capture_on_commit_callbacks
    ):
        asked = []
        monkeypatch.setattr("assessments.tasks.want_draft_for_attempt.delay", asked.append)
        with django_capture_on_commit_callbacks(execute=True):
            attempt = finished(ada, quiz, right=2)
        assert asked == [str(attempt.pk)]


@pytest.mark.parametrize(("is_on", "asked"), [(True, 1), (False, 0)])
def test_a_verdict_asks_for_a_draft_if_there_is_a_model(
    model, submission, settings, monkeypatch, is_on, asked
):
    wanted = []
    monkeypatch.setattr(tasks.grading, "grade", lambda key: Graded(submission))
    monkeypatch.setattr(tasks.analyse_submission, "delay", lambda key: None)
    monkeypatch.setattr(tasks.want_draft_for_submission, "delay", wanted.append)
    settings.AI_BASE_URL = model.url if is_on else ""
    tasks.grade_submission(str(submission.pk))
    assert wanted == [str(submission.pk)] * asked


def test_a_desk_that_is_open_is_told_of_a_draft_that_is_published(model, submission):
    policy("AT_ONCE")
    review = reviews.put_in_queue(submission, Review.Reason.HELP)
    ask(submission)
    again = Review.objects.get()
    assert (again.version, again.reason) == (review.version + 1, "HELP")


def test_lines_are_counted_as_the_page_counts_them(model, ada, grace, assignment):
    source = "def add(a, b):\n    x = '\x0c\x0b\x85\u2028'\n    return a\n    # end\n"
    submission = judged(ada, assignment, source)
    remarks = [{"section": "weakness", "line": line, "text": "Look."} for line in (4, 5, 8)]
    model.says = [double.draft(remarks=remarks)]
    run = ask(submission)
    assert [row.line for row in Remark.objects.order_by("position")] == [4, None, None]
    assert len(lines_of(submission)) == 4
    assert "4|     # end" in run.prompt
    assert "5|" not in run.prompt
    review = reviews.claim(Review.objects.get().pk, grace)
    below = Desk(remarks=[Mine(None, "WEAKNESS", "Look.", 5)])
    with pytest.raises(BadWords, match="4 lines"):
        save(review.pk, grace, review.version, below)


def test_what_is_sent_is_what_the_learner_sees(model, ada, assignment):
    submission = judged(ada, assignment, "# Ada, ada@example.org wrote nothing\n" + RIGHT)
    run = ask(submission)
    for secret in ("total", "100000000000000000001", "negative", "below zero", "secret out"):
        assert secret not in run.prompt
    assert "ada@example.org" in run.prompt  # It stands in the code.
    other = judged(ada, make_assignment(assignment.lesson.module, "third"))
    assert "ada@example.org" not in ask(other).prompt
    assert "adds small" in run.prompt

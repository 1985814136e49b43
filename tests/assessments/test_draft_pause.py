"""Drafts pause by themselves while reviewers decide otherwise too often, until staff try again."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from assessments import tasks
from assessments.model_drafts import pausing
from assessments.models import DraftPause, ModelRun, Review, Submission, SubmissionAnalysis
from assessments.models.attempt import CLOCK
from courses.models import Course
from tests.assessments.code_builders import make_assignment
from tests.assessments.drafts import ask, judged

pytestmark = pytest.mark.django_db


@pytest.fixture
def assignment(lessons):
    return make_assignment(lessons[0].module)


@pytest.fixture
def sent(ada, assignment, grace, settings):
    """So many drafts that suggested changes and were sent, of which so many were overridden."""

    settings.AI_DRAFTS_PER_LEARNER = 1_000

    def sent(many, overridden, **ago):
        first = Submission.objects.of(ada).count() + 1
        work = Submission.objects.bulk_create(
            Submission(
                user=ada, assignment=assignment, source="1", is_graded=True, number=first + place,
                status="FAILED", percent=40, revision=1, finished_at=CLOCK,
            )
            for place in range(many)
        )  # fmt: skip
        drafted = {"decision": "changes", "text": "Fine."}
        SubmissionAnalysis.objects.bulk_create(
            SubmissionAnalysis(submission=one, kind="HYBRID", text="Fine.", drafted=drafted)
            for one in work
        )
        ModelRun.objects.bulk_create(
            ModelRun(submission=one, status="PASSED", outcome="DRAFTED", finished_at=CLOCK)
            for one in work
        )
        decided = CLOCK - timedelta(**(ago or {"minutes": 1}))
        Review.objects.bulk_create(
            Review(
                submission=one, reason="DRAFT", reviewer=grace, decided_at=decided,
                sent_at=decided, decision="ACCEPTED" if place < overridden else "CHANGES",
            )
            for place, one in enumerate(work)
        )  # fmt: skip

    return sent


def pauses():
    """How many there are after looking twice."""
    pausing.pause_if_often()
    pausing.pause_if_often()
    return DraftPause.objects.count()


def test_thirteen_of_the_last_fifty_overridden_begin_a_pause(sent):
    sent(38, 0, hours=1)
    sent(12, 12)
    assert pauses() == 0
    sent(1, 1, seconds=1)
    assert pauses() == 1
    pause = pausing.current()
    assert (pause.suggested, pause.overridden, pause.ended_at) == (50, 13, None)


def test_of_forty_nine_nothing_is_said(sent):
    sent(49, 49)
    assert pauses() == 0


def test_only_the_last_fifty_count(sent):
    sent(50, 50, days=2)
    sent(50, 12)
    assert pauses() == 0


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda: Course.objects.update(ai_drafts="AT_ONCE"),
        lambda: Review.objects.update(sent_at=CLOCK + timedelta(seconds=9)),
        lambda: Review.objects.update(decided_at=CLOCK - timedelta(days=91)),
        lambda: SubmissionAnalysis.objects.update(kind="MANUAL"),
        lambda: SubmissionAnalysis.objects.update(drafted={"decision": None}),
    ],
    ids=["shown at once", "not sent yet", "long ago", "a person's own", "suggested nothing"],
)
def test_other_decisions_do_not_count(sent, spoilt):
    sent(50, 50)
    spoilt()
    assert pauses() == 0


def test_in_a_pause_no_model_is_asked_and_a_person_gets_the_work(model, sent, ada, assignment):
    sent(50, 13)
    tasks.drafts_forgotten()
    run = ask(judged(ada, assignment))
    assert (run.status, run.outcome, model.requests) == ("FAILED", "PAUSED", [])
    assert [one.reason for one in Review.objects.waiting()] == ["NO_DRAFT"]


def test_in_a_pause_courses_that_show_drafts_at_once_go_on(model, ada, assignment):
    DraftPause.objects.create(suggested=50, overridden=13)
    Course.objects.update(ai_drafts="AT_ONCE")
    assert ask(judged(ada, assignment)).outcome == "DRAFTED"


def test_better_decisions_about_older_drafts_do_not_end_a_pause(sent):
    sent(50, 13)
    assert pauses() == 1
    sent(50, 0, seconds=1)
    pausing.pause_if_often()
    assert pausing.current() is not None


def test_tried_again_drafts_come_and_only_new_ones_count(model, sent, ada, assignment):
    sent(50, 50)
    assert pauses() == 1
    assert pausing.try_again() is True
    assert pausing.try_again() is False
    assert pauses() == 1
    assert ask(judged(ada, assignment)).outcome == "DRAFTED"
    sent(50, 13)
    assert pauses() == 2


def test_a_pause_that_lasts_is_there_once():
    DraftPause.objects.create(suggested=50, overridden=13)
    with pytest.raises(IntegrityError), transaction.atomic():
        DraftPause.objects.create(suggested=50, overridden=14)


def test_looking_and_asking_cost_one_query_each_in_a_pause(django_assert_num_queries):
    DraftPause.objects.create(suggested=50, overridden=13)
    with django_assert_num_queries(1):
        pausing.pause_if_often()
    with django_assert_num_queries(1):
        assert pausing.current()

"""Somebody is erased while a worker is at something of theirs: whoever comes second finds it so."""

import pytest
from django.utils.timezone import now

from accounts import erasure
from accounts.actions import set_preferences
from accounts.models import User
from accounts.personal import left_of_erased
from activity.analytics import writing
from activity.analytics.look import Look
from activity.models import AnalyticsEvent
from assessments import grading, submissions, work
from assessments.models import Submission, TestResult
from assessments.submissions import submit
from notifications import mailing, outbox
from notifications.models import EmailLog
from tests.accounts.lives import dump, said_in
from tests.assessments.code_builders import RIGHT, make_assignment
from tests.notifications.conftest import mail_server, noon, tell_review  # noqa: F401
from tests.races.gate import at_once
from tests.races.meeting import HalfWay, meet
from tests.races.test_code_races import results_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]
MARK = "zebrafish"
CODE = f"{RIGHT}# {MARK}\n"


@pytest.fixture
def claimed(ada, lessons, monkeypatch):
    """Ada's code is with a worker, who has run it and is about to write the verdict."""
    monkeypatch.setattr(submissions.tasks.grade_submission, "delay", lambda key: None)
    submit(ada, make_assignment(lessons[0].module), CODE, graded=True)
    return work.claim(Submission, Submission.objects.get().pk)


def write_the_verdict(submission):
    result = results_of(submission)
    cases = grading.cases_for(submission)
    verdict = grading.verdict_of(submission, cases, result)
    return grading.finish(submission, verdict, result, submission.assignment.revision)


def nothing_is_left():
    return not left_of_erased(erasure.erased()) and not said_in(dump(), MARK)


def test_a_verdict_that_comes_late_is_written_nowhere(ada, claimed, monkeypatch):
    stop = HalfWay(erasure.personal.erase_rows)
    monkeypatch.setattr(erasure.personal, "erase_rows", stop)
    late, waited = meet(stop, lambda: erasure.erase_person(ada), lambda: write_the_verdict(claimed))
    assert (late, waited) == (None, True)
    assert not TestResult.objects.exists()
    assert nothing_is_left()


def test_a_verdict_that_is_being_written_is_waited_for(ada, claimed, monkeypatch):
    stop = HalfWay(grading.write)
    monkeypatch.setattr(grading, "write", stop)
    done, waited = meet(stop, lambda: write_the_verdict(claimed), lambda: erasure.erase_person(ada))
    assert (done, waited) == (True, True)
    assert Submission.objects.get().percent == 100
    assert nothing_is_left()


def test_a_mail_on_its_way_out_leaves_no_address_behind(bob, mail_server, noon, monkeypatch):  # noqa: F811
    tell_review(bob)
    stop = HalfWay(outbox.hand)
    monkeypatch.setattr(outbox, "hand", stop)
    meet(stop, lambda: outbox.send_due(mailing.Mail()), lambda: erasure.erase_person(bob))
    assert not EmailLog.objects.exists()
    assert not said_in(dump(), "bob@example.org")


def look_of(user):
    set_preferences(user, named_visits=True)
    return Look(AnalyticsEvent.Name.PAGE_VIEW, "home", "192.0.2.1", "Firefox", now(), user=user.pk)


def test_a_look_that_is_just_being_stored_loses_its_name(bob, monkeypatch):
    look, stop = look_of(bob), HalfWay(AnalyticsEvent.objects.bulk_create)
    monkeypatch.setattr(AnalyticsEvent.objects, "bulk_create", stop)
    done, waited = meet(stop, lambda: writing.store([look]), lambda: erasure.erase_person(bob))
    assert (done, waited) == (True, True)
    assert AnalyticsEvent.objects.get().user_id is None


def test_a_look_of_somebody_who_is_just_being_erased_waits_before_it_holds_the_profile(
    bob, monkeypatch
):
    look, stop = look_of(bob), HalfWay(erasure.end_all_access)
    monkeypatch.setattr(erasure, "end_all_access", stop)
    done, waited = meet(stop, lambda: erasure.erase_person(bob), lambda: writing.store([look]))
    assert (done, waited) == (1, True)
    assert AnalyticsEvent.objects.get().user_id is None


def test_six_who_erase_at_once_erase_once(bob):
    done = at_once("accounts_user", [lambda: erasure.erase_person(bob)] * 6)
    assert sum(done) == 1
    assert User.objects.get(pk=bob.pk).deleted_at


def test_of_two_admins_who_leave_at_once_one_stays(root, grace):
    User.objects.filter(pk=grace.pk).update(role="ADMIN")

    def leave(user):
        try:
            return erasure.erase_person(User.objects.get(pk=user.pk))
        except erasure.LastAdmin:
            return False

    done = at_once("accounts_school", [lambda: leave(root), lambda: leave(grace)])
    assert sum(done) == 1
    assert User.objects.filter(role="ADMIN", is_active=True).count() == 1

"""The first page of the admin: what waits, how the site is, what was done lately."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from django.utils.translation import override

from accounts.models import School, User
from accounts.school import forget, remember
from accounts.upkeep import Upkeep
from activity.models import AnalyticsEvent
from assessments.models import Review, Submission
from billing.models import WebhookDelivery
from courses.models import Course, CourseImport
from enrollments.models import BackfillRun, DueEnrollment
from notifications.models import EmailLog
from progress.models import LessonView
from studio import looking
from studio.admin_home.page import admin_home
from studio.admin_home.to_do import MOST
from studio.health import CHECKS
from studio.setting_up.machine import note_background
from tests.assessments.code_builders import make_assignment
from tests.assessments.review_builders import hand_in
from tests.conftest import make_person

HOME = "/admin/"
GROUPS = ["Courses", "People", "Assessment", "Rewards", "Billing", "System"]


def vital(user: User, name: str) -> tuple[bool, str]:
    found = next(one for one in admin_home(user).vitals if one.name == name)
    return found.is_well, found.text


def tasks(user: User) -> dict[str, str]:
    return {task.name: task.number for task in admin_home(user).tasks}


@pytest.fixture
def kim(db: None) -> User:
    """On the staff, with no right yet."""
    return make_person("kim@example.org", "Kim", role=User.Role.ADMIN)


def give(user: User, *names: str) -> User:
    user.user_permissions.add(*Permission.objects.filter(codename__in=names))
    return User.objects.get(pk=user.pk)


def test_learners_do_not_get_there(as_: Any, bob: User) -> None:
    assert as_(bob).get(HOME)["Location"].startswith("/admin/login/")


def test_the_index_is_grouped_by_what_it_is_about(desk: Client) -> None:
    page = desk.get(HOME)
    assert [group["name"] for group in page.context["app_list"]] == GROUPS
    models = [model for group in page.context["app_list"] for model in group["models"]]
    assert len(models) == len({model["object_name"] for model in models}) > 50
    places = [page.text.index(f'<span class="section">{name}</span>') for name in GROUPS]
    assert places == sorted(places)


def test_the_groups_are_named_in_the_language_of_who_reads_and_marked_up_in_one(
    desk: Client,
) -> None:
    page = desk.get(HOME, headers={"Accept-Language": "de"})
    assert '<span class="section">Personen</span>' in page.text
    keys = [group["app_label"] for group in page.context["app_list"]]
    assert keys == [name.lower() for name in GROUPS]


def test_the_page_of_one_app_is_as_ever(desk: Client) -> None:
    assert desk.get("/admin/courses/").status_code == 200


def test_nothing_to_do_is_said(desk: Client, root: User) -> None:
    assert tasks(root) == {}
    assert "Nothing waits for you." in desk.get(HOME).text


def test_what_waits_is_counted_and_leads_to_where_it_is_done(
    desk: Client, root: User, bob: User, course: Course
) -> None:
    upload = {"by": root, "name": "c.zip", "size": 1, "sha256": "x" * 64}
    CourseImport.objects.create(**upload, status="READY", plan={"a": 1})
    due = DueEnrollment.objects.create(user=bob)
    assert tasks(root) == {"Imports that wait for a yes": "1"}
    DueEnrollment.objects.filter(pk=due.pk).update(created_at=now() - timedelta(hours=1))
    assert tasks(root)["Sign-ups that are not enrolled yet"] == "1"
    page = desk.get(HOME)
    assert 'href="/studio/imports/"' in page.text
    waits = {
        model["object_name"]: model["waits"]
        for group in page.context["app_list"]
        for model in group["models"]
        if model["waits"]
    }
    assert waits == {"Course": "1", "DueEnrollment": "1"}


def test_counts_end_at_a_bound(root: User, course: Course) -> None:
    upload = {"by": root, "name": "c.zip", "size": 1, "sha256": "x" * 64, "plan": {"a": 1}}
    rows = [CourseImport(**upload, status="READY") for _ in range(MOST + 20)]
    CourseImport.objects.bulk_create(rows)
    assert tasks(root) == {"Imports that wait for a yes": "99+"}


def test_the_page_takes_a_fixed_number_of_queries(
    desk: Client, root: User, bob: User, course: Course, django_assert_num_queries: Any
) -> None:
    desk.get(HOME)
    with django_assert_num_queries(16):
        desk.get(HOME)
    upload = {"by": root, "name": "c.zip", "size": 1, "sha256": "x" * 64}
    for _ in range(7):
        CourseImport.objects.create(**upload, status="READY", plan={"a": 1})
        BackfillRun.objects.create(started_by=root)
        EmailLog.objects.create(user=bob, kind="account", to=bob.email, state="FAILED")
    with django_assert_num_queries(16):
        assert len(desk.get(HOME).context["home"].jobs) == 5


def test_staff_see_of_it_what_they_may_view(as_: Any, kim: User, settings: Any) -> None:
    page = as_(kim).get(HOME)
    home = page.context["home"]
    assert (home.tasks, home.vitals, home.jobs, home.setup) == ([], [], [], None)
    assert "How the site is" not in page.text
    kim = give(kim, "view_emaillog", "view_backfillrun")
    BackfillRun.objects.create()
    home = as_(kim).get(HOME).context["home"]
    assert [one.name for one in home.vitals] == ["Mail"]
    assert [job.name for job in home.jobs] == ["Enrolling everybody"]


def test_a_review_that_waits_is_not_told_to_whoever_may_not_see_reviews(
    kim: User, lessons: Any, bob: User
) -> None:
    assignment = make_assignment(lessons[0].module)
    done = hand_in(bob, assignment)
    Review.objects.create(submission=done, reason="STAFF", waiting_since=now())
    assert tasks(kim) == {}
    assert tasks(give(kim, "view_review")) == {"Reviews that wait": "1"}


def test_mail_in_trouble_is_told_for_a_week(root: User, bob: User) -> None:
    for state in ("SENT", "FAILED", "UNCERTAIN"):
        EmailLog.objects.create(user=bob, kind="account", to=bob.email, state=state, sent_at=now())
    text = "Refused or lost: 2 of the last 3 within a week."
    assert vital(root, "Mail") == (False, text)
    for state in ("DUE", "CLAIMED", "DROPPED"):
        waiting = {"claimed_until": now()} if state == "CLAIMED" else {}
        EmailLog.objects.create(user=bob, kind="account", to=bob.email, state=state, **waiting)
    assert vital(root, "Mail") == (False, f"{text} 2 wait to be sent.")
    EmailLog.objects.exclude(state="DUE").update(created_at=now() - timedelta(days=8))
    assert vital(root, "Mail") == (True, "No mail has left within a week. 1 waits to be sent.")
    EmailLog.objects.update(created_at=now() - timedelta(days=8))
    assert vital(root, "Mail")[0] is True


def test_the_runner_tells_its_wait_and_its_faults(root: User, lessons: Any, bob: User) -> None:
    assert vital(root, "Runner") == (True, "Nothing was handed in or tried within a day.")
    assignment = make_assignment(lessons[0].module)
    for number in range(1, 21):
        row = hand_in(bob, assignment)
        waited = row.created_at + timedelta(seconds=number / 10)
        Submission.objects.filter(pk=row.pk).update(started_at=waited)
    is_well, text = vital(root, "Runner")
    assert is_well
    assert text.startswith(
        "Of the last 20 submissions and tries within a day 95 of 100 waited 1.9 s"
    )
    Submission.objects.filter(number=1).update(fault="The runner was away.")
    assert vital(root, "Runner") == (False, text.replace("; 0 met", "; 1 met"))
    Submission.objects.update(started_at=F("created_at") + timedelta(milliseconds=40))
    assert "95 of 100 waited less than 0.1 s;" in vital(root, "Runner")[1]
    with override("de"):
        assert any("weniger als 0,1 s;" in one.text for one in admin_home(root).vitals)


@pytest.mark.parametrize(("people", "told"), [(3, "1 of 3 "), (10, "10% (1 of 10) ")])
def test_a_share_is_told_of_ten_people_and_counts_below(
    root: User, course: Course, people: int, told: str
) -> None:
    new = [make_person(f"p{number}@example.org", "P") for number in range(people)]
    LessonView.objects.create(user=new[0], lesson=course.lessons.first())
    old = make_person("old@example.org", "Old", date_joined=now() - timedelta(days=31))
    LessonView.objects.create(user=old, lesson=course.lessons.first())
    assert vital(root, "First lessons")[1].startswith(told)


def test_payments_and_models_are_told_where_they_are_set_up(root: User, settings: Any) -> None:
    names = [one.name for one in admin_home(root).vitals]
    assert not {"Payments", "Language model"} & {*names}
    settings.STRIPE_SECRET_KEY = settings.STRIPE_WEBHOOK_SECRET = "sk_test_x"
    settings.AI_BASE_URL, settings.AI_TOKENS_PER_DAY = "https://m.example/v1", 2_000
    assert vital(root, "Payments")[0]
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(id=f"evt_{number}", state="UNMATCHED", happened_at=now())
        for number in range(101)
    )
    told = "Late: 0. Messages of Stripe’s that belong to nobody: 99+."
    with CaptureQueriesContext(connection) as asked:
        assert vital(root, "Payments") == (False, told)
    counts = [one["sql"] for one in asked if one["sql"].startswith("SELECT COUNT(*)")]
    bounded = ["LIMIT 100" in one for one in counts if "billing_" in one]
    assert bounded == [True, True]
    text = "0 of 2,000 tokens a day were used in the last 24 hours."
    assert vital(root, "Language model") == (True, text)


def test_the_storage_is_looked_at_and_nothing_is_written_to_it(
    desk: Client, root: User, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "not-yet" / "media")
    desk.get(HOME)
    is_well, text = vital(root, "Storage of files")
    assert is_well
    assert text.endswith("GB are free.")
    assert "written" not in text
    assert not (tmp_path / "not-yet").exists()
    (tmp_path / "file").write_text("")
    settings.MEDIA_ROOT = str(tmp_path / "file" / "media")
    is_well, text = vital(root, "Storage of files")
    assert not is_well
    assert text.endswith("Permission denied.")


def test_background_work_and_the_last_doctor_are_told(root: User) -> None:
    assert vital(root, "Cache and background work")[0] is False
    note_background()
    assert vital(root, "Cache and background work")[0] is True
    assert "Nobody has looked yet" in vital(root, "Doctor")[1]
    looking.note([], now())
    assert vital(root, "Doctor")[0] is True
    two_days_ago = now() - timedelta(days=2, hours=1)
    Upkeep.objects.update(asked_at=two_days_ago, started_at=two_days_ago, ended_at=two_days_ago)
    assert vital(root, "Doctor")[0] is False
    assert "Nobody has looked since" in vital(root, "Doctor")[1]
    with override("de"):
        # The dative: "vor 2 Tage" would be wrong.
        assert "vor 2\xa0Tagen" in vital(root, "Doctor")[1]


def test_a_whole_round_of_doctor_leaves_what_was_off_and_a_part_leaves_nothing(
    root: User, bob: User, monkeypatch: Any
) -> None:
    call_command("doctor", "--only", "xp", stdout=StringIO())
    assert not Upkeep.objects.exists()
    wrong = [check for check in CHECKS if check.name in ("xp", "enrolments")]
    monkeypatch.setattr("studio.management.commands.doctor.CHECKS", wrong)
    DueEnrollment.objects.create(user=bob)
    DueEnrollment.objects.update(created_at=now() - timedelta(hours=1))
    with pytest.raises(CommandError):
        call_command("doctor", stdout=StringIO())
    is_well, text = vital(root, "Doctor")
    assert not is_well
    assert "Sign-ups that wait to be enrolled" in text


def test_a_school_that_is_being_set_up_is_reminded_of_it(
    desk: Client, root: User, settings: Any
) -> None:
    assert "Go on setting up" not in desk.get(HOME).text
    settings.DEMO_SCHOOL = False
    forget()
    assert admin_home(root).setup is not None
    settings.DEMO_SCHOOL = True
    assert admin_home(root).setup is None


def test_the_admin_bears_the_name_of_the_school(desk: Client) -> None:
    remember(School(name="Green Hill", set_up_at=now()))
    assert "<title>Behind the scenes | Green Hill</title>" in desk.get(HOME).text


def test_looks_are_listed_and_neither_changed_nor_told_apart(desk: Client, bob: User) -> None:
    look = AnalyticsEvent.objects.create(name="page_view", view="home", visitor=b"secret-of-a-day")
    answer = desk.get("/admin/activity/analyticsevent/")
    assert "page view" in answer.text
    page = desk.get(f"/admin/activity/analyticsevent/{look.pk}/change/")
    assert page.status_code == 200
    assert "secret-of-a-day" not in page.text
    for path in ("add/", f"{look.pk}/delete/"):
        assert desk.post(f"/admin/activity/analyticsevent/{path}").status_code == 403
    assert desk.post(f"/admin/activity/analyticsevent/{look.pk}/change/").status_code == 403

"""Enrolments and backfills in the admin."""

import pytest
from django.db import IntegrityError
from django.utils.timezone import now

from accounts.audit_entries import AuditEntry
from activity.models import Event
from activity.signals import event_recorded
from courses.models import Course
from enrollments.actions import enroll, leave, pause
from enrollments.models import BackfillRun, Enrollment
from gamification.models import XPTransaction
from notifications.models import Notification
from progress.actions import complete_lesson


@pytest.fixture
def admin(root, as_, settings):
    settings.DEMO_SCHOOL = True
    return as_(root)


def test_staff_enrol_somebody_through_the_same_verb(admin, bob, course):
    data = {"user": str(bob.pk), "course": str(course.pk)}
    assert admin.post("/admin/enrollments/enrollment/add/", data).status_code == 302
    assert Enrollment.objects.get(user=bob).source == "STAFF"
    assert admin.post("/admin/enrollments/enrollment/add/", data).status_code == 302
    assert Enrollment.objects.count() == 1
    leave(bob, course)
    assert admin.post("/admin/enrollments/enrollment/add/", data).status_code == 302
    assert Enrollment.objects.get(user=bob).status == "ACTIVE"


def test_whoever_staff_took_out_is_put_back_by_enrolling_them_and_that_says_by_whom(
    admin, root, bob, course
):
    enroll(bob, course)
    leave(bob, course, by=root)
    data = {"user": str(bob.pk), "course": str(course.pk)}
    assert admin.post("/admin/enrollments/enrollment/add/", data).status_code == 302
    assert Enrollment.objects.get(user=bob).status == "ACTIVE"
    assert Event.objects.get(user=bob, kind="CAME_BACK").data["by"] == str(root.pk)
    notes = AuditEntry.objects.filter(person=bob).order_by("pk").values_list("kind", "actor")
    assert [*notes] == [("TAKEN_OUT", root.pk), ("PUT_BACK", root.pk)]


def test_whoever_left_by_themselves_and_is_brought_back_is_told_and_it_says_by_whom(
    admin, root, bob, course
):
    enroll(bob, course)
    leave(bob, course)
    data = {"user": str(bob.pk), "course": str(course.pk)}
    for _ in range(2):
        assert admin.post("/admin/enrollments/enrollment/add/", data).status_code == 302
    assert Event.objects.get(user=bob, kind="CAME_BACK").data["by"] == str(root.pk)
    assert Notification.objects.get(user=bob).kind == "PUT_BACK"
    notes = AuditEntry.objects.filter(person=bob).values_list("kind", "actor")
    assert [*notes] == [("ENROLLED", root.pk)]


def test_of_whom_staff_took_out_nothing_is_asked_that_is_asked_of_newcomers(
    admin, root, ada, bob, course
):
    leave(ada, course, by=root)
    enroll(bob, course)
    leave(bob, course)
    Course.objects.update(status="ARCHIVED")
    for one, status in ((ada, "ACTIVE"), (bob, "DROPPED")):
        data = {"user": str(one.pk), "course": str(course.pk)}
        admin.post("/admin/enrollments/enrollment/add/", data)
        assert Enrollment.objects.get(user=one).status == status


def test_a_row_of_who_was_taken_out_is_of_somebody_who_has_left(ada):
    with pytest.raises(IntegrityError, match="enrollment_taken_out_has_left"):
        Enrollment.objects.update(taken_out_at=now())


def test_staff_cannot_put_anybody_into_a_closed_course(admin, bob, course):
    Course.objects.update(status="DRAFT")
    data = {"user": str(bob.pk), "course": str(course.pk)}
    answer = admin.post("/admin/enrollments/enrollment/add/", data)
    assert answer.status_code == 200
    assert "This course is not open." in answer.text
    assert not Enrollment.objects.exists()


def test_a_key_that_is_none_is_a_choice_that_is_none(admin, bob, course):
    data = {"user": "nope", "course": str(course.pk)}
    answer = admin.post("/admin/enrollments/enrollment/add/", data)
    assert answer.status_code == 200
    assert "Select a valid choice" in answer.text


def test_rows_cannot_be_changed_or_deleted_by_hand(admin, ada):
    row = Enrollment.objects.get()
    assert admin.get(f"/admin/enrollments/enrollment/{row.pk}/delete/").status_code == 403
    address = f"/admin/enrollments/enrollment/{row.pk}/change/"
    assert admin.post(address, {"status": "DROPPED"}).status_code == 403


@pytest.mark.parametrize(
    ("action", "status"), [("take_out", "DROPPED"), ("pause", "PAUSED"), ("resume", "ACTIVE")]
)
def test_actions_change_the_place(admin, ada, action, status):
    row = Enrollment.objects.get()
    data = {"action": action, "_selected_action": [str(row.pk)]}
    assert admin.post("/admin/enrollments/enrollment/", data).status_code == 302
    assert Enrollment.objects.get().status == status


def test_whoever_is_taken_out_of_a_list_of_paused_places_is_out_and_told(admin, root, ada):
    Enrollment.objects.update(status="PAUSED")
    data = {"action": "take_out", "_selected_action": [str(Enrollment.objects.get().pk)]}
    listed = "/admin/enrollments/enrollment/?status__exact=PAUSED"
    assert "1 person was taken out." in admin.post(listed, data, follow=True).text
    place, told = Enrollment.objects.get(), Notification.objects.get(user=ada)
    assert (place.status, told.kind, told.data["by"]) == ("DROPPED", "TAKEN_OUT", str(root.pk))


def test_a_place_that_is_paused_while_others_are_taken_out_is_ended_too(admin, ada, bob, course):
    enroll(bob, course)

    def pause_the_rest(**signal):
        pause(Enrollment.objects.all())

    event_recorded.connect(pause_the_rest)
    try:
        rows = [str(one.pk) for one in Enrollment.objects.all()]
        data = {"action": "take_out", "_selected_action": rows}
        answer = admin.post("/admin/enrollments/enrollment/", data, follow=True)
    finally:
        event_recorded.disconnect(pause_the_rest)
    assert "2 people were taken out." in answer.text
    assert set(Enrollment.objects.values_list("status", flat=True)) == {"DROPPED"}


@pytest.mark.parametrize(
    ("action", "one", "two"),
    [
        ("pause", "1 enrolment is paused.", "2 enrolments are paused."),
        ("resume", "1 enrolment goes on.", "2 enrolments go on."),
    ],
)
def test_one_is_counted_as_one(admin, ada, bob, course, action, one, two):
    first, second = Enrollment.objects.get(), enroll(bob, course)[0]
    for rows, said in (([first], one), ([first, second], two)):
        Enrollment.objects.update(status="ACTIVE" if action == "pause" else "PAUSED")
        data = {"action": action, "_selected_action": [str(row.pk) for row in rows]}
        answer = admin.post("/admin/enrollments/enrollment/", data, follow=True)
        assert said in answer.text


@pytest.mark.usefixtures("course", "bob")
def test_a_backfill_is_asked_for_and_its_progress_shown(admin, root):
    data = {"course": "", "missing": "on", "batch_size": "100"}
    assert admin.post("/admin/enrollments/backfillrun/add/", data).status_code == 302
    run = BackfillRun.objects.get()
    assert (run.status, run.started_by) == ("DUE", root)
    assert "0 of 0 (0%)" in admin.get("/admin/enrollments/backfillrun/").text


def test_a_backfill_of_no_people_at_a_time_is_refused(admin, db):
    data = {"course": "", "batch_size": "0"}
    assert admin.post("/admin/enrollments/backfillrun/add/", data).status_code == 200
    assert not BackfillRun.objects.exists()


def test_xp_is_taken_back_with_a_reason_and_not_without(admin, ada, root, lessons):
    complete_lesson(ada, lessons[0])
    entry = XPTransaction.objects.get()
    data = {"action": "take_back", "_selected_action": [str(entry.pk)]}
    address = "/admin/gamification/xptransaction/"
    for reason in (None, "", "a\0b"):
        extra = {} if reason is None else {"reason": reason}
        assert admin.post(address, {**data, **extra}).status_code == 200
    assert XPTransaction.objects.count() == 1
    assert admin.post(address, {**data, "reason": "Copied"}).status_code == 302
    reversal = XPTransaction.objects.get(source_type="REVERSAL")
    assert (reversal.amount, reversal.actor, reversal.reason) == (-10, root, "Copied")
    for path in (f"{address}{entry.pk}/change/", f"{address}{entry.pk}/delete/"):
        assert admin.post(path, {"amount": 999}).status_code == 403
    # Adding is giving, which has a form of its own: an amount alone is refused there.
    assert admin.post(f"{address}add/", {"amount": 999}).status_code == 200
    assert XPTransaction.objects.count() == 2


def test_lists_of_records_open(admin, ada, lessons):
    complete_lesson(ada, lessons[0])
    for path in (
        "activity/event",
        "gamification/xptransaction",
        "gamification/standing",
        "progress/courseprogress",
        "enrollments/enrollment",
        "enrollments/dueenrollment",
    ):
        assert admin.get(f"/admin/{path}/?q=ada").status_code == 200

"""The backfill and its check."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from enrollments import backfill
from enrollments.actions import leave
from enrollments.models import BackfillRun, Enrollment
from enrollments.tasks import resume_backfills, run_backfill
from tests.conftest import make_course, make_person


def run(*args):
    out = StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


@pytest.fixture
def people(db):
    return [make_person(f"p{n}@example.org", f"P{n}") for n in range(7)]


def test_those_without_any_enrolment_are_enrolled_everywhere(ada, course, people):
    make_course("second")
    summary = json.loads(run("backfill_enrollments", "--json"))
    assert summary["inserted"] == 14
    assert ada.enrollments.count() == 1
    assert Enrollment.objects.filter(source="BACKFILL").count() == 14


def test_missing_fills_every_pair(ada, course, people):
    make_course("second")
    assert json.loads(run("backfill_enrollments", "--missing", "--json"))["inserted"] == 15
    assert "clean" in run("verify_enrollments", "--json")


def test_a_second_run_writes_nothing(course, people):
    run("backfill_enrollments", "--missing", "--batch-size", "3")
    assert "created 0 enrolments" in run("backfill_enrollments", "--missing", "--batch-size", "3")
    assert Enrollment.objects.count() == 7


def test_nobody_who_left_is_brought_back(ada, course, people):
    leave(ada, course)
    run("backfill_enrollments", "--missing")
    assert Enrollment.objects.get(user=ada).status == Enrollment.Status.DROPPED


def test_one_course_can_be_named_even_if_it_opens_to_nobody(course, people):
    make_course("by-choice", opens_to_all=False)
    run("backfill_enrollments", "--course", "by-choice", "--missing")
    assert set(Enrollment.objects.values_list("course__slug", flat=True)) == {"by-choice"}


def test_inactive_people_are_left_alone(course, people):
    people[0].is_active = False
    people[0].save()
    assert json.loads(run("backfill_enrollments", "--json"))["inserted"] == 6


def test_a_dry_run_counts_and_changes_nothing(course, people):
    assert "Would create 7." in run("backfill_enrollments", "--dry-run")
    assert not Enrollment.objects.exists()
    assert not BackfillRun.objects.exists()


@pytest.mark.usefixtures("db")
def test_with_no_course_there_is_nothing_to_do():
    assert "Nothing to do." in run("backfill_enrollments")
    assert "without any enrolment: 0" in run("verify_enrollments")


def test_an_unknown_course_is_refused(course, people):
    with pytest.raises(CommandError, match="No published course: nope"):
        run("backfill_enrollments", "--course", "nope")


@pytest.mark.parametrize("size", ["0", "-1", "x", "1_000", "10000000"])
def test_a_batch_size_that_is_none_is_wrong_usage(db, size):
    with pytest.raises(CommandError, match="whole number"):
        run("backfill_enrollments", f"--batch-size={size}")


def test_verify_names_what_is_off(ada, course, people):
    make_course("second")
    with pytest.raises(CommandError, match="Something is off"):
        run("verify_enrollments")
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_enrollments", "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert report == {
        "without_enrollments": 7,
        "duplicates": 0,
        "missing_pairs": 15,
        "waiting": 0,
        "clean": False,
    }


@pytest.mark.django_db(transaction=True)
def test_a_second_run_at_once_is_refused(course, people):
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [backfill.LOCK])
            with pytest.raises(CommandError, match="Another run is active"):
                run("backfill_enrollments")
            cursor.execute("SELECT pg_advisory_unlock_all()")
    finally:
        other.close()
    assert not Enrollment.objects.exists()
    assert "created 7" in run("backfill_enrollments")


def test_a_run_goes_on_where_a_killed_one_stopped(course, people):
    asked = backfill.request_run(course=None, missing=True, batch_size=3)

    def die_after_the_first(batch):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), backfill.only_run():
        backfill.work(asked, die_after_the_first)
    asked.refresh_from_db()
    assert (asked.users_done, asked.inserted, asked.status) == (3, 3, "RUNNING")
    BackfillRun.objects.update(beat_at="2026-01-01T00:00Z")
    resume_backfills()
    asked.refresh_from_db()
    assert (asked.users_done, asked.inserted, asked.status) == (7, 7, "DONE")
    assert asked.percent == 100


def test_a_finished_run_is_not_run_again(course, people):
    asked = backfill.request_run(course=course, missing=False, batch_size=100)
    run_backfill(str(asked.pk))
    Enrollment.objects.all().delete()
    run_backfill(str(asked.pk))
    assert not Enrollment.objects.exists()


def test_a_run_in_the_background_is_noted_even_if_the_broker_is_away(course, people, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    assert "Handed to a worker" in run("backfill_enrollments", "--async")
    assert BackfillRun.objects.get().status == "DUE"


def test_all_keys_made_by_the_database_are_version_7(course, people):
    run("backfill_enrollments")
    assert {row.id.version for row in Enrollment.objects.all()} == {7}
    with connection.cursor() as cursor:
        cursor.execute("SELECT waymark_uuid7() < waymark_uuid7() FROM generate_series(1, 3)")

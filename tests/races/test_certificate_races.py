"""Certificates at the gate: two last lessons, two corrections, the first signature."""

import pytest
from django.db import connection

from activity.models import Event
from certificates import actions, keys
from certificates.credentials import signed, verify
from certificates.errors import CertificateRefused
from certificates.models import Certificate, SigningKey
from enrollments.actions import enroll
from progress.actions import complete_lesson
from progress.models import CourseProgress
from tests.certificates.builders import certify
from tests.conftest import make_course
from tests.races.gate import at_once
from tests.races.test_races import press

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]


@pytest.mark.parametrize("table", ["progress_courseprogress", "certificates_certificate"])
def test_the_two_last_lessons_at_once_give_one_certificate(ada, lessons, table):
    complete_lesson(ada, lessons[0])
    presses = [press(ada, lesson) for lesson in lessons[1:3] for _ in range(4)]
    assert set(at_once(table, presses)) == {303}
    assert CourseProgress.objects.get(user=ada).completed_at
    assert Certificate.objects.count() == 1
    assert Event.objects.filter(kind="CERTIFICATE_ISSUED").count() == 1


def test_the_sweep_and_a_completion_at_once_give_one_certificate(ada, bob, course):
    enroll(bob, course)
    for who in (ada, bob):
        Event.objects.create(user=who, kind="COURSE_COMPLETED", subject=f"course:{course.pk}")
    issued = at_once("certificates_certificate", [actions.issue_missing for _ in range(6)])
    assert sum(issued) == 2
    assert Certificate.objects.count() == 2


def test_the_gate_sees_a_missing_constraint(ada, course):
    """The proof of the proof: without its unique index a person gets several."""
    first = certify(ada, course)

    def careless():
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO certificates_certificate (id, code, user_id, course_id, holder,
                  snapshot, issued_at, is_private, credential, reason)
                SELECT waymark_uuid7(), md5(random()::text), user_id, course_id, '', '{}', now(),
                  false, '', ''
                FROM certificates_certificate WHERE id = %s ON CONFLICT DO NOTHING
                """,
                [first.pk],
            )

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_indexdef('certificate_once'::regclass)")
        [definition] = cursor.fetchone()
        at_once("certificates_certificate", [careless] * 4)
        assert Certificate.objects.count() == 1
        cursor.execute("DROP INDEX certificate_once")
        try:
            at_once("certificates_certificate", [careless] * 4)
            assert Certificate.objects.count() == 5
        finally:
            cursor.execute("TRUNCATE certificates_certificate CASCADE")
            cursor.execute(definition)


def test_two_corrections_at_once_leave_one_certificate_that_stands(ada, root, course):
    certificate = certify(ada, course)

    def correct(name, by):
        def attempt():
            try:
                return actions.correct_name(certificate, name, by)
            except CertificateRefused:
                return None

        return attempt

    attempts = [correct(f"Ada {number}", by) for number in range(4) for by in (ada, root)]
    done = [one for one in at_once("certificates_certificate", attempts) if one]
    assert len(done) == 1
    assert Certificate.objects.current().get() == done[0]
    assert Certificate.objects.count() == 2


@pytest.mark.parametrize("correcting_first", [True, False])
def test_a_correction_and_a_switch_to_private_at_once_leave_nothing_public(
    ada, root, course, correcting_first
):
    certificate = certify(ada, course)
    both = [
        lambda: actions.correct_name(certificate, "Ada Lovelace", root),
        lambda: actions.set_private(certificate, True),
    ]
    at_once("certificates_certificate", both if correcting_first else both[::-1])
    assert Certificate.objects.filter(is_private=True).count() == 2


def test_the_first_key_is_made_once(ada, bob, course):
    mine = [certify(ada, course), certify(bob, make_course("second"))]
    tokens = at_once(
        "certificates_signingkey", [lambda one=one: signed(one) for one in mine for _ in range(4)]
    )
    assert SigningKey.objects.count() == 1
    assert len(set(tokens)) == 2
    assert all(verify(token) for token in tokens)


def test_another_secret_at_once_retires_the_key_once(ada, course, settings):
    keys.signer()
    settings.SECRET_KEY = "the next one"
    found = at_once("certificates_signingkey", [lambda: keys.signer()[0].pk for _ in range(6)])
    assert len(set(found)) == 1
    assert SigningKey.objects.count() == 2

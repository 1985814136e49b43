"""One certificate a course, by finishing it; what it says stays."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils.timezone import now

from activity.models import Event
from certificates import actions
from certificates.credentials import signed
from certificates.errors import NameUsedUp, NotCurrent
from certificates.keys import signer
from certificates.models import Certificate
from certificates.tasks import tend_certificates
from courses.models import Course, Lesson
from progress.actions import complete_lesson, uncomplete_lesson
from tests.certificates.builders import DAY, certify, erase
from tests.conftest import make_course

ISSUED, REVOKED = Event.Kind.CERTIFICATE_ISSUED, Event.Kind.CERTIFICATE_REVOKED


def test_finishing_a_course_issues_a_certificate(ada, lessons):
    for lesson in lessons[:2]:
        complete_lesson(ada, lesson)
    assert not Certificate.objects.exists()
    complete_lesson(ada, lessons[2], at=DAY)
    certificate = Certificate.objects.get()
    assert (certificate.user, certificate.course, certificate.holder) == (
        ada,
        lessons[0].course,
        "Ada",
    )
    assert certificate.issued_at == DAY
    assert certificate.issued_by is None
    event = Event.objects.get(kind=ISSUED)
    assert event.subject == f"certificate:{certificate.pk}"
    assert event.data["url"] == certificate.get_absolute_url()
    assert event.data["course_title"] == "Python from zero"


def test_a_certificate_copies_what_the_course_is_on_the_day(ada, lessons, settings):
    settings.SITE_NAME, settings.SITE_URL = "Northern School", "https://north.example"
    by_passing = {"completion": Lesson.Completion.BY_PASSING}
    Lesson.objects.filter(pk=lessons[0].pk).update(kind="QUIZ", minutes=20, **by_passing)
    Lesson.objects.filter(pk=lessons[1].pk).update(kind="ASSIGNMENT", minutes=30, **by_passing)
    ada.timezone = "Pacific/Auckland"
    assert certify(ada, lessons[0].course).snapshot == {
        "version": 1,
        "title": "Python from zero",
        "summary": "Learn it.",
        "language": "",
        "lessons": 3,
        "minutes": 50 + lessons[2].minutes,
        "quizzes": 1,
        "assignments": 1,
        "school": "Northern School",
        "address": "https://north.example",
        "completed_on": "2026-03-13",
    }


def test_issuing_again_finds_the_same_one(ada, course):
    first, created = actions.issue(ada, course, DAY)
    again, anew = actions.issue(ada, course, now())
    assert (again.pk, created, anew) == (first.pk, True, False)
    assert Event.objects.filter(kind=ISSUED).count() == 1


def test_undoing_and_doing_a_lesson_again_issues_nothing_new(ada, lessons):
    for lesson in lessons[:3]:
        complete_lesson(ada, lesson)
    before = Certificate.objects.get()
    uncomplete_lesson(ada, lessons[0])
    complete_lesson(ada, lessons[0])
    assert Certificate.objects.get() == before


@pytest.mark.parametrize(
    "change",
    [
        {"code": "x" * 22},
        {"snapshot": {}},
        {"holder": "Somebody else"},
        {"issued_at": now()},
        {"id": uuid4()},
        {"issued_by": "root"},
        {"superseded_by": None},
        {"credential": "another"},
        {"credential": "", "key": None},
        {"holder": ""},
        {"holder": "", "credential": "another"},
        {"revoked_at": now(), "revoked_by": "root", "reason": "Too late: it is replaced."},
    ],
    ids=",".join,
)
def test_the_database_keeps_what_a_certificate_says(ada, root, course, change):
    change = {field: root if value == "root" else value for field, value in change.items()}
    certificate = certify(ada, course)
    signed(certificate)
    actions.correct_name(certificate, "Ada Lovelace", root)
    with pytest.raises(DatabaseError, match="issue another one"), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(**change)
    with pytest.raises(DatabaseError, match="issue another one"), transaction.atomic():
        certificate.delete()


@pytest.mark.parametrize(
    "change",
    [
        {"revoked_at": None, "revoked_by": None, "reason": ""},
        {"revoked_at": now()},
        {"revoked_by": "ada"},
        {"reason": "Another one."},
    ],
    ids=",".join,
)
def test_the_database_keeps_a_revocation(ada, root, course, change):
    change = {field: ada if value == "ada" else value for field, value in change.items()}
    certificate = certify(ada, course)
    actions.revoke(certificate, root, "A mistake.")
    with pytest.raises(DatabaseError, match="issue another one"), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(**change)


def test_the_database_signs_nothing_without_a_name(ada, course):
    certificate = certify(ada, course)
    Certificate.objects.filter(pk=certificate.pk).update(holder="")
    with pytest.raises(DatabaseError, match="issue another one"), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(credential="x", key=signer()[0])


def test_the_table_cannot_be_truncated(db):
    cursor = connection.cursor()
    cursor.execute("ALTER TABLE certificates_certificate ENABLE TRIGGER append_only_table")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        cursor.execute("TRUNCATE certificates_certificate CASCADE")


def test_the_database_lets_a_person_have_one_certificate_of_a_course(ada, course):
    certificate = certify(ada, course)
    with pytest.raises(IntegrityError, match="certificate_once"), transaction.atomic():
        Certificate.objects.create(user=ada, course=course, snapshot=certificate.snapshot)


def test_revoking_needs_a_reason_and_happens_once(ada, root, course):
    certificate = certify(ada, course)
    with pytest.raises(IntegrityError, match="revoked_with_reason"), transaction.atomic():
        actions.revoke(certificate, root, "")
    assert actions.revoke(certificate, root, "Handed in for somebody else.")
    assert not actions.revoke(certificate, root, "Again.")
    certificate.refresh_from_db()
    assert certificate.status == "revoked"
    assert (certificate.reason, certificate.revoked_by) == ("Handed in for somebody else.", root)
    assert Event.objects.get(kind=REVOKED).data["reason"] == "Handed in for somebody else."


def test_a_revoked_certificate_is_replaced_by_hand_alone(ada, root, course):
    old = certify(ada, course)
    actions.revoke(old, root, "A mistake.")
    assert actions.issue(ada, course, now()) == (old, False)
    new, created = actions.issue(ada, course, now(), by=root)
    assert created
    old.refresh_from_db()
    assert (old.status, old.superseded_by, new.issued_by) == ("revoked", new, root)
    assert not new.is_private


def test_one_that_takes_a_revoked_ones_place_is_as_private(ada, root, course):
    old = certify(ada, course)
    actions.set_private(old, True)
    actions.revoke(old, root, "A mistake.")
    new, _ = actions.issue(ada, course, now(), by=root)
    assert new.is_private
    assert Certificate.objects.get(pk=new.pk).is_private


def test_privacy_is_of_all_certificates_of_the_person_and_course(ada, bob, root, course):
    first, others = certify(ada, course), [certify(bob, course), certify(ada, make_course("2nd"))]
    second = actions.correct_name(first, "Ada Lovelace", ada)
    for private in (True, False):
        actions.set_private(second, private)
        chain = Certificate.objects.filter(pk__in=[first.pk, second.pk])
        assert set(chain.values_list("is_private", flat=True)) == {private}
    actions.set_private(second, True)
    assert not Certificate.objects.filter(
        pk__in=[one.pk for one in others], is_private=True
    ).exists()


def test_one_that_is_issued_by_hand_claims_nothing_of_what_was_passed(ada, root, lessons):
    Lesson.objects.filter(pk=lessons[0].pk).update(
        kind="QUIZ", completion=Lesson.Completion.BY_PASSING
    )
    course = lessons[0].course
    by_hand = actions.issue(ada, course, DAY, by=root)[0].snapshot
    assert (by_hand["by_hand"], by_hand["quizzes"], by_hand["lessons"]) == (True, 0, 3)


def test_a_holder_puts_the_name_right_once_and_staff_again(ada, root, course):
    first = certify(ada, course)
    assert actions.correct_name(first, " Ada ", ada) == first
    second = actions.correct_name(first, "Ada Lovelace", ada)
    first.refresh_from_db()
    assert (first.status, first.superseded_by, first.holder) == ("replaced", second, "Ada")
    assert second.snapshot == first.snapshot
    assert second.code != first.code
    assert not actions.may_correct(second, ada)
    with pytest.raises(NameUsedUp):
        actions.correct_name(second, "Ada King", ada)
    with pytest.raises(NotCurrent):
        actions.correct_name(first, "Ada King", root)
    third = actions.correct_name(second, "Ada King", root)
    assert Certificate.objects.current().get() == third
    assert not actions.may_correct(third, ada)
    assert Event.objects.filter(kind=ISSUED).count() == 1


def test_a_revoked_certificate_keeps_its_name(ada, root, course):
    certificate = certify(ada, course)
    actions.revoke(certificate, root, "A mistake.")
    with pytest.raises(NotCurrent):
        actions.correct_name(certificate, "Somebody", root)


def test_a_minors_certificate_is_private_from_the_start(ada, course):
    ada.is_minor = True
    assert certify(ada, course).is_private
    second = make_course("second")
    ada.is_minor = False
    assert not certify(ada, second).is_private


def test_the_sweep_issues_what_the_history_owes_and_signs(ada, bob, lessons):
    course = lessons[0].course
    Event.objects.bulk_create(
        Event(user=who, kind="COURSE_COMPLETED", subject=f"course:{course.pk}", created_at=DAY)
        for who in (ada, bob)
    )
    certify(bob, course)
    assert len(actions.missing()) == 1
    assert tend_certificates() == 1 + 2
    mine = Certificate.objects.get(user=ada)
    assert mine.issued_at == DAY
    assert mine.credential
    assert tend_certificates() == 0


def test_a_certificate_without_a_completion_is_found(ada, bob, root, course):
    actions.issue(bob, course, DAY, by=root)
    assert actions.unfounded() == 0
    certificate = certify(ada, course)
    assert actions.unfounded() == 1
    actions.correct_name(certificate, "Ada L", root)
    assert actions.unfounded() == 0


def test_an_erased_persons_name_goes_and_the_rest_stays(ada, course):
    certificate = certify(ada, course)
    tend_certificates()
    erase(ada)
    assert actions.forget_erased() == 1
    assert actions.forget_erased() == 0
    certificate.refresh_from_db()
    assert (certificate.holder, certificate.credential, certificate.key) == ("", "", None)
    assert certificate.status == "valid"
    assert tend_certificates() == 0


def test_the_sweep_forgets_who_was_erased(ada, bob, course):
    certify(ada, course)
    certify(bob, course)
    erase(ada)
    assert tend_certificates() == 1 + 1
    assert list(Certificate.objects.order_by("holder").values_list("holder", flat=True)) == [
        "",
        "Bob",
    ]


def test_a_course_that_is_deleted_or_renamed_changes_no_certificate(ada, course):
    certificate = certify(ada, course)
    Course.objects.update(title="Another", status="ARCHIVED", deleted_at=now())
    ada.name = "Renamed"
    ada.save()
    again = Certificate.objects.get()
    assert (again.snapshot, again.holder) == (certificate.snapshot, "Ada")

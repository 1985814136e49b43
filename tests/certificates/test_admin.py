"""Staff look certificates up, issue by hand, revoke and put names right; the log says who."""

import pytest
from django.contrib.admin.models import LogEntry

from certificates import actions
from certificates.models import Certificate
from tests.certificates.builders import certify

ADDRESS = "/admin/certificates/certificate/"


@pytest.fixture
def desk(as_, root, settings):
    settings.DEMO_SCHOOL = True
    return as_(root)


@pytest.fixture
def certificate(ada, course):
    return certify(ada, course)


def act(desk, certificate, action, **data):
    data |= {"action": action, "_selected_action": str(certificate.pk)}
    return desk.post(ADDRESS, data, follow=True).content.decode()


def current_of(certificate):
    return Certificate.objects.current().get(user=certificate.user_id)


@pytest.mark.parametrize("by", ["code", "email", "name"])
def test_a_certificate_is_found_by_code_email_and_name(desk, ada, certificate, by):
    words = {"code": certificate.code, "email": ada.email, "name": "Ada"}[by]
    page = desk.get(ADDRESS, {"q": words}).content.decode()
    assert certificate.code in page
    assert certificate.code not in desk.get(ADDRESS, {"q": "nobody"}).content.decode()


def test_a_certificate_is_read_and_not_changed(desk, certificate):
    page = desk.get(f"{ADDRESS}{certificate.pk}/change/").content.decode()
    assert "Python from zero" in page
    assert 'name="_save"' not in page
    assert desk.post(f"{ADDRESS}{certificate.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Certificate.objects.count() == 1


def test_one_is_issued_by_hand_and_the_log_says_who(desk, bob, root, course):
    answer = desk.post(f"{ADDRESS}add/", {"email": " BOB@example.org", "course": str(course.pk)})
    assert answer.status_code == 302
    certificate = Certificate.objects.get()
    assert (certificate.user, certificate.issued_by, certificate.holder) == (bob, root, "Bob")
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (root, str(certificate.pk))
    assert entry.is_addition()


def test_issuing_by_hand_is_refused_where_there_is_nobody_or_one_already(
    desk, ada, course, certificate
):
    for email, words in ((ada.email, "has a certificate"), ("x@example.org", "Nobody has")):
        answer = desk.post(f"{ADDRESS}add/", {"email": email, "course": str(course.pk)})
        assert words in answer.content.decode()
    assert Certificate.objects.count() == 1


def test_revoking_asks_for_a_reason(desk, root, certificate):
    assert "Revoke certificates" in act(desk, certificate, "revoke")
    act(desk, certificate, "revoke", reason="")
    assert not Certificate.objects.exclude(revoked_at=None).exists()
    assert "Certificates revoked: 1." in act(desk, certificate, "revoke", reason="A mistake.")
    certificate.refresh_from_db()
    assert (certificate.reason, certificate.revoked_by) == ("A mistake.", root)
    assert "A mistake." in LogEntry.objects.get().change_message


def test_after_a_revocation_one_is_issued_by_hand(desk, ada, root, course, certificate):
    actions.revoke(certificate, root, "A mistake.")
    data = {"email": ada.email, "course": str(course.pk)}
    assert desk.post(f"{ADDRESS}add/", data).status_code == 302
    assert Certificate.objects.current().get().status == "valid"


def test_a_name_is_put_right_again_and_again(desk, certificate):
    assert "Put the name right" in act(desk, certificate, "correct_name")
    for name in ("Ada L", "Ada Lovelace"):
        current = Certificate.objects.current().get()
        act(desk, current, "correct_name", name=name)
    assert Certificate.objects.current().get().holder == "Ada Lovelace"
    assert LogEntry.objects.count() == 2
    assert "Nothing changed" in act(desk, current_of(certificate), "correct_name", name=name)
    assert LogEntry.objects.count() == 2


def test_the_log_keeps_no_name(desk, ada, root, course, certificate):
    act(desk, certificate, "correct_name", name="Ada Lovelace")
    act(desk, current_of(certificate), "revoke", reason="A mistake.")
    desk.post(f"{ADDRESS}add/", {"email": ada.email, "course": str(course.pk)})
    entries = LogEntry.objects.order_by("pk")
    assert [str(entry.content_type) for entry in entries] == ["Certificates | certificate"] * 3
    for entry in entries:
        assert "Ada" not in entry.object_repr + entry.change_message
        assert Certificate.objects.get(pk=entry.object_id).code in entry.object_repr
    assert certificate.code in entries[0].change_message


def test_a_replaced_one_is_refused(desk, root, certificate):
    actions.correct_name(certificate, "Ada L", root)
    page = act(desk, certificate, "correct_name", name="Ada King")
    assert "revoked or replaced meanwhile" in page
    assert Certificate.objects.count() == 2
    act(desk, certificate, "revoke", reason="A mistake.")
    assert not Certificate.objects.exclude(revoked_at=None).exists()

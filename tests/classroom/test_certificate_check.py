"""The check page: open to all, alike for every wrong code, with no more than it must say."""

import json
import re

import pytest
from django.utils.timezone import now

from certificates import actions, revocations
from certificates.credentials import revocation_list, signed, verify
from certificates.models import Certificate, SigningKey
from classroom.pages.certificates import check_page
from courses.models import Course
from tests.certificates.builders import certify, erase
from tests.conftest import make_course

WELL_FORMED = "A" * 22
TOKEN = re.compile(r'"X-CSRFToken": "\w+"|name="csrfmiddlewaretoken" value="\w+"')


@pytest.fixture
def certificate(ada, course):
    return certify(ada, course)


def page_of(client, certificate):
    return client.get(certificate.get_absolute_url()).content.decode()


def text_without_token(answer):
    return TOKEN.sub("", answer.content.decode())


def test_a_guest_sees_who_finished_what_and_when(client, certificate, ada):
    answer = client.get(certificate.get_absolute_url())
    page = answer.content.decode()
    assert answer.status_code == 200
    for said in ("<h1>Valid</h1>", "Ada", "Python from zero", "12 March 2026", "Checked now"):
        assert said in page
    for kept in (ada.email, str(ada.pk), str(certificate.pk)):
        assert kept not in page
    assert answer["X-Robots-Tag"] == "noindex"
    assert "no-store" in answer["Cache-Control"]


def test_programs_get_the_same_as_json(client, certificate, ada):
    answer = client.get(f"/certificates/{certificate.code}.json")
    said = answer.json()
    assert said["status"] == "valid"
    assert (said["holder"], said["course"]) == ("Ada", "Python from zero")
    assert said["completed_on"] == "2026-03-12"
    assert ada.email not in answer.content.decode()
    assert str(ada.pk) not in answer.content.decode()
    assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "code", ["x", "' OR 1=1 --", "a/b", "../../etc/passwd", "é" * 22, "%00x"[3:], "A" * 8000]
)
def test_absent_and_malformed_codes_are_answered_alike(client, db, code, django_assert_num_queries):
    with django_assert_num_queries(1):
        absent = client.get(f"/certificates/{WELL_FORMED}/")
    with django_assert_num_queries(1):
        malformed = client.get(f"/certificates/{code}/")
    assert absent.status_code == malformed.status_code == 404
    assert text_without_token(absent) == text_without_token(malformed)
    assert client.get(f"/certificates/{WELL_FORMED}.json").json()["status"] == "not_found"


def test_an_address_may_ask_thirty_times_a_minute(client, certificate):
    for _ in range(30):
        assert client.get(f"/certificates/{WELL_FORMED}/").status_code == 404
    refused = client.get(certificate.get_absolute_url())
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 60
    assert "Ada" not in refused.content.decode()


def test_programs_that_ask_too_often_are_told_so_in_json(client, certificate):
    for _ in range(31):
        refused = client.get(f"/certificates/{certificate.code}.json")
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 60
    assert refused["Access-Control-Allow-Origin"] == "*"
    error = refused.json()["error"]
    assert set(error) == {"code", "detail", "fields"}
    assert error["code"] == "rate_limited"


@pytest.mark.parametrize("verb", ["revoke", "correct_name"])
def test_the_list_of_what_is_gone_is_made_once_and_anew_after_each_change(
    client, root, certificate, django_assert_num_queries, django_capture_on_commit_callbacks, verb
):
    address = "/certificates/revoked.json"
    with django_assert_num_queries(1):
        first = client.get(address)
    with django_assert_num_queries(0):
        assert client.get(address).json() == first.json()
    with django_capture_on_commit_callbacks(execute=True):
        if verb == "revoke":
            actions.revoke(certificate, root, "A mistake.")
        else:
            actions.correct_name(certificate, "Ada Lovelace", root)
    with django_assert_num_queries(1):
        assert len(client.get(address).json()["revokedCredential"]) == 1


def test_a_list_that_was_made_during_a_change_is_not_kept_for_those_after_it(
    client, root, certificate, monkeypatch, django_capture_on_commit_callbacks
):
    def slow_list():
        made = revocation_list()
        with django_capture_on_commit_callbacks(execute=True):
            actions.revoke(certificate, root, "A mistake.")
        return made

    with monkeypatch.context() as patch:
        patch.setattr(revocations, "revocation_list", slow_list)
        assert client.get("/certificates/revoked.json").json()["revokedCredential"] == []
    assert len(client.get("/certificates/revoked.json").json()["revokedCredential"]) == 1


def test_a_copy_of_the_list_is_asked_about_before_it_is_used(
    client, root, certificate, django_capture_on_commit_callbacks
):
    address = "/certificates/revoked.json"
    first = client.get(address)
    assert first["Cache-Control"] == "public, no-cache"
    known = {"If-None-Match": first["ETag"]}
    same = client.get(address, headers=known)
    assert (same.status_code, same.content) == (304, b"")
    assert same["Access-Control-Allow-Origin"] == "*"
    with django_capture_on_commit_callbacks(execute=True):
        actions.revoke(certificate, root, "A mistake.")
    assert client.get(address, headers=known).status_code == 200


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (None, "Genuine, and it stands."),
        ("revoked", "Genuine, but revoked."),
        ("replaced", "Genuine, but replaced."),
        ("changed", "Not genuine."),
    ],
)
def test_a_credential_is_checked_by_whoever_has_it(client, root, certificate, happens, said):
    token = signed(certificate)
    if happens == "revoked":
        actions.revoke(certificate, root, "A mistake.")
    elif happens == "replaced":
        actions.correct_name(certificate, "Ada Lovelace", root)
    elif happens == "changed":
        token = token.replace(".", ".e", 1)
    form = client.get("/certificates/check/").content.decode()
    assert 'action="/certificates/check/#proof"' in form
    answer = client.post("/certificates/check/", {"credential": f" {token}\n"})
    assert re.search(r'id="proof" tabindex="-1" data-focus>', answer.content.decode())
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert certificate.code not in answer.content.decode()


def test_the_pages_nest_as_html_allows(client, as_, ada, certificate):
    """Paragraphs in a span are moved out of it by strict readers."""
    for page in (page_of(client, certificate), as_(ada).get("/certificates/").content.decode()):
        assert not re.search(r"<span[^>]*>\s*<(div|p|h1)\b", page)


def test_people_of_one_address_are_counted_each(client, as_, ada, bob, certificate):
    for _ in range(31):
        last = client.get(certificate.get_absolute_url())
    assert last.status_code == 429
    for user in (ada, bob):
        browser = as_(user)
        found = [browser.get(certificate.get_absolute_url()).status_code for _ in range(31)]
        assert found == [200] * 30 + [429]


def test_a_revoked_certificate_says_so_without_the_reason(client, certificate, root):
    actions.revoke(certificate, root, "Copied from a friend.")
    page = page_of(client, certificate)
    assert "<h1>Revoked</h1>" in page
    assert "Copied from a friend" not in page
    for ending in (".jwt", ".pdf", "/sheet/"):
        assert client.get(f"/certificates/{certificate.code}{ending}").status_code == 404
    assert client.get(f"/certificates/{certificate.code}.json").json()["status"] == "revoked"


def test_a_replaced_certificate_leads_to_the_newer_and_hides_the_old_name(client, ada, course):
    ada.name = "A name of long ago"
    old = certify(ada, course)
    new = actions.correct_name(old, "Ada Lovelace", ada)
    page = page_of(client, old)
    assert "<h1>Replaced</h1>" in page
    assert new.get_absolute_url() in page
    assert "long ago" not in page
    said = client.get(f"/certificates/{old.code}.json").json()
    assert (said["status"], said["holder"]) == ("replaced", None)
    assert said["replaced_by"].endswith(new.get_absolute_url())
    assert client.get(f"/certificates/{old.code}.jwt").status_code == 404
    assert "Ada Lovelace" in page_of(client, new)


def test_a_private_certificate_wants_the_name_as_well(client, as_, ada, bob, certificate):
    actions.set_private(certificate, True)
    for browser in (client, as_(bob)):
        page = page_of(browser, certificate)
        assert "<h1>Private</h1>" in page
        assert "Python from zero" not in page
    said = client.get(f"/certificates/{certificate.code}.json").json()
    assert set(said) == {"status", "checked_at"}
    wrong = client.post(certificate.get_absolute_url(), {"name": "Eve"}).content.decode()
    assert "This is not the name on this certificate." in wrong
    right = client.post(certificate.get_absolute_url(), {"name": "  aDA "}).content.decode()
    assert "<h1>Valid</h1>" in right
    assert "Python from zero" in right
    assert "<h1>Valid</h1>" in page_of(as_(ada), certificate)
    assert client.get(f"/certificates/{certificate.code}.jwt").status_code == 404


def test_a_private_one_that_is_opened_by_name_offers_what_opens(client, as_, ada, certificate):
    actions.set_private(certificate, True)
    opened = client.post(certificate.get_absolute_url(), {"name": "Ada"}).content.decode()
    assert "Python from zero" in opened
    for ending in ("/sheet/", ".jwt", ".json", ".pdf"):
        assert f"{certificate.code}{ending}" not in opened
    mine, browser = page_of(as_(ada), certificate), as_(ada)
    for address in re.findall(rf'href="(/certificates/{certificate.code}[^"]+)"', mine):
        assert browser.get(address).status_code in (200, 302)
    assert f"{certificate.code}.jwt" in mine


def test_a_replaced_one_is_as_private_as_the_newer(client, ada, course):
    old = certify(ada, course)
    new = actions.correct_name(old, "Ada Lovelace", ada)
    actions.set_private(new, True)
    page = page_of(client, old)
    assert "<h1>Private</h1>" in page
    assert new.code not in page


def test_a_private_one_opens_when_its_name_is_gone(client, certificate, ada):
    actions.set_private(certificate, True)
    erase(ada)
    page = page_of(client, certificate)
    assert "<h1>Valid</h1>" in page
    assert "the name with it" in page
    assert client.get(f"/certificates/{certificate.code}.json").json()["status"] == "valid"


def test_the_certificate_of_an_erased_person_is_valid_and_nameless(client, certificate, ada):
    erase(ada)
    for forgotten in (False, True):
        if forgotten:
            actions.forget_erased()
        page = page_of(client, certificate)
        assert "<h1>Valid</h1>" in page
        assert "the name with it" in page
        assert "Ada" not in page
        assert client.get(f"/certificates/{certificate.code}.jwt").status_code == 404
        assert client.get(f"/certificates/{certificate.code}/sheet/").status_code == 404


def test_what_is_shown_does_not_follow_the_course_or_the_person(client, certificate, ada, settings):
    settings.SITE_NAME = "Another school"
    Course.objects.update(title="Another", slug="another", status="ARCHIVED", deleted_at=now())
    ada.name = "Another"
    ada.save()
    page = page_of(client, certificate)
    assert "Python from zero" in page
    assert "Ada" in page
    assert "Waymark issued this certificate" in page


def test_the_credential_is_a_file_that_verifies(client, certificate):
    answer = client.get(f"/certificates/{certificate.code}.jwt")
    assert answer["Content-Type"] == "application/jwt"
    assert "attachment" in answer["Content-Disposition"]
    assert verify(answer.content.decode())["id"] == f"urn:uuid:{certificate.pk}"
    again = client.get(f"/certificates/{certificate.code}.jwt")
    assert again.content == answer.content


def test_keys_stand_at_fixed_addresses(client, certificate):
    client.get(f"/certificates/{certificate.code}.jwt")
    key = SigningKey.objects.get()
    shown = client.get("/certificates/keys.json")
    [told] = shown.json()["keys"]
    assert told["kid"].endswith(f"/certificates/keys/{key.pk}.json")
    assert client.get(f"/certificates/keys/{key.pk}.json").json() == told
    assert "d" not in told
    assert shown["Access-Control-Allow-Origin"] == "*"
    assert client.get(f"/certificates/keys/{certificate.pk}.json").status_code == 404
    assert client.get("/certificates/revoked.json").json()["revokedCredential"] == []


def test_a_lookup_takes_a_code_or_an_address(client, certificate):
    for typed in (certificate.code, f" https://x.example{certificate.get_absolute_url()} "):
        answer = client.get("/certificates/check/", {"code": typed})
        assert answer["Location"] == certificate.get_absolute_url()
    assert client.get("/certificates/check/").status_code == 200
    assert "Enter the code" in client.get("/certificates/check/?code=").content.decode()
    for typed in ("nonsense", "http://[", "'"):
        answer = client.get("/certificates/check/", {"code": typed})
        assert answer.status_code == 404
        assert "Not found" in answer.content.decode()


def test_a_name_with_markup_in_it_is_text(client, ada, course):
    ada.name = "<img src=http://169.254.169.254><style>*{}</style>"
    certificate = certify(ada, course)
    for address in (certificate.get_absolute_url(), f"/certificates/{certificate.code}/sheet/"):
        page = client.get(address).content.decode()
        assert "&lt;img src=http://169.254.169.254&gt;" in page
        assert "<img src" not in page


def test_a_check_takes_one_query(certificate, ada, bob, django_assert_num_queries):
    newer = certify(bob, make_course("second"))
    Certificate.objects.filter(pk=certificate.pk).update(superseded_by=newer)
    for code in (certificate.code, newer.code, WELL_FORMED):
        with django_assert_num_queries(1):
            page = check_page(code, None)
            assert json.dumps(page.status)
            assert page.certificate is None or page.certificate.user.name

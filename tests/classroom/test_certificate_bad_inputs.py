"""The table of bad inputs of certificates, asked row by row."""

import base64
import csv
import json
from pathlib import Path

import pytest
from django.utils.timezone import now

from certificates import actions
from certificates.credentials import signed, verify
from certificates.errors import NotGenuine
from certificates.models import Certificate, new_code
from certificates.printing import can_print, pdf_of
from tests.certificates.builders import certify, erase
from tests.races.gate import at_once

TABLE = Path(__file__).parent.parent / "bad_inputs" / "certificate_rows.tsv"
with TABLE.open(newline="") as table:
    ROWS = {
        row["surface"].split()[0]: row
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
    }
EVIL = '<img src=http://169.254.169.254><style>*{background:url(//x.example)}</style>#image("x")'


@pytest.fixture
def certificate(ada, course):
    return certify(ada, course)


@pytest.fixture
def row(request):
    """The row of the table that the test is named after."""
    number = request.node.originalname.split("_")[1].upper()
    return ROWS[number]


def statuses(client, codes):
    return [client.get(f"/certificates/{code}/") for code in codes]


def unchanged(certificate):
    before = Certificate.objects.filter(pk=certificate.pk).values().get()
    return lambda: Certificate.objects.values().get() == before


def test_ce01_guessing_finds_nothing(row, client, ada, course, certificate):
    still = unchanged(certificate)
    code = certificate.code
    near = code[:-1] + ("A" if code[-1] != "A" else "B")
    swapped = code.swapcase() if code.swapcase() != code else near
    guesses = [certificate.pk, ada.pk, course.pk, course.slug, 1, near, swapped, code[:-1]]
    for answer in statuses(client, guesses):
        assert str(answer.status_code) == row["status"]
        assert row["body"] in answer.content.decode()
        assert "Ada" not in answer.content.decode()
    assert still()


def test_ce02_trying_is_counted(row, client, certificate):
    found = [answer.status_code for answer in statuses(client, [new_code() for _ in range(31)])]
    assert found == [404] * 30 + [429]


def test_ce03_what_cannot_be_a_code_is_not_found(row, client, certificate):
    still = unchanged(certificate)
    codes = ["' OR '1'='1", "1;DROP TABLE certificates_certificate", "<script>", "..%2F..%2Fetc"]
    codes += ["%", "a/b/c", "コード", "😀", f"{certificate.code}'", f" {certificate.code}"]
    for answer in statuses(client, codes):
        assert str(answer.status_code) == row["status"]
        assert row["body"] in answer.content.decode()
        assert "<script>" not in answer.content.decode()
    assert still()


def test_ce04_a_good_code_shows_four_things(row, client, ada, certificate):
    answer = client.get(certificate.get_absolute_url())
    page = answer.content.decode()
    assert str(answer.status_code) == row["status"]
    for said in (row["body"], "Ada", "Python from zero", "12 March 2026"):
        assert said in page
    assert ada.email not in page
    assert str(ada.pk) not in page
    assert "%" not in page.partition("<main")[2].partition("</main>")[0]


def test_ce05_a_huge_code_is_not_found(row, client, certificate):
    for ending in ("/", ".json", ".pdf", ".jwt", "/sheet/"):
        answer = client.get(f"/certificates/{'A' * 8000}{ending}")
        assert str(answer.status_code) == row["status"]


def test_ce06_an_erased_holder_leaves_a_valid_certificate(row, client, ada, certificate):
    erase(ada)
    actions.forget_erased()
    answer = client.get(certificate.get_absolute_url())
    assert str(answer.status_code) == row["status"]
    assert row["body"] in answer.content.decode()
    assert "Ada" not in answer.content.decode()
    assert client.get(f"/certificates/{certificate.code}.json").json()["holder"] is None


def test_ce07_only_who_may_decides(row, as_, bob, course, certificate):
    still, browser, address = unchanged(certificate), as_(bob), "/admin/certificates/certificate/"
    for path, data in (
        (f"{address}add/", {"email": bob.email, "course": str(course.pk)}),
        (address, {"action": "revoke", "_selected_action": str(certificate.pk), "reason": "x"}),
        (address, {"action": "correct_name", "_selected_action": str(certificate.pk), "name": "x"}),
    ):
        answer = browser.post(path, data)
        assert answer.status_code in (302, 403, 404)
        assert address not in answer.get("Location", "").partition("?")[0]
    for action in ("privacy", "name"):
        data = {"private": "1", "name": "Bob"}
        assert browser.post(f"/certificates/{certificate.code}/{action}/", data).status_code == 404
    assert still()


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("races")
def test_ce08_sixteen_issues_at_once_are_one(row, ada, course):
    issued = at_once(
        "certificates_certificate", [lambda: actions.issue(ada, course, now()) for _ in range(16)]
    )
    assert len({one.pk for one, _ in issued}) == 1
    assert sum(created for _, created in issued) == 1
    assert Certificate.objects.count() == 1


def test_ce09_a_forged_credential_is_none(row, certificate):
    header, payload, signature = signed(certificate).split(".")
    said = json.loads(base64.urlsafe_b64decode(payload + "=="))
    said["credentialSubject"]["identifier"][0]["identityHash"] = "Bob"
    forged = base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()
    with pytest.raises(NotGenuine, match=row["body"]):
        verify(f"{header}.{forged}.{signature}")


def test_ce10_a_name_is_text(row, client, ada, course):
    ada.name = EVIL[:80]
    certificate = certify(ada, course)
    page = client.get(f"/certificates/{certificate.code}/sheet/").content.decode()
    assert "&lt;img src=http://169.254.169.254&gt;&lt;style&gt;" in page
    assert "<img src=http" not in page
    if can_print():
        assert pdf_of(certificate)


def test_ce11_a_revoked_certificate_has_no_files(row, client, root, certificate):
    actions.revoke(certificate, root, "A mistake.")
    answer = client.get(certificate.get_absolute_url())
    assert answer.status_code == 200
    assert row["body"] in answer.content.decode()
    for ending in (".pdf", ".jwt", "/sheet/"):
        assert client.get(f"/certificates/{certificate.code}{ending}").status_code == 404


def test_every_row_of_the_table_is_asked():
    written = {name.split("_")[1].upper() for name in globals() if name.startswith("test_ce")}
    assert written == set(ROWS)

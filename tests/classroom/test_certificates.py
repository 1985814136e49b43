"""My certificates, and the ways to them."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from accounts.names import InvalidName
from certificates import actions
from certificates.models import Certificate
from classroom.pages.certificates import certificates_page
from enrollments.actions import enroll
from progress.actions import complete_lesson
from tests.certificates.builders import certify
from tests.conftest import make_course

HOME = "/classroom/courses/python-basics/"


@pytest.fixture
def certificate(ada, course):
    return certify(ada, course)


def test_the_list_shows_mine_and_what_can_be_done_with_them(ada, bob, as_, certificate, course):
    other = certify(bob, course)
    page = as_(ada).get("/certificates/").content.decode()
    assert certificate.get_absolute_url() in page
    assert f"/certificates/{certificate.code}.jwt" in page
    assert f"/certificates/{certificate.code}/name/" in page
    assert other.code not in page
    assert re.search(r'<a href="/progress/"[^>]* aria-current="page"', page)


def test_guests_sign_in_first(client, certificate):
    assert client.get("/certificates/")["Location"].startswith("/accounts/login/?next=")
    answer = client.post(f"/certificates/{certificate.code}/privacy/", {"private": "1"})
    assert answer["Location"] == "/accounts/login/?next=/certificates/"


def test_without_any_the_nearest_course_is_named(ada, as_, lessons):
    enroll(ada, make_course("long-one", lessons=9))
    complete_lesson(ada, lessons[0])
    page = as_(ada).get("/certificates/").content.decode()
    assert "The nearest is Python from zero, 2 lessons left." in page


def test_without_any_course_the_catalogue_is_named(bob, as_):
    assert "Find a course" in as_(bob).get("/certificates/").content.decode()


def test_the_list_takes_as_few_queries_as_it_says(
    ada, bob, certificate, course, django_assert_num_queries
):
    certify(ada, make_course("second"))
    enroll(bob, course)
    for user, number in ((ada, 1), (bob, 3)):
        with django_assert_num_queries(number):
            page = certificates_page(user)
            assert [row.sheet.certificate.shown_holder for row in page.rows] or page.missing == 3


def test_the_switch_makes_a_certificate_private_and_public(ada, bob, as_, certificate):
    browser, address = as_(ada), f"/certificates/{certificate.code}/privacy/"
    assert browser.post(address, {"private": "1"})["Location"] == "/certificates/"
    assert browser.post(address, {"private": "1"}).status_code == 303
    assert Certificate.objects.get().is_private
    row = browser.post(address, {"private": "0"}, headers={"HX-Request": "true"})
    assert 'aria-pressed="false"' in row.content.decode()
    assert "Public again." in row["HX-Trigger"]
    assert not Certificate.objects.get().is_private
    assert browser.post(address, {}).status_code == 422
    assert browser.get(address).status_code == 405
    assert as_(bob).post(address, {"private": "1"}).status_code == 404


def test_the_name_is_put_right_once(ada, bob, as_, certificate):
    browser, address = as_(ada), f"/certificates/{certificate.code}/name/"
    assert as_(bob).get(address).status_code == 404
    assert browser.get(address).status_code == 200
    refused = browser.post(address, {"name": "two\nlines"})
    assert refused.status_code == 422
    given = {"name": "Ada Lovelace", "confirmed": "Ada Lovelace"}
    assert browser.post(address, given)["Location"] == "/certificates/"
    newer = Certificate.objects.current().get()
    assert newer.holder == "Ada Lovelace"
    assert browser.get(address).status_code == 404
    again = f"/certificates/{newer.code}/name/"
    assert "You have changed it once." in browser.get(again).content.decode()
    assert browser.post(again, {"name": "Ada King"}).status_code == 422
    assert Certificate.objects.count() == 2


def test_a_name_is_seen_as_it_will_be_printed_before_it_is_changed(ada, as_, certificate):
    browser, address = as_(ada), f"/certificates/{certificate.code}/name/"
    shown = browser.post(address, {"name": "Ada  King "})
    page = shown.content.decode()
    assert shown.status_code == 200
    assert '<p class="sheet-name"><bdi>Ada  King</bdi></p>' in page
    assert "This is the only change that you can make yourself." in page
    assert "only staff can change it" in page
    assert browser.post(address, {"name": "Ada King", "confirmed": "Ada  King"}).status_code == 200
    back = browser.post(address, {"name": "Ada King", "confirmed": "Ada King", "again": "1"})
    assert 'value="Ada King"' in back.content.decode()
    assert Certificate.objects.get().holder == "Ada"
    browser.post(address, {"name": "Ada King", "confirmed": "Ada King"})
    assert Certificate.objects.current().get().holder == "Ada King"


@pytest.mark.parametrize("name", ["<b>x</b>", "Ada > Grace", "Ada <3", "Ada\u202eecalevoL", "\x00"])
def test_markup_and_hidden_signs_are_no_name(ada, root, as_, certificate, name):
    address = f"/certificates/{certificate.code}/name/"
    refused = as_(ada).post(address, {"name": name, "confirmed": name})
    assert refused.status_code in (400, 422)
    with pytest.raises(InvalidName):
        actions.correct_name(certificate, name, root)
    assert Certificate.objects.get().holder == "Ada"


def test_a_revoked_one_is_called_so_on_the_page_of_its_course(ada, root, as_, lessons):
    browser = as_(ada)
    for lesson in lessons[:3]:
        complete_lesson(ada, lesson)
    actions.revoke(Certificate.objects.get(), root, "A mistake.")
    for address in (HOME, f"{HOME}lessons/extra/"):
        page = browser.get(address).content.decode()
        assert f"{HOME}certificate/" in page
        assert "Your certificate was revoked" in page
        assert "See your certificate" not in page


def test_once_changed_a_name_offers_no_change_and_says_why(ada, bob, as_, certificate, course):
    other = certify(ada, make_course("second"))
    certify(bob, course)
    page = as_(ada).get("/certificates/").content.decode()
    assert page.count(">Change<") == 2
    newer = actions.correct_name(certificate, "Ada Lovelace", ada)
    page = as_(ada).get("/certificates/").content.decode()
    assert f"/certificates/{newer.code}/name/" not in page
    assert f"/certificates/{other.code}/name/" in page
    assert page.count("You have changed it once; staff can change it again.") == 1
    address = f"/certificates/{newer.code}/privacy/"
    row = as_(ada).post(address, {"private": "1"}, headers={"HX-Request": "true"}).content.decode()
    assert "You have changed it once;" in row
    assert ">Change<" not in row


def test_a_name_that_staff_have_changed_can_be_changed_by_its_holder(ada, root, as_, certificate):
    newer = actions.correct_name(certificate, "Ada King", root)
    page = as_(ada).get("/certificates/").content.decode()
    assert f"/certificates/{newer.code}/name/" in page
    assert "You have changed it once;" not in page


def test_a_revoked_one_shows_its_holder_the_reason(ada, root, as_, certificate):
    actions.revoke(certificate, root, "The code was somebody else's.")
    page = as_(ada).get("/certificates/").content.decode()
    assert "The code was somebody else&#x27;s." in page
    assert ".jwt" not in page
    assert as_(ada).get(f"/certificates/{certificate.code}/name/").status_code == 404


def test_linkedin_gets_what_its_form_asks_for_and_nothing_else(ada, certificate):
    [row] = certificates_page(ada).rows
    link = urlsplit(row.linked_in)
    assert (link.scheme, link.netloc) == ("https", "www.linkedin.com")
    fields = parse_qs(link.query)
    assert fields["name"] == ["Python from zero"]
    assert (fields["issueYear"], fields["issueMonth"]) == (["2026"], ["3"])
    assert fields["certUrl"][0].endswith(certificate.get_absolute_url())
    assert ada.email not in row.linked_in


def test_a_finished_course_leads_to_its_certificate(ada, as_, lessons):
    browser = as_(ada)
    way = f"{HOME}certificate/"
    assert way not in browser.get(HOME).content.decode()
    assert browser.get(way)["Location"] == "/certificates/"
    for lesson in lessons[:3]:
        complete_lesson(ada, lesson)
    last = browser.get(f"{HOME}lessons/extra/").content.decode()
    for page in (browser.get(HOME).content.decode(), last):
        assert way in page
        assert "See your certificate" in page
    assert way in browser.get("/classroom/").content.decode()
    assert browser.get(way)["Location"] == Certificate.objects.get().get_absolute_url()
    assert browser.get(way, follow=True).status_code == 200

"""The number for text messages: a code proves whose it is."""

import re
from datetime import timedelta

import pytest

from accounts.school import change_school
from accounts.school import forget as forget_school
from notifications import phones
from notifications.mail_retention import forget_old_messages
from notifications.models import Contact, PhoneCode
from notifications.phones import NoNumber, clean_number
from notifications.sms_gateway import TryLater
from notifications.tasks import forget_old_messages as nightly
from tests.conftest import make_person
from tests.doubles import sms_gateway

pytestmark = pytest.mark.usefixtures("gateway")

PAGE = "/settings/notifications/"
ASK, TYPE, END = f"{PAGE}phone/", f"{PAGE}phone/code/", f"{PAGE}phone/end/"
NUMBER = "+4915112345678"


def ask(browser, number=NUMBER):
    return browser.post(ASK, {"phone": number})


def code_sent():
    return re.match(r"([0-9]{6}) is your code for Waymark", sms_gateway.SENT[-1][1])[1]


def another(code):
    return f"{(int(code) + 1) % 10**6:06}"


def confirmed():
    return Contact.objects.get().phone_confirmed_at is not None


def test_a_number_is_confirmed_by_its_code(as_, bob, settings, django_assert_max_num_queries):
    browser = as_(bob)
    assert "Send code" in browser.get(PAGE).text
    assert ask(browser, "0049 (151) 1234-5678").status_code == 303
    ((to, text),) = sms_gateway.SENT
    assert to == NUMBER
    assert len(text) <= 160
    assert f"{settings.SITE_URL}{PAGE}" in text
    assert f"We sent a code of six digits to <strong>{NUMBER}</strong>" in browser.get(PAGE).text
    assert not confirmed()
    code = code_sent()
    assert browser.post(TYPE, {"code": f" {code[:3]} {code[3:]}"}).status_code == 303
    assert confirmed()
    assert not PhoneCode.objects.exists()
    with django_assert_max_num_queries(7):
        assert f'Remove<span class="visually-hidden"> {NUMBER}' in browser.get(PAGE).text


def test_the_code_is_kept_nowhere(as_, bob):
    ask(as_(bob))
    row = PhoneCode.objects.get()
    assert code_sent() not in row.digest
    assert row.digest != phones.digest_of(bob, "+4915112345679", code_sent())


@pytest.mark.parametrize("number", [
    "", "12345", "0151 12345678", "+49", "+0151123456", "+49151x2345678", "+" + "1" * 16,
    "+49 151 1234567\u0000", "+٤٩١٥١١٢٣٤٥٦٧٨", "+4915112345678,+4917612345678", "1" * 100,
])  # fmt: skip
def test_what_is_no_number_is_told_and_sends_nothing(as_, bob, number):
    answer = ask(as_(bob), number)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert not sms_gateway.SENT
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    "written",
    [
        NUMBER,
        "+49 151 123 456 78",
        "0049-151/12345678",
        "+49(0)151 12345678",
        "0049 (0) 151 12345678",
    ],
)
def test_numbers_are_read_as_people_write_them(written):
    assert clean_number(written) == NUMBER


@pytest.mark.parametrize(
    "written", ["+49 0151 2345678", "0044 07911 123456", "+353 087 1234567", "+7 0912 345678"]
)
def test_the_zero_of_calls_from_inside_is_refused_in_words(as_, bob, written):
    answer = ask(as_(bob), written)
    assert answer.status_code == 422
    assert "Leave out the zero after the country code" in answer.text
    assert not sms_gateway.SENT


@pytest.mark.parametrize(
    "written",
    [
        "+39 06 69812345", "+378 0549 882911", "+225 07 01 23 45 67", "+20 10 1234 5678",
        "+358 40 1234567", "+1 202 555 0123",
    ],
)  # fmt: skip
def test_a_zero_that_belongs_to_the_number_stays(written):
    assert clean_number(written) == written.replace(" ", "")


def test_a_number_without_its_country_is_none():
    with pytest.raises(NoNumber):
        clean_number("015112345678")


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "1" * 30])
def test_what_is_no_code_costs_no_try(as_, bob, code):
    browser = as_(bob)
    ask(browser)
    answer = browser.post(TYPE, {"code": code})
    assert answer.status_code == 422
    assert PhoneCode.objects.get().tries == 0


def test_after_five_tries_no_code_is_right(as_, bob):
    browser = as_(bob)
    ask(browser)
    code = code_sent()
    for _ in range(phones.MOST_TRIES):
        answer = browser.post(TYPE, {"code": another(code)})
        assert answer.status_code == 422
        assert "This is not the code" in answer.text
    answer = browser.post(TYPE, {"code": code})
    assert answer.status_code == 422
    assert not confirmed()
    assert browser.post(ASK).status_code == 303
    assert browser.post(TYPE, {"code": code_sent()}).status_code == 303
    assert confirmed()


def test_a_code_that_works_no_more_is_not_said_to_work(as_, bob):
    browser = as_(bob)
    ask(browser)
    for _ in range(phones.MOST_TRIES):
        answer = browser.post(TYPE, {"code": another(code_sent())})
    for text in (answer.text, browser.get(PAGE).text, browser.post(TYPE, {"code": "1"}).text):
        assert "no longer works" in text
        assert "It works for ten minutes" not in text
        assert "Confirm number" not in text
    browser.post(ASK)
    assert "It works for ten minutes" in browser.get(PAGE).text
    PhoneCode.objects.update(expires_at=bob.date_joined)
    assert "no longer works" in browser.get(PAGE).text


def test_a_code_where_none_is_waited_for_is_answered_in_words(as_, bob):
    browser = as_(bob)
    answer = browser.post(TYPE, {"code": "123456"})
    assert (answer.status_code, "No number waits for a code." in answer.text) == (422, True)
    ask(browser)
    code = code_sent()
    browser.post(TYPE, {"code": code}, follow=True)
    for again in (code, another(code), "12"):
        answer = browser.post(TYPE, {"code": again}, follow=True)
        assert (answer.status_code, "is confirmed already" in answer.text) == (200, True)
    assert confirmed()


def test_a_number_that_is_confirmed_gets_no_code_and_is_told_so(as_, bob):
    browser = as_(bob)
    ask(browser)
    browser.post(TYPE, {"code": code_sent()}, follow=True)
    browser.get(PAGE)
    answer = browser.post(ASK, {"phone": NUMBER}, follow=True)
    assert "is confirmed already" in answer.text
    assert "on its way" not in answer.text
    assert len(sms_gateway.SENT) == 1


def test_a_code_is_good_for_ten_minutes(bob, noon):
    phones.ask_for_code(bob, NUMBER, "here")
    noon.shift(phones.LIVES + timedelta(seconds=1))
    assert not phones.confirm(bob, code_sent())
    assert nightly() == 1
    assert forget_old_messages() == 0
    assert not PhoneCode.objects.exists()


def test_a_new_code_ends_the_one_before(as_, bob):
    browser = as_(bob)
    ask(browser)
    first = code_sent()
    browser.post(ASK)
    if first != code_sent():
        assert browser.post(TYPE, {"code": first}).status_code == 422
    assert browser.post(TYPE, {"code": code_sent()}).status_code == 303


def test_a_code_is_of_one_person_and_one_number(as_, ada, bob):
    ask(as_(bob))
    code = code_sent()
    ask(as_(ada))
    if code != code_sent():
        assert as_(ada).post(TYPE, {"code": code}).status_code == 422
    Contact.objects.filter(user=bob).update(phone="+4917612345678")
    assert as_(bob).post(TYPE, {"code": code}).status_code == 422


def test_another_number_is_not_confirmed_and_the_same_one_stays(as_, bob):
    browser = as_(bob)
    ask(browser)
    browser.post(TYPE, {"code": code_sent()})
    ask(browser)
    assert confirmed()
    assert len(sms_gateway.SENT) == 1
    ask(browser, "+49 176 12345678")
    assert (Contact.objects.get().phone, confirmed()) == ("+4917612345678", False)


def test_whether_a_number_is_known_is_told_to_nobody(as_, ada, bob):
    answers = []
    for person in (ada, bob):
        browser = as_(person)
        answer = ask(browser)
        answers.append((answer.status_code, answer["Location"]))
        browser.post(TYPE, {"code": code_sent()})
    assert answers[0] == answers[1]
    assert Contact.objects.exclude(phone_confirmed_at=None).count() == 2


def test_a_number_is_not_called_all_day(db):
    people = [make_person(f"p{n}@example.org", f"P{n}") for n in range(4)]
    for one in people[:3]:
        phones.ask_for_code(one, NUMBER, str(one.pk))
    with pytest.raises(phones.TooOften) as often:
        phones.ask_for_code(people[3], NUMBER, "elsewhere")
    assert 0 < often.value.wait <= 3600
    assert len(sms_gateway.SENT) == 3


def test_a_person_asks_five_times_an_hour_and_loses_nothing_by_more(as_, bob):
    browser = as_(bob)
    for number in range(5):
        assert ask(browser, f"{NUMBER[:-1]}{number}").status_code == 303
    for answer in (ask(browser, NUMBER), browser.post(ASK)):
        assert answer.status_code == 429
        assert "Too many codes were asked for. Try again in " in answer.text
        assert 0 < int(answer["Retry-After"]) <= 3600
    assert browser.post(TYPE, {"code": code_sent()}).status_code == 303
    assert len(sms_gateway.SENT) == 5


def test_an_address_and_the_site_have_limits_too(bob, monkeypatch):
    for limit in (phones.BY_ADDRESS, phones.BY_SITE):
        for _ in range(limit.amount):
            limit.spend("all")
        with pytest.raises(phones.TooOften):
            phones.ask_for_code(bob, NUMBER, "all")


def test_a_gateway_that_fails_leaves_all_as_it_was(as_, bob):
    browser = as_(bob)
    ask(browser)
    browser.post(TYPE, {"code": code_sent()})
    sms_gateway.FAULTS.append(lambda: TryLater("Busy."))
    answer = ask(browser, "+49 176 12345678")
    assert answer.status_code == 503
    assert "The code could not be sent." in answer.text
    assert 'value="+49 176 12345678"' in answer.text
    assert (Contact.objects.get().phone, confirmed()) == (NUMBER, True)
    assert not PhoneCode.objects.exists()


def test_whether_a_code_is_good_is_one_question(bob, django_assert_num_queries):
    phones.ask_for_code(bob, NUMBER, "here")
    contact = Contact.objects.get()
    with django_assert_num_queries(1):
        assert phones.is_code_good(contact)


def test_a_text_with_a_code_has_the_name_that_the_school_has_now(bob):
    change_school(name="Green Hill")
    forget_school()
    phones.ask_for_code(bob, NUMBER, "here")
    assert "is your code for Green Hill, for ten minutes" in sms_gateway.SENT[-1][1]


def test_a_first_number_that_could_not_be_asked_is_not_kept(as_, bob):
    sms_gateway.FAULTS.append(lambda: OSError("gone"))
    assert ask(as_(bob)).status_code == 503
    assert Contact.objects.get().phone == ""


def test_a_number_is_taken_away_for_good(as_, bob):
    browser = as_(bob)
    ask(browser)
    code = code_sent()
    for _ in range(2):
        assert browser.post(END).status_code == 303
    assert Contact.objects.get().phone == ""
    assert browser.post(TYPE, {"code": code}).status_code == 422


@pytest.mark.parametrize("path", [ASK, TYPE, END])
def test_strangers_and_looks_change_nothing(client, as_, bob, path):
    assert client.post(path, {"phone": NUMBER}).status_code == 302
    assert as_(bob).get(path).status_code == 405
    assert not sms_gateway.SENT


def test_without_a_gateway_there_is_no_such_thing(as_, bob, settings):
    settings.SMS_GATEWAY = ""
    assert "Text messages" not in as_(bob).get(PAGE).text
    assert ask(as_(bob)).status_code == 404
    assert as_(bob).post(TYPE, {"code": "123456"}).status_code == 422

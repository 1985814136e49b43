"""Browsers that show messages: adding one, removing it, and signing out."""

import pytest
from django.urls import reverse

from accounts import sessions
from accounts.actions import deactivate
from accounts.school import change_school, forget
from notifications import browsers, vapid
from notifications.browsers import MOST, name_of
from notifications.models import Preference, PushSubscription
from notifications.push_services import may_be_asked
from tests.conftest import PASSWORD
from tests.doubles.push_service import Browser

PAGE = "/settings/notifications/"
ADD = f"{PAGE}browsers/"
FCM = "https://fcm.googleapis.com/fcm/send/abc:def-_9"


@pytest.fixture(autouse=True)
def key(settings):
    settings.PUSH_VAPID_PRIVATE_KEY = vapid.new_key()
    settings.PUSH_CONTACT = "mailto:admin@school.example"


def given(endpoint=FCM):
    return Browser(endpoint).given


def the_browser():
    return PushSubscription.objects.get()


def sign_in(client, user):
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


def test_a_browser_is_added_once_and_listed(as_, bob, django_assert_max_num_queries):
    browser = as_(bob)
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
    for _ in range(2):
        answer = browser.post(ADD, given(), headers={"User-Agent": agent})
        assert (answer.status_code, answer["Location"]) == (303, PAGE)
    assert (the_browser().user, the_browser().label) == (bob, "Firefox on Linux")
    with django_assert_max_num_queries(8):
        page = browser.get(PAGE).text
    assert "Firefox on Linux" in page
    assert browsers.fingerprint(the_browser()) in page
    assert vapid.public_key() in page
    assert FCM not in page


def test_without_a_key_there_is_no_such_thing(as_, bob, settings):
    settings.PUSH_VAPID_PRIVATE_KEY = ""
    assert "Messages in your browser" not in as_(bob).get(PAGE).text
    assert as_(bob).post(ADD, given()).status_code == 404


@pytest.mark.parametrize("path", [ADD, f"{PAGE}browsers/0192f0c1-7c1e-7000-8000-000000000000/end/"])
def test_strangers_and_looks_change_nothing(client, as_, bob, path):
    assert client.post(path, given()).status_code == 302
    assert as_(bob).get(path).status_code == 405
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": ""},
        {"endpoint": "https://evil.example/x"},
        {"p256dh": "junk"},
        {"p256dh": "\u0000"},
        {"auth": "AAAA"},
        {"auth": "x" * 41},
        {"endpoint": f"https://fcm.googleapis.com/{'x' * 1000}"},
    ],
)
def test_what_is_no_browser_is_refused_in_words(as_, bob, change):
    answer = as_(bob).post(ADD, {**given(), **change})
    assert answer.status_code == 422
    assert "This browser cannot be added" in answer.text
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"endpoint": "https://evil.example/x"}, "its push service is not one"),
        ({"p256dh": given()["p256dh"][:40]}, "what it gave is not whole"),
        ({"auth": "A" * 20}, "what it gave is not whole"),
        ({"endpoint": ""}, "what it gave is not whole"),
    ],
)
def test_a_refused_browser_is_given_the_reason(as_, bob, change, why):
    assert why in as_(bob).post(ADD, {**given(), **change}).text


def test_the_page_with_a_problem_still_shows_what_was_chosen(as_, bob):
    browser = as_(bob)
    Preference.objects.create(user=bob, topic="review", channel="PUSH", is_on=True)
    answer = browser.post(ADD, {})
    assert 'value="review:PUSH" checked' in answer.text


@pytest.mark.parametrize(
    ("endpoint", "may"),
    [
        (FCM, True),
        ("https://updates.push.services.mozilla.com/wpush/v2/gAAA", True),
        ("https://wns2-par02p.notify.windows.com/w/?token=BQY%2b", True),
        ("https://web.push.apple.com/QAbc", True),
        ("http://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com:8443/x", False),
        ("https://me@fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com@evil.example/x", False),
        ("https://fcm.googleapis.com.evil.example/x", False),
        ("https://evilpush.apple.com/x", False),
        ("https://push.apple.com/x", False),
        ("https://x.push.apple.com.:443/x", False),
        ("https://evil.example/.push.apple.com", False),
        ("https://evil.example\\.push.apple.com/x", False),
        ("https://evil.example#.push.apple.com", False),
        ("https://fcm.googleapis.com/x#y", False),
        ("https://fcm.googleapis.com/x\r\nHost: y", False),
        ("https://127.0.0.1/x", False),
        ("https://[::1]/x", False),
        ("https://[::1", False),
        ("https://169.254.169.254/latest/", False),
        ("//fcm.googleapis.com/x", False),
        ("fcm.googleapis.com", False),
        ("https://fcm.googleapis.com/ü", False),
        ("", False),
    ],
)
def test_only_services_of_browsers_are_asked(endpoint, may):
    assert may_be_asked(endpoint) is may


def test_there_are_so_many_and_no_more(as_, bob):
    for number in range(MOST):
        browsers.add(bob, **given(f"{FCM}{number}"), name="Firefox")
    browser = as_(bob)
    answer = browser.post(ADD, given())
    assert answer.status_code == 409
    assert "Remove one of them first." in answer.text
    assert browser.post(ADD, given(f"{FCM}0")).status_code == 303
    browsers.note_gone(f"{FCM}1")
    assert browser.post(ADD, given()).status_code == 303


def test_who_adds_browsers_all_the_time_is_asked_to_wait(as_, bob):
    browser = as_(bob)
    answers = [browser.post(ADD, given()) for _ in range(21)]
    assert [one.status_code for one in answers] == [303] * 20 + [429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 60


def test_removing_is_for_ones_own(as_, ada, bob):
    browsers.add(bob, **given(), name="Firefox")
    path = f"{ADD}{the_browser().pk}/end/"
    assert as_(ada).post(path).status_code == 303
    assert the_browser()
    for _ in range(2):
        assert as_(bob).post(path).status_code == 303
    assert not PushSubscription.objects.exists()


def test_whoever_comes_next_takes_the_browser_over(as_, ada, bob):
    as_(bob).post(ADD, given())
    as_(ada).post(ADD, given())
    assert the_browser().user == ada


def test_who_signs_out_hears_nothing_more_there(client, bob):
    sign_in(client, bob).post(ADD, given())
    browsers.add(bob, **given(f"{FCM}2"), name="Chrome")
    client.post(reverse("account_logout"))
    assert the_browser().label == "Chrome"


def test_a_session_that_ran_out_changes_nothing(client, bob, settings):
    sign_in(client, bob).post(ADD, given())
    settings.SESSION_ABSOLUTE_SECONDS = -1
    assert client.get(PAGE).status_code == 302
    assert the_browser()


def test_a_session_that_was_ended_from_elsewhere_takes_its_browser_along(client, bob):
    sign_in(client, bob).post(ADD, given())
    (session,) = sessions.sessions_of(bob)
    sessions.end_session(bob, session.pk)
    assert not PushSubscription.objects.exists()


def test_a_new_password_leaves_this_browser_alone(client, bob):
    sign_in(client, bob).post(ADD, given())
    browsers.add(bob, **given(f"{FCM}2"), name="Chrome")
    new = "another long walk on the beach"
    answer = client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert answer.status_code == 302
    assert the_browser().endpoint == FCM


def test_a_closed_account_has_no_browsers(bob):
    browsers.add(bob, **given(), name="Firefox")
    deactivate(bob)
    assert not PushSubscription.objects.exists()


def test_the_worker_is_served_at_the_root_and_may_load_nothing(client, as_, bob):
    for answer in (client.get("/service-worker.js"), as_(bob).get("/service-worker.js")):
        assert answer.status_code == 200
        assert answer["Content-Type"] == "text/javascript; charset=utf-8"
        assert answer["Content-Security-Policy"] == "default-src 'none'"
        assert answer["Cache-Control"] == "no-cache"
        assert answer["X-Content-Type-Options"] == "nosniff"
    assert client.post("/service-worker.js").status_code == 405


def test_a_message_without_words_has_the_name_that_the_school_has_now(client, db):
    change_school(name="Green Hill")
    forget()
    assert "Green Hill" in client.get("/service-worker.js").text


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/142.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
         "like Gecko) Version/26.0 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like "
         "Gecko) Version/26.0 Safari/605.1.15", "Safari on Mac"),
        ("curl/8.5", "A browser"),
        ("", "A browser"),
    ],
)  # fmt: skip
def test_browsers_are_called_what_people_call_them(agent, name):
    assert name_of(agent) == name

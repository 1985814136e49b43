"""The page of one's own link, and the way in for those who come by it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils.timezone import now

from gamification import referrals
from gamification.models import Policy, Referral, ReferralLink
from gamification.referral_cookies import CLICKED, SHOWN
from tests.gamification.referral_people import brought, qualified

PAGE = "/referrals/"
SIGN_UP = "/accounts/signup/"


def text(answer):
    return " ".join(answer.content.decode().split())


def link(user):
    return f"/r/{referrals.link_of(user).code}/"


def sign_up(client, email="zoe@example.org"):
    data = {"email": email, "name": "Zoe", "password1": "a long walk on the beach"}
    answer = client.post(SIGN_UP, {**data, "timezone": "UTC"})
    assert answer.status_code == 302, text(answer)
    return answer


# ---- the page -----------------------------------------------------------------------------------


def test_guests_sign_in_first_and_nobody_posts(client, ada, as_):
    assert client.get(PAGE).headers["Location"] == f"/accounts/login/?next={PAGE}"
    assert as_(ada).post(PAGE).status_code == 405


def test_the_menu_and_the_pages_of_progress_lead_here(as_, ada):
    assert as_(ada).get("/progress/").content.decode().count(f'href="{PAGE}"') == 2
    Policy.objects.create(show_points=False)
    assert PAGE not in as_(ada).get("/progress/").content.decode()


def test_the_first_look_makes_the_link_and_says_nobody_came(as_, ada):
    html = text(as_(ada).get(PAGE))
    assert f"{link(ada)}" in html
    assert "Nobody yet." in html
    assert "<table" not in html


def test_months_are_counted_by_what_became_of_them_and_name_nobody(
    as_, ada, django_assert_num_queries
):
    browser = as_(ada)
    browser.get(PAGE)
    for number in range(3):
        brought(ada, f"Secret{number}")
    paid = qualified(ada, "Known")
    Referral.objects.update(signed_up_at=now().replace(day=3))
    Referral.objects.filter(pk=paid.pk).update(signed_up_at=now() - timedelta(days=62))
    referrals.settle(paid.pk)
    # Session, person, link, months, cap, and the frame, which knows of the school.
    with django_assert_num_queries(6):
        html = text(browser.get(PAGE))
    assert "<strong>1 of 10</strong> rewarded in the last 90 days" in html
    assert 'data-label="On the way">3<' in html
    assert 'data-label="Rewarded">1<' in html
    assert html.count("<tr>") == 3
    for secret in ("Secret", "Known", "@example.org<", str(paid.referee_id)):
        assert secret not in html.replace("ada@example.org", "")


def test_a_full_span_says_that_others_wait(as_, ada):
    for number in range(10):
        referrals.settle(qualified(ada, f"Person{number}").pk)
    assert "Others wait until there is room" in text(as_(ada).get(PAGE))


def test_hidden_points_hide_it_and_a_school_without_points_has_none(as_, ada):
    ada.profile.preferences = {"show_points": False}
    ada.profile.save()
    html = text(as_(ada).get(PAGE))
    assert "are hidden" in html
    assert "/r/" not in html
    assert not ReferralLink.objects.exists()
    Policy.objects.create(show_points=False)
    assert as_(ada).get(PAGE).status_code == 404


# ---- the way in ---------------------------------------------------------------------------------


def test_who_signs_up_within_the_second_has_come_after_the_click(client, ada):
    with time_machine.travel(datetime(2026, 5, 4, 12, 0, 0, 700_000, UTC), tick=False):
        client.get(link(ada))
        moment = client.cookies[CLICKED].value.partition(".")[0]
        assert int(moment) <= now().timestamp()


def test_a_link_leads_to_the_sign_up_page_and_is_kept(client, ada, django_assert_num_queries):
    address = link(ada)
    with django_assert_num_queries(2):
        answer = client.get(address)
    assert (answer.status_code, answer.headers["Location"]) == (302, SIGN_UP)
    cookie = answer.cookies[CLICKED]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert cookie["max-age"] == 90 * 24 * 3600
    assert str(ada.pk) not in cookie.value
    assert "Ada" not in cookie.value


def test_who_signs_up_after_it_was_brought(client, ada):
    client.get(link(ada))
    sign_up(client)
    referral = Referral.objects.get()
    assert (referral.referrer, referral.referee.email) == (ada, "zoe@example.org")


def test_the_link_that_was_opened_last_counts(client, ada, bob):
    client.get(link(ada))
    client.get(link(bob))
    sign_up(client)
    assert Referral.objects.get().referrer == bob


def test_signing_in_later_makes_nobody_a_newcomer(client, ada, bob):
    client.get(link(ada))
    client.force_login(bob)
    client.get("/classroom/")
    assert not Referral.objects.exists()


def test_rf01_whoever_was_shown_the_link_in_this_browser_is_not_brought_by_it(as_, ada):
    browser = as_(ada)
    assert browser.get(PAGE).cookies[SHOWN]["httponly"]
    browser.post("/accounts/logout/")
    assert browser.get(link(ada)).cookies[CLICKED]
    sign_up(browser)
    assert not Referral.objects.exists()


def test_rf01_who_is_signed_in_is_nobody_new(as_, ada, bob):
    browser = as_(bob)
    answer = browser.get(link(ada))
    assert answer.status_code == 302
    assert CLICKED not in answer.cookies
    browser.post("/accounts/logout/")
    sign_up(browser)
    assert not Referral.objects.exists()


@pytest.mark.parametrize(
    "code",
    [
        "unknown",
        "x" * 10_000,
        "%00",
        "a%00b",
        "a/b",
        "..",
        "%E3%82%B3",
        "<script>",
        "%ff",
        "' OR 1",
    ],
    ids=lambda code: code[:9],
)
def test_rf04_a_broken_link_leads_there_all_the_same(client, ada, code):
    link(ada)
    answer = client.get(f"/r/{code}/", follow=False)
    assert (answer.status_code, answer.headers["Location"]) == (302, SIGN_UP)
    assert CLICKED not in answer.cookies
    sign_up(client)
    assert not Referral.objects.exists()


@pytest.mark.parametrize("spoil", ["{}x", "1.{}", "", "x" * 5000, "é"], ids=lambda it: it[:9])
def test_rf09_a_cookie_that_is_not_ours_is_none(client, ada, spoil):
    client.get(link(ada))
    client.cookies[CLICKED] = spoil.format(client.cookies[CLICKED].value)
    sign_up(client)
    assert not Referral.objects.exists()


def test_rf09_the_cookie_of_an_own_link_is_no_click(as_, ada):
    browser = as_(ada)
    value = browser.get(PAGE).cookies[SHOWN].value
    other = Client()
    other.cookies[CLICKED] = value
    sign_up(other)
    assert not Referral.objects.exists()


def test_rf09_after_ninety_days_it_counts_no_more(client, ada, monkeypatch):
    client.get(link(ada))
    later = now().timestamp() + 91 * 24 * 3600
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    sign_up(client)
    assert not Referral.objects.exists()


def test_a_school_without_points_leads_there_and_keeps_nothing(client, ada):
    Policy.objects.create(show_points=False)
    answer = client.get(link(ada))
    assert (answer.status_code, CLICKED in answer.cookies) == (302, False)


def test_a_failure_does_not_cost_the_sign_up(client, ada, monkeypatch):
    client.get(link(ada))
    monkeypatch.setattr(referrals, "make_referral", lambda *_: 1 / 0)
    sign_up(client)
    assert not Referral.objects.exists()

"""The page on which people choose what they are told."""

import re
from datetime import time

import pytest

from notifications import vapid
from notifications.models import Channel, Contact, Mute, Preference

PAGE = "/settings/notifications/"
HOURS = {"is_quiet": "on", "quiet_from": "21:00", "quiet_to": "08:00"}


def ticked(page):
    return set(re.findall(r'name="on" value="([^"]+)" checked', page))


def form(page, **changes):
    named = re.findall(r'type="hidden" name="(channel|topic)" value="([^"]+)"', page)
    data = {"on": list(ticked(page)), "channel": [], "topic": []}
    for name, value in named:
        data[name].append(value)
    return {**data, **HOURS, **changes}


def test_the_page_shows_the_defaults(as_, bob, django_assert_max_num_queries):
    browser = as_(bob)
    with django_assert_max_num_queries(7):
        page = browser.get(PAGE).text
    assert {"review:IN_APP", "review:EMAIL", "announcement:WEEKLY"} <= ticked(page)
    assert not {"review:WEEKLY", "streak:IN_APP", "news:IN_APP"} & ticked(page)
    assert "billing:" not in page
    assert "cannot be switched off" in page


def test_who_looks_after_the_site_reads_that_its_health_is_always_mailed(as_, bob, root):
    said = "mail about the health of the site"
    assert said in as_(root).get(PAGE).text
    assert said not in as_(bob).get(PAGE).text


def test_only_what_differs_is_kept(as_, bob):
    browser = as_(bob)
    page = browser.get(PAGE).text
    assert browser.post(PAGE, form(page)).status_code == 303
    assert not Preference.objects.exists()
    chosen = (ticked(page) - {"review:EMAIL"}) | {"news:WEEKLY"}
    browser.post(PAGE, form(page, on=list(chosen)))
    kept = {(row.topic, row.channel, row.is_on) for row in Preference.objects.all()}
    assert kept == {("review", "EMAIL", False), ("news", "WEEKLY", True)}
    assert ticked(browser.get(PAGE).text) == chosen
    browser.post(PAGE, form(page))
    assert not Preference.objects.exists()


def test_channels_that_the_site_lacks_are_not_offered_and_not_touched(as_, bob, settings):
    Preference.objects.create(user=bob, topic="review", channel=Channel.PUSH, is_on=True)
    browser = as_(bob)
    page = browser.get(PAGE).text
    assert "review:PUSH" not in page
    browser.post(PAGE, form(page, on=["review:PUSH"], channel=["PUSH", "SMS"]))
    assert Preference.objects.get().is_on
    settings.PUSH_VAPID_PRIVATE_KEY = vapid.new_key()
    settings.SMS_GATEWAY = "here"
    page = browser.get(PAGE).text
    assert "review:PUSH" in ticked(page)
    assert 'value="review:SMS"' in page


def test_topics_that_the_form_did_not_have_stay(as_, bob):
    Preference.objects.create(user=bob, topic="streak", channel=Channel.IN_APP, is_on=True)
    as_(bob).post(PAGE, {**HOURS, "topic": ["review"], "channel": ["IN_APP"], "on": []})
    kept = {(row.topic, row.is_on) for row in Preference.objects.all()}
    assert kept == {("streak", True), ("review", False)}


@pytest.mark.parametrize("junk", ["billing", "nothing", "", "review:EMAIL:x", "\u0000"])
def test_what_is_no_topic_is_passed_over(as_, bob, junk):
    answer = as_(bob).post(PAGE, {**HOURS, "topic": [junk], "channel": ["EMAIL", junk]})
    assert answer.status_code == 303
    assert not Preference.objects.exists()


def test_who_hides_points_is_asked_nothing_about_them(as_, bob):
    bob.profile.preferences = {"show_points": False}
    bob.profile.save()
    page = as_(bob).get(PAGE).text
    assert "streak:IN_APP" not in page
    assert "correction:IN_APP" in page


def test_quiet_hours_are_kept(as_, bob):
    browser = as_(bob)
    browser.post(PAGE, {**form(browser.get(PAGE).text), "quiet_from": "23:30", "quiet_to": "07:00"})
    contact = Contact.objects.get()
    assert (contact.user, contact.is_quiet) == (bob, True)
    assert (contact.quiet_from, contact.quiet_to) == (time(23, 30), time(7))
    browser.post(PAGE, {"quiet_from": "23:30", "quiet_to": "07:00"})
    assert not Contact.objects.get().is_quiet


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        ({"quiet_from": "late"}, "Enter a time, such as 21:00."),
        ({"quiet_to": ""}, "Enter a time, such as 21:00."),
        ({"quiet_to": "21:00"}, "Enter another time than the one before."),
        ({"quiet_from": "25:00"}, "Enter a time, such as 21:00."),
    ],
)
def test_hours_that_are_none_are_told_and_nothing_is_lost(as_, bob, hours, told):
    browser = as_(bob)
    answer = browser.post(PAGE, {**form(browser.get(PAGE).text, on=["news:EMAIL"]), **hours})
    assert answer.status_code == 422
    assert told in answer.text
    assert ticked(answer.text) == {"news:EMAIL"}
    assert not Preference.objects.exists()
    assert not Contact.objects.exists()


def test_a_number_that_was_confirmed_stays(as_, bob):
    Contact.objects.create(user=bob, phone="+49123")
    as_(bob).post(PAGE, HOURS)
    assert Contact.objects.get().phone == "+49123"


def test_what_is_muted_is_listed_and_can_be_heard_again(as_, bob, ada):
    mute = Mute.objects.create(user=bob, about="course:c", title="Python from zero")
    assert "Python from zero" in as_(bob).get(PAGE).text
    as_(ada).post(f"{PAGE}mutes/{mute.pk}/end/")
    assert Mute.objects.exists()
    for _ in range(2):
        assert as_(bob).post(f"{PAGE}mutes/{mute.pk}/end/").status_code == 303
    assert "Nothing is muted." in as_(bob).get(PAGE).text


def test_the_summary_of_problems_says_which_of_the_times_is_none(as_, bob):
    page = as_(bob).post(PAGE, {"quiet_from": "late", "quiet_to": ""}).content.decode()
    summary = page.split('class="problems"')[1].split("</ul>")[0]
    for name in ("Quiet from:", "Quiet to:"):
        assert name in " ".join(summary.split())

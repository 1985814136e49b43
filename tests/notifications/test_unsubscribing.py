"""The link at the foot of a mail: looking changes nothing, pressing does; none can be forged."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from accounts.erasure import erase_person
from accounts.models import User
from notifications.models import EmailLog, Preference
from notifications.telling import tell
from notifications.topics import TOPICS
from notifications.unsubscribing import LIVES, SALT, address_of, token_of
from tests.notifications.conftest import send, tell_review

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def link(user, topic="review"):
    return reverse("mail:unsubscribe", args=[token_of(user.pk, topic)])


def switched_off():
    return set(Preference.objects.filter(is_on=False).values_list("topic", "channel"))


@pytest.fixture
def strict():
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(client, bob, method):
    """NT02"""
    answer = getattr(client, method)(link(bob))
    assert answer.status_code == 200
    assert not switched_off()
    if method == "get":
        assert b"<button" in answer.content
        assert "Unsubscribe from “Reviews of my work”?" in answer.content.decode()


def test_one_post_without_cookie_or_token_is_enough(strict, bob):
    answer = strict.post(link(bob), ONE_CLICK)
    assert answer.status_code == 200
    assert b"You are unsubscribed." in answer.content
    assert switched_off() == {("review", "EMAIL")}


def test_mail_programs_send_it_as_a_form_of_parts_or_with_nothing(strict, bob, ada):
    strict.post(link(bob), ONE_CLICK, headers={"Origin": "https://mail.example"})
    strict.post(link(ada), b"", content_type="text/plain")
    assert Preference.objects.filter(is_on=False).count() == 2


def test_the_same_again_says_the_same(strict, bob):
    """NT04"""
    for _ in range(2):
        answer = strict.post(link(bob), ONE_CLICK)
        assert answer.status_code == 200
        assert b"You are unsubscribed." in answer.content
    assert Preference.objects.count() == 1


@pytest.mark.parametrize("topic", ["review", "digest"])
def test_who_comes_again_reads_that_it_is_done_until_they_want_it_again(client, bob, topic):
    client.post(link(bob, topic))
    assert b"You are unsubscribed." in client.get(link(bob, topic)).content
    assert b"You are unsubscribed." not in client.get(link(bob, "news")).content
    Preference.objects.filter(topic="review").update(is_on=True)
    assert b"<button" in client.get(link(bob, topic)).content


def test_what_was_switched_on_is_switched_off(strict, bob):
    Preference.objects.create(user=bob, topic="news", channel="EMAIL", is_on=True)
    strict.post(link(bob, "news"))
    assert switched_off() == {("news", "EMAIL")}
    assert Preference.objects.count() == 1


def test_the_link_of_a_mail_stops_that_mail(strict, bob, mail_server, noon):
    tell_review(bob)
    send()
    (mail,) = mail_server.mails
    strict.post(mail["List-Unsubscribe"].strip("<>"), ONE_CLICK)
    assert tell_review(bob, subject="review:2").mails == 0
    tell([bob.pk], "HELP_GIVEN", "help:1", {"title": "T", "url": "/t/"})
    send()
    assert len(mail_server.arrived) == 2


def test_unsubscribing_stops_what_is_due_already(strict, bob, mail_server, noon):
    tell_review(bob)
    strict.post(link(bob))
    send()
    assert EmailLog.objects.get().state == "DROPPED"
    assert not mail_server.arrived


def test_the_weekly_mail_is_left_as_a_whole(strict, bob):
    strict.post(link(bob, "digest"))
    found = switched_off()
    assert {channel for _, channel in found} == {"WEEKLY"}
    assert {topic for topic, _ in found} == {k for k, t in TOPICS.items() if not t.always_mail}


def test_mail_about_plans_stays(client, bob):
    page = client.get(link(bob, "billing")).content.decode()
    assert "This mail cannot be switched off" in page
    answer = client.post(link(bob, "billing"))
    assert b"This mail cannot be switched off" in answer.content
    assert b"You are unsubscribed" not in answer.content
    assert not Preference.objects.exists()


def test_no_other_site_learns_the_address_and_no_cache_keeps_it(client, bob):
    for answer in (client.get(link(bob)), client.post(link(bob)), client.get(link(bob)[:-2] + "/")):
        assert answer["Referrer-Policy"] == "same-origin"
        assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("topic", ["review", "billing", "digest"])
def test_people_with_several_addresses_see_which_one_it_is_about(client, bob, topic):
    bob.email = '"b@b"@mail.example'
    User.objects.filter(pk=bob.pk).update(email=bob.email)
    path = reverse("mail:unsubscribe", args=[token_of(bob.pk, topic, bob.email)])
    for answer in (client.get(path), client.post(path)):
        assert 'mail to <bdi dir="ltr">&quot;…@mail.example</bdi>.' in answer.content.decode()


def test_who_holds_mail_to_an_older_address_does_not_learn_the_new_one(client, bob):
    path = reverse("mail:unsubscribe", args=[token_of(bob.pk, "review", bob.email)])
    assert "@example.org" in client.get(path).content.decode()
    User.objects.filter(pk=bob.pk).update(email="robert@home.example")
    for answer in (client.get(path), client.post(path)):
        assert "@" not in answer.content.decode().partition("<main")[2].partition("</main>")[0]
    assert switched_off() == {("review", "EMAIL")}


def test_links_from_before_they_knew_their_address_work(client, bob):
    old = signing.dumps([bob.pk.hex, "review"], salt=SALT)
    answer = client.post(reverse("mail:unsubscribe", args=[old]))
    assert b"You are unsubscribed." in answer.content
    assert switched_off() == {("review", "EMAIL")}


def forged(user):
    return token_of(user.pk, "review")[:-1] + "-"


def foreign(user):
    return signing.dumps([user.pk.hex, "review"], salt="password")


def of_no_topic(user):
    return token_of(user.pk, "cooking")


def of_another_shape(user):
    return signing.dumps({"user": user.pk.hex}, salt=SALT)


def of_another_length(user):
    return signing.dumps([1, 2, 3], salt=SALT)


def of_no_person(user):
    return signing.dumps(["x", "review"], salt=SALT)


def of_a_list(user):
    return signing.dumps([user.pk.hex, ["review"]], salt=SALT)


@pytest.mark.parametrize(
    "made",
    [forged, foreign, of_no_topic, of_another_shape, of_another_length, of_no_person, of_a_list],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_links_that_we_did_not_make_do_nothing(client, bob, made, method):
    answer = getattr(client, method)(reverse("mail:unsubscribe", args=[made(bob)]))
    assert answer.status_code == 404
    assert b"This link does not work" in answer.content
    assert not Preference.objects.exists()


def test_a_link_ends_after_a_year(client, bob, time_machine):
    time_machine.move_to("2026-11-18T12:00:00Z", tick=False)
    old = link(bob)
    time_machine.shift(LIVES - timedelta(seconds=1))
    assert client.get(old).status_code == 200
    time_machine.shift(timedelta(seconds=3))
    answer = client.post(old)
    assert answer.status_code == 410
    assert b"does not work any more" in answer.content
    assert not Preference.objects.exists()


def test_who_is_gone_is_left_alone_as_well(client, bob):
    erase_person(bob)
    for gone in (uuid4(), bob.pk):
        path = reverse("mail:unsubscribe", args=[token_of(gone, "review", bob.email)])
        page = client.post(path).content.decode()
        assert "You are unsubscribed." in page
        assert "erased.invalid" not in page
    assert not Preference.objects.exists()


def test_other_methods_are_refused(client, bob):
    assert client.put(link(bob)).status_code == 405


def test_the_address_is_that_of_the_site(bob, settings):
    assert address_of(bob.pk, "review").startswith(f"{settings.SITE_URL}/notifications/unsub")


def test_pages_take_a_fixed_number_of_queries(client, bob, django_assert_num_queries):
    path = link(bob)
    client.get(path)
    with django_assert_num_queries(1):  # whose mail it is about
        client.get(path)
    with django_assert_num_queries(2):
        client.post(path)
    with django_assert_num_queries(2):
        client.post(link(bob, "digest"))

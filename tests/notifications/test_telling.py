"""People are told once, and only those who want to hear it."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from activity.actions import record
from activity.models import Event
from gamification.models import Policy
from notifications.models import (
    Channel,
    Contact,
    Delivery,
    EmailLog,
    Mute,
    Notification,
    Preference,
    PushSubscription,
)
from notifications.telling import NOBODY, Reached, tell
from notifications.topics import TOPICS
from tests.conftest import make_person

REVIEW = {"title": "Loops", "url": "/submissions/1/", "course": "c", "course_title": "Python"}


def tell_review(*people, about="course:c", subject="review:1"):
    return tell([one.pk for one in people], "REVIEW_GIVEN", subject, REVIEW, about)


def choose(user, topic, channel, *, is_on):
    Preference.objects.create(user=user, topic=topic, channel=channel, is_on=is_on)


def test_a_message_is_told_once_with_its_mail(bob):
    assert tell_review(bob) == Reached(1, 1, 0)
    assert tell_review(bob) == NOBODY
    row = Notification.objects.get()
    assert (row.user, row.kind, row.about, row.data) == (bob, "REVIEW_GIVEN", "course:c", REVIEW)
    assert row.in_app
    assert row.read_at is None
    mail = EmailLog.objects.get()
    assert (mail.user, mail.notification, mail.kind, mail.state) == (bob, row, "review", "DUE")
    assert mail.to == ""


def test_many_are_told_by_one_statement(db, django_assert_num_queries):
    people = [make_person(f"p{n}@example.org", f"P{n}") for n in range(20)]
    with django_assert_num_queries(1):
        assert tell_review(*people) == Reached(20, 20, 0)


def test_nobody_is_told_without_a_statement(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert tell([], "REVIEW_GIVEN", "review:1", REVIEW) == NOBODY


def test_who_is_gone_hears_nothing(bob):
    bob.is_active = False
    bob.save()
    assert tell_review(bob) == NOBODY


def test_what_is_muted_is_not_told(ada, bob):
    Mute.objects.create(user=bob, about="course:c", title="Python")
    assert tell_review(ada, bob) == Reached(1, 1, 0)
    assert tell_review(bob, about="course:d", subject="review:2").people == 1
    assert tell_review(bob, about="", subject="review:3").people == 1


def test_what_is_switched_off_is_not_mailed(bob):
    choose(bob, "review", Channel.EMAIL, is_on=False)
    assert tell_review(bob) == Reached(1, 0, 0)


def test_what_is_only_mailed_does_not_stand_on_the_site(bob):
    choose(bob, "review", Channel.IN_APP, is_on=False)
    assert tell_review(bob) == Reached(1, 1, 0)
    assert not Notification.objects.get().in_app


def test_what_is_wanted_nowhere_leaves_no_row(bob):
    choose(bob, "review", Channel.IN_APP, is_on=False)
    choose(bob, "review", Channel.EMAIL, is_on=False)
    assert tell_review(bob) == NOBODY


def test_what_waits_for_the_weekly_mail_has_a_row(bob):
    choose(bob, "news", Channel.WEEKLY, is_on=True)
    assert tell([bob.pk], "NEWS", "announcement:1", {"title": "Hello"}) == Reached(1, 0, 0)
    assert not Notification.objects.get().in_app


def test_plans_are_mailed_whatever_was_chosen(bob):
    Mute.objects.create(user=bob, about="grant", title="Plans")
    choose(bob, "billing", Channel.EMAIL, is_on=False)
    assert tell([bob.pk], "PLAN_GRANTED", "grant:1", {"title": "Pro"}, "grant").mails == 1


@pytest.mark.parametrize("change", [{"verified": False}, {"email": "other@example.org"}])
def test_an_address_that_nobody_has_confirmed_gets_no_mail(bob, change):
    bob.emailaddress_set.update(**change)
    assert tell_review(bob) == Reached(1, 0, 0)


def test_push_goes_to_each_browser_that_is_still_there(bob):
    choose(bob, "review", Channel.PUSH, is_on=True)
    for name, gone in [("a", None), ("b", None), ("c", now())]:
        PushSubscription.objects.create(
            user=bob, endpoint=f"https://push.example/{name}", p256dh="p", auth="a", gone_at=gone
        )
    assert tell_review(bob) == Reached(1, 1, 2)
    assert set(Delivery.objects.values_list("channel", flat=True)) == {"PUSH"}


@pytest.mark.parametrize(("confirmed", "sent"), [(True, 1), (False, 0)])
def test_text_messages_go_to_numbers_that_were_confirmed(bob, confirmed, sent):
    choose(bob, "review", Channel.SMS, is_on=True)
    at = now() if confirmed else None
    Contact.objects.create(user=bob, phone="+4912345", phone_confirmed_at=at)
    assert tell_review(bob) == Reached(1, 1, sent)


def test_who_hides_points_hears_of_none(bob):
    bob.profile.preferences = {"show_points": False}
    bob.profile.save()
    assert tell([bob.pk], "LEVEL_REACHED", "level:2", {"level": 2}) == NOBODY
    assert tell_review(bob).people == 1


def test_a_school_without_points_speaks_of_none(bob):
    Policy.objects.create(show_points=False)
    assert tell([bob.pk], "LEVEL_REACHED", "level:2", {"level": 2}) == NOBODY


def test_an_event_tells_whom_it_happened_to(bob):
    data = {**REVIEW, "decision": "ACCEPTED"}
    record(bob, Event.Kind.REVIEW_GIVEN, "review:1", data)
    row = Notification.objects.get()
    assert (row.user, row.kind, row.subject, row.about) == (
        bob, "REVIEW_GIVEN", "review:1", "course:c",
    )  # fmt: skip


def test_changes_are_a_topic_of_their_own(bob):
    record(bob, Event.Kind.REVIEW_GIVEN, "review:1", {**REVIEW, "decision": "CHANGES"})
    assert EmailLog.objects.get().kind == "changes"


def test_history_is_told_nobody(bob):
    long_ago = now() - timedelta(days=8)
    record(bob, Event.Kind.REVIEW_GIVEN, "review:1", REVIEW, at=long_ago)
    assert not Notification.objects.exists()


def test_what_is_silent_is_told_nobody(bob):
    record(bob, Event.Kind.ENROLLED, "course:1", {"title": "Python"})
    record(None, Event.Kind.COURSE_PUBLISHED, "course:1", {"title": "Python"})
    assert not Notification.objects.exists()


def test_topics_have_the_defaults_that_the_page_promises():
    letters = {"IN_APP": "i", "EMAIL": "e", "WEEKLY": "w"}
    found = {
        key: "".join(letters[c] for c in letters if c in topic.defaults)
        for key, topic in TOPICS.items()
    }
    assert found == {
        "review": "ie", "changes": "ie", "reply": "ie", "teacher": "ie", "announcement": "iw",
        "certificate": "ie", "correction": "i", "achievement": "i", "result": "", "streak": "",
        "freeze": "i", "challenge": "", "referral": "i", "news": "", "billing": "ie",
        "account": "ie", "place": "ie", "site": "ie",
    }  # fmt: skip

"""The weekly mail: on Monday morning by each person's clock, once, and never about nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications import digests
from notifications.digests import claim_week
from notifications.models import EmailLog, Mute, Notification, Preference
from notifications.telling import tell
from notifications.topics import TOPICS
from notifications.unsubscribing import Leaving, unsubscribe
from tests.conftest import make_person
from tests.notifications.conftest import send

# A Friday, and the Monday after it, at eight in the morning.
FRIDAY = datetime(2026, 11, 13, 12, tzinfo=UTC)
MONDAY = datetime(2026, 11, 16, 8, tzinfo=UTC)


@pytest.fixture
def friday(time_machine):
    time_machine.move_to(FRIDAY, tick=False)
    return time_machine


def announce(*people, number=1, about="course:c", title="Office hours move"):
    data = {"title": title, "course_title": "Python", "url": "/announcements/1/"}
    return tell([one.pk for one in people], "ANNOUNCEMENT", f"announcement:{number}", data, about)


def test_it_comes_on_monday_morning_with_what_is_unread(bob, mail_server, friday, settings):
    announce(bob)
    friday.move_to(MONDAY - timedelta(seconds=1), tick=False)
    assert claim_week() == 0
    friday.move_to(MONDAY, tick=False)
    assert claim_week() == 1
    send()
    (mail,) = mail_server.mails
    assert mail["Subject"] == "Your week: 1 message you have not read"
    words = mail.get_body(("plain",)).get_content()
    assert "- Office hours move\n  Python\n" in words.replace("\r\n", "\n")
    assert f"{settings.SITE_URL}/announcements/1/" in words
    assert "Office hours move" in mail.get_body(("html",)).get_content()
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    row = EmailLog.objects.get()
    assert (row.kind, row.period, row.state) == ("digest", "2026-W47", "SENT")


def test_a_week_has_one_mail_however_often_it_is_asked_for(bob, mail_server, friday):
    announce(bob)
    for hour in range(0, 24, 3):
        friday.move_to(MONDAY + timedelta(hours=hour), tick=False)
        claim_week()
        send()
    announce(bob, number=2)
    friday.move_to(MONDAY + timedelta(days=1), tick=False)
    assert claim_week() == 0
    assert len(mail_server.arrived) == 1


def test_what_was_in_one_is_not_in_the_next(bob, mail_server, friday):
    announce(bob)
    friday.move_to(MONDAY, tick=False)
    claim_week()
    send()
    friday.move_to(MONDAY + timedelta(days=7), tick=False)
    assert claim_week() == 0
    announce(bob, number=2, title="Later")
    friday.move_to(MONDAY + timedelta(days=14), tick=False)
    assert claim_week() == 1
    send()
    assert "Office hours" not in mail_server.mails[1].get_body(("plain",)).get_content()
    assert set(EmailLog.objects.values_list("period", flat=True)) == {"2026-W47", "2026-W49"}


def test_monday_morning_is_that_of_the_persons_clock(db, friday):
    zones = {
        "Pacific/Kiritimati": datetime(2026, 11, 15, 18, tzinfo=UTC),
        "Asia/Kolkata": datetime(2026, 11, 16, 2, 30, tzinfo=UTC),
        "Atlantis/Nowhere": MONDAY,
        "America/New_York": datetime(2026, 11, 16, 13, tzinfo=UTC),
        "Pacific/Pago_Pago": datetime(2026, 11, 16, 19, tzinfo=UTC),
    }
    people = {zone: make_person(f"{zone[-4:]}@example.org", "P", timezone=zone) for zone in zones}
    announce(*people.values())
    for zone, at in zones.items():
        for moment, due in ((at - timedelta(minutes=1), False), (at, True)):
            friday.move_to(moment, tick=False)
            claim_week()
            assert EmailLog.objects.filter(user=people[zone]).exists() is due
        assert EmailLog.objects.get(user=people[zone]).due_at == at


def read(bob):
    Notification.objects.update(read_at=FRIDAY)


def mute(bob):
    Mute.objects.create(user=bob, about="course:c", title="Python")


def switch_off(bob):
    Preference.objects.create(user=bob, topic="announcement", channel="WEEKLY", is_on=False)


def leave_it_as_a_whole(bob):
    unsubscribe(Leaving(bob.pk, digests.TOPIC, is_there=True))


def lose_address(bob):
    bob.emailaddress_set.update(verified=False)


def close_account(bob):
    type(bob).objects.filter(pk=bob.pk).update(is_active=False)


CHANGES = [read, mute, switch_off, leave_it_as_a_whole, lose_address, close_account]


@pytest.mark.parametrize("change", CHANGES)
def test_where_there_is_nothing_to_say_there_is_no_mail(bob, friday, change):
    announce(bob)
    change(bob)
    friday.move_to(MONDAY, tick=False)
    assert claim_week() == 0


@pytest.mark.parametrize("change", CHANGES)
def test_what_changes_before_it_leaves_counts(bob, mail_server, friday, change):
    announce(bob)
    friday.move_to(MONDAY, tick=False)
    assert claim_week() == 1
    change(bob)
    send()
    assert EmailLog.objects.get().state == "DROPPED"
    assert not mail_server.arrived


def test_who_wants_other_things_weekly_gets_them(bob, mail_server, friday):
    Preference.objects.create(user=bob, topic="review", channel="WEEKLY", is_on=True)
    Preference.objects.create(user=bob, topic="review", channel="EMAIL", is_on=False)
    tell([bob.pk], "REVIEW_GIVEN", "review:1", {"title": "Loops", "url": "/s/1/"})
    tell([bob.pk], "HELP_GIVEN", "review:2", {"title": "Trees", "url": "/s/2/"})
    EmailLog.objects.all().delete()
    friday.move_to(MONDAY, tick=False)
    assert claim_week() == 1
    send()
    words = mail_server.mails[0].get_body(("plain",)).get_content()
    assert "Loops" in words
    assert "Trees" not in words


def test_who_hides_points_reads_of_none(bob, friday):
    Preference.objects.create(user=bob, topic="achievement", channel="WEEKLY", is_on=True)
    tell([bob.pk], "LEVEL_REACHED", "level:2", {"level": 2})
    bob.profile.preferences = {"show_points": False}
    bob.profile.save()
    friday.move_to(MONDAY, tick=False)
    assert claim_week() == 0


def test_a_long_week_is_cut_short_and_says_so(bob, mail_server, friday):
    for number in range(25):
        announce(bob, number=number, title=f"News {number}")
    friday.move_to(MONDAY, tick=False)
    claim_week()
    send()
    words = mail_server.mails[0].get_body(("plain",)).get_content()
    assert words.count("- News") == 20
    assert "And 5 more:" in words
    assert mail_server.mails[0]["Subject"] == "Your week: 25 messages you have not read"


def test_all_are_begun_by_one_statement(db, friday, django_assert_num_queries):
    people = [make_person(f"p{n}@example.org", f"P{n}") for n in range(30)]
    announce(*people)
    friday.move_to(MONDAY, tick=False)
    with django_assert_num_queries(2):  # whether points are shown, and the statement
        assert claim_week() == 30
    friday.move_to(MONDAY + timedelta(days=3), tick=False)
    with django_assert_num_queries(0):
        assert claim_week() == 0


def test_topics_that_are_mailed_always_are_not_switched_off(bob):
    leave_it_as_a_whole(bob)
    chosen = set(Preference.objects.values_list("topic", flat=True))
    assert chosen == {key for key, topic in TOPICS.items() if not topic.always_mail}

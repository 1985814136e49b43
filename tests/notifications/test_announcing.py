"""An announcement reaches everybody it is for, once, whatever happens on the way."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from enrollments.actions import enroll, leave
from enrollments.models import Enrollment
from notifications import announcing, tasks
from notifications.announcing import ForNobody, HasStarted, NoTime, Stale, Words
from notifications.audiences import Audience, audience_of
from notifications.models import (
    Announcement,
    Channel,
    Contact,
    EmailLog,
    Mute,
    Notification,
    Preference,
    PushSubscription,
)
from tests.conftest import make_person


@pytest.fixture
def class_of_seven(course):
    people = [make_person(f"p{n}@example.org", f"P{n}") for n in range(7)]
    Enrollment.objects.bulk_create([Enrollment(user=one, course=course) for one in people])
    return people


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(announcing, "BATCH", 3)


def write(author, course=None, title="A break", text="No lessons in *May*."):
    return announcing.write(author, Words(course, title, text), uuid4())


def sent(author, course=None):
    """One that is to be sent now."""
    draft = write(author, course)
    return announcing.send(draft, draft.version)


def told():
    return sorted(Notification.objects.values_list("user__email", flat=True))


def emails(people):
    return sorted(one.email for one in people)


def test_everybody_in_the_course_is_told_once(class_of_seven, course, root, bob, small_batches):
    row = sent(root, course)
    assert announcing.carry_on(row.pk) == 7
    assert announcing.carry_on(row.pk) == 0
    assert told() == emails(class_of_seven)
    row.refresh_from_db()
    assert (row.state, row.reached) == ("SENT", 7)
    one = Notification.objects.filter(user=class_of_seven[0]).get()
    assert (one.kind, one.about) == ("ANNOUNCEMENT", f"course:{course.pk}")
    assert one.data == {
        "title": "A break", "url": f"/announcements/{row.pk}/",
        "course": str(course.pk), "course_title": "Python from zero",
    }  # fmt: skip


def test_who_has_finished_the_course_is_told_too(class_of_seven, course, root):
    Enrollment.objects.filter(user=class_of_seven[0]).update(status="COMPLETED")
    Enrollment.objects.filter(user=class_of_seven[1]).update(status="PAUSED")
    row = sent(root, course)
    assert announcing.carry_on(row.pk) == 6
    assert told() == emails([class_of_seven[0], *class_of_seven[2:]])


@pytest.mark.parametrize("channel", ["PUSH", "SMS"])
def test_only_who_has_what_a_way_takes_is_counted_and_told_by_it(
    class_of_seven, course, root, settings, channel
):
    settings.PUSH_VAPID_PRIVATE_KEY = settings.SMS_GATEWAY = "there"
    with_it, without = class_of_seven[:2]
    for one in (with_it, without):
        for name, is_on in (("IN_APP", False), ("WEEKLY", False), (channel, True)):
            Preference.objects.create(user=one, topic="announcement", channel=name, is_on=is_on)
    Contact.objects.create(user=with_it, phone="+4915112345678", phone_confirmed_at=now())
    Contact.objects.create(user=without, phone="+4915112345679")
    PushSubscription.objects.create(user=with_it, endpoint="https://push.example/1")
    PushSubscription.objects.create(user=without, endpoint="https://push.example/2", gone_at=now())
    draft = write(root, course)
    assert audience_of(draft) == Audience(people=7, listening=6)
    announcing.send(draft, draft.version)
    assert announcing.carry_on(draft.pk) == 6
    assert told() == emails([with_it, *class_of_seven[2:]])
    settings.PUSH_VAPID_PRIVATE_KEY = settings.SMS_GATEWAY = ""
    assert audience_of(draft) == Audience(people=7, listening=5)


def test_who_never_confirmed_an_address_is_neither_counted_nor_told(class_of_seven, course, root):
    class_of_seven[0].emailaddress_set.update(verified=False)
    draft = write(root, course)
    assert audience_of(draft) == Audience(people=6, listening=6)
    announcing.send(draft, draft.version)
    assert announcing.carry_on(draft.pk) == 6
    assert told() == emails(class_of_seven[1:])
    draft.refresh_from_db()
    assert draft.reached == 6


def test_nothing_is_told_before_its_time(class_of_seven, course, root):
    draft = write(root, course)
    assert announcing.carry_on(draft.pk) == 0
    announcing.send(draft, draft.version, now() + timedelta(hours=1))
    assert announcing.carry_on(draft.pk) == 0
    assert announcing.those_due() == []
    Announcement.objects.update(send_at=now() - timedelta(seconds=1))
    assert announcing.those_due() == [draft.pk]
    assert announcing.carry_on(draft.pk) == 7


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(batch=st.integers(1, 9), kills=st.lists(st.integers(1, 4), max_size=4))
def test_a_killed_run_goes_on_and_nobody_hears_it_twice(
    class_of_seven, course, root, monkeypatch, batch, kills
):
    """Each run is killed in its n-th batch, after people were told and before that is kept."""
    Notification.objects.all().delete()
    monkeypatch.setattr(announcing, "BATCH", batch)
    row = sent(root, course)
    tell = announcing.telling.tell
    for last in kills:
        left = iter(range(last))

        def die_in_the_last(*args, left=left):
            reached = tell(*args)
            if next(left, None) is None:
                raise KeyboardInterrupt
            return reached

        with monkeypatch.context() as patch:
            patch.setattr(announcing.telling, "tell", die_in_the_last)
            try:
                announcing.carry_on(row.pk)
            except KeyboardInterrupt:
                assert Notification.objects.count() % batch == 0
    announcing.carry_on(row.pk)
    assert told() == emails(class_of_seven)
    row.refresh_from_db()
    assert (row.state, row.reached) == ("SENT", 7)


def test_who_comes_while_it_is_sent_is_not_told(class_of_seven, course, root, bob, small_batches):
    row = sent(root, course)
    announcing.tell_batch(row.pk)
    enroll(bob, course)
    announcing.carry_on(row.pk)
    assert told() == emails(class_of_seven)


def test_who_leaves_or_is_gone_before_their_turn_is_not_told(
    class_of_seven, course, root, small_batches
):
    row = sent(root, course)
    announcing.tell_batch(row.pk)
    leave(class_of_seven[5], course)
    User.objects.filter(pk=class_of_seven[6].pk).update(is_active=False)
    announcing.carry_on(row.pk)
    assert told() == emails(class_of_seven[:5])


def test_who_does_not_want_it_is_not_told(class_of_seven, course, root):
    off, mute, mailed, *others = class_of_seven
    for channel in (Channel.IN_APP, Channel.WEEKLY):
        Preference.objects.create(user=off, topic="announcement", channel=channel, is_on=False)
        Preference.objects.create(user=mailed, topic="announcement", channel=channel, is_on=False)
    Preference.objects.create(user=mailed, topic="announcement", channel=Channel.EMAIL, is_on=True)
    Mute.objects.create(user=mute, about=f"course:{course.pk}", title=course.title)
    row = sent(root, course)
    assert audience_of(row) == Audience(people=7, listening=5)
    assert announcing.carry_on(row.pk) == 5
    assert told() == emails([mailed, *others])
    assert EmailLog.objects.get().user == mailed


def test_who_opts_out_while_it_is_sent_is_not_told(class_of_seven, course, root, small_batches):
    row = sent(root, course)
    announcing.tell_batch(row.pk)
    Mute.objects.create(user=class_of_seven[6], about=f"course:{course.pk}", title=course.title)
    announcing.carry_on(row.pk)
    assert told() == emails(class_of_seven[:6])
    assert Announcement.objects.get().reached == 6


def test_news_of_the_school_go_to_those_who_asked_for_it(bob, grace, root):
    Preference.objects.create(user=bob, topic="news", channel=Channel.IN_APP, is_on=True)
    unconfirmed = make_person("eve@example.org", "Eve")
    unconfirmed.emailaddress_set.update(verified=False)
    Preference.objects.create(user=unconfirmed, topic="news", channel=Channel.IN_APP, is_on=True)
    row = sent(root)
    assert audience_of(row) == Audience(people=3, listening=1)
    announcing.carry_on(row.pk)
    assert told() == ["bob@example.org"]
    assert Notification.objects.get().kind == "NEWS"


def test_a_batch_is_told_in_a_fixed_number_of_queries(
    class_of_seven, course, root, django_assert_num_queries
):
    row = sent(root, course)
    with django_assert_num_queries(6):  # with the savepoint of the test
        announcing.tell_batch(row.pk)


# ---- writing ------------------------------------------------------------------------------------


def test_words_sent_twice_are_one_announcement(course, root):
    key, words = uuid4(), Words(course, "A break", "No lessons.")
    first = announcing.write(root, words, key)
    assert announcing.write(root, words, key) == first
    assert announcing.write(root, Words(None, "Other", "No lessons."), key) != first


def test_who_changes_an_older_version_is_shown_the_newer(course, root):
    draft = write(root, course)
    announcing.change(draft, Words(course, "A long break", "x"), draft.version)
    with pytest.raises(Stale) as refusal:
        announcing.change(draft, Words(course, "Mine", "y"), draft.version)
    assert refusal.value.standing.title == "A long break"
    with pytest.raises(Stale):
        announcing.send(draft, draft.version)


def test_once_it_has_started_nothing_of_it_changes(class_of_seven, course, root, small_batches):
    row = sent(root, course)
    announcing.tell_batch(row.pk)
    row.refresh_from_db()
    for verb in (
        lambda: announcing.withdraw(row),
        lambda: announcing.send(row, row.version),
        lambda: announcing.change(row, Words(None, "Other", "x"), row.version),
    ):
        with pytest.raises(HasStarted):
            verb()


def test_what_is_withdrawn_is_never_told(class_of_seven, course, root):
    row = sent(root, course)
    assert announcing.withdraw(row).state == announcing.withdraw(row).state == "WITHDRAWN"
    assert announcing.carry_on(row.pk) == 0
    assert told() == []
    with pytest.raises(HasStarted):
        announcing.send(row, 3)


def test_what_would_reach_nobody_is_not_sent(course, root, class_of_seven):
    Enrollment.objects.update(status=Enrollment.Status.PAUSED)
    with pytest.raises(ForNobody, match="Nobody is learning"):
        sent(root, course)
    with pytest.raises(ForNobody, match="Nobody has switched on"):
        sent(root)
    assert not Announcement.objects.exclude(send_at=None).exists()


def test_a_time_that_has_passed_is_refused(class_of_seven, course, root):
    draft = write(root, course)
    for at in (now() - timedelta(minutes=1), now() + timedelta(days=400)):
        with pytest.raises(NoTime):
            announcing.send(draft, draft.version, at)


def test_a_test_comes_to_oneself_whatever_one_likes(course, root):
    draft = write(root, course)
    assert announcing.try_out(draft, root)
    assert not announcing.try_out(draft, root)
    row = Notification.objects.get()
    assert (row.user, row.kind, row.in_app) == (root, "ANNOUNCEMENT", True)
    changed = announcing.change(draft, Words(course, "Other", "x"), draft.version)
    assert announcing.try_out(changed, root)


@pytest.mark.django_db(transaction=True)
def test_sending_wakes_a_worker_after_the_commit_and_the_sweep_finds_the_rest(
    class_of_seven, course, root, monkeypatch
):
    woken = []
    monkeypatch.setattr(tasks.carry_on_announcement, "delay", woken.append)
    row = sent(root, course)
    assert woken == [str(row.pk)]
    assert tasks.carry_on_announcements() == 1
    assert woken == [str(row.pk)] * 2
    tasks.carry_on_announcement(woken[0])
    assert tasks.carry_on_announcements() == 0
    assert Announcement.objects.get().reached == 7

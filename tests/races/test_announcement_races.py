"""Two workers at one announcement, and somebody who takes it back just then."""

import pytest

from enrollments.models import Enrollment
from notifications import announcing
from notifications.announcing import HasStarted
from notifications.models import Announcement, Notification
from tests.conftest import make_person
from tests.notifications.test_announcing import sent
from tests.races.gate import at_once
from tests.races.meeting import HalfWay, meet

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def row(course, root, monkeypatch):
    monkeypatch.setattr(announcing, "BATCH", 2)
    people = [make_person(f"p{n}@example.org", f"P{n}") for n in range(5)]
    Enrollment.objects.bulk_create([Enrollment(user=one, course=course) for one in people])
    return sent(root, course)


def test_workers_at_once_tell_everybody_once(row):
    told = at_once("notifications_notification", [lambda: announcing.carry_on(row.pk)] * 4)
    told.append(announcing.carry_on(row.pk))
    assert sum(told) == 5
    assert Notification.objects.count() == 5
    assert Announcement.objects.get().reached == 5


def test_a_worker_that_finds_another_at_it_goes_home(row, monkeypatch):
    stop = HalfWay(announcing.telling.tell)
    monkeypatch.setattr(announcing.telling, "tell", stop)
    first, second = (lambda: announcing.carry_on(row.pk),) * 2
    assert meet(stop, first, second) == (0, False)
    assert Announcement.objects.get().reached == 5


def test_it_is_not_taken_back_while_people_are_told(row, monkeypatch):
    stop = HalfWay(announcing.telling.tell)
    monkeypatch.setattr(announcing.telling, "tell", stop)

    def take_back():
        with pytest.raises(HasStarted):
            announcing.withdraw(row)

    _, waited = meet(stop, lambda: announcing.carry_on(row.pk), take_back)
    assert waited
    # The worker that found the row held by who wanted it back goes home: the sweep goes on.
    announcing.carry_on(row.pk)
    assert Announcement.objects.get().withdrawn_at is None
    assert Notification.objects.count() == 5

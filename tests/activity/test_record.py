"""What happened is recorded once."""

import pytest

from activity.actions import record
from activity.models import Event
from activity.signals import event_recorded
from courses.actions import archive_course, publish_course


@pytest.fixture
def heard():
    events = []

    def listen(sender, event, **kwargs):
        events.append(event)

    event_recorded.connect(listen)
    yield events
    event_recorded.disconnect(listen)


def test_an_event_is_recorded_and_told_once(bob, heard):
    first = record(bob, Event.Kind.ENROLLED, "course:1", {"title": "T"})
    assert record(bob, Event.Kind.ENROLLED, "course:1", {"title": "Other"}) is None
    assert [event.pk for event in heard] == [first.pk]
    assert Event.objects.get().data == {"title": "T"}


def test_the_school_itself_has_events_once_too(db):
    assert record(None, Event.Kind.COURSE_PUBLISHED, "course:1")
    assert record(None, Event.Kind.COURSE_PUBLISHED, "course:1") is None


def test_publishing_a_course_is_news_once(root, course):
    archive_course(course)
    for _ in range(2):
        publish_course(course, root)
    event = Event.objects.get(kind=Event.Kind.COURSE_PUBLISHED)
    assert (event.user, event.data["title"]) == (root, "Python from zero")

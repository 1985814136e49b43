"""Workers that are killed while they push: nothing is lost before it is handed over, and nothing is
ever sent twice."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from notifications import tasks, vapid
from notifications.models import Contact, Delivery
from notifications.telling import tell
from tests.conftest import make_person
from tests.doubles import push_service as double
from tests.faults.test_faults import kill, process, wait_until
from tests.notifications.conftest import add_browser

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("faults")]

PUSHER = [
    "-m", "celery", "-A", "lms", "worker", "--pool", "solo", "-Q", "messages",
    "--loglevel", "ERROR",
]  # fmt: skip

# A worker that starts on a busy machine takes its time.
PATIENCE = 120


@pytest.fixture
def push_service(settings, monkeypatch):
    """A service that the worker's process knows by its environment."""
    key, contact = vapid.new_key(), "mailto:admin@school.example"
    settings.PUSH_VAPID_PRIVATE_KEY, settings.PUSH_CONTACT = key, contact
    with double.serving(vapid.public_key()) as service:
        settings.PUSH_SERVICES = [service.origin]
        monkeypatch.setenv("PUSH_VAPID_PRIVATE_KEY", key)
        monkeypatch.setenv("PUSH_CONTACT", contact)
        monkeypatch.setenv("PUSH_SERVICES", service.origin)
        yield service


def tell_people(push_service, count=1):
    people = [make_person(f"p{n}@example.org", f"P{n}") for n in range(count)]
    # Whatever time it is where the test runs.
    Contact.objects.bulk_create(Contact(user=one, is_quiet=False) for one in people)
    for number, one in enumerate(people):
        add_browser(one, push_service.browser(str(number)))
    tell([one.pk for one in people], "REVIEW_GIVEN", "review:1", {"title": "T", "url": "/t/"})


def states():
    return sorted(Delivery.objects.values_list("state", flat=True))


def kill_a_worker_at_the_service(push_service):
    push_service.says = double.SILENT
    with process(*PUSHER) as worker:
        wait_until(lambda: push_service.arrived, PATIENCE)
        kill(worker)
    push_service.says = (201, {})


def send_again():
    """As if the lease of the one that was killed had run out."""
    Delivery.objects.exclude(claimed_until=None).update(
        claimed_until=now() - timedelta(seconds=1), due_at=now() - timedelta(seconds=1)
    )
    with process(*PUSHER):
        tasks.send_pushes.delay()
        wait_until(
            lambda: not Delivery.objects.filter(state__in=Delivery.WAITING).exists(), PATIENCE
        )


def test_of_a_worker_that_was_killed_nothing_is_pushed_twice_and_the_rest_once(push_service):
    tell_people(push_service, 5)
    kill_a_worker_at_the_service(push_service)
    assert states() == ["CLAIMED"] * 4 + ["HANDED"]
    send_again()
    assert states() == ["SENT"] * 4 + ["UNCERTAIN"]
    assert sorted(push_service.arrived) == [f"/push/{number}" for number in range(5)]


def test_two_workers_push_each_message_once(push_service):
    tell_people(push_service, 20)
    with process(*PUSHER, "-n", "one@%h"), process(*PUSHER, "-n", "two@%h"):
        for _ in range(4):
            tasks.send_pushes.delay()
        wait_until(lambda: states() == ["SENT"] * 20, PATIENCE)
    assert len(push_service.arrived) == len(set(push_service.arrived)) == 20

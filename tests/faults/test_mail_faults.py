"""Workers that are killed while they send mail: nothing is lost before it is handed over, and
nothing is ever sent twice."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from notifications import tasks
from notifications.models import Contact, EmailLog
from notifications.telling import tell
from tests.conftest import make_person
from tests.doubles import smtp_server
from tests.faults.test_faults import kill, process, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("faults")]

MAILER = [
    "-m", "celery", "-A", "lms", "worker", "--pool", "solo", "-Q", "mail", "--loglevel", "ERROR",
]  # fmt: skip

# A worker that starts on a busy machine takes its time.
PATIENCE = 120


@pytest.fixture
def mail_server(monkeypatch):
    """A server that the worker's process knows by its environment."""
    with smtp_server.serving() as server:
        monkeypatch.setenv("EMAIL_URL", f"smtp://127.0.0.1:{server.port}")
        yield server


def tell_people(count=1):
    people = [make_person(f"p{n}@example.org", f"P{n}") for n in range(count)]
    # Whatever time it is where the test runs.
    Contact.objects.bulk_create(Contact(user=one, is_quiet=False) for one in people)
    tell([one.pk for one in people], "REVIEW_GIVEN", "review:1", {"title": "T", "url": "/t/"})


def states():
    return sorted(EmailLog.objects.values_list("state", flat=True))


def a_while_later():
    """As if the lease of the one that was killed had run out."""
    EmailLog.objects.exclude(claimed_until=None).update(
        claimed_until=now() - timedelta(seconds=1), due_at=now() - timedelta(seconds=1)
    )


def kill_a_worker_at(mail_server, step):
    mail_server.says[step] = smtp_server.SILENT
    with process(*MAILER) as worker:
        wait_until(lambda: mail_server.steps[step] == 1, PATIENCE)
        kill(worker)
    mail_server.says.clear()


def send_again():
    a_while_later()
    with process(*MAILER):
        tasks.send_mail.delay()
        wait_until(
            lambda: not EmailLog.objects.filter(state__in=EmailLog.WAITING).exists(), PATIENCE
        )


def test_a_worker_killed_before_it_hands_over_loses_nothing(mail_server):
    tell_people()
    kill_a_worker_at(mail_server, "greeting")
    assert states() == ["CLAIMED"]
    send_again()
    assert states() == ["SENT"]
    assert len(mail_server.arrived) == 1


@pytest.mark.parametrize(("step", "arrived"), [("MAIL", 0), ("DATA", 0), ("content", 1)])
def test_a_worker_killed_while_it_hands_over_sends_nothing_twice(mail_server, step, arrived):
    tell_people()
    kill_a_worker_at(mail_server, step)
    assert states() == ["HANDED"]
    send_again()
    assert states() == ["UNCERTAIN"]
    assert len(mail_server.arrived) == arrived


def test_the_others_of_a_worker_that_was_killed_are_sent_once(mail_server):
    tell_people(5)
    kill_a_worker_at(mail_server, "content")
    assert states() == ["CLAIMED"] * 4 + ["HANDED"]
    send_again()
    assert states() == ["SENT"] * 4 + ["UNCERTAIN"]
    assert len({mail["To"] for mail in mail_server.mails}) == len(mail_server.arrived) == 5


def test_two_workers_send_each_mail_once(mail_server):
    tell_people(30)
    with process(*MAILER, "-n", "one@%h"), process(*MAILER, "-n", "two@%h"):
        for _ in range(4):
            tasks.send_mail.delay()
        wait_until(lambda: states() == ["SENT"] * 30, PATIENCE)
    assert len({mail["To"] for mail in mail_server.mails}) == len(mail_server.arrived) == 30

"""What is known of old mail is forgotten, but not whom it must not go to."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from notifications import browsers
from notifications.mail_retention import GONE_KEPT, KEPT
from notifications.models import Delivery, EmailLog, PushSubscription
from notifications.tasks import forget_old_mail, forget_old_messages
from tests.notifications.conftest import add_browser, push, tell_review


@pytest.mark.parametrize("state", EmailLog.State.values)
def test_old_mail_is_forgotten_once_it_is_settled(bob, state, django_assert_num_queries):
    long_ago, lately = now() - KEPT - timedelta(hours=1), now() - KEPT + timedelta(hours=1)
    for moment in (long_ago, lately):
        EmailLog.objects.create(
            user=bob,
            kind="review",
            to=bob.email,
            state=state,
            created_at=moment,
            sent_at=moment,
            claimed_until=moment,
        )
    with django_assert_num_queries(1):
        forget_old_mail()
    is_kept = state in {"DUE", "CLAIMED", "HANDED", "BOUNCED", "COMPLAINED"}
    assert EmailLog.objects.filter(created_at=long_ago).exists() is is_kept
    assert EmailLog.objects.filter(created_at=lately).exists()


def test_old_messages_and_browsers_that_are_gone_are_forgotten(bob, push_service, noon):
    kept, gone = (add_browser(bob, push_service.browser(name)) for name in ("kept", "gone"))
    tell_review(bob)
    push()
    browsers.note_gone(gone.endpoint)
    noon.shift(GONE_KEPT + timedelta(days=1))
    forget_old_messages()
    assert PushSubscription.objects.get() == kept
    assert Delivery.objects.get().push_subscription == kept
    noon.shift(KEPT)
    tell_review(bob, subject="review:2")
    forget_old_messages()
    assert Delivery.objects.get().state == "DUE"
    assert PushSubscription.objects.get() == kept

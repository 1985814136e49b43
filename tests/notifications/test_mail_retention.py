"""What is known of old mail is forgotten, but not whom it must not go to."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from notifications.mail_retention import KEPT
from notifications.models import EmailLog
from notifications.tasks import forget_old_mail


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

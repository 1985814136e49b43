"""People who come by a link, and what they learn."""

from datetime import timedelta

from django.utils.timezone import now

from accounts.models import User
from activity.models import Event
from gamification.models import ActiveDay, Referral
from gamification.referral_cookies import Visit
from gamification.referrals import link_of, note_sign_up
from tests.conftest import make_person


def visit(referrer: User, **said) -> Visit:
    """A browser in which the person's link was opened some minutes ago."""
    return Visit(link_of(referrer).code, now() - timedelta(minutes=5), **said)


def brought(referrer: User, name: str, *, days_ago: float = 0, **said) -> Referral:
    """Somebody who signed up by the link, so many days ago."""
    newcomer = make_person(f"{name.lower()}@example.org", name)
    referral = note_sign_up(newcomer, visit(referrer, **said))
    assert referral is not None
    referral.signed_up_at = now() - timedelta(days=days_ago)
    referral.save()
    return referral


def learned(
    referral: Referral, *, lessons: int = 3, days: int = 3, passed: str = "QUIZ_PASSED"
) -> None:
    """What is recorded of a newcomer, beginning when they signed up."""
    user, begin = referral.referee, referral.signed_up_at

    def happened(kind: str, subject: str) -> None:
        Event.objects.create(user=user, kind=kind, subject=subject, created_at=begin)

    for number in range(lessons):
        happened("LESSON_COMPLETED", f"lesson:{number}")
    if passed:
        happened(passed, "thing:1")
    for number in range(days):
        learn_on(user, begin + timedelta(days=number))


def learn_on(user: User, moment) -> None:
    ActiveDay.objects.create(
        user=user, date=moment.date(), zone="UTC", first_at=moment, last_at=moment
    )


def qualified(referrer: User, name: str, *, days_ago: float = 8) -> Referral:
    """Somebody who qualified so many days ago, and learned again since.

    They signed up two hours before the one made last: many within an hour would be flagged.
    """
    apart = Referral.objects.filter(referrer=referrer).count() / 12
    referral = brought(referrer, name, days_ago=days_ago + 3 + apart)
    referral.state = Referral.State.QUALIFIED
    referral.qualified_at = now() - timedelta(days=days_ago)
    referral.save()
    learn_on(referral.referee, referral.qualified_at + timedelta(days=1))
    return referral

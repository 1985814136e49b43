"""People for boards: who has learned long enough, and wants to be seen."""

from datetime import timedelta
from decimal import Decimal

from django.utils.timezone import now

from accounts.keys import uuid7
from gamification import boards
from gamification.ledger import Payment, Source, pay
from gamification.models import ActiveDay, Multiplier, XPTransaction
from tests.conftest import make_person


def learned_for(user, days=3):
    """The person has learned on so many days."""
    for number in range(days):
        at = now() - timedelta(days=number)
        ActiveDay.objects.get_or_create(
            user=user, date=at.date(), defaults={"zone": "UTC", "first_at": at, "last_at": at}
        )


def make_listed(name, shown="NAME", nickname=""):
    """Somebody who is on boards."""
    user = make_person(f"{name.lower().replace(' ', '-')}@example.org", name)
    learned_for(user)
    assert boards.choose(user, shown, nickname)
    return user


def pay_lesson(user, base=10, at=None, course_id=None):
    """A lesson of its own pays the person; return its entry."""
    key = f"lesson:{uuid7()}"
    payment = Payment(
        Source.LESSON, key, base, data={"title": "A lesson"}, course_id=course_id,
        board_points=base,
    )  # fmt: skip
    assert pay(user, payment, at or now())
    return XPTransaction.objects.get(source_key=key)


def make_multiplier(root, factor="1.5", course=None, begins=-timedelta(days=1), **fields):
    """One that was announced in time; by default it goes on now."""
    starts_at = now() + begins
    fields = {"title": "Autumn", "ends_at": starts_at + timedelta(days=4), **fields}
    return Multiplier.objects.create(
        factor=Decimal(factor), course=course, made_by=root, starts_at=starts_at,
        announced_at=starts_at - timedelta(days=3), **fields,
    )  # fmt: skip

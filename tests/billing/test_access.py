"""Which plan a person holds, and what it opens."""

import random
from datetime import timedelta

import pytest
from django.utils.timezone import now

from accounts.models import User
from billing.access import covered, covers, held_at, holding_of, needed, plan_of
from billing.models import Grant, Subscription
from billing.models.subscriptions import GRACE
from courses.models import Course, ProgrammingLanguage, Tier
from tests.billing.rows import make_late, make_price, make_seat, make_subscription
from tests.conftest import make_course, make_person

FREE, PRO, ENTERPRISE = Tier


@pytest.mark.parametrize("status", Subscription.Status.values)
def test_the_state_of_a_subscription_opens_or_closes(bob, selling, status):
    make_subscription(bob, make_price(), status)
    assert plan_of(bob) == (PRO if status in ("active", "trialing", "past_due") else FREE)


def test_late_payment_opens_for_the_grace_and_no_longer(bob, selling):
    bought = make_late(bob, 6 + 23 / 24)
    assert plan_of(bob) == PRO
    assert held_at(bob, bought.past_due_since + GRACE - timedelta(microseconds=1))[0] == PRO
    assert held_at(bob, bought.past_due_since + GRACE)[0] == FREE


def test_a_seat_opens_until_it_is_taken_away_or_no_longer_paid(ada, bob, selling):
    paid = make_subscription(ada, make_price(ENTERPRISE), quantity=3)
    seat = make_seat(paid, bob)
    make_seat(paid, None)
    assert plan_of(bob) == ENTERPRISE
    holding = holding_of(bob)
    assert (holding.why, holding.seat, holding.subscription) == ("seat", seat, None)
    Subscription.objects.update(status="unpaid")
    assert plan_of(bob) == FREE
    Subscription.objects.update(status="active")
    seat.removed_at = now()
    seat.save()
    assert plan_of(bob) == FREE


def test_the_highest_counts_and_what_one_pays_for_comes_first(ada, bob, root, selling):
    pro, enterprise = make_price(PRO), make_price(ENTERPRISE)
    mine = make_subscription(bob, pro)
    Grant.objects.create(user=bob, plan=pro.plan, reason="x", given_by=root)
    assert holding_of(bob).subscription == mine
    make_seat(make_subscription(ada, enterprise), bob)
    assert (holding_of(bob).tier, holding_of(bob).why) == (ENTERPRISE, "seat")


def test_without_a_key_only_what_staff_gave_counts(bob, root):
    price = make_price()
    make_subscription(bob, price)
    assert holding_of(bob).why == "free"
    Grant.objects.create(user=bob, plan=price.plan, reason="x", given_by=root)
    assert (holding_of(bob).tier, holding_of(bob).why) == (PRO, "grant")


def test_a_course_needs_the_higher_of_its_plan_and_its_languages(db):
    language = ProgrammingLanguage.objects.create(name="Go", slug="go")
    for own, of_language in [(a, b) for a in Tier for b in Tier]:
        language.required_plan = of_language
        assert needed(Course(required_plan=own, language=language)) == max(
            own, of_language, key=list(Tier).index
        )
    assert needed(Course(required_plan=PRO)) == PRO


def test_one_query_whatever_there_is(ada, bob, selling, django_assert_num_queries):
    free, paid = make_course("free"), make_course("paid", required_plan=PRO)
    make_seat(make_subscription(ada, make_price(ENTERPRISE)), bob)
    make_subscription(bob, make_price(PRO))
    with django_assert_num_queries(0):
        assert covers(bob, free)
        assert covered(bob, [free, free]) == [free, free]
        assert needed(paid) == PRO
    with django_assert_num_queries(1):
        assert covers(bob, paid)
    with django_assert_num_queries(1):
        assert covered(bob, [free, paid, paid]) == [free, paid, paid]
    with django_assert_num_queries(2):
        assert holding_of(bob).tier == ENTERPRISE


def test_covers_is_what_the_rules_say_of_random_rows(db, root, settings, monkeypatch):
    """Against a model that reads plain lists, at moments on both sides of every bound."""
    dice = random.Random(20261122)
    people = [make_person(f"p{n}@example.org", f"P{n}") for n in range(6)]
    school = School(people, root, dice)
    wrong = []
    for _ in range(60):
        school.shuffle()
        settings.STRIPE_SECRET_KEY = dice.choice(["", "sk_test_x", "sk_test_x", "sk_test_x"])
        for user in people:
            moment = dice.choice(school.moments)
            monkeypatch.setattr("billing.access.now", lambda moment=moment: moment)
            told = school.held(user, moment, is_selling=bool(settings.STRIPE_SECRET_KEY))
            own, of_language = dice.choice(list(Tier)), dice.choice([None, *Tier])
            language = of_language and ProgrammingLanguage(required_plan=of_language)
            asked = [list(Tier).index(plan) for plan in (own, of_language) if plan]
            found = covers(user, Course(required_plan=own, language=language))
            if found != (told >= max(asked)):
                wrong.append((user.email, moment, own, of_language, found, told))
    assert wrong == []
    assert len(school.seen) == 3, "all three plans came up"


class School:
    """Rows made at random, and the same facts in plain lists."""

    STEP = timedelta(microseconds=1)

    def __init__(self, people: list[User], staff: User, dice: random.Random) -> None:
        self.people, self.staff, self.dice = people, staff, dice
        self.prices = [make_price(PRO), make_price(ENTERPRISE)]
        self.seen: set[int] = set()

    def shuffle(self) -> None:
        """Everything anew."""
        Grant.objects.all().delete()
        for one in Subscription.objects.all():
            one.seats.all().delete()
            one.delete()
        self.now = now()
        self.moments = [self.now]
        self.paid, self.grants = [], []
        for user in self.people:
            if self.dice.random() < 0.6:
                self.add_subscription(user)
            if self.dice.random() < 0.4:
                self.add_grant(user)

    def around(self, moment):
        self.moments += [moment - self.STEP, moment, moment + self.STEP]

    def add_subscription(self, user: User) -> None:
        rank, status = self.dice.randint(1, 2), self.dice.choice(Subscription.Status.values)
        since = self.now - GRACE + timedelta(hours=self.dice.randint(-30, 30))
        # Stripe may leave the moment of an old delay on what was paid since: it means nothing.
        late = since if status == "past_due" or self.dice.random() < 0.2 else None
        if late:
            self.around(late + GRACE)
        row = make_subscription(
            user,
            self.prices[rank - 1],
            status,
            past_due_since=late,
            quantity=self.dice.randint(1, 3),
        )
        seated = []
        for number, guest in enumerate(self.dice.sample(self.people, self.dice.randint(0, 5))):
            gone = self.dice.random() < 0.3
            taken_at = self.now - timedelta(hours=number)
            make_seat(row, guest, taken_at=taken_at, removed_at=self.now if gone else None)
            seated += [] if gone else [(taken_at, guest.pk)]
        make_seat(row, None)
        # Plans for one person have no seats; of more than are paid for the newest wait.
        guests = {guest for _, guest in sorted(seated)[: row.quantity]} if rank == 2 else set()
        self.paid.append((user.pk, guests, rank, status, late))

    def add_grant(self, user: User) -> None:
        rank = self.dice.randint(1, 2)
        starts = self.now + timedelta(hours=self.dice.randint(-20, 3))
        until = self.dice.choice([None, starts + timedelta(hours=self.dice.randint(1, 30))])
        withdrawn = self.dice.choice([None, None, None, self.now])
        for moment in (starts, until):
            if moment:
                self.around(moment)
        Grant.objects.create(
            user=user, plan=self.prices[rank - 1].plan, reason="x", given_by=self.staff,
            starts_at=starts, until=until, withdrawn_at=withdrawn,
        )  # fmt: skip
        self.grants.append((user.pk, rank, starts, until, withdrawn))

    def held(self, user: User, moment, *, is_selling: bool) -> int:
        """The rank of the plan, by the words of the rules."""
        best = 0
        for owner, guests, rank, status, late in self.paid if is_selling else []:
            is_open = status in ("active", "trialing")
            if status == "past_due":
                is_open = moment - late < GRACE
            if is_open and (user.pk == owner or user.pk in guests):
                best = max(best, rank)
        for whose, rank, starts, until, withdrawn in self.grants:
            in_time = starts <= moment and (until is None or moment < until)
            if whose == user.pk and in_time and withdrawn is None:
                best = max(best, rank)
        self.seen.add(best)
        return best

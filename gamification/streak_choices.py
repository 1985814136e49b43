"""What people choose about their streak: days of rest, a pause, taking a run up again.

Whatever is chosen holds from today on, or later: the past is never told differently. A change of
zone does not make what is over today again. Only a run that is taken up again looks back, and that
is what it is for.
"""

from collections.abc import Collection
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import now
from django.utils.translation import gettext

from accounts import audit
from accounts.models import User
from gamification.days import (
    date_of,
    finished_a_lesson,
    history_of,
    lock,
    settle_now,
    today_of,
)
from gamification.models import Pause, Repair, RestRule
from gamification.streaks import History, Run, Settled, days_back, in_order, offered, settle

MOST_REST_DAYS = 2
LONGEST_PAUSE, PAUSES_A_YEAR = timedelta(days=30), 2
# How far ahead a pause may be planned.
AHEAD = timedelta(days=366)


class ChoiceRefused(Exception):
    """The words say why, and what would do."""


def not_over(user: User, history: History) -> date:
    """The first date that is over neither where the person is nor where they learned last."""
    today, lived = today_of(user), in_order(history.days)
    return max(today, date_of(now(), ZoneInfo(lived[-1].zone))) if lived else today


@transaction.atomic
def set_rest(user: User, weekdays: Collection[int]) -> RestRule:
    """Need no work on these weekdays, Monday is 1: at once, or where there is a rule, from Monday.

    A rule that changed in the middle of a week could make every day of it one of rest. What was
    chosen before for later dates is gone.
    """
    wanted = set(weekdays)
    if len(wanted) > MOST_REST_DAYS or not wanted <= set(range(1, 8)):
        raise ChoiceRefused(gettext("Choose two days of the week at most."))
    lock(user)
    history = history_of(user)
    today = not_over(user, history)
    has_rule = any(begins < today for begins, _ in history.rests)
    start = monday_after(today) if has_rule else today
    RestRule.objects.filter(user=user, from_date__gte=start).delete()
    bits = sum(1 << day - 1 for day in wanted)
    rule = RestRule.objects.create(user=user, from_date=start, weekdays=bits)
    settle_now(user)
    return rule


def monday_after(day: date) -> date:
    return day + timedelta(days=7 - day.weekday())


@transaction.atomic
def pause(user: User, first: date, last: date, *, given_by: User | None = None) -> Pause:
    """Need no work from the first to the last of these dates. Staff may give more than two a year.

    Whether `given_by` may is asked before.
    """
    if given_by == user:
        raise ChoiceRefused(
            gettext("Nobody gives a pause to themself: choose one on your streak’s page.")
        )
    lock(user)
    history = history_of(user)
    today, begins = today_of(user), not_over(user, history)
    if first < today:
        raise ChoiceRefused(gettext("A pause begins today or later."))
    if first < begins:
        earliest = date_format(begins, "l, j F")
        raise ChoiceRefused(
            gettext("After this change of time zone a pause begins on %(earliest)s or later.")
            % {"earliest": earliest}
        )
    if first - today > AHEAD:
        raise ChoiceRefused(gettext("A pause begins within a year."))
    if last < first:
        raise ChoiceRefused(gettext("The last day comes before the first."))
    if last - first >= LONGEST_PAUSE:
        raise ChoiceRefused(gettext("A pause has 30 days at most."))
    pauses = Pause.objects.filter(user=user)
    if any(begun <= last and ended >= first for begun, ended in history.pauses):
        raise ChoiceRefused(gettext("There is a pause on some of these days already."))
    own = pauses.filter(given_by=None, first__year=first.year)
    if given_by is None and own.count() >= PAUSES_A_YEAR:
        raise ChoiceRefused(
            gettext("There are two pauses in %(year)s already. Staff can give another.")
            % {"year": first.year}
        )
    made = pauses.create(user=user, first=first, last=last, given_by=given_by)
    settle_now(user)
    if given_by is not None:
        audit.note("STREAK_PAUSED", made, by=given_by, person=user)
    return made


@transaction.atomic
def end_pause(user: User, found: Pause) -> None:
    """End a pause with yesterday; one that has not begun is gone. One that is over stays."""
    lock(user)
    today = not_over(user, history_of(user))
    if found.first >= today:
        found.delete()
    elif found.last >= today:
        found.last = today - timedelta(days=1)
        found.save(update_fields=["last"])
    settle_now(user)


def offered_to(user: User, settled: Settled, history: History, today: date) -> Run | None:
    """The run that may be taken up again: a lesson was finished soon enough after it.

    No query, unless whatever else it takes is there.
    """
    ended = offered(settled, history, today)
    return ended if ended and finished_a_lesson(user, days_back(ended, history)) else None


@transaction.atomic
def repair(user: User) -> Run:
    """Take the run up again that ended before the present one: what it has come to is told.

    Asked a second time that day, it is as good as done.
    """
    lock(user)
    history = history_of(user)
    today = not_over(user, history)
    before = settle(history, today)
    if before.run and any(on == today for _, on in history.repairs):
        return before.run
    ended = offered_to(user, before, history, today)
    if ended is None or ended.ended_on is None:
        raise ChoiceRefused(gettext("There is no streak to take up again now."))
    Repair.objects.create(user=user, ended_on=ended.ended_on, date=today)
    settled = settle_now(user)
    return settled.run or ended

"""Timed challenges: one start each, tasks that passing work solves, and the end by the clock.

A start keeps the challenge as it is until the entry is there; that there is one, the unique
constraint decides. Whatever changes an entry holds its row, then pays: challenge, entry, standing.
"""

import logging
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction

from accounts import audit
from accounts.access import may_work_as_staff
from accounts.models import User
from activity.actions import record
from activity.models import Event
from gamification import ledger
from gamification.challenge_results import results_at
from gamification.clock import GRACE, read_clock
from gamification.ledger import Payment
from gamification.models import (
    Challenge,
    ChallengeEntry,
    ChallengeRestart,
    ChallengeSolve,
    ChallengeTask,
    XPTransaction,
)
from gamification.season_errors import (
    AllSolved,
    NoReason,
    NotOpen,
    OwnEntry,
    ResultsAreOut,
    StaffOnly,
    StartedAgain,
)

logger = logging.getLogger(__name__)
TASK_PAYS = 20
MOST_EXTRA = Decimal(2)
# Code handed in at the last second is judged by then: only after it the end is told.
JUDGED_WITHIN = timedelta(minutes=15)

# The earlier of two that passed counts, whichever was judged first. A task that was just taken out
# is waited for and then solved by nobody.
SOLVE = """
    INSERT INTO gamification_challengesolve (id, task_id, user_id, entry_id, solved_at)
    SELECT waymark_uuid7(), task.id, %s, %s, %s
    FROM gamification_challengetask AS task WHERE task.id = %s FOR KEY SHARE
    ON CONFLICT (user_id, task_id, entry_id)
    DO UPDATE SET solved_at = least(gamification_challengesolve.solved_at, excluded.solved_at)
"""


@transaction.atomic
def start(
    user: User,
    challenge: Challenge,
    extra: Decimal | None = Decimal(1),
    *,
    at: datetime | None = None,
) -> ChallengeEntry:
    """Begin, or return the entry there is: one start each. Whether they may learn is asked before.

    `extra` is how many times the usual length this person has, at most twice; None: no clock, so
    theirs runs until the window closes, and never shorter than twice. `at` dates a history that is
    brought in; the clock is the database's otherwise. Raises NotOpen.
    """
    entry = ChallengeEntry.objects.filter(user=user, challenge=challenge).first()
    if entry is not None:
        return entry
    kept = keep(challenge)
    moment = at or read_clock()
    if not (kept and kept.is_published and kept.opens_at <= moment < kept.closes_at):
        raise NotOpen
    begun = ChallengeEntry(
        challenge=kept,
        user=user,
        started_at=moment,
        deadline=deadline_of(kept, moment, extra),
        has_extra_time=extra != 1,
    )
    ChallengeEntry.objects.bulk_create([begun], ignore_conflicts=True)
    return ChallengeEntry.objects.get(user=user, challenge=kept)


KEEP = "SELECT * FROM gamification_challenge WHERE id = %s FOR KEY SHARE"


def keep(challenge: Challenge) -> Challenge | None:
    """The challenge as it stands, held off from whoever would change it. None: it is gone.

    Who is just changing it is waited for.
    """
    return next(iter(Challenge.objects.raw(KEEP, [challenge.pk])), None)


def deadline_of(challenge: Challenge, moment: datetime, extra: Decimal | None) -> datetime:
    """When the time of somebody who starts at that moment is over."""
    length = timedelta(minutes=challenge.minutes)
    if extra is None:
        return max(challenge.closes_at, moment + length * int(MOST_EXTRA))
    if not 1 <= extra <= MOST_EXTRA:
        raise ValueError("Extra time is from once to twice the usual length.")
    return moment + length * float(extra)


@transaction.atomic(savepoint=False)
def take_in(event: Event) -> None:
    """A submission was judged: where it passed, it solves the tasks that its time covers.

    What was passed before a start counts for nothing, and what is handed in after a challenge has
    closed is practice. Whatever passes within the time counts, however late it is judged.
    """
    data = event.data
    if event.user is None or not data.get("passed") or not data.get("handed_in"):
        return
    handed_in = datetime.fromisoformat(data["handed_in"])
    for task in tasks_of(data.get("lesson")):
        entry = lock_entry(event.user, task.challenge)
        if entry is not None and covers(entry, handed_in):
            solve(task, entry, handed_in, event.created_at)
        elif handed_in >= task.challenge.closes_at:
            write_solve(event.user, task, None, handed_in)


def tasks_of(lesson: str | None) -> list[ChallengeTask]:
    """The tasks of published challenges that a lesson is. In one order, for the locks to come."""
    if not lesson:
        return []
    tasks = ChallengeTask.objects.filter(lesson=UUID(lesson), challenge__is_published=True)
    return list(tasks.select_related("challenge__course").order_by("challenge"))


def lock_entry(user: User, challenge: Challenge) -> ChallengeEntry | None:
    entries = ChallengeEntry.objects.select_for_update(no_key=True)
    entry = entries.filter(user=user, challenge=challenge).first()
    if entry is not None:
        entry.challenge, entry.user = challenge, user
    return entry


def covers(entry: ChallengeEntry, handed_in: datetime) -> bool:
    """Whether it was handed in within the entry's time, or within the one before a new start.

    Staff give new starts when our runner was away: what waited for it then is judged afterwards.
    """
    if entry.started_at <= handed_in <= entry.deadline + GRACE:
        return True
    earlier = entry.restarts.filter(started_at__lte=handed_in, deadline__gte=handed_in - GRACE)
    return entry.has_extra_time and earlier.exists()


def write_solve(
    user: User, task: ChallengeTask, entry: ChallengeEntry | None, at: datetime
) -> bool:
    """Hold the task and write it. False: the task is gone."""
    with connection.cursor() as cursor:
        cursor.execute(SOLVE, [user.pk, entry.pk if entry else None, at, task.pk])
        return bool(cursor.rowcount)


def solve(
    task: ChallengeTask, entry: ChallengeEntry, handed_in: datetime, judged: datetime
) -> None:
    """Write that the task of a locked entry is solved, and pay it: once ever, whoever comes twice.

    The last one ends the entry. Levels are reached when it is judged.
    """
    if not write_solve(entry.user, task, entry, handed_in):
        return
    challenge = entry.challenge
    payment = Payment(
        XPTransaction.Source.CHALLENGE,
        f"task:{task.pk}",
        TASK_PAYS,
        data={
            "title": challenge.title,
            "url": challenge.get_absolute_url(),
            "course_title": challenge.course.title,
        },
        course_id=challenge.course_id,
        board_points=TASK_PAYS,
    )
    ledger.pay(entry.user, payment, handed_in, reached=judged)
    if entry.solves.count() == challenge.tasks.count():
        finish(entry, min(handed_in, entry.deadline))


def finish(entry: ChallengeEntry, at: datetime) -> None:
    """End a locked entry, and tell it once: the end after a new start stands in its row alone."""
    if entry.finished_at is not None:
        return
    entry.finished_at = at
    entry.save(update_fields=["finished_at"])
    challenge = entry.challenge
    data = {
        "title": challenge.title,
        "url": challenge.get_absolute_url(),
        "solved": entry.solves.count(),
        "tasks": challenge.tasks.count(),
        "course": str(challenge.course_id),
        "course_title": challenge.course.title,
    }
    record(entry.user, Event.Kind.CHALLENGE_FINISHED, f"challenge:{challenge.pk}", data, at=at)


def is_running(entry: ChallengeEntry, moment: datetime) -> bool:
    return entry.finished_at is None and moment < entry.deadline


def is_settled(entry: ChallengeEntry, moment: datetime) -> bool:
    """Whether nothing more is to be waited for, and the end was not written yet."""
    return entry.finished_at is None and moment > entry.deadline + JUDGED_WITHIN


@transaction.atomic
def settle(key: UUID) -> bool:
    """End an entry whose time is over. False: somebody else did, or it got a new start."""
    rows = ChallengeEntry.objects.select_for_update(of=("self",), no_key=True)
    entry = rows.select_related("challenge__course", "user").get(pk=key)
    if not is_settled(entry, read_clock()):
        return False
    finish(entry, entry.deadline)
    return True


def settle_overdue(limit: int = 500) -> int:
    """The sweep: end what the clock has ended; return how many."""
    over = ChallengeEntry.objects.filter(
        finished_at=None, deadline__lt=read_clock() - JUDGED_WITHIN
    )
    keys = list(over.order_by("deadline").values_list("pk", flat=True)[:limit])
    settled = 0
    for key in keys:
        try:
            settled += settle(key)
        except Exception:
            logger.exception("The entry %s could not be ended", key)
    return settled


@transaction.atomic
def restart_entry(
    entry: ChallengeEntry, by: User, reason: str, *, seen: datetime | None = None
) -> ChallengeEntry:
    """Let somebody start again from now, for as long as they had. What they solved stays.

    For time that our own fault took. Places go by tasks alone from then on. `seen`: the start that
    was shown to who decided. Raises as `refuse_restart` does, NoReason, StartedAgain.
    """
    rows = ChallengeEntry.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.select_related("challenge").get(pk=entry.pk)
    moment = read_clock()
    refuse_restart(locked, by, moment)
    if not reason.strip():
        raise NoReason
    if seen not in (None, locked.started_at):
        raise StartedAgain
    ChallengeRestart.objects.create(
        entry=locked,
        given_by=by,
        reason=reason.strip(),
        started_at=locked.started_at,
        deadline=locked.deadline,
    )
    locked.deadline = deadline_again(locked, moment)
    locked.started_at, locked.finished_at, locked.has_extra_time = moment, None, True
    locked.save(update_fields=["started_at", "deadline", "finished_at", "has_extra_time"])
    audit.note("STARTED_AGAIN", locked, by=by, person=locked.user_id, reason=reason)
    return locked


def refuse_restart(entry: ChallengeEntry, by: User, moment: datetime) -> None:
    """Raise StaffOnly, OwnEntry, ResultsAreOut or AllSolved where nobody starts again."""
    if not may_work_as_staff(by):
        raise StaffOnly
    if entry.user_id == by.pk:
        raise OwnEntry
    if moment >= results_at(entry.challenge):
        raise ResultsAreOut
    if entry.solves.count() == entry.challenge.tasks.count():
        raise AllSolved


def deadline_again(entry: ChallengeEntry, moment: datetime) -> datetime:
    """As long as before. Who had no clock has none again: not the whole window from now on."""
    length = entry.deadline - entry.started_at
    if length > timedelta(minutes=entry.challenge.minutes) * int(MOST_EXTRA):
        return deadline_of(entry.challenge, moment, None)
    return moment + length


def practised(user: User, challenge: Challenge) -> set[UUID]:
    """The tasks that somebody solved after it was over."""
    solves = ChallengeSolve.objects.filter(user=user, task__challenge=challenge, entry=None)
    return set(solves.values_list("task_id", flat=True))

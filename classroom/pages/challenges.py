"""Challenges: what to know before the start, one's own time, and the results of all."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from accounts.models import User
from assessments.models import Accommodation
from classroom.access import door, opens_by_enrolling
from courses.models import Course, Lesson
from enrollments.errors import EnrollmentRefused
from gamification.challenge_results import Results, results_at, results_of
from gamification.challenges import (
    MOST_EXTRA,
    TASK_PAYS,
    is_running,
    is_settled,
    practised,
    settle,
)
from gamification.clock import read_clock
from gamification.models import Challenge, ChallengeEntry, ChallengeRestart, ChallengeTask

PER_PAGE = 20


@dataclass(frozen=True)
class ChallengeCard:
    """A challenge in the list, and what I have of it."""

    challenge: Challenge
    task_count: int
    entry: ChallengeEntry | None
    solved: int
    moment: datetime

    @property
    def is_running(self) -> bool:
        return self.entry is not None and is_running(self.entry, self.moment)


@dataclass(frozen=True)
class ChallengesPage:
    """What can be started, what will be, and what can be practised."""

    open: list[ChallengeCard]
    coming: list[ChallengeCard]
    past: list[ChallengeCard]
    page: Page[Any]


def shown_challenges() -> QuerySet[Challenge]:
    """Published ones, of courses that can be found."""
    rows = Challenge.objects.filter(is_published=True, course__in=Course.objects.published())
    return rows.select_related("course__language")


def challenges_page(user: User, number: str) -> ChallengesPage:
    """Five queries. Tasks that are out of sight are not counted."""
    moment = read_clock()
    live = Lesson.objects.live()
    rows = shown_challenges().annotate(task_count=Count("tasks", filter=Q(tasks__lesson__in=live)))
    now = list(rows.filter(closes_at__gt=moment).order_by("closes_at"))
    page = Paginator(rows.filter(closes_at__lte=moment).order_by("-closes_at"), PER_PAGE).get_page(
        number
    )
    shown = [*now, *page.object_list]
    entries = ChallengeEntry.objects.filter(user=user, challenge__in=shown)
    solved = Count("solves", filter=Q(solves__task__lesson__in=live))
    mine = {one.challenge_id: one for one in entries.annotate(solved=solved)}

    def card(challenge: Any) -> ChallengeCard:
        entry = mine.get(challenge.pk)
        solved = getattr(entry, "solved", 0)
        return ChallengeCard(challenge, challenge.task_count, entry, solved, moment)

    return ChallengesPage(
        [card(one) for one in now if one.opens_at <= moment],
        [card(one) for one in now if one.opens_at > moment],
        [card(one) for one in page.object_list],
        page,
    )


@dataclass(frozen=True)
class Task:
    """One task: where it is, and when I solved it, in whole minutes after my start."""

    lesson: Lesson
    solved_at: datetime | None
    minutes: int | None
    is_practised: bool


@dataclass(frozen=True)
class ChallengePage:
    """One challenge as one person sees it at a moment. `restart`: the last that staff gave."""

    challenge: Challenge
    moment: datetime
    tasks: list[Task]
    entry: ChallengeEntry | None
    closed: EnrollmentRefused | None
    minutes: int | None
    results_at: datetime
    has_boards: bool
    results: Results | None
    restart: ChallengeRestart | None = None
    refusal: Exception | None = None

    pays = TASK_PAYS

    @property
    def state(self) -> str:
        if self.entry is not None and is_running(self.entry, self.moment):
            return "running"
        if self.moment < self.challenge.opens_at:
            return "before"
        if self.entry is not None:
            return "over"
        return "open" if self.moment < self.challenge.closes_at else "missed"

    @property
    def may_enroll(self) -> bool:
        return opens_by_enrolling(self.closed)

    @property
    def shows_tasks(self) -> bool:
        """Not before a start: who has read them could think for longer than others."""
        return self.entry is not None or self.is_closed

    @property
    def is_closed(self) -> bool:
        """Whether nobody starts any more: from here on solving a task is practice."""
        return self.moment >= self.challenge.closes_at

    @property
    def solved(self) -> int:
        return sum(task.solved_at is not None for task in self.tasks)

    @property
    def total_minutes(self) -> int:
        """What the place goes by among those who solved as many."""
        return sum(task.minutes or 0 for task in self.tasks if task.solved_at)

    @property
    def segments(self) -> list[str]:
        return ["on" if task.solved_at else "" for task in self.tasks]

    @property
    def has_more_time(self) -> bool:
        """Whether the person has extra time, before or after their start."""
        if self.entry is not None:
            return self.entry.has_extra_time
        return self.minutes != self.challenge.minutes

    @property
    def seconds_left(self) -> int:
        end = self.entry.deadline if self.entry else self.moment
        return max(0, round((end - self.moment).total_seconds()))

    @property
    def seconds_given(self) -> int:
        entry = self.entry
        return round((entry.deadline - entry.started_at).total_seconds()) if entry else 0


def challenge_page(
    user: User, challenge: Challenge, *, boards: bool, refusal: Exception | None = None
) -> ChallengePage:
    """Ten queries at most, and those of ending what the clock has ended.

    Where the school shows no `boards`, there are no results of others.
    """
    moment = read_clock()
    entry = entry_of(user, challenge, moment)
    public_at = results_at(challenge)
    return ChallengePage(
        challenge=challenge,
        moment=moment,
        tasks=tasks_of(user, challenge, entry, moment),
        entry=entry,
        closed=None if entry else door(user, challenge.course),
        minutes=None if entry else minutes_for(challenge, extra_of(user)),
        results_at=public_at,
        has_boards=boards,
        results=results_of(challenge, user) if boards and moment >= public_at else None,
        restart=entry.restarts.last() if entry and entry.has_extra_time else None,
        refusal=refusal,
    )


def entry_of(user: User, challenge: Challenge, moment: datetime) -> ChallengeEntry | None:
    rows = ChallengeEntry.objects.filter(user=user, challenge=challenge)
    entry = rows.first()
    if entry is not None and is_settled(entry, moment) and settle(entry.pk):
        return rows.first()
    return entry


def tasks_of(
    user: User, challenge: Challenge, entry: ChallengeEntry | None, moment: datetime
) -> list[Task]:
    live = ChallengeTask.objects.filter(challenge=challenge, lesson__in=Lesson.objects.live())
    rows = live.select_related("lesson__course", "lesson__module")
    solved = dict(entry.solves.values_list("task_id", "solved_at")) if entry else {}
    again = practised(user, challenge) if moment >= challenge.closes_at else set[UUID]()
    found = []
    for row in rows:
        at = solved.get(row.pk)
        after = (at - entry.started_at) // timedelta(minutes=1) if at and entry else None
        found.append(Task(row.lesson, at, after, row.pk in again))
    return found


def extra_of(user: User) -> Decimal | None:
    """How many times the usual length this person has; None: no clock."""
    rows = Accommodation.objects.filter(user=user).values_list("extra_time", flat=True)
    percent = rows.first()
    if percent == Accommodation.ExtraTime.NO_CLOCK:
        return None
    return Decimal(percent or 100) / 100


def minutes_for(challenge: Challenge, extra: Decimal | None) -> int | None:
    """How long theirs takes; None: until the window closes, and never shorter than twice."""
    return None if extra is None else int(challenge.minutes * min(extra, MOST_EXTRA))

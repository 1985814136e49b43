"""Seasons and challenges for tests, and people who take part."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils.timezone import now

from accounts.models import User
from activity.actions import record
from activity.models import Event
from courses.models import Course, Lesson
from gamification.challenge_making import Plan, make_challenge, publish_challenge
from gamification.ledger import Payment, pay
from gamification.models import (
    ActiveDay,
    BoardChoice,
    Challenge,
    ChallengeEntry,
    ChallengeSolve,
    Season,
    XPTransaction,
)
from tests.assessments.code_builders import make_lesson_for
from tests.conftest import make_person

DAY = timedelta(days=1)


def midnight() -> datetime:
    return now().replace(hour=0, minute=0, second=0, microsecond=0)


def make_past_season(slug: str = "spring", *, ended: int = 15, days: int = 28) -> Season:
    """Ended so many days ago, at midnight."""
    end = midnight() - DAY * ended
    return Season.objects.create(
        slug=slug, title=slug.capitalize(), starts_at=end - DAY * days, ends_at=end
    )


def make_open_season(slug: str = "autumn", *, begun: int = 3, days: int = 28) -> Season:
    start = midnight() - DAY * begun
    return Season.objects.create(
        slug=slug, title=slug.capitalize(), starts_at=start, ends_at=start + DAY * days
    )


def earn(user: User, points: int, at: datetime) -> XPTransaction:
    """Have the ledger say that a lesson paid so many points, of which all count on boards."""
    payment = Payment(XPTransaction.Source.LESSON, f"lesson:{uuid4()}", points, board_points=points)
    assert pay(user, payment, at)
    return XPTransaction.objects.get(source_key=payment.key)


def learn_on(user: User, *dates: date) -> None:
    ActiveDay.objects.bulk_create(
        ActiveDay(user=user, date=date, zone="UTC", first_at=now(), last_at=now()) for date in dates
    )


def list_person(user: User, *, name: str = "") -> User:
    """Somebody who may be seen on boards, with a nickname if one is given."""
    shown = BoardChoice.Shown.NICKNAME if name else BoardChoice.Shown.NAME
    BoardChoice.objects.create(user=user, shown=shown, nickname=name, is_listed=True)
    return user


def make_people(count: int, *, listed: bool = True) -> list[User]:
    people = [make_person(f"p{n}-{uuid4().hex[:6]}@example.org", f"P{n}") for n in range(count)]
    return [list_person(person) for person in people] if listed else people


def make_open_challenge(
    course: Course, *, tasks: int = 2, slug: str = "sprint", **fields: Any
) -> Challenge:
    """Opened an hour ago, for a day, with so many assignments of the course as tasks."""
    module = course.modules.order_by("position")[0]
    lessons: list[Lesson] = [
        make_lesson_for(module, f"{slug}-task-{n}", position=50 + n, title=f"Task {n}")
        for n in range(1, tasks + 1)
    ]
    start = now() - timedelta(hours=1)
    values = {"title": slug.capitalize(), "opens_at": start, "closes_at": start + DAY, **fields}
    challenge = make_challenge(Plan(slug=slug, course=course, lessons=lessons, **values))
    publish_challenge(challenge)
    challenge.refresh_from_db()
    return challenge


def move(challenge: Challenge, by: timedelta) -> None:
    """Let the challenge and all that happened in it have been earlier by that much."""
    challenge.opens_at -= by
    challenge.closes_at -= by
    challenge.save()
    for entry in challenge.entries.all():
        entry.started_at -= by
        entry.deadline -= by
        entry.finished_at = entry.finished_at and entry.finished_at - by
        entry.save()
        for solve in entry.solves.all():
            solve.solved_at -= by
            solve.save()


def judge(
    user: User, lesson: Lesson, handed_in: datetime | None = None, *, passed: bool = True
) -> Event | None:
    """Say that a submission was judged, as the graders do."""
    data = {
        "title": lesson.title,
        "passed": passed,
        "percent": 100 if passed else 0,
        "handed_in": (handed_in or now()).isoformat(),
        "lesson": str(lesson.pk),
        "course": str(lesson.course_id),
        "course_title": lesson.course.title,
        "url": "/submissions/1/",
    }
    return record(user, Event.Kind.SUBMISSION_JUDGED, f"submission:{uuid4()}", data)


def make_entry(
    challenge: Challenge, user: User, minutes: list[int], *, extra: bool = False
) -> ChallengeEntry:
    """An entry in which tasks were solved so many whole minutes after the start."""
    start = challenge.opens_at
    entry = ChallengeEntry.objects.create(
        challenge=challenge,
        user=user,
        started_at=start,
        deadline=start + timedelta(minutes=challenge.minutes),
        has_extra_time=extra,
    )
    ChallengeSolve.objects.bulk_create(
        ChallengeSolve(
            task=task, user=user, entry=entry, solved_at=start + timedelta(minutes=after, seconds=7)
        )
        for task, after in zip(challenge.tasks.all(), minutes, strict=False)
    )
    return entry

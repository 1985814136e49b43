"""Seasons and challenges of the demo school: one of each that is past, one that is open.

What is there already is left alone. Nobody is put on boards who has chosen something.
"""

from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django.utils.timezone import now

from accounts.models import User
from activity.models import Event
from courses.models import Lesson
from enrollments.models import Enrollment
from gamification import boards, challenges, seasons
from gamification.challenge_making import Plan, make_challenge, publish_challenge
from gamification.models import BoardChoice, Challenge, Season
from studio.demo_people import LEARNERS

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
STUDENT_GOAL = 24
NICKNAMES = ["Quiet Kettle", "Brackets", "Late Lamp", "Paper Boat", "Second Draft", "Owl Post"]
RULES = (
    "Work alone, with whatever you would have at your desk: notes, the lessons, a search.\n\n"
    "Hand in as often as you like. A task is solved by the first code that passes all of its tests."
)


def load_motivation(student: User, lessons: list[Lesson]) -> None:
    """Bring in what is missing; `lessons` are those of the course that the challenges are in."""
    people = list(User.objects.filter(email__in=[one.email for one in LEARNERS]).order_by("pk"))
    _boards(people)
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
    if not Challenge.objects.exists():
        _challenges(people, lessons, midnight)
    if not Season.objects.exists():
        _seasons(student, people, midnight)


def _boards(people: list[User]) -> None:
    """Most with their names, some with a nickname, some not at all."""
    chosen = set(BoardChoice.objects.values_list("user_id", flat=True))
    for place, person in enumerate(people):
        if person.pk in chosen or place % 5 == 4:
            continue
        nickname = NICKNAMES[place // 6] if place % 6 == 0 and place // 6 < len(NICKNAMES) else ""
        shown = BoardChoice.Shown.NICKNAME if nickname else BoardChoice.Shown.NAME
        boards.choose(person, shown, nickname)


@transaction.atomic
def _seasons(student: User, people: list[User], midnight: datetime) -> None:
    """Eight weeks that ended twenty days ago; a quiet week; twelve weeks that have begun."""
    past = seasons.make_season(
        slug="first-steps",
        title="First steps",
        theme="A little on many days rather than much on few.",
        starts_at=midnight - 8 * WEEK - 20 * DAY,
        ends_at=midnight - 20 * DAY,
    )
    running = seasons.make_season(
        slug="long-evenings",
        title="Long evenings",
        theme="Twelve weeks, and one thing finished in each of them.",
        starts_at=midnight - 13 * DAY,
        ends_at=midnight - 13 * DAY + 12 * WEEK,
    )
    for place, person in enumerate(people):
        if place % 3:
            days = 8 + 4 * (place % 4)
            seasons.set_goal(person, past, days, at=past.starts_at)
            seasons.set_goal(person, running, days + 8)
    seasons.set_goal(student, running, STUDENT_GOAL)
    seasons.end_seasons()


@transaction.atomic
def _challenges(people: list[User], lessons: list[Lesson], midnight: datetime) -> None:
    """Three tasks each; in the past one some of those who were there took part."""
    tasks = [one for one in lessons if one.kind == Lesson.Kind.ASSIGNMENT]
    course = lessons[0].course
    opened = midnight - 24 * DAY
    past = Plan(
        slug="three-small-pages",
        title="Three small pages",
        course=course,
        opens_at=opened,
        closes_at=opened + WEEK,
        lessons=tasks[:3],
        rules=RULES,
    )
    opens = midnight - 3 * DAY
    open_now = Plan(
        slug="values-against-the-clock",
        title="Values, against the clock",
        course=course,
        opens_at=opens,
        closes_at=opens + 2 * WEEK,
        lessons=tasks[-3:],
        rules=RULES,
    )
    for plan in (past, open_now):
        publish_challenge(make_challenge(plan), at=plan.opens_at)
    rows = Enrollment.objects.filter(course=course, enrolled_at__lt=opened)
    there = set(rows.values_list("user_id", flat=True))
    challenge = Challenge.objects.select_related("course").get(slug=past.slug)
    for person in people:
        if person.pk in there:
            _take_part(person, challenge, tasks[:3])
    challenges.settle_overdue()


def _take_part(person: User, challenge: Challenge, tasks: list[Lesson]) -> None:
    """Start at some moment of the week and solve some of the tasks.

    The code itself is not brought in a second time: the challenge alone is told that it passed.
    """
    chance = Random(f"{person.email} {challenge.slug}")  # noqa: S311 (the same school every time)
    began = challenge.opens_at + timedelta(minutes=chance.randint(60, 6 * 24 * 60))
    challenges.start(person, challenge, at=began)
    moment = began
    for lesson in tasks[: chance.choice([1, 2, 2, 3, 3, 3])]:
        moment += timedelta(minutes=chance.randint(5, 16))
        data = {"passed": True, "handed_in": moment.isoformat(), "lesson": str(lesson.pk)}
        kind = Event.Kind.SUBMISSION_JUDGED
        challenges.take_in(Event(user=person, kind=kind, data=data, created_at=moment))

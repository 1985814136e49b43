"""What staff make of a challenge: its window and tasks, until the first person has started."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts import audit
from courses.models import Course, Lesson
from gamification.clock import read_clock
from gamification.contest_addresses import own_address
from gamification.models import Challenge, ChallengeTask
from gamification.season_errors import HasBegun, NoTasks, WindowIsPast, WrongTask

SAID = ("slug", "title", "course", "opens_at", "closes_at", "minutes", "rules")


@dataclass(frozen=True)
class Plan:
    """All that a challenge says of itself. `lessons`: its tasks, in their order."""

    slug: str
    title: str
    course: Course
    opens_at: datetime
    closes_at: datetime
    lessons: Sequence[Lesson]
    minutes: int = 45
    rules: str = ""


def make_challenge(plan: Plan) -> Challenge:
    """Write a draft. Raises ValidationError for what makes no sense, WrongTask, AddressTaken."""
    return write(Challenge(), plan)


@transaction.atomic
def change_challenge(challenge: Challenge, plan: Plan) -> Challenge:
    """Change one in which nobody has started yet. Raises as making one does, and HasBegun."""
    locked = Challenge.objects.select_for_update().get(pk=challenge.pk)
    if locked.entries.exists():
        raise HasBegun
    if locked.is_published and not plan.lessons:
        raise NoTasks
    return write(locked, plan)


def plan_of(challenge: Challenge, lessons: Sequence[Lesson]) -> Plan:
    """What a challenge says of itself by now, with these as its tasks."""
    return Plan(**{name: getattr(challenge, name) for name in SAID}, lessons=lessons)


@transaction.atomic
def call_off(challenge: Challenge) -> bool:
    """Take one away that nobody has started. False: somebody has."""
    locked = Challenge.objects.select_for_update().filter(pk=challenge.pk).first()
    if locked is None or locked.entries.exists():
        return False
    delete_tasks(locked, keeping=())
    audit.note("CHALLENGE_CALLED_OFF", locked)
    locked.delete()
    return True


@transaction.atomic
def write(challenge: Challenge, plan: Plan) -> Challenge:
    for name in SAID:
        setattr(challenge, name, getattr(plan, name))
    challenge.full_clean()
    refuse_wrong_tasks(plan.course, plan.lessons)
    with own_address(challenge.slug):
        challenge.save()
    delete_tasks(challenge, keeping=plan.lessons)
    # A lesson that stays keeps its row, and with it what people solved.
    ChallengeTask.objects.bulk_create(
        [
            ChallengeTask(challenge=challenge, lesson=lesson, position=place)
            for place, lesson in enumerate(plan.lessons, start=1)
        ],
        update_conflicts=True,
        unique_fields=["challenge", "lesson"],
        update_fields=["position"],
    )
    audit.note("CHALLENGE_WRITTEN", challenge)
    return challenge


def delete_tasks(challenge: Challenge, *, keeping: Sequence[Lesson]) -> None:
    """Who is just solving one is waited for: what they write goes with it."""
    others = challenge.tasks.exclude(lesson__in=keeping).order_by("pk").select_for_update()
    challenge.tasks.filter(pk__in=[task.pk for task in others]).delete()


def refuse_wrong_tasks(course: Course, lessons: Sequence[Lesson]) -> None:
    """Raise WrongTask for whatever learners of the course could not hand in code for."""
    assignments = Lesson.objects.live().filter(course=course, kind=Lesson.Kind.ASSIGNMENT)
    there = set(assignments.filter(pk__in=[one.pk for one in lessons]).values_list("pk", flat=True))
    for lesson in lessons:
        if lesson.pk not in there:
            raise WrongTask(lesson.title)


@transaction.atomic
def publish_challenge(challenge: Challenge, at: datetime | None = None) -> bool:
    """Let people see it. False: they do already. `at` dates a history that is brought in.

    Raises NoTasks, WrongTask, WindowIsPast.
    """
    locked = Challenge.objects.select_for_update(of=("self",)).select_related("course")
    found = locked.get(pk=challenge.pk)
    if found.is_published:
        return False
    lessons = [task.lesson for task in found.tasks.select_related("lesson")]
    if not lessons:
        raise NoTasks
    refuse_wrong_tasks(found.course, lessons)
    if (at or read_clock()) >= found.closes_at:
        raise WindowIsPast
    found.is_published = True
    found.save(update_fields=["is_published"])
    audit.note("CHALLENGE_PUBLISHED", found)
    return True

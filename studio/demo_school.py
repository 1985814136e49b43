"""A school to look at: three courses, three accounts to sign in with, and people who learn.

Everything goes through the verbs that the site itself uses, dated back. Who is there already is
left alone, so a second run changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.timezone import now

from accounts.access import GIVE_REVIEW
from accounts.actions import save_profile
from accounts.models import User
from activity.actions import record
from activity.models import Event
from assessments.running import RunnerAway, RunnerFailed
from courses.models import Lesson
from enrollments.actions import enroll
from enrollments.models import Enrollment
from progress.actions import complete_lesson, record_view
from progress.models import InsightCount
from studio.demo_code import Solutions, give_up, hand_in
from studio.demo_motivation import load_motivation
from studio.demo_news import load_news
from studio.demo_people import LEARNERS, Learner, Pace
from studio.demo_quizzes import take_quiz
from studio.demo_reviews import load_reviews
from studio.importing.apply import import_course
from studio.importing.formats import read_course
from studio.importing.report import Report
from studio.insights.counting import count_all

FOLDER = Path(settings.BASE_DIR) / "demo"
COURSES = {
    "p": "python-basics",
    "j": "javascript-in-the-browser",
    "g": "git-for-one",
}
PASSWORD = "waymark-demo"  # noqa: S105 (everybody may know it: that is what a demo is for)
STUDENT, REVIEWER, ADMIN = "student@example.com", "reviewer@example.com", "admin@example.com"
# What the student has done: the course, its first lessons, and how many days ago that began. The
# first is finished, so that there is a certificate to look at.
# Not Python: enrolling there for the first time is the worked example of the API's manual.
STUDENT_HISTORY = [("g", 16, 20), ("j", 5, 9)]


@dataclass(frozen=True)
class DemoSchool:
    """`trouble` is a sentence for whoever loads it, or ""."""

    courses: list[Report]
    new_people: int
    trouble: str = ""


def load() -> DemoSchool:
    """Bring in what is missing. Raises ImportRefused if a demo course is broken."""
    reports = [import_course(read_course(FOLDER / slug)) for slug in COURSES.values()]
    lessons = {
        letter: list(
            Lesson.objects.live()
            .filter(course__slug=slug)
            .select_related("module", "course", "quiz")
            .in_outline_order()
        )
        for letter, slug in COURSES.items()
    }
    solutions, trouble = _solutions(lessons)
    made = [
        _student(lessons, solutions),
        _reviewer(),
        _admin(),
        *(_learner(one, lessons, solutions) for one in LEARNERS),
    ]
    reviewer = _with_the_right(User.objects.get(email=REVIEWER))
    if not trouble:
        load_reviews(reviewer)
    load_motivation(User.objects.get(email=STUDENT), lessons["j"])
    load_news(User.objects.get(email=ADMIN), lessons["j"][0].course)
    if any(made) or not InsightCount.objects.exists():
        count_all()
    return DemoSchool(reports, sum(made), trouble)


def _solutions(lessons: dict[str, list[Lesson]]) -> tuple[Solutions, str]:
    """What there is to hand in, run once; nothing if nobody is new here, or no runner works."""
    if _is_there(STUDENT) and all(_is_there(person.email) for person in LEARNERS):
        return Solutions(), ""
    try:
        return Solutions.of([course[0].course for course in lessons.values()]), ""
    except (RunnerAway, RunnerFailed) as error:
        return Solutions(), f"Nobody has handed in code, because it cannot be run: {error}"


def _is_there(email: str) -> bool:
    return User.objects.filter(email=email).exists()


def _verified(user: User) -> User:
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@transaction.atomic
def _student(lessons: dict[str, list[Lesson]], solutions: Solutions) -> bool:
    if _is_there(STUDENT):
        return False
    joined = now() - timedelta(days=21)
    user = _verified(
        User.objects.create_user(STUDENT, PASSWORD, name="Sam Rivera", date_joined=joined)
    )
    record(user, Event.Kind.SIGNED_UP, f"user:{user.pk}", at=joined)
    chance = Random(STUDENT)  # noqa: S311 (the same school every time, no secrets)
    for letter, count, days_ago in STUDENT_HISTORY:
        began = now() - timedelta(days=days_ago)
        enroll(user, lessons[letter][0].course, Enrollment.Source.SELF, began)
        step = timedelta(days=days_ago) / (count + 1)
        for number, lesson in enumerate(lessons[letter][:count]):
            moment = began + step * number + timedelta(minutes=chance.randint(20, 200))
            _study(user, lesson, moment, solutions, surely=True)
    upcoming = lessons["j"][STUDENT_HISTORY[1][1]]
    record_view(user, upcoming, now() - timedelta(hours=20))
    return True


@transaction.atomic
def _reviewer() -> bool:
    if _is_there(REVIEWER):
        return False
    _verified(User.objects.create_user(REVIEWER, PASSWORD, name="Kim Larsen"))
    return True


@transaction.atomic
def _with_the_right(reviewer: User) -> User:
    """Once the database was emptied, the group of reviewers and what it may are gone."""
    if not reviewer.has_perm(GIVE_REVIEW):
        group, _ = Group.objects.get_or_create(name="reviewers")
        app, _, name = GIVE_REVIEW.partition(".")
        right = Permission.objects.get(codename=name, content_type__app_label=app)
        group.permissions.add(right)
        reviewer.groups.add(group)
    return reviewer


@transaction.atomic
def _admin() -> bool:
    if _is_there(ADMIN):
        return False
    _verified(User.objects.create_superuser(ADMIN, PASSWORD, name="Alex Moreau"))
    return True


@transaction.atomic
def _learner(person: Learner, lessons: dict[str, list[Lesson]], solutions: Solutions) -> bool:
    if _is_there(person.email):
        return False
    chance = Random(person.email)  # noqa: S311
    joined = now() - timedelta(days=person.joined, minutes=chance.randint(0, 600))
    user = User.objects.create_user(
        person.email, None, name=person.name, timezone=person.zone, date_joined=joined
    )
    _verified(user)
    profile = user.profile
    profile.location, profile.occupation = person.location, person.occupation
    profile.bio, profile.handle = person.bio, person.handle or None
    profile.is_public = bool(person.handle)
    save_profile(profile, person.name)
    courses = [lessons[letter][0].course for letter in person.courses]
    titles = {"courses": [course.title for course in courses]}
    record(user, Event.Kind.SIGNED_UP, f"user:{user.pk}", titles, at=joined)
    for course in courses:
        enroll(user, course, Enrollment.Source.SIGN_UP, joined)
    wanted = _wanted(person, lessons, chance)
    for lesson, moment in zip(wanted, _moments(person, joined, len(wanted), chance), strict=False):
        if lesson.slug == person.stops_at:
            give_up(user, lesson, moment, solutions)
        else:
            _study(user, lesson, moment, solutions)
    return True


def _wanted(person: Learner, lessons: dict[str, list[Lesson]], chance: Random) -> list[Lesson]:
    """The lessons that this person comes to, in order."""
    planned = [lesson for letter in person.courses for lesson in lessons[letter]]
    if person.stops_at:
        return planned[: 1 + [lesson.slug for lesson in planned].index(person.stops_at)]
    share = person.pace.value[2] * chance.uniform(0.75, 1.0)
    return planned[: round(len(planned) * share)]


def _moments(person: Learner, joined: datetime, count: int, chance: Random) -> list[datetime]:
    """At most `count` moments of all: the daily ones are at it now, the keen ones were at first."""
    moments = list(_all_moments(person, joined, chance))
    if person.pace == Pace.DAILY:
        return moments[-count:]
    if person.pace in {Pace.SPRINT, Pace.TRIED}:
        return moments[:count]
    return sorted(chance.sample(moments, min(count, len(moments))))


def _all_moments(person: Learner, joined: datetime, chance: Random) -> Iterable[datetime]:
    """When this person finishes a lesson, from the day they joined until now."""
    often, most, _ = person.pace.value
    zone = User(timezone=person.zone).zone
    day, end = joined.astimezone(zone).date(), now()
    while day <= end.astimezone(zone).date():
        if chance.random() < often:
            hour = time(chance.choice([7, 12, 17, 18, 19, 20, 21]), chance.randint(0, 59))
            moment = datetime.combine(day, hour, zone)
            for _ in range(chance.randint(1, most)):
                moment += timedelta(minutes=chance.randint(6, 25))
                if joined < moment < end:
                    yield moment
        day += timedelta(days=1)


def _study(
    user: User, lesson: Lesson, moment: datetime, solutions: Solutions, *, surely: bool = False
) -> None:
    """Open the lesson, and some minutes later have it done or passed, `surely` at first go."""
    if lesson.kind == Lesson.Kind.QUIZ:
        take_quiz(user, lesson, moment, surely=surely)
        return
    if lesson.kind == Lesson.Kind.ASSIGNMENT:
        if lesson.pk in solutions.solved:
            hand_in(user, lesson, moment, solutions, surely=surely)
        return
    record_view(user, lesson, moment - timedelta(minutes=lesson.minutes))
    complete_lesson(user, lesson, at=moment)

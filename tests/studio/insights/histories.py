"""Histories of a course, made up; put into tables, and counted in plain Python by the formulas."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from hypothesis import strategies as st

from accounts.models import User
from assessments.models import Attempt, Run, Submission
from certificates.models import Certificate
from courses.models import Lesson
from enrollments.models import Enrollment
from progress.models import CourseProgress, LessonProgress, LessonView
from tests.studio.insights.conftest import NOW

DAY, WEEK = timedelta(days=1), timedelta(days=7)
TABLES = (
    User, Enrollment, CourseProgress, Certificate, LessonView, LessonProgress, Submission, Attempt,
    Run,
)  # fmt: skip
KINDS = ("learner", "learner", "learner", "staff", "gone", "unconfirmed")
LESSONS = 6  # of the course: a quiz and an assignment among them


@dataclass(frozen=True)
class Visit:
    """Somebody in a lesson. Times are minutes before the count; None where it did not happen."""

    first: int
    last: int | None
    mark: int | None
    tries: tuple[tuple[int, bool, bool], ...]  # when, for a grade, passed
    work: tuple[int, ...]  # runs of a program, or when attempts of the quiz began


@dataclass(frozen=True)
class Person:
    """`number` people with the same history."""

    number: int
    staff: bool
    enrolled: int
    visits: tuple[tuple[int, Visit], ...]  # by the place of the lesson
    completed: int | None
    certified: int | None
    replaced: int | None  # when a lesson was done that is gone by now


MINUTES = st.one_of(
    st.integers(0, 70 * 24 * 60), st.integers(13, 15).map(lambda n: n * 24 * 60 + n % 2)
)
SOON = st.integers(0, 30)


@st.composite
def visits(draw):
    first = draw(MINUTES)
    later = st.one_of(st.none(), SOON, st.integers(0, first))
    before = [None if one is None else max(0, first - one) for one in (draw(later), draw(later))]
    tries = tuple(
        (max(0, first - draw(SOON)), draw(st.booleans()), draw(st.booleans()))
        for _ in range(draw(st.sampled_from([0, 0, 0, 1, 6])))
    )
    work = tuple(max(0, first - draw(SOON)) for _ in range(draw(st.sampled_from([0, 0, 1, 2]))))
    return Visit(first, before[0], before[1], tries, work)


PEOPLE = st.builds(
    Person,
    number=st.sampled_from([1, 1, 2, 11, 21]),
    staff=st.sampled_from([False, False, False, True]),
    enrolled=MINUTES,
    visits=st.dictionaries(st.integers(0, LESSONS - 1), visits(), max_size=LESSONS).map(
        lambda found: tuple(sorted(found.items()))
    ),
    completed=st.one_of(st.none(), st.none(), MINUTES),
    certified=st.one_of(st.none(), MINUTES),
    replaced=st.one_of(st.none(), MINUTES),
)
# Whoever did all of a course whose lessons are others by now: no moment in these is known of them.
BY_OTHERS = st.builds(
    Person,
    number=st.sampled_from([1, 11]),
    staff=st.just(False),
    enrolled=MINUTES,
    visits=st.just(()),
    completed=MINUTES,
    certified=st.one_of(st.none(), MINUTES),
    replaced=MINUTES,
)
HISTORIES = st.lists(st.one_of(PEOPLE, PEOPLE, PEOPLE, BY_OTHERS), max_size=5)


def ago(minutes: int) -> datetime:
    return NOW - timedelta(minutes=minutes)


def somebody(name: str, kind: str, **fields) -> User:
    """One of KINDS. Only learners count as learners of the school."""
    user = User.objects.create(
        email=f"{name}@example.org", name="S", role="ADMIN" if kind == "staff" else "USER",
        is_active=kind != "gone", **fields,
    )  # fmt: skip
    user.emailaddress_set.create(email=user.email, verified=kind != "unconfirmed", primary=True)
    return user


def store(history, course, outline, assignment, quiz) -> None:
    """Put it into the tables."""
    rows = defaultdict(list)
    gone = Lesson.objects.create(
        course=course, module=outline[0].module, slug="gone", title="Gone", status="PUBLISHED",
        position=99, deleted_at=NOW,
    )  # fmt: skip
    for place, person in enumerate(history):
        role = "ADMIN" if person.staff else "USER"
        for number in range(person.number):
            user = User(email=f"h{place}-{number}@example.org", name="H", role=role)
            for row in [
                *rows_of(person, user, course, outline, assignment, quiz),
                *replaced_of(person, user, gone),
            ]:
                rows[type(row)].append(row)
    for model in TABLES:
        model.objects.bulk_create(rows[model])


def rows_of(person, user, course, outline, assignment, quiz):
    yield user
    yield Enrollment(user=user, course=course, enrolled_at=ago(person.enrolled))
    if person.completed is not None:
        yield CourseProgress(user=user, course=course, completed_at=ago(person.completed))
    if person.certified is not None:
        at = ago(person.certified)
        yield Certificate(user=user, course=course, holder="H", issued_at=at, snapshot={})
    for place, visit in person.visits:
        lesson = outline[place]
        last = visit.first if visit.last is None else visit.last
        yield LessonView(
            user=user, lesson=lesson, first_viewed_at=ago(visit.first), last_viewed_at=ago(last)
        )
        if visit.mark is not None:
            yield LessonProgress(user=user, lesson=lesson, completed_at=ago(visit.mark))
        yield from work_of(visit, user, lesson, assignment, quiz)


def replaced_of(person, user, gone):
    if person.replaced is not None:
        at = ago(person.replaced)
        yield LessonView(user=user, lesson=gone, first_viewed_at=at, last_viewed_at=at)
        yield LessonProgress(user=user, lesson=gone, completed_at=at)


def work_of(visit, user, lesson, assignment, quiz):
    if lesson == assignment.lesson:
        for number, (at, graded, passed) in enumerate(visit.tries, start=1):
            yield Submission(
                user=user, assignment=assignment, is_graded=graded, revision=1, percent=50,
                number=number if graded else None, created_at=ago(at), finished_at=ago(at),
                status="PASSED" if passed else "FAILED",
            )  # fmt: skip
    elif lesson == quiz.lesson:
        for number, at in enumerate(visit.work, start=1):
            yield Attempt(
                user=user, quiz=quiz, number=number, status="FINISHED", started_at=ago(at),
                closed_at=ago(at), score=1, out_of=2, percent=50, passed=False,
            )  # fmt: skip
    else:
        for at in visit.work:
            yield Run(user=user, lesson=lesson, language="PYTHON", created_at=ago(at))


def moments(visit: Visit, lesson, assignment, quiz) -> list[datetime]:
    """Every moment of which it is known that somebody was in the lesson."""
    found = [visit.first, visit.first if visit.last is None else visit.last]
    if visit.mark is not None:
        found.append(visit.mark)
    found += [at for at, _, _ in visit.tries] if lesson == assignment.lesson else visit.work
    return sorted(ago(one) for one in found)


def everyone(history, first, last, horizon):
    """The population: no staff, enrolled in the days chosen, whole days of the horizon ago."""
    for person in history:
        day = ago(person.enrolled).date()
        is_grown = (NOW.date() - day).days >= horizon
        if not person.staff and first <= day <= last and is_grown:
            yield from [person] * person.number


def half_up(value: float) -> int:
    return floor(value + 0.5)


def least_median(values, share=Fraction(1, 2)):
    """The least value that this share do not exceed."""
    return sorted(values)[max(0, ceil(len(values) * share) - 1)] if values else None


class Brute:
    """The formulas, one after the other, over a list of people."""

    def __init__(self, people, outline, assignment, quiz) -> None:
        self.people, self.outline = list(people), outline
        self.assignment, self.quiz = assignment, quiz
        self.required = [place for place, one in enumerate(outline) if one.is_required]

    def marks(self, person) -> dict[int, datetime]:
        return {place: ago(one.mark) for place, one in person.visits if one.mark is not None}

    def was_at(self, person, place) -> list[datetime]:
        visit = dict(person.visits).get(place)
        if visit is None:
            return []
        return moments(visit, self.outline[place], self.assignment, self.quiz)

    def all_moments(self, person) -> list[datetime]:
        return sorted(at for place in range(LESSONS) for at in self.was_at(person, place))

    def stages(self, person) -> list[datetime | None]:
        """When the person reached each stage that they are in."""
        marks = self.marks(person)
        done = sorted(marks.values())
        ways = [done[2]] if len(done) >= 3 else []
        ways += [
            at for place, at in marks.items() if self.outline[place].kind == Lesson.Kind.ASSIGNMENT
        ]
        completed = self.completed(person)
        halves = self.halves(person)
        seen = self.all_moments(person)
        enrolled = ago(person.enrolled)
        in_time = [at for at in ways if at < enrolled + WEEK]
        found = [
            seen[0] if seen else completed,
            min(in_time, default=None) if min(ways, default=NOW) in in_time else None,
            min([*halves, *([completed] if completed else [])], default=None),
            completed,
            None if person.certified is None else ago(person.certified),
        ]
        for place in range(1, len(found)):
            if found[place - 1] is None:
                found[place] = None
        return found

    def completed(self, person) -> datetime | None:
        marks = self.marks(person)
        ways = [] if person.completed is None else [ago(person.completed)]
        if all(place in marks for place in self.required):
            ways.append(max(marks[place] for place in self.required))
        return min(ways, default=None)

    def funnel(self):
        """Of each stage: how many, and the median of tenths of a day since enrolling."""
        reached = [(ago(person.enrolled), self.stages(person)) for person in self.people]
        found = []
        for place in range(5):
            late = [
                max(0, floor((stages[place] - at) / (DAY / 10)))
                for at, stages in reached
                if stages[place] is not None
            ]
            found.append((len(late), least_median(late)))
        return found

    def in_all(self):
        """How many have half of the course, all of it, and that and a certificate."""
        whole = [one for one in self.people if self.completed(one) is not None]
        half = sum(bool(self.completed(one) or self.halves(one)) for one in self.people)
        return [half, len(whole), sum(one.certified is not None for one in whole)]

    def halves(self, person) -> list[datetime]:
        """When half of the required lessons were done, if they are."""
        marks = self.marks(person)
        needed = sorted(at for place, at in marks.items() if place in self.required)
        half = ceil(len(self.required) / 2)
        return [needed[half - 1]] if len(needed) >= half else []

    def furthest(self, person) -> int:
        return max((place for place, _ in person.visits), default=-1)

    def lesson(self, place):
        here = [person for person in self.people if self.was_at(person, place)]
        old = NOW - 2 * WEEK
        beyond = [
            person
            for person in self.people
            if self.furthest(person) > place and place not in self.marks(person)
        ]
        both = [person for person in self.people if person in here or person in beyond]
        return {
            "opened": len(here),
            "completed": sum(place in self.marks(person) for person in here),
            "ripe": sum(self.was_at(person, place)[0] <= old for person in here),
            "idle": sum(
                self.furthest(person) == place
                and self.completed(person) is None
                and self.all_moments(person)[-1] <= old
                for person in here
            ),
            "skip": (len(beyond), len(both)),
            "days": sum(len({at.date() for at in self.was_at(person, place)}) for person in here),
            "minutes": Counter(self.minutes(person, place) for person in here),
        }

    def minutes(self, person, place) -> int:
        at = self.was_at(person, place)
        gaps = (min(b - a, timedelta(minutes=5)) for a, b in pairwise(at))
        return half_up(sum(gaps, timedelta()) / timedelta(minutes=1))

    def task(self):
        """Of the assignment: who handed in, and who failed five times or never passed."""
        tried = stuck = 0
        for person in self.people:
            for place, visit in person.visits:
                if self.outline[place] != self.assignment.lesson or not visit.tries:
                    continue
                passes = [at for at, graded, passed in visit.tries if graded and passed]
                first = max(passes, default=None)  # minutes before the count
                failed = sum(
                    not passed and (first is None or at > first) for at, _, passed in visit.tries
                )
                tried += 1
                stuck += first is None or failed >= 5
        return tried, stuck

    def active(self, week: int) -> int:
        """How many had an event in that week after they enrolled."""
        count = 0
        for person in self.people:
            begin = ago(person.enrolled) + WEEK * week
            count += any(begin <= at < begin + WEEK for at in self.all_moments(person))
        return count

"""A large synthetic school for measurements: everything about a range of people in one transaction.

Rows by the million cannot pass through the verbs of each app, so this module writes the tables of
others: the one place that does. It leaves what the verbs would have left: a recount finds nothing.
It states a wanted end, so an interrupted run is simply run again.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.timezone import now

from accounts.models import Profile, User
from activity.models import Event
from certificates.models import Certificate
from courses.markdown import RENDERING, render
from courses.models import Course, Lesson, Module
from enrollments.models import Enrollment
from gamification.board_checks import rebuild_boards
from gamification.models import (
    ActiveDay,
    Board,
    BoardChoice,
    BoardCount,
    BoardRow,
    Standing,
    Streak,
    XPTransaction,
)
from progress.models import CourseProgress, LessonProgress, LessonView
from studio.scale_rows import MINUTES, XP, add_days, add_events, add_learning, insert, pace

DOMAIN = "scale.invalid"
BATCH = 5_000  # people
PER_MODULE = 10  # lessons
# Domains that belong to nobody (RFC 2606): whoever is of another one is somebody.
NOBODYS = r"@(.+\.)?(invalid|test|example|example\.(com|net|org))$"
FILLED: tuple[type[models.Model], ...] = (
    User, Profile, EmailAddress, Course, Module, Lesson, Enrollment, LessonProgress, LessonView,
    CourseProgress, XPTransaction, Standing, Event, ActiveDay, Streak, Board, BoardChoice,
    BoardCount, BoardRow, Certificate,
)  # fmt: skip
TEXT = """
A loop does the same thing for each item of a list. You say once what shall be done, and the
computer does it as often as there are items.

```python
names = ["Ada", "Grace", "Barbara"]
for number, name in enumerate(names, start=1):
    print(f"{number}. {name}")
```

- The name after `for` stands for **one item** at a time.
- What is indented belongs to the loop.

> [!TIP]
> A list that is empty is no error: the loop simply does nothing.
"""


class ScaleRefused(Exception):
    """The wanted school cannot be made here; the text says why."""


@dataclass(frozen=True)
class School:
    """What there shall be. `enrolled` is the percentage of pairs of person and course that exist;
    without `learning` nobody has opened a lesson yet and nothing has happened."""

    users: int
    courses: int
    lessons: int = 50
    enrolled: int = 100
    learning: bool = True


def seed(school: School, on_batch: Callable[[int], object] | None = None) -> int:
    """Make what is missing of the school; return how many people that were. `on_batch` is told
    how many there are. Raises ScaleRefused."""
    refuse_where_somebody_is()
    courses = courses_of(school)
    there = already = people().count()
    if there > school.users:
        raise ScaleRefused(f"There are {there} people of {DOMAIN} here, and nobody is removed.")
    with connection.cursor() as cursor:
        remember(cursor, courses)
        if on_batch:
            on_batch(there)
        while there < school.users:
            upto = min(there + BATCH, school.users)
            with transaction.atomic():
                add_people(cursor, school, there + 1, upto)
            there = upto
            if on_batch:
                on_batch(there)
        cursor.execute("DROP TABLE scale_lesson, scale_course")
        if school.learning:
            rebuild_boards()
        for table in FILLED:
            cursor.execute(f"ANALYZE {table._meta.db_table}")
    return there - already


def people() -> models.QuerySet[User]:
    return User.objects.filter(email__endswith=f"@{DOMAIN}")


def refuse_where_somebody_is() -> None:
    """Events and XP are never deleted, so a real school could not be rid of these again."""
    if User.objects.exclude(email__iregex=NOBODYS).exists():
        raise ScaleRefused(
            "There are real people in this school, and what happened is never deleted: "
            "synthetic people would stay. Use a database of its own."
        )


def courses_of(school: School) -> list[Course]:
    """Return the synthetic courses in order; make them if there are none."""
    found = list(Course.objects.filter(slug__startswith="scale-course-").order_by("slug"))
    if not found:
        with transaction.atomic():
            return [make_course(number, school.lessons) for number in range(1, school.courses + 1)]
    if len(found) != school.courses or found[0].lesson_count != school.lessons:
        raise ScaleRefused(
            f"The synthetic school here has {len(found)} courses of {found[0].lesson_count} "
            "lessons. It can grow by people only."
        )
    return found


def make_course(number: int, lessons: int) -> Course:
    course = Course.objects.create(
        title=f"Synthetic course {number}",
        slug=f"scale-course-{number:04}",
        summary="Made to be measured.",
        status=Course.Status.PUBLISHED,
        published_at=now(),
        lesson_count=lessons,
        required_count=lessons,
        minutes=MINUTES * lessons,
    )
    modules = [
        Module(course=course, title=f"Module {n}", slug=f"module-{n}", key=f"m{n}", position=n)
        for n in range(1, (lessons - 1) // PER_MODULE + 2)
    ]
    Module.objects.bulk_create(modules)
    html = render(TEXT * 3)
    rows = [
        Lesson(
            module=modules[(n - 1) // PER_MODULE], course=course, position=n, key=f"l{n}",
            title=f"Lesson {n} of course {number}", slug=f"lesson-{n}", minutes=MINUTES,
            xp_reward=XP, status=Lesson.Status.PUBLISHED, content=TEXT * 3, content_html=html,
            rendering=RENDERING,
        )
        for n in range(1, lessons + 1)
    ]  # fmt: skip
    Lesson.objects.bulk_create(rows)
    return course


TABLES = """
    DROP TABLE IF EXISTS scale_course, scale_lesson;
    CREATE TEMP TABLE scale_course (id uuid, number int, event jsonb);
    CREATE TEMP TABLE scale_lesson (id uuid, course_id uuid, number int, event jsonb, entry jsonb);
"""


def remember(cursor: CursorWrapper, courses: list[Course]) -> None:
    """Courses and lessons by number, with the snapshots that events and the ledger carry."""
    cursor.execute(TABLES)
    rows: list[tuple[UUID, int, str]] = []
    for number, course in enumerate(courses, start=1):
        event = {"title": course.title, "url": course.get_absolute_url()}
        text = json.dumps({**event, "lessons": course.lesson_count})
        rows.append((course.pk, number, text))
    cursor.executemany("INSERT INTO scale_course VALUES (%s, %s, %s)", rows)
    lines: list[tuple[UUID, UUID, int, str, str]] = []
    lessons = Lesson.objects.filter(course__in=courses).select_related("course")
    for lesson in lessons.defer("content", "content_html"):
        course = lesson.course
        about = {"title": lesson.title, "url": lesson.get_absolute_url()}
        entry = {**about, "course_title": course.title}
        text = json.dumps({**entry, "xp": XP, "course": str(course.pk)})
        lines.append((lesson.pk, course.pk, lesson.position, text, json.dumps(entry)))
    cursor.executemany("INSERT INTO scale_lesson VALUES (%s, %s, %s, %s, %s)", lines)
    cursor.execute("ANALYZE scale_course, scale_lesson")


PERSON = """
    CREATE TEMP TABLE scale_person AS
    SELECT n, waymark_uuid7() AS id, now() - interval '1 day' * (40 + n %% 325) AS joined_at
    FROM generate_series(%(first)s, %(last)s) AS n
"""
# Who is in which course, and how far: most have just begun, one in a hundred and fifty is through.
# A third of them learned something in the last seven days; the others began when they came.
PLACE = """
    CREATE TEMP TABLE scale_place AS
    SELECT *, CASE WHEN n %% 3 = 0
      THEN now() - interval '1 hour' * (n %% 160) - make_interval(hours => %(pace)s) * done
      ELSE joined_at END AS begun_at
    FROM (SELECT person.n, person.id AS user_id, course.id AS course_id, person.joined_at,
      course.event, CASE
      WHEN %(learning)s AND course.number = 1 + person.n %% %(courses)s
      THEN floor((%(lessons)s + 1) * power((person.n::bigint * 7919) %% 1000 / 1000.0, 3))::int
      ELSE 0 END AS done
    FROM scale_person person CROSS JOIN scale_course course
    WHERE (31 * person.n + 17 * course.number) %% 100 < %(enrolled)s) AS place
    ORDER BY user_id, course_id
"""
MARK = """
    CREATE TEMP TABLE scale_mark AS
    SELECT place.user_id, lesson.id AS lesson_id, lesson.course_id, lesson.event, lesson.entry,
      place.begun_at + make_interval(hours => %(pace)s) * lesson.number AS at
    FROM scale_place place
    JOIN scale_lesson lesson USING (course_id) WHERE lesson.number <= place.done
"""


def add_people(cursor: CursorWrapper, school: School, first: int, last: int) -> None:
    """Add the people of these numbers with all that hangs on them."""
    cursor.execute("DROP TABLE IF EXISTS scale_person, scale_place, scale_mark")
    for statement in (PERSON, PLACE, MARK):
        values = {**asdict(school), "first": first, "last": last}
        cursor.execute(statement, {**values, "pace": pace(school.lessons)})
    cursor.execute("ANALYZE scale_person, scale_place, scale_mark")
    add_accounts(cursor)
    insert(
        cursor, Enrollment, "scale_place", user="user_id", course="course_id",
        source="'SIGN_UP'", enrolled_at="joined_at",
        status=f"CASE WHEN done = {school.lessons} THEN 'COMPLETED' ELSE 'ACTIVE' END",
    )  # fmt: skip
    if school.learning:
        add_learning(cursor, school.lessons)
        add_days(cursor)
        add_events(cursor, school.lessons)


def add_accounts(cursor: CursorWrapper) -> None:
    email = f"'learner-' || n || '@{DOMAIN}'"
    insert(
        cursor, User, "scale_person ORDER BY id", id="id", email=email, name="'Learner ' || n",
        password=f"'{UNUSABLE_PASSWORD_PREFIX}'", date_joined="joined_at",
    )  # fmt: skip
    insert(cursor, Profile, "scale_person", user="id")
    yes = {"verified": "true", "primary": "true"}
    insert(cursor, EmailAddress, "scale_person", user="id", email=email, **yes)

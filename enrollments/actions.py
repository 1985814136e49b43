"""Coming to a course and leaving it. Every verb may be called twice."""

import logging
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils.timezone import now

from accounts import audit
from accounts.keys import uuid7
from accounts.models import User
from activity.actions import record
from activity.models import Event
from billing import access as billing
from courses.models import Course, ProgrammingLanguage, Tier
from enrollments.errors import CourseClosed, Paused, PlanRequired, PrerequisiteMissing
from enrollments.models import DueEnrollment, Enrollment, LanguageEnrollment

logger = logging.getLogger(__name__)
Status = Enrollment.Status
Source = Enrollment.Source


def check_open(user: User, course: Course) -> None:
    """Refuse what a person cannot enrol in: CourseClosed, PlanRequired, PrerequisiteMissing."""
    if not course.is_published:
        raise CourseClosed
    if not billing.covers(user, course):
        raise PlanRequired(billing.needed(course))
    check_order(user, course)


def check_order(user: User, course: Course) -> None:
    """Refuse a course that comes after another one: PrerequisiteMissing."""
    first = course.prerequisite
    if first is not None and first.is_published and not has_completed(user, first):
        raise PrerequisiteMissing(first.title)


def has_completed(user: User, course: Course) -> bool:
    """Whether the person ever finished the course. Leaving it later takes nothing back."""
    return Event.objects.filter(
        user=user, kind=Event.Kind.COURSE_COMPLETED, subject=f"course:{course.pk}"
    ).exists()


@transaction.atomic
def enroll(
    user: User,
    course: Course,
    source: Enrollment.Source = Source.SELF,
    at: datetime | None = None,
    *,
    by: User | None = None,
) -> tuple[Enrollment, bool]:
    """Put the person into the course; the flag says whether they were not in it before.

    Somebody who left comes back into the old row, with all progress. `at` dates the row of a
    history that is brought in from elsewhere. `by`: who of the staff does it, if they do not
    themselves; then whoever comes back is told.
    """
    enrollment = Enrollment.objects.of(user).filter(course=course).first()
    if enrollment and enrollment.status != Status.DROPPED:
        return enrollment, False
    check_open(user, course)
    if enrollment:
        came = Enrollment.objects.filter(pk=enrollment.pk, status=Status.DROPPED).update(
            status=Status.COMPLETED if has_completed(user, course) else Status.ACTIVE,
            taken_out_at=None,
        )
        kind, subject = Event.Kind.CAME_BACK, each_time("back")
    else:
        came = insert_enrollments(user, [course], source, at)
        kind, subject = Event.Kind.ENROLLED, f"course:{course.pk}"
    if came:
        record(user, kind, subject, data_of(course, by), at=at)
    return Enrollment.objects.get(user=user, course=course), bool(came)


def insert_enrollments(
    user: User, courses: list[Course], source: Enrollment.Source, at: datetime | None = None
) -> int:
    """Insert the pairs that are missing in one statement; return how many there were."""
    if not courses:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO enrollments_enrollment (id, user_id, course_id, status, source, enrolled_at)
            SELECT waymark_uuid7(), %s, course, %s, %s, %s FROM unnest(%s::uuid[]) AS course
            ON CONFLICT (user_id, course_id) DO NOTHING
            """,
            [user.pk, Status.ACTIVE, source, at or now(), [course.pk for course in courses]],
        )
        return int(cursor.rowcount)


@transaction.atomic
def leave(user: User, course: Course, *, by: User | None = None, even_paused: bool = False) -> bool:
    """Take the person out of the course and keep all they did. False: they were not in it.

    `by`: who of the staff does it, if they do not themselves; then they are told, whatever they
    switched off. Raises Paused, unless it may be `even_paused`: leaving and coming back would end
    a pause that staff made.
    """
    place = Enrollment.objects.of(user).filter(course=course)
    there = place.current() if even_paused else place.learning()
    taken_out_at = now() if by is not None else None
    left = there.update(status=Status.DROPPED, taken_out_at=taken_out_at)
    if not left and place.filter(status=Status.PAUSED).exists():
        raise Paused
    if left:
        if by is not None:
            audit.note("TAKEN_OUT", course, by=by, person=user)
        record(user, Event.Kind.LEFT_COURSE, each_time("left"), data_of(course, by))
    return bool(left)


def each_time(what: str) -> str:
    """The subject of what may happen to a place again and again: only its row says that it did."""
    return f"{what}:{uuid7()}"


def data_of(course: Course, by: User | None = None) -> dict[str, str]:
    """What is kept of the course with what happened in it, and of who of the staff did it."""
    data = {"title": course.title, "url": course.get_absolute_url(), "course": str(course.pk)}
    return data if by is None else {**data, "by": str(by.pk)}


@transaction.atomic
def put_back(user: User, course: Course, *, by: User) -> bool:
    """Undo that staff took the person out, and tell them; False: they did not, or they are back.

    What the course asks of newcomers is not asked: they had their place. What takes a plan is
    asked for at each door, as ever. Whoever left by themselves comes back by themselves.
    """
    places = Enrollment.objects.of(user).filter(course=course).taken_out()
    status = Status.COMPLETED if has_completed(user, course) else Status.ACTIVE
    came = places.order_by().update(status=status, taken_out_at=None)
    if came:
        audit.note("PUT_BACK", course, by=by, person=user)
        record(user, Event.Kind.CAME_BACK, each_time("back"), data_of(course, by))
    return bool(came)


@transaction.atomic
def pause(rows: QuerySet[Enrollment]) -> int:
    """Hold the places of people who learn; return how many. Their lessons are closed meanwhile."""
    held = rows.filter(status=Status.ACTIVE).update(status=Status.PAUSED)
    if held:
        audit.note("PLACES_PAUSED", count=held)
    return held


@transaction.atomic
def end_pause(rows: QuerySet[Enrollment]) -> int:
    """Let the places go on; return how many."""
    freed = rows.filter(status=Status.PAUSED).update(status=Status.ACTIVE)
    if freed:
        audit.note("PLACES_RESUMED", count=freed)
    return freed


def mark_completed(enrollment: Enrollment) -> None:
    """Note that the course is finished; `progress` calls this when its last lesson is done."""
    Enrollment.objects.filter(pk=enrollment.pk, status=Status.ACTIVE).update(
        status=Status.COMPLETED
    )


@transaction.atomic
def enroll_in_language(user: User, language: ProgrammingLanguage) -> int:
    """Follow the language: be in all of its published courses, also in those to come.

    Return how many courses that opened. Courses that the person left stay left; those that want
    a plan or another course first stay closed.
    """
    follow, is_new = LanguageEnrollment.objects.get_or_create(user=user, language=language)
    if not is_new and follow.status == Status.DROPPED:
        LanguageEnrollment.objects.filter(pk=follow.pk).update(status=Status.ACTIVE)
    courses = Course.objects.published().filter(language=language)
    covered = billing.covered(user, courses.select_related("language", "prerequisite"))
    came = insert_enrollments(user, [c for c in covered if is_next(user, c)], Source.LANGUAGE)
    if is_new:
        data = {"title": language.name, "url": language.get_absolute_url()}
        record(user, Event.Kind.ENROLLED_IN_LANGUAGE, f"language:{language.pk}", data)
    return came


def is_next(user: User, course: Course) -> bool:
    try:
        check_order(user, course)
    except PrerequisiteMissing:
        return False
    return True


def leave_language(user: User, language: ProgrammingLanguage) -> bool:
    """Stop following the language. The courses stay: each is left by itself."""
    follows = LanguageEnrollment.objects.filter(user=user, language=language)
    return bool(follows.exclude(status=Status.DROPPED).update(status=Status.DROPPED))


@transaction.atomic
def enroll_followers(course: Course) -> int:
    """Put everybody who follows the language of a newly published course into it, at once."""
    free = course.required_plan == Tier.FREE and course.prerequisite_id is None
    if not (free and course.language_id and course.is_published):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO enrollments_enrollment (id, user_id, course_id, status, source, enrolled_at)
            SELECT waymark_uuid7(), follow.user_id, %s, %s, %s, %s
            FROM enrollments_languageenrollment follow
            JOIN courses_programminglanguage language ON language.id = follow.language_id
            WHERE language.id = %s AND language.required_plan = %s AND follow.status <> %s
            ORDER BY follow.user_id
            ON CONFLICT (user_id, course_id) DO NOTHING
            """,
            [
                *(course.pk, Status.ACTIVE, Source.LANGUAGE, now()),
                *(course.language_id, Tier.FREE, Status.DROPPED),
            ],
        )
        return int(cursor.rowcount)


@transaction.atomic
def auto_enroll(user: User) -> int:
    """Put a new person into every course that is open to all; return how many."""
    if not settings.LMS_AUTO_ENROLL:
        return 0
    return insert_enrollments(user, list(Course.objects.open_to_all()), Source.SIGN_UP)


def welcome(user: User) -> None:
    """Enrol somebody who has signed up. What fails is noted and mended later."""
    try:
        with transaction.atomic():
            auto_enroll(user)
    except Exception as error:
        logger.exception("Enrolling %s at sign-up failed", user.pk)
        DueEnrollment.objects.create(user=user, error=str(error)[:1000])


def enroll_those_due(limit: int = 500) -> int:
    """Try again for everybody whose enrolment at sign-up failed; return how many succeeded."""
    mended = 0
    for due in DueEnrollment.objects.select_related("user").order_by("created_at")[:limit]:
        try:
            with transaction.atomic():
                auto_enroll(due.user)
                due.delete()
            mended += 1
        except Exception as error:
            logger.exception("Enrolling %s failed again", due.user_id)
            DueEnrollment.objects.filter(pk=due.pk).update(
                tries=F("tries") + 1, error=str(error)[:1000]
            )
    return mended

"""Everything that staff see of how somebody learns, newest first. The person sees the same list."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.labels import in_sentence
from accounts.models import User
from accounts.numerals import percent
from activity.cursors import Cursor
from activity.models import Event
from activity.words import title_of
from assessments.models import Accommodation, Attempt, Review, Submission
from enrollments.models import Enrollment

PER_PAGE = 50
Kind = Event.Kind
# Their rows say more: attempts, submissions and enrolments stand for themselves.
TOLD_BY_ROWS = {Kind.ENROLLED, Kind.ATTEMPT_FINISHED, Kind.SUBMISSION_JUDGED}
# About money, or about other people: no matter of teaching.
NOT_OF_LEARNING = {
    Kind.SUBSCRIPTION_STARTED,
    Kind.SUBSCRIPTION_ENDED,
    Kind.INVOICE_PAID,
    Kind.PAYMENT_FAILED,
    Kind.SEAT_TAKEN,
    Kind.PLAN_GRANTED,
    Kind.REFERRAL_QUALIFIED,
    Kind.COURSE_PUBLISHED,
}
# Recorded at the first sign-in: whoever signs up is enrolled before that.
SAID: Mapping[str, Any] = {Kind.SIGNED_UP: gettext_lazy("Signed in for the first time")}
TOLD = [str(kind) for kind in Kind if kind not in TOLD_BY_ROWS | NOT_OF_LEARNING]


@dataclass(frozen=True, slots=True)
class Moment:
    """One line. `url` is the person's own page of it; `review` leads reviewers to their desk, and
    `code` staff to what was handed in. `by` is who of the staff did it, if it was one of them.
    """

    at: datetime
    key: UUID
    what: str
    title: str
    course: str = ""
    detail: str = ""
    url: str = ""
    review: UUID | None = None
    code: UUID | None = None
    by: str = ""
    done_by: Callable[[str], str] = str

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.at, self.key)


@dataclass(frozen=True, slots=True)
class Timeline:
    """A page of it. `older` is where the next one begins."""

    person: User
    moments: Sequence[Moment]
    older: Cursor | None
    is_head: bool
    accommodation: Accommodation | None


def timeline_of(person: User, after: Cursor | None) -> Timeline:
    """Five queries over the person's own rows, however much there is, and one for the names of
    staff who did something."""
    sources: list[Iterable[Moment]] = [
        map(of_event, page(Event.objects.filter(user=person, kind__in=TOLD), "created_at", after)),
        map(of_attempt, page(attempts_of(person), "started_at", after)),
        map(of_submission, page(submissions_of(person), "created_at", after)),
        map(of_place, page(places_of(person), "enrolled_at", after)),
    ]
    newest = merge(*sources, key=lambda one: one.cursor, reverse=True)
    found = list(islice(newest, PER_PAGE + 1))
    moments = with_names(found[:PER_PAGE])
    older = moments[-1].cursor if len(found) > PER_PAGE else None
    extra = Accommodation.objects.filter(user=person).first()
    return Timeline(person, moments, older, after is None, extra)


def with_names(moments: Sequence[Moment]) -> Sequence[Moment]:
    """Say who took the person out of a course, or put them back."""
    keys = {one.by for one in moments if one.by}
    if not keys:
        return moments
    names = {str(one.pk): one.name for one in User.objects.filter(pk__in=keys, deleted_at=None)}
    return [
        replace(one, what=one.done_by(names.get(one.by, ""))) if one.by else one for one in moments
    ]


def taken_out_by(name: str) -> str:
    return (
        _("Taken out of a course by %(name)s") % {"name": name}
        if name
        else _("Taken out of a course by staff")
    )


def put_back_by(name: str) -> str:
    return (
        _("Put back into a course by %(name)s") % {"name": name}
        if name
        else _("Put back into a course by staff")
    )


# What staff may have done to somebody's place, in words with their name.
BY_STAFF: Mapping[str, Callable[[str], str]] = {
    Kind.LEFT_COURSE: taken_out_by,
    Kind.CAME_BACK: put_back_by,
}


def page[Row: Any](rows: QuerySet[Row], moment: str, after: Cursor | None) -> Iterable[Row]:
    """The newest of one kind; one more than a page, which tells whether there is another."""
    if after:
        same = Q(**{moment: after.moment}, pk__lt=after.key)
        rows = rows.filter(Q(**{f"{moment}__lt": after.moment}) | same)
    return rows.order_by(f"-{moment}", "-pk")[: PER_PAGE + 1]


def attempts_of(person: User) -> QuerySet[Attempt]:
    review = Review.objects.filter(attempt=OuterRef("pk")).values("pk")[:1]
    rows = Attempt.objects.filter(user=person).select_related("quiz__lesson__course")
    return rows.annotate(review_key=Subquery(review))


def submissions_of(person: User) -> QuerySet[Submission]:
    review = Review.objects.filter(submission=OuterRef("pk")).values("pk")[:1]
    rows = Submission.objects.filter(user=person, is_graded=True)
    rows = rows.select_related("assignment__lesson__course").defer("source", "compile_output")
    return rows.annotate(review_key=Subquery(review))


def places_of(person: User) -> QuerySet[Enrollment]:
    return Enrollment.objects.of(person).select_related("course")


def of_event(event: Event) -> Moment:
    said = event.data
    title, course = title_of(said), str(said.get("course_title", ""))
    what = str(SAID.get(event.kind) or event.get_kind_display())
    return Moment(
        event.created_at,
        event.pk,
        what[:1].upper() + what[1:],
        title,
        "" if course == title else course,
        str(said.get("reason", "")),
        str(said.get("url", "")),
        by=str(said.get("by", "")) if event.kind in BY_STAFF else "",
        done_by=BY_STAFF.get(event.kind, str),
    )


def of_attempt(attempt: Any) -> Moment:
    lesson = attempt.quiz.lesson
    kind = _("Practice") if attempt.is_practice else _("Attempt")
    state = attempt.get_status_display()
    if attempt.percent is not None:
        passed = _("passed") if attempt.passed else _("not passed")
        state = f"{percent(attempt.percent)}, {passed}"
    return Moment(
        attempt.started_at,
        attempt.pk,
        _("%(kind)s %(number)s at a quiz") % {"kind": kind, "number": attempt.number},
        lesson.title,
        lesson.course.title,
        state,
        attempt.get_absolute_url(),
        attempt.review_key,
    )


def of_submission(submission: Any) -> Moment:
    lesson = submission.assignment.lesson
    state = submission.get_outcome_display() or submission.get_status_display()
    if submission.percent is not None:
        state = f"{percent(submission.percent)}: {state}"
    return Moment(
        submission.created_at,
        submission.pk,
        _("Handed in code, no. %(number)s") % {"number": submission.number},
        lesson.title,
        lesson.course.title,
        state,
        submission.get_absolute_url(),
        submission.review_key,
        submission.pk,
    )


def of_place(place: Enrollment) -> Moment:
    return Moment(
        place.enrolled_at,
        place.pk,
        _("Enrolled: %(how)s") % {"how": in_sentence(place.get_source_display())},
        place.course.title,
        detail=_("Taken out") if place.taken_out_at else place.get_status_display(),
        url=place.course.get_absolute_url(),
    )

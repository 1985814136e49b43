"""What staff do for students of a course: write, give them time, take them out, put them back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.timezone import now

from accounts import audit
from accounts.models import User
from assessments.accommodations import set_extra_time
from courses.models import Course
from enrollments import actions as enrolling
from enrollments.errors import Paused
from notifications.models import Notification
from notifications.telling import tell
from progress import attention
from progress.attention_rows import AttentionMark

WROTE = "TEACHER_WROTE"


@dataclass(frozen=True, slots=True)
class Done:
    """Whom it was done for, whom it could not be done for, and for whom it was done before."""

    people: list[User]
    left_out: list[User]
    again: list[User] = field(default_factory=list)


@transaction.atomic
def write_to(course: Course, people: Sequence[User], by: User, text: str, key: UUID) -> Done:
    """Tell each of them something; they count as contacted.

    The same words of the same person reach nobody twice a day. Who had them by another form (its
    `key`) is said to have had them. Left out is who wants to hear of nothing that teachers or this
    course say.
    """
    subject = f"message:{uuid5(course.pk, f'{by.pk} {now().date()} {text}')}"
    data = {
        "by": str(by.pk), "text": text, "title": course.title, "course": str(course.pk),
        "url": course.get_absolute_url(), "form": str(key),
    }  # fmt: skip
    rows = Notification.objects.filter(kind=WROTE, user__in=people)
    # A press just before midnight may come again after it.
    same = rows.filter(data__contains={name: data[name] for name in ("course", "form", "text")})
    forms = dict(same.values_list("user", "data__form"))
    others = [one.pk for one in people if one.pk not in forms]
    reached = tell(others, WROTE, subject, data, about=f"course:{course.pk}")
    forms |= rows.filter(subject=subject).values_list("user", "data__form")
    done = Done(
        [one for one in people if forms.get(one.pk) == str(key)],
        [one for one in people if one.pk not in forms],
        [one for one in people if forms.get(one.pk, str(key)) != str(key)],
    )
    if reached.people:
        audit.note("WROTE", course, by=by, count=reached.people)
        for one in done.people:
            attention.set_aside(one, course, AttentionMark.Kind.CONTACTED, by=by)
    return done


def give_extra_time(people: Sequence[User], extra_time: int | None) -> None:
    """So much in every quiz that they take, or none."""
    for one in people:
        set_extra_time(one, extra_time)


def take_out(course: Course, people: Sequence[User], by: User) -> Done:
    """Take them out of the course, which tells them; all that they did stays theirs.

    Left out is whose place is paused. Who has left by now is neither told nor left out.
    """
    done = Done([], [])
    for one in people:
        try:
            if enrolling.leave(one, course, by=by):
                attention.note_contact(one, course, now())
                done.people.append(one)
        except Paused:
            done.left_out.append(one)
    return done


def put_back(course: Course, people: Sequence[User], by: User) -> Sequence[User]:
    """Undo that staff took them out, which tells them; who came back."""
    return [one for one in people if enrolling.put_back(one, course, by=by)]
